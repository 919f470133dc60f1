//! The schema of tables, version 1: which tables there are, their columns, and what an empty cell and a column that is not
//! there mean. `TABLES.md` beside the crate is this file as a page; a test holds them together.
//!
//! Not for a city's own names and codes: those are in its [mapping](super::mapping).

use std::fmt::Write as _;

/// The version of the schema. A change that could give another record from the same file is a new one.
pub const VERSION: i64 = 1;

/// A table of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableName {
    /// One row a person.
    Residents,
    /// One row a stay.
    Histories,
    /// One row a report of a death, or of a life, from another source.
    Deaths,
    /// One row a pair of a person and a custodian or guardian.
    Custody,
    /// One row a right in a matter of its own.
    Rights,
    /// One row a dwelling.
    Dwellings,
    /// One row a building.
    Buildings,
    /// One row an owner of a building.
    Owners,
    /// One row a stairwell.
    Stairwells,
    /// One row a subject, one column a fact.
    Facts,
}

impl TableName {
    /// All of them, in reading order.
    pub const ALL: [Self; 10] = [
        Self::Residents,
        Self::Histories,
        Self::Deaths,
        Self::Custody,
        Self::Rights,
        Self::Dwellings,
        Self::Buildings,
        Self::Owners,
        Self::Stairwells,
        Self::Facts,
    ];

    /// The word for it in mappings.
    pub fn word(self) -> &'static str {
        match self {
            Self::Residents => "residents",
            Self::Histories => "histories",
            Self::Deaths => "deaths",
            Self::Custody => "custody",
            Self::Rights => "rights",
            Self::Dwellings => "dwellings",
            Self::Buildings => "buildings",
            Self::Owners => "owners",
            Self::Stairwells => "stairwells",
            Self::Facts => "facts",
        }
    }

    /// The table of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.word() == word)
    }

    /// What a row of it is.
    fn row(self) -> &'static str {
        match self {
            Self::Residents => "One row a person.",
            Self::Histories => "One row a stay in a municipality of residence, both days included.",
            Self::Deaths => "One row a report of a death, or of a life, from another source.",
            Self::Custody => "One row a pair of a person and somebody recorded beside them.",
            Self::Rights => {
                "One row a right in a matter of its own, where a court has divided custody; joined to every row of \
                 `custody` with the same child and custodian."
            }
            Self::Dwellings => "One row a dwelling.",
            Self::Buildings => "One row a building. Owners and stairwells are tables of their own, joined to it.",
            Self::Owners => {
                "One row an owner of a building. Without this table nobody's owners are known, whatever `buildings` says."
            }
            Self::Stairwells => {
                "One row a stairwell. Without this table no stairwells are known, whatever `buildings` says."
            }
            Self::Facts => {
                "One row a subject. Beside `of` a file has either one column `value`, for one declared fact, or a column \
                 for each of several, named as in `facts.toml`. A text comes as its code, a place as its name, a day \
                 perhaps partial. In a file with one fact an empty cell must be spelled out in the mapping; in a file \
                 with several it is no row of that fact."
            }
        }
    }

    /// Its columns; of `facts` only those that every such table has.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Residents => RESIDENTS,
            Self::Histories => HISTORIES,
            Self::Deaths => DEATHS,
            Self::Custody => CUSTODY,
            Self::Rights => RIGHTS,
            Self::Dwellings => DWELLINGS,
            Self::Buildings => BUILDINGS,
            Self::Owners => OWNERS,
            Self::Stairwells => STAIRWELLS,
            Self::Facts => FACTS,
        }
    }
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A key: a UUID.
    Key,
    /// An identity code.
    Code,
    /// Identity codes with blanks between, oldest first.
    Codes,
    /// A person: an identity code, a key, or `given|family|born`.
    Who,
    /// A permanent building id.
    BuildingId,
    /// A person or a building, as the facts are of.
    Subject,
    /// Text as it is, without words of its own: `none` is a text like any other.
    Plain,
    /// Text, or `none`, or `unknown`.
    Text,
    /// The same, where many rows have the same text.
    Few,
    /// A day, a month or a year.
    Date,
    /// A day; if only part of it is known, it is unknown.
    Day,
    /// `true` or `false`.
    Flag,
    /// A whole number, in a unit.
    Number(&'static str),
    /// A municipality, as the code of its country.
    Municipality,
    /// A language.
    Language,
    /// One of some words.
    Word(&'static [&'static str]),
    /// `whole`, or `unknown` with why members may be missing.
    ListState,
}

