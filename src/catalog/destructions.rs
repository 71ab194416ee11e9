//! 销毁: who asked that the keys of a household's papers be destroyed, and what
//! another decided.

use serde::Serialize;
use sqlx::FromRow;

use super::apply::{ApplyError, Refusal};
use super::people;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::{Act, Body, LogEntry};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::lending::Party;

/// A destruction that was asked for, as the table has it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct DestructionRow {
    /// The entry that asked for it.
    pub asked: i64,
    /// Whose papers.
    pub household: String,
    /// Why, and on whose decision.
    pub reason: String,
    /// When it was asked for.
    pub time: String,
    /// Who asked.
    pub name: String,
    /// Their account, or empty.
    pub person: String,
    /// What became of it: `asked`, `refused` or `destroyed`.
    pub stage: String,
    /// The entry that decided; 0: none has.
    pub decided: i64,
    /// Who decided, or empty.
    pub decider: String,
    /// Why not, or empty.
    pub answer: String,
}

impl DestructionRow {
    /// Who asked.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn asker(&self, tx: &mut Tx) -> Result<Party, DbError> {
        let alike = people::alike(tx, &self.person, &self.name).await?;
        Ok(Party { person: self.person.parse().ok(), name: self.name.clone(), alike })
    }

    /// Whether nobody has decided.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.stage == "asked"
    }
}

/// What was asked for by this entry.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, asked: EntryNo) -> Result<Option<DestructionRow>, DbError> {
    tx.one("SELECT * FROM destruction WHERE asked = $1", args![asked]).await
}

/// All of them below an organisation, the newest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn list(tx: &mut Tx, prefix: &str, limit: u32) -> Result<Vec<DestructionRow>, DbError> {
    let sql = "SELECT * FROM destruction WHERE household LIKE $1 ORDER BY asked DESC LIMIT $2";
    tx.all(sql, args![format!("{prefix}%"), limit]).await
}

/// Somebody asks for it.
pub(super) async fn ask(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    household: &HouseholdNo,
    reason: &str,
) -> Result<(), ApplyError> {
    let sql = "SELECT COUNT(*) FROM destruction WHERE household = $1 AND stage = 'asked'";
    if tx.number(sql, args![household.as_str()]).await? > 0 {
        return Err(Refusal::DestructionAsked(household.clone()).into());
    }
    let by = &body.actor;
    tx.run(
        "INSERT INTO destruction (asked, household, reason, time, name, person, stage, decided,
                                  decider, answer)
         VALUES ($1, $2, $3, $4, $5, $6, 'asked', 0, '', '')",
        args![
            entry.no,
            household.as_str(),
            reason,
            entry.time.to_string(),
            &by.name,
            by.person.as_ref().map_or("", |person| person.as_str()),
        ],
    )
    .await?;
    Ok(())
}

/// Somebody else decides.
pub(super) async fn decide(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    household: &HouseholdNo,
    asked: EntryNo,
) -> Result<(), ApplyError> {
    let row = get(tx, asked).await?;
    let row = row.filter(|row| row.waits() && row.household == household.as_str());
    let row = row.ok_or_else(|| Refusal::NoDestruction(household.clone()))?;
    if row.asker(tx).await?.is(&body.actor) {
        return Err(Refusal::OwnDestruction.into());
    }
    let (stage, answer) = match &body.act {
        Act::RefuseDestruction { reason, .. } => ("refused", reason.as_str()),
        _ => ("destroyed", ""),
    };
    tx.run(
        "UPDATE destruction SET stage = $2, decided = $3, decider = $4, answer = $5
         WHERE asked = $1",
        args![asked, stage, entry.no, &body.actor.name, answer],
    )
    .await?;
    Ok(())
}
