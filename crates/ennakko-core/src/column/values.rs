//! The values of a chunk, as narrow as they can be kept: days of birth lie within 65,536 days, a year or a code in a byte.

use std::ops::Range;

use arrow_buffer::{ArrowNativeType, BooleanBuffer, ScalarBuffer};

/// What stands in columns: whole numbers of a fixed width.
pub trait Cell: ArrowNativeType + Ord {
    /// How far it lies above another, where that is less than 65,536.
    fn above(self, base: Self) -> Option<u16>;

    /// The number that lies so far above it.
    fn plus(self, offset: u16) -> Self;
}

macro_rules! cells {
    ($($of:ident)*) => {
        $(impl Cell for $of {
            fn above(self, base: Self) -> Option<u16> {
                self.checked_sub(base).and_then(|above| above.try_into().ok())
            }

            fn plus(self, offset: u16) -> Self {
                // every offset was found by `above`, so that none is cut off
                self.saturating_add(Self::try_from(offset).unwrap_or(Self::MAX))
            }
        })*
    };
}

cells! { u8 u32 i32 i64 u64 }

/// Values of a chunk, one a row; of a row that has none, anything.
#[derive(Clone, Copy, Debug)]
pub enum Values<'c, T> {
    /// As they are.
    Wide(&'c [T]),
    /// How far each lies above the base.
    Shorts {
        /// The least value.
        base: T,
        /// What is to be added to it.
        offsets: &'c [u16],
    },
    /// The same, where all are less than 256.
    Bytes {
        /// The least value.
        base: T,
        /// What is to be added to it.
        offsets: &'c [u8],
    },
}

impl<T: Cell> Values<'_, T> {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Wide(values) => values.len(),
            Self::Shorts { offsets, .. } => offsets.len(),
            Self::Bytes { offsets, .. } => offsets.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a row, if there is such a row.
    pub fn get(&self, row: usize) -> Option<T> {
        match *self {
            Self::Wide(values) => values.get(row).copied(),
            Self::Shorts { base, offsets } => offsets.get(row).map(|offset| base.plus(*offset)),
            Self::Bytes { base, offsets } => offsets.get(row).map(|offset| base.plus((*offset).into())),
        }
    }

    /// The values of some rows.
    pub fn of(&self, rows: Range<usize>) -> Vec<T> {
        match *self {
            Self::Wide(values) => values[rows].to_vec(),
            Self::Shorts { base, offsets } => offsets[rows].iter().map(|offset| base.plus(*offset)).collect(),
            Self::Bytes { base, offsets } => offsets[rows].iter().map(|offset| base.plus((*offset).into())).collect(),
        }
    }

    /// Whether some rows surely have the same values.
    pub(super) fn are(&self, others: &Self, rows: Range<usize>) -> bool {
        match (*self, *others) {
            (Self::Wide(ones), Self::Wide(others)) => ones[rows.clone()] == others[rows],
            (Self::Shorts { base, offsets }, Self::Shorts { base: other, offsets: others }) => {
                base == other && offsets[rows.clone()] == others[rows]
            }
            (Self::Bytes { base, offsets }, Self::Bytes { base: other, offsets: others }) => {
                base == other && offsets[rows.clone()] == others[rows]
            }
            _ => false,
        }
    }
}

/// Values of a chunk as they are kept.
#[derive(Clone, Debug)]
pub(super) enum Kept<T: ArrowNativeType> {
    Wide(ScalarBuffer<T>),
    Shorts(T, ScalarBuffer<u16>),
    Bytes(T, ScalarBuffer<u8>),
}

impl<T: Cell> Kept<T> {
    /// These values, of rows of which some have one.
    pub(super) fn of(mut values: Vec<T>, known: &BooleanBuffer) -> Self {
        let ends = if known.count_set_bits() == values.len() {
            values.iter().min().copied().zip(values.iter().max().copied())
        } else {
            let known = || values.iter().zip(known).filter(|(_, known)| *known).map(|(value, _)| *value);
            known().min().zip(known().max())
        };
        let (base, most) = ends.unwrap_or_default();
        let offset = |value: &T| value.above(base).unwrap_or_default();
        match most.above(base) {
            Some(0..=0xFF) if size_of::<T>() > 1 => {
                let bytes = values.iter().map(|value| u8::try_from(offset(value)).unwrap_or_default());
                Self::Bytes(base, bytes.collect::<Vec<_>>().into())
            }
            Some(_) if size_of::<T>() > 2 => Self::Shorts(base, values.iter().map(offset).collect::<Vec<_>>().into()),
            _ => {
                values.shrink_to_fit();
                Self::Wide(values.into())
            }
        }
    }

    pub(super) fn view(&self) -> Values<'_, T> {
        match self {
            Self::Wide(values) => Values::Wide(values),
            Self::Shorts(base, offsets) => Values::Shorts { base: *base, offsets },
            Self::Bytes(base, offsets) => Values::Bytes { base: *base, offsets },
        }
    }

    pub(super) fn len(&self) -> usize {
        self.view().len()
    }

    pub(super) fn at(&self, row: usize) -> T {
        match self {
            Self::Wide(values) => values[row],
            Self::Shorts(base, offsets) => base.plus(offsets[row]),
            Self::Bytes(base, offsets) => base.plus(offsets[row].into()),
        }
    }

    /// Enters the values of some rows.
    pub(super) fn enter(&self, rows: Range<usize>, into: &mut Vec<T>) {
        match self {
            Self::Wide(values) => into.extend_from_slice(&values[rows]),
            Self::Shorts(base, offsets) => into.extend(offsets[rows].iter().map(|offset| base.plus(*offset))),
            Self::Bytes(base, offsets) => into.extend(offsets[rows].iter().map(|offset| base.plus((*offset).into()))),
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Wide(values) => size_of_val::<[T]>(values),
            Self::Shorts(_, offsets) => size_of_val::<[u16]>(offsets),
            Self::Bytes(_, offsets) => size_of_val::<[u8]>(offsets),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn values_come_out_as_they_went_in(
            base in any::<i64>(),
            above in prop_oneof![0..2_u32, 250..260_u32, 65_530..65_540_u32],
            rows in proptest::collection::vec((0..100_000_u32, any::<bool>()), 1..200),
        ) {
            // a row without a value does not widen the others
            let value = |(offset, known): &(u32, bool)| {
                if *known { base.saturating_add((*offset % (above + 1)).into()) } else { 0 }
            };
            let values: Vec<i64> = rows.iter().map(value).collect();
            let known: BooleanBuffer = rows.iter().map(|(_, known)| *known).collect();
            let kept = Kept::of(values.clone(), &known);
            let known_values = || values.iter().zip(&rows).filter(|(_, (_, known))| *known).map(|(value, _)| *value);
            let reach = known_values().max().zip(known_values().min()).map_or(0, |(most, least)| most.abs_diff(least));
            let bytes = match reach { 0..=0xFF => 1, 0x100..=0xFFFF => 2, _ => 8 };
            prop_assert_eq!(kept.bytes(), bytes * rows.len());
            let mut entered = Vec::new();
            kept.enter(0..rows.len(), &mut entered);
            prop_assert_eq!(&entered, &kept.view().of(0..rows.len()));
            for (row, (_, known)) in rows.iter().enumerate() {
                prop_assert!(!known || kept.at(row) == values[row]);
                prop_assert_eq!((entered[row], kept.view().get(row)), (kept.at(row), Some(kept.at(row))));
            }
        }
    }
}
