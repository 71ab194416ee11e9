use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::rebuild::{self, Step};

/// Drops catalog and index and makes both again from the object store.
#[derive(Debug, Args)]
pub(super) struct Rebuild {}

impl Rebuild {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        // The catalog may be lost as a whole: the folder is opened as it is.
        let app = App::open(common.config()?, false).await?;
        let bar = super::progress::bar("log", 0);
        let rebuilt = rebuild::rebuild(&app, |step| match step {
            Step::Applying(next) => {
                bar.set_length(u64::try_from(next).unwrap_or(0));
                bar.set_position(u64::try_from(next).unwrap_or(0));
            }
            Step::Reading(done, total) => {
                bar.set_message("readings");
                bar.set_length(total);
                bar.set_position(done);
            }
            Step::Indexing => bar.set_message("index"),
        })
        .await?;
        bar.finish_and_clear();
        if common.json {
            print_json(&rebuilt)?;
        } else {
            println!(
                "{} log entries applied, {} documents indexed",
                rebuilt.entries, rebuilt.documents
            );
            if rebuilt.to_read > 0 {
                println!(
                    "{} files are to be read again: yidang work --until-idle",
                    rebuilt.to_read
                );
            }
        }
        Ok(Outcome::Done)
    }
}

/// Prints the catalog as canonical JSON lines: the same log, the same bytes.
#[derive(Debug, Args)]
pub(super) struct Dump {}

impl Dump {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        common.by_the_machine()?;
        let app = common.open().await?;
        for line in rebuild::dump(&app).await? {
            println!("{line}");
        }
        Ok(Outcome::Done)
    }
}
