use clap::{Args, Subcommand};

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::follow;
use crate::model::access::{Actor, Right};
use crate::search::{self, SearchError, recent, saved, suggest};

/// What a person keeps of searches; `find` searches, and saves with --save.
#[derive(Debug, Args)]
pub(super) struct Search {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists the saved searches, with how many papers came since each was opened.
    Saved,
    /// Gives a saved search another name.
    Rename {
        /// Its name.
        name: String,
        /// The new one.
        to: String,
    },
    /// Deletes a saved search.
    Delete {
        /// Its name.
        name: String,
    },
    /// Lists the last searches.
    Recent {
        /// Shows none of them any more; the access log keeps them.
        #[arg(long)]
        clear: bool,
    },
    /// Suggests what may be meant by the beginning of a name, number or title.
    Suggest {
        /// What was typed.
        typed: String,
    },
}

impl Search {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Look).await?;
        follow::until_current(&app).await?;
        self.what.run(common, &app, &actor).await?;
        app.close(false).await?;
        Ok(Outcome::Done)
    }
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<(), Failure> {
        match self {
            What::Saved => {
                let all = saved::list(app, actor).await?;
                if common.json {
                    return print_json(&all);
                }
                for one in &all {
                    println!("{}  {} new  {}", one.name, one.news, one.search().told());
                }
            }
            What::Rename { name, to } => {
                saved::rename(app, actor, &named(app, actor, &name).await?, &to).await?;
            }
            What::Delete { name } => {
                saved::delete(app, actor, &named(app, actor, &name).await?).await?;
            }
            What::Recent { clear: true } => recent::clear(app, actor).await?,
            What::Recent { clear: false } => {
                let recent = recent::recent(app, actor).await?;
                let told: Vec<String> = recent.iter().map(search::Asked::told).collect();
                if common.json {
                    return print_json(&told);
                }
                told.iter().for_each(|one| println!("{one}"));
            }
            What::Suggest { typed } => {
                let found = suggest::suggest(app, actor, &typed).await?;
                if common.json {
                    return print_json(&found);
                }
                for one in &found.households {
                    println!("{}  {}  {}", one.no, one.head, one.reference);
                }
                found.types.iter().for_each(|one| println!("{}  {}", one.code, one.name));
                found.titles.iter().chain(&found.recent).for_each(|one| println!("{one}"));
            }
        }
        Ok(())
    }
}

/// The saved search of that name.
async fn named(app: &App, actor: &Actor, name: &str) -> Result<String, SearchError> {
    let all = saved::list(app, actor).await?;
    let found = all.into_iter().find(|one| one.name == name);
    found.map(|one| one.id).ok_or(SearchError::Unknown)
}
