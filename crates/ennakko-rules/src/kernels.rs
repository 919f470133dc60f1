//! Kernels: a piece of a rule over the register's columns, 4,096 rows at a time, a bit a row.
//!
//! [`walk`](crate::walk) is the meaning. What does not hang on the subject is evaluated by it, once; ages and days become
//! ranges of birth days and days; texts become codes of a dictionary; lists of people are looked through by offsets. What
//! compares more than one column with what is known is a vector ([`Piece`](piece::Piece)): all rows of a piece before the next
//! piece. What is left is asked of walk row by row, so that a kernel never has an answer of its own making. Beside yes and
//! unknown there are two more bits a row: the answer may be another before the pass ends, and only walk can say.
//!
//! Modules stand in reading order.

mod block;
mod ends;
mod leaf;
mod thresholds;

mod lists;
mod members;
mod node;
mod shared;

mod course;
mod days_within;

mod bind;
mod known;
mod operand;
mod orders;
mod pass;
mod together;

mod item;
mod piece;

mod computed;
mod frame;
mod pairs;

pub(crate) use block::{BLOCK_ROWS, BLOCK_WORDS, Block, Words, bits_of, is_empty, rows_of};
pub(crate) use course::{Turn, Turns};
pub(crate) use days_within::DaysWithin;
pub(crate) use known::reads;
pub(crate) use node::{all, subject};
pub(crate) use pass::{Over, Pass};
pub(crate) use shared::Pool;
