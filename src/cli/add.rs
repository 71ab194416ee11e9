use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tokio_util::io::ReaderStream;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::filing::{self, NewHousehold};
use crate::intake::{self, Taken};
use crate::model::access::Actor;
use crate::model::access::Right;
use crate::model::id::HouseholdNo;
use crate::view::{self, ViewError};

/// Adds scans: to a household, or to the intake desk.
///
/// Each file is answered only when it is durable. Reading follows with `yidang
/// work` or in the server.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// Files: JPEG, PNG, TIFF, WebP, BMP or PDF.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// 户号: 12 digits of region and 5 of serial, such as 99010200300400001.
    #[arg(long, value_name = "NUMBER")]
    household: Option<String>,
    /// Opens the household under the name of its head, when it is not open yet.
    #[arg(long, value_name = "HEAD", requires = "household")]
    open: Option<String>,
}

impl Add {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let household: Option<HouseholdNo> =
            self.household.as_deref().map(str::parse).transpose()?;
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Upload).await?;
        if let (Some(no), Some(head)) = (&household, &self.open) {
            open(&app, &actor, no, head).await?;
        }
        let (mut answers, mut first_failure) = (Vec::new(), None);
        for path in &self.files {
            match add(&app, &actor, path, household.as_ref()).await {
                Ok(taken) => {
                    if !common.json {
                        println!("{}", sentence(path, &taken));
                    }
                    answers.push(json!(taken.added(path.display().to_string())));
                }
                // One bad file does not keep the others out.
                Err(failure) => {
                    eprintln!("yidang: {}: {}", path.display(), failure.sentence());
                    answers.push(json!({
                        "file": path.display().to_string(), "error": failure.sentence()
                    }));
                    first_failure.get_or_insert(failure);
                }
            }
        }
        app.settle().await?;
        if common.json {
            print_json(&answers)?;
        }
        match first_failure {
            Some(failure) if self.files.len() == 1 && !common.json => Err(failure.said()),
            Some(failure) => Ok(Outcome::Status(failure.status())),
            None => Ok(Outcome::Done),
        }
    }
}

/// Opens a household; one that is open under the same head is fine.
async fn open(app: &App, actor: &Actor, no: &HouseholdNo, head: &str) -> Result<(), Failure> {
    match view::household_at_work(app, actor, no).await {
        Ok(found) if found.household.head == head => return Ok(()),
        Ok(_) | Err(ViewError::UnknownHousehold(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let new = NewHousehold { head: head.to_owned(), ..NewHousehold::default() };
    filing::open_household(app, actor, no, new).await?;
    Ok(())
}

/// Adds one file for the operator.
pub(super) async fn add(
    app: &App,
    actor: &Actor,
    path: &Path,
    household: Option<&HouseholdNo>,
) -> Result<Taken, Failure> {
    let file = tokio::fs::File::open(path).await.map_err(|error| {
        Failure::not_found(format!("{} cannot be read: {error}", path.display()))
    })?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let stream = ReaderStream::with_capacity(file, 1 << 18);
    let name = name.unwrap_or_default();
    Ok(intake::take(app, actor, &name, household, stream).await?)
}

fn sentence(path: &Path, taken: &Taken) -> String {
    let Taken { document, sha256, bytes, pages, duplicate_of } = taken;
    let mut text =
        format!("{}  document {document}  {pages} p  {bytes} B  {sha256}", path.display());
    if let Some(known) = duplicate_of {
        text.push_str(&format!(
            "\n  already filed as {:?} (document {})",
            known.title, known.document
        ));
        if let Some((no, head)) = &known.household {
            text.push_str(&format!(" in household {head} {no}"));
        }
    }
    text
}
