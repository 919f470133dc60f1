//! Names and addresses close together: an item takes the bytes of its texts and two or three more, and no allocation of its
//! own.
//!
//! Items stand one after another in blocks of [`BLOCK_ITEMS`], each behind its length: a block is found by counting, an item
//! by stepping over those before it in its block. So no offset is held, and a text may be as long as it likes, all of them
//! together too. What many items have alike (postal code and post office) is written once a part.

use std::fmt;
use std::marker::PhantomData;

use super::store::Part;
use crate::record::{Address, Names};

/// Items of one block. More of them take less memory, and longer to find.
const BLOCK_ITEMS: usize = 32;

/// So many groups of texts are written once; the number of one of them takes two bytes at most.
const SHARED_MAX: usize = (1 << 14) - 2;

/// Names as the register has them. `Debug` hides them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name<'a> {
    /// Given names, the one in use first.
    pub given: &'a str,
    /// Family name.
    pub family: &'a str,
}

/// A postal address as the register has it. `Debug` hides it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PostalAddress<'a> {
    /// Street and number.
    pub street: &'a str,
    /// Postal code.
    pub postal_code: &'a str,
    /// Post office.
    pub post_office: &'a str,
}

impl<'a> From<&'a Names> for Name<'a> {
    fn from(Names { given, family }: &'a Names) -> Self {
        Self { given, family }
    }
}

impl<'a> From<&'a Address> for PostalAddress<'a> {
    fn from(Address { street, postal_code, post_office }: &'a Address) -> Self {
        Self { street, postal_code, post_office }
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(hidden)")
    }
}

impl fmt::Debug for PostalAddress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostalAddress(hidden)")
    }
}

/// What is kept as texts. Reading takes what was written, in the same order.
pub(super) trait Kept {
    /// It, with its texts where they are kept.
    type View<'a>;

    fn write(item: Self::View<'_>, to: &mut Writer<'_>);

    fn read<'a>(from: &mut Reader<'a>) -> Option<Self::View<'a>>;
}

impl Kept for Names {
    type View<'a> = Name<'a>;

    fn write(Name { given, family }: Name<'_>, to: &mut Writer<'_>) {
        to.text(given);
        to.last(family);
    }

    fn read<'a>(from: &mut Reader<'a>) -> Option<Name<'a>> {
        Some(Name { given: from.text()?, family: from.last()? })
    }
}

impl Kept for Address {
    type View<'a> = PostalAddress<'a>;

    fn write(PostalAddress { street, postal_code, post_office }: PostalAddress<'_>, to: &mut Writer<'_>) {
        to.shared([postal_code, post_office]);
        to.last(street);
    }

    fn read<'a>(from: &mut Reader<'a>) -> Option<PostalAddress<'a>> {
        let [postal_code, post_office] = from.shared()?;
        Some(PostalAddress { street: from.last()?, postal_code, post_office })
    }
}

/// The texts of one part of a store.
pub(super) struct Texts<K> {
    // INVARIANT (blocks): each has BLOCK_ITEMS items
    blocks: Vec<Box<[u8]>>,
    /// The items after them, fewer than a block has.
    rest: Vec<u8>,
    len: usize,
    shared: Shared,
    kept: PhantomData<K>,
}

impl<K> Default for Texts<K> {
    fn default() -> Self {
        Self { blocks: Vec::new(), rest: Vec::new(), len: 0, shared: Shared::default(), kept: PhantomData }
    }
}

impl<K> Texts<K> {
    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        boxes(&self.blocks) + self.rest.capacity() + boxes(&self.shared.groups)
    }
}

fn boxes(list: &[Box<[u8]>]) -> usize {
    size_of_val(list) + list.iter().map(|bytes| bytes.len()).sum::<usize>()
}

impl<K: Kept> Part for Texts<K> {
    type Item<'a>
        = K::View<'a>
    where
        K: 'a;

    fn len(&self) -> usize {
        self.len
    }

