//! 查阅事由: why somebody looks.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most characters of the words of a reason.
pub const MOST_WORDS: usize = 200;

/// 查阅事由: why somebody looks, from a short list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 复审
    Review,
    /// 核对
    Check,
    /// 信访
    Petition,
    /// 审计
    Audit,
    /// 其他: said in words.
    Other,
}

impl Purpose {
    /// Every purpose; its place, from 1, is the number a person types.
    pub const ALL: [Self; 5] =
        [Self::Review, Self::Check, Self::Petition, Self::Audit, Self::Other];

    /// Its name in the body, such as `review`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Check => "check",
            Self::Petition => "petition",
            Self::Audit => "audit",
            Self::Other => "other",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Review => "复审",
            Self::Check => "核对",
            Self::Petition => "信访",
            Self::Audit => "审计",
            Self::Other => "其他",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Check => "checking",
            Self::Petition => "petition",
            Self::Audit => "audit",
            Self::Other => "other",
        }
    }
}

/// Why a reason is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    /// It names no purpose of the list.
    #[error(
        "the reason is a number from 1 to 5, or its name: review, check, petition, audit, other"
    )]
    Purpose,
    /// 其他 without words.
    #[error("say in words what the other reason is")]
    NoWords,
    /// More words than are kept.
    #[error("the reason has more than {MOST_WORDS} characters")]
    TooLong,
    /// Characters that are not for people.
    #[error("the reason has control characters")]
    Control,
}

/// Why somebody looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// From the list.
    pub purpose: Purpose,
    /// In the person's own words, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

impl Reason {
    /// The reason of a purpose, by number or name, and words.
    ///
    /// # Errors
    /// When the purpose is not on the list, or the words are too many, none
    /// where they are needed, or not text for people.
    pub fn new(purpose: &str, words: &str) -> Result<Self, ReasonError> {
        let (purpose, words) = (purpose.trim(), words.trim());
        let by_number = purpose.parse::<usize>().ok().and_then(|no| no.checked_sub(1));
        let by_name = || Purpose::ALL.iter().position(|one| one.as_str() == purpose);
        let purpose = by_number.or_else(by_name).and_then(|at| Purpose::ALL.get(at));
        let purpose = *purpose.ok_or(ReasonError::Purpose)?;
        if words.chars().count() > MOST_WORDS {
            return Err(ReasonError::TooLong);
        }
        if words.chars().any(crate::model::text::hidden) {
            return Err(ReasonError::Control);
        }
        if purpose == Purpose::Other && words.is_empty() {
            return Err(ReasonError::NoWords);
        }
        Ok(Self { purpose, words: words.to_owned() })
    }

    /// Purpose and words in Chinese, as a register has them.
    #[must_use]
    pub fn zh(&self) -> String {
        self.told(self.purpose.zh(), "：")
    }

    /// The same with the purpose in English.
    #[must_use]
    pub fn en(&self) -> String {
        self.told(self.purpose.en(), ": ")
    }

    fn told(&self, name: &str, between: &str) -> String {
        match (self.purpose, self.words.as_str()) {
            (_, "") => name.to_owned(),
            (Purpose::Other, words) => words.to_owned(),
            (_, words) => format!("{name}{between}{words}"),
        }
    }
}

impl FromStr for Reason {
    type Err = ReasonError;

    /// `2`, `check`, or either with words behind a blank; words alone are
    /// another reason.
    fn from_str(text: &str) -> Result<Self, ReasonError> {
        let text = text.trim();
        let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        match Self::new(first, rest) {
            Err(ReasonError::Purpose)
                if first.is_empty() || first.bytes().any(|b| !b.is_ascii_digit()) =>
            {
                Self::new(Purpose::Other.as_str(), text)
            }
            parsed => parsed,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_number_a_name_or_words() {
        let said = |text: &str| text.parse::<Reason>().map(|reason| reason.zh());
        assert_eq!(said("2"), Ok("核对".into()));
        assert_eq!(said("audit 第三季度"), Ok("审计：第三季度".into()));
        assert_eq!(said("5 户主要求"), Ok("户主要求".into()));
        assert_eq!(said("户主来电询问"), Ok("户主来电询问".into()));
        assert_eq!(said("5"), Err(ReasonError::NoWords));
        assert_eq!(said(""), Err(ReasonError::NoWords));
        for odd in ["0", "6", "99999999999999999999"] {
            assert!(said(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_reason_is_short_text_for_people() {
        assert!(Reason::new("5", &"字".repeat(MOST_WORDS)).is_ok());
        assert_eq!(Reason::new("5", &"字".repeat(MOST_WORDS + 1)), Err(ReasonError::TooLong));
        assert_eq!(Reason::new("1", "a\u{7}b"), Err(ReasonError::Control));
        assert_eq!(Reason::new("1", "a\nb"), Err(ReasonError::Control));
    }

    #[test]
    fn names_lead_back() {
        for purpose in Purpose::ALL {
            assert_eq!(Reason::new(purpose.as_str(), "x").unwrap().purpose, purpose);
        }
    }
}
