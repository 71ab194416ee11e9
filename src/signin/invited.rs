//! The one-time code with which a first password is set, or another one.

use jiff::Timestamp;

use super::attempt::Attempt;
use super::{Caller, SignInError, Step, go_on, names};
use crate::app::App;
use crate::catalog::{half_ways, invitations, sessions as rows};
use crate::credentials::{code, fingerprint, password};
use crate::db::Tx;
use crate::model::people::Person;

/// Sets the first password, or another one, of who has a one-time code, and
/// lets them in up to the second factor. Whoever was signed in as the person is
/// not any more.
///
/// # Errors
/// When the code is not good, the password is weak, or they have to wait.
pub async fn by_invitation(
    app: &App,
    typed: &str,
    password: &str,
    caller: Caller<'_>,
) -> Result<(Step, Person), SignInError> {
    let code = fingerprint("invitation", &code::read(typed)?);
    // A code says nothing of whose it is: only the address can fail.
    let attempt = Attempt::begin(app, "", caller.address).await?;
    let mut tx = app.db.read().await?;
    let person = invited(&mut tx, &code, (app.now(), app.latest())).await?;
    let names = names(&mut tx, &person).await?;
    drop(tx);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if let Err(weak) = password::check(password, &names) {
        attempt.was_none(app).await?;
        return Err(weak.into());
    }
    let phc = app.hasher.hash(password).await?;
    let mut tx = app.db.write().await?;
    // It may have been used meanwhile.
    let person = invited(&mut tx, &code, (app.now(), app.latest())).await?;
    invitations::forget(&mut tx, person.id.as_str()).await?;
    rows::set_password(&mut tx, &person.id, &phc, app.now()).await?;
    rows::end_all(&mut tx, &person.id, None).await?;
    half_ways::take_all(&mut tx, person.id.as_str()).await?;
    tx.commit().await?;
    let step = go_on(app, attempt, &person, caller, "/").await?;
    Ok((step, person))
}

/// Whose one-time code this is, to greet them.
///
/// # Errors
/// When it is not good.
pub async fn invitation(app: &App, typed: &str) -> Result<Person, SignInError> {
    let code = fingerprint("invitation", &code::read(typed)?);
    let mut tx = app.db.read().await?;
    invited(&mut tx, &code, (app.now(), app.latest())).await
}

async fn invited(
    tx: &mut Tx,
    code: &str,
    now: (Timestamp, Timestamp),
) -> Result<Person, SignInError> {
    let Some(person) = invitations::person(tx, code, now).await? else {
        return Err(SignInError::NoInvitation);
    };
    let person = super::person(tx, &person).await?;
    person.filter(|one| !one.disabled).ok_or(SignInError::NoInvitation)
}
