//! Seeded faults of kernels: each wrong kernel is noticed by a line, or by the outcomes of a rule, that walk says otherwise.

use ennakko_core::LeapDayPolicy;

use super::town::Which;
use super::{Found, Scene, rules};
use crate::fault::{Fault, with};

/// What notices each fault: a line or a rule, in a town.
const NOTICED_BY: &[(Fault, Which, &str)] = &[
    (Fault::LastWordOfABlockCut, Which::Large, "child.age_on(on) == 7"),
    (Fault::BlocksTakenForKnown, Which::Edges, "child.income <= 100"),
    (Fault::BasesForgotten, Which::Edges, "child.place_year == 2027"),
    (Fault::LastRowsLeftOut, Which::Edges, "child.income <= 100"),
    (Fault::FarEndsLeftOut, Which::Edges, "child.place_year != () && child.place_year >= on.year"),
    (Fault::RowsAloneNotLookedAt, Which::Edges, "child.home_building.built_year < 1990"),
    (Fault::BlocksTakenForPlain, Which::Edges, "child.age_on(on) in [6, 7, 12]"),
    (Fault::RangesTogetherAreEither, Which::Edges, "child.age_on(on) >= 6 && child.age_on(on) <= 7"),
    (Fault::NoneOfTwoForgotten, Which::Edges, "child.visited != () && child.visited <= on"),
    (Fault::SharedOfAnotherBlock, Which::Large, TOGETHER),
    (Fault::SelectionsLoseTheUnknown, Which::Edges, TOGETHER),
    (Fault::SelectionsStopAtTheFirst, Which::Edges, TOGETHER),
    (
        Fault::OpenMembersLeftOut,
        Which::Edges,
        "child.household != () && child.household.members.filter(|m| m.age_on(on) < 18).len() == 1",
    ),
    (Fault::MembersNeverUnknown, Which::Edges, "child.members.some(|m| m.flag ?? false)"),
    (Fault::MembersStay, Which::Edges, "child.household != () && child.household.members.some(|m| m.age_on(on) < 7)"),
    (
        Fault::FilteredMembersStay,
        Which::Edges,
        "child.household != () && child.household.members.filter(|m| m.age_on(on) < 18).len() == 1",
    ),
    (
        Fault::NobodyAtHomeTurnedRound,
        Which::Edges,
        "child.household != () && child.household.members.some(|m| m.age_on(on) < 7)",
    ),
    (Fault::OpenHomesCounted, Which::Edges, "child.household != () && child.household.members.len() == 2"),
    (Fault::LastMemberLeftOut, Which::Edges, "child.household != () && child.household.members.len() == 2"),
    (Fault::EndsMetADayLate, Which::Edges, "child.age_on(on) == 7"),
    (
        Fault::CoursesJoinedByAny,
        Which::Edges,
        "child.flag && child.age_on(on) >= 7 && child.age_on(o.opens) <= 17 && child.age_on(on) != 12",
    ),
    (Fault::CustodyStandsStill, Which::Edges, "child.custodians.len() == 2"),
    (Fault::DaysInPartMeetEnds, Which::Edges, "child.born.days_until(on) >= 2557"),
    (
        Fault::OpenListsWholeLater,
        Which::Edges,
        "child.household != () && child.household.members.some(|m| m.age_on(on) < 7)",
    ),
    (
        Fault::FiltersSkippedLater,
        Which::Edges,
        "child.household != () && child.household.members.filter(|m| m.age_on(on) < 18).len() == 1",
    ),
    (Fault::TestsOfBranchesStay, Which::Edges, "if child.age_on(on) >= 7 { child.flag } else { child.other }"),
    (Fault::PartsOverlookWhoMoves, Which::Edges, OVER_A_PERIOD),
    (Fault::TurnsNotTaken, Which::Edges, "school"),
    (Fault::SpansOfTheLastTest, Which::Edges, OVER_A_PERIOD),
    (Fault::WaitersHaveNothing, Which::Exact, "may_have"),
    (Fault::WaitersNeedOneCondition, Which::Edges, "custody"),
    (Fault::StretchesCutShort, Which::Edges, OVER_A_PERIOD),
    (Fault::UnknownTakenForNo, Which::Edges, "child.age_on(on) == 7"),
    (Fault::NoneTakenForNo, Which::Edges, "(child.place_year ?? 2000) < 2027"),
    (Fault::LastNumberLeftOut, Which::Edges, "child.income <= 100"),
    (Fault::DisputedTakenForDead, Which::Edges, "child.alive"),
    (Fault::PartsTakenForTheirFirstDay, Which::Edges, "child.age_on(on) < 7"),
    (Fault::LastDayLeftOut, Which::Exact, r#"child.born <= date("2020-02-29")"#),
    (Fault::DaysDoNotMove, Which::Exact, "child.age_on(on) == 7"),
    (Fault::EndsMoveADayEarly, Which::Exact, "child.age_on(on) == 7"),
    (Fault::DaysOfPartsCounted, Which::Edges, "child.born.days_until(on) >= 2557"),
    (Fault::YearsOfPartsNotCompared, Which::Edges, "child.age_reached_in(o.opens.year) in 6..8"),
    (Fault::PartsTakenForYes, Which::Edges, "child.age_on(on) < 7"),
    (Fault::PartsNeverDecided, Which::Edges, "child.age_on(on) < 7"),
    (Fault::PartsDoNotMove, Which::Edges, "child.age_on(on) == 7"),
    (Fault::LeapDaysByOnePolicy, Which::Exact, "child.age_on(on.plus_years(-1)) < 7"),
    (Fault::AgesEndADayLate, Which::Edges, "child.age_on(on) < 7"),
    (Fault::YearsEndADayEarly, Which::Edges, "child.birth_year == 2020"),
    (
        Fault::FiltersDoNotMove,
        Which::Edges,
        "child.household != () && child.household.members.filter(|m| m.age_on(on) < 18).len() == 1",
    ),
    (Fault::UnknownMembersLeftOut, Which::Edges, "child.custodians.filter(|c| c.flag).len() <= 1"),
    (Fault::FirstMemberSkipped, Which::Edges, "child.household != () && child.household.members.len() == 2"),
    (Fault::OpenHouseholdsTakenForWhole, Which::Edges, "child.household != () && child.household.members.len() == 2"),
    (Fault::AgesInPartTakenForChildren, Which::Edges, "child.custodians.some(|c| c.flag)"),
    (Fault::CustodyEndsADayEarly, Which::Edges, "child.custodians.some(|c| c.flag)"),
    (Fault::OpenCustodiansTakenForWhole, Which::Edges, "child.custodians.len() == 2"),
    (Fault::CustodyDoesNotMove, Which::Edges, "child.custodians.some(|c| c.flag)"),
    (Fault::UnknownListsDoNotMove, Which::Edges, "child.custodians.len() == 2"),
    (
        Fault::MembersDoNotMove,
        Which::Edges,
        "child.household != () && child.household.members.some(|m| m.age_on(on) < 7)",
    ),
    (Fault::UnknownMembersTakenForNo, Which::Edges, "child.custodians.some(|c| c.flag)"),
    (Fault::NobodyTurnedRound, Which::Edges, "child.custodians.some(|c| c.age_on(on) < 40)"),
    (Fault::OpenListsCounted, Which::Edges, "child.custodians.len() == 2"),
    (Fault::LastCountLeftOut, Which::Edges, "child.custodians.len() == 2"),
    (
        Fault::RowsOfAnotherKind,
        Which::Edges,
        "child.household != () && child.household.members.some(|m| m.age_on(on) < 7)",
    ),
    (Fault::NotOfUnknownIsYes, Which::Edges, "!child.flag"),
    (Fault::UnknownHomesTakenForNo, Which::Edges, "child.home_building.built_year < 1990"),
    (Fault::NamesCutOff, Which::Edges, "any_of(#{ x: child.flag, y: child.income < fees::limit(on) })"),
    (
        Fault::StopsOfLaterForgotten,
        Which::Edges,
        "any_of(#{ x: child.flag, y: child.income % 2 < fees::limit(on.plus_days(30)) })",
    ),
    (Fault::StopsForgotten, Which::Edges, "any_of(#{ x: child.flag, y: child.income < fees::limit(on) })"),
    (Fault::WhatDecidesStays, Which::Edges, "child.flag || child.age_on(on) < 7 || child.other"),
    (Fault::UnknownTestsTakeThen, Which::Edges, "if child.flag { child.lives_in_city } else { child.other }"),
    (Fault::TestsDoNotMove, Which::Edges, "if child.age_on(on) >= 7 { child.flag } else { child.other }"),
    (
        Fault::ElseDoesNotMove,
        Which::Edges,
        "if child.lives_in_city { child.age_on(on) < 7 } else { child.age_on(on) >= 18 }",
    ),
    (Fault::ConstantsDoNotMove, Which::Edges, "child.income <= steps::limit(on)"),
    (Fault::SidesNotTurnedByKernels, Which::Edges, "18 > child.age_on(on)"),
    (Fault::NoneEqualsEverything, Which::Edges, "child.place_year == 2027"),
    (Fault::InsteadOfNoneNotTurned, Which::Edges, "(child.place_year ?? 2027) != 2027"),
    (Fault::LimitsIncluded, Which::Edges, "child.income < 100"),
    (Fault::NumbersOfListsApart, Which::Edges, "child.age_on(on) in [6, 7, 12]"),
    (Fault::RangesDoNotMove, Which::Edges, "child.age_on(on) == 7"),
    (Fault::TodayDoesNotMove, Which::Edges, "child.seen < on"),
    (Fault::OrderForgotten, Which::Edges, "child.income % 2 > fees::limit(on) || child.flag"),
    (Fault::NotInTakenForIn, Which::Edges, "child.place_year !in [2026, 2028]"),
    (Fault::HorizonForgotten, Which::Edges, "own"),
    (Fault::OpenOccasionsForgotten, Which::Edges, "own"),
    (Fault::WaitForgotten, Which::Edges, "after"),
    (Fault::UnusedValuesNotAsked, Which::Edges, "{ let limit = fees::limit(on); child.flag || child.income < limit }"),
    (Fault::ComingDaysKnown, Which::Edges, "child.permit"),
    (Fault::DaysOnForgotten, Which::Edges, "child.age_on(on.plus_years(-1)) < 7"),
    (Fault::NowhereIsUnknown, Which::Edges, "child.lives_in_city"),
    (Fault::DaysCountedBackwards, Which::Edges, "child.born.days_until(on) >= 2557"),
    (
        Fault::VectorsDoNotMove,
        Which::Edges,
        "switch child.birth_year { 2020 => child.flag, 2009 => child.other, _ => child.age_on(on) > 17 }",
    ),
    (
        Fault::UnknownCasesTakeElse,
        Which::Edges,
        r#"switch (child.level ?? level::low) { "low" => child.flag, "mid" => child.other, _ => child.deferred }"#,
    ),
    (
        Fault::AnyBranchWillDo,
        Which::Edges,
        r#"switch (child.level ?? level::low) { "low" => child.flag, "mid" => child.other, _ => child.deferred }"#,
    ),
    (Fault::WhatMayBeLessIs, Which::Edges, r#"(child.visited ?? on) < date("2027-02-10")"#),
    (Fault::UnknownPairsTakenForNo, Which::Edges, "child.custodians.some(|c| c.income > child.income)"),
    (Fault::SumsOfTheKnown, Which::Edges, "child.custodians.sum(|c| c.income) > 100"),
    (Fault::CustodyOfPairsDoesNotMove, Which::Edges, "child.custodians.sum(|c| c.income) > 100"),
    (Fault::PairsOfTheFirstRow, Which::Edges, "child.custodians.some(|c| c.income > child.income)"),
    (Fault::DeadPeopleScanned, Which::Edges, "everybody"),
    (Fault::ScansLastForever, Which::Edges, "from_march"),
    (Fault::ScansLoseTheUnknown, Which::Edges, "women"),
    (Fault::ScansLoseWhoMoves, Which::Edges, "seven"),
    (Fault::MembersStayForever, Which::Edges, "seven"),
    (Fault::OccasionsInPartForgotten, Which::Edges, "own"),
    (Fault::LinesStayForever, Which::Edges, "school"),
    (Fault::StopsOfLinesForgotten, Which::Edges, "stopped"),
    (Fault::UnknownHadTakenForHad, Which::Edges, "may_have"),
];

/// The first day of the register is where most is noticed.
const START: &str = "2026-11-22";
/// Whom all rules select, asked about together.
const TOGETHER: &str = "together";
/// Whom all rules select over a period.
const OVER_A_PERIOD: &str = "over a period";

struct Towns([Scene; 3]);

impl Towns {
    fn built() -> Self {
        Self([
            Scene::of(Which::Edges, LeapDayPolicy::March1),
            Scene::of(Which::Exact, LeapDayPolicy::February28),
            Scene::of(Which::Large, LeapDayPolicy::March1),
        ])
    }

    fn notice(&self, fault: Fault, which: Which, by: &str) -> bool {
        let scene = &self.0[which as usize];
        if by == TOGETHER {
            return with(fault, || scene.other_selection().is_some());
        }
        if by == OVER_A_PERIOD {
            return with(fault, || scene.other_stretches().is_some());
        }
        match scene.lines.iter().position(|line| line.text == by) {
            Some(at) => {
                // walk is asked first: it has no faults
                let _ = scene.walked(at);
                with(fault, || scene.difference(at, &mut Found::default()).is_some())
            }
            None => with(fault, || scene.other_outcomes(by, &[START]).is_some()),
        }
    }

    /// The first that notices a fault.
    fn first_to_notice(&self, fault: Fault) -> Option<(Which, String)> {
        let rules: Vec<String> = rules().into_iter().map(|(name, _)| name).collect();
        for (which, scene) in [Which::Edges, Which::Exact, Which::Large].into_iter().zip(&self.0) {
            let lines = scene.lines.iter().map(|line| line.text);
            let rules =
                rules.iter().filter(|_| which != Which::Large).map(String::as_str).chain([TOGETHER, OVER_A_PERIOD]);
            if let Some(by) = lines.chain(rules).find(|by| self.notice(fault, which, by)) {
                return Some((which, by.to_owned()));
            }
        }
        None
    }
}

#[test]
fn each_wrong_kernel_is_noticed() {
    let towns = Towns::built();
    let by = |fault: Fault| NOTICED_BY.iter().find(|(of, ..)| *of == fault);
    let is_noticed = |fault: Fault| by(fault).is_some_and(|(_, which, by)| towns.notice(fault, *which, by));
    let missed: Vec<Fault> = Fault::KERNELS.iter().copied().filter(|fault| !is_noticed(*fault)).collect();
    eprintln!("not noticed: {missed:?}");
    let mut wrong = String::new();
    for fault in missed {
        let first = towns.first_to_notice(fault);
        eprintln!("{fault:?} is noticed by {first:?}");
        wrong = format!("{wrong}\n{fault:?} is noticed by {first:?} and not by {:?}", by(fault));
    }
    assert!(Fault::KERNELS.len() >= 30 && NOTICED_BY.len() == Fault::KERNELS.len());
    assert!(wrong.is_empty(), "{wrong}");
}
