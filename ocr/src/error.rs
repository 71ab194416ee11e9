//! Why a page could not be read.

use std::time::Duration;

/// What can go wrong between a model file and the text of a page.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A model file is missing, damaged, or not the model it should be.
    #[error("the {model} model cannot be used: {why}")]
    Model {
        /// Which of the three: `detection`, `recognition` or `orientation`.
        model: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A model that loaded well failed on this page.
    #[error("the {model} model failed on this page: {why}")]
    Run {
        /// Which of the three: `detection`, `recognition` or `orientation`.
        model: &'static str,
        /// What the model runner said.
        why: String,
    },
    /// The image has more pixels than [`Settings::pixel_limit`](crate::Settings::pixel_limit).
    #[error("the page has {pixels} pixels, more than the {limit} allowed")]
    TooLarge {
        /// Pixels in the image.
        pixels: u64,
        /// Pixels allowed.
        limit: u64,
    },
    /// Reading used up [`Settings::time_limit`](crate::Settings::time_limit).
    #[error("reading the page took longer than {} s", limit.as_secs_f32())]
    TookTooLong {
        /// The time that was allowed.
        limit: Duration,
    },
}
