//! What the samples say of themselves: which files there are, and the households with what
//! they receive.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Deserialize;

use super::{DemoError, at};
use crate::app::App;
use crate::living::cases::{self, Giving, Taking};
use crate::model::access::Actor;
use crate::model::codes::procedure::{CARRIED_OVER, CARRY};
use crate::model::id::HouseholdNo;
use crate::setup::{self, Founding, HouseholdEntry, OrganisationEntry};

/// A line of the samples' ground truth, as far as it is needed here.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sample {
    pub(super) file: PathBuf,
    #[serde(default)]
    demo: bool,
}

/// Returns the sample documents in this folder: `all` of them, or those that tell most.
pub(super) fn listed(samples: &Path, all: bool) -> Result<Vec<Sample>, DemoError> {
    let every: Vec<Sample> = read_lines(&samples.join("truth.jsonl"))?;
    Ok(every.into_iter().filter(|sample| all || sample.demo).collect())
}

/// Founds the archive and opens the households of the samples.
pub(super) async fn begin(
    app: &App,
    actor: &Actor,
    samples: &Path,
) -> Result<Vec<HouseholdEntry>, DemoError> {
    let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
    setup::found(app, actor, &founding).await.map_err(at("founding"))?;
    let organisations: Vec<OrganisationEntry> = read_json(&samples.join("organisations.json"))?;
    setup::register(app, actor, organisations).await.map_err(at("organisations"))?;
    let households: Vec<HouseholdEntry> = read_json(&samples.join("households.json"))?;
    setup::open_all(app, actor, households.clone()).await.map_err(at("households"))?;
    Ok(households)
}

/// A household of the samples, with what its newest decision gives it.
#[derive(Debug, Deserialize)]
struct Receiving {
    household_no: HouseholdNo,
    #[serde(default)]
    allowance: Vec<Allowance>,
}

/// What a household is paid a month in yuan, and since which decision.
#[derive(Debug, Deserialize)]
struct Allowance {
    on: Date,
    amount: u32,
}

/// 存量接收: the households receive the allowance already when their files come in.
pub(super) async fn carry(app: &App, clerk: &Actor, samples: &Path) -> Result<(), DemoError> {
    let households: Vec<Receiving> = read_json(&samples.join("households.json"))?;
    for one in households {
        for paid in one.allowance {
            let benefit = Giving {
                category: "B".to_owned(),
                amount: paid.amount.to_string(),
                ..Giving::default()
            };
            let taking = Taking {
                procedure: CARRIED_OVER.to_owned(),
                step: CARRY.to_owned(),
                on: Some(paid.on),
                benefit: Some(benefit),
                ..Taking::default()
            };
            cases::take(app, clerk, &one.household_no, taking)
                .await
                .map_err(at("carrying over"))?;
        }
    }
    Ok(())
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, DemoError> {
    let wrong = |e: String| DemoError::Samples(path.display().to_string(), e);
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))
}

fn read_lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, DemoError> {
    let wrong = |e: String| DemoError::Samples(path.display().to_string(), e);
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(|e| wrong(e.to_string()))).collect()
}
