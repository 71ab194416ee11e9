//! A BagIt 1.0 bag (RFC 8493) in the making: every file is hashed as it is
//! written. The names are ours: ASCII, and nothing to be escaped. Nothing waits
//! for the disk: a bag is a copy, and is checked where it arrives.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::ProveError;
use crate::model::id::Digest;
use crate::vault::VaultError;

/// A bag that is being filled.
#[derive(Debug)]
pub(super) struct Bag {
    root: PathBuf,
    /// Payload files and tag files with their digests.
    files: BTreeMap<String, Digest>,
    /// The bytes of the payload.
    bytes: u64,
}

/// A file of a bag that is being written.
#[derive(Debug)]
pub(super) struct Piece {
    path: String,
    to: PathBuf,
    file: std::fs::File,
    hasher: Sha256,
    bytes: u64,
}

impl Piece {
    /// Adds bytes at its end.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), ProveError> {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|cause| at(&self.to, cause))
    }
}

impl Bag {
    /// An empty bag in the new folder `root`.
    pub(super) fn create(root: &Path) -> Result<Self, ProveError> {
        std::fs::create_dir(root).map_err(|cause| at(root, cause))?;
        Ok(Self { root: root.to_owned(), files: BTreeMap::new(), bytes: 0 })
    }

    /// Writes a file.
    pub(super) fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), ProveError> {
        let mut source = bytes;
        self.take(path, &mut source).map(drop)
    }

    /// Copies a file whose bytes must have this digest.
    pub(super) fn copy(
        &mut self,
        path: &str,
        from: &Path,
        digest: Digest,
    ) -> Result<(), ProveError> {
        let mut source = std::fs::File::open(from).map_err(|cause| at(from, cause))?;
        let found = self.take(path, &mut source)?;
        if found == digest {
            Ok(())
        } else {
            Err(VaultError::Corrupt { expected: digest, found }.into())
        }
    }

    fn take(&mut self, path: &str, source: &mut impl Read) -> Result<Digest, ProveError> {
        let mut piece = self.begin(path)?;
        let mut bytes = vec![0; 64 << 10];
        loop {
            match source.read(&mut bytes).map_err(|cause| at(&piece.to, cause))? {
                0 => return self.end(piece),
                read => piece.add(&bytes[..read])?,
            }
        }
    }

    /// Begins a file whose bytes come one after the other.
    pub(super) fn begin(&self, path: &str) -> Result<Piece, ProveError> {
        let to = self.root.join(path);
        let made = || {
            std::fs::create_dir_all(to.parent().unwrap_or(&self.root))?;
            std::fs::File::create_new(&to)
        };
        let file = made().map_err(|cause| at(&to, cause))?;
        Ok(Piece { path: path.to_owned(), to, file, hasher: Sha256::new(), bytes: 0 })
    }

    /// Ends a file that was begun.
    pub(super) fn end(&mut self, piece: Piece) -> Result<Digest, ProveError> {
        let digest = Digest::from_bytes(piece.hasher.finalize().into());
        if piece.path.starts_with("data/") {
            self.bytes += piece.bytes;
        }
        self.files.insert(piece.path, digest);
        Ok(digest)
    }

    /// Writes the manifests, and with them the bag is whole.
    pub(super) fn finish(mut self, now: Timestamp) -> Result<(), ProveError> {
        let payload = |path: &String| path.starts_with("data/");
        let lines =
            |files: &BTreeMap<String, Digest>, wanted: &dyn Fn(&String) -> bool| -> String {
                let wanted = files.iter().filter(|(path, _)| wanted(path));
                wanted.map(|(path, digest)| format!("{digest}  {path}\n")).collect()
            };
        let count = self.files.keys().filter(|path| payload(path)).count();
        let manifest = lines(&self.files, &payload);
        let date = now.strftime("%Y-%m-%d");
        let info = format!("Bagging-Date: {date}\nPayload-Oxum: {}.{count}\n", self.bytes);
        self.write("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")?;
        self.write("bag-info.txt", info.as_bytes())?;
        self.write("manifest-sha256.txt", manifest.as_bytes())?;
        let tags = lines(&self.files, &|path| !payload(path));
        self.write("tagmanifest-sha256.txt", tags.as_bytes())
    }
}

fn at(path: &Path, cause: std::io::Error) -> ProveError {
    ProveError::Place { path: path.display().to_string(), cause }
}
