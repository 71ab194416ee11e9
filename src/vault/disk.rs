//! The disk below a local store: each step is one piece of work on a thread of
//! its own, since a hop between threads costs more than most of what they do.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::seal::Decoder;
use super::{Stored, VaultError};
use crate::model::id::Digest;

/// How many bytes are read at a time.
pub(super) const PIECE: usize = 256 << 10;

/// The digest of a stored file's plain bytes, and how many they are; `piece` is
/// what is read at a time.
pub(super) fn hashed(
    path: &Path,
    piece: &mut [u8],
    mut decoder: Decoder,
) -> Result<(Digest, u64), VaultError> {
    let mut file = opened(path).map_err(|error| of_file(path, error))?;
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut out = |plain: &[u8]| {
        bytes += plain.len() as u64;
        hasher.update(plain);
    };
    loop {
        match file.read(piece).map_err(VaultError::from_io)? {
            0 => break,
            read => decoder.push(&piece[..read], &mut out)?,
        }
    }
    decoder.finish(&mut out)?;
    Ok((Digest::from_bytes(hasher.finalize().into()), bytes))
}

/// The bytes of a small file, at most `limit`.
pub(super) fn whole(path: &Path, limit: u64) -> Result<Bytes, VaultError> {
    let file = opened(path).map_err(|error| of_file(path, error))?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(VaultError::from_io)?;
    match bytes.len() as u64 > limit {
        true => Err(VaultError::TooLarge { limit }),
        false => Ok(bytes.into()),
    }
}

/// A file of the store, opened. What is none, such as a pipe, would keep whoever opens
/// it waiting for ever.
fn opened(path: &Path) -> std::io::Result<File> {
    is_file(path)?;
    File::open(path)
}

/// Makes sure that what stands at a path is a file, or a folder, which opens at once too.
pub(super) fn is_file(path: &Path) -> std::io::Result<()> {
    let kind = std::fs::metadata(path)?.file_type();
    match kind.is_file() || kind.is_dir() {
        true => Ok(()),
        false => Err(std::io::Error::new(ErrorKind::InvalidData, NoFile)),
    }
}

/// That what stands at a path is no file.
#[derive(Debug, thiserror::Error)]
#[error("it is not a file")]
struct NoFile;

/// Whether an error says so.
pub(super) fn is_no_file(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<NoFile>)
}

fn of_file(path: &Path, error: std::io::Error) -> VaultError {
    match error.kind() {
        ErrorKind::NotFound => VaultError::NotFound(path.display().to_string()),
        _ => VaultError::from_io(error),
    }
}

/// The files below a folder, which may be deeper; none where it is not there.
pub(super) fn names(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let listed = match std::fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    for entry in listed {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => found.extend(names(&entry.path())?),
            false if is_half_written(&entry.file_name().to_string_lossy()) => {}
            false => found.push(entry.path()),
        }
    }
    Ok(found)
}

/// Whether the store has left a file of this name half-written: a `#` and a
/// number stand after the name it was to get.
fn is_half_written(name: &str) -> bool {
    let number = name.rsplit_once('#').map(|(_, number)| number);
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Gives a complete file a second name, on one thread: the file is synced, then
/// linked, then the folder is synced. A name that is taken is left as it is.
pub(super) async fn link_durably(from: PathBuf, to: PathBuf) -> Result<Stored, VaultError> {
    in_background(move || {
        if to.exists() {
            return Ok(Stored::Known);
        }
        sync_now(&from)?;
        if !linked(&from, &to)? {
            return Ok(Stored::Known);
        }
        to.parent().map_or(Ok(()), sync_now)?;
        Ok(Stored::New)
    })
    .await
}

/// Links a file; returns false when the name is taken. Its folder is made where it
/// is missing: a copy of a store often comes without the folders that were empty.
fn linked(from: &Path, to: &Path) -> Result<bool, VaultError> {
    let mut linked = std::fs::hard_link(from, to);
    if let (Err(error), Some(folder)) = (&linked, to.parent())
        && error.kind() == ErrorKind::NotFound
        && !folder.exists()
    {
        std::fs::create_dir_all(folder).map_err(VaultError::from_io)?;
        folder.parent().map_or(Ok(()), sync_now)?;
        linked = std::fs::hard_link(from, to);
    }
    match linked {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(VaultError::from_io(error)),
    }
}

/// Puts a complete file in the place of another: it is synced, renamed, then the
/// folder is synced.
pub(super) async fn replace(from: PathBuf, to: PathBuf) -> Result<(), VaultError> {
    in_background(move || {
        sync_now(&from)?;
        std::fs::rename(&from, &to).map_err(VaultError::from_io)?;
        to.parent().map_or(Ok(()), sync_now)
    })
    .await
}

/// Syncs a file or a folder.
pub(super) async fn sync(path: PathBuf) -> Result<(), VaultError> {
    in_background(move || sync_now(&path)).await
}

pub(super) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|stopped| VaultError::Disk(std::io::Error::other(stopped)))?
}

/// Syncs a file or a folder. A sync that failed is never tried again, since
/// the system may already have forgotten what it could not write: the process
/// stops, and the next start begins from what is really on the disk.
fn sync_now(path: &Path) -> Result<(), VaultError> {
    match File::open(path).and_then(|file| file.sync_all()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::StorageFull => Err(VaultError::Full),
        Err(error) => {
            tracing::error!(path = %path.display(), %error, "sync failed; stopping");
            std::process::exit(3);
        }
    }
}

/// Input/output error, the number with which the system says that a disk did
/// not do what it should.
const EIO: i32 = 5;

/// Ends the process when the store's own write failed because the disk is
/// broken, as [`sync_now`] does and for the same reason: tried again, it may
/// seem to succeed.
pub(super) fn stop_when_broken(error: &object_store::Error) {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(one) = cause {
        let io = one.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.raw_os_error() == Some(EIO)) {
            tracing::error!(%error, "the disk failed; stopping");
            std::process::exit(3);
        }
        cause = one.source();
    }
}
