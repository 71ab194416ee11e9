//! The style sheet and the scripts, carried in the binary.
//!
//! An address holds the head of the content's SHA-256, `/assets/app.1f0c….js`,
//! so it may be kept for ever by the browser, and a new build is seen at once.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// One file as it is served.
#[derive(Debug)]
pub struct Asset {
    /// Name in the source tree, e.g. `app.js`.
    pub name: &'static str,
    /// Address it is served under.
    pub url: String,
    /// Media type.
    pub media: &'static str,
    /// Content.
    pub body: String,
}

/// The common sheet, and those that some pages have beside it.
const STYLE: &[(&str, &str)] = &[
    ("style.css", include_str!("assets/style.css")),
    ("desk.css", include_str!("assets/desk.css")),
    ("forms.css", include_str!("assets/forms.css")),
    ("living.css", include_str!("assets/living.css")),
    ("registers.css", include_str!("assets/registers.css")),
    ("statistics.css", include_str!("assets/statistics.css")),
    ("audit.css", include_str!("assets/audit.css")),
    ("people.css", include_str!("assets/people.css")),
    ("lending.css", include_str!("assets/lending.css")),
    ("search.css", include_str!("assets/search.css")),
    ("correct.css", include_str!("assets/correct.css")),
    ("keying.css", include_str!("assets/keying.css")),
];

/// Scripts, each after those it imports, since an import names the imported
/// script by its hashed address.
const SCRIPTS: &[(&str, &str)] = &[
    ("keys.js", include_str!("assets/keys.js")),
    ("parts.js", include_str!("assets/parts.js")),
    ("upload.js", include_str!("assets/upload.js")),
    ("suggest.js", include_str!("assets/suggest.js")),
    ("app.js", include_str!("assets/app.js")),
    ("intake.js", include_str!("assets/intake.js")),
    ("viewer.js", include_str!("assets/viewer.js")),
    ("correct.js", include_str!("assets/correct.js")),
    ("kiosk.js", include_str!("assets/kiosk.js")),
    ("keying.js", include_str!("assets/keying.js")),
];

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets: Vec<Asset> = Vec::new();
    for (name, body) in STYLE {
        assets.push(asset(name, "text/css; charset=utf-8", squeeze(body)));
    }
    for (name, body) in SCRIPTS {
        let mut body = (*body).to_owned();
        for earlier in &assets {
            body = body.replace(&format!("'./{}'", earlier.name), &format!("'{}'", earlier.url));
        }
        assets.push(asset(name, "text/javascript; charset=utf-8", body));
    }
    assets
});

/// A style sheet without comments and without the blanks that carry no meaning.
fn squeeze(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    for (i, piece) in css.split("/*").enumerate() {
        let code = if i == 0 { piece } else { piece.split_once("*/").map_or("", |(_, code)| code) };
        for word in code.split_ascii_whitespace() {
            // A blank stays unless one of its neighbours parts the words anyway.
            let parted = out.is_empty()
                || out.ends_with(['{', '}', ';', ':', ',', '>'])
                || word.starts_with(['{', '}', ';', ',', '>']);
            if !parted {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

fn asset(name: &'static str, media: &'static str, body: String) -> Asset {
    let hash = hex::encode(Sha256::digest(body.as_bytes()));
    let head = hash.get(..12).unwrap_or(&hash).to_owned();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    Asset { name, url: format!("/assets/{stem}.{head}.{extension}"), media, body }
}

/// Every file that is served, with its address.
pub fn all() -> &'static [Asset] {
    &ASSETS
}

/// The address of a file by its name in the source tree; for a name that does
/// not exist, an address that answers 404.
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/assets/missing", |asset| &asset.url)
}

/// Answers `/assets/{file}`: the content, to be kept for a year, or 404.
pub async fn serve(Path(file): Path<String>) -> Response {
    let wanted = format!("/assets/{file}");
    let Some(asset) = ASSETS.iter().find(|asset| asset.url == wanted) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, asset.body.as_str()).into_response()
}

#[cfg(test)]
mod tests;
