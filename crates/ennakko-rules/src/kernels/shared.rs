//! What several pieces ask: found to be the same when they are bound, worked out once for each block.

use std::cell::RefCell;
use std::rc::Rc;

use ennakko_core::fact_table::SubjectKind;

use super::block::{Block, Span};
use super::lists::List;
use super::node::{Node, Where, all};

/// A piece, and what the block that was asked for last comes to.
pub(super) struct Shared<'r> {
    pub(super) node: Node<'r>,
    kind: SubjectKind,
    came: RefCell<(Option<usize>, Box<Block>)>,
}

impl<'r> Shared<'r> {
    /// Whether what it comes to is kept: with one that asks, only those whom it asks of are looked at.
    pub(super) fn is_kept(self: &Rc<Self>, span: Span) -> bool {
        Rc::strong_count(self) > 1 && span.is_whole()
    }

    /// Does something with what all rows of a block come to.
    pub(super) fn with<T>(&self, over: Where<'r>, span: Span, then: impl FnOnce(&Block) -> T) -> T {
        let mut kept = self.came.borrow_mut();
        let (block, came) = &mut *kept;
        if *block != Some(span.block) && !(block.is_some() && fault!(SharedOfAnotherBlock)) {
            self.node.put(over, span, &all(over.columns.len(self.kind), span.block), came);
            *block = Some(span.block);
        }
        then(came)
    }
}

/// Pieces that are bound for the same days, each once.
#[derive(Default)]
pub(crate) struct Pool<'r> {
    pieces: Vec<Rc<Shared<'r>>>,
}

impl<'r> Pool<'r> {
    /// The piece, or the same that is there already, if it is worth it.
    pub(super) fn share(&mut self, node: Node<'r>, kind: SubjectKind) -> Node<'r> {
        if !node.is_quick() {
            return node;
        }
        let same = self.pieces.iter().find(|piece| piece.kind == kind && same(&piece.node, &node));
        if let Some(piece) = same {
            return Node::Shared(piece.clone());
        }
        let piece = Rc::new(Shared { node, kind, came: RefCell::new((None, Box::new(Block::NO))) });
        self.pieces.push(piece.clone());
        Node::Shared(piece)
    }
}

impl Node<'_> {
    /// Whether all rows are asked in about the time of a few: tests of columns, and lists that are looked through for all.
    fn is_quick(&self) -> bool {
        match self {
            Self::Leaf(_) => true,
            Self::Not(of) => of.is_quick() || matches!(&**of, Self::Shared(_)),
            Self::Joined { of, .. } => {
                of.iter().all(|node| matches!(node, Self::Shared(_) | Self::Constant(_)) || node.is_quick())
            }
            Self::Search(search) => search.list == List::Members && !search.may_stop(),
            Self::Count(count) => count.list == List::Members && !count.may_stop(),
            _ => false,
        }
    }
}

/// Whether both come to the same for the same rows; what is below them was shared before.
fn same(one: &Node<'_>, two: &Node<'_>) -> bool {
    match (one, two) {
        (Node::Constant(one), Node::Constant(two)) => one == two,
        (Node::Leaf(one), Node::Leaf(two)) => one.same(two),
        (Node::Shared(one), Node::Shared(two)) => Rc::ptr_eq(one, two),
        (Node::Not(one), Node::Not(two)) => same(one, two),
        (
            Node::Joined { any, all_are_asked, of },
            Node::Joined { any: other_any, all_are_asked: others_are_asked, of: others },
        ) => {
            (any, all_are_asked) == (other_any, others_are_asked)
                && of.len() == others.len()
                && of.iter().zip(others).all(|(one, two)| same(one, two))
        }
        (Node::Search(one), Node::Search(two)) => {
            (one.list, one.all) == (two.list, two.all)
                && same(&one.test.node, &two.test.node)
                && one.filters.len() == two.filters.len()
                && one.filters.iter().zip(&two.filters).all(|(one, two)| same(&one.node, &two.node))
        }
        (Node::Count(one), Node::Count(two)) => {
            (one.list, one.from, one.to) == (two.list, two.from, two.to)
                && one.filters.len() == two.filters.len()
                && one.filters.iter().zip(&two.filters).all(|(one, two)| same(&one.node, &two.node))
        }
        _ => false,
    }
}
