//! Why the store does not do what was asked.

use object_store::Error as StoreError;

use super::disk;
use crate::model::id::Digest;

/// Why bytes could not be stored or handed out.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The store has no such object.
    #[error("{0} is not in the store")]
    NotFound(String),
    /// What stands there is none of its objects, such as a pipe, which would keep whoever
    /// opens it waiting.
    #[error("what stands there is not a file")]
    NoFile,
    /// The stored bytes have another digest than their name: they are never
    /// served.
    #[error("the bytes stored as {expected} have digest {found}")]
    Corrupt {
        /// The name.
        expected: Digest,
        /// What the bytes are.
        found: Digest,
    },
    /// What stands there is not what was encrypted: it was changed, cut off or
    /// put there from elsewhere.
    #[error("the encrypted bytes stored as {0} were changed")]
    Tampered(Digest),
    /// Its key was destroyed.
    #[error("the key of {0} was destroyed: nobody can read it any more")]
    Destroyed(Digest),
    /// It says that it was encrypted with other keys than there are.
    #[error("{0} was encrypted with other keys than those on this machine")]
    OtherKeys(Digest),
    /// It is encrypted, and there are no keys.
    #[error("{0} is encrypted, and the keys are not on this machine")]
    Locked(Digest),
    /// A file that begins as an envelope does would be taken for one.
    #[error("a file that begins as an encrypted one is not taken in")]
    Reserved,
    /// Other bytes stand where these were to go.
    #[error("{0} exists with other content")]
    Conflict(String),
    /// There are more bytes than may be.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The most that may be.
        limit: u64,
    },
    /// The sender stopped half-way.
    #[error("the bytes broke off: {0}")]
    Interrupted(String),
    /// No space is left.
    #[error("no space is left in the store")]
    Full,
    /// The address in the configuration is not a store.
    #[error("{0}")]
    Address(String),
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(StoreError),
    /// The disk failed.
    #[error("the disk failed: {0}")]
    Disk(std::io::Error),
    /// The second copy is away, or does not take what the archive takes.
    #[error("the second copy fails: {0}")]
    Copy(String),
}

impl VaultError {
    /// Whether the stored bytes are not what they should be.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Corrupt { .. } | Self::Tampered(_) | Self::OtherKeys(_))
    }

    /// Whether there is nothing that could be read: it is not there, or its key
    /// was destroyed.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::NotFound(_) | Self::Destroyed(_))
    }

    pub(super) fn from_io(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ if disk::is_no_file(&error) => Self::NoFile,
            _ => Self::Disk(error),
        }
    }
}

impl From<StoreError> for VaultError {
    fn from(error: StoreError) -> Self {
        if let StoreError::NotFound { path, .. } = error {
            return Self::NotFound(path);
        }
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(one) = cause {
            match one.downcast_ref::<std::io::Error>() {
                Some(io) if io.kind() == std::io::ErrorKind::StorageFull => return Self::Full,
                Some(io) if disk::is_no_file(io) => return Self::NoFile,
                _ => cause = one.source(),
            }
        }
        Self::Store(error)
    }
}
