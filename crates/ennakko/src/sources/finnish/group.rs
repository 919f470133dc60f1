//! The information groups (`tietoryhma`) of base data and of the change feed: one union type for both. Only changes say what
//! happened to a group (`muutosattribuutti`).
//!
//! A group that is not known here is kept as it came and counted. A known one of another shape is kept too, and what it would
//! have told is unknown. The shapes are those of register-formats.md section 1.4; fields that nothing reads are left out.

use ennakko_core::UnknownReason;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::date::Date;
use crate::sources::SourceProblem;

/// A text in one or both of the country's languages.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Bilingual {
    pub(super) fi: Option<String>,
    pub(super) sv: Option<String>,
}

impl Bilingual {
    /// In Finnish if there is one, otherwise in Swedish.
    pub(super) fn text(&self) -> Option<&str> {
        let given = |text: &'_ Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        [&self.fi, &self.sv].into_iter().find(|text| given(text)).and_then(|text| text.as_deref())
    }
}

/// A number that some answers write as a text.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Number {
    Whole(i64),
    Text(String),
}

impl Number {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Somebody's own names. The twins in UTF-8 come in newer answers only, and are the better ones.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct OwnName {
    pub(super) etunimi: Option<String>,
    pub(super) sukunimi: Option<String>,
    #[serde(rename = "etunimiUTF8")]
    pub(super) etunimi_utf8: Option<String>,
    #[serde(rename = "sukunimiUTF8")]
    pub(super) sukunimi_utf8: Option<String>,
    pub(super) alkupv: Option<Date>,
}

/// One name of a kind, from a day up to the day on which the next begins.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct NameOfKind {
    pub(super) nimilaji: String,
    pub(super) nimi: Option<String>,
    #[serde(rename = "nimiUTF8")]
    pub(super) nimi_utf8: Option<String>,
    pub(super) alkupv: Option<Date>,
    pub(super) loppupv: Option<Date>,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Birth {
    pub(super) syntymapv: Date,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct RegisterSex {
    pub(super) sukupuoli: String,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Death {
    pub(super) kuollut: Option<bool>,
    #[serde(alias = "kuolleeksijulistamispv")]
    pub(super) kuolinpv: Option<Date>,
}

/// A language, from a day up to the day on which the next begins.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Language {
    pub(super) kielikoodi: Option<String>,
    #[serde(rename = "kielikoodiISO6392")]
    pub(super) iso_639_2: Option<String>,
    pub(super) alkupv: Option<Date>,
    pub(super) loppupv: Option<Date>,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Municipality {
    pub(super) kuntakoodi: String,
    #[serde(rename = "kuntaanMuuttopv")]
    moved: Option<Date>,
    // the same day under the spelling of older answers, which may have both
    #[serde(rename = "kuntaanMuuttoPv")]
    moved_older: Option<Date>,
}

impl Municipality {
    pub(super) fn moved(&self) -> Option<&Date> {
        self.moved.as_ref().or(self.moved_older.as_ref())
    }
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct FormerMunicipality {
    pub(super) kuntakoodi: String,
    #[serde(rename = "kuntaanMuuttopv")]
    pub(super) moved: Option<Date>,
    #[serde(rename = "kunnastaPoisMuuttopv")]
    pub(super) left: Option<Date>,
}

/// A domestic address: the street comes in parts.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct StreetAddress {
    pub(super) katunimi: Option<Bilingual>,
    pub(super) katunumero: Option<String>,
    pub(super) postinumero: Option<String>,
    pub(super) postitoimipaikka: Option<Bilingual>,
    rakennustunnus: Option<String>,
    osoitenumero: Option<Number>,
    huoneistokirjain: Option<String>,
    huoneistonumero: Option<String>,
    jakokirjain: Option<String>,
    pub(super) alkupv: Option<Date>,
    pub(super) loppupv: Option<Date>,
}

/// The parts that a dwelling id is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct DwellingParts<'a> {
    pub(super) building: Option<&'a str>,
    pub(super) address_number: Option<&'a Number>,
    pub(super) stairwell: Option<&'a str>,
    pub(super) number: Option<&'a str>,
    pub(super) division: Option<&'a str>,
}

macro_rules! dwelling_parts {
    ($group:ty) => {
        impl $group {
            pub(super) fn dwelling(&self) -> DwellingParts<'_> {
                DwellingParts {
                    building: self.rakennustunnus.as_deref(),
                    address_number: self.osoitenumero.as_ref(),
                    stairwell: self.huoneistokirjain.as_deref(),
                    number: self.huoneistonumero.as_deref(),
                    division: self.jakokirjain.as_deref(),
                }
            }
        }
    };
}

