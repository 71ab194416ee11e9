//! 时间戳: an authority outside the house confirms that a checkpoint, and so
//! everything before it, was there at a time (RFC 3161).
//!
//! What is confirmed is the SHA-256 of the text of the checkpoint as it is kept
//! under `log/checkpoints/`: its lines without the signatures, with their last
//! line end. The answer is kept as it came, as a blob that an act names.

mod token;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

pub use self::token::{Query, TokenError};
use crate::app::App;
use crate::catalog::entries::{self, EntryRow};
use crate::catalog::leases;
use crate::db::DbError;
use crate::model::access::Actor;
use crate::model::act::Act;
use crate::model::id::{Digest, EntryNo};
use crate::outbound;
use crate::record::RecordError;
use crate::tlog::{Checkpoint, TlogError, note};
use crate::vault::VaultError;

/// How long an authority may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked whether one is due.
const PAUSE: Duration = Duration::from_secs(60);
/// How long there is at least between two tries that fail.
const AFTER_TROUBLE: Duration = Duration::from_secs(600);

/// Why there is no timestamp.
#[derive(Debug, thiserror::Error)]
pub enum TimestampError {
    /// Nothing was published yet.
    #[error("the log has no checkpoint yet")]
    Nothing,
    /// No entry of that number names a timestamp.
    #[error("entry {0} is no timestamp")]
    Unknown(EntryNo),
    /// The settings name no authority.
    #[error("no timestamp authority is named in the settings (log.timestamp)")]
    NoAuthority,
    /// The authority did not answer, or not well.
    #[error("the timestamp authority {0}: {1}")]
    Authority(String, String),
    /// Its answer is not taken.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The published checkpoint is none.
    #[error(transparent)]
    Tlog(#[from] TlogError),
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

/// A timestamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stamped {
    /// How many entries the checkpoint has.
    pub size: u64,
    /// The digest of the authority's answer.
    pub token: Digest,
    /// Whom it is from: the address that was asked.
    pub authority: String,
    /// The time in it.
    #[schema(value_type = String, format = DateTime)]
    pub confirmed: Timestamp,
    /// The entry that names it.
    pub entry: EntryNo,
}

/// Asks the authority that the settings name, as [`stamp`].
///
/// # Errors
/// As [`stamp`], and when they name none.
pub async fn stamp_now(app: &App, actor: &Actor) -> Result<Stamped, TimestampError> {
    match app.config.log.timestamp.as_str() {
        "" => Err(TimestampError::NoAuthority),
        url => stamp(app, actor, url).await,
    }
}

/// Asks the authority at `url` to confirm the newest checkpoint.
///
/// # Errors
/// When there is none, the authority does not answer as it should, or the act
/// is not recorded.
pub async fn stamp(app: &App, actor: &Actor, url: &str) -> Result<Stamped, TimestampError> {
    app.settle().await?;
    let published = app.vault.checkpoint().await?.ok_or(TimestampError::Nothing)?;
    let size = Checkpoint::parse(&published)?.size;
    let kept = app.vault.checkpoint_of(size).await?;
    let checkpoint = Checkpoint::parse(&kept)?;
    let query = Query::new(Sha256::digest(note::text(&kept)?).into(), rand::random());
    let trouble = |why: String| TimestampError::Authority(url.to_owned(), why);
    let answer = outbound::post(url, "application/timestamp-query", query.to_der()?, PATIENCE);
    let answer = answer.await.map_err(trouble)?;
    if answer.status != 200 {
        return Err(trouble(format!("it answers {}: {}", answer.status, answer.said())));
    }
    let confirmed = query.time(&answer.body)?;
    let token = Digest::of(&answer.body);
    let act = Act::TimestampCheckpoint {
        size,
        root: checkpoint.root.to_string(),
        token,
        bytes: answer.body.len() as u64,
        authority: url.to_owned(),
        confirmed,
    };
    let vault = app.vault.clone();
    let kept = async move { vault.put(answer.body.into()).await };
    let receipt = app.recorder.record_after(actor, act, kept).await?;
    Ok(Stamped { size, token, authority: url.to_owned(), confirmed, entry: receipt.no })
}

/// The newest timestamp, when its checkpoint has at least `from` entries and at
/// most `to`.
///
/// # Errors
/// When the database fails.
pub async fn newest(app: &App, from: u64, to: u64) -> Result<Option<Stamped>, DbError> {
    let mut tx = app.db.read().await?;
    let Some(row) = entries::last_of(&mut tx, "timestamp_checkpoint").await? else {
        return Ok(None);
    };
    Ok(stamped(&row)?.filter(|one| (from..=to).contains(&one.size)))
}

/// The timestamps before entry `before`, or the newest: newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    app: &App,
    before: Option<EntryNo>,
    limit: u32,
) -> Result<Vec<Stamped>, TimestampError> {
    let mut tx = app.db.read().await?;
    let before = before.unwrap_or(EntryNo::MAX);
    let rows = entries::before_of(&mut tx, "timestamp_checkpoint", before, limit).await?;
    drop(tx);
    let mut found = Vec::new();
    for row in &rows {
        found.extend(stamped(row)?);
    }
    Ok(found)
}

