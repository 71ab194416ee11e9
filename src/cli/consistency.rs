use std::path::PathBuf;

use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::prove;

/// Prints the hashes that show that one checkpoint of the log continues
/// another; an auditor checks them with `yidang-verify consistency`.
#[derive(Debug, Args)]
pub(super) struct Consistency {
    /// The older checkpoint, as it was kept.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The newer one.
    #[arg(value_name = "NEW")]
    new: PathBuf,
}

impl Consistency {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let (old, new) = (std::fs::read_to_string(&self.old)?, std::fs::read_to_string(&self.new)?);
        let path = prove::consistency(&app, &old, &new).await?;
        if common.json {
            print_json(&path.lines().collect::<Vec<_>>())?;
        } else {
            print!("{path}");
        }
        Ok(Outcome::Done)
    }
}
