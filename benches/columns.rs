//! Rules written by hand over plain columns: what compiled rules are measured against, and nothing else.
//!
//! A person is one row in several arrays. Ages become ranges of birth days before any row is read, so that a rule is a few
//! comparisons of whole numbers. 64 rows make one word of a mask; what selects fewest comes first, and a word without
//! anybody is left at once. What a register says of somebody as *unknown* is a number that no comparison accepts.

#![expect(clippy::needless_bitwise_bool, reason = "without a branch, many rows are compared at once")]

use std::ops::{Range, RangeInclusive};

use chrono::{Datelike, NaiveDate};
use ennakko::Register;
use ennakko::core::day::day_number;
use ennakko::core::fact_table::SubjectKind;
use ennakko::core::record::Sex;
use ennakko::core::register::{FactId, SubjectRow};
use ennakko::core::{Fact, PartialDate, Value};

/// A day that is not known: before every day of a register.
pub const UNKNOWN_DAY: i32 = i32::MIN;
/// The day of a screening that never was: before every day of a register, and not unknown.
pub const NEVER: i32 = i32::MIN + 1;
/// A municipality, a year, a sex or a yes or no that is not known.
pub const UNKNOWN_CODE: u16 = u16::MAX;
/// The same in one byte.
pub const UNKNOWN_BYTE: u8 = u8::MAX;
/// A municipality that is not the city.
pub const ELSEWHERE: u16 = 0;
/// A year that there is none of.
pub const NO_YEAR: u16 = 0;

/// Rows of one word of a mask.
const WORD: usize = 64;
/// Words of one chunk, for many rules in one pass: 8 KB of birth days, which stay in the first cache.
const CHUNK_WORDS: usize = 32;

/// Everybody of a register, in its order. A row of somebody dead or without a record knows nothing.
pub struct Columns {
    /// Number of rows; the arrays have a few more, so that the last word is full.
    pub len: usize,
    /// Rows of living persons with a record.
    pub residents: Vec<u32>,
    /// Day of birth, days since 1970-01-01.
    pub born: Vec<i32>,
    /// 0 female, 1 male.
    pub sex: Vec<u8>,
    /// The number of the municipality, of the city only; [`ELSEWHERE`].
    pub municipality: Vec<u16>,
    /// The year of a school place, or [`NO_YEAR`].
    pub place_year: Vec<u16>,
    /// The day of the latest screening, or [`NEVER`].
    pub screened_on: Vec<i32>,
    /// 0 no, 1 yes.
    pub employed: Vec<u8>,
    /// Where each household's members begin, and one more.
    pub offsets: Vec<u32>,
    /// Rows of members.
    pub members: Vec<u32>,
    /// The city's own number.
    pub city: u16,
}

/// The reference rules lowered to numbers for one day.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// Birth days of those who turn seven this year.
    pub turns_seven: Range<i32>,
    /// This year.
    pub year: u16,
    /// Birth days of those who are 25 to 65.
    pub screened_age: Range<i32>,
    /// The first day, excluded, that is no longer 54 months ago.
    pub screened_before: i32,
    /// Birth days of those who are 16 to 28.
    pub young: Range<i32>,
    /// The last birth day, included, of those who are 71 or older.
    pub old_until: i32,
    /// The first birth day, included, of those who are not yet 7.
    pub small_from: i32,
}

/// What a rule of many asks beside the birth day: the reference rules' own questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Also {
    /// Lives in the city, has no school place of this year.
    NoPlace,
    /// Registered female, not screened of late.
    NotScreened,
    /// Lives in the city, not employed.
    NotEmployed,
}

/// One rule of many.
#[derive(Clone, Debug)]
pub struct OneOfMany {
    /// Ages, both included, on the day; for [`Also::NoPlace`] the one age reached in its year.
    pub ages: RangeInclusive<i32>,
    /// The rest.
    pub also: Also,
}

