//! The canonical dump: every row made from the log, as JSON lines in a fixed
//! order. Two catalogs made from one log dump to the same bytes.

mod table;

use serde::Serialize;
use serde_json::json;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Row, Tx};

pub use self::table::Table;
use super::cases::{BenefitRow, CaseRow, StepRow as CaseStepRow};
use super::corrections::CorrectionRow;
use super::destroyed::Destroyed;
use super::destructions::DestructionRow;
use super::documents::{Document, FileRow};
use super::draws::OrderRow;
use super::effects::EffectRow;
use super::evidence::{ClosedRow, EvidenceFileRow, KeptRow};
use super::facts::{FactRow, PresentFact};
use super::funds::{BookingRow, RecoveryRow, SettlementRow};
use super::households::{Household, MemberRow};
use super::keyed::KeyedRow;
use super::kinship::{LinkRow, MovedRow};
use super::lendings::{LendingRow, StepRow};
use super::looks::{self, AccessSeal};
use super::notices::NoticeRow;
use super::organisations::Organisation;
use super::owed::OwedRow;
use super::payments::{PaidRow, PaymentRow, ReturnedRow};
use super::people::PersonRow;
use super::registers::{LineRow, RowRow};
use super::standards::StandardRow;
use super::volumes::Volume;

/// How many entries are a part.
const PART: i64 = 4096;
/// How many looks are read at a time.
const PART_ROWS: u32 = 4096;

#[derive(FromRow, Serialize)]
struct Setting {
    key: String,
    value: String,
}

/// A household, with what is counted of its papers.
#[derive(FromRow, Serialize)]
struct StandingHousehold {
    #[sqlx(flatten)]
    #[serde(flatten)]
    household: Household,
    owed: i64,
    lacks: i64,
    lacks_community: i64,
    lacks_street: i64,
    lacks_bureau: i64,
}

#[derive(FromRow, Serialize)]
struct IdDigest {
    household: String,
    place: i64,
    digest: String,
}

#[derive(FromRow, Serialize)]
struct Blob {
    sha256: String,
    bytes: i64,
    mime: String,
    entry: i64,
}

#[derive(FromRow, Serialize)]
struct Entry {
    no: i64,
    leaf: String,
    body: String,
}

/// The lines of the dump, each a JSON object with the name of its table: what
/// is made from the log, then the looks, which are made from the access log.
///
/// # Errors
/// When the database refuses.
pub async fn lines(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    let mut out = Vec::new();
    for table in Table::ALL.iter().filter(|table| **table != Table::IdDigest) {
        let mut from = Some(0);
        while let Some(begin) = from {
            let (lines, next) = part(tx, *table, begin).await?;
            out.extend(lines);
            from = next;
        }
    }
    let mut from = 0;
    loop {
        let rows = looks::published(tx, from, PART_ROWS).await?;
        let Some(last) = rows.last().map(|row| row.no) else { return Ok(out) };
        out.extend(named("look", rows)?);
        from = last + 1;
    }
}