impl Kind {
    /// Whether the words `none` and `unknown` mean what they say.
    pub(super) fn has_words(self) -> bool {
        !matches!(
            self,
            Self::Plain | Self::Key | Self::Code | Self::Codes | Self::Who | Self::BuildingId | Self::Subject
        )
    }

    /// In a few words, for the page.
    fn words(self) -> String {
        match self {
            Self::Key => "UUID".into(),
            Self::Code => "identity code".into(),
            Self::Codes => "identity codes, blanks between".into(),
            Self::Who => "identity code, UUID, or `given|family|born`".into(),
            Self::BuildingId => "permanent building id".into(),
            Self::Subject => "as in `who`, or a permanent building id".into(),
            Self::Plain => "text, as it is".into(),
            Self::Text | Self::Few => "text".into(),
            Self::Date => "day, month or year".into(),
            Self::Day => "day".into(),
            Self::Flag => "`true`, `false`".into(),
            Self::Number(_) => "whole number".into(),
            Self::Municipality => "code of three digits (Finland), four (Sweden)".into(),
            Self::Language => "small letters and digits, ISO 639-1 where there is one".into(),
            Self::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
            Self::ListState => "`whole`".into(),
        }
    }

    fn unit(self) -> &'static str {
        if let Self::Number(unit) = self { unit } else { "" }
    }
}

/// What an empty cell means: nothing between two delimiters, a null, or `""`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// The row is set aside.
    Refused,
    /// Nothing is said.
    NotGiven,
    /// Unknown: not delivered.
    NotDelivered,
    /// Unknown with an issue at each row, unless the mapping says what it spells.
    MustBeSpelled,
}

impl Empty {
    fn words(self) -> &'static str {
        match self {
            Self::Refused => "no: the row is set aside",
            Self::NotGiven => "yes: nothing is said",
            Self::NotDelivered => "yes: unknown, not delivered",
            Self::MustBeSpelled => "only if the mapping says what it spells; else unknown, with an issue",
        }
    }
}

/// What it means that a file has no such column, and the mapping no `always` for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// The file cannot be read.
    Refused,
    /// Nothing is said.
    NotGiven,
    /// Unknown: not delivered.
    NotDelivered,
    /// There is no such mark in this source.
    NoMark,
}

impl Lacking {
    fn words(self) -> &'static str {
        match self {
            Self::Refused => "the file is refused",
            Self::NotGiven => "nothing is said",
            Self::NotDelivered => "unknown, not delivered",
            Self::NoMark => "this source delivers no such mark",
        }
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// What an empty cell means.
    pub empty: Empty,
    /// What it means that the column is not there.
    pub lacking: Lacking,
    /// What it says, in a sentence.
    pub meaning: &'static str,
}

const fn column(name: &'static str, kind: Kind, empty: Empty, lacking: Lacking, meaning: &'static str) -> Column {
    Column { name, kind, empty, lacking, meaning }
}

/// A fact of which the mapping must say what an empty cell spells.
const fn spelled(name: &'static str, kind: Kind, lacking: Lacking, meaning: &'static str) -> Column {
    column(name, kind, Empty::MustBeSpelled, lacking, meaning)
}

/// A fact that everybody and everything has, known or not.
const fn had(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
    column(name, kind, Empty::NotDelivered, Lacking::NotDelivered, meaning)
}

/// What may be said or not.
const fn said(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
    column(name, kind, Empty::NotGiven, Lacking::NotGiven, meaning)
}

/// What a row is nothing without.
const fn needed(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
    column(name, kind, Empty::Refused, Lacking::Refused, meaning)
}

