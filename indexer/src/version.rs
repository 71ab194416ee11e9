//! The version written beside the index.
//!
//! The index can always be thrown away and made again, so there is no migration: one of another
//! version is filled beside it (`indexes.rs`), and the former one is read on until then if it can be.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::Error;

/// Changes with the fields, the analysis or the engine's format.
pub(crate) const VERSION: &str = "6";
/// The former versions that are read and written as this one, but for fields they lack.
const READABLE: [&str; 1] = ["5"];

const FILE: &str = "yidang-index-version";

/// Checks the version of the index in `folder` and whose signs it has, or writes both when the
/// folder is new or empty.
pub(crate) fn check_or_write(folder: &Path, signs: &str) -> Result<(), Error> {
    fs::create_dir_all(folder)?;
    let wanted = told(VERSION, signs);
    match fs::read_to_string(folder.join(FILE)) {
        Ok(found) if found.trim() == wanted => Ok(()),
        Ok(found) => Err(other(found.trim())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if fs::read_dir(folder)?.next().is_some() {
                return Err(other("none"));
            }
            Ok(fs::write(folder.join(FILE), wanted)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Checks that the index in `folder` is of a former version that can be read, with these signs.
pub(crate) fn check_former(folder: &Path, signs: &str) -> Result<(), Error> {
    let found = fs::read_to_string(folder.join(FILE))?;
    let is_readable = READABLE.iter().any(|version| told(version, signs) == found.trim());
    if is_readable { Ok(()) } else { Err(other(found.trim())) }
}

fn told(version: &str, signs: &str) -> String {
    format!("{version} {signs}").trim().to_owned()
}

/// The places in `folder` where an index stands, but for that of this version: each version has a
/// folder of its name there, and before version 6 the index stood in `folder` itself.
pub(crate) fn others(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut places = vec![folder.to_owned()];
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != VERSION {
            places.push(entry.path());
        }
    }
    places.retain(|place| is_index(place));
    Ok(places)
}

fn is_index(folder: &Path) -> bool {
    folder.join(FILE).exists() || folder.join("meta.json").exists()
}

/// Removes an index of whatever version from `folder`, but not the folders in it; a folder without
/// one is left alone. The version goes last, so that what a stop leaves is still an index.
pub(crate) fn remove(folder: &Path) -> Result<(), Error> {
    if !is_index(folder) {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && entry.file_name() != FILE {
            gone(fs::remove_file(entry.path()))?;
        }
    }
    gone(fs::remove_file(folder.join(FILE)))?;
    match fs::remove_dir(folder) {
        Err(error) if error.kind() != ErrorKind::DirectoryNotEmpty => gone(Err(error)),
        _ => Ok(()),
    }
}

/// What another process has removed meanwhile is removed.
fn gone(removed: io::Result<()>) -> Result<(), Error> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

pub(crate) fn other(found: &str) -> Error {
    Error::OtherVersion { found: found.to_owned(), wanted: VERSION }
}
