//! Citizenships. **Assumed**: the packed data has none. The model's records have no room for them, since rules read
//! citizenship only where a law says so; the register has them, so its shapes and the tables of the sample do too.

use ennakko_core::ResidentKey;
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::ResidentRecord;

use super::dice::{Dice, Stream};

/// Finland, ISO 3166-1 numeric, as the register writes it.
pub const FINLAND: &str = "246";

/// Countries by mother tongue, ISO 3166-1 numeric.
const COUNTRIES: [(&str, &[&str]); 22] = [
    ("sv", &["752"]),
    ("ru", &["643", "643", "233"]),
    ("et", &["233"]),
    ("so", &["706"]),
    ("ar", &["368", "368", "760", "729"]),
    ("en", &["826", "840", "566", "356"]),
    ("zh", &["156"]),
    ("fa", &["004", "364"]),
    ("ku", &["368", "792"]),
    ("sq", &["008"]),
    ("vi", &["704"]),
    ("es", &["724", "170"]),
    ("uk", &["804"]),
    ("ne", &["524"]),
    ("fr", &["250", "180"]),
    ("de", &["276"]),
    ("tr", &["792"]),
    ("bn", &["050"]),
    ("th", &["764"]),
    ("pt", &["620", "076"]),
    ("it", &["380"]),
    ("tl", &["608"]),
];

/// Countries of the sample in the European Union.
const OF_THE_UNION: [&str; 7] = ["233", "250", "276", "380", "620", "724", "752"];

/// The citizenships of somebody of the sample, ISO 3166-1 numeric; `998` where the country is not known.
///
/// Drawn by mother tongue: of those who speak neither Finnish nor Swedish, half have another country's only and one in seven
/// both; of the others one in a hundred is Sweden's. Who has changed code or name keeps them.
pub fn citizenships(record: &ResidentRecord) -> Vec<&'static str> {
    let language = record.language.as_ref().known().map_or("fi", String::as_str);
    drawn(own_dice(record), language)
}

/// The same before there is a record.
pub(super) fn of_person(key: Option<ResidentKey>, first_code: &str, language: &str) -> Vec<&'static str> {
    drawn(dice_of(key, first_code), language)
}

/// Whether a country is in the European Union.
pub(super) fn is_of_the_union(country: &str) -> bool {
    OF_THE_UNION.contains(&country)
}

fn drawn(mut dice: Dice, language: &str) -> Vec<&'static str> {
    let countries = COUNTRIES.iter().find(|(code, _)| *code == language);
    let countries = countries.map_or(&["752"][..], |(_, countries)| countries);
    let country = if dice.per_100_000(300) { "998" } else { dice.pick(countries).copied().unwrap_or("998") };
    let (only, both) = if matches!(language, "fi" | "sv" | "se") { (8, 4) } else { (500, 140) };
    match dice.below(1000) {
        thrown if thrown < only => vec![country],
        thrown if thrown < only + both => vec![FINLAND, country],
        _ => vec![FINLAND],
    }
}

/// A stream of chance that stays with a person: from the key, or the first code they had.
pub(super) fn own_dice(record: &ResidentRecord) -> Dice {
    let first = record.former_codes.first().or(record.code.as_ref());
    dice_of(record.key, first.map(IdentityCode::as_str).unwrap_or_default())
}

fn dice_of(key: Option<ResidentKey>, first_code: &str) -> Dice {
    let key = key.map(|key| key.as_uuid().into_bytes());
    let bytes = key.as_ref().map_or(first_code.as_bytes(), |key| &key[..]);
    // FNV-1a
    let seed = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    Dice::new(seed, Stream::Citizenship, 0)
}
