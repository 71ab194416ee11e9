//! 专款: what was booked, what banks paid, and what is asked back.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::apply::{ApplyError, Refusal};
use super::owed;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::act::{Body, LogEntry};
use crate::model::fund::{Booking, FundRule, Recovery, SettledBy, Settlement};
use crate::model::id::HouseholdNo;
use crate::model::lending::day_of;
use crate::model::living::LivingRule;
use crate::model::money::Fen;
use crate::model::month::Month;

/// A booking.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = FundBooking)]
pub struct BookingRow {
    /// The entry that has it.
    pub entry: i64,
    /// Whose fund.
    pub organisation: String,
    /// The day.
    pub on_day: String,
    /// `received`, `other_in`, `returned` or `other_out`.
    pub kind: String,
    /// In 分.
    pub amount: i64,
    /// 凭证号 or what it was for.
    pub words: String,
    /// Who booked it.
    pub author: String,
    /// The entry of the booking it corrects.
    pub instead_of: Option<i64>,
    /// The entry that took it back.
    pub voided: Option<i64>,
}

/// An amount that is asked back.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = AskedBack)]
pub struct RecoveryRow {
    /// The entry that asked for it.
    pub entry: i64,
    /// 户号
    pub household: String,
    /// In 分.
    pub amount: i64,
    /// The first month that was paid too much.
    pub from_month: String,
    /// The last.
    pub until_month: String,
    /// Why.
    pub words: String,
    /// The paper that decides it.
    pub paper: Option<i64>,
    /// Who asked for it.
    pub author: String,
    /// What came back, in 分.
    pub repaid: i64,
    /// What is asked for no longer, in 分.
    pub waived: i64,
}

impl RecoveryRow {
    /// What is still to come back, in 分.
    #[must_use]
    pub const fn open(&self) -> i64 {
        self.amount - self.repaid - self.waived
    }
}

/// What was done with an amount that is asked back.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = SettledAmount)]
pub struct SettlementRow {
    /// The entry that has it.
    pub entry: i64,
    /// The entry that asked for it.
    pub recovery: i64,
    /// 户号
    pub household: String,
    /// `repaid` or `waived`.
    pub kind: String,
    /// In 分.
    pub amount: i64,
    /// The day.
    pub on_day: String,
    /// 凭证号, or why.
    pub words: String,
    /// The paper that proves it.
    pub paper: Option<i64>,
    /// Who wrote it down.
    pub author: String,
}

fn fen(amount: Fen) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}

/// Writes a booking.
pub(super) async fn book(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    said: &Booking,
) -> Result<(), ApplyError> {
    if said.on > day_of(entry.time) {
        return Err(LivingRule::from(FundRule::NotYet(said.on)).into());
    }
    if let Some(wrong) = said.instead_of {
        let sql = "UPDATE booking SET voided = $1
                   WHERE entry = $2 AND organisation = $3 AND voided IS NULL";
        if tx.run(sql, args![entry.no, wrong, said.organisation.as_str()]).await? == 0 {
            return Err(LivingRule::from(FundRule::NoBooking(wrong)).into());
        }
    }
    tx.run(
        "INSERT INTO booking (entry, organisation, on_day, kind, amount, words, author,
                              instead_of, voided)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)",
        args![
            entry.no,
            said.organisation.as_str(),
            said.on.to_string(),
            said.kind.as_str(),
            fen(said.amount),
            &said.words,
            &body.actor.name,
            said.instead_of,
        ],
    )
    .await?;
    Ok(())
}

/// Writes that something is asked back.
pub(super) async fn recover(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    said: &Recovery,
) -> Result<(), ApplyError> {
    if !super::households::exists(tx, &said.household).await? {
        return Err(Refusal::UnknownHousehold(said.household.clone()).into());
    }
    if let Some(paper) = said.paper {
        owed::in_file(tx, &said.household, paper).await?;
    }
    tx.run(
        "INSERT INTO recovery (entry, household, amount, from_month, until_month, words, paper,
                               author, repaid, waived)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)",
        args![
            entry.no,
            said.household.as_str(),
            fen(said.amount),
            said.from.to_string(),
            said.until.to_string(),
            &said.words,
            said.paper.map(|document| document.0),
            &body.actor.name,
        ],
    )
    .await?;
    Ok(())
}

