//! A parameter's value tried out, `education.starting_age=6`, without editing a file.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use ennakko::Rules;
use ennakko::rules::RuleFile;
use ennakko::rules::parameters::ParameterValue;

/// One parameter and the value it shall have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    group: String,
    name: String,
    value: String,
}

impl FromStr for Trial {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let help = || format!("`{text}` sets nothing; write group.name=value, such as education.starting_age=6");
        let (parameter, value) = text.split_once('=').ok_or_else(help)?;
        // rules write `::`, so that is understood too
        let parameter = parameter.trim().replace("::", ".");
        let (group, name) = parameter.split_once('.').ok_or_else(help)?;
        Ok(Self { group: group.to_owned(), name: name.to_owned(), value: value.trim().to_owned() })
    }
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} = {}", self.group, self.name, self.value)
    }
}

impl Trial {
    /// The same rules with the parameter changed in all its rows. `files` are those of the folder.
    ///
    /// # Errors
    /// * no parameter has that name; the message names those that are
    /// * the value is not of the kind that the parameter has, or the rules were not checked for such a number
    pub fn apply(&self, rules: Rules, files: &[RuleFile]) -> Result<Rules, String> {
        let Self { group, name, .. } = self;
        let rows = rules.set().tables().parameters.rows(group, name);
        let Some(now) = rows.and_then(|rows| rows.first()).map(|row| row.value.clone()) else {
            let known = parameters(files);
            let written = format!("{group}.{name}");
            return Err(crate::failure::unknown("parameter", &written, &known).to_string());
        };
        let value = like(&now, &self.value)
            .ok_or_else(|| format!("`{}` is not a value of `{group}.{name}`, which is {}", self.value, kind(&now)))?;
        let parameters = rules.set().tables().parameters.clone();
        let parameters = parameters.with(group, name, &value).map_err(|error| error.to_string())?;
        Ok(rules.with_set(|set| set.with_tables(|tables| tables.parameters = parameters)))
    }
}

/// A value of the kind that the parameter has now.
fn like(now: &ParameterValue, text: &str) -> Option<ParameterValue> {
    match now {
        ParameterValue::Int(_) => text.parse().ok().map(ParameterValue::Int),
        ParameterValue::Bool(_) => text.parse().ok().map(ParameterValue::Bool),
        ParameterValue::Text(_) => Some(ParameterValue::Text(Arc::from(text))),
        ParameterValue::Ints(_) => {
            let numbers: Option<Vec<i64>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
            numbers.map(|numbers| ParameterValue::Ints(numbers.into()))
        }
    }
}

fn kind(value: &ParameterValue) -> String {
    let between = if matches!(value, ParameterValue::Ints(_)) { " with commas between them" } else { "" };
    format!("{}{between}", value.words())
}

/// The names of all parameters, `group.name`.
fn parameters(files: &[RuleFile]) -> Vec<String> {
    let table = files
        .iter()
        .find(|file| file.name() == "parameters.toml")
        .and_then(|file| file.text.parse::<toml::Table>().ok())
        .unwrap_or_default();
    table
        .iter()
        .filter_map(|(group, names)| Some((group, names.as_table()?)))
        .flat_map(|(group, names)| names.keys().map(move |name| format!("{group}.{name}")))
        .collect()
}
