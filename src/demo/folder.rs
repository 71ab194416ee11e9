//! The folder of a demonstration, which the next one throws away.

use std::path::Path;

use super::DemoError;

/// The marker of a folder that the demonstration may throw away.
const MARKER: &str = "demo-archive";

/// Makes `folder` an empty folder for a demonstration.
///
/// # Errors
/// When it holds something that no demonstration made.
pub fn clear(folder: &Path) -> Result<(), DemoError> {
    let wrong = |e: std::io::Error| DemoError::Samples(folder.display().to_string(), e.to_string());
    let used = folder.is_dir() && std::fs::read_dir(folder).map_err(wrong)?.next().is_some();
    if used && !folder.join(MARKER).is_file() {
        return Err(DemoError::Step {
            step: "data folder",
            cause: format!(
                "{} holds an archive that no demonstration made; it is left alone",
                folder.display()
            ),
        });
    }
    if folder.is_dir() {
        // Many small files may take a moment to go; a stop half-way leaves the marker.
        for part in std::fs::read_dir(folder).map_err(wrong)? {
            let path = part.map_err(wrong)?.path();
            let stays = |name: &std::ffi::OsStr| name == MARKER || name == crate::config::FILE;
            if path.file_name().is_some_and(|name| !stays(name)) {
                let removed = if path.is_dir() {
                    std::fs::remove_dir_all(&path)
                } else {
                    std::fs::remove_file(&path)
                };
                removed.map_err(wrong)?;
            }
        }
    }
    std::fs::create_dir_all(folder).map_err(wrong)?;
    std::fs::write(folder.join(MARKER), "made by `yidang demo`; it will be thrown away\n")
        .map_err(wrong)
}
