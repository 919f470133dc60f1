//! Whole days as stories: a town, a ledger, runs, and what residents and officers get of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod runs {
    mod explain;
    mod feed;
    mod letters;
    mod life;
    mod outside;
    mod rules;
    mod tables;
    mod whom;
}
