//! Whole numbers in proportion: a total shared out by weights without fractions and without losing anybody.

use super::dice::Dice;

/// `total` in proportion to the weights, by largest remainder; equal remainders by position. The parts add up.
pub(super) fn apportion(total: u32, weights: &[u64]) -> Vec<u32> {
    let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let wanted = |weight: u64| u128::from(total) * u128::from(weight);
    let mut parts: Vec<u32> =
        weights.iter().map(|weight| u32::try_from(wanted(*weight) / sum).unwrap_or(u32::MAX)).collect();
    let mut left = total - parts.iter().sum::<u32>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(wanted(weights[*at]) % sum), *at));
    for at in order {
        if left == 0 {
            break;
        }
        parts[at] += 1;
        left -= 1;
    }
    parts
}

/// `total` in proportion to the weights, rounded by one throw for all: each part is right on average, and they add up.
///
/// Largest remainder would give every small number to the largest weights.
pub(super) fn scatter(dice: &mut Dice, total: u32, weights: &[u64]) -> Vec<u32> {
    let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let throw = u128::from(dice.below(u32::MAX)) * sum / u128::from(u32::MAX);
    let upto = |reached: u128| (reached * u128::from(total) + throw) / sum;
    let mut reached = 0;
    weights
        .iter()
        .map(|weight| {
            let before = upto(reached);
            reached += u128::from(*weight);
            u32::try_from(upto(reached) - before).unwrap_or(u32::MAX)
        })
        .collect()
}

/// `n * times / of`, rounded to the nearest.
pub(super) fn scaled(n: u32, times: u32, of: u32) -> u32 {
    let of = u64::from(of.max(1));
    u32::try_from((u64::from(n) * u64::from(times) + of / 2) / of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::dice::Stream;
    use super::*;

    #[test]
    fn parts_add_up_and_keep_proportion() {
        assert_eq!(apportion(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(apportion(7, &[0, 5, 0]), [0, 7, 0]);
        assert_eq!(apportion(3, &[0, 0]), [0, 0]);
        let weights = [18_492, 7_297, 1_731, 0, 278];
        for total in [0, 1, 999, 100_000, 5_600_000] {
            assert_eq!(apportion(total, &weights).iter().sum::<u32>(), total);
            for throw in 0..20 {
                let parts = scatter(&mut Dice::new(1, Stream::Plan, throw), total, &weights);
                assert_eq!((parts.iter().sum::<u32>(), parts[3]), (total, 0));
            }
        }
    }

    #[test]
    fn scaling_rounds_to_the_nearest() {
        assert_eq!((scaled(10, 1, 3), scaled(10, 2, 3), scaled(0, 5, 7)), (3, 7, 0));
    }
}
