//! Watches the quotation marks of a CSV while it is read: the CSV reader takes what it gets and would swallow half a file
//! after a mark that is never closed.
//!
//! A mark opens at the beginning of a cell and closes before a delimiter or the end of a line; two of them within are one
//! (RFC 4180). Any other mark makes its row unreadable; one that tears a cell over a line's end breaks the file.

use std::collections::VecDeque;
use std::io::{self, Read};

use memchr::{memchr, memchr2};

const QUOTE: u8 = b'"';

/// What stands between the file and the CSV reader.
pub(super) struct Watched<R> {
    inner: R,
    delimiter: u8,
    quotes: bool,
    state: State,
    /// The byte before the next.
    last: u8,
    /// The offset of the next byte.
    offset: u64,
    /// Where marks stand that belong nowhere.
    strays: VecDeque<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    /// Within a cell in marks; whether a line has ended in it.
    Quoted {
        lines: bool,
    },
    /// Right after a mark that closes, or is the first of two.
    Closed {
        lines: bool,
    },
}

/// The file's marks do not fit together: what follows cannot be told apart.
#[derive(Debug, thiserror::Error)]
#[error("a quotation mark is not closed")]
pub(super) struct Torn;

impl<R: Read> Watched<R> {
    pub(super) fn new(inner: R, delimiter: u8, quotes: bool) -> Self {
        let strays = VecDeque::new();
        Self { inner, delimiter, quotes, state: State::Plain, last: b'\n', offset: 0, strays }
    }

    /// Whether a mark that belongs nowhere stands before an offset; those before it are forgotten.
    pub(super) fn strayed_before(&mut self, offset: u64) -> bool {
        let mut strayed = false;
        while self.strays.front().is_some_and(|stray| *stray < offset) {
            self.strays.pop_front();
            strayed = true;
        }
        strayed
    }

    fn ends_cell(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }

    fn watch(&mut self, bytes: &[u8]) -> Result<(), Torn> {
        let mut at = 0;
        while at < bytes.len() {
            match self.state {
                State::Plain => {
                    let Some(mark) = memchr(QUOTE, &bytes[at..]).map(|found| at + found) else { break };
                    let before = mark.checked_sub(1).map_or(self.last, |before| bytes[before]);
                    if self.ends_cell(before) {
                        self.state = State::Quoted { lines: false };
                    } else {
                        self.strays.push_back(self.offset + mark as u64);
                    }
                    at = mark + 1;
                }
                State::Quoted { lines } => {
                    let Some(found) = memchr2(QUOTE, b'\n', &bytes[at..]).map(|found| at + found) else { break };
                    self.state =
                        if bytes[found] == QUOTE { State::Closed { lines } } else { State::Quoted { lines: true } };
                    at = found + 1;
                }
                State::Closed { lines } => {
                    if bytes[at] == QUOTE {
                        self.state = State::Quoted { lines };
                        at += 1;
                    } else if self.ends_cell(bytes[at]) {
                        self.state = State::Plain;
                    } else if lines {
                        return Err(Torn);
                    } else {
                        // the CSV reader goes on as if the cell had no marks
                        self.strays.push_back(self.offset + at as u64);
                        self.state = State::Plain;
                    }
                }
            }
        }
        if let Some(last) = bytes.last() {
            self.last = *last;
        }
        self.offset += bytes.len() as u64;
        Ok(())
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        if !self.quotes || buffer.is_empty() {
            return Ok(n);
        }
        if n == 0 && matches!(self.state, State::Quoted { .. }) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, Torn));
        }
        self.watch(&buffer[..n]).map_err(|torn| io::Error::new(io::ErrorKind::InvalidData, torn))?;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text in pieces of so many bytes; the strays, or none if the file is torn.
    fn strays(text: &str, piece: usize) -> Option<Vec<u64>> {
        let mut watched = Watched::new(text.as_bytes(), b',', true);
        let mut buffer = vec![0; piece];
        loop {
            match watched.read(&mut buffer) {
                Ok(0) => return Some(watched.strays.into_iter().collect()),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    #[test]
    fn marks_are_followed_whatever_the_pieces() {
        let check = |text: &str, expected: Option<&[u64]>| {
            for piece in 1..=text.len() + 1 {
                assert_eq!(strays(text, piece).as_deref(), expected, "{text:?} in pieces of {piece}");
            }
        };
        check("a,b\n1,2\n", Some(&[]));
        check("\"a\",\"b\"\n\"1\n2\",\"say \"\"x\"\"\"\r\n", Some(&[]));
        check("\"\",\"\"", Some(&[]));
        check("5\" pipe,b\n", Some(&[1]));
        check("\"Kalle\" V,b\n", Some(&[7]));
        check("\"Kalle\" \"V\",b\n", Some(&[7, 8, 10]));
        check("a,\"b\nc,d\n", None);
        check("a,\"b\nc,\"d\"\n", None);
        check("\"", None);
    }
}