/// So many rules: the reference rules with other ages.
pub fn many(n_rules: usize) -> Vec<OneOfMany> {
    (0..n_rules)
        .map(|number| {
            let step = i32::try_from(number / 3).unwrap_or_default();
            match number % 3 {
                0 => OneOfMany { ages: 5 + step..=5 + step, also: Also::NoPlace },
                1 => OneOfMany { ages: 20 + step..=60 + step, also: Also::NotScreened },
                _ => OneOfMany { ages: 10 + step..=22 + step, also: Also::NotEmployed },
            }
        })
        .collect()
}

/// The last day of birth of those who have reached an age by a day; 29 February counts from 1 March in a common year.
pub fn born_by(years: i32, on: NaiveDate) -> i32 {
    let year = on.year() - years;
    let day = NaiveDate::from_ymd_opt(year, on.month(), on.day()).or(NaiveDate::from_ymd_opt(year, 2, 28));
    day.map_or(UNKNOWN_DAY, day_number)
}

/// Birth days of those whose age on a day is one of these.
pub fn born_in(ages: &RangeInclusive<i32>, on: NaiveDate) -> Range<i32> {
    born_by(ages.end() + 1, on) + 1..born_by(*ages.start(), on) + 1
}

/// Birth days of those who reach an age in a year.
pub fn born_in_year_of(age: i32, year: i32) -> Range<i32> {
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).map_or(UNKNOWN_DAY, day_number);
    first(year - age)..first(year - age + 1)
}

/// The last day that is so many months before a day or longer, where a month that lacks the day ends on its last.
pub fn months_before(months: i32, on: NaiveDate) -> i32 {
    let month = on.year() * 12 + on.month0().cast_signed() - months;
    let first = |month: i32| NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12).cast_unsigned() + 1, 1);
    let (Some(begins), Some(next)) = (first(month).map(day_number), first(month + 1).map(day_number)) else {
        return UNKNOWN_DAY;
    };
    let ends_month = on.succ_opt().is_some_and(|next| next.day() == 1);
    if ends_month { next - 1 } else { (begins + on.day0().cast_signed()).min(next - 1) }
}

impl Lowered {
    /// The rules on a day.
    pub fn on(day: NaiveDate) -> Self {
        Self {
            turns_seven: born_in_year_of(7, day.year()),
            year: u16::try_from(day.year()).unwrap_or(NO_YEAR),
            screened_age: born_in(&(25..=65), day),
            screened_before: months_before(54, day) + 1,
            young: born_in(&(16..=28), day),
            old_until: born_by(71, day),
            small_from: born_by(7, day) + 1,
        }
    }
}

/// A bit a row; the first row is the lowest bit of the first word.
pub type Mask = Vec<u64>;

/// 64 bytes that are 0 or 1 as the bits of a word.
#[inline]
fn word(rows: &[u8; WORD]) -> u64 {
    let (eights, _) = rows.as_chunks::<8>();
    // each byte of the product's highest takes one bit of the eight
    let byte = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |word, eight| word << 8 | byte(eight))
}

/// The word of the rows of which something is so.
#[inline]
fn word_of<T>(rows: &[T; WORD], is_so: impl Fn(&T) -> bool) -> u64 {
    let mut bytes = [0; WORD];
    for (byte, row) in bytes.iter_mut().zip(rows) {
        *byte = u8::from(is_so(row));
    }
    word(&bytes)
}

#[inline]
fn within(day: i32, days: &Range<i32>) -> bool {
    (days.start <= day) & (day < days.end)
}

/// Rows whose bits are set.
pub fn rows_of(mask: &[u64]) -> Vec<u32> {
    let n_rows: u32 = mask.iter().map(|word| word.count_ones()).sum();
    let mut rows = Vec::with_capacity(n_rows as usize);
    let mut first = 0;
    for word in mask {
        let mut left = *word;
        while left != 0 {
            rows.push(first + left.trailing_zeros());
            left &= left - 1;
        }
        first += u64::BITS;
    }
    rows
}

