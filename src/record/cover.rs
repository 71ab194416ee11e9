//! A database of an earlier program has numbers of persons in clear, and one that
//! was made with another key has other digests: both are put right at a start,
//! before anything is asked. What no log has, such as jobs and looks that wait,
//! stays as it is.

use bytes::Bytes;
use futures::StreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{RecordError, truth};
use crate::args;
use crate::catalog::id_digests;
use crate::db::{Db, Tx};
use crate::ledger::{self, LedgerError};
use crate::model::act::{Act, Body};
use crate::model::canonical;
use crate::model::id::{Digest, EntryNo};
use crate::model::lookup::LookupKey;
use crate::model::mask;
use crate::model::propose::Proposal;
use crate::vault::Vault;

/// How many rows are looked at between two questions.
const PART: i64 = 4096;
/// How many bodies are fetched at a time.
const BODIES_AT_ONCE: usize = 32;

/// A text of a table: what brings it with what names its row, and what puts another
/// in its place.
type Column = (&'static str, &'static str);

macro_rules! column {
    ($table:literal, $column:literal, $key:literal = $value:literal) => {
        column!($table, $column, $key = $value, "'-'" = "$2")
    };
    ($table:literal, $column:literal, $key:literal = $value:literal,
     $second:literal = $other:literal) => {
        (
            concat!(
                "SELECT CAST(",
                $key,
                " AS TEXT), CAST(",
                $second,
                " AS TEXT), ",
                $column,
                " FROM ",
                $table,
                " WHERE LENGTH(",
                $column,
                ") > 4"
            ),
            concat!(
                "UPDATE ",
                $table,
                " SET ",
                $column,
                " = $3 WHERE ",
                $key,
                " = ",
                $value,
                " AND ",
                $second,
                " = ",
                $other
            ),
        )
    };
}

/// Numbers of papers.
const CARDS: &[Column] = &[
    column!("household", "id_number", "no" = "$1"),
    column!("member", "id_number", "household" = "$1", "place" = "CAST($2 AS BIGINT)"),
    // What files were opened with was made facts of by a migration, as it stood.
    (
        "SELECT CAST(entry AS TEXT), CAST(place AS TEXT), value FROM fact
         WHERE field = 'id_number' AND LENGTH(value) > 4",
        "UPDATE fact SET value = $3
         WHERE entry = CAST($1 AS BIGINT) AND place = CAST($2 AS BIGINT)",
    ),
    (
        "SELECT household, CAST(member AS TEXT), value FROM present_fact
         WHERE field = 'id_number' AND LENGTH(value) > 4",
        "UPDATE present_fact SET value = $3
         WHERE household = $1 AND member = CAST($2 AS BIGINT) AND field = 'id_number'",
    ),
];

/// Texts that people wrote.
const TEXTS: &[Column] = &[
    column!("household", "head", "no" = "$1"),
    column!("household", "address", "no" = "$1"),
    column!("member", "name", "household" = "$1", "place" = "CAST($2 AS BIGINT)"),
    column!("member", "relation", "household" = "$1", "place" = "CAST($2 AS BIGINT)"),
    column!("document", "title", "id" = "CAST($1 AS BIGINT)"),
    column!("document", "responsible", "id" = "CAST($1 AS BIGINT)"),
    column!("document", "document_no", "id" = "CAST($1 AS BIGINT)"),
    column!("document", "remarks", "id" = "CAST($1 AS BIGINT)"),
    column!("document", "reason", "id" = "CAST($1 AS BIGINT)"),
    column!(
        "document_file",
        "name",
        "document" = "CAST($1 AS BIGINT)",
        "place" = "CAST($2 AS BIGINT)"
    ),
    column!("volume", "title", "household" = "$1", "version" = "CAST($2 AS BIGINT)"),
    column!("lending", "borrower", "id" = "$1"),
    column!("lending", "body", "id" = "$1"),
    column!("lending", "contact", "id" = "$1"),
    column!("lending", "certificate", "id" = "$1"),
    column!("lending", "reason", "id" = "$1"),
    column!("lending_step", "words", "entry" = "CAST($1 AS BIGINT)"),
    column!("fact", "value", "entry" = "CAST($1 AS BIGINT)", "place" = "CAST($2 AS BIGINT)"),
    (
        "SELECT household || '/' || CAST(member AS TEXT), field, value FROM present_fact
         WHERE LENGTH(value) > 4",
        "UPDATE present_fact SET value = $3
         WHERE household || '/' || CAST(member AS TEXT) = $1 AND field = $2",
    ),
];

