//! 利用: a look at records, as the access log has it. Who looked stands in the
//! body beside it; the entry that commits to the body says nothing of either.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Actor;
use super::act::FORMAT;
use super::id::{DocumentId, HouseholdNo};

/// The most characters of the words of a reason.
pub const MOST_WORDS: usize = 200;
/// The most characters of what was shown, or asked for, that are noted.
pub const MOST_TITLE: usize = 300;

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
    /// 封存: the access log took note of how far the records log was.
    Seal,
}

impl Kind {
    /// Every kind, as a list to choose from has them.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Download,
        Self::Print,
        Self::Export,
        Self::Search,
        Self::Reveal,
        Self::Guest,
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
        if words.chars().any(char::is_control) {
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

/// How far another log was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecordsStanding)]
pub struct Standing {
    /// Its name.
    pub origin: String,
    /// How many entries it had.
    pub size: u64,
    /// The root of its tree, in base64.
    pub root: String,
}

/// A look at records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// What was done.
    pub kind: Kind,
    /// What came of it.
    pub outcome: Outcome,
    /// The household whose file it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdNo>,
    /// The paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// The version of the bound volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// 档号, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// 题名 of what was shown, the words that were searched, or what was asked
    /// for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// How many pages it has, papers were found, or rows were exported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Why; none where none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// How far the records log was, in a seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Standing>,
}

impl Look {
    /// A look of this kind, shown.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            outcome: Outcome::Shown,
            household: None,
            document: None,
            version: None,
            code: String::new(),
            title: String::new(),
            count: None,
            reason: None,
            records: None,
        }
    }

    /// The same at the file of a household.
    #[must_use]
    pub fn of(self, household: HouseholdNo) -> Self {
        Self { household: Some(household), ..self }
    }

    /// The same at a document.
    #[must_use]
    pub fn at(self, document: DocumentId) -> Self {
        Self { document: Some(document), ..self }
    }

    /// The same at what is called so; no more of it than is noted.
    #[must_use]
    pub fn titled(self, title: &str) -> Self {
        let title = title.chars().map(|c| if c.is_control() { ' ' } else { c });
        Self { title: title.take(MOST_TITLE).collect(), ..self }
    }

    /// The same at a bound version with this 档号.
    #[must_use]
    pub fn coded(self, code: &str, version: Option<i64>) -> Self {
        Self { code: code.to_owned(), version, ..self }
    }

    /// The same at so many pages, papers or rows.
    #[must_use]
    pub fn counting(self, count: impl TryInto<u64>) -> Self {
        Self { count: count.try_into().ok(), ..self }
    }

    /// The same, which came to this.
    #[must_use]
    pub fn ending(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    /// By what two looks of one person are the same, when they follow each other
    /// soon.
    #[must_use]
    pub fn subject(&self) -> String {
        let of = |no: &HouseholdNo| no.to_string();
        format!(
            "{}/{}/{}/{:?}/{:?}/{}",
            self.kind.as_str(),
            self.outcome.as_str(),
            self.household.as_ref().map(of).unwrap_or_default(),
            self.document.map(|id| id.0),
            self.version,
            match self.household.is_some() || self.document.is_some() {
                true => "",
                false => &self.title,
            }
        )
    }
}

/// The look with its person and a salt: its digest is a commitment that tells
/// nothing of either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookBody {
    /// The version of this format.
    pub v: u8,
    /// 32 random bytes in hexadecimal.
    pub salt: String,
    /// Who looked.
    pub actor: Actor,
    /// At what.
    pub look: Look,
}

impl LookBody {
    /// A body with a new salt.
    #[must_use]
    pub fn new(actor: Actor, look: Look) -> Self {
        Self { v: FORMAT, salt: hex::encode(rand::random::<[u8; 32]>()), actor, look }
    }
}

/// By what a person is told from others: the account, or on the command line the
/// name.
#[must_use]
pub fn key_of(actor: &Actor) -> String {
    actor.person.as_ref().map_or_else(|| actor.name.clone(), |person| person.as_str().to_owned())
}

/// What the access log says of every look in clear: the PREMIS event type.
pub const EVENT_TYPE: &str = "dissemination";

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
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for purpose in Purpose::ALL {
            assert_eq!(Reason::new(purpose.as_str(), "x").unwrap().purpose, purpose);
        }
    }
}
