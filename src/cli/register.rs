use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;

use super::{Common, Failure, Outcome};
use crate::model::access::Right;
use crate::setup::{self, HouseholdEntry, OrganisationEntry};

/// Registers the names of organisations, and opens households from a roster.
#[derive(Debug, Args)]
pub(super) struct Register {
    /// JSON: [{"code", "name"}], code of 12 digits.
    #[arg(long, value_name = "FILE")]
    organisations: Option<PathBuf>,
    /// JSON: [{"household_no", "head", "id_number", "address", "members"}].
    #[arg(long, value_name = "FILE")]
    households: Option<PathBuf>,
}

impl Register {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let organisations: Vec<OrganisationEntry> = read(self.organisations.as_deref())?;
        let households: Vec<HouseholdEntry> = read(self.households.as_deref())?;
        let app = common.open().await?;
        let actor = common.acting(&app, Right::ManagePeople).await?;
        let counts = (organisations.len(), households.len());
        setup::register(&app, &actor, organisations).await?;
        setup::open_all(&app, &actor, households).await?;
        println!("{} organisations registered, {} households opened", counts.0, counts.1);
        app.settle().await?;
        Ok(Outcome::Done)
    }
}

/// The list in a JSON file; an empty one when there is no file.
fn read<T: for<'de> Deserialize<'de>>(path: Option<&Path>) -> Result<Vec<T>, Failure> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let wrong = |why: String| Failure::usage(format!("{}: {why}", path.display()), "");
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
}
