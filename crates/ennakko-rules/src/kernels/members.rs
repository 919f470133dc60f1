//! Members of all households at once: whoever comes to something puts it down for their household. Nobody here stops a rule.

use std::cell::OnceCell;

use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::Columns;
use ennakko_core::value::Fact;

use super::block::{BLOCK_ROWS, Block, NONE, Span, Words, is_empty, rows_of};
use super::node::{Where, Whole, all};

/// A block of what all households come to, worked out once.
pub(super) fn block(came: &OnceCell<Vec<Block>>, span: Span, work_out: impl FnOnce() -> Vec<Block>) -> Block {
    came.get_or_init(work_out).get(span.block).cloned().unwrap_or(Block::NO)
}

/// What has been put down for each household.
struct Households<'r> {
    of: &'r [Fact<u32>],
    columns: Columns<'r>,
    n: usize,
    blocks: Vec<Block>,
}

impl<'r> Households<'r> {
    fn new(over: Where<'r>) -> Self {
        let columns = over.columns;
        let n = columns.len(SubjectKind::Household);
        Self { of: columns.households(), columns, n, blocks: vec![Block::NO; n.div_ceil(BLOCK_ROWS)] }
    }

    /// Hands on the household of each of these members, of a block of persons.
    fn each(of: &[Fact<u32>], members: &Words, block: usize, mut put: impl FnMut(usize)) {
        for row in rows_of(members, block) {
            if let Some(Fact::Known(household)) = of.get(row) {
                put(*household as usize);
            }
        }
    }

    fn put(&mut self, into: fn(&mut Block) -> &mut Words, members: &Words, block: usize) {
        Self::each(self.of, members, block, |household| {
            if let Some(block) = self.blocks.get_mut(household / BLOCK_ROWS) {
                into(block)[household % BLOCK_ROWS / 64] |= 1 << (household % 64);
            }
        });
    }

    /// Of a block of persons, those that go through the filters; what is not known of the others is put down.
    fn belonging(&mut self, over: Where<'r>, filters: &[Whole<'r>], block: usize) -> Words {
        let mut belong = all(self.columns.len(SubjectKind::Resident), block);
        if fault!(FirstMemberSkipped) {
            for first in (0..self.n).filter_map(|household| self.columns.members(household).0.next()) {
                if first / BLOCK_ROWS == block {
                    belong[first % BLOCK_ROWS / 64] &= !(1 << (first % 64));
                }
            }
        }
        for filter in filters {
            if is_empty(&belong) {
                break;
            }
            let came = filter.node.come(over, Span::whole(block), &belong);
            if !came.plain {
                if !fault!(FilteredMembersStay) {
                    self.put(|block| &mut block.moves, &both(&came.moves, &belong), block);
                }
                if !fault!(OpenMembersLeftOut) {
                    self.put(|block| &mut block.unknown, &both(&came.unknown, &belong), block);
                }
            }
            belong = both(&belong, &came.yes);
        }
        belong
    }

    /// Of a block of households, those of which others may be members too.
    fn open(&self, block: usize) -> Words {
        let mut open = NONE;
        if !fault!(OpenHouseholdsTakenForWhole) {
            let words = self.columns.open_households().iter().skip(block * NONE.len());
            open.iter_mut().zip(words).for_each(|(open, word)| *open = *word);
        }
        open
    }
}

fn both(one: &Words, two: &Words) -> Words {
    std::array::from_fn(|at| one[at] & two[at])
}

fn without(one: &Words, two: &Words) -> Words {
    std::array::from_fn(|at| one[at] & !two[at])
}

/// Whether of some member (`all`: of all) who goes through the filters a test holds, for each household.
pub(super) fn searched<'r>(over: Where<'r>, filters: &[Whole<'r>], test: &Whole<'r>, all_members: bool) -> Vec<Block> {
    let mut households = Households::new(over);
    for block in 0..over.columns.len(SubjectKind::Resident).div_ceil(BLOCK_ROWS) {
        let belong = households.belonging(over, filters, block);
        if is_empty(&belong) {
            continue;
        }
        let came = test.node.come(over, Span::whole(block), &belong);
        let mut decide = if all_members { without(&belong, &came.yes) } else { both(&belong, &came.yes) };
        if !came.plain {
            let unknown = both(&came.unknown, &belong);
            if !fault!(MembersNeverUnknown) {
                households.put(|block| &mut block.unknown, &unknown, block);
            }
            if !fault!(MembersStay) {
                households.put(|block| &mut block.moves, &both(&came.moves, &belong), block);
            }
            decide = without(&decide, &unknown);
        }
        // who decides stands in `yes` until all are there
        households.put(|block| &mut block.yes, &decide, block);
    }
    let mut blocks = std::mem::take(&mut households.blocks);
    for (at, block) in blocks.iter_mut().enumerate() {
        let (rows, open) = (all(households.n, at), households.open(at));
        for word in 0..rows.len() {
            let decided = block.yes[word];
            let unknown = (block.unknown[word] | open[word]) & !decided;
            let others = rows[word] & !decided & !unknown;
            let others_are_yes = if fault!(NobodyAtHomeTurnedRound) { !all_members } else { all_members };
            block.unknown[word] = unknown;
            block.yes[word] = if all_members { 0 } else { decided } | if others_are_yes { others } else { 0 };
        }
        block.settle();
    }
    blocks
}

/// Whether so many members go through the filters, for each household.
pub(super) fn counted<'r>(over: Where<'r>, filters: &[Whole<'r>], (from, to): (i64, i64)) -> Vec<Block> {
    let mut households = Households::new(over);
    let mut n_members = vec![0_u32; households.n];
    for block in 0..over.columns.len(SubjectKind::Resident).div_ceil(BLOCK_ROWS) {
        let belong = households.belonging(over, filters, block);
        Households::each(households.of, &belong, block, |household| {
            if let Some(n) = n_members.get_mut(household) {
                *n += 1;
            }
        });
    }
    let mut blocks = std::mem::take(&mut households.blocks);
    let range = from..=to.saturating_sub(i64::from(fault!(LastMemberLeftOut)));
    for (at, (block, n_members)) in blocks.iter_mut().zip(n_members.chunks(BLOCK_ROWS)).enumerate() {
        let open = households.open(at);
        for (word, n_members) in n_members.chunks(64).enumerate() {
            let within = n_members.iter().enumerate();
            let within = within.fold(0, |word, (bit, n)| word | u64::from(range.contains(&i64::from(*n))) << bit);
            let unknown = if fault!(OpenHomesCounted) { 0 } else { block.unknown[word] | open[word] };
            block.unknown[word] = unknown;
            block.yes[word] = within & !unknown;
        }
        block.settle();
    }
    blocks
}
