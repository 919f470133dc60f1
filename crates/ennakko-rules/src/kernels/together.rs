//! Pieces side by side that one test of a column does as well: `age >= 16 && age <= 28`, `seen == () || seen < day`.

use super::leaf::{Leaf, OnNone};
use super::node::Node;

/// The same pieces, fewer where two are one test.
pub(super) fn together(any: bool, all_are_asked: bool, of: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let mut together: Vec<Node<'_>> = Vec::new();
    for node in of {
        let apart = match together.last_mut() {
            Some(last) => put_into(last, any, all_are_asked, node),
            None => Some(node),
        };
        together.extend(apart);
    }
    together
}

/// Makes one of a piece and the next; gives it back where they stay apart.
fn put_into<'r>(last: &mut Node<'r>, any: bool, all_are_asked: bool, node: Node<'r>) -> Option<Node<'r>> {
    if let (false, Node::Leaf(one), Node::Leaf(two)) = (any, &*last, &node)
        && let Some(range) = one.and(two)
    {
        *last = Node::Leaf(range);
        return None;
    }
    // the second is asked only where there is a value
    let has = match (&*last, any) {
        (Node::Leaf(has), false) => has.has_of(),
        (Node::Not(of), true) => {
            if let Node::Leaf(has) = &**of {
                has.has_of()
            } else {
                None
            }
        }
        _ => None,
    };
    if all_are_asked || has.is_none() || has != column_of(&node) {
        return Some(node);
    }
    *last = where_none(node, if fault!(NoneOfTwoForgotten) { !any } else { any });
    None
}

/// The column that a test, or that it does not hold, is about.
fn column_of(node: &Node<'_>) -> Option<*const ()> {
    match node {
        Node::Leaf(leaf) => leaf.column(),
        Node::Not(of) => column_of(of),
        _ => None,
    }
}

/// The same test, which is so where there is no value.
fn where_none(node: Node<'_>, yes: bool) -> Node<'_> {
    match node {
        Node::Leaf(leaf) => Node::Leaf(leaf.with_none(if yes { OnNone::Yes } else { OnNone::No })),
        Node::Not(of) => Node::Not(Box::new(where_none(*of, !yes))),
        node => node,
    }
}

impl Leaf<'_> {
    /// The column of which it tests whether there is a value.
    fn has_of(&self) -> Option<*const ()> {
        Some(match self {
            Self::HasNumber(of) => std::ptr::from_ref(*of).cast(),
            Self::HasDay(of) => std::ptr::from_ref(*of).cast(),
            Self::HasCode(of) => std::ptr::from_ref(*of).cast(),
            Self::HasFlag(of) => std::ptr::from_ref(*of).cast(),
            _ => return None,
        })
    }

    /// The column of which it tests the value.
    fn column(&self) -> Option<*const ()> {
        Some(match self {
            Self::Days { of, .. } => std::ptr::from_ref(of.first).cast(),
            Self::Numbers { of, .. } => std::ptr::from_ref(*of).cast(),
            Self::Code { of, .. } => std::ptr::from_ref(*of).cast(),
            Self::Flag { of, .. } => std::ptr::from_ref(*of).cast(),
            _ => return None,
        })
    }

    fn with_none(self, if_none: OnNone) -> Self {
        match self {
            Self::Days { of, ends, known_to, .. } => Self::Days { of, ends, known_to, if_none },
            Self::Numbers { of, from, to, .. } => Self::Numbers { of, from, to, if_none },
            Self::Code { of, equals, .. } => Self::Code { of, equals, if_none },
            Self::Flag { of, equals, .. } => Self::Flag { of, equals, if_none },
            leaf => leaf,
        }
    }
}
