//! 利用: a look at records, as the access log has it. Who looked stands in the
//! body beside it; the entry that commits to the body says nothing of either.

mod kind;
mod reason;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::kind::{Kind, Outcome};
pub use self::reason::{MOST_WORDS, Purpose, Reason, ReasonError};
use super::access::Actor;
use super::act::FORMAT;
use super::id::{DocumentId, HouseholdNo};
use super::mask;
use super::text::hidden;

/// The most characters of what was shown, or asked for, that are noted.
pub const MOST_TITLE: usize = 300;

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

    /// The same at what is called so; no more of it than is noted. Numbers in what
    /// is cut are covered before, so that none is cut in two.
    #[must_use]
    pub fn titled(self, title: &str) -> Self {
        let is_cut = title.chars().count() > MOST_TITLE;
        let title = if is_cut { mask::numbers(title) } else { title.to_owned() };
        let title = title.chars().map(|c| if hidden(c) { ' ' } else { c });
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
