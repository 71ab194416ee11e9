//! Convolution of each channel with a small square of its own.
//!
//! The engine the models run on multiplies one number at a time here, and with
//! squares of 49 numbers that is a quarter of what finding the lines takes
//! (github.com/robertknight/rten, issue 370). Written over blocks of fixed
//! length, the same sum becomes vector instructions.

use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

/// Side of the square, in pixels.
pub(crate) const SIDE: usize = 7;
/// Zeros around a channel, so that every pixel has a whole square.
const EDGE: usize = SIDE / 2;
/// Pixels of a row computed at a time.
const BLOCK: usize = 16;

/// The square of one channel, row by row, and what is added to each sum.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kernel {
    pub(crate) square: [f32; SIDE * SIDE],
    pub(crate) bias: f32,
}

/// The channels of `input` (one image: 1, channels, rows, columns), each
/// convolved with its kernel, in the same shape; beyond the edge all is zero.
/// Channels without a kernel, and kernels without a channel, are left out.
pub(crate) fn convolve(
    input: NdTensorView<f32, 4>,
    kernels: &[Kernel],
    threads: usize,
) -> NdTensor<f32, 4> {
    let [_, channels, rows, columns] = input.shape();
    let channels = channels.min(kernels.len());
    let plane = rows * columns;
    let mut output = vec![0.0; channels * plane];
    if plane > 0 {
        let input = input.to_contiguous();
        let planes = input.data().chunks_exact(plane).zip(kernels);
        let mut work: Vec<_> = output.chunks_exact_mut(plane).zip(planes).collect();
        let share = channels.div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            for share in work.chunks_mut(share) {
                scope.spawn(move || {
                    let mut padded = Vec::new();
                    for (output, (input, kernel)) in share {
                        channel(output, input, columns, kernel, &mut padded);
                    }
                });
            }
        });
    }
    NdTensor::from_data([1, channels, rows, columns], output)
}

/// One channel: rows of `columns` pixels. `padded` is room that is used again.
fn channel(
    output: &mut [f32],
    input: &[f32],
    columns: usize,
    kernel: &Kernel,
    padded: &mut Vec<f32>,
) {
    let wide = columns.next_multiple_of(BLOCK) + 2 * EDGE;
    padded.clear();
    padded.resize(wide * (input.len() / columns + 2 * EDGE), 0.0);
    for (to, from) in padded[EDGE * wide..].chunks_mut(wide).zip(input.chunks(columns)) {
        to[EDGE..EDGE + columns].copy_from_slice(from);
    }
    for (y, row) in output.chunks_mut(columns).enumerate() {
        for (number, block) in row.chunks_mut(BLOCK).enumerate() {
            let mut sums = [kernel.bias; BLOCK];
            for (down, factors) in kernel.square.as_chunks::<SIDE>().0.iter().enumerate() {
                let from = &padded[(y + down) * wide + number * BLOCK..][..BLOCK + 2 * EDGE];
                for (across, factor) in factors.iter().enumerate() {
                    for (sum, value) in sums.iter_mut().zip(&from[across..across + BLOCK]) {
                        *sum += factor * value;
                    }
                }
            }
            block.copy_from_slice(&sums[..block.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, pixel by pixel.
    fn plainly(input: &NdTensor<f32, 4>, kernels: &[Kernel]) -> NdTensor<f32, 4> {
        let [_, channels, rows, columns] = input.shape();
        let edge = EDGE as isize;
        let mut output = NdTensor::zeros([1, channels, rows, columns]);
        for (c, kernel) in kernels.iter().enumerate() {
            for y in 0..rows {
                for x in 0..columns {
                    let mut sum = kernel.bias;
                    for down in -edge..=edge {
                        for across in -edge..=edge {
                            let at = (y as isize + down, x as isize + across);
                            let inside = (0..rows as isize).contains(&at.0)
                                && (0..columns as isize).contains(&at.1);
                            if inside {
                                let factor = (down + edge) as usize * SIDE;
                                sum += kernel.square[factor + (across + edge) as usize]
                                    * input[[0, c, at.0 as usize, at.1 as usize]];
                            }
                        }
                    }
                    output[[0, c, y, x]] = sum;
                }
            }
        }
        output
    }

    #[test]
    fn it_is_the_sum_of_the_definition() {
        let mut state = 7u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0 - 0.5
        };
        for (channels, rows, columns) in
            [(5, 9, 20), (3, 1, 1), (2, 40, 16), (4, 2, 33), (1, 7, 15)]
        {
            let values = (0..channels * rows * columns).map(|_| next()).collect::<Vec<_>>();
            let input = NdTensor::from_data([1, channels, rows, columns], values);
            let kernels: Vec<Kernel> = (0..channels)
                .map(|_| Kernel { square: std::array::from_fn(|_| next()), bias: next() })
                .collect();
            let expected = plainly(&input, &kernels);
            for threads in [1, 2, 7] {
                let found = convolve(input.view(), &kernels, threads);
                assert_eq!(found.shape(), expected.shape());
                let pairs = found.iter().zip(expected.iter());
                let furthest = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(furthest < 1e-5, "{furthest} for {channels} x {rows} x {columns}");
            }
        }
    }

    #[test]
    fn nothing_is_nothing() {
        let empty = convolve(NdTensor::zeros([1, 0, 4, 4]).view(), &[], 2);
        assert_eq!(empty.shape(), [1, 0, 4, 4]);
        let flat = convolve(NdTensor::zeros([1, 2, 0, 4]).view(), &[], 2);
        assert_eq!(flat.shape(), [1, 0, 0, 4]);
    }
}
