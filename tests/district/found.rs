//! What the lists of the program say of a district, to be set beside what they have to
//! say.

use std::collections::{BTreeMap, BTreeSet};

use yidang::app::App;
use yidang::living::completeness;
use yidang::living::evidence::{self, GivenResults, Taken};
use yidang::living::findings::{self, State};
use yidang::living::payments;
use yidang::model::access::Actor;
use yidang::model::month::Month;
use yidang::model::payment::Difference;

use super::{Expected, Failed};

/// What the lists say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// 缺件: household, type, who owes it.
    pub missing: BTreeSet<(String, String, String)>,
    /// 核查发现: household, code, place of the person.
    pub findings: BTreeSet<(String, String, Option<i64>)>,
    /// 对账 of each month: household and what does not agree.
    pub differences: BTreeMap<String, BTreeMap<String, BTreeSet<Difference>>>,
}

impl Found {
    /// What they say to `by`, of these months; lists are read part by part, as pages are
    /// turned.
    ///
    /// # Errors
    /// When a list cannot be read, or says something twice.
    pub async fn read(app: &App, by: &Actor, months: &[Month]) -> Result<Self, Failed> {
        let mut found = Self::default();
        let mut asked = completeness::Asked::default();
        loop {
            let part = completeness::lacking(app, by, &asked, 50).await?;
            let Some(last) = part.last() else { break };
            asked.after = completeness::behind(last);
            for one in part {
                once(found.missing.insert((one.household, one.type_code, one.collector)))?;
            }
        }
        let mut asked = findings::Asked { state: Some(State::Open), ..findings::Asked::default() };
        loop {
            let part = findings::list(app, by, &asked, 7).await?;
            for one in part.findings {
                let said = (one.household, one.finding.code, one.finding.member);
                once(found.findings.insert(said))?;
            }
            let Some(next) = part.next else { break };
            asked.after = next;
        }
        for month in months {
            let mut these = BTreeMap::new();
            for one in payments::reconcile(app, by, "", *month).await?.unlike {
                these.insert(one.household, one.differences.into_iter().collect());
            }
            found.differences.insert(month.to_string(), these);
        }
        Ok(found)
    }

    /// What they have to say, as [`Expected`] has it.
    #[must_use]
    pub fn right(expected: &Expected, months: &[Month]) -> Self {
        let missing = expected.missing.iter();
        Self {
            missing: missing
                .map(|(no, kind, owes)| (no.clone(), kind.clone(), (*owes).to_owned()))
                .collect(),
            findings: expected.findings.clone(),
            differences: months
                .iter()
                .map(|month| (month.to_string(), expected.differences(*month)))
                .collect(),
        }
    }
}

fn once(is_new: bool) -> Result<(), Failed> {
    if is_new { Ok(()) } else { Err("a list says something twice".into()) }
}

/// Takes in the results of one kind, with the rows that can be read.
///
/// # Errors
/// When they cannot be taken in.
pub async fn take(
    app: &App,
    by: &Actor,
    (kind, text): (&str, String),
    done: &(dyn Fn(u64, u64) + Sync),
) -> Result<Taken, Failed> {
    let given = GivenResults {
        kind: kind.into(),
        as_of: None,
        name: format!("{kind}.csv"),
        bytes: text.into(),
        mapping: None,
        partly: true,
    };
    Ok(evidence::take(app, by, given, done).await?)
}