dwelling_parts!(StreetAddress);
dwelling_parts!(Residence);

/// A permanent home: a dwelling, an institution or the municipality alone, or abroad, by the residence id of each.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Residence {
    /// Its blanks count.
    pub(super) asuinpaikantunnus: Option<String>,
    rakennustunnus: Option<String>,
    osoitenumero: Option<Number>,
    huoneistokirjain: Option<String>,
    huoneistonumero: Option<String>,
    jakokirjain: Option<String>,
    pub(super) valtiokoodi: Option<String>,
    pub(super) alkupv: Option<Date>,
    pub(super) loppupv: Option<Date>,
}

/// An order of non-disclosure, in the words of either interface.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Protection {
    #[serde(rename = "turvakieltoAktiivinen")]
    pub(super) active: Option<bool>,
    #[serde(rename = "turvaLoppuPv")]
    pub(super) ends: Option<Date>,
    /// The older interface: empty, `0` or `1`.
    #[serde(rename = "TurvakieltoTieto")]
    pub(super) older: Option<String>,
    /// The older interface: `yyyymmdd`.
    #[serde(rename = "TurvakieltoPaattymispvm")]
    pub(super) older_ends: Option<String>,
}

/// Codes of one person: the one changed, the one in force, those before.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct CodeCorrection {
    #[serde(rename = "muutettuHenkilotunnus")]
    pub(super) changed: Option<String>,
    #[serde(rename = "aktiivinenHenkilotunnus")]
    pub(super) active: Option<String>,
    #[serde(rename = "edellisetHenkilotunnukset", default)]
    pub(super) former: Option<Vec<String>>,
}

/// Another person, as a group tells of them: related people have the plural `etunimet`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Party {
    pub(super) henkilotunnus: Option<String>,
    pub(super) etunimet: Option<String>,
    pub(super) sukunimi: Option<String>,
    pub(super) syntymapv: Option<Date>,
}

/// A right of a custodian, where a court has divided custody.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Right {
    pub(super) oikeus: String,
    #[serde(rename = "oikeudenAlkupv")]
    pub(super) from: Option<Date>,
    #[serde(rename = "oikeudenLoppupv")]
    pub(super) until: Option<Date>,
}

/// A pair of child and custodian, from either side.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Custody {
    #[serde(alias = "huoltaja", alias = "huollettava")]
    pub(super) party: Party,
    #[serde(rename = "huoltajanLaji")]
    pub(super) kind: Option<String>,
    #[serde(rename = "huoltosuhteenAlkupv")]
    pub(super) from: Option<Date>,
    #[serde(rename = "huoltosuhteenLoppupv")]
    pub(super) until: Option<Date>,
    /// None: this version of the group has no rights.
    pub(super) oikeudet: Option<Vec<Right>>,
    #[serde(rename = "lisatytOikeudet")]
    pub(super) added: Option<Vec<Right>>,
    #[serde(rename = "muutetutOikeudet")]
    pub(super) changed: Option<Vec<Right>>,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Citizenships {
    #[serde(rename = "henkilonKansalaisuudet")]
    pub(super) held: Vec<Citizenship>,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Citizenship {
    pub(super) kansalaisuuskoodi: String,
}

/// What a group of a known shape says.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Group {
    Name(OwnName),
    NameOfKind(NameOfKind),
    Birth(Birth),
    Sex(RegisterSex),
    Death(Death),
    Language(Language),
    Municipality(Municipality),
    FormerMunicipality(FormerMunicipality),
    Address(Box<StreetAddress>),
    Residence(Box<Residence>),
    Protection(Protection),
    Codes(CodeCorrection),
    Custody(Box<Custody>),
    Citizenships(Citizenships),
    /// Not read here.
    Unread,
}

/// Reads the fields of one shape.
fn shape<'a, T: Deserialize<'a>>(raw: &'a str, group: fn(T) -> Group) -> Option<Group> {
    serde_json::from_str(raw).ok().map(group)
}

