//! The packed open data the sample stands on: `data/*.tsv`, read into tables. Origin, licence and changes of each file
//! stand in `data/ATTRIBUTION.md`; nothing here is invented.

use super::dice::Dice;

/// Ages that the population table tells apart: 0 to 99, and 100 for a hundred and over.
pub(super) const AGES: usize = 101;

/// The age groups of Paavo, as first ages; the last is open.
pub(super) const GROUPS: [usize; 20] = [0, 3, 7, 13, 16, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85];

/// One postal area of Helsinki, with what the sample uses of Paavo 2026.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostalArea {
    /// Postal code.
    pub code: &'static str,
    /// Name in Finnish.
    pub name_fi: &'static str,
    /// Name in Swedish.
    pub name_sv: &'static str,
    /// Area, square metres.
    pub area_m2: u32,
    /// Easting of its middle, metres of EPSG:3067.
    pub east_m: u32,
    /// Northing of its middle, metres of EPSG:3067.
    pub north_m: u32,
    /// Residents.
    pub residents: u32,
    /// Residents by register sex, women and men.
    pub by_sex: [u32; 2],
    /// Residents by age group: 0-2, 3-6, 7-12, 13-15, 16-17, 18-19, then five years each, 85 and over.
    pub by_age: [u32; 20],
    /// Households.
    pub households: u32,
    /// Households of one person.
    pub singles: u32,
    /// Households with somebody under 18.
    pub with_children: u32,
    /// Households of one parent and children, among those with children.
    pub one_parent: u32,
    /// Residential buildings.
    pub buildings: u32,
    /// Dwellings.
    pub dwellings: u32,
    /// Dwellings in small houses.
    pub in_small_houses: u32,
    /// Dwellings in blocks of flats.
    pub in_blocks: u32,
}

/// A school or a day-care unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Name, in the unit's own language.
    pub name: &'static str,
    /// Language of service: `fi`, `sv` or `en`.
    pub language: &'static str,
    /// Postal area it stands in.
    pub postal_code: &'static str,
    /// Schools: whether its name says that it takes beginners. Day care: whether it is open already.
    pub takes_children: bool,
    /// Latitude and longitude, WGS84, as the source writes them. Nothing in the sample computes with them.
    pub place: (&'static str, &'static str),
}

/// A municipality of 2026.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// Code, three digits.
    pub code: &'static str,
    /// Name in Finnish.
    pub name_fi: &'static str,
    /// Name in Swedish.
    pub name_sv: &'static str,
}

/// Names with their bearers, to draw from.
pub(super) struct NameTable {
    names: Vec<&'static str>,
    // INVARIANT (ascending): bearers of all names up to and with the one at the same position
    upto: Vec<u32>,
}

impl NameTable {
    fn of(rows: impl Iterator<Item = (&'static str, u32)>) -> Self {
        let mut reached = 0_u32;
        let (names, upto) = rows
            .map(|(name, bearers)| {
                reached = reached.saturating_add(bearers);
                (name, reached)
            })
            .unzip();
        Self { names, upto }
    }

    /// A name, as likely as it is common.
    pub(super) fn draw(&self, dice: &mut Dice) -> &'static str {
        let thrown = dice.below(self.upto.last().copied().unwrap_or_default());
        let at = self.upto.partition_point(|upto| *upto <= thrown);
        self.names.get(at).copied().unwrap_or_default()
    }

    /// How many names there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}

/// All tables.
pub(super) struct Source {
    pub(super) areas: Vec<PostalArea>,
    /// Residents of Helsinki by age and register sex (women, men), 31 December 2020.
    pub(super) ages: Vec<[u32; 2]>,
    /// First names of women and men.
    pub(super) first_names: [NameTable; 2],
    /// Further given names of women and men.
    pub(super) middle_names: [NameTable; 2],
    pub(super) surnames: NameTable,
    /// Surnames with an ending common among Swedish-speaking families: our own reading, the source has no language.
    pub(super) surnames_sv: NameTable,
    pub(super) schools: Vec<Unit>,
    pub(super) day_care: Vec<Unit>,
    /// Streets by postal code.
    pub(super) streets: Vec<(&'static str, &'static str)>,
    pub(super) municipalities: Vec<Municipality>,
}

const SWEDISH_ENDINGS: [&str; 14] = [
    "ström", "berg", "qvist", "kvist", "lund", "man", "holm", "sson", "roos", "bäck", "strand", "gren", "blom", "fors",
];

/// The rows of a packed table, without its head, as cells.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).filter(|line| !line.is_empty()).map(|line| line.split('\t').collect())
}

