//! What a line says: the second model and the dictionary it carries.

use std::path::Path;

use rten::{Model, RunOptions};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::crop::Strip;
use crate::ctc::{Dictionary, Reading, decode};
use crate::error::Error;
use crate::models::open;
use crate::sheet::Levels;
use crate::steps::Step;

const NAME: &str = "recognition";
/// Height of a line in model pixels.
const HEIGHT: usize = 48;
/// Widths are multiples of this, the model's pixels a time step.
const STEP: usize = 8;
/// Bounds of the width in model pixels; the upper one is for lines a hundred
/// times as long as high, which no text is.
const WIDTHS: (usize, usize) = (16, 4800);
/// A line longer than this many heights is boxed tightly, and is given
/// [`AIR`] times its height: as readable, and fewer time steps to compute.
const TIGHT: f64 = 6.0;
const AIR: f64 = 1.25;
/// How much wider a line is shown for a second opinion. Of eight other looks at
/// lines in doubt (more air or less, wider or narrower, in colour) this, without
/// air, mended the most.
const WIDER: f64 = 1.15;

/// How a line is shown to the model.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Look {
    /// As it reads most lines best.
    First,
    /// Otherwise, for a second opinion: tighter and a little wider.
    Second,
}

impl Look {
    /// What the height of a line of this aspect is multiplied by, and the
    /// width of what comes of it.
    fn factors(self, aspect: f64) -> (f64, f64) {
        match self {
            Self::First if aspect > TIGHT => (AIR, 1.0),
            Self::First => (1.0, 1.0),
            Self::Second => (1.0, WIDER),
        }
    }
}

/// The recognition model.
#[derive(Debug)]
pub(crate) struct Recogniser {
    model: Model,
    dictionary: Dictionary,
}

impl Recogniser {
    /// The model in `path`, tried once on an empty line. Its classes must be
    /// those of its own dictionary, or every character would be another.
    pub(crate) fn load(path: &Path, options: RunOptions) -> Result<Self, Error> {
        let wrong = |why| Error::Model { model: NAME, why };
        let model = open(NAME, path)?;
        let Some(lines) = model.metadata().get("character") else {
            return Err(wrong("it carries no dictionary".into()));
        };
        let recogniser = Self { dictionary: Dictionary::parse(lines), model };
        let classes = recogniser
            .steps(NdTensor::zeros([1, 3, HEIGHT, 64]), options)
            .map_err(|error| wrong(error.to_string()))?
            .size(2);
        if classes == recogniser.dictionary.classes() {
            Ok(recogniser)
        } else {
            let expected = recogniser.dictionary.classes();
            Err(wrong(format!("it has {classes} classes, its dictionary is for {expected}")))
        }
    }

    /// What the line in `strip` says. Runs the model once, unpadded.
    pub(crate) fn read(
        &self,
        levels: &Levels,
        strip: &Strip,
        look: Look,
        options: RunOptions,
    ) -> Result<Reading, Error> {
        let (air, stretch) = look.factors(strip.aspect());
        let airy = strip.with_air(air);
        let width = (HEIGHT as f64 * airy.aspect() * stretch) as usize;
        let width = width.next_multiple_of(STEP).clamp(WIDTHS.0, WIDTHS.1);
        let input = airy.input(levels, HEIGHT, width, width);
        let output = self.steps(input, options)?;
        let steps: Vec<_> = output.slice(0).axis_iter(0).map(Step::of).collect();
        Ok(decode(&steps, &self.dictionary, strip.aspect()))
    }

    fn steps(
        &self,
        input: NdTensor<f32, 4>,
        options: RunOptions,
    ) -> Result<NdTensor<f32, 3>, Error> {
        let wrong = |why: String| Error::Run { model: NAME, why };
        let output =
            self.model.run_one(input.into(), Some(options)).map_err(|e| wrong(e.to_string()))?;
        output.try_into().map_err(|_| wrong("its answer is not a row of steps".into()))
    }
}