impl Group {
    /// Reads a group by its name; none if it is of another shape than groups of that name.
    fn read(name: &str, raw: &str) -> Option<Self> {
        match name {
            "HENKILON_NIMI" => shape(raw, Self::Name),
            "NIMENMUUTOS" | "NIMENMUUTOS_LAAJA" | "KUTSUMANIMI" => shape(raw, Self::NameOfKind),
            "SYNTYMAPAIVA" => shape(raw, Self::Birth),
            "SUKUPUOLI" => shape(raw, Self::Sex),
            "KUOLINPAIVA" | "KUOLLEEKSIJULISTAMISPAIVA" => shape(raw, Self::Death),
            "AIDINKIELI" | "ASIOINTIKIELI" => shape(raw, Self::Language),
            "KOTIKUNTA" | "VAESTOKIRJANPITOKUNTA" => shape(raw, Self::Municipality),
            "EDELLINEN_KOTIKUNTA" => shape(raw, Self::FormerMunicipality),
            "VAKINAINEN_KOTIMAINEN_OSOITE" | "TILAPAINEN_KOTIMAINEN_OSOITE" => {
                shape(raw, |address| Self::Address(Box::new(address)))
            }
            "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"
            | "TILAPAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"
            | "EDELLINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"
            | "VAKINAINEN_OLINPAIKASSA_ASUMINEN"
            | "ENTINEN_OLINPAIKASSA_ASUMINEN"
            | "TILAPAINEN_OLINPAIKASSA_ASUMINEN"
            | "VAKINAINEN_ULKOMAILLA_ASUMINEN"
            | "TILAPAINEN_ULKOMAILLA_ASUMINEN" => shape(raw, |home| Self::Residence(Box::new(home))),
            "TURVAKIELTO" => shape(raw, Self::Protection),
            "HENKILOTUNNUS_KORJAUS" => shape(raw, Self::Codes),
            "HUOLTAJA"
            | "HUOLTAJA_SUPPEA"
            | "HUOLTAJA_RAJOITETTU"
            | "HUOLLETTAVA"
            | "HUOLLETTAVA_SUPPEA"
            | "HUOLLETTAVA_RAJOITETTU" => shape(raw, |pair| Self::Custody(Box::new(pair))),
            "KANSALAISUUS" => shape(raw, Self::Citizenships),
            _ => Some(Self::Unread),
        }
    }

    /// What is wrong with its days.
    pub(super) fn bad_days(&self) -> Vec<SourceProblem> {
        let dates: Vec<Option<&Date>> = match self {
            Self::Name(name) => vec![name.alkupv.as_ref()],
            Self::NameOfKind(name) => vec![name.alkupv.as_ref(), name.loppupv.as_ref()],
            Self::Birth(birth) => vec![Some(&birth.syntymapv)],
            Self::Death(death) => vec![death.kuolinpv.as_ref()],
            Self::Language(language) => vec![language.alkupv.as_ref(), language.loppupv.as_ref()],
            Self::Municipality(municipality) => vec![municipality.moved()],
            Self::FormerMunicipality(former) => vec![former.moved.as_ref(), former.left.as_ref()],
            Self::Address(address) => vec![address.alkupv.as_ref(), address.loppupv.as_ref()],
            Self::Residence(residence) => vec![residence.alkupv.as_ref(), residence.loppupv.as_ref()],
            Self::Protection(order) => vec![order.ends.as_ref()],
            Self::Custody(pair) => {
                let rights =
                    pair.oikeudet.iter().flatten().flat_map(|right| [right.from.as_ref(), right.until.as_ref()]);
                let party = pair.party.syntymapv.as_ref();
                [pair.from.as_ref(), pair.until.as_ref(), party].into_iter().chain(rights).collect()
            }
            Self::Sex(_) | Self::Codes(_) | Self::Citizenships(_) | Self::Unread => Vec::new(),
        };
        dates.into_iter().flatten().filter_map(|date| date.read().err()).collect()
    }
}

/// What happened to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    Added,
    Changed,
    /// Told for context: not a change.
    Context,
    /// The wrong value; the right one follows directly.
    Wrong,
    Right,
    /// Annulled; what survives is told within.
    Removed,
}

impl Attribute {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "LISATTY" => Self::Added,
            "MUUTETTU" => Self::Changed,
            "LISATIETO" => Self::Context,
            "KORJATTAVA" => Self::Wrong,
            "KORJATTU" => Self::Right,
            "POISTETTU" => Self::Removed,
            _ => return None,
        })
    }
}

/// What a delivered group says.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Says {
    /// This.
    Group(Group),
    /// Nothing that can be used: kept back, or not of the known shape.
    Nothing(UnknownReason),
}

/// A group as it was delivered.
#[derive(Clone)]
pub(super) struct Delivered {
    /// `tietoryhma`.
    pub(super) name: String,
    /// What it says.
    pub(super) says: Says,
    /// The text itself, without what only changes say of it.
    pub(super) raw: String,
}

impl PartialEq for Delivered {
    /// Whether both say the same. What is not read is compared as it came.
    fn eq(&self, other: &Self) -> bool {
        let unread = self.says == Says::Group(Group::Unread);
        self.name == other.name && self.says == other.says && (!unread || self.raw == other.raw)
    }
}

