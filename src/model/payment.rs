//! 发放: what is paid to households month by month: the roster 花名册, what the bank
//! says of it, and what of the three (entitlement, roster, bank) does not agree.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{Digest, HouseholdNo, OrganisationCode};
use super::money::Fen;
use super::month::Month;

/// The most rows of one roster or return: longer ones are several acts.
pub const MOST_ROWS: usize = 1000;

/// A household that is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterRow {
    /// 户号
    pub household: HouseholdNo,
    /// 保障人数
    pub persons: u32,
    /// 月保障金, in 分.
    pub amount: Fen,
}

/// 发放名册: who is paid how much in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// Which month.
    #[schema(value_type = String)]
    pub month: Month,
    /// Of which organisation and those below it.
    pub organisation: OrganisationCode,
    /// The households.
    pub rows: Vec<RosterRow>,
}

/// What the bank says of one payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnRow {
    /// 户号
    pub household: HouseholdNo,
    /// In 分.
    pub amount: Fen,
    /// Whether it was paid.
    pub paid: bool,
    /// Why not, or empty.
    pub words: String,
}

/// 银行回盘: what the bank says of the payments of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BankReturn {
    /// Which month.
    #[schema(value_type = String)]
    pub month: Month,
    /// The file it was read from, already durable in the vault.
    pub file: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its name.
    pub name: String,
    /// 更正: the file that was wrong, and counts no more for the month.
    #[serde(default)]
    pub instead_of: Option<Digest>,
    /// The rows that were read.
    pub rows: Vec<ReturnRow>,
}

/// What of a household does not agree in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaymentDifference)]
pub enum Difference {
    /// It is entitled and not on the roster.
    NotListed,
    /// It is on the roster and not entitled: stopped, refused, not confirmed.
    NotEntitled,
    /// The roster has another amount than the decision.
    OtherAmount,
    /// It is on the roster, and the bank says nothing of it.
    NoAnswer,
    /// The bank could not pay.
    NotPaid,
    /// The bank paid another amount than the roster has.
    PaidOther,
    /// The bank paid more than once.
    PaidTwice,
    /// The bank paid, and it is not on the roster.
    PaidUnlisted,
    /// The roster covers more persons than lived in it.
    TooMany,
    /// One of its persons is on the roster with another household too.
    SamePerson,
    /// One of its persons had died before the month, other departments say, and nobody has
    /// stated or decided anything of it.
    FoundDead,
}

impl Difference {
    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::NotListed => "应发未列",
            Self::NotEntitled => "不应发而列",
            Self::OtherAmount => "名册金额不符",
            Self::NoAnswer => "银行无回盘",
            Self::NotPaid => "未发成",
            Self::PaidOther => "实发金额不符",
            Self::PaidTwice => "重复发放",
            Self::PaidUnlisted => "名册外发放",
            Self::TooMany => "人数多于在户",
            Self::SamePerson => "一人两户",
            Self::FoundDead => "已死亡仍发放",
        }
    }

    /// In English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::NotListed => "entitled, not listed",
            Self::NotEntitled => "listed, not entitled",
            Self::OtherAmount => "roster has another amount",
            Self::NoAnswer => "no answer of the bank",
            Self::NotPaid => "not paid",
            Self::PaidOther => "another amount paid",
            Self::PaidTwice => "paid twice",
            Self::PaidUnlisted => "paid, not listed",
            Self::TooMany => "covers more than live there",
            Self::SamePerson => "a person is listed twice",
            Self::FoundDead => "a person was found dead",
        }
    }
}

/// What the three say of a household in a month, in 分.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Three {
    /// What decisions give it.
    pub entitled: Option<i64>,
    /// What the roster has.
    pub listed: Option<i64>,
    /// What the bank paid in all.
    pub paid: i64,
    /// How often it paid.
    pub times: i64,
    /// How often it answered.
    pub answers: i64,
    /// 保障人数 on the roster.
    pub covers: i64,
    /// How many lived in it in the month.
    pub lives: i64,
    /// Whether one of its persons is on the roster with another household too.
    pub is_twice: bool,
    /// Whether one of its persons was found dead, and nobody has decided of it.
    pub has_dead: bool,
}

/// What does not agree; `answered` when the bank has answered for the month at all.
#[must_use]
pub fn differences(three: Three, answered: bool) -> Vec<Difference> {
    let mut found = Vec::new();
    match (three.entitled, three.listed) {
        (Some(_), None) => found.push(Difference::NotListed),
        (None, Some(_)) => found.push(Difference::NotEntitled),
        (Some(due), Some(listed)) if due != listed => found.push(Difference::OtherAmount),
        _ => {}
    }
    match three.listed {
        None if three.times > 0 => found.push(Difference::PaidUnlisted),
        Some(_) if answered && three.answers == 0 => found.push(Difference::NoAnswer),
        Some(_) if three.answers > 0 && three.times == 0 => found.push(Difference::NotPaid),
        Some(listed) if three.times == 1 && three.paid != listed => {
            found.push(Difference::PaidOther);
        }
        _ => {}
    }
    if three.times > 1 {
        found.push(Difference::PaidTwice);
    }
    if three.listed.is_some() && three.covers > three.lives {
        found.push(Difference::TooMany);
    }
    if three.is_twice {
        found.push(Difference::SamePerson);
    }
    if three.has_dead {
        found.push(Difference::FoundDead);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_agree_is_named() {
        use Difference::{
            NoAnswer, NotEntitled, NotListed, NotPaid, OtherAmount, PaidOther, PaidTwice,
            PaidUnlisted,
        };
        let three = |entitled, listed, paid, times, answers| Three {
            entitled,
            listed,
            paid,
            times,
            answers,
            ..Three::default()
        };
        for (what, found) in [
            (three(Some(100), Some(100), 100, 1, 1), vec![]),
            (three(Some(100), None, 0, 0, 0), vec![NotListed]),
            (three(None, Some(100), 100, 1, 1), vec![NotEntitled]),
            (three(Some(100), Some(90), 90, 1, 1), vec![OtherAmount]),
            (three(Some(100), Some(100), 0, 0, 0), vec![NoAnswer]),
            (three(Some(100), Some(100), 0, 0, 1), vec![NotPaid]),
            (three(Some(100), Some(100), 99, 1, 1), vec![PaidOther]),
            (three(Some(100), Some(100), 200, 2, 2), vec![PaidTwice]),
            // It failed once, and was paid at the second attempt.
            (three(Some(100), Some(100), 100, 1, 2), vec![]),
            (three(None, None, 100, 1, 1), vec![PaidUnlisted]),
            (three(Some(100), None, 100, 1, 1), vec![NotListed, PaidUnlisted]),
        ] {
            assert_eq!(differences(what, true), found, "{what:?}");
        }
        assert_eq!(differences(three(Some(100), Some(100), 0, 0, 0), false), vec![]);
        let right = three(Some(100), Some(100), 100, 1, 1);
        let found =
            |covers, lives, is_twice| differences(Three { covers, lives, is_twice, ..right }, true);
        assert_eq!(found(2, 2, false), vec![]);
        assert_eq!(found(3, 2, false), vec![Difference::TooMany]);
        assert_eq!(found(2, 2, true), vec![Difference::SamePerson]);
        let dead = Three { has_dead: true, ..right };
        assert_eq!(differences(dead, true), vec![Difference::FoundDead]);
    }
}
