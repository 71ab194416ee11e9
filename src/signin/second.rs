//! The second step: who is half way in, and the second factor that lets them in.

use super::attempt::Attempt;
use super::{Caller, HALF_WAY, LONGEST, SignInError, person};
use crate::app::App;
use crate::catalog::half_ways::HalfWayRow;
use crate::catalog::{half_ways, second_factors};
use crate::credentials::totp::{self, Secret};
use crate::credentials::{fingerprint, secret};
use crate::db::DbError;
use crate::keys;
use crate::model::id::PersonId;
use crate::model::people::Person;
use crate::sessions::{self, Key};

/// Lets in who is half way and knows a code of the second factor, or one of
/// those for when it is lost; returns the key of a session and where they
/// wanted to go.
///
/// # Errors
/// When the code is not right, they took too long, or have to wait.
pub async fn by_second_factor(
    app: &App,
    half: &str,
    typed: &str,
    caller: Caller<'_>,
) -> Result<(Key, String), SignInError> {
    let (way, person) = half_way(app, half).await?;
    let attempt = Attempt::begin(app, &person.login, caller.address).await?;
    if !second_factor(app, &person.id, typed).await? {
        attempt.failed(app, &person);
        return Err(SignInError::WrongCode);
    }
    let mut tx = app.db.write().await?;
    let first = half_ways::take(&mut tx, &fingerprint("half way", half)).await?;
    tx.commit().await?;
    if !first {
        return Err(SignInError::Late);
    }
    attempt.succeeded(app).await?;
    Ok((sessions::begin(app, &person.id, caller.agent).await?, way.next))
}

/// Keeps somebody who is half way; returns what the browser is to hold.
pub(super) async fn send_half_way(app: &App, row: &HalfWayRow) -> Result<String, DbError> {
    let (half, now) = (secret(), app.now());
    let mut tx = app.db.write().await?;
    half_ways::add(&mut tx, &fingerprint("half way", &half), row, now, now + HALF_WAY).await?;
    tx.commit().await?;
    Ok(half)
}

/// Who is half way and asked for a second factor.
async fn half_way(app: &App, half: &str) -> Result<(HalfWayRow, Person), SignInError> {
    let mut tx = app.db.read().await?;
    let (key, now) = (fingerprint("half way", half), app.now());
    let way = half_ways::of(&mut tx, &key, now, now + HALF_WAY).await?;
    let way = way.ok_or(SignInError::Late)?;
    let person = person(&mut tx, &way.person).await?;
    let person = person.filter(|one| one.actor().is_some()).ok_or(SignInError::Late)?;
    Ok((way, person))
}

/// Whether a second factor is in force for a person.
pub(super) async fn has_second_factor(app: &App, person: &PersonId) -> Result<bool, DbError> {
    let mut tx = app.db.read().await?;
    let row = second_factors::of(&mut tx, person.as_str()).await?;
    Ok(row.is_some_and(|row| row.begun != 0))
}

/// Whether this is a code of the second factor of a person that is in force, or
/// one for when it is lost; it is good no more after this.
pub(super) async fn second_factor(
    app: &App,
    person: &PersonId,
    typed: &str,
) -> Result<bool, SignInError> {
    let typed: String = typed.chars().take(LONGEST).collect();
    let key = keys::second_factors(&app.config)?;
    let (id, now) = (person.as_str(), app.now());
    let mut tx = app.db.write().await?;
    let row = second_factors::of(&mut tx, id).await?.filter(|row| row.begun != 0);
    let Some(row) = row else { return Ok(false) };
    let accepted = match Secret::of(&key, &row.salt).accepts(&typed, now, row.step) {
        Some(step) => second_factors::accepted(&mut tx, id, step, now).await?,
        None => match totp::recovery_typed(&typed).as_str() {
            "" => false,
            code => second_factors::use_code(&mut tx, id, &fingerprint("recovery", code)).await?,
        },
    };
    tx.commit().await?;
    Ok(accepted)
}
