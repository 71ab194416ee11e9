//! The detection model in two halves, and what is computed between them.
//!
//! Between what it sees at four sizes and the map it makes of that, the model
//! convolves each size with squares of seven pixels. It is stopped there, and
//! [`crate::depthwise`] does that part.

use rten::{Model, NodeId, RunError, Value, ValueOrView};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::crew::Crew;
use crate::depthwise::{Kernel, SIDE, convolve};

/// The names in PP-OCRv6 small of what is convolved, its squares, what is
/// added, and the sum, from the coarsest size to the finest.
const SIZES: [[&str; 4]; 4] = [
    ["Add.159", "conv2d_169.w_0", "p2o.pd_op.reshape.62.0", "Add.185"],
    ["Add.179", "conv2d_168.w_0", "p2o.pd_op.reshape.65.0", "Add.193"],
    ["Add.181", "conv2d_167.w_0", "p2o.pd_op.reshape.68.0", "Add.201"],
    ["Add.183", "conv2d_166.w_0", "p2o.pd_op.reshape.71.0", "Add.209"],
];

/// Where the model is cut, and the kernels of the four sizes.
#[derive(Debug)]
pub(crate) struct Neck {
    before: Vec<NodeId>,
    kernels: Vec<Vec<Kernel>>,
    after: Vec<NodeId>,
}

impl Neck {
    /// The neck of `model`; `None` when it is another model, which is then run
    /// as a whole.
    pub(crate) fn of(model: &Model) -> Option<Self> {
        let find = |column: usize| -> Option<Vec<NodeId>> {
            SIZES.iter().map(|names| model.find_node(names[column])).collect()
        };
        let numbers = |column: usize| -> Option<Vec<Vec<f32>>> {
            let found = model.run(Vec::new(), &find(column)?, None).ok()?;
            found.into_iter().map(floats).collect()
        };
        let (squares, biases) = (numbers(1)?, numbers(2)?);
        let kernels = squares.iter().zip(&biases).map(|(squares, biases)| kernels(squares, biases));
        Some(Self { before: find(0)?, kernels: kernels.collect::<Option<_>>()?, after: find(3)? })
    }

    /// What `model` makes of `input`.
    ///
    /// # Errors
    ///
    /// Those of the model.
    pub(crate) fn run(
        &self,
        model: &Model,
        input: ValueOrView,
        crew: &Crew,
    ) -> Result<Value, RunError> {
        let first = model.input_ids().iter().copied().zip([input]).collect();
        let seen = model.run(first, &self.before, Some(crew.together()))?;
        let convolved = seen.into_iter().zip(&self.kernels).filter_map(|(value, kernels)| {
            let value: NdTensor<f32, 4> = value.try_into().ok()?;
            Some(ValueOrView::from(convolve(value.view(), kernels, crew.size())))
        });
        let second = self.after.iter().copied().zip(convolved).collect();
        let output = model.output_ids().first().copied();
        let answers = model.run(second, output.as_slice(), Some(crew.together()))?;
        Ok(answers.into_iter().next().unwrap_or_else(|| NdTensor::<f32, 1>::zeros([0]).into()))
    }
}

fn floats(value: Value) -> Option<Vec<f32>> {
    let tensor: rten_tensor::Tensor<f32> = value.try_into().ok()?;
    Some(tensor.to_vec())
}

/// One kernel a channel; `None` when the numbers are not of squares that side.
fn kernels(squares: &[f32], biases: &[f32]) -> Option<Vec<Kernel>> {
    let (squares, rest) = squares.as_chunks::<{ SIDE * SIDE }>();
    if !rest.is_empty() || squares.len() != biases.len() {
        return None;
    }
    Some(squares.iter().zip(biases).map(|(&square, &bias)| Kernel { square, bias }).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::{Models, open};

    #[test]
    fn the_halves_make_what_the_whole_makes() {
        let folder = std::env::var("YIDANG_MODELS").unwrap_or("../.local/models".into());
        let Ok(model) = open("detection", &Models::in_dir(folder).detection) else {
            eprintln!("no models: not tested");
            return;
        };
        let neck = Neck::of(&model).unwrap();
        let crew = Crew::of(2);
        let mut state = 3u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        });
        let values: Vec<f32> = noise.take(3 * 96 * 160).collect();
        let input = NdTensor::from_data([1, 3, 96, 160], values);
        let whole = model.run_one(input.view().into(), Some(crew.together())).unwrap();
        let halves = neck.run(&model, input.view().into(), &crew).unwrap();
        let (whole, halves) = (floats(whole).unwrap(), floats(halves).unwrap());
        assert_eq!(whole.len(), 96 * 160);
        let pairs = whole.iter().zip(&halves);
        let furthest = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(whole.len() == halves.len() && furthest < 1e-4, "{furthest}");
    }
}
