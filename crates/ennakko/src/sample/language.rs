//! Mother tongues. **Assumed**: the packed data has no language, neither by age nor by area. The shares are made up near
//! what is commonly said of Helsinki (three in four Finnish, one in twenty Swedish, one in five another language), with
//! fewer foreign languages among the old. They serve letters in three languages, never a statistic.

use super::dice::Dice;

/// Languages of the sample, ISO 639-1, with how many of ten thousand people of working age speak each.
pub const LANGUAGES: [(&str, u32); 24] = [
    ("fi", 7350),
    ("sv", 530),
    ("ru", 330),
    ("et", 180),
    ("so", 240),
    ("ar", 190),
    ("en", 190),
    ("zh", 110),
    ("fa", 90),
    ("ku", 80),
    ("sq", 75),
    ("vi", 75),
    ("es", 85),
    ("uk", 90),
    ("ne", 60),
    ("fr", 55),
    ("de", 50),
    ("tr", 55),
    ("bn", 45),
    ("th", 35),
    ("pt", 35),
    ("it", 25),
    ("tl", 20),
    ("se", 5),
];

/// The language of somebody of an age, as a position in [`LANGUAGES`].
pub(super) fn draw(dice: &mut Dice, age: usize) -> u8 {
    // of the old, one in five of those drawn with a foreign language
    let foreign_permille = match age {
        70.. => 200,
        60..=69 => 500,
        _ => 1000,
    };
    let drawn = dice.weighted(LANGUAGES.iter().map(|(_, share)| *share)).unwrap_or_default();
    let kept = drawn < 2 || dice.permille(foreign_permille);
    if kept { u8::try_from(drawn).unwrap_or_default() } else { 0 }
}

/// The code of a position in [`LANGUAGES`].
pub(super) fn code(at: u8) -> &'static str {
    LANGUAGES.get(usize::from(at)).map_or("fi", |(code, _)| code)
}
