//! Wrong checkers, for tests: each fault turns one decision of the checker round while a test has it switched on.
//!
//! Outside tests there are no faults: `fault!(Name)` is the word `false`. `tests/faults.rs` shows that each is noticed.

#[cfg(not(test))]
macro_rules! fault {
    ($fault:ident) => {
        false
    };
}

#[cfg(test)]
macro_rules! fault {
    ($fault:ident) => {
        $crate::fault::is_on($crate::fault::Fault::$fault)
    };
}

#[cfg(test)]
pub(crate) use switches::{Fault, is_on, with};

#[cfg(test)]
mod switches {
    use std::cell::Cell;

    thread_local! {
        static ON: Cell<Option<Fault>> = const { Cell::new(None) };
    }

    /// Whether a fault is switched on in this thread.
    pub(crate) fn is_on(fault: Fault) -> bool {
        ON.get() == Some(fault)
    }

    /// What comes of something while a fault is on.
    pub(crate) fn with<T>(fault: Fault, work: impl FnOnce() -> T) -> T {
        ON.set(Some(fault));
        let done = work();
        ON.set(None);
        done
    }

    macro_rules! faults {
        ($($fault:ident: $words:literal,)*) => {
            /// One thing that the checker gets wrong.
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub(crate) enum Fault { $(#[doc = $words] $fault,)* }

            impl Fault {
                pub(crate) const ALL: &[Self] = &[$(Self::$fault),*];
            }
        };
    }

    faults! {
        // none
        NoneNeedsNoTest: "what may be none is used as a value",
        NoneEqualsNone: "two sides that may both be none are compared",
        InsteadOfNoneIsNone: "`x ?? 0` may be none still",
        NobodyHasALeast: "the least of nobody is a number",
        // what is known on each path
        AndNotFollowed: "what `&&` and `||` say is forgotten on their right",
        OrFollowedAsAnd: "what `||` says is taken as if it were `&&`",
        BranchesNotFollowed: "what a test says is forgotten in its branches",
        ElseTakenForThen: "in `else`, the test is taken to hold",
        CasesForgotten: "a case leaves every value to the next",
        GuardsAlwaysHold: "a case with a guard takes its value from the next",
        SidesNotTurned: "`1 < x` is read as `x < 1`",
        LessTakenForLessOrEqual: "`x < 1` is read as `x <= 1` where it leads to what follows",
        // always and never
        AlwaysNotTold: "what is always so is not told",
        NeverNotTold: "what is never so is not told",
        NoneForgottenInProofs: "what is one of all its codes or none is always one of its codes",
        // numbers and days
        OverflowNotSeen: "a number may leave 64 bits",
        ZeroDivides: "a divisor may be zero",
        DaysMayLeaveTheCalendar: "a day may leave the calendar",
        RoughAgesMoveDays: "an age known only roughly moves a day",
        HalfOpenTakenForClosed: "`0..5` has 5 in it",
        WindowsMayBeEmpty: "an occasion may be open for no day",
        LeadingZerosNotSeen: "`091` is a number like others",
        // kinds and units
        EverythingComparable: "a day is compared with a text",
        UnitsNotCompared: "days are compared with years",
        KilometresAreMetres: "kilometres are compared with metres",
        CodesNotLookedUp: "any text is a code of every list",
        ListsOfCodesMixed: "a code of one list is compared with one of another",
        // purposes and law
        OthersTakenForSubjects: "what is open about a subject is open about a custodian",
        HelpersReadNothing: "what a helper reads is not asked for its purposes",
        ClosuresReadNothing: "what is read of members is not asked for its purposes",
        OriginMayDecide: "language decides without a section of law",
        AnySectionWillDo: "`decides_on` for one fact lets every other decide",
        CohortMayReadHomes: "who is asked at all hangs on what may be withheld",
        // what stands in the rule's text
        LimitsNotTold: "a limit stands in a rule",
        LimitsOfCohortsTold: "a limit of `cohort` is told like one of law",
        MunicipalitiesNotTold: "the code of a municipality stands in a rule",
        UnderscoresTold: "a name that stands for nothing is told as unused",
        NamesOfLinesNotCompared: "two lines have one name",
        OccasionsMayComeAgain: "an occasion hangs on a fact and comes again",
        FarNamesMeant: "two letters more may differ in the name that was meant",
        WhatFollowsIsTold: "what follows from an error in a table is told too",
        // helpers and closures
        CirclesNotSeen: "a helper may call itself",
        HelpersNotLookedInto: "nothing is told inside a helper",
        ClosuresNotLookedInto: "nothing is told inside `|one| ...`",
        // tables
        IdsOfRoundsNotCompared: "two rounds have one id",
        RoundsTouch: "a round that opens on the day on which another closes is open with it",
        VersionsTouch: "a version that begins on the day on which another ends is in force with it",
        RowsTouch: "a row that begins on the day on which another ends holds with it",
        GapsNotSeen: "days without a row are not told",
        RowsEndADayLater: "a row holds on the day on which it ends",
        EndsOfMonthsNotTold: "an excluded end on the last day of a month is not told",
        SwedishNotWanted: "a Swedish text may be missing",
        RepliesAfterTheRound: "replies are asked for after a round has closed",
        // texts
        PlacesAnywhere: "a place may stand anywhere in a letter",
        TermsToldWithoutAnOffer: "a term may stand in a sentence that is read without an offer",
        // what may decide
        NamesNotHeard: "a fact that sounds like health need not say",
        SilenceMayCost: "silence may accept what costs a fee",
        ChangedRulesStayApproved: "an approval holds for what has changed since",
        HolidaysNotCompared: "holidays end before a round does",
    }
}
