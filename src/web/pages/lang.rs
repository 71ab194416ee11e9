//! The switch between Chinese and English.

use axum::extract::Path;

use super::Answer;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::session::{Fields, go_in};

/// `POST /lang/{code}`: goes back in that language.
pub(crate) async fn switch(Path(code): Path<String>, fields: Fields) -> Answer {
    let lang = Lang::from_code(&code).ok_or_else(Failure::not_here)?;
    let back = fields.text("back");
    // Only a path of our own: `//host` and `/\host` would lead elsewhere.
    let ours = back.starts_with('/') && !back[1..].starts_with(['/', '\\']);
    Ok(go_in(lang, if ours { back } else { "/" }))
}
