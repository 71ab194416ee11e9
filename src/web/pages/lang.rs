//! The switch between Chinese and English.

use axum::extract::Path;

use super::Answer;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::session::{Fields, go_in, ours};

/// `POST /lang/{code}`: goes back in that language.
pub(crate) async fn switch(Path(code): Path<String>, fields: Fields) -> Answer {
    let lang = Lang::from_code(&code).ok_or_else(Failure::not_here)?;
    Ok(go_in(lang, ours(fields.text("back"))))
}
