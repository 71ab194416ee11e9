//! 专款: the money of the allowance as it comes in and goes out, and what of it was
//! paid too much and comes back.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use super::money::Fen;
use super::month::Month;

/// What a booking is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FundKind {
    /// 拨入: from the treasury.
    Received,
    /// 其他收入: interest and the like.
    OtherIn,
    /// 上缴: back to the treasury.
    Returned,
    /// 其他支出: paid out beside the bank's files, in cash or by hand.
    OtherOut,
}

impl FundKind {
    /// All of them, in the order of a ledger.
    pub const ALL: [Self; 4] = [Self::Received, Self::OtherIn, Self::Returned, Self::OtherOut];

    /// As it stands in acts, SQL and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::OtherIn => "other_in",
            Self::Returned => "returned",
            Self::OtherOut => "other_out",
        }
    }

    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Received => "拨入",
            Self::OtherIn => "其他收入",
            Self::Returned => "上缴",
            Self::OtherOut => "其他支出",
        }
    }

    /// In English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Received => "Received",
            Self::OtherIn => "Other income",
            Self::Returned => "Returned",
            Self::OtherOut => "Other expense",
        }
    }

    /// Whether money comes in by it.
    #[must_use]
    pub const fn is_income(self) -> bool {
        matches!(self, Self::Received | Self::OtherIn)
    }
}

impl std::str::FromStr for FundKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is none of received, other_in, returned, other_out"))
    }
}

/// 记账: an amount that came into the fund or left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    /// Whose fund.
    pub organisation: OrganisationCode,
    /// The day.
    #[schema(value_type = String)]
    pub on: Date,
    /// What it is.
    pub kind: FundKind,
    /// In 分; zero where an entry is only taken back.
    pub amount: Fen,
    /// 凭证号 or what it was for.
    pub words: String,
    /// 更正: the entry of a booking that was wrong, and counts no more.
    #[serde(default)]
    pub instead_of: Option<EntryNo>,
}

/// 追缴: a household was paid too much, and gives it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// Which household.
    pub household: HouseholdNo,
    /// How much, in 分.
    pub amount: Fen,
    /// The first month that was paid too much.
    #[schema(value_type = String)]
    pub from: Month,
    /// The last.
    #[schema(value_type = String)]
    pub until: Month,
    /// Why.
    pub words: String,
    /// The paper of its file that decides it, such as B15.
    #[serde(default)]
    pub paper: Option<DocumentId>,
}

/// What is done with an amount that is to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettledBy {
    /// 退回: it came back.
    Repaid,
    /// 减免: it is no longer asked for.
    Waived,
}

impl SettledBy {
    /// As it stands in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repaid => "repaid",
            Self::Waived => "waived",
        }
    }
}

/// 退款: an amount that was asked back came, or is asked back no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// Which household.
    pub household: HouseholdNo,
    /// The entry that asked for it.
    pub recovery: EntryNo,
    /// Which of the two.
    pub by: SettledBy,
    /// How much, in 分.
    pub amount: Fen,
    /// The day.
    #[schema(value_type = String)]
    pub on: Date,
    /// 凭证号, or why.
    pub words: String,
    /// The paper of its file that proves it, if there is one.
    #[serde(default)]
    pub paper: Option<DocumentId>,
}

/// A rule that a booking breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FundRule {
    /// What is booked has happened.
    #[error("{0} has not come yet")]
    NotYet(Date),
    /// There is no such booking, or it counts no more.
    #[error("entry {0} is no booking of this organisation that counts")]
    NoBooking(EntryNo),
    /// There is no such demand.
    #[error("entry {0} asks nothing back from household {1}")]
    NoRecovery(EntryNo, HouseholdNo),
    /// More than is open.
    #[error("{0} yuan are still to come back, no more can be settled")]
    More(Fen),
    /// The bank's file is none that counts.
    #[error("the file that is replaced is none that counts for {0}")]
    NoFile(Month),
}

impl FundRule {
    /// Its name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotYet(_) => "not_yet",
            Self::NoBooking(_) => "no_booking",
            Self::NoRecovery(..) => "no_recovery",
            Self::More(_) => "more_than_open",
            Self::NoFile(_) => "no_bank_file",
        }
    }
}
