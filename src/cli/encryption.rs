use std::io::Write;

use clap::{Args, Subcommand};

use super::{Common, Failure, Outcome, print_json};
use crate::config::Config;
use crate::encryption::{self, Destruction, EncryptionError, Request};
use crate::follow;
use crate::keys::volumes;
use crate::model::access::Right;
use crate::model::id::{EntryNo, HouseholdNo};

/// How the store is encrypted, and the keys that open it.
#[derive(Debug, Args)]
pub(super) struct Encryption {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Says whether the store is encrypted, and with which keys.
    Status,
    /// Makes the keys of an archive whose settings say `volumes = true` under
    /// [encryption]. What is stored from then on is encrypted; what was stored
    /// before stays as it is until `yidang encryption seal`.
    On,
    /// Encrypts what was stored plain before, in both copies. It can be broken
    /// off and begun again. Older copies of the store, as on tapes, stay as they
    /// are.
    Seal,
    /// Asks that the keys of a household's papers and of the manifests of its
    /// volume be destroyed. Nothing is, until another person agrees.
    Destroy {
        /// 户号: 17 digits.
        #[arg(value_name = "HOUSEHOLD")]
        household: HouseholdNo,
        /// Why, and on whose decision; it stands in the log for ever.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Lists the destructions that were asked for, and what became of them.
    Asked,
    /// Agrees, as the approver of --as, and destroys the keys: nobody can read
    /// the papers any more, in any copy of the store. There is no way back. The
    /// acts stay, and with them names, titles and the reason.
    ///
    /// The master key is another one afterwards. Replace every copy of it that
    /// was put away, destroy those, and make a new backup: a backup of before
    /// needs the old master key.
    Agree {
        /// The entry that asked for it.
        #[arg(value_name = "ENTRY")]
        asked: EntryNo,
        /// The number of the household; it is asked for when it is left out.
        #[arg(long, value_name = "HOUSEHOLD")]
        confirm: Option<String>,
    },
    /// Does not agree, as the approver of --as.
    Refuse {
        /// The entry that asked for it.
        #[arg(value_name = "ENTRY")]
        asked: EntryNo,
        /// Why not.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

impl Encryption {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        match self.verb {
            Verb::Status => status(common).await,
            Verb::On => on(common).await,
            Verb::Seal => seal(common).await,
            Verb::Destroy { household, reason } => ask(common, &household, &reason).await,
            Verb::Asked => asked(common).await,
            Verb::Agree { asked, confirm } => agree(common, asked, confirm).await,
            Verb::Refuse { asked, reason } => refuse(common, asked, &reason).await,
        }
    }
}

async fn status(common: &Common) -> Result<Outcome, Failure> {
    let app = common.open().await?;
    let status = encryption::status(&app).await?;
    if common.json {
        print_json(&status)?;
        return Ok(Outcome::Done);
    }
    match (&status.keys, status.on) {
        (None, _) => println!("the store is not encrypted"),
        (Some(keys), true) => println!("what is stored is encrypted, with the keys {keys}"),
        (Some(keys), false) => {
            println!(
                "what is stored now is not encrypted; what was is opened with the keys {keys}"
            );
        }
    }
    if status.keys.is_some() {
        println!("the master key is {}", status.master);
        println!("{} files were destroyed; nobody can read them any more", status.destroyed);
    }
    Ok(Outcome::Done)
}

async fn on(common: &Common) -> Result<Outcome, Failure> {
    let config = common.config()?;
    if !config.encryption.volumes {
        let hint = "write into yidang.toml: [encryption] and, below it, volumes = true";
        return Err(Failure::usage("the settings do not say that the store is encrypted", hint));
    }
    let (app, made) = encryption::begin(config).await?;
    app.settle().await?;
    let status = encryption::status(&app).await?;
    if common.json {
        print_json(&status)?;
        return Ok(Outcome::Done);
    }
    println!("what is stored from now on is encrypted; restart a server that runs");
    if made {
        about_the_master(&app.config);
        println!("what was stored before is plain until `yidang encryption seal`");
    }
    Ok(Outcome::Done)
}

/// What whoever made the keys has to do now.
pub(super) fn about_the_master(config: &Config) {
    println!("the master key is {}", volumes::master(config).display());
    println!("copy it to a place apart, print it, and keep it apart from the backups: without it,");
    println!(
        "and without {}, which is in every backup, nobody can",
        config.encryption.keys.display()
    );
    println!("read the store");
}

async fn seal(common: &Common) -> Result<Outcome, Failure> {
    let app = common.open().await?;
    let bar = super::progress::bar("encrypting", 0);
    let sealed = encryption::seal(&app, &app.operator(), |done| bar.set_position(done)).await;
    bar.finish_and_clear();
    let sealed = sealed?;
    app.settle().await?;
    if common.json {
        print_json(&sealed)?;
    } else {
        println!("{} files encrypted, {} bytes", sealed.files, sealed.bytes);
        for (digest, why) in &sealed.left {
            println!("left as it is: {digest}: {why}");
        }
    }
    Ok(if sealed.left.is_empty() { Outcome::Done } else { Outcome::Findings })
}

async fn ask(common: &Common, household: &HouseholdNo, reason: &str) -> Result<Outcome, Failure> {
    let app = common.open().await?;
    let actor = common.acting(&app, Right::ManageKeys).await?;
    let request = encryption::ask(&app, &actor, household, reason).await?;
    app.settle().await?;
    tell(common, &request)?;
    if !common.json {
        let asked = request.asked;
        println!("nothing is destroyed yet; another person agrees with:");
        println!("yidang --as LOGIN encryption agree {asked}");
    }
    Ok(Outcome::Done)
}

async fn asked(common: &Common) -> Result<Outcome, Failure> {
    let app = common.open().await?;
    // Whoever decides may not ask, and the other way round.
    let right = match &common.acting_as {
        None => Right::ManageKeys,
        Some(_) => Right::Own,
    };
    let actor = common.acting(&app, right).await?;
    let all = encryption::requests(&app, &actor).await?;
    if common.json {
        print_json(&all)?;
    } else {
        all.iter().for_each(say);
    }
    Ok(Outcome::Done)
}

async fn refuse(common: &Common, asked: EntryNo, reason: &str) -> Result<Outcome, Failure> {
    let app = common.open().await?;
    let actor = common.acting(&app, Right::DecideDestruction).await?;
    let request = encryption::refuse(&app, &actor, asked, reason).await?;
    app.settle().await?;
    tell(common, &request)?;
    Ok(Outcome::Done)
}

async fn agree(
    common: &Common,
    asked: EntryNo,
    confirm: Option<String>,
) -> Result<Outcome, Failure> {
    let app = common.open().await?;
    let actor = common.acting(&app, Right::DecideDestruction).await?;
    let all = encryption::requests(&app, &actor).await?;
    let request = all.into_iter().find(|one| one.asked == asked);
    let request = request.ok_or(EncryptionError::UnknownRequest(asked))?;
    let household = request.household.parse()?;
    let typed = match confirm {
        Some(typed) => typed,
        None if common.json => String::new(),
        None => confirmed(&encryption::plan(&app, &actor, &household).await?)?,
    };
    let done = encryption::destroy(&app, &actor, asked, &typed).await?;
    app.settle().await?;
    follow::until_current(&app).await?;
    if common.json {
        print_json(&done)?;
        return Ok(Outcome::Done);
    }
    let entry = done.entry.unwrap_or_default();
    println!("log entry {entry}: the keys of {} files are destroyed", done.objects.len());
    println!("the master key is another one now: {}", volumes::master(&app.config).display());
    println!("replace the copies of it that were put away, destroy those, and make a new backup:");
    println!("a backup of before needs the old master key");
    Ok(Outcome::Done)
}

fn tell(common: &Common, request: &Request) -> Result<(), Failure> {
    if common.json {
        return print_json(request);
    }
    say(request);
    Ok(())
}

fn say(request: &Request) {
    let Request { asked, household, reason, name, stage, decider, answer, .. } = request;
    print!("{asked:>8}  household {household}, asked for by {name}: {reason}");
    match stage.as_str() {
        "asked" => println!("; waits"),
        _ if answer.is_empty() => println!("; {stage} by {decider}"),
        _ => println!("; {stage} by {decider}: {answer}"),
    }
}

/// Says what will be destroyed, and lets it be confirmed.
fn confirmed(plan: &Destruction) -> Result<String, Failure> {
    let Destruction { household, head, papers, versions, objects, .. } = plan;
    println!("household {household} {head}");
    println!("papers {papers}, bound versions {versions}, files {}", objects.len());
    println!("Nobody will be able to read them again, in any copy.");
    print!("Type the number of the household to destroy them: ");
    std::io::stdout().flush()?;
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    Ok(typed)
}
