//! Requests to others: witnesses and timestamp authorities. What they answer is
//! bounded in time and bytes, and leads nowhere else.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;

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
    let asked = ask(url, kind, body, patience);
    match tokio::time::timeout(patience, asked).await {
        Ok(answer) => answer,
        Err(_) => Err(format!("no answer within {} seconds", patience.as_secs())),
    }
}

async fn ask(
    url: &str,
    kind: &'static str,
    body: Vec<u8>,
    patience: Duration,
) -> Result<Answer, String> {
    // The one that is there already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(patience)
        .build()
        .map_err(|error| plain(&error))?;
    let asked = client.post(url).header(CONTENT_TYPE, kind).body(body);
    let mut answer = asked.send().await.map_err(|error| plain(&error))?;
    let (status, mut body) = (answer.status().as_u16(), Vec::new());
    while let Some(piece) = answer.chunk().await.map_err(|error| plain(&error))? {
        if body.len() + piece.len() > LONGEST {
            return Err(format!("it answers with more than {LONGEST} bytes"));
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { status, body })
}

/// The last cause of an error, which is the telling one, without the address.
fn plain(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
