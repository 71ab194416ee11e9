//! What of the logs was published and was not as it should be any more is made again
//! by whoever publishes, so that others can go on reading. A verification tells it
//! as what it is: found, and repaired.

use super::{AuditError, Finding, Report, code, log_kind, repair};
use crate::app::App;
use crate::catalog::published::{self, Remade};
use crate::model::access::Actor;
use crate::model::act::{FindingClass, FixityResult, Found, LogFinding, Repair, Side, Source};
use crate::vault::key;

/// Why such a thing is told, where nothing is wrong any more.
const REASON: &str = "it was made again when the log was published";

/// Puts what was made again, and not told yet, where acts have it.
pub(super) async fn note(app: &App, result: &mut FixityResult) -> Result<(), AuditError> {
    let mut tx = app.db.read().await?;
    for one in published::remade(&mut tx).await? {
        let (side, class, reason) = (side(&one), class(&one), REASON.to_owned());
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
    Ok(())
}

/// Records as repaired what a report names and was made again, before or since.
pub(super) async fn told(app: &App, actor: &Actor, report: &mut Report) -> Result<(), AuditError> {
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
            report.repaired.push(repair::told(app, actor, repair).await?);
        }
        let mut tx = app.db.write().await?;
        published::told(&mut tx, &one).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn side(one: &Remade) -> Side {
    if one.side == Side::Copy.as_str() { Side::Copy } else { Side::Store }
}

fn class(one: &Remade) -> FindingClass {
    if one.gone == 1 { FindingClass::Missing } else { FindingClass::Changed }
}