const RESIDENTS: &[Column] = &[
    said("key", Kind::Key, "Key that the source gives. A row has a key or a code."),
    said("code", Kind::Code, "Identity code in force."),
    said("former_codes", Kind::Codes, "Codes that were in force before."),
    said("given", Kind::Plain, "Given names, the one in use first."),
    said("family", Kind::Plain, "Family name."),
    column("born", Kind::Date, Empty::NotDelivered, Lacking::Refused, "Birth date."),
    had("sex", Kind::Word(SEX), "Sex in the register."),
    needed("dead", Kind::Flag, "Whether this source says that the person is dead."),
    spelled(
        "municipality",
        Kind::Municipality,
        Lacking::Refused,
        "Municipality of residence; none: abroad, or in none.",
    ),
    had("language", Kind::Language, "Mother tongue."),
    spelled(
        "protected",
        Kind::Flag,
        Lacking::Refused,
        "Whether an order of non-disclosure, protected registration or a secrecy mark is in force; unknown counts as yes.",
    ),
    spelled("dwelling", Kind::Text, Lacking::Refused, "Id of the permanent dwelling, blanks at its end included."),
    had("since", Kind::Date, "When the person moved in."),
    column(
        "custodians",
        Kind::ListState,
        Empty::NotDelivered,
        Lacking::Refused,
        "Whether all custodians of the person were delivered.",
    ),
    spelled("in_care", Kind::Flag, Lacking::NoMark, "Whether the person has been taken into care."),
];

/// Words for sex.
pub(super) const SEX: &[&str] = &["female", "male"];

const HISTORIES: &[Column] = &[
    needed("who", Kind::Who, "Whose stay."),
    spelled("municipality", Kind::Municipality, Lacking::Refused, "Where; none: abroad, or in none."),
    spelled("from", Kind::Date, Lacking::Refused, "First day; none: since birth."),
    spelled("last_day", Kind::Date, Lacking::Refused, "Last day, included; none: until further notice."),
    spelled(
        "known_from",
        Kind::Day,
        Lacking::Refused,
        "The day from which a person's rows are all their stays, the same in each of them; none: from birth.",
    ),
];

const DEATHS: &[Column] = &[
    needed("who", Kind::Who, "Who."),
    needed("source", Kind::Plain, "Which source says so."),
    needed("dead", Kind::Flag, "What it says."),
];

const CUSTODY: &[Column] = &[
    needed("child", Kind::Who, "The child, or the person under guardianship."),
    column(
        "custodian",
        Kind::Who,
        Empty::NotGiven,
        Lacking::Refused,
        "The other person, wherever they live. A row without one has their names below.",
    ),
    said("custodian_given", Kind::Plain, "Given names of a custodian without a code."),
    said("custodian_family", Kind::Plain, "Family name of a custodian without a code."),
    had("custodian_born", Kind::Date, "Birth date of a custodian without a code."),
    needed("kind", Kind::Word(CUSTODY_KINDS), "What they may do."),
    spelled("from", Kind::Day, Lacking::Refused, "First day; none: since birth."),
    spelled("until", Kind::Day, Lacking::Refused, "Last day, included; none: until further notice."),
    spelled(
        "may_decide",
        Kind::Flag,
        Lacking::Refused,
        "Whether they may decide in the matters that no row of `rights` names.",
    ),
];

/// Words for what somebody beside a child may do.
pub(super) const CUSTODY_KINDS: &[&str] = &["custodian", "information_only", "guardian"];

const RIGHTS: &[Column] = &[
    needed("child", Kind::Who, "The child."),
    needed("custodian", Kind::Who, "The custodian."),
    needed("matter", Kind::Plain, "`education`, `health_care`, or the source's own code of another matter."),
    spelled("may_decide", Kind::Flag, Lacking::Refused, "Whether they may decide in it."),
    spelled("from", Kind::Day, Lacking::Refused, "First day; none: as long as custody."),
    spelled("until", Kind::Day, Lacking::Refused, "Last day, included; none: until further notice."),
];

