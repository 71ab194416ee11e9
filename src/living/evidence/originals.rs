//! 原件: the files that were taken in, and taking one along as it came.

use bytes::Bytes;

use super::super::LivingError;
use crate::app::App;
use crate::catalog::evidence::{self, EvidenceFileRow};
use crate::config::ReasonIs;
use crate::model::access::{Actor, Right, scope};
use crate::model::id::{Digest, DocumentId, EntryNo};
use crate::model::look::{Kind, Look, Reason};
use crate::model::table;

/// The files that were taken in, the newest first, at most `limit`, before entry `before`.
///
/// # Errors
/// When the person may not look.
pub async fn files(
    app: &App,
    actor: &Actor,
    before: Option<EntryNo>,
    limit: u32,
) -> Result<Vec<EvidenceFileRow>, LivingError> {
    actor.must(Right::Look)?;
    let mut tx = app.db.read().await?;
    let before = before.unwrap_or(i64::MAX);
    Ok(evidence::files(&mut tx, &scope(actor), before, limit).await?)
}

/// 原件: a file that was taken in, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub mime: &'static str,
    /// What is in it.
    pub bytes: Bytes,
}

/// Whether a reason is given for taking a file along, where one is wanted.
pub(crate) fn says_why(app: &App, reason: Option<&Reason>) -> Result<(), LivingError> {
    if reason.is_none() && app.config.access.reason == ReasonIs::Required {
        return Err(LivingError::Told {
            zh: "取回原件要写事由。",
            en: "say why the file is taken along",
        });
    }
    Ok(())
}

/// The file that the entry `entry` took in, whole; that it is taken along is noted first,
/// with the reason. It tells of persons of its organisation and of strangers.
///
/// # Errors
/// When there is none of the person's scope, the person may take nothing along, a reason
/// is wanted and none was given, or the look cannot be noted.
pub async fn original(
    app: &App,
    actor: &Actor,
    entry: EntryNo,
    reason: Option<Reason>,
) -> Result<Original, LivingError> {
    actor.must(Right::Look)?;
    actor.must(Right::Export)?;
    says_why(app, reason.as_ref())?;
    let mut tx = app.db.read().await?;
    let row = evidence::file(&mut tx, &scope(actor), entry).await?;
    drop(tx);
    let row = row.ok_or(LivingError::UnknownDocument(DocumentId(entry)))?;
    let title = format!("{} {}", row.called, row.name);
    let look = Look::new(Kind::Export).titled(title.trim_end()).counting(1_u64);
    app.looks.note(actor, Look { reason, ..look }).await?;
    let corrupt = |_| crate::db::DbError::Corrupt(row.file.clone());
    let file: Digest = row.file.parse().map_err(corrupt)?;
    let bytes = app.vault.bytes(file).await?;
    let mime = table::mime(&bytes);
    let name = match (row.name.as_str(), mime == table::XLSX) {
        ("", true) => "results.xlsx".to_owned(),
        ("", false) => "results.csv".to_owned(),
        (name, _) => name.to_owned(),
    };
    Ok(Original { name, mime, bytes })
}