/// A group of a change: what happened to it, and what survives if it was removed.
pub(super) struct ChangedGroup {
    pub(super) group: Delivered,
    pub(super) attribute: Attribute,
    pub(super) surviving: Vec<Delivered>,
}

/// What every group may have beside what it says.
#[derive(Deserialize)]
struct Envelope<'a> {
    tietoryhma: String,
    muutosattribuutti: Option<String>,
    /// Names of fields in one dialect, of groups in another: what counts is that it is a list.
    #[serde(rename = "turvakiellonAlaisetKentat", borrow)]
    kept_back: Option<&'a RawValue>,
    #[serde(rename = "voimassaolevatTiedot", borrow)]
    surviving: Option<Vec<&'a RawValue>>,
}

/// A group that is not even an object with a name, or says of itself what no group says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoGroup {
    /// Its name, if it has a known one.
    pub(super) name: Option<String>,
    pub(super) problem: SourceProblem,
}

/// Whether a name is one that the register could have given: never a place for anything delivered of somebody. Codes begin
/// with a digit.
fn is_name(name: &str) -> bool {
    let may_stand = |letter: char| letter.is_ascii_uppercase() || "ÅÄÖ_".contains(letter) || letter.is_ascii_digit();
    name.len() <= 60 && name.starts_with(|first: char| first.is_ascii_uppercase()) && name.chars().all(may_stand)
}

fn envelope(raw: &str) -> Result<Envelope<'_>, NoGroup> {
    let read = serde_json::from_str::<Envelope<'_>>(raw).ok().filter(|envelope| is_name(&envelope.tietoryhma));
    read.ok_or_else(|| {
        #[derive(Deserialize)]
        struct Named {
            tietoryhma: String,
        }
        let name = serde_json::from_str::<Named>(raw).ok().map(|named| named.tietoryhma);
        NoGroup { name: name.filter(|name| is_name(name)), problem: SourceProblem::WrongShape }
    })
}

/// Whether a text is a JSON array.
fn is_list(raw: &RawValue) -> bool {
    raw.get().trim_start().starts_with('[')
}

fn says(envelope: &Envelope<'_>, raw: &str) -> Says {
    if envelope.kept_back.is_some_and(is_list) {
        return Says::Nothing(UnknownReason::Withheld);
    }
    Group::read(&envelope.tietoryhma, raw).map_or(Says::Nothing(UnknownReason::Disputed), Says::Group)
}

impl Delivered {
    /// Reads a group of base data, or one as it was stored.
    pub(super) fn read(raw: &str) -> Result<Self, NoGroup> {
        let envelope = envelope(raw)?;
        let says = says(&envelope, raw);
        Ok(Self { name: envelope.tietoryhma, says, raw: raw.to_owned() })
    }

    /// Whether it is of the known shape, or of a group that is not read.
    pub(super) fn problem(&self) -> Option<SourceProblem> {
        (self.says == Says::Nothing(UnknownReason::Disputed)).then_some(SourceProblem::WrongShape)
    }

    /// Whether its name is that of a group which nothing here reads.
    pub(super) fn is_unread(&self) -> bool {
        self.says == Says::Group(Group::Unread)
    }

    pub(super) fn group(&self) -> Option<&Group> {
        match &self.says {
            Says::Group(group) => Some(group),
            Says::Nothing(_) => None,
        }
    }
}

impl ChangedGroup {
    /// Reads a group of a change. Without a word on what happened to it, it tells what is in force.
    pub(super) fn read(raw: &str) -> Result<Self, NoGroup> {
        let envelope = envelope(raw)?;
        let named = |problem| NoGroup { name: Some(envelope.tietoryhma.clone()), problem };
        let attribute = match envelope.muutosattribuutti.as_deref() {
            None => Attribute::Changed,
            Some(text) => Attribute::read(text).ok_or_else(|| named(SourceProblem::UnknownValue))?,
        };
        let surviving: Result<Vec<_>, _> =
            envelope.surviving.iter().flatten().map(|raw| Delivered::read(raw.get())).collect();
        let surviving = surviving.map_err(|_| named(SourceProblem::WrongShape))?;
        let says = says(&envelope, raw);
        let group = Delivered { name: envelope.tietoryhma.clone(), says, raw: plain(raw) };
        Ok(Self { group, attribute, surviving })
    }
}

/// The text without what only changes say.
fn plain(raw: &str) -> String {
    let Ok(serde_json::Value::Object(mut fields)) = serde_json::from_str(raw) else { return raw.to_owned() };
    fields.remove("muutosattribuutti");
    fields.remove("voimassaolevatTiedot");
    serde_json::Value::Object(fields).to_string()
}
