//! The switch between Chinese and English.

use axum::extract::Path;

use super::Answer;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::session::{Fields, go_in};
use crate::web::text;

/// `POST /lang/{code}`: goes back in that language.
pub(crate) async fn switch(Path(code): Path<String>, fields: Fields) -> Answer {
    let lang = Lang::from_code(&code).ok_or_else(Failure::not_here)?;
    let back = fields.text("back");
    Ok(go_in(lang, text::own_address(back).unwrap_or("/")))
}
