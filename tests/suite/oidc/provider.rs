//! A small provider of sign-in (OpenID Connect): discovery, keys, the page that
//! sends people back, tokens for codes. It keeps to the rules, or breaks one.

use std::collections::HashMap;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use rustls::pki_types::PrivatePkcs1KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub const CLIENT: &str = "yidang";
pub const SECRET: &str = "a secret & more";

/// What a token is signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    Rs256,
    Es256,
    EdDsa,
}

/// The rule that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    None,
    /// The token is for another request.
    Nonce,
    /// It is for another client.
    Audience,
    /// It is for us and for somebody else.
    TwoAudiences,
    /// It has ended.
    Expired,
    /// It will be made tomorrow.
    Early,
    /// It is of another issuer.
    Issuer,
    /// It is not signed.
    Unsigned,
    /// It is signed with the secret that both know.
    Shared,
    /// It is signed by a key that is not the provider's.
    ForeignKey,
    /// It is changed after it was signed.
    Changed,
    /// There is none.
    NoToken,
    /// It belongs to another access token.
    AccessToken,
    /// Discovery names another issuer.
    Discovery,
    /// Discovery leads to an address without TLS elsewhere.
    Elsewhere,
    /// Discovery is longer than anybody reads.
    Endless,
}

struct Asked {
    nonce: String,
    challenge: String,
    back: String,
}

struct Inner {
    issuer: String,
    signed: Signed,
    twist: Twist,
    /// In seconds since 1970.
    now: i64,
    subject: String,
    name: String,
    codes: HashMap<String, Asked>,
}

type Shared = Arc<(Mutex<Inner>, Keys)>;

struct Keys {
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
    ed: Ed25519KeyPair,
    other: Ed25519KeyPair,
}

