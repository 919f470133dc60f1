//! A mapping of columns and codes.

#![no_main]
#![expect(clippy::disallowed_methods, reason = "the macro of libFuzzer opens files of its own")]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ennakko_fuzz::settings::mapping(bytes));
