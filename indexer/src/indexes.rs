//! The indexes of a folder: the one of this version and, until that is whole, the former one.
//!
//! After a change of version everything is put in again, which takes a while. The new index is filled
//! in a folder of its own beside the former one, which goes on being kept up and answers meanwhile.
//! From the commit on that says the new one is whole that one answers. So nothing is renamed, and a
//! stop at any moment leaves one index that answers; what is left of the former one is removed later.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Error, Index, Setup, version};

/// The indexes of one folder; cheap to clone.
#[derive(Debug, Clone)]
pub struct Indexes {
    own: Index,
    former: Arc<Mutex<Option<Former>>>,
}

#[derive(Debug)]
struct Former {
    index: Index,
    folder: PathBuf,
}

impl Indexes {
    /// The indexes in `folder`, which is made when it is not there. A former one that cannot be read,
    /// or whose signs are named in another way, is removed: it could not be kept up, and what has to
    /// vanish would be found in it.
    ///
    /// # Errors
    /// [`Error::Folder`]; [`Error::Engine`] when the index of this version is damaged.
    pub fn open(folder: &Path, setup: &Setup) -> Result<Self, Error> {
        let place = folder.join(version::VERSION);
        let own = match Index::open_with(&place, setup) {
            Err(Error::OtherVersion { .. }) => Index::recreate(&place, setup)?,
            opened => opened?,
        };
        let is_whole = own.is_whole()?;
        let mut former = None;
        for folder in version::others(folder)? {
            let is_wanted = !is_whole && former.is_none();
            match is_wanted.then(|| Index::open_former(&folder, setup)) {
                Some(Ok(index)) => former = Some(Former { index, folder }),
                _ => version::remove(&folder)?,
            }
        }
        Ok(Indexes { own, former: Arc::new(Mutex::new(former)) })
    }

    /// The index that answers now.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn answering(&self) -> Result<Index, Error> {
        Ok(match self.former() {
            Some(former) if !self.own.is_whole()? => former,
            _ => self.own.clone(),
        })
    }

    /// The index of this version.
    #[must_use]
    pub fn own(&self) -> &Index {
        &self.own
    }

    /// The former index, while there is one.
    #[must_use]
    pub fn former(&self) -> Option<Index> {
        self.slot().as_ref().map(|former| former.index.clone())
    }

    /// Removes the former index when the own one is whole and nobody searches or writes the former
    /// any more; returns whether there is none left.
    ///
    /// # Errors
    /// [`Error::Folder`], [`Error::Engine`].
    pub fn retire(&self) -> Result<bool, Error> {
        let mut slot = self.slot();
        let Some(former) = slot.as_ref() else { return Ok(true) };
        if former.index.is_shared() || !self.own.is_whole()? {
            return Ok(false);
        }
        version::remove(&former.folder)?;
        *slot = None;
        Ok(true)
    }

    /// Removes the former index at once: it is of something that is not so any more.
    ///
    /// # Errors
    /// [`Error::Folder`].
    pub fn forsake(&self) -> Result<(), Error> {
        let former = self.slot().take();
        former.map_or(Ok(()), |former| version::remove(&former.folder))
    }

    fn slot(&self) -> MutexGuard<'_, Option<Former>> {
        // A panic elsewhere cannot leave it half-changed.
        self.former.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Index> for Indexes {
    /// An index alone.
    fn from(own: Index) -> Self {
        Indexes { own, former: Arc::default() }
    }
}
