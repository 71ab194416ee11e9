//! 借阅: who may read or take the file of a household of another office, and
//! until when. The rules of a lending, without a clock: whoever asks says what
//! time it is.

mod facts;
mod words;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::facts::{Facts, Party};
pub use self::words::{Cover, Manner, Purpose, Stage, Standing};
use super::id::{OrganisationCode, PersonId};
use super::text::hidden;

/// The longest term, in days after the day on which it was asked for.
pub const LONGEST: i32 = 30;
/// The most pages, and copies of them, that are handed over at a time.
const MOST_PAGES: u32 = 100_000;
/// The most characters of a reason.
const WORDS: usize = 200;
/// The most characters of a name or a body.
const NAME: usize = 60;

/// Who gets to read, or the papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Borrower {
    /// Somebody with an account, as long as they work for this organisation.
    Person {
        /// Whose account.
        person: PersonId,
        /// 姓名
        name: String,
        /// For which organisation.
        organisation: OrganisationCode,
    },
    /// Somebody of another body.
    Outsider {
        /// 姓名
        name: String,
        /// 单位
        body: String,
        /// 联系方式, or empty.
        contact: String,
        /// 证件名称及号码
        certificate: String,
    },
}

impl Borrower {
    /// 姓名
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } | Self::Outsider { name, .. } => name,
        }
    }

    /// Whose account, if they have one.
    #[must_use]
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person { person, .. } => Some(person),
            Self::Outsider { .. } => None,
        }
    }
}

/// Why something cannot be done with a lending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// Somebody else has to decide.
    #[error("who asked or borrows does not decide: somebody else has to")]
    OwnRequest,
    /// It has gone on, or never got there.
    #[error("this lending stands otherwise now")]
    Stage,
    /// The term has passed.
    #[error("the term of this lending has passed")]
    Past,
    /// The term.
    #[error("a term ends today at the earliest, and at the latest {LONGEST} days from now")]
    Term,
    /// A reason is missing or too long.
    #[error("a reason has 1 to {WORDS} characters in one line")]
    Words,
    /// Who borrows is not said.
    #[error("name, body and certificate of the borrower have 1 to {NAME} characters in one line")]
    Borrower,
    /// Papers of others are taken out by nobody but who borrowed them.
    #[error("this lending is of another household")]
    Household,
    /// Nothing was used yet, or a day that has not come.
    #[error(
        "what a use led to is noted of a lending that was agreed to, on a day from then up to today"
    )]
    Effect,
    /// None or very many went out, or more came back than did.
    #[error("1 to {MOST_PAGES} pages and copies are handed over, and no more pages come back")]
    Pages,
}

/// The day on which `time` is, in China, where the office is.
#[must_use]
pub fn day_of(time: Timestamp) -> Date {
    TimeZone::fixed(Offset::constant(8)).to_datetime(time).date()
}

/// When a last day is over, in China.
#[must_use]
pub fn end_of(until: Date) -> Timestamp {
    let next = until.checked_add(1.day()).unwrap_or(Date::MAX);
    TimeZone::fixed(Offset::constant(8))
        .to_timestamp(next.to_datetime(jiff::civil::Time::midnight()))
        .unwrap_or(Timestamp::MAX)
}

/// Whether a last day can be asked for at `now`.
///
/// # Errors
/// When it has passed, or is too far.
pub fn term(until: Date, now: Timestamp) -> Result<(), Rule> {
    let today = day_of(now);
    let latest = today.checked_add(LONGEST.days()).unwrap_or(Date::MAX);
    if (today..=latest).contains(&until) { Ok(()) } else { Err(Rule::Term) }
}

/// Whether the use of a lending that was `agreed` to, or not, can have led to
/// something on a day, at `now`.
///
/// # Errors
/// When it was not, or the day has not come.
pub fn effect(agreed: bool, date: Date, now: Timestamp) -> Result<(), Rule> {
    if agreed && date <= day_of(now) { Ok(()) } else { Err(Rule::Effect) }
}

/// Whether so many pages, or copies of them, can be handed over.
///
/// # Errors
/// When there are none, or more than anybody carries.
pub fn counted(pages: u32) -> Result<(), Rule> {
    if (1..=MOST_PAGES).contains(&pages) { Ok(()) } else { Err(Rule::Pages) }
}

/// A reason as it is kept: without blanks around it.
///
/// # Errors
/// When there is none, it is too long, or has several lines.
pub fn words(text: &str) -> Result<String, Rule> {
    fits(text, 1, WORDS).ok_or(Rule::Words)
}

/// A remark as it is kept: a reason, or nothing.
///
/// # Errors
/// When it is too long, or has several lines.
pub fn remark(text: &str) -> Result<String, Rule> {
    fits(text, 0, WORDS).ok_or(Rule::Words)
}

/// Somebody of another body, as they are kept.
///
/// # Errors
/// When something is missing, too long, or has several lines.
pub fn outsider(
    name: &str,
    body: &str,
    contact: &str,
    certificate: &str,
) -> Result<Borrower, Rule> {
    let needed = |text| fits(text, 1, NAME).ok_or(Rule::Borrower);
    Ok(Borrower::Outsider {
        name: needed(name)?,
        body: needed(body)?,
        contact: fits(contact, 0, NAME).ok_or(Rule::Borrower)?,
        certificate: needed(certificate)?,
    })
}

fn fits(text: &str, least: usize, most: usize) -> Option<String> {
    let text = text.trim();
    let plain = !text.chars().any(hidden);
    (plain && (least..=most).contains(&text.chars().count())).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
