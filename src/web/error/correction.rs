//! What went wrong when a page was corrected.

use axum::http::StatusCode;

use super::Failure;
use crate::correction::CorrectError;
use crate::model::access::Denied;

impl From<CorrectError> for Failure {
    fn from(error: CorrectError) -> Self {
        let refused =
            |zh: &str, en: &str| Self::new(StatusCode::UNPROCESSABLE_ENTITY, zh, en).stored(false);
        match error {
            CorrectError::View(error) => error.into(),
            CorrectError::Denied(Denied(right)) => Self::denied(right),
            CorrectError::Record(error) => error.into(),
            CorrectError::Db(error) => error.into(),
            CorrectError::Vault(error) => error.into(),
            CorrectError::NotRead(id, _) => Self::new(
                StatusCode::CONFLICT,
                "这一页还没有读，或者打不开，现在不能订正。",
                "This page has not been read, or cannot be opened; it cannot be corrected now.",
            )
            .stored(false)
            .to(&format!("/doc/{id}"), "看这一件", "See the paper"),
            CorrectError::TooMuch => refused(
                "一页最多2000行，一行最多1000个字。",
                "A page has at most 2,000 lines of at most 1,000 characters.",
            ),
            CorrectError::Outside(_) => {
                refused("有一行不在这一页上。", "A line is not on the page.")
            }
            CorrectError::Meanwhile(id, page) => Self::new(
                StatusCode::CONFLICT,
                "这一页刚有人订正过，没有存。",
                "Somebody has just corrected this page; nothing was kept.",
            )
            .stored(false)
            .to(&format!("/doc/{id}/text/{page}"), "看现在的样子", "See how it stands"),
        }
    }
}
