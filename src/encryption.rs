//! 加密: how the archive is encrypted, and the two things that are done about it:
//! what was stored plain before is put into envelopes, and the keys of a
//! household's papers are destroyed, so that nobody can read them in any copy.
//!
//! What is destroyed are the papers, the manifests of the volume, and what was
//! read from them. The acts stay, and with them the catalog: who the household
//! was, what its papers were called, and that they were destroyed.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{App, OpenError};
use crate::catalog::{destroyed, documents, households, volumes};
use crate::config::Config;
use crate::db::DbError;
use crate::keys;
use crate::keys::volumes::VolumeKeyError;
use crate::model::access::{Actor, scope};
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
    /// A reason is needed.
    #[error("why the keys are destroyed, and on whose decision, has to be said")]
    NoReason,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
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

/// What would be destroyed, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Destruction {
    /// Whose papers.
    #[schema(value_type = String)]
    pub household: HouseholdNo,
    /// 户主
    pub head: String,
    /// How many papers the household has.
    pub papers: usize,
    /// How many versions of its volume were bound.
    pub versions: usize,
    /// The files of those papers and the manifests of those versions, without
    /// those that another household has too.
    #[schema(value_type = Vec<String>)]
    pub objects: Vec<Digest>,
    /// The entry that destroyed their keys; none while it was not done.
    pub entry: Option<EntryNo>,
}

/// What destroying the keys of a household's papers would destroy; changes
/// nothing.
///
/// # Errors
/// When there is no such household, nothing to destroy, or some of it is stored
/// plain.
pub async fn plan(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<Destruction, EncryptionError> {
    let unknown = || EncryptionError::UnknownHousehold(no.clone());
    let mut tx = app.db.read().await?;
    let household = households::get(&mut tx, no).await?;
    let household = household.filter(|one| scope(actor).covers(&one.organisation));
    let head = household.ok_or_else(unknown)?.head;
    let objects = destroyed::objects_of(&mut tx, no).await?;
    let papers = documents::of_household(&mut tx, no).await?.len();
    let versions = volumes::versions(&mut tx, no).await?.len();
    for object in &objects {
        if destroyed::shares_its_key(&mut tx, *object).await? {
            return Err(EncryptionError::Shared(*object));
        }
    }
    drop(tx);
    if objects.is_empty() {
        return Err(EncryptionError::Nothing(no.clone()));
    }
    for (side, vault) in stores(app).await? {
        let mut files = 0;
        for object in &objects {
            files += usize::from(vault.is_sealed(*object).await? == Some(false));
        }
        if files > 0 {
            return Err(EncryptionError::Plain { household: no.clone(), files, side });
        }
    }
    let household = no.clone();
    Ok(Destruction { household, head, papers, versions, objects, entry: None })
}

/// Destroys the keys of a household's papers: the act is recorded, then the keys
/// are gone, with what was read from the papers. A stop in between is made good
/// at the next start. The master key is another one afterwards.
///
/// # Errors
/// As [`plan`]; or when the files of the keys cannot be written: nothing was
/// done.
pub async fn destroy(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    reason: &str,
) -> Result<Destruction, EncryptionError> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(EncryptionError::NoReason);
    }
    let plan = plan(app, actor, no).await?;
    keys::volumes::can_destroy(&app.config)?;
    let act = Act::DestroyKeys {
        household: no.clone(),
        objects: plan.objects.clone(),
        reason: reason.to_owned(),
    };
    let receipt = app.recorder.record(actor, act).await?;
    keys::volumes::destroy(&app.config, &plan.objects)?;
    for (_, vault) in stores(app).await? {
        vault.remove_remains(&plan.objects).await?;
    }
    app.news.notify_waiters();
    Ok(Destruction { entry: Some(receipt.no), ..plan })
}
