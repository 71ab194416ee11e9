//! 核查结果导入: taking in what another department says of persons. The file is kept
//! whole; of its rows those that are about persons of the actor's scope.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{LivingError, possible, recorded, refused, today};
use crate::app::App;
use crate::catalog::evidence::{self, Person};
use crate::config::ReasonIs;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::evidence::{
    Evidence, EvidenceKind, EvidenceRow, EvidenceRule, MOST_ROWS as PART, Mapping, Unit,
};
use crate::model::id::{Digest, DocumentId, EntryNo};
use crate::model::identity;
use crate::model::look::{Kind, Look, Reason};
use crate::model::table::{self, BadRow, BadRows, SheetError, Table, Why};
use crate::model::text::squeeze;
use crate::sheet::{Cell, Column, Sheet};

pub use crate::catalog::evidence::EvidenceFileRow;

/// How many rows of a file are shown before it is taken in.
const SHOWN: usize = 5;
/// The most characters of the name of a file.
const NAME: usize = 100;

/// What a file looks like before it is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EvidencePreview)]
pub struct Preview {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its first rows; a row that cannot be read says why, in Chinese.
    pub first: Vec<Vec<String>>,
    /// The same in English.
    #[serde(skip)]
    pub first_en: Vec<Vec<String>>,
    /// How many rows it has.
    pub rows: u64,
    /// How many cells have a formula, of which the last result is taken.
    pub formulas: u64,
    /// Which columns are read: as in the last file of the kind with the same columns, else
    /// as their names suggest.
    pub mapping: Option<Mapping>,
    /// The entry that took in that last file; none where there is none.
    pub as_before: Option<EntryNo>,
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

/// The table in a file, read beside what else is done.
async fn read(bytes: Bytes) -> Result<Table, LivingError> {
    let read = move || Table::read(&bytes, table::MOST_ROWS);
    let table = tokio::task::spawn_blocking(read).await.map_err(|_| SheetError::Text)??;
    if table.rows.is_empty() { Err(SheetError::Empty.into()) } else { Ok(table) }
}

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

/// What a file looks like, and which of its columns are read for a kind: as in the last file
/// of the kind with the same columns, else as their names suggest. Nothing is kept.
///
/// # Errors
/// When there is no such kind, or the file is no table.
pub async fn look_over(
    app: &App,
    actor: &Actor,
    code: &str,
    bytes: Bytes,
) -> Result<Preview, LivingError> {
    actor.must(Right::File)?;
    let kind = kind(app, code)?;
    let table = read(bytes).await?;
    let (mapping, as_before) = usual(app, actor, kind, &table).await?;
    let first = |said: fn(Why) -> String| {
        let rows = table.rows.iter().take(SHOWN);
        rows.map(|row| row.cells.clone().unwrap_or_else(|why| vec![said(why)])).collect()
    };
    Ok(Preview {
        mapping,
        as_before,
        first: first(|why| why.zh),
        first_en: first(|why| why.en),
        rows: table.rows.len() as u64,
        formulas: table.formulas,
        columns: table.heads,
    })
}

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

struct Sorted {
    rows: Vec<EvidenceRow>,
    bad: BadRows,
    taken: Taken,
}

/// The rows of a table, by what they are about.
fn sorted(
    app: &App,
    kind: &EvidenceKind,
    mapping: Mapping,
    as_of: Date,
    table: Table,
    persons: &HashMap<String, Vec<Person>>,
) -> Result<Sorted, LivingError> {
    let mut taken = Taken { formulas: table.formulas, ..Taken::default() };
    let (mut rows, mut bad) = (Vec::new(), BadRows::default());
    let not_yet = || Why::new("日期还没有到", "the day has not come yet");
    for row in table.rows {
        let told = match row.cells.and_then(|cells| kind.told(&cells, mapping)) {
            Err(why) => {
                bad.add(row.line, why);
                continue;
            }
            Ok(None) => {
                taken.nothing += 1;
                continue;
            }
            Ok(Some(told)) => told,
        };
        let on = told.on.unwrap_or(as_of);
        if on > today(app) {
            bad.add(row.line, not_yet());
            continue;
        }
        let digest = app.lookup.digest(&told.id_number).unwrap_or_default();
        let Some(found) = persons.get(&digest) else {
            taken.unknown += 1;
            continue;
        };
        let another =
            |one: &&Person| !told.name.is_empty() && squeeze(&told.name) != squeeze(&one.name);
        if found.iter().any(|one| another(&one)) {
            let en = "the person with this identity number has another name in the archive";
            bad.add(row.line, Why::new("姓名与档案里同一身份证号的人不一样", en));
            continue;
        }
        if let (Unit::Date, Ok(day)) = (kind.unit, told.value.parse::<Date>()) {
            if day > today(app) {
                bad.add(row.line, not_yet());
                continue;
            }
            if identity::born(&told.id_number).is_some_and(|born| day < born) {
                bad.add(row.line, Why::new("日期早于出生", "the day is before the birth"));
                continue;
            }
        }
        for one in found {
            let corrupt = || crate::db::DbError::Corrupt(one.household.clone());
            rows.push(EvidenceRow {
                household: one.household.parse().map_err(|_| corrupt())?,
                member: u32::try_from(one.place).map_err(|_| corrupt())?,
                line: row.line,
                on,
                value: told.value.clone(),
                amount: told.amount,
            });
        }
    }
    Ok(Sorted { rows, bad, taken })
}

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
pub(super) fn says_why(app: &App, reason: Option<&Reason>) -> Result<(), LivingError> {
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

/// Rows that could not be read, as a list to be taken along.
#[must_use]
pub fn bad_rows(rows: &[BadRow]) -> Sheet {
    let row = |bad: &BadRow| {
        let line = i64::try_from(bad.line).unwrap_or(i64::MAX);
        vec![Cell::Whole(line), Cell::word(&bad.reason, &bad.reason_en)]
    };
    Sheet {
        name: "读不出的行".to_owned(),
        columns: vec![Column::new("行", "Line"), Column::new("原因", "Why")],
        rows: rows.iter().map(row).collect(),
    }
}