const DWELLINGS: &[Column] = &[
    needed("dwelling", Kind::Plain, "Id of the dwelling, blanks at its end included."),
    said("building", Kind::BuildingId, "The building it is in."),
    had("street", Kind::Text, "Street and number."),
    had("postal_code", Kind::Few, "Postal code."),
    had("post_office", Kind::Few, "Post office."),
    column(
        "members",
        Kind::ListState,
        Empty::NotDelivered,
        Lacking::Refused,
        "Whether everyone who lives there was delivered.",
    ),
];

const BUILDINGS: &[Column] = &[
    needed("building", Kind::BuildingId, "Permanent building id."),
    had("epsg", Kind::Number("EPSG code"), "System of the coordinates: 3067 for ETRS-TM35FIN."),
    had("north_m", Kind::Number("metre"), "Northing."),
    had("east_m", Kind::Number("metre"), "Easting."),
    had("street", Kind::Text, "Street and number."),
    had("postal_code", Kind::Few, "Postal code."),
    had("post_office", Kind::Few, "Post office."),
    had("area_m2", Kind::Number("square metre"), "Gross area."),
    had("intended_use", Kind::Few, "Intended use: three digits of the 1994 classification, four of that of 2018."),
    had("built_year", Kind::Number("year"), "Year of completion."),
    had("storeys", Kind::Number("storey"), "Storeys."),
    had("dwellings", Kind::Number("dwelling"), "Dwellings."),
    had("owners", Kind::ListState, "Whether all owners were delivered."),
    had("stairwells", Kind::ListState, "Whether all stairwells were delivered."),
    had("facility_sewer", Kind::Flag, "Whether it is equipped with a sewer."),
    had("facility_water", Kind::Flag, "Whether it is equipped with water."),
    had("facility_electricity", Kind::Flag, "Whether it is equipped with electricity."),
    had("facility_gas", Kind::Flag, "Whether it is equipped with gas."),
    had("facility_cable", Kind::Flag, "Whether it is equipped with cable."),
    had("connection_sewer", Kind::Flag, "Whether it is connected to a sewer network."),
    had("connection_water", Kind::Flag, "Whether it is connected to a water network."),
    had("connection_electricity", Kind::Flag, "Whether it is connected to an electricity network."),
    had("connection_gas", Kind::Flag, "Whether it is connected to a gas network."),
    had("connection_cable", Kind::Flag, "Whether it is connected to a cable network."),
];

const OWNERS: &[Column] = &[
    needed("building", Kind::BuildingId, "The building."),
    needed("kind", Kind::Word(OWNER_KINDS), "What kind of owner."),
    said("who", Kind::Plain, "Of a person, as in other tables; of an organisation, its id in the source."),
    said("name", Kind::Plain, "Name of an organisation."),
    had("language", Kind::Language, "Language of business of an organisation."),
];

/// Words for owners.
pub(super) const OWNER_KINDS: &[&str] = &["person", "organisation", "estate"];

const STAIRWELLS: &[Column] = &[
    needed("building", Kind::BuildingId, "The building."),
    needed("stairwell", Kind::Plain, "Its letter."),
    had("lift", Kind::Flag, "Whether it has a lift."),
];

const FACTS: &[Column] = &[needed("of", Kind::Subject, "Whom or what the row is about.")];

/// The column of a file with one fact.
pub(super) const VALUE: &str = "value";

/// The schema as a page: what stands in `TABLES.md` under its introduction.
pub fn page() -> String {
    let mut page = String::new();
    for table in TableName::ALL {
        // writing to a text cannot fail
        let _ = write!(page, "\n## `{}`\n\n{}\n\n", table.word(), table.row());
        page.push_str("| column | holds | unit | may be empty | not in the file | says |\n|---|---|---|---|---|---|\n");
        for Column { name, kind, empty, lacking, meaning } in table.columns() {
            let holds = kind.words().replace('|', "\\|");
            let words = match (kind, empty) {
                (_, Empty::Refused) => "",
                (Kind::ListState, _) => ", or a word for unknown",
                (kind, _) if kind.has_words() => ", or a word for none or unknown",
                _ => "",
            };
            let (unit, empty, lacking) = (kind.unit(), empty.words(), lacking.words());
            let _ = writeln!(page, "| `{name}` | {holds}{words} | {unit} | {empty} | {lacking} | {meaning} |");
        }
    }
    page
}
