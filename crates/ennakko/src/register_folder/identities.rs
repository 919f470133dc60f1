//! The city's identity table and secret as they are stored: the table as JSON Lines in the order of keys, one person a line;
//! the secret in a file of its own, 64 hexadecimal digits.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use ennakko_core::identity::finnish::Profile;
use ennakko_core::identity::{Artificial, IdentityCode, PersonalIdentityCode};
use ennakko_core::key::{Expected, IdentityRow, ResidentKey, Standing};
use ennakko_core::{IdentityTable, KeySecret, Uuid};

use super::failure::RegisterFolderError;
use super::store;
use super::wire::Line;

/// What stands before the secret of a sample: it is written into the sample, and so no secret.
pub(super) const OF_SAMPLE: &str = "sample-";

/// The city's secret.
pub(super) fn secret(path: &Path, codes: Artificial) -> Result<KeySecret, RegisterFolderError> {
    let bytes = store::read(path)?;
    let wrong = |why| RegisterFolderError::Secret { path: path.to_owned(), why };
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong("it is not text"))?.trim();
    let digits = match text.strip_prefix(OF_SAMPLE) {
        Some(digits) if codes == Artificial::Only => digits,
        Some(_) => return Err(wrong("it is that of a sample, and `register.toml` says that codes are real")),
        None => text,
    };
    let values: Option<Vec<u8>> = digits.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let values =
        values.filter(|values| values.len() == 64).ok_or_else(|| wrong("write 64 hexadecimal digits into it"))?;
    let mut secret = [0_u8; 32];
    for (byte, pair) in secret.iter_mut().zip(values.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |sum, digit| sum << 4 | digit);
    }
    if secret == [secret[0]; 32] {
        return Err(wrong("it is one digit pair over and over, which anybody would guess"));
    }
    Ok(KeySecret::new(secret))
}

/// The table as stored after an earlier load, or an empty one for a city's first.
pub(super) fn table(
    path: &Path,
    secret: KeySecret,
    codes: Artificial,
    expected: Expected,
) -> Result<IdentityTable, RegisterFolderError> {
    let is_there = path.exists();
    if is_there && expected == Expected::Nothing {
        return Err(RegisterFolderError::NotFirst { path: path.to_owned() });
    }
    let rows = if is_there { Some(rows(path, codes)?) } else { None };
    IdentityTable::stored(secret, rows, expected)
        .map_err(|error| RegisterFolderError::Identities { path: path.to_owned(), error })
}

fn rows(path: &Path, codes: Artificial) -> Result<Vec<IdentityRow>, RegisterFolderError> {
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(BufReader::new(store::open(path)?).lines()) {
        let text = text.map_err(RegisterFolderError::unreadable(path))?;
        if text.trim().is_empty() {
            continue;
        }
        let row = row(&text, codes).ok_or_else(|| RegisterFolderError::IdentityLine { path: path.to_owned(), line })?;
        rows.push(row);
    }
    Ok(rows)
}

fn row(text: &str, codes: Artificial) -> Option<IdentityRow> {
    let Line { key: key_text, codes: texts, first_seen, named, same_as } = serde_json::from_str(text).ok()?;
    let profile = Profile { artificial: codes, not_after: None };
    let code = |text: &String| {
        if text.len() == 12 {
            return IdentityCode::parse_swedish(text, None).ok();
        }
        PersonalIdentityCode::parse(text, profile).ok().map(IdentityCode::from)
    };
    let codes = texts.iter().map(code).collect::<Option<Vec<_>>>()?;
    let key = |text: &str| Uuid::parse_str(text).ok().map(ResidentKey::from_uuid);
    let standing = match same_as {
        Some(other) => Standing::SameAs(key(&other)?),
        None if named => Standing::Named,
        None => Standing::Recorded,
    };
    Some(IdentityRow { key: key(&key_text)?, codes, first_seen: first_seen.parse().ok()?, standing })
}

/// Writes the table beside, and puts it in the place of the one of before.
pub(super) fn write(path: &Path, table: &IdentityTable) -> Result<(), RegisterFolderError> {
    store::replace(path, |to| {
        for IdentityRow { key, codes, first_seen, standing } in table.rows() {
            let codes = codes.iter().map(|code| code.as_str().to_owned()).collect();
            let same_as = match standing {
                Standing::SameAs(other) => Some(other.as_uuid().to_string()),
                Standing::Recorded | Standing::Named => None,
            };
            let line = Line {
                key: key.as_uuid().to_string(),
                codes,
                first_seen: first_seen.to_string(),
                named: standing == Standing::Named,
                same_as,
            };
            serde_json::to_writer(&mut *to, &line)?;
            to.write_all(b"\n")?;
        }
        Ok(())
    })
}
