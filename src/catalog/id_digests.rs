//! By which digest the number of a person of a household is looked up.

use std::collections::BTreeMap;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::Act;
use crate::model::codes::member::ID_NUMBER;
use crate::model::id::HouseholdNo;
use crate::model::kinship::Linking;
use crate::model::lookup::LookupKey;

/// Keeps the digests of the numbers that an act gives, under `key`, in place of
/// those that were there.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, key: &LookupKey, act: &Act) -> Result<(), DbError> {
    let (household, numbers): (_, Vec<(i64, &String)>) = match act {
        Act::OpenHousehold { household, id_number, members, .. } => {
            let all = std::iter::once(id_number).chain(members.iter().map(|one| &one.id_number));
            (household, (0..).zip(all).collect())
        }
        Act::StateFacts(said) => {
            let numbers = said.facts.iter().filter(|fact| fact.field == ID_NUMBER);
            let by_place = numbers.filter_map(|fact| Some((fact.member?.into(), &fact.value)));
            (&said.household, by_place.collect())
        }
        Act::LinkHouseholds(said) => return go_along(tx, said).await,
        Act::UnlinkHouseholds(said) => {
            let sql = "DELETE FROM id_digest WHERE household = $1 AND place IN
                       (SELECT target_place FROM moved_person WHERE entry = $2)";
            tx.run(sql, args![said.to.as_str(), said.link]).await?;
            return Ok(());
        }
        _ => return Ok(()),
    };
    let is_new = matches!(act, Act::OpenHousehold { .. });
    // What is said last of a person holds.
    let last: BTreeMap<i64, Option<String>> =
        numbers.into_iter().map(|(place, number)| (place, key.digest(number))).collect();
    let mut rows = Vec::new();
    for (place, digest) in last {
        match digest {
            Some(digest) => rows.push(args![place, digest].to_vec()),
            None if is_new => {}
            None => {
                // Whoever has no number any more is not found by the one of before.
                let sql = "DELETE FROM id_digest WHERE household = $1 AND place = $2";
                tx.run(sql, args![household.as_str(), place]).await?;
            }
        }
    }
    let around = (
        "INSERT INTO id_digest (household, place, digest)
         SELECT $1, v.column1, v.column2 FROM (VALUES ",
        ") AS v WHERE TRUE ON CONFLICT (household, place) DO UPDATE SET digest = excluded.digest",
    );
    tx.run_rows(around, args![household.as_str()], &rows).await?;
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
