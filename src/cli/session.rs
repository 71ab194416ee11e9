use clap::{Args, Subcommand};

use super::{Common, Failure, Outcome, here, print_json};
use crate::model::access::Right;
use crate::own::{self, OwnSession};

/// Lists and ends sessions: where the person of --as is signed in. Those of
/// another end with `yidang person sign-out`.
#[derive(Debug, Args)]
pub(super) struct Session {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists the sessions that go on.
    List,
    /// Ends a session.
    End {
        /// What names it in the list; its beginning is enough.
        #[arg(required_unless_present = "all")]
        id: Option<String>,
        /// Ends all of them.
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
}

impl Session {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        common.acting(&app, Right::Own).await?;
        let person = common.oneself(&app).await?;
        let me = here(&person);
        let sessions = own::sessions(&app, me).await?;
        match self.what {
            What::List if common.json => print_json(&sessions)?,
            What::List => sessions.iter().for_each(say),
            What::End { id: Some(id), .. } => {
                let mut named = sessions.iter().filter(|one| one.id.starts_with(&id));
                let id = match (named.next(), named.next()) {
                    (Some(one), None) => &one.id,
                    (Some(_), Some(_)) => {
                        return Err(Failure::usage(
                            "more than one is named so",
                            "write more of it",
                        ));
                    }
                    (None, _) => &id,
                };
                own::end_session(&app, me, id).await?;
                ended(common, 1)?;
            }
            What::End { id: None, .. } => ended(common, own::end_others(&app, me).await?)?,
        }
        Ok(Outcome::Done)
    }
}

fn ended(common: &Common, ended: u64) -> Result<(), Failure> {
    if common.json {
        return print_json(&serde_json::json!({ "ended": ended }));
    }
    println!("{ended} sessions ended");
    Ok(())
}

fn say(one: &OwnSession) {
    let at = |ms| jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string());
    let (made, seen) = (at(one.made).unwrap_or_default(), at(one.seen).unwrap_or_default());
    println!("{}  from {made}, last used {seen}  {}", &one.id[..12.min(one.id.len())], one.agent);
}
