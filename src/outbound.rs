//! Requests to others: witnesses, timestamp authorities, providers of sign-in.
//! What they answer is bounded in time and bytes, and leads nowhere else.

use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, Request, Response};

/// The most bytes of an answer.
const LONGEST: usize = 64 << 10;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Answer {
    /// The beginning of the first line, as far as it can be shown to people.
    #[must_use]
    pub fn said(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let line = text.lines().next().unwrap_or_default();
        line.chars().filter(|c| !c.is_control()).take(200).collect()
    }
}

/// Posts `body` to `url`; returns what is answered within `patience`.
///
/// # Errors
/// A sentence, when nobody answers, or with more than 64 KiB.
pub async fn post(
    url: &str,
    kind: &'static str,
    body: Vec<u8>,
    patience: Duration,
) -> Result<Answer, String> {
    let built = Request::builder().method(Method::POST).uri(url);
    let built = built.header(CONTENT_TYPE, HeaderValue::from_static(kind)).body(body);
    let answer = send(built.map_err(|error| error.to_string())?, patience).await?;
    Ok(Answer { status: answer.status().as_u16(), body: answer.into_body() })
}

/// What is answered to `request` within `patience`.
///
/// # Errors
/// A sentence, when nobody answers, or with more than 64 KiB.
pub async fn send(
    request: Request<Vec<u8>>,
    patience: Duration,
) -> Result<Response<Vec<u8>>, String> {
    match tokio::time::timeout(patience, ask(request, patience)).await {
        Ok(answer) => answer,
        Err(_) => Err(format!("no answer within {} seconds", patience.as_secs())),
    }
}

async fn ask(request: Request<Vec<u8>>, patience: Duration) -> Result<Response<Vec<u8>>, String> {
    // The one that is there already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(patience)
        .build()
        .map_err(|error| plain(&error))?;
    let request = reqwest::Request::try_from(request).map_err(|error| plain(&error))?;
    let mut answer = client.execute(request).await.map_err(|error| plain(&error))?;
    let (status, headers, mut body) = (answer.status(), answer.headers().clone(), Vec::new());
    while let Some(piece) = answer.chunk().await.map_err(|error| plain(&error))? {
        if body.len() + piece.len() > LONGEST {
            return Err(format!("it answers with more than {LONGEST} bytes"));
        }
        body.extend_from_slice(&piece);
    }
    let mut whole = Response::new(body);
    *whole.status_mut() = status;
    *whole.headers_mut() = headers;
    Ok(whole)
}

/// The last cause of an error, which is the telling one, without the address.
fn plain(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
