//! Taking in a file: what is kept of it, and what became of the rest.

use std::collections::BTreeSet;

use bytes::Bytes;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{LivingError, possible, recorded, refused, today};
use super::rows::{Sorted, sorted};
use super::{heads, kind, read, usual};
use crate::app::App;
use crate::catalog::evidence;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::evidence::{Evidence, EvidenceRow, EvidenceRule, MOST_ROWS as PART, Mapping};
use crate::model::id::{Digest, EntryNo};
use crate::model::table::{self, BadRow, SheetError};

/// The most characters of the name of a file.
const NAME: usize = 100;

/// A file of another department as it is given.
#[derive(Debug, Clone)]
pub struct GivenResults {
    /// The code of its kind.
    pub kind: String,
    /// The day its results are of; today where it is not said.
    pub as_of: Option<Date>,
    /// Its name.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
    /// Which columns are read. When it is left out, those of the last file of the kind with
    /// the same columns, else those their names suggest.
    pub mapping: Option<Mapping>,
    /// Keeps the rows that are in order although others cannot be read.
    pub partly: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EvidenceTaken)]
pub struct Taken {
    /// The entries that have its rows; none when nothing was kept.
    pub entries: Vec<EntryNo>,
    /// How many rows are about persons of the scope, each counted for every household
    /// the person is of.
    pub kept: u64,
    /// Of how many households.
    pub households: u64,
    /// How many rows are about nobody of the scope.
    pub unknown: u64,
    /// How many say that there is nothing.
    pub nothing: u64,
    /// How many cells have a formula, of which the last result was taken.
    pub formulas: u64,
    /// The entry that took in the file by whose columns it was read; none where somebody
    /// said which, or their names did.
    pub as_before: Option<EntryNo>,
    /// The rows that could not be read, at most 200.
    pub bad: Vec<BadRow>,
    /// How many of those there are.
    pub bad_total: u64,
    /// All of them, to be taken along.
    #[serde(skip)]
    pub every_bad: Vec<BadRow>,
}

/// Takes in what another department says of persons. When some rows cannot be read
/// nothing is kept, unless `partly` says that the others are. `done` is told how many
/// rows are done, of how many.
///
/// # Errors
/// When it is no such file, a column is missing, or the same file was taken in before.
pub async fn take(
    app: &App,
    actor: &Actor,
    given: GivenResults,
    done: &(dyn Fn(u64, u64) + Sync),
) -> Result<Taken, LivingError> {
    actor.must(Right::File)?;
    let GivenResults { kind: code, as_of, name, bytes, mapping, partly } = given;
    let kind = kind(app, &code)?;
    let as_of = as_of.unwrap_or_else(|| today(app));
    possible(as_of)?;
    if as_of > today(app) {
        return Err(LivingError::Told {
            zh: "结果的日期还没有到。",
            en: "the day of the results has not come yet",
        });
    }
    let file = Digest::of(&bytes);
    let mut tx = app.db.read().await?;
    let before = evidence::before(&mut tx, file, &kind.code, actor.organisation.as_str()).await?;
    let table = read(bytes.clone()).await?;
    let (mapping, as_before) = match mapping {
        Some(mapping) => (Some(mapping), None),
        None => usual(app, actor, kind, &table).await?,
    };
    let mapping = mapping.ok_or(SheetError::Column("身份证号"))?;
    if !mapping.fits(&table) {
        return Err(LivingError::Told {
            zh: "表里没有选的这一列。",
            en: "the table has no such column",
        });
    }
    if kind.needs_value && mapping.value.is_none() {
        return Err(LivingError::Told {
            zh: "要选哪一列是数值。",
            en: "say which column has the values",
        });
    }
    let persons = evidence::persons(&mut tx, &scope(actor)).await?;
    drop(tx);
    let (total, heads) = (table.rows.len() as u64, heads(&table));
    let sorted = sorted(app, kind, mapping, as_of, table, &persons);
    let Sorted { mut rows, bad, mut taken } = sorted?;
    taken.as_before = as_before;
    (taken.bad, taken.bad_total, taken.every_bad) = (bad.told, bad.total, bad.every);
    if (taken.bad_total > 0 && !partly) || taken.bad_total == total {
        return Ok(taken);
    }
    // A file that was broken off goes on, and one that came before brings only what it
    // did not: persons who were not here then.
    if before.parts > 0 {
        rows.retain(|row| {
            let line = i64::try_from(row.line).unwrap_or(i64::MAX);
            !before.rows.contains(&(row.household.to_string(), row.member.into(), line))
        });
        if rows.is_empty() {
            return Err(refused(EvidenceRule::Taken(kind.name.clone()).into()));
        }
    }
    let households: BTreeSet<_> = rows.iter().map(|row| &row.household).collect();
    taken.households = households.len() as u64;
    taken.kept = rows.len() as u64;
    let size = bytes.len() as u64;
    let mime = table::mime(&bytes).to_owned();
    app.vault.put(bytes).await?;
    let name: String = crate::model::text::plain(&name).chars().take(NAME).collect();
    done(0, taken.kept);
    // A file that is about nobody here is kept too: that nothing was found is a result.
    let none = [Vec::new()];
    let mut parts: Vec<&[EvidenceRow]> = rows.chunks(PART).collect();
    if parts.is_empty() {
        parts.push(&none[0]);
    }
    let mut acts = Vec::new();
    for (part, rows) in (before.parts..).zip(parts) {
        let first = part == before.parts;
        let said = Evidence {
            organisation: actor.organisation.clone(),
            kind: kind.code.clone(),
            called: kind.name.clone(),
            as_of,
            file,
            bytes: size,
            mime: mime.clone(),
            name: name.clone(),
            mapping,
            heads: Some(heads),
            part,
            unknown: if first { taken.unknown } else { 0 },
            bad: if first { taken.bad_total } else { 0 },
            rows: rows.to_vec(),
        };
        acts.push(Act::TakeEvidence(said));
    }
    let kept = taken.kept;
    let told = |parts: usize| done(kept.min((parts * PART) as u64), kept);
    taken.entries = recorded(app, actor, acts, told).await?;
    Ok(taken)
}
