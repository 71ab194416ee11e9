//! One time step of the recognition model: the likeliest class, and what else
//! it may have been where that is in doubt.

use rten_tensor::NdTensorView;

/// Probability from which a step leaves nothing to ask.
pub(crate) const SURE: f32 = 0.95;
/// Least probability of a candidate that is kept.
const LEAST: f32 = 0.01;
/// Candidates kept of a step, beside the likeliest.
const OTHERS: usize = 4;

/// What the model makes of a few pixels of a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    /// The likeliest class.
    pub(crate) class: usize,
    /// Its probability.
    pub(crate) probability: f32,
    /// The next likely classes with theirs, best first; none where the first
    /// is sure, or is the blank.
    pub(crate) others: Vec<(usize, f32)>,
}

impl Step {
    /// The step with the probability of each class in `values`.
    pub(crate) fn of(values: NdTensorView<f32, 1>) -> Self {
        let values = values.to_contiguous();
        let values = values.data();
        // Two passes, so that the first may run on wide registers.
        let best = values.chunks(16).map(|chunk| chunk.iter().copied().fold(f32::MIN, f32::max));
        let probability = best.fold(f32::MIN, f32::max);
        let class = values.iter().position(|&value| value == probability).unwrap_or(0);
        let asked = class != 0 && probability < SURE;
        let others = if asked { others(values, class) } else { Vec::new() };
        Self { class, probability, others }
    }
}

fn others(values: &[f32], class: usize) -> Vec<(usize, f32)> {
    let likely = |&(index, value): &(usize, f32)| index != 0 && index != class && value >= LEAST;
    // Probabilities add up to one, so there are few.
    let mut found: Vec<_> = values.iter().copied().enumerate().filter(likely).collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(OTHERS);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_tensor::NdTensor;
    use rten_tensor::prelude::*;

    fn step(set: &[(usize, f32)]) -> Step {
        let mut values = NdTensor::<f32, 1>::full([100], 0.0001);
        for &(class, value) in set {
            values[[class]] = value;
        }
        Step::of(values.view())
    }

    #[test]
    fn the_likeliest_class_is_found_wherever_it_is() {
        for at in [1, 16, 17, 99] {
            assert_eq!((step(&[(at, 0.97)]).class, step(&[(at, 0.97)]).probability), (at, 0.97));
        }
    }

    #[test]
    fn what_is_sure_or_blank_has_no_others() {
        assert!(step(&[(5, 0.96), (6, 0.04)]).others.is_empty());
        assert!(step(&[(0, 0.6), (6, 0.4)]).others.is_empty());
    }

    #[test]
    fn what_is_in_doubt_has_the_next_best_few() {
        let doubted = step(&[
            (9, 0.4),
            (0, 0.2),
            (3, 0.02),
            (7, 0.15),
            (2, 0.06),
            (4, 0.005),
            (5, 0.03),
            (6, 0.05),
        ]);
        assert_eq!(doubted.class, 9);
        assert_eq!(doubted.others, [(7, 0.15), (2, 0.06), (6, 0.05), (5, 0.03)]);
    }
}
