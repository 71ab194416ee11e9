//! The acts by which papers come, are filed, joined and given back.

use super::super::{corrections, feed, jobs, keyed, owed, unbound};
use super::households::in_charge;
use super::{Refusal, Result, keeping};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::LogEntry;
use crate::model::document::{Description, State, StoredFile};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};

pub(super) async fn accept(
    tx: &mut Tx,
    entry: &LogEntry,
    by: &str,
    file: &StoredFile,
    household: Option<&HouseholdNo>,
    organisation: &OrganisationCode,
) -> Result<()> {
    let (state, organisation) = match household {
        Some(household) => (State::Undescribed, in_charge(tx, household).await?),
        None => (State::Waiting, organisation.to_string()),
    };
    let document = (
        "INSERT INTO document (id, state, household, organisation, type, title, responsible,
                               document_no, date, remarks, pages, accepted_at, accepted_by,
                               described, joined_into, reason)
         VALUES ($1, $2, $3, $4, '', '', '', '', '', '', $5, $6, $7, NULL, NULL, '')"
            .into(),
        args![
            entry.no,
            state.as_str(),
            household.map(ToString::to_string),
            organisation,
            file.pages,
            entry.time.to_string(),
            by,
        ]
        .to_vec(),
    );
    let its_file = (
        "INSERT INTO document_file (document, place, sha256, name, bytes, mime, pages, sm3)
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7)"
            .into(),
        args![
            entry.no,
            file.sha256.to_string(),
            &file.name,
            file.bytes,
            &file.mime,
            file.pages,
            file.sm3.map(|sm3| sm3.to_string()),
        ]
        .to_vec(),
    );
    let blob = keeping(entry.no, file.sha256, file.bytes, &file.mime);
    let reading = jobs::queueing(file.sha256, entry.time);
    feed::lock(tx).await?;
    let mut all = vec![blob, document, its_file, reading, feed::touching(DocumentId(entry.no))];
    all.extend(household.map(|household| unbound::one_more(household.as_str())));
    tx.run_all(all).await?;
    Ok(())
}

pub(super) async fn file(
    tx: &mut Tx,
    no: EntryNo,
    document: DocumentId,
    household: &HouseholdNo,
    description: &Description,
) -> Result<()> {
    live(tx, document).await?;
    let organisation = in_charge(tx, household).await?;
    // Whatever it was before, it may be missing there now.
    let before: Option<(Option<String>, String)> =
        tx.one("SELECT household, type FROM document WHERE id = $1", args![document.0]).await?;
    let date = description.date.map(|date| date.to_string()).unwrap_or_default();
    tx.run(
        "UPDATE document SET state = $2, household = $3, organisation = $4, type = $5, title = $6,
                responsible = $7, document_no = $8, date = $9, remarks = $10, described = $11,
                sent_back = NULL, sent_reason = ''
         WHERE id = $1",
        args![
            document.0,
            State::Filed.as_str(),
            household.as_str(),
            organisation,
            &description.type_code,
            &description.title,
            &description.responsible,
            &description.document_no,
            date,
            &description.remarks,
            no,
        ],
    )
    .await?;
    let now = (Some(household.to_string()), description.type_code.clone());
    if let Some((Some(household), kind)) = before.filter(|before| *before != now) {
        owed::settle(tx, &household, &kind).await?;
        unbound::count(tx, &household).await?;
    }
    owed::settle(tx, household.as_str(), &description.type_code).await?;
    unbound::count(tx, household.as_str()).await?;
    feed::touch(tx, document).await?;
    Ok(())
}

pub(super) async fn join(tx: &mut Tx, document: DocumentId, into: DocumentId) -> Result<()> {
    if document == into {
        return Err(Refusal::JoinedToItself(document).into());
    }
    live(tx, document).await?;
    live(tx, into).await?;
    let last = tx
        .number("SELECT MAX(place) FROM document_file WHERE document = $1", args![into.0])
        .await?;
    tx.run(
        "INSERT INTO document_file
            (document, place, sha256, name, bytes, mime, pages, sm3, was_read)
         SELECT CAST($1 AS BIGINT), place + $2, sha256, name, bytes, mime, pages, sm3, was_read
         FROM document_file WHERE document = $3",
        args![into.0, last, document.0],
    )
    .await?;
    tx.run(
        "UPDATE document SET pages = (SELECT CAST(SUM(pages) AS BIGINT) FROM document_file
                                      WHERE document = $1) WHERE id = $1",
        args![into.0],
    )
    .await?;
    tx.run("DELETE FROM document_file WHERE document = $1", args![document.0]).await?;
    corrections::join(tx, document, into).await?;
    keyed::join(tx, document, into).await?;
    tx.run(
        "UPDATE document SET state = $2, joined_into = $3, pages = 0 WHERE id = $1",
        args![document.0, State::Joined.as_str(), into.0],
    )
    .await?;
    owed::settle_for(tx, document).await?;
    unbound::count_for(tx, document).await?;
    unbound::count_for(tx, into).await?;
    feed::touch(tx, document).await?;
    feed::touch(tx, into).await?;
    Ok(())
}

pub(super) async fn give_back(tx: &mut Tx, document: DocumentId, reason: &str) -> Result<()> {
    if live(tx, document).await? == State::Filed {
        return Err(Refusal::AlreadyFiled(document).into());
    }
    tx.run(
        "UPDATE document SET state = $2, reason = $3 WHERE id = $1",
        args![document.0, State::Returned.as_str(), reason],
    )
    .await?;
    unbound::count_for(tx, document).await?;
    feed::touch(tx, document).await?;
    Ok(())
}

/// The state of a document that can still take an act.
pub(super) async fn live(tx: &mut Tx, document: DocumentId) -> Result<State> {
    let found: Option<(String,)> =
        tx.one("SELECT state FROM document WHERE id = $1", args![document.0]).await?;
    let (text,) = found.ok_or(Refusal::UnknownDocument(document))?;
    let state = State::parse(&text).ok_or_else(|| DbError::Corrupt(format!("state {text}")))?;
    if state.is_live() { Ok(state) } else { Err(Refusal::NotLive { document, state }.into()) }
}
