//! The command line: a verb is a file, and its doc comment is its help.

mod add;
mod backup;
mod bind;
mod book;
mod case;
mod catalog;
mod consistency;
mod correct;
mod demo;
mod draw;
mod encryption;
mod evidence;
mod family;
mod file;
mod find;
mod form;
mod fund;
mod get;
mod household;
mod init;
mod jobs;
mod key;
mod lending;
mod log;
mod money;
mod notice;
mod ocr;
mod organisation;
mod pages;
mod person;
mod progress;
mod prove;
mod rebuild;
mod register;
mod report;
mod search;
mod serve;
mod session;
mod show;
mod statistics;
mod timestamp;
mod token;
mod uses;
mod verify;
mod witness;
mod work;

mod status;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};

use crate::app::App;
use crate::config::{Config, ReasonIs};
use crate::looks;
use crate::model::access::{Actor, Right};
use crate::model::id::{Digest, HouseholdNo};
use crate::model::look::Reason;
use crate::model::people::Person;
use crate::own::Me;
use crate::people;

pub use self::report::{Failure, Outcome};

/// 一档 Yidang: one household, one file.
///
/// Keeps scanned records content-addressed, reads them, binds them into one
/// volume a household, finds any word on them and proves that none was
/// changed. Exit status: 0 done, 1 findings or not found, 2 wrong usage, 3
/// could not do it.
#[derive(Debug, Parser)]
#[command(name = "yidang", version, about, long_about)]
struct Line {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// The data folder.
    #[arg(long, global = true, env = "YIDANG_DATA", default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Why you look: 1 复审, 2 核对, 3 信访, 4 审计, or words; kept for the day.
    #[arg(long, global = true, value_name = "REASON")]
    reason: Option<String>,
    /// Acts as the person who signs in like this, with the rights of that person;
    /// the operator of the settings when left out.
    #[arg(long = "as", global = true, value_name = "LOGIN")]
    acting_as: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Init(init::Init),
    Demo(demo::Demo),
    Serve(serve::Serve),
    Work(work::Work),
    Add(add::Add),
    File(file::File),
    Find(find::Find),
    Search(search::Search),
    Catalog(catalog::Catalog),
    Show(show::Show),
    Bind(bind::Bind),
    Get(get::Get),
    Ocr(ocr::Ocr),
    Jobs(jobs::Jobs),
    Pages(pages::Pages),
    Correct(correct::Correct),
    Uses(uses::Uses),
    Verify(verify::Verify),
    Prove(prove::Prove),
    Consistency(consistency::Consistency),
    Register(register::Register),
    Person(person::Person),
    Organisation(organisation::Organisation),
    Token(token::Token),
    Session(session::Session),
    Lending(lending::Lending),
    Family(family::Family),
    Case(case::Case),
    Fund(fund::Fund),
    Money(money::Money),
    Notice(notice::Notice),
    Log(log::Log),
    Policy(log::Policy),
    Key(key::Key),
    Encryption(encryption::Encryption),
    Timestamp(timestamp::Timestamp),
    Witness(witness::Witness),
    Rebuild(rebuild::Rebuild),
    Dump(rebuild::Dump),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Form(form::Form),
    Book(book::Book),
    Draw(draw::Draw),
    Evidence(evidence::Evidence),
    Statistics(statistics::Statistics),
    Household(household::Household),
    Status(status::Status),
}

/// Runs the command line of this process to its end; returns the exit status. The runtime
/// is made here and not in `main`, so that the program is compiled once, with the library.
#[must_use]
pub fn run() -> u8 {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("yidang: the program cannot start: {error}");
            return 3;
        }
    };
    let status = runtime.block_on(typed());
    // Readers of a page may be at work in threads of their own; they are left.
    runtime.shutdown_background();
    status
}

/// Runs what was typed.
async fn typed() -> u8 {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let status = if error.use_stderr() { 2 } else { 0 };
            drop(error.print());
            return status;
        }
    };
    let json = line.common.json;
    match line.verb.run(&line.common).await {
        Ok(outcome) => outcome.status(),
        Err(failure) => {
            failure.print(json);
            failure.status()
        }
    }
}

