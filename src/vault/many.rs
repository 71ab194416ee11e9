//! Many small objects read at one time, for whoever looks at all of them.

use bytes::Bytes;
use futures::StreamExt;

use super::disk::{self, in_background};
use super::seal::{About, Cipher, envelope, opened};
use super::{Key, Vault, VaultError};

/// How many objects are fetched from a service at a time.
const AT_ONCE: usize = 16;

impl Vault {
    /// The plain bytes of objects of this store, in order; blobs are not
    /// compared with their names yet.
    ///
    /// # Errors
    /// When the work was broken off; why one object cannot be read, or has more
    /// than `limit` bytes, is in its result.
    pub async fn read_all(
        &self,
        keys: Vec<Key>,
        limit: u64,
    ) -> Result<Vec<Result<Bytes, VaultError>>, VaultError> {
        let stored = envelope::length_for(limit);
        if let Some(root) = self.root.clone() {
            // One thread for all: to hop for each costs more than to read it.
            let cipher = self.cipher.clone();
            return in_background(move || {
                let read = |key: Key| {
                    let bytes = disk::whole(&root.join(key.path().as_ref()), stored)?;
                    plain(cipher.as_ref(), &key, bytes)
                };
                Ok(keys.into_iter().map(read).collect())
            })
            .await;
        }
        let read = async |key: Key| {
            let got = self.get(&key.path()).await?;
            match got.meta.size > stored {
                true => Err(VaultError::TooLarge { limit }),
                false => plain(self.cipher.as_ref(), &key, got.bytes().await?),
            }
        };
        Ok(futures::stream::iter(keys.into_iter().map(read)).buffered(AT_ONCE).collect().await)
    }
}

/// What is read as it was written: blobs may be encrypted, the log is not.
fn plain(cipher: Option<&Cipher>, key: &Key, stored: Bytes) -> Result<Bytes, VaultError> {
    match key {
        Key::Blob(digest) => opened(cipher, About::blob(*digest), stored),
        _ => Ok(stored),
    }
}
