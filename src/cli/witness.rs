use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Common, Failure, Outcome, print_json};
use crate::witness::{self, Office};

/// Witnesses the logs of others: signs that they only grow.
///
/// This is for another office than the one that keeps the archive. It needs no
/// archive, and its folder holds nothing but public checkpoints and its key.
#[derive(Debug, Args)]
pub(super) struct Witness {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Init(Init),
    Watch(Watch),
    Show(Show),
    Serve(Serve),
}

/// Makes a witness in a folder, and prints the line by which policies name it.
#[derive(Debug, Args)]
struct Init {
    /// The folder of the witness.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Its name: an address without scheme, such as `audit.example.gov.cn/w1`.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The verifier key of a log to watch, as `yidang key show` prints it.
    #[arg(long, value_name = "VERIFIER_KEY")]
    log: Vec<String>,
}

/// Watches a log from now on, or takes another key of one that is watched; a
/// server that runs need not be started again.
#[derive(Debug, Args)]
struct Watch {
    /// The folder of the witness.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The verifier keys, as `yidang key show` prints them.
    #[arg(value_name = "VERIFIER_KEY", required = true)]
    keys: Vec<String>,
}

/// Prints its policy line, and how far it has signed each log.
#[derive(Debug, Args)]
struct Show {
    /// The folder of the witness.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

/// Answers `POST /add-checkpoint` (C2SP tlog-witness).
///
/// It holds only what is public, so it may listen where other machines reach
/// it; what stands in front of it may end TLS. It may be ended at any moment:
/// nothing is answered before it is kept.
#[derive(Debug, Args)]
struct Serve {
    /// The folder of the witness.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Where to listen.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8118")]
    listen: SocketAddr,
}

impl Witness {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        match self.verb {
            Verb::Init(Init { dir, name, log }) => {
                let office = Office::make(&dir, &name)?;
                log.iter().try_for_each(|key| office.watch(key))?;
                show(&office, common.json)
            }
            Verb::Watch(Watch { dir, keys }) => {
                let office = Office::open(&dir)?;
                keys.iter().try_for_each(|key| office.watch(key))?;
                show(&office, common.json)
            }
            Verb::Show(Show { dir }) => show(&Office::open(&dir)?, common.json),
            Verb::Serve(Serve { dir, listen }) => {
                witness::serve(Office::open(&dir)?, listen).await?;
                Ok(Outcome::Done)
            }
        }
    }
}

fn show(office: &Office, json: bool) -> Result<Outcome, Failure> {
    let (key, watched) = (office.public(), office.watched()?);
    let policy = format!("witness {} {key}", key.name());
    if json {
        let logs: Vec<_> = watched
            .iter()
            .map(|one| {
                serde_json::json!({ "origin": one.origin, "keys": one.keys, "size": one.size })
            })
            .collect();
        print_json(&serde_json::json!({
            "name": key.name(), "key": key.to_string(), "policy": policy, "logs": logs
        }))?;
        return Ok(Outcome::Done);
    }
    println!("{policy}");
    for one in watched {
        let size = one.size.map_or_else(
            || "nothing signed yet".to_owned(),
            |size| format!("signed up to {size} entries"),
        );
        println!("# {}: {size}, {} key(s)", one.origin, one.keys.len());
    }
    Ok(Outcome::Done)
}
