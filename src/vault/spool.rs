//! Bytes on their way in or out: a file that is hashed while it is written and
//! removed when it is dropped.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use tokio::fs::File;
use tokio::io::{AsyncWriteExt, BufWriter};

use super::VaultError;
use crate::model::id::Digest;

/// A local file with the bytes of one blob, complete and hashed.
#[derive(Debug)]
pub struct Spooled {
    path: PathBuf,
    digest: Digest,
    sm3: Option<Digest>,
    bytes: u64,
}

impl Spooled {
    /// Where the file is, until this value is dropped.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The SHA-256 of its bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The SM3 of its bytes, where the archive keeps that too.
    #[must_use]
    pub fn sm3(&self) -> Option<Digest> {
        self.sm3
    }

    /// Its size.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The name of the file.
    pub(super) fn name(&self) -> String {
        self.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// A file that is still being written, removed unless it is finished.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a spooled file stays behind");
    }
}

/// Writes what `source` yields to a new file in `folder`, hashing it, with a
/// second hasher if one is given, at most `limit` bytes. Memory does not depend on the size.
///
/// # Errors
/// When the source breaks off or is too long, or the disk is full: no file is
/// left.
pub(super) async fn spool<S, E>(
    folder: &Path,
    source: S,
    limit: u64,
    sm3: Option<Sm3>,
) -> Result<Spooled, VaultError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    let name = hex::encode(rand::random::<[u8; 16]>());
    let path = folder.join(&name[..1]).join(name);
    // Made here and not on another thread: an upload that is dropped meanwhile
    // would leave a file that nobody removes.
    let file = std::fs::File::create_new(&path).map_err(VaultError::from_io)?;
    let unfinished = Unfinished(path);
    // Uploads arrive in small pieces, and each write is a hop between threads.
    let mut file = BufWriter::with_capacity(512 << 10, File::from_std(file));
    let mut source = std::pin::pin!(source);
    let (mut hasher, mut sm3, mut bytes) = (Sha256::new(), sm3, 0_u64);
    while let Some(chunk) = source.next().await {
        let chunk = chunk.map_err(|e| VaultError::Interrupted(e.to_string()))?;
        bytes += chunk.len() as u64;
        if bytes > limit {
            return Err(VaultError::TooLarge { limit });
        }
        hasher.update(&chunk);
        if let Some(sm3) = &mut sm3 {
            sm3.update(&chunk);
        }
        file.write_all(&chunk).await.map_err(VaultError::from_io)?;
    }
    file.flush().await.map_err(VaultError::from_io)?;
    let path = unfinished.0.clone();
    std::mem::forget(unfinished);
    let sm3 = sm3.map(|sm3| Digest::from_bytes(sm3.finalize().into()));
    Ok(Spooled { path, digest: Digest::from_bytes(hasher.finalize().into()), sm3, bytes })
}

/// Makes `folder` and the sixteen below it. A file system gives the files of
/// one folder neighbouring places, and many uploads would queue for them.
///
/// # Errors
/// When they cannot be made.
pub(super) fn prepare(folder: &Path) -> std::io::Result<()> {
    (0..16).try_for_each(|below| std::fs::create_dir_all(folder.join(format!("{below:x}"))))
}

/// Removes what earlier runs left in `folder`; returns how many files.
///
/// # Errors
/// When the folder cannot be listed.
pub(super) fn clear(folder: &Path, older_than: std::time::Duration) -> std::io::Result<usize> {
    let mut removed = 0;
    for file in std::fs::read_dir(folder)? {
        let file = file?;
        if file.file_type()?.is_dir() {
            removed += clear(&file.path(), older_than)?;
            continue;
        }
        let age = file.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age >= older_than {
            remove(&file.path());
            removed += 1;
        }
    }
    Ok(removed)
}
