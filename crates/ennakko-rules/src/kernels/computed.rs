//! Facts, numbers, ages and days in vectors: a row at a time, what [`walk`](crate::walk) says of it.

use chrono::{Datelike, NaiveDate};
use ennakko_core::age::{age_range_on, age_reached_in, birthday};
use ennakko_core::day::{PartialDate, day_of_number};
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::record::Sex;
use ennakko_core::register::{BuildingRow, CellsView, HouseholdRow, Life, Resident, ResidentRow, SubjectRow};
use ennakko_core::value::{Fact, Value};

use super::frame::{Asked, Frame, Vector};
use super::item::{Ask, Item};
use super::node::Link;
use super::piece::{Piece, Reading};
use crate::engine::Mode;
use crate::parameters::{ParameterRow, ParameterValue, Status};
use crate::step::{Arithmetic, BuildingFact, DayPart, ResidentFact};
use crate::walk::{moved, utility_of};

impl<'v> Frame<'v> {
    pub(super) fn computed(&mut self, piece: &'v Piece<'v>, asked: Asked<'_>) -> Vector<'v> {
        match piece {
            Piece::Arithmetic { by, sides } => {
                self.of_two(asked, sides, |_, _, left, right| arithmetic(*by, left, right))
            }
            Piece::Negate(of) => {
                let of = self.come(of, asked);
                self.each(asked, |_, row| match of[row].number()? {
                    Some(number) => number.checked_neg().map(Item::Number).ok_or(Ask),
                    None => Ok(Item::Unknown),
                })
            }
            Piece::Parameter { rows, day } => {
                let day = self.come(day, asked);
                self.each(asked, |frame, row| match day[row].exact()? {
                    Some(day) => frame.parameter(rows, day),
                    None => Ok(Item::Unknown),
                })
            }
            Piece::Fact { of, fact } => {
                let of = self.come(of, asked);
                self.each(asked, |frame, row| frame.fact(of[row], fact))
            }
            Piece::AgeOn(sides) => self.ages_on(sides, asked),
            Piece::AgeReachedIn(sides) => self.of_two(asked, sides, |frame, _, person, year| {
                let (person, year) = (frame.person(person)?, year.number()?);
                let (Some(person), Some(year)) = (person, year) else { return Ok(Item::Unknown) };
                let Fact::Known(born) = person.born() else { return Ok(Item::Unknown) };
                let reached = i32::try_from(year).ok().and_then(|year| age_reached_in(born, year));
                Ok(reached.map_or(Item::Unknown, |age| Item::Number(age.into())))
            }),
            Piece::LivesInCityOn(sides) => self.of_two(asked, sides, |frame, _, person, day| {
                let (day, person) = (day.exact()?, frame.person(person)?);
                let (Some(person), Some(day)) = (person, day) else { return Ok(Item::Unknown) };
                Ok(Item::of_fact(person.lives_in_on(&frame.over.ground.world.municipality, day), Item::Truth))
            }),
            Piece::Part { of, part } => {
                let of = self.come(of, asked);
                self.each(asked, |_, row| part_of(of[row], *part))
            }
            Piece::Plus { unit, sides } => self.of_two(asked, sides, |_, _, day, number| {
                let number = number.number()?;
                let day = match day {
                    Item::Day(day) => day,
                    Item::Unknown => return Ok(Item::Unknown),
                    _ => return Err(Ask),
                };
                let Some(number) = number else { return Ok(Item::Unknown) };
                let (first, last) = (moved(day.first(), *unit, number), moved(day.last(), *unit, number));
                let moved = PartialDate::between(first.ok_or(Ask)?, last.ok_or(Ask)?);
                moved.map(Item::Day).map_err(|_| Ask)
            }),
            Piece::DaysUntil(sides) => self.of_two(asked, sides, |_, _, from, to| {
                let (Some(from), Some(to)) = (from.exact()?, to.exact()?) else { return Ok(Item::Unknown) };
                Ok(Item::Number(to.signed_duration_since(from).num_days()))
            }),
            _ => self.each(asked, |_, _| Err(Ask)),
        }
    }

    fn person(&self, item: Item<'v>) -> Result<Option<Resident<'v>>, Ask> {
        match item {
            Item::Person(row) => {
                let row = ResidentRow::at(row).ok_or(Ask)?;
                Ok(Some(self.over.ground.world.register.resident(row)))
            }
            Item::Unknown => Ok(None),
            _ => Err(Ask),
        }
    }

    fn ages_on(&mut self, sides: &'v [Piece<'v>; 2], asked: Asked<'_>) -> Vector<'v> {
        let [of, day] = sides;
        let of = self.come(of, asked);
        let is_today = matches!(day, Piece::Today);
        let day = if is_today { self.today() } else { self.come(day, asked) };
        self.each(asked, |frame, row| {
            let (day, person) = (day[row].exact()?, frame.person(of[row])?);
            let (Some(person), Some(day)) = (person, day) else { return Ok(Item::Unknown) };
            let Fact::Known(born) = person.born() else { return Ok(Item::Unknown) };
            let policy = frame.over.ground.world.leap_day;
            let (least, most) = age_range_on(born, day, policy);
            if is_today {
                // each possible birth day gives the same age up to the next birthday
                for (born, age) in [(born.last(), least), (born.first(), most)] {
                    match age.checked_add(1).and_then(|next| birthday(born, next, policy)) {
                        Some(next) => frame.same_before(row, next),
                        None => frame.same_today(row),
                    }
                }
            }
            Ok(if least == most { Item::Number(least.into()) } else { Item::Age(least.into(), most.into()) })
        })
    }

    fn parameter(&self, rows: &'v [ParameterRow], on: NaiveDate) -> Result<Item<'v>, Ask> {
        let row = rows.iter().find(|row| row.from <= on && on < row.until).ok_or(Ask)?;
        if row.status == Status::Expected && self.over.ground.mode == Mode::Run {
            return Err(Ask);
        }
        Ok(match &row.value {
            ParameterValue::Int(number) => Item::Number(*number),
            ParameterValue::Bool(holds) => Item::Truth(*holds),
            ParameterValue::Text(text) => Item::Text(text),
            ParameterValue::Ints(numbers) => Item::Numbers(numbers),
        })
    }

    fn fact(&self, of: Item<'v>, fact: &Reading<'v>) -> Result<Item<'v>, Ask> {
        match (of, fact) {
            (Item::Person(row), Reading::Resident(fact)) => self.of_person(row, *fact),
            (Item::Building(row), Reading::Building(fact)) => self.of_building(row, *fact),
            (Item::Stairwell(lift), Reading::Lift) => Ok(Item::of_fact(lift, Item::Truth)),
            (Item::Person(row), Reading::Declared { of: SubjectKind::Resident, id, cells }) => {
                self.declared(*cells, row, *id, ResidentRow::at(row).map(SubjectRow::Resident))
            }
            (Item::Household(row), Reading::Declared { of: SubjectKind::Household, id, cells }) => {
                self.declared(*cells, row, *id, HouseholdRow::at(row).map(SubjectRow::Household))
            }
            (Item::Building(row), Reading::Declared { of: SubjectKind::Building, id, cells }) => {
                self.declared(*cells, row, *id, BuildingRow::at(row).map(SubjectRow::Building))
            }
            (Item::Unknown, _)
            | (Item::Person(_), Reading::Nothing(SubjectKind::Resident))
            | (Item::Household(_), Reading::Nothing(SubjectKind::Household))
            | (Item::Building(_), Reading::Nothing(SubjectKind::Building)) => Ok(Item::Unknown),
            _ => Err(Ask),
        }
    }

    fn declared(
        &self,
        cells: CellsView<'v>,
        row: usize,
        id: ennakko_core::register::FactId,
        subject: Option<SubjectRow>,
    ) -> Result<Item<'v>, Ask> {
        Ok(match cells {
            CellsView::Bool(of) => Item::of_fact(of.get(row), |value| Item::Truth(value == 1)),
            CellsView::Int(of) => Item::of_fact(of.get(row), Item::Number),
            CellsView::Text(of) => Item::of_fact(of.get(row), |text| Item::Text(text)),
            CellsView::Day { first, last } => match (first.get(row), last.get(row)) {
                (Fact::Known(first), Fact::Known(last)) => {
                    let days = PartialDate::between(day_of_number(first), day_of_number(last));
                    Item::Day(days.map_err(|_| Ask)?)
                }
                (Fact::None, _) => Item::None,
                _ => Item::Unknown,
            },
            CellsView::Place => {
                let subject = self.over.ground.world.register.subject(subject.ok_or(Ask)?);
                match subject.fact(id, self.over.on) {
                    Fact::Known(Value::Place(place)) => self.places.keep(place),
                    Fact::Known(_) => return Err(Ask),
                    Fact::None => Item::None,
                    Fact::Unknown(_) => Item::Unknown,
                }
            }
        })
    }

    fn of_person(&self, row: usize, fact: ResidentFact) -> Result<Item<'v>, Ask> {
        let person = || ResidentRow::at(row).map(|row| self.over.ground.world.register.resident(row)).ok_or(Ask);
        Ok(match fact {
            ResidentFact::Born => Item::of_fact(person()?.born(), Item::Day),
            ResidentFact::BirthYear => Item::of_fact(person()?.born(), |born| {
                born.year().map_or(Item::Unknown, |year| Item::Number(year.into()))
            }),
            ResidentFact::Sex => {
                Item::of_fact(person()?.sex(), |sex| Item::Text(if sex == Sex::Female { "female" } else { "male" }))
            }
            ResidentFact::Alive => match person()?.life() {
                Life::Alive => Item::Truth(true),
                Life::Dead => Item::Truth(false),
                Life::Disputed | Life::NotKnown => Item::Unknown,
            },
            ResidentFact::Language => Item::of_fact(person()?.language(), |language| Item::Text(language)),
            ResidentFact::LivesInCity => {
                Item::of_fact(person()?.lives_in(&self.over.ground.world.municipality), Item::Truth)
            }
            ResidentFact::HomeBuilding => Item::of_fact(Link::HomeBuilding.follow(self.over, row), Item::Building),
            ResidentFact::Household => Item::of_fact(Link::Household.follow(self.over, row), Item::Household),
            ResidentFact::Custodians => return Err(Ask),
        })
    }

