//! Passwords and sessions: how people sign in. Expendable, kept here alone.

use jiff::Timestamp;
use sqlx::FromRow;

use super::people::PersonRow;
use crate::args;
use crate::db::{Db, DbError, Tx};
use crate::model::id::{Digest, PersonId};
use crate::model::people::Person;

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Session {
    /// The SHA-256 of its key, in hexadecimal.
    pub key_sha256: String,
    /// Whose.
    pub person: String,
    /// When it began, in milliseconds since 1970.
    pub made: i64,
    /// When it was used last.
    pub seen: i64,
    /// When it ends at the latest.
    pub ends: i64,
    /// What the browser says it is, shortened.
    pub agent: String,
}

/// Begins a session whose key has this digest.
///
/// # Errors
/// When the database refuses.
pub async fn begin(tx: &mut Tx, session: &Session) -> Result<(), DbError> {
    let Session { key_sha256, person, made, seen, ends, agent } = session;
    tx.run(
        "INSERT INTO session (key_sha256, person, made, seen, ends, agent)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![key_sha256, person, *made, *seen, *ends, agent],
    )
    .await?;
    Ok(())
}

/// A session with whose it is.
#[derive(FromRow)]
struct WithPerson {
    #[sqlx(flatten)]
    session: Session,
    #[sqlx(flatten)]
    person: PersonRow,
}

/// The session of a key with whose it is, in one trip to the database; none when
/// there is none.
///
/// # Errors
/// When the database refuses.
pub async fn with_person(db: &Db, key: Digest) -> Result<Option<(Session, Person)>, DbError> {
    let sql = "SELECT key_sha256, person, made, seen, ends, agent,
                      id, login, name, organisation, roles, disabled
               FROM session JOIN person ON person.id = session.person
               WHERE key_sha256 = $1";
    let found: Option<WithPerson> = db.one(sql, args![key.to_string()]).await?;
    found.map(|one| Ok((one.session, one.person.person()?))).transpose()
}

/// The sessions of a person, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn of(tx: &mut Tx, person: &PersonId) -> Result<Vec<Session>, DbError> {
    let sql = "SELECT key_sha256, person, made, seen, ends, agent FROM session
               WHERE person = $1 ORDER BY made DESC, key_sha256";
    tx.all(sql, args![person.as_str()]).await
}

/// Notes that a session was used.
///
/// # Errors
/// When the database refuses.
pub async fn seen(tx: &mut Tx, key: Digest, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE session SET seen = $2 WHERE key_sha256 = $1 AND seen < $2";
    tx.run(sql, args![key.to_string(), now.as_millisecond()]).await?;
    Ok(())
}

/// Ends a session; false when there was none.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &mut Tx, key: Digest) -> Result<bool, DbError> {
    let sql = "DELETE FROM session WHERE key_sha256 = $1";
    Ok(tx.run(sql, args![key.to_string()]).await? > 0)
}

/// Ends a session of a person, named by the digest of its key; false when that
/// person has no such session.
///
/// # Errors
/// When the database refuses.
pub async fn end_of(tx: &mut Tx, person: &PersonId, key_sha256: &str) -> Result<bool, DbError> {
    let sql = "DELETE FROM session WHERE person = $1 AND key_sha256 = $2";
    Ok(tx.run(sql, args![person.as_str(), key_sha256]).await? > 0)
}

/// Ends all sessions of a person but the one with this key; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(tx: &mut Tx, person: &PersonId, but: Option<Digest>) -> Result<u64, DbError> {
    let but = but.map(|key| key.to_string()).unwrap_or_default();
    let sql = "DELETE FROM session WHERE person = $1 AND key_sha256 <> $2";
    tx.run(sql, args![person.as_str(), but]).await
}

/// Forgets sessions that ended before `now`, or were last used before `idle`.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, now: Timestamp, idle: Timestamp) -> Result<(), DbError> {
    let sql = "DELETE FROM session WHERE ends < $1 OR seen < $2";
    tx.run(sql, args![now.as_millisecond(), idle.as_millisecond()]).await?;
    Ok(())
}

/// The password of a person as its PHC hash; none when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn password(tx: &mut Tx, person: &PersonId) -> Result<Option<String>, DbError> {
    let sql = "SELECT phc FROM credential WHERE person = $1";
    let found: Option<(String,)> = tx.one(sql, args![person.as_str()]).await?;
    Ok(found.map(|(phc,)| phc))
}

/// Keeps the PHC hash of a person's new password.
///
/// # Errors
/// When the database refuses.
pub async fn set_password(
    tx: &mut Tx,
    person: &PersonId,
    phc: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO credential (person, phc, changed) VALUES ($1, $2, $3)
         ON CONFLICT (person) DO UPDATE SET phc = excluded.phc, changed = excluded.changed",
        args![person.as_str(), phc, now.as_millisecond()],
    )
    .await?;
    Ok(())
}
