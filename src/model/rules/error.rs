//! What makes rules unusable.

use super::super::procedure::OFFICE;

/// Rules that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A text is not TOML of the right shape.
    #[error("the rules cannot be read: {}", in_one_line(.0))]
    Unreadable(#[from] toml::de::Error),
    /// Something is there twice.
    #[error("the rules have {0} twice")]
    Twice(String),
    /// Something names what is not there.
    #[error("{place} names {what}, which the rules have not")]
    Unknown {
        /// Where.
        place: String,
        /// What it names.
        what: String,
    },
    /// What several departments sign, one after another, can be no turning point.
    #[error(
        "{0} is signed by several departments: it names them once, in at most {OFFICE} characters, \
         ends no case, and decides nothing"
    )]
    Signed(String),
    /// Behind a step the usual way has none that can be taken.
    #[error(
        "the usual way of the case {case} goes no further behind {step} and does not end: what is \
         not aside waits for nothing that is"
    )]
    DeadEnd {
        /// The code of the case.
        case: String,
        /// Of the step; of the case where it cannot begin.
        step: String,
    },
    /// Something is not there that the program asks for by its code.
    #[error("there is no {0}, which the program asks for by this code")]
    Lacking(String),
    /// Any of these, in a file.
    #[error("{file}: {cause}")]
    File {
        /// Which, of [`Rules::FILES`](super::Rules::FILES).
        file: &'static str,
        /// What is wrong with it.
        cause: Box<RulesError>,
    },
}

/// What is wrong with a TOML text, and in which line.
fn in_one_line(error: &toml::de::Error) -> String {
    let (place, why) = (error.to_string(), error.message().replace('\n', " "));
    match place.lines().next() {
        Some(place) if error.span().is_some() => format!("{place}: {why}"),
        _ => why,
    }
}

/// What is wrong with a file, with its name.
pub(super) fn in_file<E: Into<RulesError>>(file: &'static str) -> impl Fn(E) -> RulesError {
    move |cause| RulesError::File { file, cause: Box::new(cause.into()) }
}
