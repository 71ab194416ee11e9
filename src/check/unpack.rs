//! A zip that came back is opened as what a stranger made: bounded in files,
//! bytes and names, and nothing in it leads out of its folder.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::ZipArchive;

/// The most files.
const FILES: usize = 20_000;
/// The most bytes that all files have together.
const BYTES: u64 = 1 << 30;
/// How many times more bytes than the zip has may come out of it, beside
/// [`GRACE`]: text becomes small, scans do not.
const SWELL: u64 = 50;
/// So many bytes may always come out.
const GRACE: u64 = 16 << 20;
/// The most bytes that are read to learn what is in a zip.
const DIRECTORY: u64 = 16 << 20;
/// The longest name, in bytes.
const NAME: usize = 240;
/// The most folders in a name.
const DEPTH: usize = 8;

/// Why a zip is not opened.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is not a zip, or not a whole one.
    #[error("it is not a whole zip file: {0}")]
    Broken(String),
    /// There is no bag in it.
    #[error("there is no bundle in it")]
    NoBag,
    /// It has too many files.
    #[error("it has more than {FILES} files")]
    Files,
    /// Too much comes out of it.
    #[error("more comes out of it than a bundle of its size has")]
    Swells,
    /// A name leads elsewhere, or cannot be a name.
    #[error("it has a file with the name {0:?}")]
    Name(String),
    /// A file is a link or a device.
    #[error("{0:?} is not a plain file")]
    Special(String),
    /// A file is there twice.
    #[error("it has a file twice")]
    Twice,
    /// A file asks for a password.
    #[error("{0:?} is encrypted")]
    Encrypted(String),
    /// The disk failed.
    #[error("it could not be opened here: {0}")]
    Disk(io::Error),
}

/// Opens the zip at `from` into the empty folder `to`; returns the folder of
/// the bag in it.
///
/// # Errors
/// When it has no bag, or something that a bundle has not.
pub fn unpack(from: &Path, to: &Path) -> Result<PathBuf, Refused> {
    let file = File::open(from).map_err(Refused::Disk)?;
    let size = file.metadata().map_err(Refused::Disk)?.len();
    let left = Arc::new(AtomicU64::new(DIRECTORY));
    let bounded = Bounded { file, left: Arc::clone(&left) };
    let broken = |error: zip::result::ZipError| Refused::Broken(error.to_string());
    let mut zip = ZipArchive::new(bounded).map_err(broken)?;
    if zip.len() > FILES {
        return Err(Refused::Files);
    }
    if zip.has_duplicate_names() {
        return Err(Refused::Twice);
    }
    let names = looked_through(&zip)?;
    let top = top(&names).ok_or(Refused::NoBag)?;
    let mut room = BYTES.min(size.saturating_mul(SWELL).saturating_add(GRACE));
    left.store(size.saturating_mul(2).saturating_add(GRACE), Ordering::Relaxed);
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.ends_with('/')) {
        let mut source = zip.by_index(index).map_err(broken)?;
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(to)).map_err(Refused::Disk)?;
        let mut target = File::create_new(&path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Refused::Twice,
            _ => Refused::Disk(error),
        })?;
        room -= written(&mut source, &mut target, room)?;
    }
    Ok(to.join(top))
}

/// The names of all files, each found to be one that a bundle may have.
fn looked_through(zip: &ZipArchive<Bounded>) -> Result<Vec<String>, Refused> {
    let mut names = Vec::with_capacity(zip.len());
    for index in 0..zip.len() {
        let entry = zip.by_index_data(index).map_err(|error| Refused::Broken(error.to_string()))?;
        let raw = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if entry.encrypted() {
            return Err(Refused::Encrypted(raw));
        }
        let kind = entry.unix_mode().map_or(0, |mode| mode & 0o170_000);
        if entry.is_symlink() || !matches!(kind, 0 | 0o100_000 | 0o040_000) {
            return Err(Refused::Special(raw));
        }
        if !is_plain(&raw) {
            return Err(Refused::Name(raw));
        }
        names.push(raw);
    }
    // What is a file in one place must not be a folder in another.
    let folded: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    if folded.len() < names.len() {
        return Err(Refused::Twice);
    }
    Ok(names)
}

/// Whether a name stays in its folder, on every system.
fn is_plain(name: &str) -> bool {
    let odd = |c: char| c.is_control() || matches!(c, '\\' | ':' | '\u{fffd}');
    let parts: Vec<&str> = name.strip_suffix('/').unwrap_or(name).split('/').collect();
    name.len() <= NAME
        && parts.len() <= DEPTH
        && !name.contains(odd)
        && parts.iter().all(|part| !matches!(*part, "" | "." | ".."))
}

/// The folder that the bag is in: none above it, or one that has everything.
fn top(names: &[String]) -> Option<String> {
    if names.iter().any(|name| name == "bagit.txt") {
        return Some(String::new());
    }
    let top = names.iter().find_map(|name| name.strip_suffix("/bagit.txt"))?;
    let below = |name: &String| name.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'));
    (!top.contains('/') && names.iter().all(below)).then(|| top.to_owned())
}

/// Copies a file, at most `room` bytes; what it says of its size is not
/// believed.
fn written(source: &mut impl Read, target: &mut File, room: u64) -> Result<u64, Refused> {
    let (mut piece, mut bytes) = (vec![0; 64 << 10], 0);
    loop {
        let read = source.read(&mut piece).map_err(|error| Refused::Broken(error.to_string()))?;
        if read == 0 {
            return Ok(bytes);
        }
        bytes += read as u64;
        if bytes > room {
            return Err(Refused::Swells);
        }
        target.write_all(&piece[..read]).map_err(Refused::Disk)?;
    }
}

/// A file of which only so many bytes are read, however often.
struct Bounded {
    file: File,
    left: Arc<AtomicU64>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let left = self.left.load(Ordering::Relaxed);
        let rest = left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other("its table of contents is too long"))?;
        self.left.store(rest, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests;
