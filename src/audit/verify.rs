//! One verification: what is looked at, in which order, and what becomes of
//! it.

use std::sync::Arc;

use super::remade;
use super::repair::{self, Damage};
use super::sweep::{self, Looked};
use super::{AuditError, Bounds, Report, Sweep, catalog, code, explain, log, log_kind, looks};
use crate::app::App;
use crate::catalog::{entries, sweeps};
use crate::db::DbError;
use crate::model::access::{Actor, Right};
use crate::model::act::{Act, FindingClass, FixityResult, Found, Side, Source};
use crate::model::id::EntryNo;
use crate::record::RecordError;
use crate::vault::{Mirror, Vault, key};

/// Up to so many log entries the catalog is compared whenever everything else
/// is: it takes a moment.
const CATALOG_AT_ONCE: i64 = 1_000;

/// What is asked of a verification.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// How it is bounded.
    pub bounds: Bounds,
    /// Whether what is damaged is repaired, where it can be.
    pub repair: bool,
    /// Whether the catalog is compared with the log, however long it takes.
    pub catalog: bool,
}

/// Reads every stored file again, in both copies. The result is recorded as an
/// act, and reported with the documents and households of what was found.
///
/// # Errors
/// When the catalog or the store cannot be read at all; that the result cannot be
/// recorded is said in it.
pub async fn verify(app: &App, actor: &Actor, sweep: Arc<Sweep>) -> Result<Report, AuditError> {
    verify_as(app, actor, sweep, Asked::default()).await
}

/// As [`verify`], as it is asked for.
///
/// # Errors
/// When the person may not, or the catalog or the store cannot be read at all.
pub async fn verify_as(
    app: &App,
    actor: &Actor,
    sweep: Arc<Sweep>,
    asked: Asked,
) -> Result<Report, AuditError> {
    actor.must(Right::Verify).map_err(RecordError::from)?;
    // Tiles, checkpoint and second copy follow the log; nothing is missing yet
    // that only is on its way.
    match app.settle().await {
        // The database does not lead to what was signed: that is looked at below.
        Err(error @ RecordError::Disagree(_)) => tracing::error!(%error, "tiles do not follow"),
        settled => settled?,
    }
    let store = app.vault.alone();
    let (copy, away) = second_copy(app).await;
    let mut stores = vec![Looked { side: Side::Store, vault: store.clone(), end: EntryNo::MAX }];
    if let Some((vault, end)) = &copy {
        let end = EntryNo::try_from(*end).unwrap_or(EntryNo::MAX);
        stores.push(Looked { side: Side::Copy, vault: vault.clone(), end });
    }
    let vault = copy.as_ref().map(|(vault, _)| vault);
    let mut damages = vec![Damage {
        side: Side::Store,
        vault: &store,
        other: vault.map(|vault| (vault, Source::Copy)),
        log: Vec::new(),
        access: Vec::new(),
    }];
    if let Some((vault, _)) = &copy {
        let other = Some((&store, Source::Store));
        let (log, access) = (Vec::new(), Vec::new());
        damages.push(Damage { side: Side::Copy, vault, other, log, access });
    }
    // Files are hashed on many threads; the log is followed on one meanwhile.
    let due = log_is_due(app, asked.bounds).await?;
    let logs = async {
        let mut looked = Vec::new();
        for damage in damages.iter().filter(|_| due) {
            let end = copy.as_ref().filter(|_| damage.side == Side::Copy).map(|(_, end)| *end);
            let end = end.unwrap_or(u64::MAX);
            looked.push(log::look(app, (damage.side, damage.vault), end, damage.other).await);
        }
        let mut of_looks = Vec::new();
        for damage in damages.iter().filter(|_| due) {
            of_looks.push(access(app, damage).await);
        }
        (looked, of_looks)
    };
    let (swept, (logs, of_looks)) =
        tokio::join!(sweep::look(app, &stores, (asked.bounds, due), &sweep), logs);
    let mut result = swept?;
    result.beside.extend(away);
    // What whoever publishes had to make again is told, too.
    let before = remade::note(app, &mut result).await?;
    if due {
        for (damage, looked) in damages.iter_mut().zip(logs) {
            match (looked, damage.side) {
                (Ok(wrong), _) => damage.log = wrong,
                // A copy that goes away meanwhile is no reason to look at nothing.
                (Err(error), Side::Copy) => {
                    result.beside.push(unread_copy("log".into(), error.to_string()));
                }
                (Err(error), Side::Store) => return Err(error),
            }
            note_log(&mut result, damage);
        }
        for (damage, looked) in damages.iter_mut().zip(of_looks) {
            match (looked, damage.side) {
                (Ok(wrong), _) => damage.access = wrong,
                (Err(error), Side::Copy) => {
                    result.beside.push(unread_copy(key::ACCESS.into(), error.to_string()));
                }
                (Err(error), Side::Store) => return Err(error),
            }
            result.beside.extend(damage.access.iter().map(|wrong| wrong.finding.clone()));
        }
        let mut tx = app.db.write().await?;
        sweeps::looked(&mut tx, Side::Store, sweeps::LOG, app.now()).await?;
        tx.commit().await?;
        result.scope.iter_mut().for_each(|scope| scope.log = true);
    }
    // A log that is damaged itself does not lead through.
    let cheap = asked.bounds.is_whole() && entries_of(app).await? <= CATALOG_AT_ONCE;
    if asked.catalog || (cheap && result.changed.is_empty() && result.missing.is_empty()) {
        note_catalog(app, &mut result).await?;
    }
    result.beside.sort_unstable();
    // What was found is told also when it cannot be recorded, as while a copy is
    // away that acts wait for. A repair is recorded or not done.
    let recorded = app.recorder.record(actor, Act::CheckFixity { result: result.clone() }).await;
    let mut report = explain(app, actor, &result).await?;
    report.unrecorded = recorded.err().map(|error| error.to_string());
    if asked.repair && report.unrecorded.is_none() {
        report.repaired = repair::repair(app, actor, &result, damages).await?;
    }
    if report.unrecorded.is_none() {
        remade::told(app, actor, &mut report, before).await?;
    }
    Ok(report)
}

