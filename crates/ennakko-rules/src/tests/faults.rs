//! Seeded faults of the checker: each wrong checker is noticed by a mistake that it tells otherwise, or by something
//! right that it tells of.

use super::due;
use super::look_alikes::{LookAlike, look_alikes};
use super::mistakes::{Case, cases, told};
use crate::fault::{Fault, with};

/// What notices each fault: a mistake by its name, a look-alike as it is written, or the days on which things run out.
const NOTICED_BY: &[(Fault, &str)] = &[
    (Fault::NoneNeedsNoTest, "a number that may be none, compared by order"),
    (Fault::NoneEqualsNone, "both sides may be none"),
    (Fault::InsteadOfNoneIsNone, "(child.place_year ?? start.year) < start.year"),
    (Fault::NobodyHasALeast, "the smallest of a list that may be empty"),
    (Fault::AndNotFollowed, "child.place_year != () && child.place_year >= start.year"),
    (Fault::OrFollowedAsAnd, "child.place_year == () || child.place_year >= start.year"),
    (Fault::BranchesNotFollowed, "if child.place_year != () { child.place_year < start.year } else { child.flag }"),
    (Fault::ElseTakenForThen, "if child.place_year == () { true } else { child.place_year < start.year }"),
    (Fault::CasesForgotten, "a switch with a case twice"),
    (
        Fault::GuardsAlwaysHold,
        r#"switch child.sex { "female" if child.flag => true, "female" => child.other, _ => false }"#,
    ),
    (Fault::SidesNotTurned, "0 > child.income || child.income == 1"),
    (Fault::LessTakenForLessOrEqual, "child.income < 1 || child.income == 1"),
    (Fault::AlwaysNotTold, "always one or the other"),
    (Fault::NeverNotTold, "never true together"),
    (Fault::NoneForgottenInProofs, r#"child.sex == "female" || child.sex == "male""#),
    (Fault::OverflowNotSeen, "a product that is too large"),
    (Fault::ZeroDivides, "division by what may be zero"),
    (Fault::DaysMayLeaveTheCalendar, "a day out of the calendar"),
    (Fault::RoughAgesMoveDays, "an age that moves a day"),
    (Fault::HalfOpenTakenForClosed, "a range that is empty"),
    (Fault::WindowsMayBeEmpty, "a window that may be of no day"),
    (Fault::LeadingZerosNotSeen, "leading zero"),
    (Fault::EverythingComparable, "a text compared with a day"),
    (Fault::UnitsNotCompared, "cents against years"),
    (Fault::KilometresAreMetres, "kilometres against metres"),
    (Fault::CodesNotLookedUp, "a code that is in no list"),
    (Fault::ListsOfCodesMixed, "a code of another list"),
    (Fault::OthersTakenForSubjects, "fact of another person"),
    (Fault::HelpersReadNothing, "fact of another person through a helper"),
    (Fault::ClosuresReadNothing, "fact of another person"),
    (Fault::OriginMayDecide, "a language that decides"),
    (Fault::AnySectionWillDo, "a section for another fact"),
    (Fault::CohortMayReadHomes, "a municipality in the cohort"),
    (Fault::LimitsNotTold, "a limit in the rule's text"),
    (Fault::LimitsOfCohortsTold, "limits that rest on no law"),
    (Fault::MunicipalitiesNotTold, "a municipality in the rule's text"),
    (Fault::UnderscoresTold, "child.custodians.some(|_c| child.flag)"),
    (Fault::NamesOfLinesNotCompared, "duplicate name in two functions"),
    (Fault::OccasionsMayComeAgain, "an occasion that would come again"),
    (Fault::FarNamesMeant, "unknown part of a day"),
    (Fault::WhatFollowsIsTold, "a fact with an error that a rule reads"),
    (Fault::CirclesNotSeen, "a helper that calls itself"),
    (Fault::HelpersNotLookedInto, "a helper given something else"),
    (Fault::ClosuresNotLookedInto, "a member that is no test"),
    (Fault::IdsOfRoundsNotCompared, "two rounds with one id"),
    (Fault::RoundsTouch, "a round that opens when another closes"),
    (Fault::VersionsTouch, "a version that begins when another ends"),
    (Fault::RowsTouch, "bounds of a number"),
    (Fault::GapsNotSeen, "gap between rows"),
    (Fault::RowsEndADayLater, "what runs out"),
    (Fault::EndsOfMonthsNotTold, "end that is the last day of a month"),
    (Fault::SwedishNotWanted, "Swedish texts missing"),
    (Fault::RepliesAfterTheRound, "replies asked for until the round closes"),
    (Fault::PlacesAnywhere, "a place outside what is offered"),
    (Fault::TermsToldWithoutAnOffer, "a sentence of a condition with a term"),
    (Fault::NamesNotHeard, "a fact that sounds like a diagnosis and does not say"),
    (Fault::SilenceMayCost, "silence that accepts what costs a fee"),
    (Fault::ChangedRulesStayApproved, "approval of a rule that changed since"),
    (Fault::HolidaysNotCompared, "holidays that end before a round"),
];

const RUN_OUT: &str = "what runs out";

/// What can notice a fault.
struct Suite {
    mistakes: Vec<Case>,
    look_alikes: Vec<LookAlike>,
}

impl Suite {
    fn notices(&self, fault: Fault, by: &str) -> bool {
        with(fault, || {
            let right = || self.look_alikes.iter().find(|look_alike| look_alike.name == by);
            match self.mistakes.iter().find(|case| case.name == by) {
                Some(case) => told(case) != case.expected,
                None if by == RUN_OUT => !due::is_told_on_its_day(),
                None => right().is_some_and(|look_alike| !look_alike.told().is_empty()),
            }
        })
    }

    /// The first that notices a fault.
    fn first_to_notice(&self, fault: Fault) -> Option<&str> {
        let right = self.look_alikes.iter().map(|look_alike| look_alike.name.as_str());
        let names = self.mistakes.iter().map(|case| case.name.as_str()).chain(right).chain([RUN_OUT]);
        names.into_iter().find(|name| self.notices(fault, name))
    }
}

#[test]
fn each_wrong_checker_is_noticed() {
    let suite = Suite { mistakes: cases(), look_alikes: look_alikes() };
    let mut wrong = String::new();
    for fault in Fault::CHECKER {
        let by = NOTICED_BY.iter().find(|(of, _)| of == fault).map(|(_, by)| *by);
        if !by.is_some_and(|by| suite.notices(*fault, by)) {
            let first = suite.first_to_notice(*fault);
            eprintln!("    (Fault::{fault:?}, {first:?}),");
            wrong = format!("{wrong}\n{fault:?} is noticed by {first:?} and not by {by:?}");
        }
    }
    assert!(Fault::CHECKER.len() >= 30 && NOTICED_BY.len() == Fault::CHECKER.len());
    assert!(wrong.is_empty(), "{wrong}");
}
