//! How the file of a household stands, as results are narrowed by it. Whether the
//! household receives allowance is not in the catalog yet; it will be told here.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the file of a household stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    /// 还没立卷: nothing of it was bound yet.
    Open,
    /// 已立卷: it has a volume with a reference code.
    Bound,
}

impl FileState {
    /// Every state.
    pub const ALL: [Self; 2] = [Self::Open, Self::Bound];

    /// Its code, such as `bound`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Bound => "bound",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Open => "还没立卷",
            Self::Bound => "已立卷",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Open => "no volume yet",
            Self::Bound => "volume bound",
        }
    }
}

impl FromStr for FileState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is no state of a household's file"))
    }
}
