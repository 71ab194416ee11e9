//! 分户、并户: some persons of a household become one of their own, or all of one go
//! into another. Both numbers stay, and both files lead to each other.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{DocumentId, EntryNo, HouseholdNo};

/// The most persons of a household after a merge.
pub const MOST_PERSONS: usize = 100;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = KinshipKind)]
pub enum Kin {
    /// 分户: some of one became another.
    Split,
    /// 并户: all of one went into another.
    Merge,
}

impl Kin {
    /// As it stands in acts and in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Merge => "merge",
        }
    }

    /// In Chinese, which is also why a person left the household.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Split => "分户",
            Self::Merge => "并户",
        }
    }
}

pub use super::codes::state::{MERGED, VOID};

/// Whether nobody lives in a household of this state any more, under its number.
#[must_use]
pub fn is_gone(state: &str) -> bool {
    matches!(state, MERGED | VOID)
}

/// A person who moved. What is known of the person goes along; what else the file of
/// before says stays there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MovedTo)]
pub struct Moved {
    /// The place in the household that is left.
    pub place: u32,
    /// The place in the other one: 0 for the head of a new one.
    pub to: u32,
    /// 与户主关系 there; empty for the head.
    pub relation: String,
}

/// The file that a split opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SplitFile)]
pub struct NewFile {
    /// Where it lives, or empty.
    pub address: String,
    /// 16 random bytes in hexadecimal: the name under which the log speaks of it.
    pub volume: String,
    /// What is known of the household as a whole and goes along, by the codes of the
    /// fields. Acts that do not name it take nothing along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub along: Vec<String>,
}

/// 户主变更: who is the head of the household that is left, from the day of a split on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HeadOfWhoStays)]
pub struct Successor {
    /// The place of the new head in it.
    pub place: u32,
    /// 与户主关系 of the others who stay, as far as it was said.
    pub relations: Vec<Related>,
}

/// How a person who stays is related to the new head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RelatedToHead)]
pub struct Related {
    /// The place in the household.
    pub place: u32,
    /// 与户主关系, or empty.
    pub relation: String,
}

/// 分户 or 并户, as one act: it opens the new household or ends the one that went into
/// the other, states who left where and who lives where, and joins both histories.
/// Nothing of it is ever half done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdsLinked)]
pub struct Linking {
    /// Which of both.
    pub kind: Kin,
    /// The household that is left.
    pub from: HouseholdNo,
    /// The household they live in from then on.
    pub to: HouseholdNo,
    /// From which day on.
    #[schema(value_type = String)]
    pub on: Date,
    /// The paper that proves it: in the file that is left, or in the other one.
    pub document: DocumentId,
    /// A remark, or empty.
    pub words: String,
    /// Who moved: the head of a new household first.
    pub moved: Vec<Moved>,
    /// The file of the new household; none where both are there.
    #[serde(default)]
    pub opened: Option<NewFile>,
    /// Who is the head of `from` from then on; none where it stays as it is. Acts of
    /// before do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<Successor>,
    /// The last statement of `from` that the person saw; none before the first.
    #[serde(default)]
    pub seen: Option<EntryNo>,
    /// The last statement of `to`, where it is there.
    #[serde(default)]
    pub seen_there: Option<EntryNo>,
    /// The last step of the cases of `from`; none before the first.
    #[serde(default)]
    pub stepped: Option<EntryNo>,
}

/// 更正: a link of households was wrong. Who moved lives where they did, as if they had
/// never left; that it was so, and until when it was thought otherwise, stays known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdsUnlinked)]
pub struct Unlinking {
    /// The entry that linked them.
    pub link: EntryNo,
    /// The household that was left.
    pub from: HouseholdNo,
    /// The other one.
    pub to: HouseholdNo,
    /// Why it was wrong.
    pub words: String,
}