    fn get(&self, at: usize) -> Option<K::View<'_>> {
        let mut rest = match self.blocks.get(at / BLOCK_ITEMS) {
            Some(block) => &**block,
            None if at < self.len => &self.rest,
            None => return None,
        };
        for _ in 0..at % BLOCK_ITEMS {
            taken(&mut rest)?;
        }
        K::read(&mut Reader { rest: taken(&mut rest)?, shared: &self.shared })
    }

    fn add(&mut self, item: K::View<'_>) {
        let start = self.rest.len();
        K::write(item, &mut Writer { to: &mut self.rest, shared: &mut self.shared });
        let n_bytes = self.rest.len() - start;
        put_number(n_bytes, &mut self.rest);
        let n_bytes_of_length = self.rest.len() - start - n_bytes;
        self.rest[start..].rotate_right(n_bytes_of_length);
        self.len += 1;
        if self.len.is_multiple_of(BLOCK_ITEMS) {
            self.blocks.push(self.rest.as_slice().into());
            self.rest.clear();
        }
    }

    fn reserve(&mut self, n_items: usize) {
        self.blocks.reserve_exact(n_items / BLOCK_ITEMS);
    }

    fn close(&mut self) {
        self.blocks.shrink_to_fit();
        self.rest.shrink_to_fit();
        self.shared.groups.shrink_to_fit();
        self.shared.order = Vec::new();
    }
}

/// Groups of texts that many items have alike, each once.
#[derive(Default)]
struct Shared {
    groups: Vec<Box<[u8]>>,
    // INVARIANT (sorted): places in `groups`; nothing once the part is closed
    order: Vec<u16>,
    /// The place of the group that came last: neighbours have the same.
    latest: u16,
}

impl Shared {
    /// The place of a group; none if there are too many.
    fn place(&mut self, group: &[u8]) -> Option<usize> {
        let of = |place: u16| &*self.groups[usize::from(place)];
        if !self.groups.is_empty() && of(self.latest) == group {
            return Some(self.latest.into());
        }
        self.latest = match self.order.binary_search_by(|place| of(*place).cmp(group)) {
            Ok(at) => self.order[at],
            Err(at) => {
                let place = u16::try_from(self.groups.len()).ok().filter(|place| usize::from(*place) < SHARED_MAX)?;
                self.groups.push(group.into());
                self.order.insert(at, place);
                place
            }
        };
        Some(self.latest.into())
    }
}

/// Writes the texts of one item.
pub(super) struct Writer<'w> {
    to: &'w mut Vec<u8>,
    shared: &'w mut Shared,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        put_text(text, self.to);
    }

    /// The last text of an item ends where the item does.
    fn last(&mut self, text: &str) {
        self.to.extend_from_slice(text.as_bytes());
    }

    /// Texts that other items are likely to have too, all of them together: their place plus one, or 0 and the texts.
    fn shared<const N: usize>(&mut self, texts: [&str; N]) {
        let start = self.to.len();
        self.to.push(0);
        for text in texts {
            put_text(text, self.to);
        }
        if let Some(place) = self.shared.place(&self.to[start + 1..]) {
            self.to.truncate(start);
            put_number(place + 1, self.to);
        }
    }
}

/// Reads the texts of one item.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    shared: &'a Shared,
}

impl<'a> Reader<'a> {
    fn text(&mut self) -> Option<&'a str> {
        str::from_utf8(taken(&mut self.rest)?).ok()
    }

    fn last(&mut self) -> Option<&'a str> {
        str::from_utf8(std::mem::take(&mut self.rest)).ok()
    }

    fn shared<const N: usize>(&mut self) -> Option<[&'a str; N]> {
        let mut texts = [""; N];
        if let Some(place) = number(&mut self.rest)?.checked_sub(1) {
            let mut group = Reader { rest: self.shared.groups.get(place)?, shared: self.shared };
            for text in &mut texts {
                *text = group.text()?;
            }
        } else {
            for text in &mut texts {
                *text = self.text()?;
            }
        }
        Some(texts)
    }
}

fn put_text(text: &str, to: &mut Vec<u8>) {
    put_number(text.len(), to);
    to.extend_from_slice(text.as_bytes());
}

/// A number by seven bits a byte, the lowest first; the highest bit says that more follow.
fn put_number(mut number: usize, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    to.push(number.to_le_bytes()[0]);
}

