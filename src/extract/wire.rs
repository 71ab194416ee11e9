//! What is said between this process and a child: one request as an argument, the file on standard input, answers on standard
//! output. An answer is a length, so many bytes of JSON, and the bytes the JSON announces.

use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Error, Kind, Limits, Overlay, PageReading};

/// The largest JSON part of an answer: a page full of text with a box for each character has well under 1 MB.
pub(super) const MAX_JSON: u32 = 16 << 20;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) task: Task,
    pub(super) kind: Kind,
    pub(super) limits: Limits,
    /// A font for Chinese text whose font is not embedded.
    pub(super) font: Option<PathBuf>,
}

/// Which page is drawn, and how.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Drawn {
    /// From 1.
    pub page: u32,
    /// Clockwise degrees, as [`PageReading::turned`] says.
    pub turned: u16,
    /// The most pixels of its width.
    pub width: u32,
    /// What is laid over it.
    pub overlay: Overlay,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Task {
    /// Answer [`Answer::Opened`].
    Count,
    /// Answer [`Answer::Opened`], then one answer for each page from `first`, then [`Answer::Done`].
    Read {
        first: u32,
        /// Whether pixels are wanted for pages without sound embedded text.
        ocr: bool,
    },
    /// Answer [`Answer::Picture`].
    Picture(Drawn),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    Opened {
        pages: u32,
    },
    /// A page that needs no OCR, or cannot have it.
    Page(PageReading),
    /// A page to be recognised; the body holds its rows, three bytes a pixel.
    Pixels {
        page: u32,
        width: u32,
        height: u32,
        reason: String,
    },
    /// The body is a JPEG.
    Picture,
    Done,
    Failed(Error),
}

#[derive(Serialize, Deserialize)]
struct Frame {
    answer: Answer,
    body: u64,
}

/// Writes one answer.
pub(super) fn send(out: &mut impl Write, answer: Answer, body: &[u8]) -> std::io::Result<()> {
    let json = serde_json::to_vec(&Frame { answer, body: body.len() as u64 })?;
    out.write_all(&(json.len() as u32).to_le_bytes())?;
    out.write_all(&json)?;
    out.write_all(body)?;
    out.flush()
}

/// Reads one answer. `None` when the other side ended or said something else than an answer; more than `max_body` is not read.
pub(super) async fn receive(
    from: &mut (impl AsyncRead + Unpin),
    max_body: u64,
) -> Option<(Answer, Vec<u8>)> {
    let length = from.read_u32_le().await.ok()?;
    if length > MAX_JSON {
        return None;
    }
    let json = exactly(from, u64::from(length)).await?;
    let frame: Frame = serde_json::from_slice(&json).ok()?;
    if frame.body > max_body {
        return None;
    }
    let body = exactly(from, frame.body).await?;
    Some((frame.answer, body))
}

/// So many bytes, with memory taken as they come and not as they are announced.
async fn exactly(from: &mut (impl AsyncRead + Unpin), count: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(count).read_to_end(&mut bytes).await.ok()?;
    (bytes.len() as u64 == count).then_some(bytes)
}
