//! By which digest the number of a person of a household is looked up.

use std::collections::BTreeMap;

use crate::args;
use crate::db::{Around, DbError, Statement, Tx, about_rows};
use crate::model::act::Act;
use crate::model::codes::member::ID_NUMBER;
use crate::model::id::HouseholdNo;
use crate::model::kinship::Linking;
use crate::model::lookup::LookupKey;

/// What writes the digests of a household, each with the place of its person.
const KEEPING: Around = (
    "INSERT INTO id_digest (household, place, digest)
     SELECT $1, v.column1, v.column2 FROM (VALUES ",
    ") AS v WHERE TRUE ON CONFLICT (household, place) DO UPDATE SET digest = excluded.digest",
);

/// What writes the digests under `key` of those with whom a household is opened; nothing for
/// any other act.
#[must_use]
pub fn opening(key: &LookupKey, act: &Act) -> Vec<Statement> {
    let Act::OpenHousehold { household, id_number, members, .. } = act else { return Vec::new() };
    let numbers = std::iter::once(id_number).chain(members.iter().map(|one| &one.id_number));
    let digests = (0_i64..).zip(numbers.map(|number| key.digest(number)));
    let rows: Vec<_> =
        digests.filter_map(|(place, digest)| Some(args![place, digest?].to_vec())).collect();
    about_rows(KEEPING, args![household.as_str()], &rows)
}

/// Keeps the digests of the numbers that an act gives, under `key`, in place of
/// those that were there.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, key: &LookupKey, act: &Act) -> Result<(), DbError> {
    match opening(key, act) {
        none if none.is_empty() => follow(tx, key, act).await,
        all => tx.run_all(all).await,
    }
}

/// As [`keep`], but for the household that an act opens, see [`opening`].
///
/// # Errors
/// When the database refuses.
pub async fn follow(tx: &mut Tx, key: &LookupKey, act: &Act) -> Result<(), DbError> {
    let said = match act {
        Act::StateFacts(said) => said,
        Act::LinkHouseholds(said) => return go_along(tx, said).await,
        Act::UnlinkHouseholds(said) => {
            let sql = "DELETE FROM id_digest WHERE household = $1 AND place IN
                       (SELECT target_place FROM moved_person WHERE entry = $2)";
            tx.run(sql, args![said.to.as_str(), said.link]).await?;
            return Ok(());
        }
        _ => return Ok(()),
    };
    let numbers = said.facts.iter().filter(|fact| fact.field == ID_NUMBER);
    // What is said last of a person holds.
    let last: BTreeMap<i64, Option<String>> =
        numbers.filter_map(|fact| Some((fact.member?.into(), key.digest(&fact.value)))).collect();
    let household = args![said.household.as_str()];
    let mut rows = Vec::new();
    for (place, digest) in last {
        match digest {
            Some(digest) => rows.push(args![place, digest].to_vec()),
            None => {
                // Whoever has no number any more is not found by the one of before.
                let sql = "DELETE FROM id_digest WHERE household = $1 AND place = $2";
                tx.run(sql, args![said.household.as_str(), place]).await?;
            }
        }
    }
    tx.run_rows(KEEPING, household, &rows).await?;
    Ok(())
}

/// Who moves is found in the other household too.
async fn go_along(tx: &mut Tx, said: &Linking) -> Result<(), DbError> {
    for one in &said.moved {
        tx.run(
            "INSERT INTO id_digest (household, place, digest)
             SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), digest FROM id_digest
             WHERE household = $3 AND place = $4
             ON CONFLICT (household, place) DO UPDATE SET digest = excluded.digest",
            args![said.to.as_str(), i64::from(one.to), said.from.as_str(), i64::from(one.place)],
        )
        .await?;
    }
    Ok(())
}

/// The digests of a household by the places of its persons, 0 for the head.
///
/// # Errors
/// When the database refuses.
pub async fn of_household(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<(i64, String)>, DbError> {
    let sql = "SELECT place, digest FROM id_digest WHERE household = $1 ORDER BY place";
    tx.all(sql, args![no.as_str()]).await
}

/// The name of the key that the digests were made with; empty where numbers may
/// not be covered yet.
///
/// # Errors
/// When the database refuses.
pub async fn key(tx: &mut Tx) -> Result<String, DbError> {
    let found: Option<(String,)> = tx.one("SELECT key FROM lookup WHERE id = 0", args![]).await?;
    Ok(found.map(|(name,)| name).unwrap_or_default())
}

/// Says that all digests are made with this key, and every number is covered.
///
/// # Errors
/// When the database refuses.
pub async fn settle(tx: &mut Tx, key: &LookupKey) -> Result<(), DbError> {
    tx.run("UPDATE lookup SET key = $1 WHERE id = 0", args![key.name()]).await?;
    Ok(())
}
