//! What is at work and how far it has come, on a terminal only. Nothing of it is left when the work is done.
//!
//! Drawn on the calling thread, into the same stream as everything else that the command says; no thread ticks.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Datelike, NaiveDate};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use crate::Io;

/// Columns that are drawn on, two less than what the rest of the command takes a terminal for.
const WIDTH: u16 = 78;

/// A message, or a bar with one, in the place of what was shown before.
pub struct Progress<'e> {
    err: Option<&'e mut dyn Write>,
    drawn: Drawn,
    bar: ProgressBar,
    month: Option<u32>,
}

impl<'e> Progress<'e> {
    /// Progress on the stream for what is wrong, if that is a terminal; otherwise nothing is ever shown.
    pub fn new(io: &'e mut Io<'_>) -> Self {
        let err: Option<&'e mut dyn Write> = if io.err_is_terminal { Some(&mut *io.err) } else { None };
        let drawn = Drawn::default();
        let bar = drawn.bar(None, "{msg}");
        Self { err, drawn, bar, month: None }
    }

    /// Shows a word or two in the place of what was shown.
    pub fn show(&mut self, what: &str) {
        if self.err.is_some() && self.bar.message() != what {
            self.bar.set_message(what.to_owned());
            self.write();
        }
    }

    /// Shows how far a run over days has come, from the first day to before the last: a bar, and the month.
    pub fn show_day(&mut self, day: NaiveDate, (from, to): (NaiveDate, NaiveDate)) {
        if self.err.is_none() {
            return;
        }
        let days = |until: NaiveDate| u64::try_from(until.signed_duration_since(from).num_days()).unwrap_or(0);
        if self.bar.length() != Some(days(to)) {
            self.clear();
            self.bar = self.drawn.bar(Some(days(to)), "{msg} {bar:40} {percent:>3} % {elapsed:>4}, {eta:>4} to go");
        }
        if self.month.replace(day.month()) != Some(day.month()) {
            self.bar.set_message(format!("{:04}-{:02}", day.year(), day.month()));
        }
        self.bar.set_position(days(day));
        self.write();
    }

    /// Takes away what is shown, as its end does in any case.
    pub fn done(self) {
        drop(self);
    }

    fn clear(&mut self) {
        self.bar.finish_and_clear();
        self.write();
    }

    fn write(&mut self) {
        let drawn = std::mem::take(&mut *self.drawn.0.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(err) = &mut self.err
            && !drawn.is_empty()
        {
            // progress that cannot be shown changes nothing
            let _ = err.write_all(drawn.as_bytes()).and_then(|()| err.flush());
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

/// What the bar has drawn and nobody has written yet.
#[derive(Clone, Default)]
struct Drawn(Arc<Mutex<String>>);

impl Drawn {
    fn bar(&self, length: Option<u64>, template: &str) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::term_like(Box::new(self.clone())));
        match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style.progress_chars("█▉▊▋▌▍▎▏ ")),
            Err(_) => bar,
        }
    }

    fn add(&self, text: fmt::Arguments<'_>) {
        use fmt::Write;
        // writing to a text cannot fail
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).write_fmt(text);
    }

    fn moved(&self, n: usize, to: char) {
        if n > 0 {
            self.add(format_args!("\x1b[{n}{to}"));
        }
    }
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Drawn")
    }
}

impl TermLike for Drawn {
    fn width(&self) -> u16 {
        WIDTH
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'A');
        Ok(())
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'B');
        Ok(())
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'C');
        Ok(())
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'D');
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.add(format_args!("{text}\r\n"));
        Ok(())
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.add(format_args!("{text}"));
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.add(format_args!("\x1b[2K\r"));
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(err_is_terminal: bool) -> String {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut io = Io { out: &mut out, err: &mut err, is_terminal: true, err_is_terminal };
        let days = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (from, to) = (days("2026-12-01"), days("2027-03-01"));
        let mut progress = Progress::new(&mut io);
        progress.show("building the register");
        for day in from.iter_days().take_while(|day| *day < to) {
            progress.show_day(day, (from, to));
        }
        progress.done();
        assert!(out.is_empty(), "progress is no result");
        String::from_utf8(err).unwrap()
    }

    #[test]
    fn a_terminal_shows_words_then_months_and_then_nothing() {
        let shown = drawn(true);
        let places = ["building the register", "2026-12", "2027-01", "2027-02"].map(|what| shown.find(what).unwrap());
        assert!(places.is_sorted() && shown.contains('█'), "{places:?}");
        assert!(shown.ends_with("\x1b[2K\r") && !shown.contains('\n'), "{shown:?}");
    }

    #[test]
    fn a_pipe_gets_nothing() {
        assert_eq!(drawn(false), "");
    }
}