/// Covers the numbers in a database of an earlier program, and makes the digests
/// that they are looked up by when they were made with another key than `key`.
///
/// # Errors
/// When the database or the store fails; the database is as it was then.
pub async fn cover(db: &Db, vault: &Vault, key: &LookupKey) -> Result<(), RecordError> {
    let mut tx = db.read().await?;
    let before = id_digests::key(&mut tx).await?;
    let size = ledger::current(&mut tx).await?.size();
    drop(tx);
    if before == key.name() {
        return Ok(());
    }
    let is_old = before.is_empty() && size > 0;
    if is_old {
        tracing::warn!("the numbers of persons in the database are covered, once");
    } else if !before.is_empty() {
        tracing::warn!("there is another key of lookups: the digests of numbers are made again");
    }
    // What is recorded meanwhile waits for the end of this.
    let mut tx = db.write().await?;
    ledger::lock(&mut tx).await?;
    digests(&mut tx, db, vault, key).await?;
    if is_old {
        rows(&mut tx).await?;
        tx.commit().await?;
        // What was written over is still in the files.
        if let Err(error) = db.compact().await {
            tracing::error!(%error, "what was covered is still in the files of the database");
            return Ok(());
        }
        tx = db.write().await?;
    }
    id_digests::settle(&mut tx, key).await?;
    Ok(tx.commit().await?)
}

/// The digests of all households, from what opened each and what was stated later.
async fn digests(tx: &mut Tx, db: &Db, vault: &Vault, key: &LookupKey) -> Result<(), RecordError> {
    let sql = "SELECT no, body_sha256, body FROM entry
               WHERE act IN ('open_household', 'state_facts', 'link_households',
                             'unlink_households') AND no > $1
               ORDER BY no LIMIT $2";
    let mut last = -1;
    loop {
        let part: Vec<(EntryNo, String, String)> = tx.all(sql, args![last, PART]).await?;
        let Some((no, ..)) = part.last() else { return Ok(()) };
        last = *no;
        let acts = futures::stream::iter(part.into_iter().map(async |(no, sha256, body)| {
            let body = match Digest::of(body.as_bytes()).to_string() == sha256 {
                true => Bytes::from(body),
                false => truth::body_bytes(db, vault, no).await?,
            };
            let body: Body = canonical::from_bytes(&body)
                .map_err(|cause| LedgerError::Malformed { no, cause })?;
            Ok::<Act, RecordError>(body.act)
        }));
        let mut acts = acts.buffered(BODIES_AT_ONCE);
        while let Some(act) = acts.next().await {
            match act {
                Ok(act) => id_digests::keep(tx, key, &act).await?,
                // That the archive is damaged is for `verify` to tell.
                Err(RecordError::Vault(error)) if error.is_damage() || error.is_gone() => {
                    tracing::error!(%error, "the numbers of a household cannot be looked up");
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// Covers the numbers in every row.
async fn rows(tx: &mut Tx) -> Result<(), RecordError> {
    for (columns, covered) in [(CARDS, mask::card as fn(&str) -> String), (TEXTS, mask::numbers)] {
        for (select, update) in columns {
            for (key, second, text) in tx.all::<(String, String, String)>(select, &[]).await? {
                let covered = covered(&text);
                if covered != text {
                    tx.run(update, args![key, second, covered]).await?;
                }
            }
        }
    }
    bodies(tx, ENTRIES, mask::body).await?;
    bodies(tx, LOOKS, mask::look_body).await?;
    let sql = "SELECT sha256, proposal FROM reading";
    for (sha256, text) in tx.all::<(String, String)>(sql, &[]).await? {
        let Ok(proposal) = serde_json::from_str::<Proposal>(&text) else { continue };
        let covered = serde_json::to_string(&mask::proposal(proposal)).unwrap_or_default();
        if covered != text {
            let sql = "UPDATE reading SET proposal = $2 WHERE sha256 = $1";
            tx.run(sql, args![sha256, covered]).await?;
        }
    }
    // Lost, it is asked again.
    tx.run("DELETE FROM look_reason WHERE LENGTH(reason) > 40", &[]).await?;
    Ok(())
}

/// A table of bodies, part by part, and one of them written anew.
type Bodies = (&'static str, &'static str);

const ENTRIES: Bodies = (
    "SELECT no, body FROM entry WHERE no > $1 ORDER BY no LIMIT $2",
    "UPDATE entry SET body = $2 WHERE no = $1",
);
/// Looks that wait are nowhere else: they are covered when they are published.
const LOOKS: Bodies = (
    "SELECT no, body FROM look WHERE no > $1 ORDER BY no LIMIT $2",
    "UPDATE look SET body = $2 WHERE no = $1",
);

/// Covers the numbers in the bodies of a log.
async fn bodies<B: Serialize + DeserializeOwned + Clone + PartialEq>(
    tx: &mut Tx,
    (select, update): Bodies,
    covered: impl Fn(B) -> B,
) -> Result<(), RecordError> {
    let mut last: EntryNo = -1;
    loop {
        let part: Vec<(EntryNo, String)> = tx.all(select, args![last, PART]).await?;
        let Some((no, _)) = part.last() else { return Ok(()) };
        last = *no;
        for (no, text) in part {
            let malformed = |cause| LedgerError::Malformed { no, cause };
            let body: B = canonical::from_bytes(text.as_bytes()).map_err(malformed)?;
            let shown = covered(body.clone());
            if shown != body {
                let text = canonical::to_bytes(&shown).map_err(LedgerError::Unwritable)?;
                tx.run(update, args![no, String::from_utf8_lossy(&text).into_owned()]).await?;
            }
        }
    }
}
