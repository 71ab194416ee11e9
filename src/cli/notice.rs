use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::model::access::{Actor, Right};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::notice::NoticeKind;
use crate::notices::{self, Asked, Notice as Shown, Posting, Standing};

/// 公示: puts up the applicant, how many live in the household, and the amount;
/// nothing else of a household is ever put up.
#[derive(Debug, Args)]
pub(super) struct Notice {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Puts up a notice.
    Post {
        /// 户号
        household: HouseholdNo,
        /// 保障金额 a month in yuan, such as 560.00.
        #[arg(long, value_name = "YUAN")]
        amount: String,
        /// proposed (初审公示) or confirmed (确认公布).
        #[arg(long, default_value = "proposed")]
        kind: NoticeKind,
        /// The first day; today when left out.
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// The last day; as the rules have it when left out, usually seven days after
        /// the first; none for what is confirmed.
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
    },
    /// Takes down a notice before its last day.
    Down {
        /// The entry that put it up.
        notice: EntryNo,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// Lists what is up, and with --all what was.
    List {
        /// What is over, too.
        #[arg(long)]
        all: bool,
        /// Only of this organisation: its code or the beginning.
        #[arg(long, value_name = "CODE", default_value = "")]
        organisation: String,
        /// Only of this household.
        #[arg(long, value_name = "NUMBER", default_value = "")]
        household: String,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

impl Notice {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::Post { .. } | What::Down { .. } => Right::File,
            What::List { .. } => Right::Look,
        };
        let actor = common.acting(&app, needed).await?;
        self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(Outcome::Done)
    }
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<(), Failure> {
        let found = match self {
            Self::Post { household, amount, kind, from, until } => {
                let wanted = Posting { kind, amount, from, until };
                let entry = notices::post(app, actor, &household, wanted).await?;
                vec![notices::get(app, actor, entry).await?]
            }
            Self::Down { notice, why } => {
                notices::take_down(app, actor, notice, &why).await?;
                vec![notices::get(app, actor, notice).await?]
            }
            Self::List { all, organisation, household, limit } => {
                let asked = Asked { organisation, household, up: !all, ..Asked::default() };
                notices::list(app, actor, &asked, limit.clamp(1, 1000)).await?
            }
        };
        if common.json {
            return print_json(&found);
        }
        for one in &found {
            println!("{}", line(one));
        }
        Ok(())
    }
}

fn line(one: &Shown) -> String {
    let standing = match one.standing {
        Standing::Ahead => "ahead",
        Standing::Up => "up",
        Standing::Over => "over",
        Standing::TakenDown => "taken down",
    };
    format!(
        "{:>6}  {}  {}  {}  {} people  {} yuan  {} to {}  {} {}",
        one.entry,
        one.household,
        one.kind,
        one.applicant,
        one.members,
        one.amount,
        one.from,
        one.until.as_deref().unwrap_or("the end"),
        standing,
        one.reason
    )
    .trim_end()
    .to_owned()
}
