use std::path::PathBuf;

use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::prove;
use crate::tlog::Checkpoint;

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
        let (old, new) = (std::fs::read_to_string(&self.old)?, std::fs::read_to_string(&self.new)?);
        if let (Ok(old), Ok(new)) = (Checkpoint::parse(&old), Checkpoint::parse(&new)) {
            in_order(&old, &new)?;
        }
        let app = common.open().await?;
        let path = prove::consistency(&app, &old, &new).await?;
        if common.json {
            print_json(&path.lines().collect::<Vec<_>>())?;
        } else {
            print!("{path}");
        }
        Ok(Outcome::Done)
    }
}

/// Makes sure that there is something to show: of nothing at all nobody would learn
/// that it was asked the wrong way round.
fn in_order(old: &Checkpoint, new: &Checkpoint) -> Result<(), Failure> {
    let (first, second) = (old.size, new.size);
    if first > second {
        let sentence = format!(
            "the first checkpoint has {first} entries and the second {second}: the first is the newer one"
        );
        return Err(Failure::usage(sentence, "give the older one first: OLD NEW"));
    }
    if first == second && old.root != new.root {
        let sentence = format!("both checkpoints have {first} entries, and they are not the same");
        return Err(Failure::trouble(sentence));
    }
    Ok(())
}
