//! Blobs are read to their ends, and what they are is compared with their names.

use futures::TryStreamExt;
use sha2::{Digest as _, Sha256};
use sm3::Sm3;

use super::disk::{self, hashed, in_background};
use super::seal::{About, Decoder};
use super::{Key, Vault, VaultError};
use crate::model::id::Digest;

impl Vault {
    /// Reads a blob to its end; returns its size when the bytes are right, here
    /// or in the second copy.
    ///
    /// # Errors
    /// When it is not there or damaged.
    pub async fn check(&self, digest: Digest) -> Result<u64, VaultError> {
        match self.check_here(digest).await {
            Err(error) => match self.second(digest, &error).await {
                Some(copy) => copy.check_here(digest).await.map_err(|_| error),
                None => Err(error),
            },
            checked => checked,
        }
    }

    /// Reads a blob of this store to its end; returns its size when the bytes
    /// are right.
    ///
    /// # Errors
    /// When it is not there or damaged.
    pub async fn check_here(&self, digest: Digest) -> Result<u64, VaultError> {
        let mut checked = self.check_all(vec![digest], || {}).await?;
        checked.pop().map_or(Err(VaultError::NotFound(digest.to_string())), |(_, found)| found)
    }

    /// Reads blobs of this store to their ends, one after the other; returns for
    /// each its size when the bytes are right. `each` is called after each.
    ///
    /// # Errors
    /// When the work was broken off; what is wrong with a blob is in its
    /// result.
    pub async fn check_all(
        &self,
        digests: Vec<Digest>,
        each: impl Fn() + Send + 'static,
    ) -> Result<Vec<(Digest, Result<u64, VaultError>)>, VaultError> {
        let right = |digest: Digest, (found, bytes): (Digest, u64)| match found == digest {
            true => Ok(bytes),
            false => Err(VaultError::Corrupt { expected: digest, found }),
        };
        if let Some(root) = self.root.clone() {
            // Files are read on one thread: to hop for each costs as much as to
            // hash a small one.
            let cipher = self.cipher.clone();
            return in_background(move || {
                let mut piece = vec![0; disk::PIECE];
                let check = |digest| {
                    let file = root.join(Key::Blob(digest).path().as_ref());
                    let decoder = Decoder::new(cipher.as_ref(), About::blob(digest));
                    let found = hashed(&file, &mut piece, decoder);
                    let found = found.and_then(|found| right(digest, found));
                    each();
                    (digest, found)
                };
                Ok(digests.into_iter().map(check).collect())
            })
            .await;
        }
        let mut checked = Vec::with_capacity(digests.len());
        for digest in digests {
            checked.push((digest, self.hash(digest).await.and_then(|found| right(digest, found))));
            each();
        }
        Ok(checked)
    }

    /// The digest of the bytes stored under a name, and how many they are.
    async fn hash(&self, name: Digest) -> Result<(Digest, u64), VaultError> {
        let (mut hasher, mut bytes) = (Sha256::new(), 0);
        self.each_piece(name, |piece| {
            bytes += piece.len() as u64;
            hasher.update(piece);
        })
        .await?;
        Ok((Digest::from_bytes(hasher.finalize().into()), bytes))
    }

    /// Gives the plain bytes of a blob of this store to `out`, piece by piece.
    async fn each_piece(&self, name: Digest, mut out: impl FnMut(&[u8])) -> Result<(), VaultError> {
        let mut chunks = self.get(&Key::Blob(name).path()).await?.into_stream();
        let mut decoder = self.decoder(name);
        while let Some(chunk) = chunks.try_next().await? {
            decoder.push(&chunk, &mut out)?;
        }
        decoder.finish(&mut out)
    }

    /// The SM3 of the bytes of a blob of this store, and how many they are.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn sm3_of(&self, digest: Digest) -> Result<(Digest, u64), VaultError> {
        let (mut hasher, mut bytes) = (Sm3::new(), 0);
        self.each_piece(digest, |piece| {
            bytes += piece.len() as u64;
            hasher.update(piece);
        })
        .await?;
        Ok((Digest::from_bytes(hasher.finalize().into()), bytes))
    }
}
