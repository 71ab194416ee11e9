//! 收件: a stream of bytes becomes a document. Limited and hashed on its way,
//! inspected, made durable, recorded; only then answered. Reading comes later.

use std::sync::Arc;

use bytes::Bytes;
use futures::Stream;
use serde::Serialize;
use tokio::sync::{Mutex, OwnedMutexGuard};
use utoipa::ToSchema;

use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::catalog::households;
use crate::db::{DbError, Tx};
use crate::extract;
use crate::model::access::{Actor, scope};
use crate::model::act::Act;
use crate::model::document::StoredFile;
use crate::model::id::{Digest, DocumentId, HouseholdNo};
use crate::model::text::plain;
use crate::record::RecordError;
use crate::vault::VaultError;

/// Turns: what has the same digest is taken in one after the other. Many
/// digests share a turn.
#[derive(Debug)]
pub struct Turns([Arc<Mutex<()>>; 64]);

impl Default for Turns {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Arc::default()))
    }
}

impl Turns {
    async fn of(&self, sha256: Digest) -> OwnedMutexGuard<()> {
        let [first, ..] = sha256.as_bytes();
        Arc::clone(&self.0[usize::from(*first) % self.0.len()]).lock_owned().await
    }
}

/// Why a file was not taken in. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The file itself.
    #[error(transparent)]
    File(#[from] extract::Error),
    /// Its bytes did not arrive or could not be stored.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The act.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The document under which the same bytes are held already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    /// Which.
    pub document: DocumentId,
    /// Its title, or the name its file came with.
    pub title: String,
    /// The household it is filed in, and its head.
    pub household: Option<(HouseholdNo, String)>,
    /// When it was taken in.
    pub accepted_at: String,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The document: a new one, or the one that holds these bytes already.
    pub document: DocumentId,
    /// The name of the bytes.
    pub sha256: Digest,
    /// Their size.
    pub bytes: u64,
    /// How many pages they have.
    pub pages: u32,
    /// Where the same bytes were already, if they were.
    pub duplicate_of: Option<Known>,
}

/// A file taken in, as the contract for scripts has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Added {
    /// The name it came with, as it was given.
    pub file: String,
    /// The document: a new one, or the one that holds these bytes already.
    pub document: DocumentId,
    /// The name of the bytes.
    pub sha256: Digest,
    /// Their size.
    pub bytes: u64,
    /// How many pages they have.
    pub pages: u32,
    /// The document under which the same bytes were held before, if any.
    pub duplicate_of: Option<DocumentId>,
}

impl Taken {
    /// What scripts are answered; `file` is the name the file came with.
    #[must_use]
    pub fn added(&self, file: impl Into<String>) -> Added {
        Added {
            file: file.into(),
            document: self.document,
            sha256: self.sha256,
            bytes: self.bytes,
            pages: self.pages,
            duplicate_of: self.duplicate_of.as_ref().map(|known| known.document),
        }
    }

    /// Whether nothing new was made, since the same bytes are there already.
    #[must_use]
    pub fn was_known(&self) -> bool {
        self.duplicate_of.as_ref().is_some_and(|known| known.document == self.document)
    }
}