/// A rule that a split, a merge, or what is done with a household after it, breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KinRule {
    /// A household cannot go into itself.
    #[error("household {0} cannot go into itself")]
    Itself(HouseholdNo),
    /// Nobody lives under this number any more; and the household it goes on as, where
    /// the person may see that.
    #[error("{}", gone(.0, .1.as_ref()))]
    Gone(HouseholdNo, Option<HouseholdNo>),
    /// A head stays.
    #[error(
        "the head of household {0} stays: say who of those who stay is the head, or merge the \
         household"
    )]
    HeadStays(HouseholdNo),
    /// Everybody goes in a merge, and each once.
    #[error("in a merge everybody who lives in household {0} goes, each once")]
    NotAll(HouseholdNo),
    /// More than a household has.
    #[error("a household has at most {MOST_PERSONS} persons")]
    TooMany,
    /// Something of later is known already.
    #[error("{0} is before what is known of these households: take a later day")]
    Before(Date),
    /// A split or merge is taken back as a whole.
    #[error("entry {0} linked two households: it is taken back as a whole, not as a statement")]
    IsLink(EntryNo),
    /// There is no such link, or it was taken back.
    #[error("entry {0} is no split or merge of household {1} that holds")]
    NoLink(EntryNo, HouseholdNo),
    /// Too much happened since.
    #[error(
        "something was done with household {0} since: it cannot be taken back any more; record \
         the split or merge the other way round"
    )]
    Since(HouseholdNo),
    /// Who went with a split or merge comes back by one.
    #[error(
        "who left household {0} at place {1} lives in another: only a split or merge leads back"
    )]
    Away(HouseholdNo, i64),
    /// A household that is still paid goes into no other.
    #[error("a payment of household {0} is listed and did not come through: settle it first")]
    Unpaid(HouseholdNo),
    /// A household that owes something goes into no other.
    #[error("something is asked back from household {0}: settle it first")]
    AskedBack(HouseholdNo),
}

fn gone(no: &HouseholdNo, lives_on: Option<&HouseholdNo>) -> String {
    match lives_on {
        Some(there) => {
            format!("nobody lives in household {no} any more: do it with household {there}")
        }
        None => format!(
            "nobody lives in household {no} any more: it went into another, or was opened by \
             mistake; its file says where to go on"
        ),
    }
}

impl KinRule {
    /// Its name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Itself(_) => "same_household",
            Self::Gone(..) => "household_gone",
            Self::HeadStays(_) => "head_stays",
            Self::NotAll(_) => "not_all",
            Self::TooMany => "too_many_persons",
            Self::Before(_) => "too_early",
            Self::IsLink(_) => "is_link",
            Self::NoLink(..) => "no_link",
            Self::Since(_) => "done_since",
            Self::Away(..) => "lives_elsewhere",
            Self::Unpaid(_) => "payment_open",
            Self::AskedBack(_) => "recovery_open",
        }
    }

    /// Whether it is because of what was done before.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::Gone(..)
                | Self::NoLink(..)
                | Self::Since(_)
                | Self::Unpaid(_)
                | Self::AskedBack(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_that_was_merged_or_opened_by_mistake_is_gone() {
        assert!(is_gone(MERGED) && is_gone(VOID));
        for state in ["none", "applying", "receiving", "phase_out", "stopped", "refused", ""] {
            assert!(!is_gone(state), "{state}");
        }
    }

    #[test]
    fn codes_of_rules_are_different() {
        let no: HouseholdNo = "99010200300400888".parse().unwrap_or_else(|_| unreachable!());
        let all = [
            KinRule::Itself(no.clone()),
            KinRule::Gone(no.clone(), None),
            KinRule::HeadStays(no.clone()),
            KinRule::NotAll(no.clone()),
            KinRule::TooMany,
            KinRule::Before(Date::MIN),
            KinRule::IsLink(1),
            KinRule::NoLink(1, no.clone()),
            KinRule::Since(no.clone()),
            KinRule::Away(no.clone(), 1),
            KinRule::Unpaid(no.clone()),
            KinRule::AskedBack(no),
        ];
        let codes: std::collections::BTreeSet<_> = all.iter().map(KinRule::code).collect();
        assert_eq!(codes.len(), all.len());
    }
}
