use std::path::PathBuf;

use clap::Args;
use tokio::io::AsyncRead;

use super::{Common, Failure, Outcome};
use crate::looks;
use crate::model::access::Right;
use crate::model::id::DocumentId;
use crate::view;

/// Gets the original bytes of a document, verified; damaged bytes are never
/// handed out.
#[derive(Debug, Args)]
pub(super) struct Get {
    /// The document's number.
    #[arg(value_name = "DOCUMENT")]
    document: String,
    /// Which of its files, from 1.
    #[arg(long, default_value_t = 1)]
    file: i64,
    /// All its pages as one PDF whose text can be searched, instead: pictures of
    /// the pages, and unseen above them what was read.
    #[arg(long, conflicts_with = "file")]
    searchable: bool,
    /// Where to; standard output when left out.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Get {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let id: DocumentId = self.document.parse()?;
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Export).await?;
        let no = looks::household_of(&app, &actor, id).await?;
        common.because(&app, &actor, no.as_ref()).await?;
        let original;
        let made;
        let mut from: Box<dyn AsyncRead + Send + Unpin> = if self.searchable {
            made = view::searchable(&app, &actor, id).await?;
            Box::new(made.as_slice())
        } else {
            original = view::original(&app, &actor, id, self.file).await?;
            Box::new(tokio::fs::File::open(original.copy.path()).await?)
        };
        match &self.output {
            Some(path) => {
                let mut to = tokio::fs::File::create_new(path).await?;
                tokio::io::copy(&mut from, &mut to).await?;
                to.sync_all().await?;
            }
            None => {
                tokio::io::copy(&mut from, &mut tokio::io::stdout()).await?;
            }
        }
        app.close(false).await?;
        Ok(Outcome::Done)
    }
}