impl Columns {
    /// The columns of a register on its day.
    pub fn of(register: &Register, city: &str) -> Self {
        let fact = |name| register.fact_named(SubjectKind::Resident, name);
        let (place, screened, employed) = (fact("school_place_year"), fact("screened_on"), fact("employed"));
        let len = register.residents().last().map_or(0, |resident| resident.row().position() + 1);
        let padded = len.next_multiple_of(WORD);
        let mut columns = Self {
            len,
            residents: Vec::new(),
            born: vec![UNKNOWN_DAY; padded],
            sex: vec![UNKNOWN_BYTE; padded],
            municipality: vec![UNKNOWN_CODE; padded],
            place_year: vec![UNKNOWN_CODE; padded],
            screened_on: vec![UNKNOWN_DAY; padded],
            employed: vec![UNKNOWN_BYTE; padded],
            offsets: vec![0],
            members: Vec::new(),
            city: city.parse().unwrap_or(UNKNOWN_CODE),
        };
        for resident in register.residents() {
            if register.subject(SubjectRow::Resident(resident.row())).is_dead() {
                continue;
            }
            let value = |fact: Option<FactId>| fact.map(|fact| resident.fact(fact, register.day()));
            let at = resident.row().position();
            columns.residents.push(u32::try_from(at).unwrap_or(u32::MAX));
            columns.born[at] = resident.born().known().and_then(PartialDate::day).map_or(UNKNOWN_DAY, day_number);
            columns.sex[at] = match resident.sex() {
                Fact::Known(Sex::Female) => 0,
                Fact::Known(Sex::Male) => 1,
                Fact::None | Fact::Unknown(_) => UNKNOWN_BYTE,
            };
            columns.municipality[at] = match resident.lives_in(city) {
                Fact::Known(true) => columns.city,
                Fact::Known(false) | Fact::None => ELSEWHERE,
                Fact::Unknown(_) => UNKNOWN_CODE,
            };
            columns.place_year[at] = match value(place) {
                Some(Fact::Known(Value::Int(year))) => u16::try_from(year).unwrap_or(UNKNOWN_CODE),
                Some(Fact::None) => NO_YEAR,
                _ => UNKNOWN_CODE,
            };
            columns.screened_on[at] = match value(screened) {
                Some(Fact::Known(Value::Day(day))) => day.day().map_or(UNKNOWN_DAY, day_number),
                Some(Fact::None) => NEVER,
                _ => UNKNOWN_DAY,
            };
            columns.employed[at] = match value(employed) {
                Some(Fact::Known(Value::Bool(holds))) => u8::from(holds),
                _ => UNKNOWN_BYTE,
            };
        }
        for household in register.households() {
            let members = household.members().map(|member| u32::try_from(member.row().position()).unwrap_or_default());
            columns.members.extend(members);
            columns.offsets.push(u32::try_from(columns.members.len()).unwrap_or(u32::MAX));
        }
        columns
    }

    /// Turns seven this year, lives in the city, has no school place of this year.
    pub fn starts_school(&self, of: &Lowered) -> Mask {
        let (born, _) = self.born.as_chunks();
        let (municipality, _) = self.municipality.as_chunks();
        let (place_year, _) = self.place_year.as_chunks();
        let words = born.iter().zip(municipality).zip(place_year);
        words
            .map(|((born, municipality), place_year)| {
                let turn = word_of(born, |born| within(*born, &of.turns_seven));
                if turn == 0 {
                    return 0;
                }
                let no_place = word_of(place_year, |year| (*year != of.year) & (*year != UNKNOWN_CODE));
                turn & no_place & word_of(municipality, |municipality| *municipality == self.city)
            })
            .collect()
    }

    /// Registered female, 25 to 65, no screening in the last 54 months.
    pub fn screening(&self, of: &Lowered) -> Mask {
        let (born, _) = self.born.as_chunks::<WORD>();
        let (sex, _) = self.sex.as_chunks::<WORD>();
        let (screened_on, _) = self.screened_on.as_chunks::<WORD>();
        let words = born.iter().zip(sex).zip(screened_on);
        words
            .map(|((born, sex), screened_on)| {
                let mut bytes = [0; WORD];
                for (byte, ((born, screened_on), sex)) in bytes.iter_mut().zip(born.iter().zip(screened_on).zip(sex)) {
                    let long_ago = (*screened_on != UNKNOWN_DAY) & (*screened_on < of.screened_before);
                    *byte = u8::from(within(*born, &of.screened_age) & long_ago & (*sex == 0));
                }
                word(&bytes)
            })
            .collect()
    }

