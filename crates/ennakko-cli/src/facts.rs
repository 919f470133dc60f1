//! `ennakko facts`: everything that a rule may read.

use ennakko::wire::v1::FactListV1;

use crate::arguments::{FactsArguments, FactsFormat};
use crate::check;
use crate::failure::Failure;
use crate::folders;
use crate::{Found, Io};

pub(crate) fn run(arguments: &FactsArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let loaded = folders::load(&folders::only(&arguments.folder)?)?;
    // what is declared with an error is not in the list, so it is told
    let errors = loaded.findings.iter().filter(|finding| finding.is_error());
    check::print(io.err, errors)?;
    let Some(rules) = &loaded.rules else { return Ok(Found::Something) };
    let list = FactListV1::of(rules.set());
    match arguments.format {
        FactsFormat::Table => io.out.write_all(list.to_text().as_bytes())?,
        FactsFormat::Markdown => io.out.write_all(list.to_markdown().as_bytes())?,
        FactsFormat::Json => {
            serde_json::to_writer_pretty(&mut *io.out, &list)?;
            writeln!(io.out)?;
        }
    }
    Ok(if loaded.has_errors() { Found::Something } else { Found::Nothing })
}
