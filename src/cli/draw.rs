use clap::{Args, Subcommand};

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::registers::draws::{self, Checked, Ordering};
use crate::model::access::{Actor, Right};
use crate::model::id::{EntryNo, OrganisationCode};
use crate::model::month::Month;

/// 抽检: random samples for spot checks, which anybody can draw again.
#[derive(Debug, Args)]
pub(super) struct Draw {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Orders a draw: the root of the log after the order is its seed.
    Order {
        /// Such as 2026-12.
        month: Month,
        /// Of this organisation and those below it.
        #[arg(long, value_name = "CODE")]
        organisation: OrganisationCode,
        /// How many households.
        #[arg(long)]
        count: Option<u32>,
        /// Or how many of a hundred.
        #[arg(long)]
        per_cent: Option<u32>,
        /// Only in this state; receiving when left out.
        #[arg(long, default_value = "")]
        state: String,
        /// Only of this category.
        #[arg(long, default_value = "")]
        category: String,
        /// Why.
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Draws the sample of an order.
    Run {
        /// The entry that ordered it.
        order: EntryNo,
    },
    /// Draws again by the formula, and says whether the sample was right.
    Check {
        /// The entry that ordered it.
        order: EntryNo,
    },
    /// Lists the orders.
    List {
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

impl Draw {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::Order { .. } | What::Run { .. } => Right::File,
            What::Check { .. } | What::List { .. } => Right::Look,
        };
        let actor = common.acting(&app, needed).await?;
        let outcome = self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(outcome)
    }
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<Outcome, Failure> {
        match self {
            Self::Order { month, organisation, count, per_cent, state, category, why } => {
                let wanted =
                    Ordering { organisation, month, state, category, count, per_cent, words: why };
                let order = draws::order(app, actor, wanted).await?.no;
                if common.json {
                    print_json(&serde_json::json!({ "order": order }))?;
                } else {
                    println!("ordered by entry {order}; `yidang draw run {order}` draws");
                }
                Ok(Outcome::Done)
            }
            Self::Run { order } => {
                draws::draw(app, actor, order).await?;
                tell(common, &draws::check(app, actor, order).await?)
            }
            Self::Check { order } => tell(common, &draws::check(app, actor, order).await?),
            Self::List { limit } => {
                let found = draws::list(app, actor, None, limit.clamp(1, 1000)).await?;
                if common.json {
                    print_json(&found)?;
                    return Ok(Outcome::Done);
                }
                for one in found {
                    let drawn = if one.drawn.is_some() { "drawn" } else { "ordered" };
                    println!(
                        "{:>6}  {}  {}  {} of {}  {drawn}  order {} of its kind  {}",
                        one.order,
                        one.month,
                        one.organisation,
                        one.size,
                        one.households,
                        one.nth,
                        one.population
                    );
                }
                Ok(Outcome::Done)
            }
        }
    }
}

fn tell(common: &Common, found: &Checked) -> Result<Outcome, Failure> {
    if common.json {
        print_json(found)?;
    } else {
        println!("order {}, tree of {} entries, root {}", found.order, found.tree_size, found.root);
        println!("population: {} households, {}", found.households, found.population_sha256);
        for household in &found.sample {
            println!("  {household}");
        }
        match (found.drawn.is_empty(), found.unlike.is_empty()) {
            (true, _) => println!("not drawn yet"),
            (false, true) => println!("drawn again: the same"),
            (false, false) => {}
        }
        for one in &found.unlike {
            println!("{one}");
        }
    }
    Ok(if found.unlike.is_empty() { Outcome::Done } else { Outcome::Findings })
}
