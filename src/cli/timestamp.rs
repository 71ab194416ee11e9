use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::model::access::Right;
use crate::timestamp;

/// Lets an authority confirm that the log was there by now (RFC 3161), with
/// everything in it; the answer is kept as a blob and named by an act.
#[derive(Debug, Args)]
pub(super) struct Timestamp {
    /// The address of the authority; that of the settings when left out.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

impl Timestamp {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::ManageKeys).await?;
        let url = self.url.unwrap_or_else(|| app.config.log.timestamp.clone());
        if url.is_empty() {
            return Err(Failure::usage(
                "no timestamp authority is named",
                "give one with --url, or as log.timestamp in the settings",
            ));
        }
        let stamped = timestamp::stamp(&app, &actor, &url).await?;
        app.settle().await?;
        if common.json {
            print_json(&stamped)?;
        } else {
            println!(
                "{} entries were there at {}, says {}; entry {} names the answer",
                stamped.size, stamped.confirmed, stamped.authority, stamped.entry
            );
        }
        Ok(Outcome::Done)
    }
}