fn cell(row: &[&'static str], at: usize) -> &'static str {
    row.get(at).copied().unwrap_or_default()
}

/// A count; an empty cell is one that was not published, and counts as nobody.
fn count(row: &[&'static str], at: usize) -> u32 {
    cell(row, at).parse().unwrap_or_default()
}

fn names(text: &'static str) -> NameTable {
    NameTable::of(rows(text).map(|row| (cell(&row, 0), count(&row, 1))))
}

fn area(row: &[&'static str]) -> PostalArea {
    PostalArea {
        code: cell(row, 0),
        name_fi: cell(row, 1),
        name_sv: cell(row, 2),
        area_m2: count(row, 3),
        east_m: count(row, 4),
        north_m: count(row, 5),
        residents: count(row, 6),
        by_sex: [count(row, 7), count(row, 8)],
        by_age: std::array::from_fn(|group| count(row, 9 + group)),
        households: count(row, 29),
        singles: count(row, 30),
        with_children: count(row, 31),
        one_parent: count(row, 32),
        buildings: count(row, 33),
        dwellings: count(row, 34),
        in_small_houses: count(row, 35),
        in_blocks: count(row, 36),
    }
}

impl Source {
    /// The packed data.
    pub(super) fn packed() -> Self {
        let surnames = include_str!("../../data/surnames.tsv");
        let swedish = rows(surnames)
            .map(|row| (cell(&row, 0), count(&row, 1)))
            .filter(|(name, _)| SWEDISH_ENDINGS.iter().any(|ending| name.ends_with(ending)));
        Self {
            areas: rows(include_str!("../../data/areas.tsv")).map(|row| area(&row)).collect(),
            ages: rows(include_str!("../../data/ages.tsv")).map(|row| [count(&row, 2), count(&row, 1)]).collect(),
            first_names: [
                names(include_str!("../../data/first_names_female.tsv")),
                names(include_str!("../../data/first_names_male.tsv")),
            ],
            middle_names: [
                names(include_str!("../../data/middle_names_female.tsv")),
                names(include_str!("../../data/middle_names_male.tsv")),
            ],
            surnames: names(surnames),
            surnames_sv: NameTable::of(swedish),
            schools: rows(include_str!("../../data/schools.tsv"))
                .map(|row| Unit {
                    name: cell(&row, 0),
                    language: cell(&row, 1),
                    postal_code: cell(&row, 2),
                    takes_children: cell(&row, 3) == "1",
                    place: (cell(&row, 5), cell(&row, 6)),
                })
                .collect(),
            day_care: rows(include_str!("../../data/daycare.tsv"))
                .map(|row| Unit {
                    name: cell(&row, 0),
                    language: cell(&row, 2),
                    postal_code: cell(&row, 3),
                    takes_children: !cell(&row, 0).contains("avautuu"),
                    place: (cell(&row, 4), cell(&row, 5)),
                })
                .collect(),
            streets: rows(include_str!("../../data/streets.tsv")).map(|row| (cell(&row, 0), cell(&row, 1))).collect(),
            municipalities: rows(include_str!("../../data/municipalities.tsv"))
                .map(|row| Municipality { code: cell(&row, 0), name_fi: cell(&row, 1), name_sv: cell(&row, 2) })
                .collect(),
        }
    }

    /// The Paavo group of an age.
    pub(super) fn group(age: usize) -> usize {
        GROUPS.partition_point(|first| *first <= age) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packed_tables_keep_the_totals_of_their_sources() {
        let source = Source::packed();
        let sum = |of: fn(&PostalArea) -> u32| source.areas.iter().map(of).sum::<u32>();
        assert_eq!(source.areas.len(), 84);
        assert_eq!(sum(|area| area.residents), 672_201, "Paavo 2026, Helsinki");
        assert_eq!(sum(|area| area.by_age.iter().sum()), 672_201);
        assert_eq!(sum(|area| area.by_sex.iter().sum()), 672_201);
        assert_eq!(sum(|area| area.households), 360_363);
        assert_eq!(sum(|area| area.dwellings), 399_263);
        assert_eq!(source.ages.len(), AGES);
        assert_eq!(source.ages.iter().flatten().sum::<u32>(), 656_920, "table 11re, Helsinki, 2020");
        assert_eq!(source.ages[0].iter().sum::<u32>(), 6_499);
        assert_eq!((source.schools.len(), source.day_care.len(), source.municipalities.len()), (119, 460, 308));
    }

    #[test]
    fn every_table_can_be_drawn_from() {
        let source = Source::packed();
        let mut dice = Dice::new(1, super::super::dice::Stream::Plan, 0);
        let tables =
            source.first_names.iter().chain(&source.middle_names).chain([&source.surnames, &source.surnames_sv]);
        for table in tables {
            assert!(table.len() > 50);
            assert!(!table.draw(&mut dice).is_empty());
        }
        assert!(source.streets.len() > 400);
        for language in ["fi", "sv"] {
            assert!(source.schools.iter().any(|school| school.language == language && school.takes_children));
        }
    }

    #[test]
    fn groups_of_ages() {
        for (age, group) in [(0, 0), (2, 0), (3, 1), (6, 1), (17, 4), (18, 5), (20, 6), (84, 18), (85, 19), (100, 19)] {
            assert_eq!(Source::group(age), group, "{age}");
        }
    }

    #[test]
    fn the_packed_data_stays_small() {
        let packed = [
            include_str!("../../data/areas.tsv"),
            include_str!("../../data/ages.tsv"),
            include_str!("../../data/surnames.tsv"),
            include_str!("../../data/first_names_female.tsv"),
            include_str!("../../data/first_names_male.tsv"),
            include_str!("../../data/middle_names_female.tsv"),
            include_str!("../../data/middle_names_male.tsv"),
            include_str!("../../data/schools.tsv"),
            include_str!("../../data/daycare.tsv"),
            include_str!("../../data/streets.tsv"),
            include_str!("../../data/municipalities.tsv"),
        ];
        assert!(packed.iter().map(|table| table.len()).sum::<usize>() < 400_000);
    }
}
