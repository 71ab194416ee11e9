//! Signing in at a provider: the browser is sent there with a key of ours, and
//! has to come back with it. An account is never made here: a person's account
//! names the one at the provider, and the first time it is used ties the two.

use super::{Caller, SignInError, Step, person};
use crate::app::App;
use crate::catalog::half_ways::HalfWayRow;
use crate::catalog::{half_ways, provider_accounts};
use crate::credentials::fingerprint;
use crate::credentials::oidc::{Back, OidcError, Provider};

/// What the browser comes back with.
#[derive(Debug, Clone, Copy)]
pub struct Returned<'a> {
    /// The key that it holds.
    pub half: &'a str,
    /// What came with it.
    pub state: &'a str,
    /// The code of the provider.
    pub code: &'a str,
    /// Who sends it, or empty.
    pub issuer: &'a str,
}

/// The provider of the settings.
fn provider(app: &App) -> Result<Provider, SignInError> {
    let oidc = &app.config.oidc;
    if !oidc.is_on() {
        return Err(SignInError::NoProvider);
    }
    let file = &oidc.client_secret_file;
    let secret = match file.as_os_str().is_empty() {
        true => String::new(),
        false => {
            let read = std::fs::read_to_string(app.config.data.join(file));
            let told = |error: std::io::Error| format!("{}: {error}", file.display());
            read.map_err(|error| OidcError::Provider(told(error)))?.trim().to_owned()
        }
    };
    Ok(Provider { issuer: oidc.issuer.clone(), client: oidc.client_id.clone(), secret })
}

/// Where to send a browser that is to come back to the address `back`, and the
/// key that it is to hold meanwhile.
///
/// # Errors
/// When there is no provider, or it does not answer.
pub async fn send(app: &App, back: &str, next: &str) -> Result<(String, String), SignInError> {
    let sent = provider(app)?.send(back).await?;
    let row = HalfWayRow {
        person: String::new(),
        state: sent.state,
        nonce: sent.nonce,
        verifier: sent.verifier,
        next: next.to_owned(),
    };
    Ok((sent.address, super::send_half_way(app, &row).await?))
}

/// Lets in who comes back from the provider, up to the second factor; returns
/// where they wanted to go too.
///
/// # Errors
/// When it is not who was sent there, the provider does not say who it is, or
/// that is nobody here.
pub async fn came_back(
    app: &App,
    back: &str,
    with: Returned<'_>,
    caller: Caller<'_>,
) -> Result<(Step, String), SignInError> {
    let (provider, key, now) = (provider(app)?, fingerprint("half way", with.half), app.now());
    // It is used up first: whatever comes of it, it comes once.
    let mut tx = app.db.write().await?;
    let way = half_ways::of(&mut tx, &key, now, now + super::HALF_WAY).await?;
    let taken = half_ways::take(&mut tx, &key).await?;
    tx.commit().await?;
    let same =
        |way: &HalfWayRow| fingerprint("state", &way.state) == fingerprint("state", with.state);
    let way = way.filter(|way| taken && !way.state.is_empty() && same(way));
    let way = way.ok_or(SignInError::Late)?;
    let shown =
        Back { code: with.code, issuer: with.issuer, nonce: &way.nonce, verifier: &way.verifier };
    let known = provider.who(back, shown, now).await?;
    let mut tx = app.db.write().await?;
    let found =
        provider_accounts::person(&mut tx, &provider.issuer, &known.subject, &known.name).await?;
    let person = match found {
        Some(id) => person(&mut tx, &id).await?,
        None => None,
    };
    tx.commit().await?;
    let person = person.filter(|one| one.actor().is_some()).ok_or(SignInError::NoAccount)?;
    let attempt = super::Attempt::begin(app, &person.login, caller.address).await?;
    let step = super::go_on(app, attempt, &person, caller, &way.next).await?;
    Ok((step, way.next))
}
