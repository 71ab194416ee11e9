use std::path::PathBuf;

use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::backup;
use crate::config::Config;
use crate::keys::volumes;

/// Writes what the archive has outside its store — key, settings, policy, a
/// snapshot of the catalog — to one file. The server may run.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write; it holds the key of the log.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        common.by_the_machine()?;
        let written = backup::write(&common.config()?, &self.output).await?;
        if common.json {
            print_json(&written)?;
            return Ok(Outcome::Done);
        }
        println!("{}: {}", self.output.display(), written.files.join(", "));
        for path in &written.left_out {
            println!("not in it, since it lies outside the data folder: {path}");
        }
        if !written.catalog {
            println!("the catalog is not in it; it can be made again from the store");
        }
        if let Some(master) = &written.master {
            println!(
                "not in it, so that it opens nothing alone: the master key {master}. Without that \
                 key nobody can read the store: keep a copy of it elsewhere, apart from backups"
            );
        }
        println!("it holds the key of the log: keep it where nobody else reads it");
        Ok(Outcome::Done)
    }
}

/// Puts a backup back into a data folder that holds no archive.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The file that `yidang backup` wrote.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Restore {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let restored = backup::restore(&self.file, &common.data)?;
        let config = Config::load(&common.data)?;
        let data = &config.data;
        let store = match config.store.contains("://") {
            true => config.store.clone(),
            false => data.join(&config.store).display().to_string(),
        };
        if common.json {
            let files = restored.files;
            print_json(&serde_json::json!({ "data": data, "files": files, "store": store }))?;
            return Ok(Outcome::Done);
        }
        println!("{}: {}", common.data.display(), restored.files.join(", "));
        let master = volumes::master(&config);
        if data.join(&config.encryption.keys).is_file() && !master.is_file() {
            println!("the master key was not in it: put it back as {}", master.display());
        }
        println!(
            "the settings say that the store is {store}; run `yidang verify` when it is there"
        );
        Ok(Outcome::Done)
    }
}
