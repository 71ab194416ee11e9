use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::calendar;
use crate::living::cases::{self, Cases, Giving, Taking};
use crate::model::access::{Actor, Right};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::month::Month;

/// 办理: takes the steps of cases, from the application to the end of the
/// allowance, and says what waits for whom.
#[derive(Debug, Args)]
pub(super) struct Case {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Takes a step; with --begin, the first of a case.
    Step(Box<StepOf>),
    /// Shows the cases of a household and what can be done next.
    Show {
        /// 户号
        household: HouseholdNo,
    },
    /// Lists the cases that wait, the most pressing first.
    Waiting {
        /// Only for this level: community, street or bureau.
        #[arg(long, default_value = "")]
        level: String,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Lists the households that are to be reviewed, earliest first.
    Reviews {
        /// Only what is due by this day.
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        /// Only of this organisation: its code or the beginning.
        #[arg(long, value_name = "CODE", default_value = "")]
        organisation: String,
        /// Only of this category.
        #[arg(long, default_value = "")]
        category: String,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

#[derive(Debug, Args)]
struct StepOf {
    /// 户号
    household: HouseholdNo,
    /// The code of the step, such as accept; `case show` lists those that come next.
    step: String,
    /// The procedure that begins: application, carried_over, review, change, exit.
    #[arg(long, value_name = "PROCEDURE", default_value = "")]
    begin: String,
    /// The day it was taken; today when left out.
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Who took it; can be given several times.
    #[arg(long = "by", value_name = "NAME")]
    people: Vec<String>,
    /// 联签单位: the department whose opinion it is.
    #[arg(long, value_name = "NAME", default_value = "")]
    office: String,
    /// A reason or an opinion.
    #[arg(long, value_name = "WORDS", default_value = "")]
    why: String,
    /// The document it stands on.
    #[arg(long, value_name = "DOCUMENT")]
    paper: Option<DocumentId>,
    /// 月保障金 in yuan, where the step decides on it.
    #[arg(long, value_name = "YUAN")]
    amount: Option<String>,
    /// 类别
    #[arg(long, default_value = "")]
    category: String,
    /// 保障人数
    #[arg(long)]
    persons: Option<u32>,
    /// The first month, such as 2026-12.
    #[arg(long, value_name = "MONTH")]
    from: Option<Month>,
    /// The last month of a phase-out.
    #[arg(long, value_name = "MONTH")]
    until: Option<Month>,
    /// 与测算不同的原因, where the amount is not what the standard comes to.
    #[arg(long, value_name = "WORDS", default_value = "")]
    departs: String,
}

impl StepOf {
    fn taking(self) -> Taking {
        let decides = self.amount.is_some() || self.from.is_some() || self.until.is_some();
        let benefit = decides.then(|| Giving {
            category: self.category,
            persons: self.persons,
            amount: self.amount.unwrap_or_default(),
            from: self.from,
            until: self.until,
            departs: self.departs,
        });
        Taking {
            procedure: self.begin,
            step: self.step,
            on: self.on,
            people: self.people,
            office: self.office,
            words: self.why,
            paper: self.paper,
            benefit,
            seen: None,
        }
    }
}

impl Case {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = if matches!(self.what, What::Step(_)) { Right::File } else { Right::Look };
        let actor = common.acting(&app, needed).await?;
        self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(Outcome::Done)
    }
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<(), Failure> {
        match self {
            Self::Step(step) => {
                let household = step.household.clone();
                let entry = cases::take(app, actor, &household, step.taking()).await?.no;
                if common.json {
                    return print_json(&serde_json::json!({ "entry": entry }));
                }
                println!("taken, entry {entry}");
            }
            Self::Show { household } => {
                common.because(app, actor, Some(&household)).await?;
                let found = cases::list(app, actor, &household).await?;
                if common.json {
                    return print_json(&found);
                }
                tell(&found);
            }
            Self::Waiting { level, limit } => {
                let found = calendar::waiting(app, actor, &level, limit.clamp(1, 1000)).await?;
                if common.json {
                    return print_json(&found);
                }
                for one in found {
                    println!(
                        "{}  {}  {} {}  waits for {} ({})  {}",
                        one.household,
                        one.head,
                        one.procedure,
                        one.no,
                        one.next_step,
                        one.next_level,
                        one.due
                    );
                }
            }
            Self::Reviews { until, organisation, category, limit } => {
                let asked =
                    calendar::Asked { organisation, category, until, ..calendar::Asked::default() };
                let found = calendar::reviews(app, actor, &asked, limit.clamp(1, 1000)).await?;
                if common.json {
                    return print_json(&found);
                }
                for one in found {
                    println!("{}  {}  {}  {}", one.due, one.household, one.head, one.category);
                }
            }
        }
        Ok(())
    }
}

fn tell(found: &Cases) {
    println!("state {}", found.state);
    for case in &found.cases {
        let end = if case.ended.is_empty() { "runs".to_owned() } else { case.ended.clone() };
        println!("case {}  {}  {} to {}", case.no, case.procedure, case.begun, end);
        for step in found.steps.iter().filter(|step| step.case_no == case.no) {
            let line = format!("  {}  {}  {} {}", step.on_day, step.step, step.people, step.words);
            println!("{}", line.trim_end());
        }
        if !case.next_step.is_empty() {
            println!("  waits for {} ({}) {}", case.next_step, case.next_level, case.due);
        }
    }
    let next: Vec<_> = found.offered.iter().map(|one| one.step.as_str()).collect();
    if !next.is_empty() {
        println!("can be taken: {}", next.join(", "));
    }
    if !found.beginning.is_empty() {
        println!("can begin: {}", found.beginning.join(", "));
    }
}
