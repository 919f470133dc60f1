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
        ($($group:ident { $($fault:ident: $words:literal,)* })*) => {
            /// One thing that is got wrong.
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub(crate) enum Fault { $($(#[doc = $words] $fault,)*)* }

            $(
                impl Fault {
                    pub(crate) const $group: &[Self] = &[$(Self::$fault),*];
                }
            )*
        };
    }

    faults! {
        CHECKER {
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
        KERNELS {
            BlocksTakenForPlain: "nothing of a block of days is unknown, moves or stops",
            RangesTogetherAreEither: "two ranges of a day are met by whoever lies in one",
            NoneOfTwoForgotten: "where there is no value the other way round, of two pieces that are one",
            SharedOfAnotherBlock: "what several pieces ask is what another block came to",
            OpenMembersLeftOut: "members of a home of whom a filter is unknown do not belong to it",
            MembersNeverUnknown: "members of a home of whom a test is unknown do not meet it",
            MembersStay: "what holds of a member of a home stays",
            FilteredMembersStay: "who belongs to those looked at in a home stays",
            NobodyAtHomeTurnedRound: "of nobody at home everything is the other way round",
            OpenHomesCounted: "members of a home are counted though there may be others",
            LastMemberLeftOut: "the last number of members is not in the range",
            SelectionsLoseTheUnknown: "of whom it cannot be told is selected",
            SelectionsStopAtTheFirst: "only the first condition selects",
            LastWordOfABlockCut: "the last 64 rows of a block are left out",
            BlocksTakenForKnown: "every row of a block has a value",
            BasesForgotten: "values are taken to lie above nothing, not above the least of their chunk",
            LastRowsLeftOut: "rows that do not fill a word are left out",
            FarEndsLeftOut: "a range that ends beyond what a chunk can hold ends at its least value",
            RowsAloneNotLookedAt: "a row that is asked for alone is not looked at",
            UnknownTakenForNo: "unknown is no",
            NoneTakenForNo: "what stands for none is forgotten",
            LastNumberLeftOut: "the last number of a range is not in it",
            DisputedTakenForDead: "of whom sources disagree is dead",
            PartsTakenForTheirFirstDay: "a day known in part is its first",
            LastDayLeftOut: "the last day of a range is not in it",
            DaysDoNotMove: "nobody has a birthday",
            EndsMetADayLate: "the end of a range is met a day late",
            CoursesJoinedByAny: "on a later day, one of several that must hold is enough",
            DaysInPartMeetEnds: "a day in part counts on a later day as if it were known",
            OpenListsWholeLater: "a list of which not all are known is whole on every day",
            FiltersSkippedLater: "everybody belongs to a list on every day",
            TestsOfBranchesStay: "a branch is taken on every day",
            PartsOverlookWhoMoves: "who comes to be selected within a period is not looked at",
            TurnsNotTaken: "a line that turns on a later day stays as it was before",
            SpansOfTheLastTest: "of several tests that turn the last alone counts",
            StretchesCutShort: "days of a subject end with a table's row",
            CustodyStandsStill: "custody is the same on every day of a pass",
            EndsMoveADayEarly: "the end of a range is met a day early",
            DaysOfPartsCounted: "days are counted from a day known in part",
            YearsOfPartsNotCompared: "the year of a day in part is not asked for",
            PartsTakenForYes: "a day in part that may be in a range is in it",
            PartsNeverDecided: "a day in part never is outside a range",
            PartsDoNotMove: "a day in part stays on its side",
            LeapDaysByOnePolicy: "the city's choice for leap days counts for nothing",
            AgesEndADayLate: "an age lasts a day longer",
            YearsEndADayEarly: "New Year's Eve is in no year",
            FiltersDoNotMove: "who belongs to a list stays",
            UnknownMembersLeftOut: "of whom it is unknown does not belong to a list",
            FirstMemberSkipped: "the first member is not looked at",
            OpenHouseholdsTakenForWhole: "a household of which not all are known is whole",
            AgesInPartTakenForChildren: "who may be of age is a child",
            CustodyEndsADayEarly: "custody's last day is left out",
            OpenCustodiansTakenForWhole: "custodians of whom not all are known are all",
            CustodyDoesNotMove: "custody never begins or ends",
            UnknownListsDoNotMove: "a list that is unknown stays so",
            MembersDoNotMove: "what holds of a member stays",
            UnknownMembersTakenForNo: "what is unknown of a member does not count",
            NobodyTurnedRound: "`some` holds of nobody",
            OpenListsCounted: "a list of which not all are known is counted",
            LastCountLeftOut: "the last number of a range of counts is not in it",
            RowsOfAnotherKind: "the rows of one kind are as many as those of another",
            NotOfUnknownIsYes: "not unknown is yes",
            UnknownHomesTakenForNo: "nothing holds of an unknown home",
            NamesCutOff: "a name of `any_of` is not asked after one that decides",
            StopsOfLaterForgotten: "a table whose row ends later stops nothing that another name decides",
            StopsForgotten: "a table without a row stops nothing",
            WhatDecidesStays: "what decides stays",
            UnknownTestsTakeThen: "a test that is unknown takes the first branch",
            TestsDoNotMove: "a branch is taken for ever",
            ElseDoesNotMove: "what comes of `else` stays",
            ConstantsDoNotMove: "what hangs on the day alone stays",
            SidesNotTurnedByKernels: "`18 > age` is read as `age > 18`",
            NoneEqualsEverything: "none equals a number",
            InsteadOfNoneNotTurned: "what stands for none is not turned round by `!=`",
            LimitsIncluded: "`<` includes the limit",
            NumbersOfListsApart: "numbers of a list that follow one another are looked at one by one",
            RangesDoNotMove: "a range of births stays where it is",
            TodayDoesNotMove: "today stays",
            OrderForgotten: "what may stop a rule is asked last",
            NotInTakenForIn: "`!in` is `in`",
            HorizonForgotten: "nobody's own occasion is seen before it opens",
            OpenOccasionsForgotten: "an own occasion that has opened before is not seen",
            WaitForgotten: "an own occasion opens at once",
            UnusedValuesNotAsked: "a value that stops the rule is not asked where it is not used",
            ComingDaysKnown: "what is not known of a coming day stays as it is",
            DaysOnForgotten: "so many days on is today",
            NowhereIsUnknown: "who has no municipality may live here",
            DaysCountedBackwards: "days are counted backwards",
            VectorsDoNotMove: "what is computed of a row stays",
            UnknownCasesTakeElse: "what is unknown takes the default of a switch",
            AnyBranchWillDo: "of branches that differ the first is taken where it is unknown which",
            WhatMayBeLessIs: "an age in part that may be less is less",
            UnknownPairsTakenForNo: "what is unknown of a pair does not count",
            SumsOfTheKnown: "a sum is of those of whom it is known",
            CustodyOfPairsDoesNotMove: "custody never begins or ends where members are compared with a child",
            PairsOfTheFirstRow: "members are compared with the first child",
            DeadPeopleScanned: "the dead are looked at",
            ScansLastForever: "a scan lasts its 400 days",
            ScansLoseTheUnknown: "who may be of a cohort is not looked at",
            ScansLoseWhoMoves: "who comes into a cohort later is not looked at",
            MembersStayForever: "nobody leaves a cohort",
            OccasionsInPartForgotten: "who may have an occasion is not looked at",
            LinesStayForever: "a line stays as it was scanned",
            StopsOfLinesForgotten: "a line that only walk can tell is no line",
            WaitersHaveNothing: "who waits for a condition has nothing already",
            WaitersNeedOneCondition: "of conditions that turn one is enough",
            UnknownHadTakenForHad: "what somebody may have they have",
        }
    }
}