/// The provider; it ends when dropped.
pub struct Running {
    shared: Shared,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Running {
    pub async fn new(now: i64) -> Self {
        let random = SystemRandom::new();
        let ed = || {
            let key = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
            Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap()
        };
        let ec = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let words = "genrsa -traditional 2048";
        let rsa = Command::new("openssl").args(words.split(' ')).output().unwrap();
        let rsa = PrivatePkcs1KeyDer::from_pem_slice(&rsa.stdout).unwrap();
        let keys = Keys {
            rsa: RsaKeyPair::from_der(rsa.secret_pkcs1_der()).unwrap(),
            ec: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, ec.as_ref(), &random)
                .unwrap(),
            ed: ed(),
            other: ed(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inner = Inner {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            signed: Signed::Rs256,
            twist: Twist::None,
            now,
            subject: "248289761001".into(),
            name: "zhao.yumei".into(),
            codes: HashMap::new(),
        };
        let shared: Shared = Arc::new((Mutex::new(inner), keys));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { shared, task }
    }

    pub fn issuer(&self) -> String {
        self.shared.0.lock().unwrap().issuer.clone()
    }

    pub fn signs(&self, signed: Signed) {
        self.shared.0.lock().unwrap().signed = signed;
    }

    pub fn breaks(&self, twist: Twist) {
        self.shared.0.lock().unwrap().twist = twist;
    }

    pub fn says(&self, subject: &str, name: &str) {
        let mut inner = self.shared.0.lock().unwrap();
        (inner.subject, inner.name) = (subject.into(), name.into());
    }
}

fn json_answer(value: &Value) -> Response {
    Json(value).into_response()
}

async fn discovery(State(shared): State<Shared>) -> Response {
    let inner = shared.0.lock().unwrap();
    let issuer = &inner.issuer;
    let told = if inner.twist == Twist::Discovery { "http://127.0.0.1:1" } else { issuer };
    let token = if inner.twist == Twist::Elsewhere { "http://192.0.2.1" } else { issuer };
    let filler = if inner.twist == Twist::Endless { "x".repeat(1 << 20) } else { String::new() };
    json_answer(&json!({
        "issuer": told,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{token}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA", "HS256", "none"],
        "x_filler": filler,
    }))
}

async fn jwks(State(shared): State<Shared>) -> Response {
    let keys = &shared.1;
    let b64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let public = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(keys.rsa.public());
    // An uncompressed point: 4, x, y.
    let point = keys.ec.public_key().as_ref();
    json_answer(&json!({ "keys": [
        { "kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": b64(&public.n), "e": b64(&public.e) },
        { "kty": "EC", "kid": "ec", "use": "sig", "crv": "P-256", "x": b64(&point[1..33]), "y": b64(&point[33..]) },
        { "kty": "OKP", "kid": "ed", "use": "sig", "crv": "Ed25519", "x": b64(keys.ed.public_key().as_ref()) },
    ] }))
}

/// Whoever comes is let in.
async fn authorize(
    State(shared): State<Shared>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let get = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let right = get("response_type") == "code"
        && get("client_id") == CLIENT
        && get("code_challenge_method") == "S256"
        && get("scope").split(' ').any(|one| one == "openid");
    if !right {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let code = hex::encode(rand::random::<[u8; 16]>());
    let (nonce, challenge, back) = (get("nonce"), get("code_challenge"), get("redirect_uri"));
    let to = format!("{back}?code={code}&state={}", get("state"));
    shared.0.lock().unwrap().codes.insert(code, Asked { nonce, challenge, back });
    Redirect::to(&to).into_response()
}

async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let get = |name: &str| form.get(name).cloned().unwrap_or_default();
    let refused =
        |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    // RFC 6749, 2.3.1: both are form-encoded first.
    let shown = headers.get("authorization").and_then(|value| value.to_str().ok());
    let expected = STANDARD.encode(format!("{CLIENT}:a+secret+%26+more"));
    if shown != Some(&format!("Basic {expected}")) {
        return refused("invalid_client");
    }
    let mut inner = shared.0.lock().unwrap();
    let Some(asked) = inner.codes.remove(&get("code")) else { return refused("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier")));
    if challenge != asked.challenge || get("redirect_uri") != asked.back {
        return refused("invalid_grant");
    }
    let access = "an access token";
    let hashed = URL_SAFE_NO_PAD.encode(&Sha256::digest(access)[..16]);
    let twist = inner.twist;
    let mut claims = json!({
        "iss": inner.issuer, "sub": inner.subject, "aud": CLIENT, "nonce": asked.nonce,
        "iat": inner.now, "exp": inner.now + 300, "preferred_username": inner.name,
    });
    // The digest of an Ed25519 signature is SHA-512.
    if inner.signed != Signed::EdDsa {
        claims["at_hash"] = json!(hashed);
    }
    match twist {
        Twist::Nonce => claims["nonce"] = json!("another"),
        Twist::Audience => claims["aud"] = json!("another"),
        Twist::TwoAudiences => claims["aud"] = json!([CLIENT, "another"]),
        Twist::Expired => claims["exp"] = json!(inner.now - 1),
        Twist::Early => claims["iat"] = json!(inner.now + 86_400),
        Twist::Issuer => claims["iss"] = json!("https://another.example"),
        Twist::AccessToken => claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA"),
        _ => {}
    }
    let mut token = signed(&shared.1, inner.signed, twist, &claims);
    if twist == Twist::Changed {
        claims["sub"] = json!("somebody else");
        let parts: Vec<&str> = token.split('.').collect();
        let body = URL_SAFE_NO_PAD.encode(claims.to_string());
        token = format!("{}.{body}.{}", parts[0], parts[2]);
    }
    let mut answer = json!({ "access_token": access, "token_type": "Bearer", "expires_in": 300 });
    if twist != Twist::NoToken {
        answer["id_token"] = json!(token);
    }
    json_answer(&answer)
}

fn signed(keys: &Keys, signed: Signed, twist: Twist, claims: &Value) -> String {
    let (alg, kid) = match (twist, signed) {
        (Twist::Unsigned, _) => ("none", "rsa"),
        (Twist::Shared, _) => ("HS256", "rsa"),
        (Twist::ForeignKey, _) | (_, Signed::EdDsa) => ("EdDSA", "ed"),
        (_, Signed::Rs256) => ("RS256", "rsa"),
        (_, Signed::Es256) => ("ES256", "ec"),
    };
    let head = json!({ "alg": alg, "kid": kid, "typ": "JWT" });
    let b64 = |text: String| URL_SAFE_NO_PAD.encode(text);
    let text = format!("{}.{}", b64(head.to_string()), b64(claims.to_string()));
    let random = SystemRandom::new();
    let signature = match (twist, alg) {
        (Twist::ForeignKey, _) => keys.other.sign(text.as_bytes()).as_ref().to_vec(),
        (_, "RS256") => {
            let mut signature = vec![0; keys.rsa.public().modulus_len()];
            keys.rsa.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).unwrap();
            signature
        }
        (_, "ES256") => keys.ec.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec(),
        (_, "EdDSA") => keys.ed.sign(text.as_bytes()).as_ref().to_vec(),
        (_, "HS256") => {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
            ring::hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
        }
        _ => Vec::new(),
    };
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
