use std::path::PathBuf;

use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::looks;
use crate::model::access::Right;
use crate::model::id::DocumentId;
use crate::prove::{self, Subject};

/// Packs a document, a volume or a household with everything that a stranger
/// needs to check it: a BagIt bag for `yidang-verify`.
#[derive(Debug, Args)]
pub(super) struct Prove {
    /// The number of a document, a reference code 档号, or a household's number 户号.
    #[arg(value_name = "DOCUMENT|VOLUME|HOUSEHOLD")]
    what: String,
    /// The new folder to pack it into.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Show that nothing about it came later, for a document too: every later
    /// entry of the log is packed. Volumes and households always show it.
    #[arg(long)]
    current: bool,
}

impl Prove {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Export).await?;
        let Ok(subject) = self.what.parse::<Subject>();
        let no = match &subject {
            Subject::Household(no) => no.parse().ok(),
            Subject::Document(id) => looks::household_of(&app, &actor, DocumentId(*id)).await?,
            _ => None,
        };
        common.because(&app, &actor, no.as_ref()).await?;
        let current = self.current || !matches!(subject, Subject::Document(_));
        let proven = prove::prove(&app, &actor, &subject, current, &self.output).await?;
        app.close(false).await?;
        if common.json {
            print_json(&proven)?;
        } else {
            println!(
                "{} entries and {} files packed into {}; the log {} has {} entries",
                proven.entries.len(),
                proven.objects,
                self.output.display(),
                proven.origin,
                proven.size
            );
            println!("check it with: yidang-verify {} --policy FILE", self.output.display());
        }
        Ok(Outcome::Done)
    }
}
