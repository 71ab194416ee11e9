//! 件: one paper as filed, what the catalog says of it, and the files it is in.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::Digest;
use super::text::hidden;

/// One stored file of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoredFile {
    /// The name of its bytes.
    pub sha256: Digest,
    /// The name it had where it came from, as it was given.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Media type by content, such as `image/jpeg`.
    pub mime: String,
    /// Number of pages, from 1.
    pub pages: u32,
    /// The SM3 of its bytes (GB/T 32905), where it was taken in with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sm3: Option<Digest>,
}

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待确认: on the intake desk, no household yet.
    Waiting,
    /// Given for a household, but nobody has said yet what it is.
    Undescribed,
    /// 已归: a person has said what it is and whose.
    Filed,
    /// 并入: its files continue in another document.
    Joined,
    /// 退回
    Returned,
}

impl State {
    /// As it stands in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Undescribed => "undescribed",
            Self::Filed => "filed",
            Self::Joined => "joined",
            Self::Returned => "returned",
        }
    }

    /// The state of that name in SQL.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Undescribed, Self::Filed, Self::Joined, Self::Returned]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// Whether the document can still be read, described and searched.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Undescribed | Self::Filed)
    }
}

/// What the catalog says of a document: the columns of 卷内文件目录.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// 件种: a code of the profile, such as `A02`.
    #[serde(rename = "type")]
    pub type_code: String,
    /// 题名
    pub title: String,
    /// 责任者, or empty.
    #[serde(default)]
    pub responsible: String,
    /// 文号, or empty.
    #[serde(default)]
    pub document_no: String,
    /// 日期 of the paper.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "2026-03-09")]
    pub date: Option<Date>,
    /// 备注, or empty.
    #[serde(default)]
    pub remarks: String,
}

/// The longest title, in characters.
pub const TITLE_CHARS: usize = 200;
/// The longest of the other texts of a description, in characters.
pub const FIELD_CHARS: usize = 100;

/// What is wrong with a description.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    /// There is no title.
    #[error("the title is empty")]
    NoTitle,
    /// One of its texts is longer than it may be.
    #[error("{field} is longer than {limit} characters")]
    TooLong {
        /// Which one.
        field: &'static str,
        /// How long it may be.
        limit: usize,
    },
    /// A text holds characters that are not seen.
    #[error("{0} holds characters that cannot be printed")]
    Unprintable(&'static str),
    /// The date is of no paper of such a file.
    #[error("a paper is dated between {} and {}", YEARS.start(), YEARS.end())]
    Date,
}

/// The years of papers, as they are read from them too.
const YEARS: RangeInclusive<i16> = 1900..=2100;

impl Description {
    /// The description with blanks trimmed.
    ///
    /// # Errors
    /// When a text is missing, too long or cannot be printed.
    pub fn checked(mut self) -> Result<Self, DescriptionError> {
        let texts: [(&'static str, &mut String, usize); 4] = [
            ("题名 title", &mut self.title, TITLE_CHARS),
            ("责任者 responsible body", &mut self.responsible, FIELD_CHARS),
            ("文号 document number", &mut self.document_no, FIELD_CHARS),
            ("备注 remarks", &mut self.remarks, TITLE_CHARS),
        ];
        for (field, text, limit) in texts {
            *text = text.trim().to_owned();
            if text.chars().count() > limit {
                return Err(DescriptionError::TooLong { field, limit });
            }
            if text.chars().any(hidden) {
                return Err(DescriptionError::Unprintable(field));
            }
        }
        if self.date.is_some_and(|date| !YEARS.contains(&date.year())) {
            return Err(DescriptionError::Date);
        }
        if self.title.is_empty() {
            return Err(DescriptionError::NoTitle);
        }
        Ok(self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_trimmed_and_bounded() {
        let good = Description { title: " 收入证明 ".into(), ..Description::default() };
        assert_eq!(good.checked().unwrap().title, "收入证明");
        let none = Description { title: " ".into(), ..Description::default() };
        assert_eq!(none.checked(), Err(DescriptionError::NoTitle));
        let long = Description { title: "长".repeat(201), ..Description::default() };
        assert!(matches!(long.checked(), Err(DescriptionError::TooLong { limit: 200, .. })));
        let odd = Description { title: "a\u{0}b".into(), ..Description::default() };
        assert!(matches!(odd.checked(), Err(DescriptionError::Unprintable(_))));
        let turned = Description { title: "证明\u{202e}明证".into(), ..Description::default() };
        assert!(matches!(turned.checked(), Err(DescriptionError::Unprintable(_))));
        for (date, fits) in [("2999-01-01", false), ("0001-01-01", false), ("2100-12-31", true)] {
            let date = date.parse().ok();
            let dated = Description { title: "证明".into(), date, ..Description::default() };
            assert_eq!(dated.checked().is_ok(), fits, "{date:?}");
        }
    }

    #[test]
    fn every_state_parses_as_it_prints() {
        for name in ["waiting", "undescribed", "filed", "joined", "returned"] {
            assert_eq!(State::parse(name).unwrap().as_str(), name);
        }
        assert_eq!(State::parse("lost"), None);
    }
}
