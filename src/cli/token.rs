use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Common, Failure, Outcome, here, print_json};
use crate::model::access::Right;
use crate::own::{self, NewToken};
use crate::people::access;

/// Makes and ends the tokens of machines. A token is of the person of --as, for
/// a part of what they may do; an administrator ends those of others with --of.
#[derive(Debug, Args)]
pub(super) struct Token {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes a token, and prints it this once.
    Add {
        /// Which machine or program gets it.
        name: String,
        /// What it is for: look, export, upload, file, bind, verify, read_log,
        /// read_use, ask_lending, hand_over, reveal, run_jobs, see_people; with
        /// commas.
        #[arg(long, value_delimiter = ',', value_name = "RIGHT", value_parser = right, required = true)]
        rights: Vec<Right>,
        /// Its last day, a year away at most: 2027-03-31.
        #[arg(long, value_name = "DAY")]
        until: Date,
    },
    /// Lists the tokens of the person.
    List,
    /// Ends an own token, or as an administrator that of another.
    End {
        /// What names it in the list; `yidang person show LOGIN` lists those of others.
        id: String,
        /// Whose it is, when it is another's.
        #[arg(long, value_name = "LOGIN")]
        of: Option<String>,
    },
}

fn right(word: &str) -> Result<Right, String> {
    Right::named(word.trim()).ok_or_else(|| format!("{word:?} is no right"))
}

fn ended(common: &Common) -> Result<Outcome, Failure> {
    match common.json {
        true => print_json(&serde_json::json!({ "ended": 1 }))?,
        false => println!("ended"),
    }
    Ok(Outcome::Done)
}

impl Token {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        if let What::End { id, of: Some(login) } = &self.what {
            let actor = common.acting(&app, Right::ManagePeople).await?;
            access::end_token(&app, &actor, login, id).await?;
            return ended(common);
        }
        let actor = common.acting(&app, Right::Own).await?;
        let person = common.oneself(&app).await?;
        let me = here(&person);
        match self.what {
            What::Add { name, rights, until } => {
                let new = NewToken { name, rights, until };
                let token = own::make(&app, me, &actor, new).await?;
                if common.json {
                    print_json(&serde_json::json!({ "token": token }))?;
                } else {
                    println!("{token}");
                    println!("it is not shown again; send it as Authorization: Bearer …");
                }
            }
            What::List => {
                let all = own::list(&app, me).await?;
                if common.json {
                    print_json(&all)?;
                }
                for one in all.iter().filter(|_| !common.json) {
                    let rights: Vec<&str> = one.rights.iter().map(|it| it.as_str()).collect();
                    println!("{}  {}: {}", one.id, one.name, rights.join(","));
                }
            }
            What::End { id, .. } => {
                own::remove(&app, me, &id).await?;
                return ended(common);
            }
        }
        Ok(Outcome::Done)
    }
}