/// Writes that an amount that is asked back came, or is asked back no longer.
pub(super) async fn settle(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    said: &Settlement,
) -> Result<(), ApplyError> {
    let refused = |rule: FundRule| LivingRule::from(rule).into();
    if said.on > day_of(entry.time) {
        return Err(refused(FundRule::NotYet(said.on)));
    }
    if let Some(paper) = said.paper {
        owed::in_file(tx, &said.household, paper).await?;
    }
    let sql = "SELECT * FROM recovery WHERE entry = $1 AND household = $2";
    let found: Option<RecoveryRow> =
        tx.one(sql, args![said.recovery, said.household.as_str()]).await?;
    let missing = FundRule::NoRecovery(said.recovery, said.household.clone());
    let open = found.ok_or_else(|| refused(missing))?.open();
    if fen(said.amount) > open {
        let open = Fen::new(u64::try_from(open).unwrap_or(0));
        return Err(refused(FundRule::More(open)));
    }
    tx.run(
        match said.by {
            SettledBy::Repaid => "UPDATE recovery SET repaid = repaid + $2 WHERE entry = $1",
            SettledBy::Waived => "UPDATE recovery SET waived = waived + $2 WHERE entry = $1",
        },
        args![said.recovery, fen(said.amount)],
    )
    .await?;
    tx.run(
        "INSERT INTO settlement (entry, recovery, household, kind, amount, on_day, words, paper,
                                 author)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            entry.no,
            said.recovery,
            said.household.as_str(),
            said.by.as_str(),
            fen(said.amount),
            said.on.to_string(),
            &said.words,
            said.paper.map(|document| document.0),
            &body.actor.name,
        ],
    )
    .await?;
    Ok(())
}

/// The sums of a month by what they are: month, kind, 分. What banks paid is of the
/// month it was paid for (`paid`), everything else of the month of its day; what
/// came back is `repaid`. All up to the month `until`.
///
/// # Errors
/// When the database refuses.
pub async fn sums(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    until: &str,
) -> Result<Vec<(String, String, i64)>, DbError> {
    tx.all(
        "SELECT month, kind, CAST(SUM(amount) AS BIGINT) FROM (
            SELECT SUBSTR(on_day, 1, 7) AS month, kind, amount FROM booking
            WHERE voided IS NULL AND organisation LIKE $1 AND organisation LIKE $2
            UNION ALL
            SELECT SUBSTR(s.on_day, 1, 7), s.kind, s.amount
            FROM settlement s JOIN household h ON h.no = s.household
            WHERE s.kind = 'repaid' AND h.organisation LIKE $1 AND h.organisation LIKE $2
            UNION ALL
            SELECT month, 'paid', amount FROM bank_paid
            WHERE organisation LIKE $1 AND organisation LIKE $2
         ) AS moved WHERE month <= $3 GROUP BY month, kind ORDER BY month, kind",
        args![format!("{}%", scope.prefix()), format!("{organisation}%"), until],
    )
    .await
}

/// The bookings of a year, those that were taken back too, newest day first, at most
/// `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn bookings(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    year: i16,
    limit: u32,
) -> Result<Vec<BookingRow>, DbError> {
    tx.all(
        "SELECT * FROM booking
         WHERE organisation LIKE $1 AND organisation LIKE $2 AND on_day LIKE $3
         ORDER BY on_day DESC, entry DESC LIMIT $4",
        args![
            format!("{}%", scope.prefix()),
            format!("{organisation}%"),
            format!("{year:04}-%"),
            limit,
        ],
    )
    .await
}

/// An amount that is asked back, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Recovering {
    /// The amount.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub row: RecoveryRow,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
}

/// What is asked back in the scope and organisation, what is still open first, then
/// the newest, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn recoveries(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    limit: u32,
) -> Result<Vec<Recovering>, DbError> {
    tx.all(
        "SELECT r.*, h.head, h.organisation
         FROM recovery r JOIN household h ON h.no = r.household
         WHERE h.organisation LIKE $1 AND h.organisation LIKE $2
         ORDER BY CASE WHEN r.amount > r.repaid + r.waived THEN 0 ELSE 1 END, r.entry DESC
         LIMIT $3",
        args![format!("{}%", scope.prefix()), format!("{organisation}%"), limit],
    )
    .await
}

/// What is asked back from a household, in order.
///
/// # Errors
/// When the database refuses.
pub async fn of_household(tx: &mut Tx, household: &str) -> Result<Vec<RecoveryRow>, DbError> {
    tx.all("SELECT * FROM recovery WHERE household = $1 ORDER BY entry", args![household]).await
}

/// What household `no` is asked for already of what it was paid in these months, in 分, without
/// what is waived.
///
/// # Errors
/// When the database refuses.
pub async fn asked_within(
    tx: &mut Tx,
    no: &HouseholdNo,
    (from, until): (Month, Month),
) -> Result<Fen, DbError> {
    let sql = "SELECT CAST(COALESCE(SUM(amount - waived), 0) AS BIGINT) FROM recovery
               WHERE household = $1 AND from_month <= $3 AND until_month >= $2";
    let asked = tx.number(sql, args![no.as_str(), from.to_string(), until.to_string()]).await?;
    Ok(Fen::new(u64::try_from(asked).unwrap_or(0)))
}

/// What was done with an amount that is asked back, in order.
///
/// # Errors
/// When the database refuses.
pub async fn settlements(tx: &mut Tx, recovery: i64) -> Result<Vec<SettlementRow>, DbError> {
    tx.all("SELECT * FROM settlement WHERE recovery = $1 ORDER BY entry", args![recovery]).await
}
