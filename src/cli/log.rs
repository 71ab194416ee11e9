use clap::Args;
use jiff::Timestamp;

use super::{Common, Failure, Outcome, print_json};
use crate::signing::{self, WitnessState};
use crate::uses;

/// Says how the log stands: its last checkpoint, its keys, and which witness
/// has signed it up to where, or why not.
#[derive(Debug, Args)]
pub(super) struct Log {}

/// Prints a policy for the auditor as things are now: the keys of the log, the
/// witnesses, and more than half of them as the quorum.
///
/// It is to be taken away on a visit, and never from what is to be checked.
#[derive(Debug, Args)]
pub(super) struct Policy {}

impl Log {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        app.settle().await?;
        let standing = signing::standing(&app).await?;
        if common.json {
            print_json(&standing)?;
            return Ok(Outcome::Done);
        }
        println!("{}: {} entries, root {}", standing.origin, standing.size, standing.root);
        for one in standing.keys.iter().filter(|one| one.state != signing::State::Unused) {
            println!("key      {}", one.key);
        }
        for one in &standing.witnesses {
            println!("witness  {}: {}", one.name, told(one, standing.size));
        }
        if let Some(no) = standing.timestamp {
            println!("the newest timestamp is entry {no}");
        }
        let looks = uses::state(&app).await?;
        println!("{}: {} looks, root {}", looks.origin, looks.size, looks.root);
        if let Some((entry, size)) = looks.sealed {
            println!("the first {size} looks are sealed by entry {entry}");
        }
        if looks.waiting > 0 {
            println!("{} looks wait to be published", looks.waiting);
        }
        if !looks.problem.is_empty() {
            println!("the access log: {}", looks.problem);
        }
        Ok(Outcome::Done)
    }
}

fn told(one: &WitnessState, size: u64) -> String {
    let signed = match one.size {
        0 => "has signed nothing yet".to_owned(),
        its if its == size => format!("has signed these {its} entries on {}", seconds(one.signed)),
        its => format!("has signed {its} entries on {}", seconds(one.signed)),
    };
    match one.trouble.as_str() {
        "" => signed,
        trouble => format!("{signed}; asked on {}: {trouble}", seconds(one.tried / 1000)),
    }
}

fn seconds(since: u64) -> String {
    let time = i64::try_from(since).ok().and_then(|since| Timestamp::from_second(since).ok());
    time.map_or_else(|| since.to_string(), |time| time.to_string())
}

impl Policy {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let text = signing::policy(&app).await?;
        if common.json {
            print_json(&serde_json::json!({ "policy": text }))?;
        } else {
            print!("{text}");
        }
        Ok(Outcome::Done)
    }
}