/// What the authority answered to the timestamp that entry `no` names: the bytes as they came, an
/// RFC 3161 `TimeStampResp`.
///
/// # Errors
/// When the entry names none, or database or store fail.
pub async fn token(app: &App, no: EntryNo) -> Result<Bytes, TimestampError> {
    let mut tx = app.db.read().await?;
    let next = no.saturating_add(1);
    let newest = entries::before_of(&mut tx, "timestamp_checkpoint", next, 1).await?;
    drop(tx);
    let row = newest.first().filter(|row| row.no == no);
    let one = row.map(stamped).transpose()?.flatten().ok_or(TimestampError::Unknown(no))?;
    Ok(app.vault.bytes(one.token).await?)
}

fn stamped(row: &EntryRow) -> Result<Option<Stamped>, DbError> {
    match row.body()?.act {
        Act::TimestampCheckpoint { size, token, authority, confirmed, .. } => {
            Ok(Some(Stamped { size, token, authority, confirmed, entry: row.no }))
        }
        _ => Ok(None),
    }
}

/// Asks the authority of the settings as often as they say, where there is
/// something new; until the program ends. Nothing waits for it.
pub async fn serve(app: Arc<App>) {
    if app.config.log.timestamp.is_empty() {
        return;
    }
    loop {
        let pause = match when_due(&app).await {
            Ok(_) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "the log has no new timestamp");
                AFTER_TROUBLE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Asks for a timestamp when one is due: something was recorded since the last
/// one, which is older than the settings say, and no other process is at it.
///
/// # Errors
/// As [`stamp`].
pub async fn when_due(app: &App) -> Result<Option<Stamped>, TimestampError> {
    let (now, log) = (app.now(), &app.config.log);
    let mut tx = app.db.write().await?;
    let last = entries::last_of(&mut tx, "timestamp_checkpoint").await?;
    let count = entries::count(&mut tx).await?;
    let due = match &last {
        // The entry of the last one alone is nothing new.
        Some(last) => {
            let hours = Duration::from_secs(u64::from(log.timestamp_hours) * 3600);
            let time: Option<Timestamp> = last.time.parse().ok();
            let next = time.and_then(|time| time.checked_add(hours).ok());
            count > last.no + 1 && next.is_none_or(|next| next <= now)
        }
        None => count > 0,
    };
    let owner = hex::encode(rand::random::<[u8; 8]>());
    let may = due && leases::take(&mut tx, "timestamp", &owner, now, now + PAUSE).await?;
    tx.commit().await?;
    if !may {
        return Ok(None);
    }
    stamp(app, &app.config.system(), &log.timestamp).await.map(Some)
}
