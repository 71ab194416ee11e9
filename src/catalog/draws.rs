//! 抽签: the orders of draws, the population as it stood then, and what was drawn.

use serde::Serialize;
use sqlx::FromRow;

use super::apply::ApplyError;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::act::{Body, LogEntry};
use crate::model::draw::{DrawOrder, DrawSample, MOST_DRAWN, population_sha256, sample, size};
use crate::model::id::EntryNo;
use crate::model::month::Month;
use crate::model::register::RowRule;

/// An order, and what was drawn by it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct OrderRow {
    /// The entry that ordered it.
    pub entry: i64,
    /// Of which organisation and those below it.
    pub organisation: String,
    /// For which month.
    pub month: String,
    /// 状态 of the households.
    pub state: String,
    /// 类别, or empty.
    pub category: String,
    /// How many are drawn.
    pub size: i64,
    /// Why, or empty.
    pub words: String,
    /// The population in words.
    pub described: String,
    /// Who ordered it.
    pub author: String,
    /// When.
    pub time: String,
    /// The numbers of the households in order, parted by line feeds.
    pub population: String,
    /// How many there are.
    pub count: i64,
    /// Their digest.
    pub sha256: String,
    /// The entry that drew; none before.
    pub drawn: Option<i64>,
    /// How many entries the tree of the seed has; 0 before.
    pub tree_size: i64,
    /// Its root in hexadecimal, or empty.
    pub root: String,
    /// The numbers that were drawn, in the order they were, parted by line feeds.
    pub sample: String,
}

/// Writes an order, with the population as it stands at this entry.
pub(super) async fn order(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    order: &DrawOrder,
) -> Result<(), ApplyError> {
    if !super::organisations::is_registered(tx, &order.organisation).await? {
        return Err(RowRule::NoOrganisation(order.organisation.clone()).into());
    }
    let found: Vec<(String,)> = tx
        .all(
            "SELECT no FROM household WHERE organisation LIKE $1 AND state = $2
               AND ($3 = '' OR category = $3) ORDER BY no",
            args![format!("{}%", order.organisation.prefix()), &order.state, &order.category],
        )
        .await?;
    let numbers: Vec<&str> = found.iter().map(|(no,)| no.as_str()).collect();
    let drawn = size(numbers.len(), order.count, order.per_cent);
    if drawn == 0 || drawn > MOST_DRAWN {
        return Err(RowRule::Sample(drawn).into());
    }
    tx.run(
        "INSERT INTO draw_order (entry, organisation, month, state, category, size, words,
                                 described, author, time, population, count, sha256, drawn,
                                 tree_size, root, sample)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, 0, '', '')",
        args![
            entry.no,
            order.organisation.as_str(),
            order.month.to_string(),
            &order.state,
            &order.category,
            drawn,
            &order.words,
            &order.population,
            &body.actor.name,
            entry.time.to_string(),
            numbers.join("\n"),
            numbers.len(),
            population_sha256(numbers.iter().copied()).to_string(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes what was drawn. That the root is the one of the log is checked by whoever
/// draws, and by everybody who draws again.
pub(super) async fn draw(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    drawn: &DrawSample,
) -> Result<(), ApplyError> {
    let order = get(tx, drawn.order).await?.ok_or(RowRule::NoOrder(drawn.order))?;
    if order.drawn.is_some() {
        return Err(RowRule::DrawnAlready(drawn.order).into());
    }
    let wanted = usize::try_from(order.size).unwrap_or(0);
    let right = sample(&drawn.root, order.entry, order.population.lines(), wanted);
    let given: Vec<&str> = drawn.drawn.iter().map(|one| one.household.as_str()).collect();
    let agrees = order.sha256 == drawn.population_sha256.to_string()
        && u64::try_from(order.count) == Ok(drawn.population)
        && u64::try_from(order.entry + 1) == Ok(drawn.tree_size)
        && order.organisation == drawn.organisation.as_str()
        && right == given;
    if !agrees {
        return Err(RowRule::OtherSample.into());
    }
    tx.run(
        "UPDATE draw_order SET drawn = $2, tree_size = $3, root = $4, sample = $5
         WHERE entry = $1",
        args![drawn.order, entry.no, drawn.tree_size, drawn.root.to_string(), given.join("\n"),],
    )
    .await?;
    super::registers::begin(tx, entry, body, drawn).await
}

/// The order of that entry; none where there is none.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, entry: EntryNo) -> Result<Option<OrderRow>, DbError> {
    tx.one("SELECT * FROM draw_order WHERE entry = $1", args![entry]).await
}

/// The orders of a month that are not drawn: entry and organisation, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn undrawn(tx: &mut Tx, month: Month) -> Result<Vec<(EntryNo, String)>, DbError> {
    let sql = "SELECT entry, organisation FROM draw_order WHERE drawn IS NULL AND month = $1
               ORDER BY entry";
    tx.all(sql, args![month.to_string()]).await
}

/// The orders of the scope, without their populations, before entry `before`, newest first, at most `limit`; each
/// with how many of the same organisation, month and population were ordered up to it.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    before: EntryNo,
    limit: u32,
) -> Result<Vec<(OrderRow, i64)>, DbError> {
    let found: Vec<OrderRow> = tx
        .all(
            "SELECT entry, organisation, month, state, category, size, words, described, author,
                    time, '' AS population, count, sha256, drawn, tree_size, root, sample
             FROM draw_order WHERE organisation LIKE $1 AND entry < $2
             ORDER BY entry DESC LIMIT $3",
            args![format!("{}%", scope.prefix()), before, limit],
        )
        .await?;
    let mut all = Vec::new();
    for one in found {
        let nth = tx
            .number(
                "SELECT COUNT(*) FROM draw_order WHERE organisation = $1 AND month = $2
                   AND state = $3 AND category = $4 AND entry <= $5",
                args![&one.organisation, &one.month, &one.state, &one.category, one.entry],
            )
            .await?;
        all.push((one, nth));
    }
    Ok(all)
}