fn number(from: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let byte = *from.split_off_first()?;
        number |= usize::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Bytes behind their number.
fn taken<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let n_bytes = number(from)?;
    from.split_off(..n_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of<K: Kept + 'static>(items: impl IntoIterator<Item = K::View<'static>>) -> Texts<K> {
        let mut texts = Texts::default();
        items.into_iter().for_each(|item| texts.add(item));
        texts.close();
        texts
    }

    proptest! {
        #[test]
        fn names_come_back_in_their_order(names in proptest::collection::vec((".{0,40}", ".{0,300}"), 0..150)) {
            let mut texts: Texts<Names> = Texts::default();
            for (given, family) in &names {
                texts.add(Name { given, family });
                prop_assert_eq!(texts.get(texts.len() - 1), Some(Name { given, family }));
            }
            texts.close();
            prop_assert_eq!(texts.len(), names.len());
            for (at, (given, family)) in names.iter().enumerate() {
                prop_assert_eq!(texts.get(at), Some(Name { given, family }));
            }
            prop_assert!(texts.get(names.len()).is_none());
        }

        #[test]
        fn addresses_come_back(
            addresses in proptest::collection::vec((".{0,20}", "[0-9]{0,2}", "[A-Ö]{0,1}"), 0..150)
        ) {
            let mut texts: Texts<Address> = Texts::default();
            let view = |at: usize| {
                let (street, postal_code, post_office) = &addresses[at];
                PostalAddress { street, postal_code, post_office }
            };
            (0..addresses.len()).for_each(|at| texts.add(view(at)));
            texts.close();
            prop_assert!((0..addresses.len()).all(|at| texts.get(at) == Some(view(at))));
        }

        #[test]
        fn a_number_comes_back(any: usize, bits in 0..usize::BITS, more: u8) {
            let mut bytes = Vec::new();
            put_number(any >> bits, &mut bytes);
            bytes.push(more);
            let mut rest = bytes.as_slice();
            prop_assert_eq!(number(&mut rest), Some(any >> bits));
            prop_assert_eq!(rest, &[more]);
        }
    }

    #[test]
    fn a_text_may_be_long_or_empty_and_of_any_script() {
        // more than 64 KiB, of characters of more than one byte
        let long: &'static str = "å漢🏠".repeat(20_000).leak();
        let names = [("", ""), (long, ""), ("", long), ("Åsa 漢", "🏠"), (long, long), ("", "")];
        let view = |(given, family)| Name { given, family };
        let texts: Texts<Names> = of(names.map(view));
        assert!(names.iter().enumerate().all(|(at, name)| texts.get(at) == Some(view(*name))));
        let address = PostalAddress { street: long, postal_code: "", post_office: long };
        let texts: Texts<Address> = of([address, address]);
        assert!((0..2).all(|at| texts.get(at) == Some(address)));
        assert_eq!(texts.shared.groups.len(), 1);
    }

    #[test]
    fn groups_beyond_those_that_are_written_once_are_written_out() {
        let offices: Vec<String> = (0..SHARED_MAX + 40).map(|office| format!("office {office}")).collect();
        let view = |office| PostalAddress { street: "Kaivokatu 1", postal_code: "00100", post_office: office };
        let mut texts: Texts<Address> = Texts::default();
        for _ in 0..2 {
            for office in &offices {
                texts.add(view(office));
            }
        }
        texts.close();
        assert_eq!(texts.shared.groups.len(), SHARED_MAX);
        for (at, office) in offices.iter().chain(&offices).enumerate() {
            assert!(texts.get(at) == Some(view(office)), "{at}");
        }
    }

    #[test]
    fn names_take_little_more_than_their_bytes() {
        let texts: Texts<Names> = of((0..32_000).map(|_| Name { given: "Aino Maria", family: "Virtanen" }));
        assert!(texts.bytes() <= 32_000 * (18 + 2) + 32_000 / BLOCK_ITEMS * 16, "{}", texts.bytes());
    }

    #[test]
    fn debug_hides_names_and_addresses() {
        let shown = format!(
            "{:?} {:?}",
            Name { given: "Aino", family: "Virtanen" },
            PostalAddress { street: "Kaivokatu 1", postal_code: "00100", post_office: "HELSINKI" }
        );
        assert_eq!(shown, "Name(hidden) PostalAddress(hidden)");
    }
}