    fn of_building(&self, row: usize, fact: BuildingFact) -> Result<Item<'v>, Ask> {
        let building = self.over.ground.world.register.building(BuildingRow::at(row).ok_or(Ask)?);
        Ok(match fact {
            BuildingFact::IntendedUse => Item::of_fact(building.intended_use(), |code| Item::Text(code)),
            BuildingFact::BuiltYear => Item::of_fact(building.built_year(), Item::Number),
            BuildingFact::Storeys => Item::of_fact(building.storeys(), Item::Number),
            BuildingFact::Dwellings => Item::of_fact(building.dwellings(), Item::Number),
            BuildingFact::AreaM2 => Item::of_fact(building.area_m2(), Item::Number),
            BuildingFact::Has(utility) => Item::of_fact(utility_of(utility, building.facilities()), Item::Truth),
            BuildingFact::Connected(utility) => Item::of_fact(utility_of(utility, building.connections()), Item::Truth),
            BuildingFact::Stairwells => return Err(Ask),
        })
    }
}

fn arithmetic<'v>(by: Arithmetic, left: Item<'v>, right: Item<'v>) -> Result<Item<'v>, Ask> {
    // an age in part stays one some years on
    let moved = match (by, left, right) {
        (Arithmetic::Add, Item::Age(least, most), Item::Number(years))
        | (Arithmetic::Add, Item::Number(years), Item::Age(least, most)) => Some((least, most, years)),
        (Arithmetic::Subtract, Item::Age(least, most), Item::Number(years)) => {
            Some((least, most, years.saturating_neg()))
        }
        _ => None,
    };
    if let Some((least, most, years)) = moved {
        return match (least.checked_add(years), most.checked_add(years)) {
            (Some(least), Some(most)) => Ok(Item::Age(least, most)),
            _ => Err(Ask),
        };
    }
    let (left, right) = (left.number()?, right.number()?);
    let (Some(left), Some(right)) = (left, right) else { return Ok(Item::Unknown) };
    let number = match by {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide => left.checked_div(right),
        Arithmetic::Remainder => left.checked_rem(right),
        Arithmetic::Min => Some(left.min(right)),
        Arithmetic::Max => Some(left.max(right)),
    };
    number.map(Item::Number).ok_or(Ask)
}

fn part_of(day: Item<'_>, part: DayPart) -> Result<Item<'_>, Ask> {
    let day = match day {
        Item::Day(day) => day,
        Item::Unknown => return Ok(Item::Unknown),
        _ => return Err(Ask),
    };
    let number = match part {
        DayPart::Year => day.year().map(i64::from),
        DayPart::Month => day.day().map(|day| day.month().into()),
        DayPart::Day => day.day().map(|day| day.day().into()),
    };
    Ok(number.map_or(Item::Unknown, Item::Number))
}
