//! Signing in at a provider (OpenID Connect): the person is sent there, comes
//! back with a code, and the provider says for the code who it was.
//!
//! Authorisation code with PKCE, state and nonce; the issuer is the one of the
//! settings, to the letter. What the provider says is never a right and makes
//! no account: it is a subject, which an account may be tied to.

use std::time::Duration;

use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdTokenVerifier, CoreJwsSigningAlgorithm as Algorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenResponse,
};

use crate::outbound;

/// How long the provider may take for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many seconds its clock may be ahead of ours.
const AHEAD: i64 = 300;
/// The longest subject or name that is taken.
const LONGEST: usize = 255;

/// The signatures that are believed: those of keys that the provider alone has.
const SIGNATURES: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// Why nobody comes in this way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The settings, or what the provider says of itself, cannot be used.
    #[error("the provider cannot be used: {0}")]
    Provider(String),
    /// It did not hand out a token for the code.
    #[error("the provider did not take the code: {0}")]
    Code(String),
    /// Its token is not to be believed.
    #[error("the token of the provider is not believed: {0}")]
    Token(String),
}

/// A provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its name, an address.
    pub issuer: String,
    /// What it calls us.
    pub client: String,
    /// What we show it; empty when it wants nothing.
    pub secret: String,
}

/// A person who was sent to the provider. All but the address is secret and is
/// kept until the person comes back.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Where to.
    pub address: String,
    /// What has to come back with the code.
    pub state: String,
    /// What has to stand in the token.
    pub nonce: String,
    /// What is shown together with the code.
    pub verifier: String,
}

/// What a person comes back with, and what was kept.
#[derive(Debug, Clone, Copy)]
pub struct Back<'a> {
    /// The code.
    pub code: &'a str,
    /// Who sends it, where the provider says so (RFC 9207); else empty.
    pub issuer: &'a str,
    /// See [`Sent::nonce`].
    pub nonce: &'a str,
    /// See [`Sent::verifier`].
    pub verifier: &'a str,
}

/// Who it was, in the words of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What never changes.
    pub subject: String,
    /// What the person is called there, or empty; it may change.
    pub name: String,
}

/// Whether this can be the name of a provider: an address with https, or one of
/// this machine.
#[must_use]
pub fn is_issuer(text: &str) -> bool {
    let Ok(url) = openidconnect::url::Url::parse(text) else { return false };
    url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && is_safe(&url)
}

