use clap::{Args, Subcommand};

use super::{Common, Failure, Outcome, print_json};
use crate::model::access::Right;
use crate::{setup, view};

/// Lists organisations, and registers one; `yidang register` takes a whole
/// roster.
#[derive(Debug, Args)]
pub(super) struct Organisation {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists the own organisation, those above it, and those below it that are seen.
    List,
    /// Registers an organisation, or gives it another name.
    Set {
        /// Its region code of 12 digits.
        code: String,
        /// Its name.
        name: String,
    },
}

impl Organisation {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::List => Right::Own,
            What::Set { .. } => Right::ManagePeople,
        };
        let actor = common.acting(&app, needed).await?;
        match self.what {
            What::List => {
                let all = view::organisations(&app, &actor).await?;
                if common.json {
                    print_json(&all)?;
                }
                for one in all.iter().filter(|_| !common.json) {
                    println!("{}  {}", one.code, one.name);
                }
            }
            What::Set { code, name } => {
                setup::register_one(&app, &actor, &code, &name).await?;
                app.settle().await?;
                match common.json {
                    true => print_json(&serde_json::json!({ "code": code, "name": name }))?,
                    false => println!("registered: {code}  {name}"),
                }
            }
        }
        Ok(Outcome::Done)
    }
}
