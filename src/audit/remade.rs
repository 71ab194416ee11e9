//! What of the logs was published and was not as it should be any more is made again
//! by whoever publishes, so that others can go on reading; the newest batches by whoever
//! opens the archive. A verification tells it as what it is: found, and repaired.

use super::{AuditError, Finding, REPAIRS, Report, code, log_kind, repair};
use crate::app::App;
use crate::catalog::entries;
use crate::catalog::published::{self, Remade};
use crate::db::DbError;
use crate::model::access::Actor;
use crate::model::act::{Act, FindingClass, FixityResult, Found, LogFinding, Repair, Side, Source};
use crate::model::id::EntryNo;
use crate::vault::key;

/// Puts what was made again, and not told yet, where acts have it. Returns the number of
/// the verification before this one, -1 before the first.
pub(super) async fn note(app: &App, result: &mut FixityResult) -> Result<EntryNo, AuditError> {
    let mut tx = app.db.read().await?;
    for one in published::remade(&mut tx).await? {
        let (side, class, reason) = (side(&one), class(&one), reason(&one).to_owned());
        let below = one.path.strip_prefix(key::ACCESS).map(|below| below.trim_start_matches('/'));
        if side == Side::Store && below.is_none() {
            result.log.push(LogFinding { path: one.path, class, reason });
            continue;
        }
        let kind = match below {
            Some(below) => log_kind(below).replacen("log", "access", 1),
            None => log_kind(&one.path).to_owned(),
        };
        let code = code(Some(side), &kind, class);
        result.beside.push(Found { code, class, side: Some(side), path: one.path, reason });
    }
    Ok(entries::last_number_of(&mut tx, "check_fixity").await?)
}

/// Records as repaired what a report names and was made again, before or since, if it
/// was not recorded after entry `before`.
pub(super) async fn told(
    app: &App,
    actor: &Actor,
    report: &mut Report,
    before: EntryNo,
) -> Result<(), AuditError> {
    let mut tx = app.db.read().await?;
    let all = published::remade(&mut tx).await?;
    drop(tx);
    for one in all {
        let names = |found: &Finding| (found.place, &found.path) == (one.side.as_str(), &one.path);
        if !report.changed.iter().chain(&report.missing).any(names) {
            continue;
        }
        let its = |repair: &Repair| repair.side.as_str() == one.side && repair.path == one.path;
        if let (false, Ok(sha256)) = (report.repaired.iter().any(its), one.sha256.parse()) {
            let source =
                if one.path.contains("log/tile/") { Source::Entries } else { Source::Database };
            let repair = Repair {
                side: side(&one),
                path: one.path.clone(),
                sha256,
                class: class(&one),
                source,
                quarantine: None,
            };
            report.repaired.push(match recorded(app, &repair, before).await? {
                Some(recorded) => recorded,
                None => repair::told(app, actor, repair).await?,
            });
        }
        let mut tx = app.db.write().await?;
        published::told(&mut tx, &one).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// How a batch was repaired, if whoever opened the archive recorded it after entry
/// `before`.
async fn recorded(
    app: &App,
    repair: &Repair,
    before: EntryNo,
) -> Result<Option<Repair>, AuditError> {
    if !is_batch(&repair.path) {
        return Ok(None);
    }
    let mut tx = app.db.read().await?;
    let rows = entries::after(&mut tx, "repair_object", before, REPAIRS).await?;
    let bodies = rows.iter().map(entries::EntryRow::body).collect::<Result<Vec<_>, DbError>>()?;
    let same = |done: &Repair| (done.side, &done.path) == (repair.side, &repair.path);
    Ok(bodies.into_iter().rev().find_map(|body| match body.act {
        Act::RepairObject { repair } if same(&repair) => Some(repair),
        _ => None,
    }))
}

fn is_batch(path: &str) -> bool {
    path.starts_with(key::ENTRIES)
}

/// Why such a thing is told, where nothing is wrong any more.
fn reason(one: &Remade) -> &'static str {
    match is_batch(&one.path) {
        true => "it was made again when the archive was opened",
        false => "it was made again when the log was published",
    }
}

fn side(one: &Remade) -> Side {
    if one.side == Side::Copy.as_str() { Side::Copy } else { Side::Store }
}

fn class(one: &Remade) -> FindingClass {
    if one.gone == 1 { FindingClass::Missing } else { FindingClass::Changed }
}
