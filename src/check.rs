//! 核验一份文件: whether a file that somebody holds is one the archive has, and
//! whether a bundle that left the building is still sound.
//!
//! The second question is put to the auditor's own program, and what it says is
//! repeated: nothing of it is used for the work of this one. A page of the
//! server is no independent check, and says so.

pub mod unpack;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures::Stream;
use tokio::sync::Semaphore;
use yidang_verifier::policy::Policy;
use yidang_verifier::verify;
pub use yidang_verifier::{Report, Verdict};

use self::unpack::Refused;
use crate::app::App;
use crate::catalog::{documents, entries, households};
use crate::db::{DbError, Tx};
use crate::keys::POLICY;
use crate::model::access::{Actor, scope};
use crate::model::act::Act;
use crate::model::id::{Digest, DocumentId, HouseholdNo};
use crate::prove::ProveError;
use crate::prove::bundle;
use crate::signing;
use crate::vault::{Spooled, VaultError};

/// The most bytes of a file that is checked here; a larger bundle is for the
/// auditor's program.
pub const LIMIT: u64 = 1 << 30;
/// How many bundles are opened at a time; the others wait.
static AT_ONCE: Semaphore = Semaphore::const_new(1);

/// Why nobody could look.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The file did not arrive.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// There is no place to open a bundle in.
    #[error(transparent)]
    Place(#[from] ProveError),
    /// The program that checks bundles stopped.
    #[error("the check stopped: {0}")]
    Stopped(String),
}

/// A file that was looked at.
#[derive(Debug)]
pub struct Checked {
    /// The SHA-256 of its bytes.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
    /// What it is.
    pub found: Found,
}

/// What a file is.
#[derive(Debug)]
pub enum Found {
    /// The archive has these bytes, in these places.
    Held(Vec<Holder>),
    /// It has not, as far as this person may see.
    NotHeld,
    /// It is a bundle, and this is what the auditor's program says.
    Bundle(Report),
    /// It is a zip that is not opened.
    Refused(Refused),
}

/// Where the archive has some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// In a document.
    Document {
        /// Its number.
        document: DocumentId,
        /// How it is called.
        title: String,
        /// Its household and head, when it has one.
        household: Option<(String, String)>,
        /// The entry that brought the bytes.
        entry: i64,
    },
    /// They are the manifest of a household's volume.
    Manifest {
        /// The household.
        household: String,
        /// Its head.
        head: String,
    },
    /// They are the body of an entry.
    Body(i64),
}

/// Looks at a file as it arrives; it is kept nowhere.
///
/// # Errors
/// When it does not arrive whole or is too long, or database or disk fail.
/// That it is not held, or not sound, is an answer.
pub async fn check<S, E>(app: &Arc<App>, actor: &Actor, source: S) -> Result<Checked, CheckError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    let spooled = app.vault.receive(source, LIMIT).await?;
    let (sha256, bytes) = (spooled.digest(), spooled.bytes());
    let mut found = Found::NotHeld;
    let holders = holders(&mut app.db.read().await?, actor, sha256).await?;
    if !holders.is_empty() {
        found = Found::Held(holders);
    } else if is_zip(spooled.path()) {
        found = bundle(app, spooled).await?;
    }
    Ok(Checked { sha256, bytes, found })
}

fn is_zip(path: &Path) -> bool {
    let mut head = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head == *b"PK\x03\x04"
}

/// What the auditor's program says of a bundle. It is asked by the policy of now, with
/// the keys of before: a bundle may be older than a change of the key. A machine
/// that knows no key asks by the policy that was made with the archive.
async fn bundle(app: &Arc<App>, spooled: Spooled) -> Result<Found, CheckError> {
    let stopped = |error: &dyn std::fmt::Display| CheckError::Stopped(error.to_string());
    let _turn = AT_ONCE.acquire().await.map_err(|closed| stopped(&closed))?;
    let policy = match signing::policy_of_all(app).await {
        Ok(policy) => policy,
        Err(error) => {
            std::fs::read_to_string(app.config.data.join(POLICY)).map_err(|_| stopped(&error))?
        }
    };
    let app = Arc::clone(app);
    let looked = tokio::task::spawn_blocking(move || {
        let folder = bundle::workplace(&app)?;
        let root = match unpack::unpack(spooled.path(), folder.path()) {
            Ok(root) => root,
            Err(Refused::NoBag) => return Ok(Found::NotHeld),
            Err(why) => return Ok(Found::Refused(why)),
        };
        let policy = Policy::parse(&policy).map_err(|why| stopped(&why))?;
        Ok(Found::Bundle(verify::bag(&root, &policy, None)))
    });
    looked.await.map_err(|error| stopped(&error))?
}

/// Where the archive has these bytes, as far as `actor` may see.
async fn holders(tx: &mut Tx, actor: &Actor, sha256: Digest) -> Result<Vec<Holder>, DbError> {
    let visible = scope(actor);
    let mut holders = Vec::new();
    for document in documents::all_with_blob(tx, sha256).await? {
        if !visible.covers(&document.organisation) {
            continue;
        }
        let title = documents::shown(tx, &document).await?.title;
        let household = match &document.household {
            Some(no) => Some((no.clone(), head(tx, no).await?)),
            None => None,
        };
        let (id, entry) = (document.id(), brought(tx, document.id(), sha256).await?);
        holders.push(Holder::Document { document: id, title, household, entry });
    }
    // Numbers of households begin with the code of their organisation.
    if let Some(household) = documents::household_of_manifest(tx, sha256).await?
        && visible.covers(&household)
    {
        let head = head(tx, &household).await?;
        holders.push(Holder::Manifest { household, head });
    }
    if let Some(entry) = entries::of_body(tx, sha256).await? {
        holders.push(Holder::Body(entry.no));
    }
    Ok(holders)
}

/// The entry that brought a file of a document: its own, or that of a document
/// that became part of it.
async fn brought(tx: &mut Tx, id: DocumentId, sha256: Digest) -> Result<i64, DbError> {
    for joined in documents::joined_into(tx, id).await? {
        for entry in entries::of_document(tx, joined).await? {
            if matches!(entry.body()?.act, Act::AcceptDocument { file, .. } if file.sha256 == sha256)
            {
                return Ok(entry.no);
            }
        }
    }
    Ok(id.0)
}

async fn head(tx: &mut Tx, household: &str) -> Result<String, DbError> {
    let Ok(no) = household.parse::<HouseholdNo>() else { return Ok(String::new()) };
    Ok(households::get(tx, &no).await?.map(|one| one.head).unwrap_or_default())
}
