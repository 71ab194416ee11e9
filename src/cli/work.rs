use std::time::Duration;

use clap::Args;

use super::{Common, Failure, Outcome};
use crate::model::access::Right;
use crate::{follow, jobs, worker};

/// Works through the queue: reads what was added and brings the index up to
/// it.
#[derive(Debug, Args)]
pub(super) struct Work {
    /// Ends when nothing is left to do; otherwise goes on.
    #[arg(long)]
    until_idle: bool,
    /// Makes failed jobs ready again first.
    #[arg(long)]
    retry: bool,
}

impl Work {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::RunJobs).await?;
        if self.retry {
            jobs::retry(&app, &actor, None).await?;
        }
        if !self.until_idle {
            eprintln!("working; Ctrl-C ends it");
            tokio::select! {
                () = worker::serve(app.clone()) => {}
                () = follow::serve(app.clone()) => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return Ok(Outcome::Done);
        }
        let (ready, running, _) = jobs::counts(&app).await?;
        let bar = super::progress::bar("reading", u64::try_from(ready + running).unwrap_or(0));
        let ticks = bar.clone();
        let done = worker::drain(&app, true, move |job, error| {
            if let Some(error) = error {
                ticks.suspend(|| eprintln!("yidang: {}: {error}", job.subject));
            }
            ticks.inc(1);
        })
        .await?;
        bar.finish_and_clear();
        follow::until_current(&app).await?;
        let failed = jobs::list(&app, &actor, 1000).await?.len();
        if common.json {
            super::print_json(&serde_json::json!({ "done": done, "failed": failed }))?;
        } else {
            println!("{done} files read, {failed} failed");
        }
        // Bars are drawn by a thread of their own.
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(if failed > 0 { Outcome::Findings } else { Outcome::Done })
    }
}
