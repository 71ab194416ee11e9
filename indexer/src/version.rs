//! The version written beside the index.
//!
//! The index can always be thrown away and made again, so there is no migration: an index of
//! another version is refused, and the caller rebuilds.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::Error;

/// Changes with the fields, the analysis or the engine's format.
pub(crate) const VERSION: &str = "5";

const FILE: &str = "yidang-index-version";

/// Checks the version of the index in `folder` and whose signs it has, or writes both when the
/// folder is new or empty.
pub(crate) fn check_or_write(folder: &Path, signs: &str) -> Result<(), Error> {
    fs::create_dir_all(folder)?;
    let wanted = format!("{VERSION} {signs}");
    match fs::read_to_string(folder.join(FILE)) {
        Ok(found) if found.trim() == wanted.trim() => Ok(()),
        Ok(found) => Err(other(found.trim())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if fs::read_dir(folder)?.next().is_some() {
                return Err(other("none"));
            }
            Ok(fs::write(folder.join(FILE), wanted.trim())?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Removes an index of whatever version from `folder`; a folder without one is left alone.
pub(crate) fn remove(folder: &Path) -> Result<(), Error> {
    let is_index = folder.join(FILE).exists() || folder.join("meta.json").exists();
    if is_index {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

pub(crate) fn other(found: &str) -> Error {
    Error::OtherVersion { found: found.to_owned(), wanted: VERSION }
}
