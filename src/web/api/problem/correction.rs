//! What went wrong when a page was corrected.

use super::Problem;
use crate::correction::CorrectError;
use crate::model::access::Denied;

impl From<CorrectError> for Problem {
    fn from(error: CorrectError) -> Self {
        let message = error.to_string();
        match error {
            CorrectError::View(error) => error.into(),
            CorrectError::Denied(Denied(right)) => Self::denied(right),
            CorrectError::Record(error) => error.into(),
            CorrectError::Db(error) => error.into(),
            CorrectError::Vault(error) => error.into(),
            CorrectError::NotRead(..) => Self::conflict("not_read", message),
            CorrectError::TooMuch => Self::invalid("too_much", message),
            CorrectError::Outside(_) => Self::invalid("outside", message),
            CorrectError::Meanwhile(..) => Self::conflict("corrected_meanwhile", message)
                .hint("GET the page again, and say what was seen"),
        }
    }
}
