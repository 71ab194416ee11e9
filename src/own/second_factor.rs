//! The own second factor: set up with a telephone, in force from the first
//! right code on.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Me, OwnError};
use crate::app::App;
use crate::catalog::{second_factors, sessions};
use crate::credentials::totp::{self, Secret};
use crate::credentials::{fingerprint, secret};
use crate::keys;
use crate::signin;

/// What the telephone calls the archive.
const ISSUER: &str = "一档";

/// How it stands with the own second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Factor {
    /// Since when it is asked for, in milliseconds since 1970; 0: it is not.
    pub begun: i64,
    /// How many codes for a lost telephone are left.
    pub codes: i64,
}

/// What the telephone is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Setup {
    /// The address in the QR code.
    pub uri: String,
    /// The secret, to be typed where no camera is.
    pub typed: String,
}

/// How it stands with the own second factor.
///
/// # Errors
/// When the database refuses.
pub async fn factor(app: &App, me: Me<'_>) -> Result<Factor, OwnError> {
    let mut tx = app.db.read().await?;
    let id = me.person.id.as_str();
    let begun = second_factors::of(&mut tx, id).await?.map_or(0, |row| row.begun);
    Ok(Factor { begun, codes: second_factors::codes_left(&mut tx, id).await? })
}

/// Begins to set up a second factor; it is not asked for yet. Asked again, it
/// answers the same until it is in force.
///
/// # Errors
/// When one is in force already.
pub async fn prepare(app: &App, me: Me<'_>) -> Result<Setup, OwnError> {
    let key = keys::second_factors(&app.config)?;
    let id = me.person.id.as_str();
    let mut tx = app.db.write().await?;
    let salt = match second_factors::of(&mut tx, id).await? {
        Some(row) if row.begun != 0 => return Err(OwnError::Factor),
        Some(row) => row.salt,
        None => {
            let salt = secret();
            second_factors::prepare(&mut tx, id, &salt).await?;
            salt
        }
    };
    tx.commit().await?;
    let secret = Secret::of(&key, &salt);
    Ok(Setup { uri: secret.uri(ISSUER, &me.person.login), typed: secret.typed() })
}

/// Puts the second factor in force that was set up, with a first code of it;
/// returns the codes for when the telephone is lost. Other sessions end.
///
/// # Errors
/// When the code is not right, or none was set up.
pub async fn put_in_force(app: &App, me: Me<'_>, typed: &str) -> Result<Vec<String>, OwnError> {
    let key = keys::second_factors(&app.config)?;
    let (id, now) = (me.person.id.as_str(), app.now());
    let mut tx = app.db.write().await?;
    let row = second_factors::of(&mut tx, id).await?.filter(|row| row.begun == 0);
    let row = row.ok_or(OwnError::Factor)?;
    let step = Secret::of(&key, &row.salt).accepts(typed, now, row.step);
    let step = step.ok_or(OwnError::WrongCode)?;
    second_factors::accepted(&mut tx, id, step, now).await?;
    let codes = totp::recovery();
    second_factors::keep_codes(&mut tx, id, &kept(&codes)).await?;
    sessions::end_all(&mut tx, &me.person.id, Some(me.session)).await?;
    tx.commit().await?;
    Ok(codes)
}

/// New codes for when the telephone is lost, in the place of those before.
///
/// # Errors
/// When the password is not right, or no second factor is in force.
pub async fn renew_codes(app: &App, me: Me<'_>, password: &str) -> Result<Vec<String>, OwnError> {
    signin::confirm(app, me.person, password, me.address).await?;
    let id = me.person.id.as_str();
    let mut tx = app.db.write().await?;
    let in_force = second_factors::of(&mut tx, id).await?.is_some_and(|row| row.begun != 0);
    if !in_force {
        return Err(OwnError::Factor);
    }
    let codes = totp::recovery();
    second_factors::keep_codes(&mut tx, id, &kept(&codes)).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Takes the own second factor away.
///
/// # Errors
/// When the password is not right.
pub async fn take_away(app: &App, me: Me<'_>, password: &str) -> Result<(), OwnError> {
    signin::confirm(app, me.person, password, me.address).await?;
    let mut tx = app.db.write().await?;
    second_factors::remove(&mut tx, me.person.id.as_str()).await?;
    Ok(tx.commit().await?)
}

fn kept(codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| fingerprint("recovery", code)).collect()
}
