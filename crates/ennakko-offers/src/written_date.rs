//! Dates as a letter writes them, in the language of the one who reads it.
//!
//! The words, their case and their order come from the Unicode CLDR through `icu_datetime`, never
//! from a table of ours: Finnish wants the month in the partitive, Russian in the genitive. The
//! calendar is always the Gregorian one, whatever is usual with the language, because a deadline is
//! a day of that calendar. Not for machines (they get ISO 8601), and not for choosing the language.
//!
//! ```
//! use chrono::NaiveDate;
//! use ennakko_offers::written_date::{WrittenDateError, written, written_short};
//!
//! let day = NaiveDate::from_ymd_opt(2027, 1, 8).expect("a day of the calendar");
//! assert_eq!(written(day, "fi")?, "8. tammikuuta 2027");
//! assert_eq!(written_short(day, "fi")?, "8.1.2027");
//! # Ok::<(), WrittenDateError>(())
//! ```

use chrono::{Datelike, NaiveDate};
use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::options::YearStyle;
use icu_locale_core::subtags::region;
use icu_locale_core::{Locale, locale};

/// Why a date cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WrittenDateError {
    /// The language tag cannot be parsed.
    #[error("`{language}` is not a language tag; write one such as `fi`, `sv` or `en-GB` (BCP 47)")]
    NotALanguageTag {
        /// The tag as it was written.
        language: String,
    },
    /// The tag is a proper one, but the CLDR data has no dates in that language.
    #[error("no dates are known in the language `{language}`")]
    UnknownLanguage {
        /// The tag as it was written.
        language: String,
    },
    /// The day lies outside the years that the formatter knows.
    #[error("the year {year} cannot be written; the years -9999 to 9999 can")]
    YearOutOfRange {
        /// The year, counted as in ISO 8601.
        year: i32,
    },
}

/// The day in the language's long form: `8. tammikuuta 2027`, `8 januari 2027`, `8 January 2027`.
///
/// `language` is a BCP 47 tag. `en` alone is read as `en-GB`; other tags mean what CLDR makes of
/// them. The text may hold spaces that do not break and marks of direction, as CLDR has them.
///
/// # Errors
/// - [`WrittenDateError::NotALanguageTag`]: the tag cannot be parsed.
/// - [`WrittenDateError::UnknownLanguage`]: CLDR has no dates in that language.
/// - [`WrittenDateError::YearOutOfRange`]: the year is not within -9999 to 9999.
pub fn written(day: NaiveDate, language: &str) -> Result<String, WrittenDateError> {
    let locale = known_locale(language)?;
    with_fields(day, &locale, YMD::long())
}

/// The day in the language's short form, in digits, always with the full year: `8.1.2027`,
/// `2027-01-08`, `08/01/2027`.
///
/// Zeros stand where CLDR has them: in English and Swedish, not in Finnish. The region counts: `sv`
/// is `2027-01-08`, `sv-FI` is `08.01.2027`. `language` is as for [`written`].
///
/// # Errors
/// As for [`written`].
pub fn written_short(day: NaiveDate, language: &str) -> Result<String, WrittenDateError> {
    let locale = known_locale(language)?;
    with_fields(day, &locale, YMD::short().with_year_style(YearStyle::Full))
}

/// The locale of a tag in whose language dates are known.
///
/// icu writes dates even in a language it does not know, with months such as `M01`. A letter must
/// not, so a language whose months are those of no language at all is refused. Of the languages of
/// Finland these are the Sami ones (icu data 2.4, checked 2026-11-22): their letters name a
/// language to fall back on.
fn known_locale(language: &str) -> Result<Locale, WrittenDateError> {
    let Ok(mut locale) = Locale::try_from_str(language) else {
        return Err(WrittenDateError::NotALanguageTag { language: language.to_owned() });
    };
    if locale.id == locale!("en").id {
        locale.id.region = Some(region!("GB"));
    }
    let mut no_language = locale.clone();
    no_language.id = locale!("und").id;
    let sample = |locale: &Locale| with_fields(NaiveDate::default(), locale, YMD::long());
    match (sample(&locale), sample(&no_language)) {
        (Ok(here), Ok(nowhere)) if here != nowhere => Ok(locale),
        _ => Err(WrittenDateError::UnknownLanguage { language: language.to_owned() }),
    }
}

