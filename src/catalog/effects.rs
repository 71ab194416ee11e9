//! 利用效果: what the use of lent files led to, as somebody wrote it down.

use serde::Serialize;
use sqlx::FromRow;

use super::apply::{ApplyError, Refusal};
use super::lendings;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::act::{Act, Body, LogEntry};
use crate::model::lending::{self as rules, Rule, Stage};

/// What the use of a lent file led to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct EffectRow {
    /// The entry that says so.
    pub entry: i64,
    /// Which lending.
    pub lending: String,
    /// The organisation that keeps the file.
    pub organisation: String,
    /// On which day.
    pub date: String,
    /// 利用内容
    pub content: String,
    /// 利用效果
    pub effect: String,
    /// When it was written down.
    pub time: String,
    /// Who wrote it down.
    pub name: String,
}

/// The row of an act about an effect.
pub(super) async fn apply(tx: &mut Tx, entry: &LogEntry, body: &Body) -> Result<(), ApplyError> {
    let Act::NoteEffect { lending: id, household, date, content, effect } = &body.act else {
        return Ok(());
    };
    let refused = |rule: Rule| ApplyError::from(Refusal::from(rule));
    let lending = lendings::get(tx, id).await?.ok_or(Refusal::UnknownLending)?;
    if lending.row.household != household.as_str() {
        return Err(refused(Rule::Household));
    }
    let agreed = lending.step(Stage::Agreed).is_some();
    rules::effect(agreed, *date, entry.time)
        .and_then(|()| rules::words(content))
        .and_then(|_| rules::words(effect))
        .map_err(refused)?;
    tx.run(
        "INSERT INTO lending_effect (entry, lending, organisation, date, content, effect, time, name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            entry.no,
            id,
            &lending.row.organisation,
            date.to_string(),
            content,
            effect,
            entry.time.to_string(),
            &body.actor.name,
        ],
    )
    .await?;
    Ok(())
}

/// What a lending led to, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn of(tx: &mut Tx, lending: &str) -> Result<Vec<EffectRow>, DbError> {
    let sql = "SELECT * FROM lending_effect WHERE lending = $1 ORDER BY entry";
    tx.all(sql, args![lending]).await
}

/// What lendings of files inside the scope led to, the newest first, at most
/// `limit` before entry `before`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    before: i64,
    limit: u32,
) -> Result<Vec<EffectRow>, DbError> {
    let sql = "SELECT * FROM lending_effect WHERE organisation LIKE $1 AND entry < $2
               ORDER BY entry DESC LIMIT $3";
    tx.all(sql, args![format!("{}%", scope.prefix()), before, limit]).await
}
