//! The closed lists of words that a lending is told in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A word of a closed list, as it stands in acts and in SQL, and as people
/// read it.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $one:ident = $word:literal, $zh:literal, $en:literal;)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $one,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$one,)*];

            /// As it stands in acts and in SQL.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$one => $word,)* }
            }

            /// In Chinese.
            #[must_use]
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$one => $zh,)* }
            }

            /// In English.
            #[must_use]
            pub const fn en(self) -> &'static str {
                match self { $(Self::$one => $en,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let found = Self::ALL.iter().find(|one| one.as_str() == text.trim());
                found.copied().ok_or_else(|| {
                    let known = [$($word),*].join(", ");
                    format!("{:?} is none of {known}", text.chars().take(40).collect::<String>())
                })
            }
        }
    };
}

words! {
    /// What is done with the file.
    Manner {
        /// It is read on the screen, and nothing leaves.
        Look = "look", "查阅", "read";
        /// Copies of papers are handed over and stay there.
        Copy = "copy", "复制", "copies";
        /// The papers are handed over and come back.
        Borrow = "borrow", "借出", "papers lent";
    }
}

words! {
    /// For what.
    Purpose {
        /// 复审
        Review = "review", "复审", "review";
        /// 核对
        Check = "check", "核对", "data check";
        /// 信访
        Complaint = "complaint", "信访", "complaint";
        /// 审计
        Audit = "audit", "审计", "audit";
        /// 纪检监察
        Discipline = "discipline", "纪检监察", "discipline";
        /// 司法
        Court = "court", "司法", "court";
        /// Something else; the words say what.
        Other = "other", "其他", "other";
    }
}

words! {
    /// What is covered on the pages that a borrower sees.
    Cover {
        /// Nothing.
        Nothing = "nothing", "不遮盖", "nothing";
        /// Numbers of identity cards, bank accounts and telephones.
        Numbers = "numbers", "身份证号、账号、电话", "ID, account and phone numbers";
    }
}

words! {
    /// How far a lending has come, by what people did.
    Stage {
        /// Somebody asked.
        Asked = "asked", "待审批", "asked";
        /// It was agreed to.
        Agreed = "agreed", "已同意", "agreed";
        /// It was not.
        Refused = "refused", "不同意", "refused";
        /// The papers, or the key to read, were handed over.
        HandedOver = "handed_over", "已交接", "handed over";
        /// The papers came back.
        Returned = "returned", "已归还", "returned";
        /// Somebody ended it before its time.
        Ended = "ended", "已终止", "ended";
    }
}

/// How a lending stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LendingStanding)]
pub enum Standing {
    /// Somebody has to decide.
    Waiting,
    /// Agreed; something has still to be handed over.
    Ready,
    /// The borrower reads it.
    Open,
    /// The papers are outside.
    Out,
    /// The papers should be back.
    Overdue,
    /// It was refused.
    Refused,
    /// Its term has passed: before a decision, or as it was meant to.
    Lapsed,
    /// The papers came back, or the copies were handed over.
    Done,
    /// Ended before its time.
    Ended,
}

impl Standing {
    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Waiting => "待审批",
            Self::Ready => "待交接",
            Self::Open => "可查阅",
            Self::Out => "在外",
            Self::Overdue => "逾期未还",
            Self::Refused => "不同意",
            Self::Lapsed => "到期",
            Self::Done => "已了结",
            Self::Ended => "已终止",
        }
    }

    /// In English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Waiting => "To decide",
            Self::Ready => "To hand over",
            Self::Open => "Open",
            Self::Out => "Outside",
            Self::Overdue => "Overdue",
            Self::Refused => "Refused",
            Self::Lapsed => "Lapsed",
            Self::Done => "Done",
            Self::Ended => "Ended",
        }
    }

    /// Whether nothing is left to be done.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Refused | Self::Lapsed | Self::Done | Self::Ended)
    }
}
