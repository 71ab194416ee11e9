//! 核查发现: what was found of households, listed and closed. Findings are computed when
//! they are read; that one is closed is an act, by a paper of the household's file.

mod close;
mod list;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::close::{ToClose, close, is_decision};
pub use self::list::{Asked, Part, list};
use super::{LivingError, seen};
use crate::app::App;
use crate::catalog::evidence::{self, Candidate, ClosedRow, Grounds};
use crate::db::Tx;
use crate::model::access::{Actor, scope};
use crate::model::finding::{self, Finding, Household};
use crate::model::id::HouseholdNo;

pub use crate::catalog::evidence::EvidenceFileRow;

/// How a finding stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingState)]
pub enum State {
    /// 待处理: nobody has closed it.
    #[default]
    Open,
    /// 已处理: it was closed.
    Closed,
    /// 已更正: what is declared was corrected, a paper proves it, and it agrees.
    Settled,
}

impl State {
    /// Its name for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Settled => "settled",
        }
    }
}

impl std::str::FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Open, Self::Closed, Self::Settled];
        let found = all.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is none of open, closed, settled"))
    }
}

/// A finding of a household, with how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HouseholdFinding)]
pub struct Standing {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// What it is called, in Chinese.
    pub called: String,
    /// The same in English.
    pub called_en: String,
    /// How it stands.
    pub state: State,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// How it was closed, where it was.
    pub closed: Option<ClosedRow>,
}

/// The findings of a household in the order of the rules, closed ones last.
fn standing(app: &App, one: &Candidate, grounds: &mut Grounds) -> Vec<Standing> {
    let household = Household {
        stated: grounds.stated.remove(&one.household).unwrap_or_default(),
        results: grounds.results.remove(&one.household).unwrap_or_default(),
        twins: grounds.twins.remove(&one.household).unwrap_or_default(),
    };
    let mut closed = grounds.closed.remove(&one.household).unwrap_or_default();
    let rules = &app.rules.evidence;
    let called = |code: &str, before: &str| match rules.finding(code) {
        Some(rule) => (rule.name.clone(), rule.name_en.clone()),
        None => (before.to_owned(), before.to_owned()),
    };
    let all = finding::findings(rules, &household).into_iter().map(|finding| {
        let member = finding.member.unwrap_or(crate::catalog::facts::WHOLE);
        let same = |row: &ClosedRow| {
            row.finding == finding.code && row.member == member && row.mark == finding.mark
        };
        let row = closed.iter().position(same).map(|at| closed.remove(at));
        let state = match (&row, finding.settled) {
            (Some(_), _) => State::Closed,
            (None, true) => State::Settled,
            (None, false) => State::Open,
        };
        (finding, state, row)
    });
    let mut found: Vec<_> = all.collect();
    // What was closed stays, though nothing is found any more.
    found.extend(closed.into_iter().map(|row| (as_it_was(&row), State::Closed, Some(row))));
    let standing = |(finding, state, closed): (Finding, State, Option<ClosedRow>)| {
        let before = closed.as_ref().map_or("", |row| row.called.as_str());
        let (called, called_en) = called(&finding.code, before);
        Standing {
            household: one.household.clone(),
            head: one.head.clone(),
            organisation: one.organisation.clone(),
            called,
            called_en,
            state,
            finding,
            closed,
        }
    };
    found.into_iter().map(standing).collect()
}

/// A finding as it was when it was closed.
fn as_it_was(row: &ClosedRow) -> Finding {
    Finding {
        code: row.finding.clone(),
        member: (row.member >= 0).then_some(row.member),
        name: String::new(),
        mark: row.mark.clone(),
        declared: row.declared.clone(),
        found: row.found.clone(),
        difference: 0,
        since: String::new(),
        entries: Vec::new(),
        settled: false,
        outdated: false,
    }
}

/// What was found of one household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FindingsOfHousehold)]
pub struct OfHousehold {
    /// The findings, closed ones too.
    pub findings: Vec<Standing>,
    /// The files that say something of its persons, in order.
    pub files: Vec<EvidenceFileRow>,
}

/// What was found of household `no`. It is part of its file, and that it is looked at is
/// noted with that.
///
/// # Errors
/// When there is none this person may see, or the look cannot be noted.
pub async fn of_household(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<OfHousehold, LivingError> {
    super::statements::on_day(app, actor, no, None, None).await?;
    let mut tx = app.db.read().await?;
    Ok(OfHousehold {
        findings: computed(app, &mut tx, actor, no).await?,
        files: evidence::sources(&mut tx, no).await?,
    })
}

/// How many findings of household `no` are open, for somebody who sees its file already.
///
/// # Errors
/// When there is none this person may see.
pub async fn open_of(app: &App, actor: &Actor, no: &HouseholdNo) -> Result<u64, LivingError> {
    let mut tx = app.db.read().await?;
    let found = computed(app, &mut tx, actor, no).await?;
    Ok(found.iter().filter(|one| one.state == State::Open).count() as u64)
}

async fn computed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<Vec<Standing>, LivingError> {
    let household = seen(tx, actor, no).await?;
    let mut grounds = evidence::grounds(tx, &scope(actor), no.as_str(), no.as_str()).await?;
    let one = Candidate {
        household: no.to_string(),
        head: household.head,
        organisation: household.organisation,
        state: household.state,
        stated: household.stated,
        sure: 1,
    };
    Ok(standing(app, &one, &mut grounds))
}
