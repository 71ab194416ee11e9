//! Bytes on their way in or out: a file that is hashed while it is written and
//! removed when it is dropped.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use tokio::fs::File;
use tokio::io::{AsyncWriteExt, BufWriter};

use super::VaultError;
use super::disk::in_background;
use super::seal::envelope::{MAGIC, PIECE};
use super::seal::{About, Cipher, Decoder, is_sealed};
use crate::model::id::Digest;

/// A local file with the bytes of one blob, complete and hashed.
#[derive(Debug)]
pub struct Spooled {
    path: PathBuf,
    digest: Digest,
    sm3: Option<Digest>,
    bytes: u64,
    /// With what they begin.
    head: [u8; MAGIC.len()],
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

    /// Whether its bytes begin as encrypted ones do.
    pub(super) fn seems_sealed(&self) -> bool {
        is_sealed(&self.head)
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

/// A new file in `folder`, removed unless it is finished.
fn begin(folder: &Path) -> Result<(Unfinished, std::fs::File), VaultError> {
    let name = hex::encode(rand::random::<[u8; 16]>());
    let path = folder.join(&name[..1]).join(name);
    let file = std::fs::File::create_new(&path).map_err(VaultError::from_io)?;
    Ok((Unfinished(path), file))
}

impl Unfinished {
    /// The file, complete.
    fn finish(self) -> PathBuf {
        let path = self.0.clone();
        std::mem::forget(self);
        path
    }
}

/// Writes what `source` yields to a new file in `folder`, hashing it, with a
/// second hasher if one is given, at most `limit` bytes; what comes from a
/// store goes through the `decoder` first. Memory does not depend on the size.
///
/// # Errors
/// When the source breaks off, is too long or cannot be opened, or the disk is
/// full: no file is left.
pub(super) async fn spool<S, E>(
    folder: &Path,
    source: S,
    limit: u64,
    sm3: Option<Sm3>,
    mut decoder: Option<Decoder>,
) -> Result<Spooled, VaultError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    // Made here and not on another thread: an upload that is dropped meanwhile
    // would leave a file that nobody removes.
    let (unfinished, file) = begin(folder)?;
    // Uploads arrive in small pieces, and each write is a hop between threads.
    let mut file = BufWriter::with_capacity(512 << 10, File::from_std(file));
    let mut source = std::pin::pin!(source);
    let (mut hasher, mut sm3, mut bytes) = (Sha256::new(), sm3, 0_u64);
    let mut head = [0; MAGIC.len()];
    loop {
        let chunk = source.next().await.transpose();
        let chunk = chunk.map_err(|e| VaultError::Interrupted(e.to_string()))?;
        let ended = chunk.is_none();
        let plain = match (&mut decoder, chunk) {
            (None, chunk) => chunk.unwrap_or_default(),
            (Some(decoder), Some(chunk)) => {
                let mut plain = Vec::with_capacity(chunk.len());
                decoder.push(&chunk, &mut |some| plain.extend_from_slice(some))?;
                plain.into()
            }
            (left, None) => {
                let mut plain = Vec::new();
                if let Some(decoder) = left.take() {
                    decoder.finish(&mut |some| plain.extend_from_slice(some))?;
                }
                plain.into()
            }
        };
        let place = usize::try_from(bytes).unwrap_or(usize::MAX).min(head.len());
        head[place..].iter_mut().zip(&plain).for_each(|(to, from)| *to = *from);
        bytes += plain.len() as u64;
        if bytes > limit {
            return Err(VaultError::TooLarge { limit });
        }
        hasher.update(&plain);
        if let Some(sm3) = &mut sm3 {
            sm3.update(&plain);
        }
        file.write_all(&plain).await.map_err(VaultError::from_io)?;
        if ended {
            break;
        }
    }
    file.flush().await.map_err(VaultError::from_io)?;
    let path = unfinished.finish();
    let sm3 = sm3.map(|sm3| Digest::from_bytes(sm3.finalize().into()));
    Ok(Spooled { path, digest: Digest::from_bytes(hasher.finalize().into()), sm3, bytes, head })
}

/// Writes the envelope of received bytes to a new file in `folder`. The bytes
/// are hashed once more on their way: what is encrypted is what was received.
///
/// # Errors
/// When their key was destroyed, they changed meanwhile, or the disk is full:
/// no file is left.
pub(super) async fn seal(
    folder: &Path,
    plain: &Spooled,
    cipher: Cipher,
) -> Result<Spooled, VaultError> {
    let (folder, from, digest) = (folder.to_owned(), plain.path.clone(), plain.digest);
    in_background(move || {
        let (header, mut sealing) = cipher.begin(&About::blob(digest))?;
        let mut source = std::fs::File::open(from).map_err(VaultError::from_io)?;
        let (unfinished, mut file) = begin(&folder)?;
        let (mut hasher, mut bytes) = (Sha256::new(), 0);
        let (mut ready, mut next) = (header.to_bytes().to_vec(), filled(&mut source)?);
        // Whether a piece is the last is known when there is no other.
        loop {
            let mut piece = next;
            next = match piece.len() {
                PIECE => filled(&mut source)?,
                _ => Vec::new(),
            };
            hasher.update(&piece);
            sealing
                .seal(&mut piece, next.is_empty())
                .map_err(|error| VaultError::from_io(std::io::Error::other(error)))?;
            ready.extend_from_slice(&piece);
            if next.is_empty() || ready.len() >= WRITTEN_AT_ONCE {
                file.write_all(&ready).map_err(VaultError::from_io)?;
                bytes += ready.len() as u64;
                ready.clear();
            }
            if next.is_empty() {
                break;
            }
        }
        match Digest::from_bytes(hasher.finalize().into()) {
            found if found == digest => {
                Ok(Spooled { path: unfinished.finish(), digest, sm3: None, bytes, head: MAGIC })
            }
            found => Err(VaultError::Corrupt { expected: digest, found }),
        }
    })
    .await
}

/// How many encrypted bytes are written at once.
const WRITTEN_AT_ONCE: usize = 512 << 10;

/// The next [`PIECE`] bytes of a file; fewer at its end.
fn filled(source: &mut std::fs::File) -> Result<Vec<u8>, VaultError> {
    let mut piece = Vec::with_capacity(PIECE + 16);
    let read = Read::take(source, PIECE as u64).read_to_end(&mut piece);
    read.map_err(VaultError::from_io)?;
    Ok(piece)
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