/// Takes in a file that came with the name `name`, for `household` or for the
/// intake desk. Bytes that are known are stored once; they are filed again
/// only where they are not yet.
///
/// # Errors
/// When the file is not one that can be kept, the stream breaks off, there is
/// no space, or the household is unknown: nothing is kept.
pub async fn take<S, E>(
    app: &App,
    actor: &Actor,
    name: &str,
    household: Option<&HouseholdNo>,
    source: S,
) -> Result<Taken, IntakeError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    if let Some(household) = household {
        known_household(app, actor, household).await?;
    }
    let limit = app.config.limits.bytes;
    let spooled = app.vault.receive(source, limit).await?;
    let inspected = app.reader.inspect(spooled.path()).await?;
    let sha256 = spooled.digest();
    let (bytes, pages) = (spooled.bytes(), inspected.pages);

    // The same bytes twice at the same moment: the second waits and is told.
    let turn = app.turns.of(sha256).await;
    let (held, duplicate_of) = match documents::any_with_blob(&app.db, sha256).await? {
        true => held(app, actor, household, sha256).await?,
        false => (None, None),
    };
    if let Some(document) = held {
        app.vault.check(sha256).await?;
        app.recorder.is_copied(document.0).await?;
        return Ok(Taken { document, sha256, bytes, pages, duplicate_of });
    }

    let act = Act::AcceptDocument {
        file: StoredFile {
            sha256,
            name: clean_name(name),
            bytes,
            mime: inspected.kind.mime().to_owned(),
            pages,
            sm3: spooled.sm3(),
        },
        household: household.cloned(),
        organisation: actor.organisation.clone(),
    };
    let vault = app.vault.clone();
    let keep = async move {
        vault.keep(&spooled).await?;
        Ok(turn)
    };
    let receipt = app.recorder.record_after(actor, act, keep).await?;
    Ok(Taken { document: DocumentId(receipt.no), sha256, bytes, pages, duplicate_of })
}

/// Refuses a household that does not exist or that this person may not see:
/// the two are told the same.
async fn known_household(
    app: &App,
    actor: &Actor,
    household: &HouseholdNo,
) -> Result<(), IntakeError> {
    let mut tx = app.db.read().await?;
    let found = households::get(&mut tx, household).await?;
    if found.is_some_and(|one| scope(actor).covers(&one.organisation)) {
        return Ok(());
    }
    let refusal = crate::catalog::Refusal::UnknownHousehold(household.clone());
    Err(RecordError::Refused(refusal).into())
}

/// The live document that holds these bytes where they are to go, and the one
/// that is named to the clerk: that, or another that may be seen.
async fn held(
    app: &App,
    actor: &Actor,
    household: Option<&HouseholdNo>,
    sha256: Digest,
) -> Result<(Option<DocumentId>, Option<Known>), IntakeError> {
    let mut tx = app.db.read().await?;
    let holders = documents::with_blob(&mut tx, sha256).await?;
    let visible = scope(actor);
    let seen: Vec<&Document> =
        holders.iter().filter(|one| visible.covers(&one.organisation)).collect();
    let here = seen.iter().find(|one| {
        household.is_none() || one.household.as_deref() == household.map(HouseholdNo::as_str)
    });
    let told = match here.or(seen.first()) {
        Some(document) => Some(known(&mut tx, document).await?),
        None => None,
    };
    Ok((here.map(|document| document.id()), told))
}

/// What is said of a document that holds the same bytes.
async fn known(tx: &mut Tx, document: &Document) -> Result<Known, DbError> {
    let title = documents::shown(tx, document).await?.title;
    let no: Option<HouseholdNo> = document.household.as_ref().and_then(|no| no.parse().ok());
    let household = match no {
        Some(no) => households::get(tx, &no).await?.map(|found| (no, found.head)),
        None => None,
    };
    Ok(Known {
        document: document.id(),
        title,
        household,
        accepted_at: document.accepted_at.clone(),
    })
}

/// The longest file name kept, in characters.
const NAME_CHARS: usize = 120;

/// A file name as it may stand in the record: its last path component, without
/// characters that cannot be printed or that turn the reading direction. The
/// name never becomes a path.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = plain(last).chars().take(NAME_CHARS).collect();
    let name = name.trim();
    if name.is_empty() || name.chars().all(|c| c == '.') {
        "未命名".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn a_hostile_name_becomes_a_harmless_one() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\scan\\扫描 0012.jpg"), "扫描 0012.jpg");
        assert_eq!(clean_name("a\u{0}\nb.jpg"), "ab.jpg");
        assert_eq!(clean_name("x\u{202e}gpj.exe"), "xgpj.exe");
        assert_eq!(clean_name(".."), "未命名");
        assert_eq!(clean_name(""), "未命名");
        assert_eq!(clean_name(&"长".repeat(500)).chars().count(), 120);
    }
}
