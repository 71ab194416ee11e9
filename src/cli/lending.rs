use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::uses::{shape_of, write_new};
use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::lending::effects::{self, New};
use crate::lending::{self, For, Handed, List, Shown, Wanted, register};
use crate::model::access::{Actor, Right};
use crate::model::id::HouseholdNo;
use crate::model::lending::{Cover, Manner, Purpose, Stage};

/// Asks for, decides, hands over and takes back lendings of files; acts as a
/// person with an account, named with --as.
#[derive(Debug, Args)]
pub(super) struct Lending {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Asks for the file of a household, for oneself or for another.
    Ask {
        /// 户号
        household: HouseholdNo,
        /// review, check, complaint, audit, discipline, court, other.
        #[arg(long)]
        purpose: Purpose,
        /// The same in words.
        #[arg(long)]
        reason: String,
        /// The last day, as 2026-12-01.
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// look, copy, borrow.
        #[arg(long, default_value = "look")]
        manner: Manner,
        /// What is covered on the pages: nothing, numbers.
        #[arg(long, default_value = "numbers")]
        cover: Cover,
        /// For somebody else with an account, of the own organisation or below.
        #[arg(long, value_name = "LOGIN", conflicts_with = "name")]
        borrower: Option<String>,
        /// For somebody of another body: 姓名
        #[arg(long, requires = "body", requires = "certificate")]
        name: Option<String>,
        /// 单位
        #[arg(long)]
        body: Option<String>,
        /// 联系方式
        #[arg(long, default_value = "")]
        contact: String,
        /// 证件名称及号码
        #[arg(long)]
        certificate: Option<String>,
    },
    /// Agrees to a lending.
    Agree {
        /// Its name.
        id: String,
        /// A remark.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Refuses a lending.
    Refuse {
        /// Its name.
        id: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Hands over papers or copies of so many pages; or a code, which is printed
    /// and opens the file once, where it is read on a screen.
    HandOver {
        /// Its name.
        id: String,
        /// How many pages.
        #[arg(long, default_value_t = 0)]
        pages: u32,
        /// How many copies of them, where copies are handed over.
        #[arg(long, default_value_t = 1)]
        copies: u32,
    },
    /// Makes another code for somebody without an account.
    Code {
        /// Its name.
        id: String,
    },
    /// Notes that papers came back.
    Return {
        /// Its name.
        id: String,
        /// How many pages were counted.
        #[arg(long)]
        pages: u32,
        /// 是否完好
        #[arg(long)]
        condition: String,
    },
    /// Withdraws a request, or ends a lending before its last day.
    End {
        /// Its name.
        id: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Notes what the use of a lent file led to.
    Effect {
        /// Its name.
        id: String,
        /// 利用内容
        #[arg(long)]
        content: String,
        /// 利用效果
        #[arg(long)]
        effect: String,
        /// On which day, as 2026-12-01; today where it is not said.
        #[arg(long, value_name = "DATE")]
        date: Option<Date>,
    },
    /// Lists what the use of lent files led to, or writes it to a file.
    Effects {
        /// A file to write, .csv or .xlsx; that it was taken along is noted.
        #[arg(long, value_name = "FILE")]
        export: Option<PathBuf>,
    },
    /// Lists the register of lendings, or writes it to a file.
    Register {
        /// A file to write, .csv or .xlsx; that it was taken along is noted.
        #[arg(long, value_name = "FILE")]
        export: Option<PathBuf>,
    },
    /// Lists what waits, what is outside, and with --all what is over.
    List {
        /// What is over, too.
        #[arg(long)]
        all: bool,
    },
    /// Shows one.
    Show {
        /// Its name.
        id: String,
    },
}

impl Lending {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::Agree { .. } | What::Refuse { .. } => Right::DecideLending,
            What::HandOver { .. }
            | What::Code { .. }
            | What::Return { .. }
            | What::Effect { .. } => Right::HandOver,
            What::Effects { export: None } | What::Register { export: None } => Right::ReadUse,
            What::Effects { export: Some(_) } | What::Register { export: Some(_) } => Right::Export,
            What::List { .. } | What::Show { .. } => Right::Own,
            What::Ask { .. } | What::End { .. } => Right::AskLending,
        };
        let actor = common.acting(&app, needed).await?;
        self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(Outcome::Done)
    }
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<(), Failure> {
        match self {
            Self::Ask {
                household,
                purpose,
                reason,
                until,
                manner,
                cover,
                borrower,
                name,
                body,
                contact,
                certificate,
            } => {
                let borrower = match (borrower, name) {
                    (Some(login), _) => For::Person { login },
                    (None, Some(name)) => For::Outsider {
                        name,
                        body: body.unwrap_or_default(),
                        contact,
                        certificate: certificate.unwrap_or_default(),
                    },
                    (None, None) => For::Oneself,
                };
                let wanted = Wanted { household, borrower, manner, purpose, reason, until, cover };
                let id = lending::ask(app, actor, wanted).await?;
                tell(common, &lending::get(app, actor, &id).await?)
            }
            Self::Agree { id, reason } => {
                tell(common, &lending::decide(app, actor, &id, true, &reason).await?)
            }
            Self::Refuse { id, reason } => {
                tell(common, &lending::decide(app, actor, &id, false, &reason).await?)
            }
            Self::HandOver { id, pages, copies } => {
                let code = lending::hand_over(app, actor, &id, Handed { pages, copies }).await?;
                if let Some(code) = code {
                    return say_code(common, &code);
                }
                tell(common, &lending::get(app, actor, &id).await?)
            }
            Self::Code { id } => say_code(common, &lending::code(app, actor, &id).await?),
            Self::Return { id, pages, condition } => {
                tell(common, &lending::take_back(app, actor, &id, pages, &condition).await?)
            }
            Self::End { id, reason } => {
                tell(common, &lending::end(app, actor, &id, &reason).await?)
            }
            Self::Effect { id, content, effect, date } => {
                let new = New { date, content, effect };
                tell(common, &effects::note(app, actor, &id, new).await?)
            }
            Self::Effects { export } => tell_effects(common, app, actor, export).await,
            Self::Register { export } => tell_register(common, app, actor, export).await,
            Self::Show { id } => tell(common, &lending::get(app, actor, &id).await?),
            Self::List { all } => {
                let mut found = lending::list(app, actor, List::Waiting, None, u32::MAX).await?;
                found.extend(lending::list(app, actor, List::Outside, None, u32::MAX).await?);
                if all {
                    found.extend(lending::list(app, actor, List::Over, None, u32::MAX).await?);
                }
                if common.json {
                    return print_json(&found);
                }
                found.iter().for_each(say);
                Ok(())
            }
        }
    }
}

async fn tell_effects(
    common: &Common,
    app: &App,
    actor: &Actor,
    export: Option<PathBuf>,
) -> Result<(), Failure> {
    if let Some(file) = export {
        let bytes = effects::export(app, actor, shape_of(&file)?).await?;
        return written(common, &file, &bytes);
    }
    let found = effects::register(app, actor, None, u32::MAX).await?;
    if common.json {
        return print_json(&found);
    }
    for one in found {
        let effects::Effect { date, content, effect, .. } = &one.effect;
        println!("{date}  {} {}: {content}: {effect}", one.borrower, one.body);
    }
    Ok(())
}

async fn tell_register(
    common: &Common,
    app: &App,
    actor: &Actor,
    export: Option<PathBuf>,
) -> Result<(), Failure> {
    if let Some(file) = export {
        let bytes = register::export(app, actor, shape_of(&file)?, false).await?;
        return written(common, &file, &bytes);
    }
    let found = register::register(app, actor, None, u32::MAX).await?;
    if common.json {
        return print_json(&found);
    }
    for one in found {
        println!("{}", one.cells(true).join("  "));
    }
    Ok(())
}

fn written(common: &Common, file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_new(file, bytes)?;
    if !common.json {
        println!("{} bytes written to {}", bytes.len(), file.display());
    }
    Ok(())
}

fn say_code(common: &Common, code: &str) -> Result<(), Failure> {
    if common.json {
        return print_json(&serde_json::json!({ "code": code }));
    }
    println!("{code}   to be typed once at /guest, within 30 minutes");
    Ok(())
}

fn tell(common: &Common, shown: &Shown) -> Result<(), Failure> {
    if common.json {
        return print_json(shown);
    }
    say(shown);
    Ok(())
}

fn say(shown: &Shown) {
    let Shown { id, household, head, borrower, body, manner, purpose, until, standing, .. } = shown;
    let standing = format!("{standing:?}").to_lowercase();
    let asked = shown.step(Stage::Asked).map_or("", |step| step.name.as_str());
    println!(
        "{id}  {standing:<8} {household} {head}: {} by {borrower} of {body}, for {}, until {until}, asked by {asked}",
        manner.en(),
        purpose.en()
    );
}