impl Verb {
    async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        match self {
            Self::Init(verb) => verb.run(common).await,
            Self::Demo(verb) => verb.run(common).await,
            Self::Serve(verb) => verb.run(common).await,
            Self::Work(verb) => verb.run(common).await,
            Self::Add(verb) => verb.run(common).await,
            Self::File(verb) => verb.run(common).await,
            Self::Find(verb) => verb.run(common).await,
            Self::Search(verb) => verb.run(common).await,
            Self::Catalog(verb) => verb.run(common).await,
            Self::Show(verb) => verb.run(common).await,
            Self::Bind(verb) => verb.run(common).await,
            Self::Get(verb) => verb.run(common).await,
            Self::Ocr(verb) => verb.run(common).await,
            Self::Jobs(verb) => verb.run(common).await,
            Self::Pages(verb) => verb.run(common).await,
            Self::Correct(verb) => verb.run(common).await,
            Self::Uses(verb) => verb.run(common).await,
            Self::Verify(verb) => verb.run(common).await,
            Self::Prove(verb) => verb.run(common).await,
            Self::Consistency(verb) => verb.run(common).await,
            Self::Register(verb) => verb.run(common).await,
            Self::Person(verb) => verb.run(common).await,
            Self::Organisation(verb) => verb.run(common).await,
            Self::Token(verb) => verb.run(common).await,
            Self::Session(verb) => verb.run(common).await,
            Self::Family(verb) => verb.run(common).await,
            Self::Case(verb) => verb.run(common).await,
            Self::Fund(verb) => verb.run(common).await,
            Self::Money(verb) => verb.run(common).await,
            Self::Lending(verb) => verb.run(common).await,
            Self::Notice(verb) => verb.run(common).await,
            Self::Log(verb) => verb.run(common).await,
            Self::Policy(verb) => verb.run(common).await,
            Self::Key(verb) => verb.run(common).await,
            Self::Encryption(verb) => verb.run(common).await,
            Self::Timestamp(verb) => verb.run(common).await,
            Self::Witness(verb) => verb.run(common).await,
            Self::Rebuild(verb) => verb.run(common).await,
            Self::Dump(verb) => verb.run(common).await,
            Self::Backup(verb) => verb.run(common).await,
            Self::Restore(verb) => verb.run(common).await,
            Self::Form(verb) => verb.run(common).await,
            Self::Book(verb) => verb.run(common).await,
            Self::Draw(verb) => verb.run(common).await,
            Self::Evidence(verb) => verb.run(common).await,
            Self::Statistics(verb) => verb.run(common).await,
            Self::Household(verb) => verb.run(common).await,
            Self::Status(verb) => verb.run(common).await,
        }
    }
}

impl Common {
    /// The settings of the archive.
    fn config(&self) -> Result<Config, Failure> {
        Ok(Config::load(&self.data)?)
    }

    /// The open archive. Whoever works here reaches its files anyway, so a reason
    /// is noted and not demanded.
    async fn open(&self) -> Result<Arc<App>, Failure> {
        let mut config = self.config()?;
        config.access.reason = ReasonIs::Optional;
        Ok(App::open(config, false).await?)
    }

    /// The open archive, for others who come over the network.
    async fn open_for_others(&self) -> Result<Arc<App>, Failure> {
        Ok(App::open(self.config()?, false).await?)
    }

    /// Why somebody looks, if it was said. Some verbs have a reason of their own
    /// under the same name, so it is understood only where it is used.
    fn said(&self) -> Result<Option<Reason>, Failure> {
        Ok(self.reason.as_deref().map(str::parse).transpose()?)
    }

    /// Keeps the reason that was given for looking at the file of a household.
    async fn because(
        &self,
        app: &App,
        actor: &Actor,
        no: Option<&HouseholdNo>,
    ) -> Result<(), Failure> {
        if let (Some(no), Some(reason)) = (no, self.said()?) {
            looks::give_reason(app, actor, no, &reason).await?;
        }
        Ok(())
    }
}

impl Common {
    /// Who acts, the person of `--as` or the operator, when they may do `right`.
    async fn acting(&self, app: &App, right: Right) -> Result<Actor, Failure> {
        let actor = match &self.acting_as {
            None => app.operator(),
            Some(login) => people::acting(app, login).await?,
        };
        actor.must(right).map_err(people::PeopleError::from)?;
        Ok(actor)
    }

    /// For what is of all offices, and of the keys: whoever has the machine gets it, and
    /// no person with rights of their own does.
    fn by_the_machine(&self) -> Result<(), Failure> {
        match &self.acting_as {
            None => Ok(()),
            Some(login) => {
                let why = format!("{login} may not: this is of all offices");
                Err(Failure::denied(why))
            }
        }
    }

    /// The person of `--as`, for what concerns nobody else.
    async fn oneself(&self, app: &App) -> Result<Person, Failure> {
        match &self.acting_as {
            Some(login) => Ok(people::get(app, &app.operator(), login).await?),
            None => Err(Failure::usage("whose?", "name the person with --as LOGIN")),
        }
    }
}

/// A person on the command line, which has no session.
fn here(person: &Person) -> Me<'_> {
    let session = Digest::of(b"the command line has no session");
    Me { person, session, address: [127, 0, 0, 1].into() }
}

/// Prints a value as JSON in one line.
fn print_json<T: serde::Serialize>(value: &T) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|e| Failure::trouble(e.to_string()))?;
    println!("{text}");
    Ok(())
}

/// The address to listen on, from a flag or the settings.
fn listen_on(flag: Option<SocketAddr>, config: &Config) -> Result<SocketAddr, Failure> {
    Ok(config.reachable(flag.unwrap_or(config.listen))?)
}
