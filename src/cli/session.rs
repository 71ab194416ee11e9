use clap::{Args, Subcommand};

use super::{Common, Failure, Outcome, here, print_json};
use crate::model::access::Right;
use crate::own::{self, OwnSession};

/// Lists and ends sessions: where the person of --as is signed in. `yidang person
/// sign-out` ends those of another.
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
                let id = named(sessions.iter().map(|one| one.id.as_str()), &id)?;
                own::end_session(&app, me, id).await?;
                ended(common, 1)?;
            }
            What::End { id: None, .. } => ended(common, own::end_others(&app, me).await?)?,
        }
        Ok(Outcome::Done)
    }
}

/// The one of these names that begins like this; what was given when none does.
///
/// # Errors
/// When more than one does.
pub(super) fn named<'a>(
    mut names: impl Iterator<Item = &'a str>,
    given: &'a str,
) -> Result<&'a str, Failure> {
    let mut fitting = names.by_ref().filter(|name| name.starts_with(given));
    match (fitting.next(), fitting.next()) {
        (Some(name), None) => Ok(name),
        (Some(_), Some(_)) => Err(Failure::usage("more than one is named so", "write more of it")),
        (None, _) => Ok(given),
    }
}

/// Says how many sessions ended.
///
/// # Errors
/// When standard output cannot be written to.
pub(super) fn ended(common: &Common, ended: u64) -> Result<(), Failure> {
    if common.json {
        return print_json(&serde_json::json!({ "ended": ended }));
    }
    println!("{ended} sessions ended");
    Ok(())
}

/// So much of what names a session as a line has.
pub(super) fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn say(one: &OwnSession) {
    let at = |ms| jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string());
    let (made, seen) = (at(one.made).unwrap_or_default(), at(one.seen).unwrap_or_default());
    println!("{}  from {made}, last used {seen}  {}", short(&one.id), one.agent);
}
