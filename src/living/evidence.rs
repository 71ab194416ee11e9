//! 核查结果导入: taking in what another department says of persons. The file is kept
//! whole; of its rows those that are about persons of the actor's scope.

mod look;
mod originals;
mod rows;
mod take;

use bytes::Bytes;

pub use self::look::{Preview, look_over};
pub(super) use self::originals::says_why;
pub use self::originals::{Original, files, original};
pub use self::rows::bad_rows;
pub use self::take::{GivenResults, Taken, take};
use super::LivingError;
use crate::app::App;
use crate::catalog::evidence;
use crate::model::access::Actor;
use crate::model::evidence::{EvidenceKind, Mapping};
use crate::model::id::{Digest, EntryNo};
use crate::model::table::{self, SheetError, Table};
use crate::model::text::squeeze;

pub use crate::catalog::evidence::EvidenceFileRow;

/// The kind of that code.
///
/// # Errors
/// When there is none.
pub fn kind<'a>(app: &'a App, code: &str) -> Result<&'a EvidenceKind, LivingError> {
    let found = app.rules.evidence.kind(code.trim());
    found.ok_or(LivingError::Told {
        zh: "没有这一类核查结果。",
        en: "there is no such kind of result",
    })
}

/// The table in a file, read beside what else is done.
async fn read(bytes: Bytes) -> Result<Table, LivingError> {
    let read = move || Table::read(&bytes, table::MOST_ROWS);
    let table = tokio::task::spawn_blocking(read).await.map_err(|_| SheetError::Text)??;
    if table.rows.is_empty() { Err(SheetError::Empty.into()) } else { Ok(table) }
}

/// The digest of the names of columns, however they are spaced.
fn heads(table: &Table) -> Digest {
    let names: Vec<String> = table.heads.iter().map(|name| squeeze(name)).collect();
    Digest::of(names.join("\n").as_bytes())
}

/// Which columns of a table are read where nobody says: those of the last file of the kind
/// with the same columns that the own organisation took in, with its entry; else those their
/// names suggest.
async fn usual(
    app: &App,
    actor: &Actor,
    kind: &EvidenceKind,
    table: &Table,
) -> Result<(Option<Mapping>, Option<EntryNo>), LivingError> {
    let mut tx = app.db.read().await?;
    let organisation = actor.organisation.as_str();
    let before = evidence::last_mapping(&mut tx, heads(table), &kind.code, organisation).await?;
    Ok(match before.filter(|(_, mapping)| mapping.fits(table)) {
        Some((entry, mapping)) => (Some(mapping), Some(entry)),
        None => (Mapping::usual(&app.rules.evidence, kind, table), None),
    })
}
