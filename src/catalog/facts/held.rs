//! What holds of what was stated: now, on another day, or by what was known then.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::id::{EntryNo, HouseholdNo};

/// Whether a fact is one of a whole life: from whichever day on it is stated, it holds of every
/// day before too.
macro_rules! lifelong {
    ($fact:literal) => {
        concat!(" ", $fact, ".field IN ('sex', 'birth') ")
    };
}

/// The order of facts of one field, the one that holds first: of the last day from which
/// one was stated, the one stated last.
macro_rules! newest_first {
    ($fact:literal) => {
        concat!(" ", $fact, ".from_day DESC, ", $fact, ".entry DESC, ", $fact, ".place DESC ")
    };
}

/// How many live in the household `$no`: those beside the head, and the head who did not die
/// alone. (`|| ''`: else SQLite would go through all who ever left.)
macro_rules! persons_of {
    ($no:literal) => {
        concat!(
            " ((SELECT COUNT(*) FROM member m WHERE m.household = ",
            $no,
            ") + CASE WHEN EXISTS (SELECT 1 FROM present_fact hl WHERE hl.household = ",
            $no,
            " AND hl.field || '' = 'left' AND hl.value <> '' AND CAST(hl.member AS TEXT) =
                COALESCE((SELECT hp.value FROM present_fact hp WHERE hp.household = ",
            $no,
            " AND hp.member = -1 AND hp.field = 'head' AND hp.value <> ''), '0'))
              THEN 0 ELSE 1 END) "
        )
    };
}

pub(in crate::catalog) use {lifelong, newest_first, persons_of};

/// What holds of the facts of the household `$1` of which this is so, with what stands behind.
macro_rules! holding {
    ($so:expr, $behind:literal) => {
        concat!(holding!(), $so, holding!(end), $behind)
    };
    () => {
        concat!(
            "SELECT household, member, field, value, from_day, entry, proof FROM (
                SELECT f.*, ROW_NUMBER() OVER (PARTITION BY f.member, f.field ORDER BY",
            newest_first!("f"),
            ") AS newest FROM fact f WHERE f.household = $1 AND "
        )
    };
    (end) => {
        ") AS dated WHERE newest = 1"
    };
}

/// A value that holds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct PresentFact {
    /// 户号
    pub household: String,
    /// The place of the person in the household; -1 for the household.
    pub member: i64,
    /// The code of the field.
    pub field: String,
    /// The value, numbers of persons covered.
    pub value: String,
    /// From which day on; empty for what was known when the file was opened.
    pub from_day: String,
    /// The entry that stated it.
    pub entry: i64,
    /// The document that proves it.
    pub proof: Option<i64>,
}

/// The values of a household that hold, in order of persons and fields.
///
/// # Errors
/// When the database refuses.
pub async fn present(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<PresentFact>, DbError> {
    let sql = "SELECT * FROM present_fact WHERE household = $1 ORDER BY member, field";
    tx.all(sql, args![no.as_str()]).await
}

/// The values of a household that hold once what the entry `wrong` stated is taken back, in
/// order of persons and fields.
///
/// # Errors
/// When the database refuses.
pub async fn without(
    tx: &mut Tx,
    no: &HouseholdNo,
    wrong: EntryNo,
) -> Result<Vec<PresentFact>, DbError> {
    tx.all(
        holding!("f.voided IS NULL AND f.entry <> $2", " ORDER BY member, field"),
        args![no.as_str(), wrong],
    )
    .await
}

/// What was known, after entry `known`, to hold on the day `on`.
///
/// # Errors
/// When the database refuses.
pub async fn on_day(
    tx: &mut Tx,
    no: &HouseholdNo,
    on: Date,
    known: EntryNo,
) -> Result<Vec<PresentFact>, DbError> {
    tx.all(
        holding!(
            "f.from_day <= $2 AND f.entry <= $3 AND (f.voided IS NULL OR f.voided > $3)",
            " ORDER BY member, field"
        ),
        args![no.as_str(), on.to_string(), known],
    )
    .await
}

/// What held on the day `on` by all that is stated now; sex and birth are those of a whole
/// life, from whichever day on they are stated.
///
/// # Errors
/// When the database refuses.
pub async fn held(tx: &mut Tx, no: &HouseholdNo, on: Date) -> Result<Vec<PresentFact>, DbError> {
    tx.all(
        holding!(
            concat!("f.voided IS NULL AND (f.from_day <= $2 OR", lifelong!("f"), ")"),
            " ORDER BY member, field"
        ),
        args![no.as_str(), on.to_string()],
    )
    .await
}

/// Makes the values of fields that hold: of the last day from which one was stated, the
/// one stated last.
pub(in crate::catalog) async fn settle(
    tx: &mut Tx,
    no: &HouseholdNo,
    touched: BTreeSet<(i64, String)>,
) -> Result<(), DbError> {
    let rows = touched.into_iter().map(|(member, field)| args![member, field].to_vec());
    let rows: Vec<_> = rows.collect();
    let household = args![no.as_str()];
    tx.run_rows(
        ("DELETE FROM present_fact WHERE household = $1 AND (member, field) IN (VALUES ", ")"),
        household,
        &rows,
    )
    .await?;
    tx.run_rows(
        (
            concat!(
                "INSERT INTO present_fact (household, member, field, value, from_day, entry, proof) ",
                holding!(),
                "f.voided IS NULL AND (f.member, f.field) IN (VALUES "
            ),
            concat!(")", holding!(end)),
        ),
        household,
        &rows,
    )
    .await?;
    Ok(())
}