fn with_fields(day: NaiveDate, locale: &Locale, fields: YMD) -> Result<String, WrittenDateError> {
    let out_of_range = || WrittenDateError::YearOutOfRange { year: day.year() };
    let [month, day_of_month] = [day.month(), day.day()].map(|part| u8::try_from(part).map_err(|_| out_of_range()));
    let date = Date::try_new_gregorian(day.year(), month?, day_of_month?).map_err(|_| out_of_range())?;
    let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale.into(), fields)
        .map_err(|_| WrittenDateError::UnknownLanguage { language: locale.to_string() })?;
    Ok(formatter.format(&date).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn check(language: &str, on: &str, long: &str, short: &str) {
        let found = (written(day(on), language).unwrap(), written_short(day(on), language).unwrap());
        assert_eq!(found, (long.to_owned(), short.to_owned()), "{language}");
    }

    #[test]
    fn dates_are_written_as_the_language_writes_them() {
        check("fi", "2027-01-08", "8. tammikuuta 2027", "8.1.2027");
        check("fi", "2027-12-31", "31. joulukuuta 2027", "31.12.2027");
        check("sv", "2027-01-08", "8 januari 2027", "2027-01-08");
        check("sv-FI", "2027-01-08", "8 januari 2027", "08.01.2027");
        check("en", "2027-01-08", "8 January 2027", "08/01/2027");
        check("en-GB", "2027-01-08", "8 January 2027", "08/01/2027");
        check("en-US", "2027-01-08", "January 8, 2027", "1/8/2027");
        check("et", "2027-01-08", "8 jaanuar 2027", "08.01.2027");
        // a narrow space that does not break stands before the word for year
        check("ru", "2027-01-08", "8 января 2027\u{202f}г.", "08.01.2027");
        // the Gregorian calendar where another one is usual, or asked for
        check("fa", "2027-01-08", "۸ ژانویه ۲۰۲۷", "۲۰۲۷/۱/۸");
        check("th", "2027-01-08", "8 มกราคม ค.ศ. 2027", "8/1/2027");
        check("fi-u-ca-buddhist", "2027-01-08", "8. tammikuuta 2027", "8.1.2027");
    }

    #[test]
    fn no_month_is_left_in_english() {
        for month in 1..=12 {
            let on = NaiveDate::from_ymd_opt(2027, month, 8).unwrap();
            let english = written(on, "en").unwrap();
            let month_of = |text: &str| text.split(' ').nth(1).unwrap().to_owned();
            let (fi, sv) = (written(on, "fi").unwrap(), written(on, "sv").unwrap());
            assert!(month_of(&fi).ends_with("kuuta"), "{fi}");
            assert_ne!(fi, english);
            // six Swedish months are spelt as in English, with a small letter
            assert_ne!(month_of(&sv), month_of(&english));
            assert_eq!(sv, sv.to_lowercase());
        }
    }

    #[test]
    fn languages_that_cannot_be_written_are_refused() {
        for tag in ["", "f", "suomi kieli", "fi_FI", "fi-", "12"] {
            let expected = WrittenDateError::NotALanguageTag { language: tag.to_owned() };
            assert_eq!(written(day("2027-01-08"), tag), Err(expected), "{tag}");
        }
        for tag in ["und", "und-FI", "xx", "xx-u-nu-arab", "se"] {
            let expected = WrittenDateError::UnknownLanguage { language: tag.to_owned() };
            assert_eq!(written(day("2027-01-08"), tag), Err(expected.clone()), "{tag}");
            assert_eq!(written_short(day("2027-01-08"), tag), Err(expected), "{tag}");
        }
    }

    #[test]
    fn years_that_cannot_be_written_are_refused() {
        assert!(written(day("9999-12-31"), "fi").is_ok());
        let year = NaiveDate::MAX.year();
        assert_eq!(written(NaiveDate::MAX, "fi"), Err(WrittenDateError::YearOutOfRange { year }));
    }
}