/// Compares the catalog with the log; a log that does not lead through is a
/// finding of its own.
async fn note_catalog(app: &App, result: &mut FixityResult) -> Result<(), AuditError> {
    match catalog::look(app).await {
        Ok(found) => {
            result.beside.extend(found);
            result.scope.iter_mut().for_each(|scope| scope.catalog = true);
        }
        Err(AuditError::Record(error)) => result.beside.push(Found {
            code: code(None, "catalog", FindingClass::Unread),
            class: FindingClass::Unread,
            side: None,
            path: "catalog".into(),
            reason: error.to_string(),
        }),
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn entries_of(app: &App) -> Result<i64, DbError> {
    let mut tx = app.db.read().await?;
    entries::count(&mut tx).await
}

/// Whether the log is looked at too. It is read as a whole, so a sweep that
/// reads what is due does it when the log is.
async fn log_is_due(app: &App, bounds: Bounds) -> Result<bool, AuditError> {
    let Some(due) = bounds.due else { return Ok(true) };
    let mut tx = app.db.read().await?;
    let rows = sweeps::all(&mut tx).await?;
    let log = rows.iter().find(|row| row.shard == i64::from(sweeps::LOG));
    Ok(log.is_none_or(|row| row.looked <= due.as_millisecond()))
}

/// The second copy with the number of entries it has, or what is said of one
/// that cannot be looked at.
pub(super) async fn second_copy(app: &App) -> (Option<(Vault, u64)>, Option<Found>) {
    let Some(mirror) = app.vault.mirror() else { return (None, None) };
    let unread = |mirror: &Mirror, reason| unread_copy(mirror.address().to_owned(), reason);
    match (mirror.vault().await, app.recorder.copy_end()) {
        (Ok(vault), Some(end)) => (Some((vault.clone(), end)), None),
        (Ok(_), None) => (None, Some(unread(mirror, "nobody knows yet how far it is".to_owned()))),
        (Err(error), _) => (None, Some(unread(mirror, error.to_string()))),
    }
}

/// Looks at the access log in one store.
async fn access(app: &App, damage: &Damage<'_>) -> Result<Vec<looks::Wrong>, AuditError> {
    let end = match damage.side {
        Side::Store => u64::MAX,
        Side::Copy => app.looks.copy_end().unwrap_or(0),
    };
    looks::look(app, damage.vault, damage.side, end, damage.other).await
}

/// What is said of a part of the second copy that cannot be looked at.
pub(super) fn unread_copy(path: String, reason: String) -> Found {
    let (side, class) = (Some(Side::Copy), FindingClass::Unread);
    Found { code: "copy.unread".into(), class, side, path, reason }
}

/// Puts what is wrong with the log of a store where acts have it.
fn note_log(result: &mut FixityResult, damage: &Damage<'_>) {
    for wrong in &damage.log {
        let one = wrong.finding.clone();
        match damage.side {
            Side::Store => result.log.push(one),
            Side::Copy => result.beside.push(Found {
                code: code(Some(damage.side), log_kind(&one.path), one.class),
                class: one.class,
                side: Some(damage.side),
                path: one.path,
                reason: one.reason,
            }),
        }
    }
}
