use clap::{Args, Subcommand};

use super::{Common, Failure, Outcome, print_json};
use crate::model::access::Right;
use crate::signing::{self, State};

/// The keys that sign the log, and how they are changed.
#[derive(Debug, Args)]
pub(super) struct Key {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Prints the verifier keys of the log, the newest first.
    Show,
    /// Makes a new key. The log names it, and is signed by it and by the one
    /// before, until that is retired; so policies with either key keep working.
    ///
    /// A server that runs takes it up with its next act. Copy the file of the
    /// keys to every machine that records into this archive: until then they
    /// refuse to. Hand out the new policy (`yidang policy`), and give the
    /// witnesses the new key (`yidang witness watch`), before the old one is
    /// retired.
    Rotate,
    /// Lets an older key sign no more, and removes its secret. Who trusts only
    /// that one has to be given a new policy.
    Retire {
        /// The id of the key: the 8 digits between its plus signs; the oldest
        /// when it is left out.
        #[arg(value_name = "KEYID")]
        id: Option<String>,
    },
}

impl Key {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        match self.verb {
            Verb::Show => {
                let keys = signing::standing(&app).await?.keys;
                if common.json {
                    print_json(&keys)?;
                } else {
                    for one in &keys {
                        let state = match one.state {
                            State::Current => "current",
                            State::Older => "older",
                            State::Unused => "unused",
                        };
                        let secret = if one.secret { "" } else { "  (its secret is not here)" };
                        println!("{state:8} {}{secret}", one.key);
                    }
                }
            }
            Verb::Rotate => {
                let key =
                    signing::rotate(&app, &common.acting(&app, Right::ManageKeys).await?).await?;
                app.settle().await?;
                said(common, "signs from now on, beside those before", &key)?;
                if !common.json && !app.config.log.witness.is_empty() {
                    println!("give the witnesses the new key: yidang witness watch --dir DIR KEY");
                }
            }
            Verb::Retire { id } => {
                let key = signing::retire(
                    &app,
                    &common.acting(&app, Right::ManageKeys).await?,
                    id.as_deref(),
                )
                .await?;
                app.settle().await?;
                said(common, "signs no more", &key)?;
            }
        }
        Ok(Outcome::Done)
    }
}

fn said(common: &Common, what: &str, key: &str) -> Result<(), Failure> {
    if common.json {
        return print_json(&serde_json::json!({ "key": key }));
    }
    println!("{key} {what}");
    println!("hand out a new policy: yidang policy");
    Ok(())
}
