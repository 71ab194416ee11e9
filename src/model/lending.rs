//! 借阅: who may read or take the file of a household of another office, and
//! until when. The rules of a lending, without a clock: whoever asks says what
//! time it is.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Actor;
use super::id::{HouseholdNo, OrganisationCode, PersonId};
use super::people::without_blanks;
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

/// What the rules need to know of a lending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Whose file.
    pub household: HouseholdNo,
    /// Who asked.
    pub asker: Party,
    /// Who borrows.
    pub borrower: Party,
    /// What is done with the file.
    pub manner: Manner,
    /// The last day.
    pub until: Date,
    /// How far it has come.
    pub stage: Stage,
    /// How many pages were handed over.
    pub pages: u32,
}

/// Somebody who has part in a lending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Whose account, if they have one.
    pub person: Option<PersonId>,
    /// As they were called then.
    pub name: String,
    /// The accounts that are or were ever called like this one is or was: of two people of one
    /// name, and of one person with two accounts, whichever was renamed and when.
    pub alike: Vec<PersonId>,
}

impl Party {
    /// Whether this may be the acting person: by the account, whatever it is
    /// called and may do now, or by a name that both have or had, whatever the
    /// account. Two people of one name ask a third.
    #[must_use]
    pub fn is(&self, actor: &Actor) -> bool {
        let account = self.person.is_some() && self.person == actor.person;
        let alike = actor.person.as_ref().is_some_and(|person| self.alike.contains(person));
        account || alike || without_blanks(&self.name) == without_blanks(&actor.name)
    }
}

impl Facts {
    /// The stage after a decision at `now`.
    ///
    /// # Errors
    /// When the decider has part in it, it was decided, or its term has passed.
    pub fn decided(&self, by: &Actor, agreed: bool, now: Timestamp) -> Result<Stage, Rule> {
        if self.asker.is(by) || self.borrower.is(by) {
            Err(Rule::OwnRequest)
        } else if self.stage != Stage::Asked {
            Err(Rule::Stage)
        } else if agreed && now >= end_of(self.until) {
            Err(Rule::Past)
        } else {
            Ok(if agreed { Stage::Agreed } else { Stage::Refused })
        }
    }

    /// The stage after something was handed over at `now`.
    ///
    /// # Errors
    /// When there is nothing to hand over, or not any more.
    pub fn handed_over(&self, by: &Actor, now: Timestamp) -> Result<Stage, Rule> {
        let account = self.borrower.person.is_some() && self.manner == Manner::Look;
        if self.borrower.is(by) {
            Err(Rule::OwnRequest)
        } else if self.stage != Stage::Agreed || account {
            Err(Rule::Stage)
        } else if now >= end_of(self.until) {
            Err(Rule::Past)
        } else {
            Ok(Stage::HandedOver)
        }
    }

    /// The stage after the papers came back.
    ///
    /// # Errors
    /// When none are outside, the borrower says so, or there were fewer.
    pub fn returned(&self, by: &Actor, pages: u32) -> Result<Stage, Rule> {
        if self.borrower.is(by) {
            Err(Rule::OwnRequest)
        } else if self.stage != Stage::HandedOver || self.manner != Manner::Borrow {
            Err(Rule::Stage)
        } else if pages > self.pages {
            Err(Rule::Pages)
        } else {
            Ok(Stage::Returned)
        }
    }

    /// The stage after it was ended before its time. Papers that are outside
    /// come back first.
    ///
    /// # Errors
    /// When it is over, or papers are outside.
    pub fn ended(&self) -> Result<Stage, Rule> {
        match (self.stage, self.manner) {
            (Stage::Asked | Stage::Agreed, _) | (Stage::HandedOver, Manner::Look) => {
                Ok(Stage::Ended)
            }
            _ => Err(Rule::Stage),
        }
    }

    /// How it stands at `now`. Nothing has to be done for a term to end.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        let past = now >= end_of(self.until);
        let account = self.borrower.person.is_some();
        match (self.stage, self.manner) {
            (Stage::Refused, _) => Standing::Refused,
            (Stage::Ended, _) => Standing::Ended,
            (Stage::Returned, _) | (Stage::HandedOver, Manner::Copy) => Standing::Done,
            (Stage::HandedOver, Manner::Borrow) if past => Standing::Overdue,
            (Stage::HandedOver, Manner::Borrow) => Standing::Out,
            _ if past => Standing::Lapsed,
            (Stage::Asked, _) => Standing::Waiting,
            (Stage::Agreed, Manner::Look) if account => Standing::Open,
            (Stage::Agreed, _) => Standing::Ready,
            (Stage::HandedOver, Manner::Look) => Standing::Open,
        }
    }
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
