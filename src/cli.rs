//! The command line: a verb is a file, and its doc comment is its help.

mod add;
mod backup;
mod bind;
mod consistency;
mod demo;
mod encryption;
mod file;
mod find;
mod get;
mod init;
mod jobs;
mod key;
mod log;
mod ocr;
mod progress;
mod prove;
mod rebuild;
mod register;
mod report;
mod serve;
mod show;
mod timestamp;
mod verify;
mod witness;
mod work;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};

use crate::app::App;
use crate::config::Config;

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
    Show(show::Show),
    Bind(bind::Bind),
    Get(get::Get),
    Ocr(ocr::Ocr),
    Jobs(jobs::Jobs),
    Verify(verify::Verify),
    Prove(prove::Prove),
    Consistency(consistency::Consistency),
    Register(register::Register),
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
}

/// Runs the command line of this process to its end; returns the exit status.
pub async fn run() -> u8 {
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
            Self::Show(verb) => verb.run(common).await,
            Self::Bind(verb) => verb.run(common).await,
            Self::Get(verb) => verb.run(common).await,
            Self::Ocr(verb) => verb.run(common).await,
            Self::Jobs(verb) => verb.run(common).await,
            Self::Verify(verb) => verb.run(common).await,
            Self::Prove(verb) => verb.run(common).await,
            Self::Consistency(verb) => verb.run(common).await,
            Self::Register(verb) => verb.run(common).await,
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
        }
    }
}

impl Common {
    /// The settings of the archive.
    fn config(&self) -> Result<Config, Failure> {
        Ok(Config::load(&self.data)?)
    }

    /// The open archive.
    async fn open(&self) -> Result<Arc<App>, Failure> {
        Ok(App::open(self.config()?, false).await?)
    }
}

/// Prints a value as JSON in one line.
fn print_json<T: serde::Serialize>(value: &T) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|e| Failure::trouble(e.to_string()))?;
    println!("{text}");
    Ok(())
}

/// The address to listen on, from a flag or the settings.
fn listen_on(flag: Option<SocketAddr>, config: &Config) -> Result<SocketAddr, Failure> {
    Ok(Config::loopback(flag.unwrap_or(config.listen))?)
}
