//! 处理: a finding is closed by a paper of an office.

use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{LivingError, WORDS, level, refused, short};
use super::{Standing, computed};
use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::evidence::{Closing, EvidenceRule, Outcome};
use crate::model::finding::Finding;
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::profile::Collector;
use crate::record::Receipt;

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