    /// 16 to 28, lives in the city, not employed.
    pub fn not_employed(&self, of: &Lowered) -> Mask {
        let (born, _) = self.born.as_chunks();
        let (municipality, _) = self.municipality.as_chunks();
        let (employed, _) = self.employed.as_chunks();
        let words = born.iter().zip(municipality).zip(employed);
        words
            .map(|((born, municipality), employed)| {
                let young = word_of(born, |born| within(*born, &of.young));
                if young == 0 {
                    return 0;
                }
                let idle = word_of(employed, |employed| *employed == 0);
                young & idle & word_of(municipality, |municipality| *municipality == self.city)
            })
            .collect()
    }

    /// The three reference rules.
    pub fn three(&self, of: &Lowered) -> [Mask; 3] {
        [self.starts_school(of), self.screening(of), self.not_employed(of)]
    }

    /// Many rules in one pass over chunks: what they ask beside the birth day is asked once.
    pub fn many(&self, rules: &[OneOfMany], day: NaiveDate) -> Vec<Mask> {
        let of = Lowered::on(day);
        let ranges: Vec<(Range<i32>, usize)> = rules
            .iter()
            .map(|rule| match rule.also {
                Also::NoPlace => (born_in_year_of(*rule.ages.start(), day.year()), 0),
                Also::NotScreened => (born_in(&rule.ages, day), 1),
                Also::NotEmployed => (born_in(&rule.ages, day), 2),
            })
            .collect();
        let (born, _) = self.born.as_chunks::<WORD>();
        let mut masks: Vec<Mask> = rules.iter().map(|_| Vec::with_capacity(born.len())).collect();
        for (at, born) in (0..).step_by(CHUNK_WORDS).zip(born.chunks(CHUNK_WORDS)) {
            let shared = self.shared(at, born.len(), &of);
            for ((range, also), mask) in ranges.iter().zip(&mut masks) {
                mask.extend(born.iter().zip(&shared[*also]).map(|(born, shared)| {
                    if *shared == 0 { 0 } else { shared & word_of(born, |born| within(*born, range)) }
                }));
            }
        }
        masks
    }

    /// What [`Also`] asks, for the words of one chunk.
    fn shared(&self, at: usize, n_words: usize, of: &Lowered) -> [[u64; CHUNK_WORDS]; 3] {
        let rows = at * WORD..(at + n_words) * WORD;
        let (municipality, _) = self.municipality[rows.clone()].as_chunks();
        let (place_year, _) = self.place_year[rows.clone()].as_chunks();
        let (sex, _) = self.sex[rows.clone()].as_chunks();
        let (screened_on, _) = self.screened_on[rows.clone()].as_chunks();
        let (employed, _) = self.employed[rows].as_chunks();
        let mut shared = [[0; CHUNK_WORDS]; 3];
        for at in 0..n_words {
            let in_city = word_of(&municipality[at], |municipality| *municipality == self.city);
            let no_place = word_of(&place_year[at], |year| (*year != of.year) & (*year != UNKNOWN_CODE));
            let long_ago = word_of(&screened_on[at], |day| (*day != UNKNOWN_DAY) & (*day < of.screened_before));
            shared[0][at] = in_city & no_place;
            shared[1][at] = long_ago & word_of(&sex[at], |sex| *sex == 0);
            shared[2][at] = in_city & word_of(&employed[at], |employed| *employed == 0);
        }
        shared
    }

    /// Households with a child under 7 and somebody over 70: their rows.
    pub fn young_and_old(&self, of: &Lowered) -> Vec<u32> {
        let is = |born: &i32| {
            let old = (*born <= of.old_until) & (*born != UNKNOWN_DAY);
            u8::from(*born >= of.small_from) | u8::from(old) << 1
        };
        // one byte a person, which stays in the second cache while households gather it
        let people: Vec<u8> = self.born.iter().map(is).collect();
        let mut rows = Vec::new();
        for (household, ends) in (0..).zip(self.offsets.windows(2)) {
            let members = &self.members[ends[0] as usize..ends[1] as usize];
            if members.iter().fold(0, |found, member| found | people[*member as usize]) == 3 {
                rows.push(household);
            }
        }
        rows
    }
}
