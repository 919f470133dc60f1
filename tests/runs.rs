//! Whole days as stories: a town, a ledger, runs, and what residents and officers get of it.

mod runs {
    mod letters;
    mod life;
    mod rules;
    mod whom;
}