fn is_safe(url: &openidconnect::url::Url) -> bool {
    use openidconnect::url::Host;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

/// A request to the provider; never to an address without TLS elsewhere.
async fn ask(request: HttpRequest) -> Result<HttpResponse, Unanswered> {
    let url = request.uri().to_string();
    if !openidconnect::url::Url::parse(&url).is_ok_and(|url| is_safe(&url)) {
        return Err(Unanswered(format!("{url} is not an address with https")));
    }
    outbound::send(request, PATIENCE).await.map_err(Unanswered)
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unanswered(String);

impl Provider {
    /// What the provider says of itself, with its keys, just now.
    async fn metadata(&self) -> Result<CoreProviderMetadata, OidcError> {
        if !is_issuer(&self.issuer) {
            return Err(OidcError::Provider(format!(
                "{:?} is not an address with https",
                self.issuer
            )));
        }
        let issuer = IssuerUrl::new(self.issuer.clone());
        let issuer = issuer.map_err(|error| OidcError::Provider(error.to_string()))?;
        let found = CoreProviderMetadata::discover_async(issuer, &ask).await;
        found.map_err(|error| OidcError::Provider(plain(&error)))
    }

    fn back(back: &str) -> Result<RedirectUrl, OidcError> {
        RedirectUrl::new(back.to_owned()).map_err(|error| OidcError::Provider(error.to_string()))
    }

    fn shown(&self) -> (ClientId, Option<ClientSecret>) {
        let secret = Some(self.secret.clone()).filter(|secret| !secret.is_empty());
        (ClientId::new(self.client.clone()), secret.map(ClientSecret::new))
    }

    /// Where to send a person who is to come back to the address `back`.
    ///
    /// # Errors
    /// When the provider does not answer, or not as one.
    pub async fn send(&self, back: &str) -> Result<Sent, OidcError> {
        let metadata = self.metadata().await?;
        let (id, secret) = self.shown();
        let client = CoreClient::from_provider_metadata(metadata, id, secret)
            .set_redirect_uri(Self::back(back)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(super::secret()),
                || Nonce::new(super::secret()),
            )
            .add_scope(Scope::new("profile".into()))
            .set_pkce_challenge(challenge)
            .url();
        if !is_safe(&address) {
            return Err(OidcError::Provider(format!("{address} is not an address with https")));
        }
        Ok(Sent {
            address: address.into(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        })
    }

    /// Who came back to the address `back`.
    ///
    /// # Errors
    /// When the provider does not say so in a token of its own, for us, for
    /// this time, that is good at `now`.
    pub async fn who(
        &self,
        back: &str,
        with: Back<'_>,
        now: Timestamp,
    ) -> Result<Known, OidcError> {
        if !with.issuer.is_empty() && with.issuer != self.issuer {
            return Err(OidcError::Code("it comes from another provider".into()));
        }
        let metadata = self.metadata().await?;
        let (issuer, keys) = (metadata.issuer().clone(), metadata.jwks().clone());
        let (id, secret) = self.shown();
        let client = CoreClient::from_provider_metadata(metadata, id.clone(), secret)
            .set_redirect_uri(Self::back(back)?);
        let answer = client
            .exchange_code(AuthorizationCode::new(with.code.to_owned()))
            .map_err(|error| OidcError::Provider(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(with.verifier.to_owned()))
            .request_async(&ask)
            .await
            .map_err(|error| OidcError::Code(plain(&error)))?;
        let wrong = |cause: String| OidcError::Token(cause);
        let token = answer.id_token().ok_or_else(|| wrong("there is none".into()))?;
        // What is signed with a secret that both have is not believed, so the
        // verifier is not given ours. Times are looked at below, by the clock
        // of the archive.
        let verifier = CoreIdTokenVerifier::new_public_client(id, issuer, keys)
            .set_allowed_algs(SIGNATURES)
            .set_time_fn(Default::default);
        let nonce = Nonce::new(with.nonce.to_owned());
        let claims = token.claims(&verifier, &nonce).map_err(|error| wrong(plain(&error)))?;
        if claims.expiration().timestamp() <= now.as_second() {
            return Err(wrong("it has ended".into()));
        }
        if claims.issue_time().timestamp() > now.as_second() + AHEAD {
            return Err(wrong("it was made at a time to come".into()));
        }
        if let Some(expected) = claims.access_token_hash() {
            let made = token
                .signing_alg()
                .map_err(|error| wrong(plain(&error)))
                .and_then(|alg| {
                    Ok((alg, token.signing_key(&verifier).map_err(|e| wrong(plain(&e)))?))
                })
                .and_then(|(alg, key)| {
                    AccessTokenHash::from_token(answer.access_token(), alg, key)
                        .map_err(|error| wrong(plain(&error)))
                })?;
            if made != *expected {
                return Err(wrong("it belongs to another access token".into()));
            }
        }
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > LONGEST {
            return Err(wrong("its subject is empty or long".into()));
        }
        let name = claims.preferred_username().map(|name| name.as_str()).unwrap_or_default();
        let name = if name.len() > LONGEST { "" } else { name.trim() };
        Ok(Known { subject: subject.to_owned(), name: name.to_owned() })
    }
}

/// An error with its last cause, on one line that can be shown.
fn plain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    let cause = last.to_string();
    if !text.contains(&cause) {
        text = format!("{text}: {cause}");
    }
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_an_address_with_tls() {
        for good in [
            "https://id.example.gov.cn",
            "https://id.example.gov.cn/realms/a",
            "http://127.0.0.1:81",
            "http://[::1]:81/",
        ] {
            assert!(is_issuer(good), "{good}");
        }
        for bad in [
            "",
            "id.example",
            "http://id.example",
            "ftp://127.0.0.1",
            "https://a@id.example",
            "https://id.example?x=1",
            "https://id.example#x",
            "http://127.0.0.1.evil.example",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert!(!is_issuer(bad), "{bad}");
        }
    }
}
