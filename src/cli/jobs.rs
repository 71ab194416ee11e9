use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::jobs;
use crate::model::access::Right;

/// Lists the jobs that are not done; makes failed ones ready again.
#[derive(Debug, Args)]
pub(super) struct Jobs {
    /// Makes every failed job ready again.
    #[arg(long)]
    retry: bool,
}

impl Jobs {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::RunJobs).await?;
        if self.retry {
            let ready = jobs::retry(&app, &actor, None).await?;
            eprintln!("{ready} jobs are ready again");
        }
        let list = jobs::list(&app, &actor, 1000).await?;
        let failed = list.iter().any(|(job, _)| job.state == "failed");
        if common.json {
            print_json(&list.iter().map(|(job, _)| job).collect::<Vec<_>>())?;
        } else {
            for (job, documents) in &list {
                let numbers: Vec<String> =
                    documents.iter().map(|document| document.id.to_string()).collect();
                println!(
                    "{:8} {} tries {}  documents {}  {}",
                    job.state,
                    job.kind,
                    job.attempts,
                    numbers.join(" "),
                    job.error
                );
            }
        }
        Ok(if failed { Outcome::Findings } else { Outcome::Done })
    }
}
