//! What was done with records, and what came of it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was done with the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 查阅: a file, a volume or a paper was opened, with all its pages.
    Open,
    /// 下载: the original bytes were handed out.
    Download,
    /// 打印: sheets to print were shown.
    Print,
    /// 导出: records left the program as a file of another kind.
    Export,
    /// 检索: somebody searched.
    Search,
    /// 显示: a number that is masked was shown.
    Reveal,
    /// 本人查阅: a household saw its own file at the counter.
    Guest,
    /// 登录: somebody was not let in as this person; one who was is no look.
    SignIn,
    /// 封存: the access log took note of how far the records log was.
    Seal,
}

impl Kind {
    /// Every kind, as a list to choose from has them.
    pub const ALL: [Self; 9] = [
        Self::Open,
        Self::Download,
        Self::Print,
        Self::Export,
        Self::Search,
        Self::Reveal,
        Self::Guest,
        Self::SignIn,
        Self::Seal,
    ];

    /// Its name in the body, such as `open`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Download => "download",
            Self::Print => "print",
            Self::Export => "export",
            Self::Search => "search",
            Self::Reveal => "reveal",
            Self::Guest => "guest",
            Self::SignIn => "sign_in",
            Self::Seal => "seal",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Open => "查阅",
            Self::Download => "下载",
            Self::Print => "打印",
            Self::Export => "导出",
            Self::Search => "检索",
            Self::Reveal => "显示号码",
            Self::Guest => "本人查阅",
            Self::SignIn => "登录",
            Self::Seal => "封存",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Open => "opened",
            Self::Download => "downloaded",
            Self::Print => "printed",
            Self::Export => "exported",
            Self::Search => "searched",
            Self::Reveal => "revealed",
            Self::Guest => "own file seen",
            Self::SignIn => "signed in",
            Self::Seal => "sealed",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is not a kind of look"))
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was shown.
    Shown,
    /// It is there, and this person may not see it.
    Refused,
    /// There is no such thing; the person is told the same as when it is refused.
    Unknown,
}

impl Outcome {
    /// Its name in the body, such as `shown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Shown => "已提供",
            Self::Refused => "已拒绝",
            Self::Unknown => "没有此件",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Refused => "refused",
            Self::Unknown => "not there",
        }
    }
}

impl FromStr for Outcome {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Shown, Self::Refused, Self::Unknown];
        let found = all.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is not what came of a look"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
