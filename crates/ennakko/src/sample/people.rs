//! People not yet housed, by age and register sex: what the formation of households draws from.

use super::dice::Dice;
use super::source::AGES;

/// A woman's and a man's place in tables by sex.
pub(super) const FEMALE: usize = 0;
pub(super) const MALE: usize = 1;

/// How many people of each age and sex are left.
#[derive(Clone)]
pub(super) struct People {
    left: Vec<[u32; 2]>,
}

impl People {
    pub(super) fn new(left: Vec<[u32; 2]>) -> Self {
        Self { left }
    }

    /// How many are left between two ages, both included.
    pub(super) fn between(&self, low: usize, high: usize) -> u32 {
        self.left.iter().take(high + 1).skip(low).flatten().sum()
    }

    /// One of an age between two (both included) and of a sex, or of either: each as likely as `weight` of its age says.
    pub(super) fn take(
        &mut self,
        dice: &mut Dice,
        ages: (usize, usize),
        sex: Option<usize>,
        weight: impl Fn(usize) -> u32,
    ) -> Option<(usize, usize)> {
        let (low, high) = (ages.0, ages.1.min(AGES - 1));
        let cells = (low..=high).flat_map(|age| [(age, FEMALE), (age, MALE)]);
        let weights = cells.clone().map(|(age, of)| {
            let left = self.left.get(age).map_or(0, |left| left[of]);
            if sex.is_none_or(|sex| sex == of) { left.saturating_mul(weight(age)) } else { 0 }
        });
        let (age, of) = dice.weighted(weights).and_then(|at| cells.clone().nth(at))?;
        self.left[age][of] -= 1;
        Some((age, of))
    }

    /// The one nearest to an age, within two ages (both included), of a sex or of either.
    pub(super) fn take_near(
        &mut self,
        dice: &mut Dice,
        wanted: usize,
        ages: (usize, usize),
        sex: Option<usize>,
    ) -> Option<(usize, usize)> {
        let first = if dice.below(2) == 0 { FEMALE } else { MALE };
        let sexes = [first, 1 - first];
        let high = ages.1.min(AGES - 1);
        for distance in 0..AGES {
            for age in [wanted.checked_sub(distance), wanted.checked_add(distance)].into_iter().flatten() {
                if age < ages.0 || age > high {
                    continue;
                }
                for of in sexes {
                    if sex.is_none_or(|sex| sex == of) && self.left[age][of] > 0 {
                        self.left[age][of] -= 1;
                        return Some((age, of));
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Stream;
    use super::*;

    #[test]
    fn nobody_is_taken_twice() {
        let mut left = vec![[0, 0]; AGES];
        left[30] = [1, 1];
        left[40] = [0, 2];
        let mut people = People::new(left);
        let mut dice = Dice::new(1, Stream::Unit, 0);
        assert_eq!(people.take_near(&mut dice, 32, (18, 100), Some(FEMALE)), Some((30, FEMALE)));
        assert_eq!(people.take_near(&mut dice, 32, (31, 100), None), Some((40, MALE)));
        assert_eq!(people.take(&mut dice, (18, 35), None, |_| 1), Some((30, MALE)));
        assert_eq!(people.take(&mut dice, (18, 35), None, |_| 1), None);
        assert_eq!(people.between(18, 100), 1);
    }
}
