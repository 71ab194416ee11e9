//! 核查发现: what was found of households, listed and closed. Findings are computed when
//! they are read; that one is closed is an act, by a paper of the household's file.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::computed::HOUSEHOLDS;
use super::{LivingError, WORDS, computed, level, refused, region, seen, short};
use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::catalog::evidence::{self, Candidate, ClosedRow, Grounds};
use crate::catalog::households;
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::act::Act;
use crate::model::evidence::{Closing, EvidenceRule, Outcome};
use crate::model::finding::{self, Finding, Household, How};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::profile::Collector;
use crate::record::Receipt;

pub use crate::catalog::evidence::EvidenceFileRow;

/// How many households are looked at at a time.
const BATCH: u32 = 1000;
/// How many are looked at for one page at most: a page may be short, and goes on.
const COMPUTED: usize = 3000;
/// Fewer than one of so many are few.
const FEW: usize = 8;

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

/// Which findings are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Of this organisation: its code or the beginning.
    pub organisation: String,
    /// The code of a finding; empty for any.
    pub finding: String,
    /// How they stand; none for any.
    pub state: Option<State>,
    /// After this household.
    pub after: String,
}

/// A part of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FindingPart)]
pub struct Part {
    /// By household number.
    pub findings: Vec<Standing>,
    /// The household after which it goes on; none at its end. A part may be short, and
    /// go on all the same.
    pub next: Option<String>,
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

/// The findings of an organisation, by household, about `limit` of them: whole households
/// until there are as many.
///
/// # Errors
/// When the organisation is none, or there is no such finding.
pub async fn list(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Part, LivingError> {
    actor.must(Right::Look)?;
    let organisation = region(&asked.organisation)?;
    if !asked.finding.is_empty() && app.rules.evidence.finding(&asked.finding).is_none() {
        return Err(LivingError::Told {
            zh: "没有这一类核查发现。",
            en: "there is no such kind of finding",
        });
    }
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let acts = [&HOUSEHOLDS[..], &["take_step", "take_evidence", "close_finding"]].concat();
    let last = computed::last_of(&mut tx, &acts).await?;
    let key = format!("findings {} {limit} {asked:?}", visible.prefix());
    if let Some(found) = app.computed.get(&key, last) {
        return Ok(found);
    }
    let asked = &Asked { organisation, ..asked.clone() };
    let found = part(app, &mut tx, &visible, asked, limit).await?;
    app.computed.keep(key, last, (found.findings.len(), found.clone()));
    Ok(found)
}

async fn part(
    app: &App,
    tx: &mut crate::db::Tx,
    visible: &Scope,
    asked: &Asked,
    limit: u32,
) -> Result<Part, LivingError> {
    let wanted = |one: &Standing| {
        (asked.finding.is_empty() || one.finding.code == asked.finding)
            && asked.state.is_none_or(|state| one.state == state)
    };
    let (mut part, mut after, mut computed) = (Part::default(), asked.after.clone(), 0);
    loop {
        let batch = evidence::candidates(tx, visible, &asked.organisation, &after, BATCH).await?;
        let (Some(first), Some(last)) = (batch.first(), batch.last()) else { return Ok(part) };
        let (first, last) = (first.household.clone(), last.household.clone());
        let whole = batch.len() < BATCH as usize;
        let count = batch.len();
        let suspects = suspects(app, tx, batch).await?;
        // Where there are few among those that stand between them, each is looked at alone.
        let between = households::between(tx, visible, &first, &last).await?;
        let mut of_all = match suspects.len() * FEW > usize::try_from(between).unwrap_or(0) {
            true => Some(evidence::grounds(tx, visible, &first, &last).await?),
            false => None,
        };
        for one in &suspects {
            let no = &one.household;
            let found = match &mut of_all {
                Some(grounds) => standing(app, one, grounds),
                None => standing(app, one, &mut evidence::grounds(tx, visible, no, no).await?),
            };
            part.findings.extend(found.into_iter().filter(wanted));
            if part.findings.len() >= limit as usize && !(whole && *no == last) {
                part.next = Some(no.clone());
                return Ok(part);
            }
        }
        computed += count;
        if whole {
            return Ok(part);
        }
        if computed >= COMPUTED {
            part.next = Some(last);
            return Ok(part);
        }
        after = last;
    }
}

/// Those of which something is found for sure, or may be: all but those of which nothing
/// was found beyond what they declare since the results came.
async fn suspects(
    app: &App,
    tx: &mut crate::db::Tx,
    batch: Vec<Candidate>,
) -> Result<Vec<Candidate>, LivingError> {
    let rules = &app.rules.evidence;
    let (Some(first), Some(last)) = (batch.first(), batch.last()) else { return Ok(batch) };
    let (first, last) = (first.household.as_str(), last.household.as_str());
    let told = evidence::told(tx, first, last).await?;
    let stated: HashMap<&str, Option<i64>> =
        batch.iter().map(|one| (one.household.as_str(), one.stated)).collect();
    let mut suspected: HashSet<&str> = HashSet::new();
    // By the code of what is found: what all kinds that tell of it come to.
    let mut sums: HashMap<&str, HashMap<&str, i64>> = HashMap::new();
    for one in &told {
        let household = one.household.as_str();
        let finding = rules.kind(&one.kind).map(|kind| kind.finding.as_str());
        let rule = finding.and_then(|code| rules.finding(code));
        match rule.filter(|rule| rule.how == How::More) {
            // What was stated since may have settled it.
            Some(rule) if stated.get(household).is_some_and(|last| *last <= Some(one.first)) => {
                let sum = sums.entry(&rule.code).or_default().entry(household).or_default();
                *sum = sum.saturating_add(one.amount);
            }
            _ => {
                suspected.insert(household);
            }
        }
    }
    for (code, sums) in &sums {
        let Some(rule) = rules.finding(code) else { continue };
        let declared = evidence::declared(tx, &rule.field, first, last).await?;
        let declared: HashMap<_, _> = declared.into_iter().collect();
        for (household, found) in sums {
            let declared = declared.get(*household).map_or("", String::as_str);
            if rule.exceeds(declared, *found) {
                suspected.insert(household);
            }
        }
    }
    let is_one: HashSet<String> = suspected.into_iter().map(ToOwned::to_owned).collect();
    Ok(batch.into_iter().filter(|one| one.sure == 1 || is_one.contains(&one.household)).collect())
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
    tx: &mut crate::db::Tx,
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

/// How a finding is to be closed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FindingToClose)]
pub struct ToClose {
    /// The code of the finding.
    #[schema(min_length = 1, max_length = 40)]
    pub finding: String,
    /// Of which person, by place; none when it is of the household as a whole.
    #[serde(default)]
    #[schema(maximum = 10_000)]
    pub member: Option<u32>,
    /// What it rests on, as it was listed.
    #[schema(min_length = 1, max_length = 64)]
    pub mark: String,
    /// What it came to.
    pub outcome: Outcome,
    /// The paper of its file that decides it.
    #[schema(value_type = i64, minimum = 0)]
    pub document: DocumentId,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    pub words: String,
}

/// Whether an office decides by papers of this 件种, so that one of them can close a finding.
#[must_use]
pub fn is_decision(app: &App, type_code: &str) -> bool {
    app.rules.evidence.decided_by.iter().any(|code| code == type_code)
}

/// Refuses a paper that decides nothing, or was written before anything was found.
fn decides(app: &App, found: &Finding, paper: Option<&Document>) -> Result<(), LivingError> {
    // One that is not there, or not of the file, is refused where it is recorded.
    let Some(paper) = paper else { return Ok(()) };
    if !is_decision(app, &paper.type_code) {
        return Err(LivingError::Told {
            zh: "这一件不能作为处理的依据：要凭核对报告、入户调查、复审表、审批表这类办理中形成的件。",
            en: "no office decides by this paper: it takes a report, a visit, a review, an \
                 approval or the like",
        });
    }
    if !paper.date.is_empty() && paper.date < found.since {
        return Err(LivingError::Told {
            zh: "这一件比查到的还早，不能作为处理的依据。",
            en: "this paper is older than what was found: it cannot decide it",
        });
    }
    Ok(())
}

/// Closes a finding of household `no`. What the benefit does is decided elsewhere.
///
/// # Errors
/// When there is no such household or finding, it was closed by another, the paper is
/// not of its file, none by which offices decide, or older than what was found, the person
/// is of a community, or words are missing.
pub async fn close(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    closing: ToClose,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    let words = short(&closing.words, WORDS).filter(|words| !words.is_empty());
    let words = words.ok_or(LivingError::Words)?;
    let mut tx = app.db.read().await?;
    let all = computed(app, &mut tx, actor, no).await?;
    let paper = documents::get(&mut tx, &scope(actor), closing.document).await?;
    drop(tx);
    if level(&actor.organisation) < Collector::Street {
        return Err(LivingError::OtherLevel(Collector::Street));
    }
    let member = closing.member.map(i64::from);
    let same = |one: &&Standing| {
        let finding = &one.finding;
        finding.code == closing.finding && finding.member == member && finding.mark == closing.mark
    };
    let none = LivingError::Told {
        zh: "这一户没有这一条，先看看现在的样子。",
        en: "there is no such finding of the household: look at it first",
    };
    let found = all.iter().find(same).ok_or(none)?;
    if let Some(row) = &found.closed {
        let (author, entry) = (row.author.clone(), row.entry);
        return Err(refused(EvidenceRule::Closed { author, entry }.into()));
    }
    decides(app, &found.finding, paper.as_ref())?;
    let said = Closing {
        household: no.clone(),
        finding: closing.finding,
        called: found.called.clone(),
        member: closing.member,
        mark: closing.mark,
        declared: found.finding.declared.clone(),
        found: found.finding.found.clone(),
        outcome: closing.outcome,
        document: closing.document,
        words,
    };
    Ok(app.recorder.record(actor, Act::CloseFinding(said)).await?)
}
