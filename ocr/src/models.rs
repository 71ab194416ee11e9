//! The three model files, and how one is opened.

use std::path::{Path, PathBuf};

use rten::{Model, ModelOptions};

use crate::error::Error;

/// Where the three model files are.
#[derive(Debug, Clone)]
pub struct Models {
    /// Finds lines: PP-OCRv6 small detection.
    pub detection: PathBuf,
    /// Reads a line: PP-OCRv6 small recognition, carrying its dictionary.
    pub recognition: PathBuf,
    /// Tells a line from one upside down: PP-OCR mobile v2.0 classification.
    pub orientation: PathBuf,
}

impl Models {
    /// The three files under their usual names in `folder`. Nothing is opened.
    pub fn in_dir(folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        Self {
            detection: folder.join("ppocrv6_det.onnx"),
            recognition: folder.join("ppocrv6_rec.onnx"),
            orientation: folder.join("ppocr_cls.onnx"),
        }
    }
}

/// The model in `path`, ready to run; `name` is used in errors.
pub(crate) fn open(name: &'static str, path: &Path) -> Result<Model, Error> {
    let wrong = |why: String| Error::Model { model: name, why };
    let bytes = std::fs::read(path).map_err(|e| wrong(format!("{}: {e}", path.display())))?;
    // The loader is written for well-formed files; a damaged one may trip it.
    let load = || ModelOptions::with_all_ops().prepack_weights(true).load(bytes);
    std::panic::catch_unwind(load)
        .map_err(|_| wrong("the file is damaged".into()))?
        .map_err(|e| wrong(e.to_string()))
}
