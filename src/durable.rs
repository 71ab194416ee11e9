//! Small files that must not be lost: keys, and what a witness has signed.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::path::Path;

/// Writes a new file, durable when this returns; its folder is made.
///
/// # Errors
/// When it is there already, or cannot be written.
pub fn create(path: &Path, text: &str, mode: u32) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = options(mode).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    synced(&file, path)?;
    synced(&File::open(folder)?, folder)
}

/// Puts a file in the place of the one at `path`: after a stop at any moment
/// there is the old one or the new one, whole. The caller sees to it that
/// nobody else does the same at the same time.
///
/// # Errors
/// When it cannot be written; the old one is there then.
pub fn replace(path: &Path, text: &str, mode: u32) -> Result<()> {
    let beside = path.with_added_extension("new");
    // What an earlier stop left may have another mode.
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = options(mode).create_new(true).open(&beside)?;
    file.write_all(text.as_bytes())?;
    synced(&file, &beside)?;
    rename(&beside, path)
}

/// Puts a file that is complete and durable in the place of another; durable
/// when this returns.
///
/// # Errors
/// When it cannot be.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    std::fs::rename(from, to)?;
    synced(&File::open(folder)?, folder)
}

fn options(mode: u32) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    options
}

/// Syncs a file or a folder. A sync that failed is never tried again, since
/// the system may already have forgotten what it could not write: the process
/// stops, and the next start begins from what is really on the disk.
fn synced(file: &File, path: &Path) -> Result<()> {
    match file.sync_all() {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::StorageFull => Err(Error::from(error.kind())),
        Err(error) => {
            tracing::error!(path = %path.display(), %error, "sync failed; stopping");
            std::process::exit(3);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_once_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.key");
        create(&path, "one", 0o600).unwrap();
        assert_eq!(create(&path, "two", 0o600).unwrap_err().kind(), ErrorKind::AlreadyExists);
        std::fs::write(folder.path().join("a/b.key.new"), "left by a stop").unwrap();
        replace(&path, "three", 0o600).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(std::fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        // Where it cannot be written, the old one stays.
        std::fs::create_dir(folder.path().join("a/b.key.new")).unwrap();
        assert!(replace(&path, "four", 0o600).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three");
    }
}
