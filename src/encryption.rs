//! 加密: how the archive is encrypted, and the two things that are done about it:
//! what was stored plain before is put into envelopes, and the keys of a
//! household's papers are destroyed, so that nobody can read them in any copy.
//!
//! What is destroyed are the papers, the manifests of the volume, and what was
//! read from them. The acts stay, and with them the catalog: who the household
//! was, what its papers were called, and that they were destroyed.

mod destruction;

pub use self::destruction::{Destruction, Request, ask, destroy, plan, refuse, requests};

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{App, OpenError};
use crate::catalog::{destroyed, documents};
use crate::config::Config;
use crate::db::DbError;
use crate::keys;
use crate::keys::volumes::VolumeKeyError;
use crate::model::access::{Actor, Denied};
use crate::model::act::{Act, Side};
use crate::model::id::{Digest, EntryNo, HouseholdNo};
use crate::record::RecordError;
use crate::vault::{Vault, VaultError, key};

/// Why something was not encrypted or destroyed.
#[derive(Debug, thiserror::Error)]
pub enum EncryptionError {
    /// The settings do not say that the store is encrypted.
    #[error("the store is not encrypted: set `volumes = true` under [encryption]")]
    Off,
    /// No such household, or none this person may see.
    #[error("household {0} is not known")]
    UnknownHousehold(HouseholdNo),
    /// It has nothing that could be destroyed.
    #[error("household {0} has no files of its own that can be read")]
    Nothing(HouseholdNo),
    /// The person may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason is needed.
    #[error("a reason of 1 to 200 characters in one line has to be given")]
    NoReason,
    /// Nothing was asked for by this entry, or not by anybody this person has to
    /// do with.
    #[error("no destruction was asked for by entry {0}")]
    UnknownRequest(EntryNo),
    /// Some of its files stand in a store as they are.
    #[error(
        "{files} of the files of household {household} are stored plain in the {}: run \
         `yidang encryption seal` first",
        place(*.side)
    )]
    Plain {
        /// Whose.
        household: HouseholdNo,
        /// How many.
        files: usize,
        /// Where.
        side: Side,
    },
    /// The number that was typed once more is another one.
    #[error("nothing was destroyed: that is not the number of household {0}")]
    NotThis(HouseholdNo),
    /// Another blob would be lost too.
    #[error("the key of {0} is that of another file too; it is not destroyed")]
    Shared(Digest),
    /// The keys of the volumes.
    #[error(transparent)]
    Keys(#[from] VolumeKeyError),
    /// The act was not recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

fn place(side: Side) -> &'static str {
    match side {
        Side::Store => "store",
        Side::Copy => "second copy",
    }
}

/// How the archive is encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EncryptionStatus)]
pub struct Status {
    /// Whether what is stored from now on is encrypted.
    pub on: bool,
    /// The name of the keys; none where there are none.
    pub keys: Option<String>,
    /// How many secrets the file of the keys holds: 1 while nothing was
    /// destroyed.
    pub secrets: usize,
    /// How many files nobody can read any more.
    pub destroyed: u64,
    /// Where the master key is.
    pub master: String,
}

/// How the archive is encrypted.
///
/// # Errors
/// When the database fails.
pub async fn status(app: &App) -> Result<Status, EncryptionError> {
    let mut tx = app.db.read().await?;
    let destroyed = destroyed::count(&mut tx).await?;
    drop(tx);
    let keys = app.vault.cipher().map(|cipher| cipher.ring.now());
    Ok(Status {
        on: app.vault.cipher().is_some_and(|cipher| cipher.seals),
        keys: keys.as_ref().map(|keys| hex::encode(keys.id)),
        secrets: keys.map_or(0, |keys| keys.tree.secrets()),
        destroyed: u64::try_from(destroyed).unwrap_or(0),
        master: keys::volumes::master(&app.config).display().to_string(),
    })
}

/// Makes the keys of an archive whose settings say that it is encrypted, where it
/// has none; returns the open archive, and whether they were made now.
///
/// # Errors
/// When the archive cannot be opened, or was encrypted before with keys that are
/// lost: it is not given others.
pub async fn begin(config: Config) -> Result<(Arc<App>, bool), OpenError> {
    let mut as_it_is = config.clone();
    as_it_is.encryption.volumes = false;
    let app = App::open(as_it_is, false).await?;
    app.settle().await?;
    app.db.close().await;
    drop(app);
    let made = keys::volumes::make(&config)?;
    Ok((App::open(config, false).await?, made))
}

/// What was put into envelopes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// How many files of the store, and of its second copy.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// Files that could not be, with the reason.
    pub left: Vec<(String, String)>,
}

/// Puts every blob that stands plain in the store or in its second copy into an
/// envelope; `each` is told after each how many were looked at. It can be broken
/// off and begun again. What was encrypted is recorded as an act for each store.
///
/// # Errors
/// When the store is not encrypted, the second copy is away, or a part fails.
pub async fn seal(
    app: &App,
    actor: &Actor,
    mut each: impl FnMut(u64),
) -> Result<Sealed, EncryptionError> {
    app.settle().await?;
    let (mut all, mut looked) = (Sealed::default(), 0);
    for (side, vault) in stores(app).await? {
        let (mut files, mut bytes) = (0, 0);
        for shard in 0..=u8::MAX {
            let mut tx = app.db.read().await?;
            let acts = documents::blobs_in(&mut tx, shard, EntryNo::MAX).await?;
            drop(tx);
            // What looks left, which the access log names.
            let access = vault.access();
            let looks = access.shard(shard).await?;
            let acts = acts.into_iter().map(|digest| (&vault, digest));
            let looks = looks.iter().filter_map(key::blob_of).map(|digest| (&access, digest));
            for (vault, digest) in acts.chain(looks) {
                match vault.encrypt(digest).await {
                    Ok(None) => {}
                    Ok(Some(size)) => {
                        files += 1;
                        bytes += size;
                    }
                    // A sweep finds it, and repairs it where it can be.
                    Err(error) if error.is_damage() || error.is_gone() => {
                        all.left.push((digest.to_string(), error.to_string()));
                    }
                    Err(error) => return Err(error.into()),
                }
                looked += 1;
                each(looked);
            }
        }
        if files > 0 {
            app.recorder.record(actor, Act::EncryptBlobs { side, files, bytes }).await?;
        }
        all.files += files;
        all.bytes += bytes;
    }
    Ok(all)
}

/// The stores of the archive, alone; an error when one cannot be reached, or
/// they are not encrypted.
async fn stores(app: &App) -> Result<Vec<(Side, Vault)>, EncryptionError> {
    if !app.vault.cipher().is_some_and(|cipher| cipher.seals) {
        return Err(EncryptionError::Off);
    }
    let mut stores = vec![(Side::Store, app.vault.alone())];
    if let Some(mirror) = app.vault.mirror() {
        stores.push((Side::Copy, mirror.vault().await?.clone()));
    }
    Ok(stores)
}
