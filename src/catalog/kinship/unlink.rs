//! 更正: writing that a split or merge was wrong.

use super::writing::{close, settle};
use super::{LinkRow, living, refused};
use crate::args;
use crate::catalog::apply::ApplyError;
use crate::catalog::facts;
use crate::db::Tx;
use crate::model::access::scope;
use crate::model::act::Body;
use crate::model::id::EntryNo;
use crate::model::kinship::{Kin, KinRule, Unlinking, VOID};

/// Writes that a split or merge was wrong: its values hold no more, in both.
pub(in crate::catalog) async fn unlink(
    tx: &mut Tx,
    entry: EntryNo,
    body: &Body,
    said: &Unlinking,
) -> Result<(), ApplyError> {
    let (from, to) = (&said.from, &said.to);
    let found: Option<LinkRow> = tx
        .one(
            "SELECT * FROM household_link
             WHERE entry = $1 AND source = $2 AND target = $3 AND voided IS NULL",
            args![said.link, from.as_str(), to.as_str()],
        )
        .await?;
    let row = found.ok_or_else(|| refused(KinRule::NoLink(said.link, from.clone())))?;
    let split = row.kind == Kin::Split.as_str();
    let visible = scope(&body.actor);
    let target = living(tx, &visible, to).await?;
    // Whoever built upon it would find it gone.
    let stepped = target.stepped.is_some_and(|step| split || step > row.entry);
    if target.stated != Some(row.entry) || stepped {
        return Err(refused(KinRule::Since(to.clone())));
    }
    if split {
        living(tx, &visible, from).await?;
        let sql = "SELECT COUNT(*) FROM document WHERE household = $1
                   AND state IN ('filed', 'undescribed')";
        if tx.number(sql, args![to.as_str()]).await? > 0 {
            return Err(refused(KinRule::Since(to.clone())));
        }
    }
    let touched: Vec<(String, i64, String)> = tx
        .all("SELECT household, member, field FROM fact WHERE entry = $1", args![row.entry])
        .await?;
    let sql = "UPDATE fact SET voided = $1 WHERE entry = $2 AND voided IS NULL";
    tx.run(sql, args![entry, row.entry]).await?;
    settle(tx, &touched.into_iter().collect()).await?;
    let sql = "UPDATE household_link SET voided = $1, why = $2 WHERE entry = $3";
    tx.run(sql, args![entry, &said.words, row.entry]).await?;
    for no in [from, to] {
        let sql = "UPDATE household SET stated = $1 WHERE no = $2";
        tx.run(sql, args![entry, no.as_str()]).await?;
    }
    if split {
        close(tx, to, VOID).await?;
    } else {
        let sql = "UPDATE household SET state = $2 WHERE no = $1";
        tx.run(sql, args![from.as_str(), &row.was]).await?;
        facts::project(tx, to).await?;
    }
    facts::project(tx, from).await
}