/// The lines of a table, those of the log from entry `from` on and not more
/// than fit; the second value is where it goes on, none at the end.
///
/// # Errors
/// When the database refuses.
pub async fn part(
    tx: &mut Tx,
    table: Table,
    from: i64,
) -> Result<(Vec<String>, Option<i64>), DbError> {
    let lines = match table {
        Table::Setting => rows::<Setting>(tx, table, "SELECT * FROM setting ORDER BY key").await?,
        Table::Organisation => {
            rows::<Organisation>(tx, table, "SELECT * FROM organisation ORDER BY code").await?
        }
        Table::Person => rows::<PersonRow>(tx, table, "SELECT * FROM person ORDER BY id").await?,
        Table::Household => {
            rows::<StandingHousehold>(tx, table, "SELECT * FROM household ORDER BY no").await?
        }
        Table::Member => {
            rows::<MemberRow>(tx, table, "SELECT * FROM member ORDER BY household, place").await?
        }
        Table::Fact => {
            rows::<FactRow>(tx, table, "SELECT * FROM fact ORDER BY entry, place").await?
        }
        Table::PresentFact => {
            let sql = "SELECT * FROM present_fact ORDER BY household, member, field";
            rows::<PresentFact>(tx, table, sql).await?
        }
        Table::CaseFile => {
            rows::<CaseRow>(tx, table, "SELECT * FROM case_file ORDER BY household, no").await?
        }
        Table::CaseStep => {
            rows::<CaseStepRow>(tx, table, "SELECT * FROM case_step ORDER BY entry").await?
        }
        Table::Owed => {
            rows::<OwedRow>(tx, table, "SELECT * FROM owed ORDER BY entry, place").await?
        }
        Table::Payment => {
            let sql = "SELECT * FROM payment ORDER BY month, household";
            rows::<PaymentRow>(tx, table, sql).await?
        }
        Table::BankReturn => {
            let sql = "SELECT * FROM bank_return ORDER BY entry, place";
            rows::<ReturnedRow>(tx, table, sql).await?
        }
        Table::BankPaid => {
            let sql = "SELECT * FROM bank_paid ORDER BY entry, organisation";
            rows::<PaidRow>(tx, table, sql).await?
        }
        Table::Standard => {
            rows::<StandardRow>(tx, table, "SELECT * FROM standard ORDER BY entry").await?
        }
        Table::Booking => {
            rows::<BookingRow>(tx, table, "SELECT * FROM booking ORDER BY entry").await?
        }
        Table::Recovery => {
            rows::<RecoveryRow>(tx, table, "SELECT * FROM recovery ORDER BY entry").await?
        }
        Table::Settlement => {
            rows::<SettlementRow>(tx, table, "SELECT * FROM settlement ORDER BY entry").await?
        }
        Table::Benefit => {
            rows::<BenefitRow>(tx, table, "SELECT * FROM benefit ORDER BY entry").await?
        }
        Table::IdDigest => {
            let sql = "SELECT * FROM id_digest ORDER BY household, place";
            rows::<IdDigest>(tx, table, sql).await?
        }
        Table::Document => {
            rows::<Document>(tx, table, "SELECT * FROM document ORDER BY id").await?
        }
        Table::DocumentFile => {
            let sql = "SELECT * FROM document_file ORDER BY document, place";
            rows::<FileRow>(tx, table, sql).await?
        }
        Table::Blob => rows::<Blob>(tx, table, "SELECT * FROM blob ORDER BY sha256").await?,
        Table::Volume => {
            rows::<Volume>(tx, table, "SELECT * FROM volume ORDER BY household, version").await?
        }
        Table::AccessSeal => {
            rows::<AccessSeal>(tx, table, "SELECT * FROM access_seal ORDER BY entry").await?
        }
        Table::Lending => {
            rows::<LendingRow>(tx, table, "SELECT * FROM lending ORDER BY id").await?
        }
        Table::LendingStep => {
            rows::<StepRow>(tx, table, "SELECT * FROM lending_step ORDER BY entry").await?
        }
        Table::LendingEffect => {
            rows::<EffectRow>(tx, table, "SELECT * FROM lending_effect ORDER BY entry").await?
        }
        Table::Notice => {
            rows::<NoticeRow>(tx, table, "SELECT * FROM notice ORDER BY entry").await?
        }
        Table::Correction => {
            rows::<CorrectionRow>(tx, table, "SELECT * FROM correction ORDER BY entry").await?
        }
        Table::Destroyed => {
            let sql = "SELECT * FROM destroyed ORDER BY sha256";
            rows::<Destroyed>(tx, table, sql).await?
        }
        Table::Destruction => {
            let sql = "SELECT * FROM destruction ORDER BY asked";
            rows::<DestructionRow>(tx, table, sql).await?
        }
        Table::Keyed => rows::<KeyedRow>(tx, table, "SELECT * FROM keyed ORDER BY entry").await?,
        Table::Entry => {
            let sql = "SELECT no, leaf, body FROM entry WHERE no >= $1 AND no < $2 ORDER BY no";
            let end = from.saturating_add(PART);
            let rows = tx.all::<Entry>(sql, args![from, end]).await?;
            let last = tx.number("SELECT MAX(no) FROM entry", args![]).await?;
            return Ok((written(table, rows)?, Some(end).filter(|end| *end <= last)));
        }
        Table::RegisterRow => {
            let sql = "SELECT * FROM register_row ORDER BY register, organisation, year, serial";
            rows::<RowRow>(tx, table, sql).await?
        }
        Table::RegisterLine => {
            let sql = "SELECT * FROM register_line ORDER BY entry, place";
            rows::<LineRow>(tx, table, sql).await?
        }
        Table::DrawOrder => {
            rows::<OrderRow>(tx, table, "SELECT * FROM draw_order ORDER BY entry").await?
        }
        Table::EvidenceFile => {
            let sql = "SELECT * FROM evidence_file ORDER BY entry";
            rows::<EvidenceFileRow>(tx, table, sql).await?
        }
        Table::Evidence => {
            let sql = "SELECT * FROM evidence ORDER BY entry, place";
            rows::<KeptRow>(tx, table, sql).await?
        }
        Table::ClosedFinding => {
            let sql = "SELECT * FROM closed_finding ORDER BY entry";
            rows::<ClosedRow>(tx, table, sql).await?
        }
        Table::HouseholdLink => {
            let sql = "SELECT * FROM household_link ORDER BY entry";
            rows::<LinkRow>(tx, table, sql).await?
        }
        Table::MovedPerson => {
            let sql = "SELECT * FROM moved_person ORDER BY entry, place";
            rows::<MovedRow>(tx, table, sql).await?
        }
    };
    Ok((lines, None))
}

async fn rows<T: Row + Serialize>(
    tx: &mut Tx,
    table: Table,
    sql: &'static str,
) -> Result<Vec<String>, DbError> {
    written(table, tx.all::<T>(sql, args![]).await?)
}

fn written<T: Serialize>(table: Table, rows: Vec<T>) -> Result<Vec<String>, DbError> {
    named(table.name(), rows)
}

fn named<T: Serialize>(table: &str, rows: Vec<T>) -> Result<Vec<String>, DbError> {
    let line = |row| {
        let line = crate::model::canonical::to_bytes(&json!({ "table": table, "row": row }))
            .map_err(|e| DbError::Corrupt(e.to_string()))?;
        Ok(String::from_utf8_lossy(&line).into_owned())
    };
    rows.into_iter().map(line).collect()
}
