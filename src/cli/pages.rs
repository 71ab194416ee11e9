use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::model::access::Right;
use crate::rendition::quality::DOUBTFUL;
use crate::view;

/// Lists the pages that were read badly, the worst first; status 1 when there are any.
#[derive(Debug, Args)]
pub(super) struct Pages {
    /// Those that scored less, from 0 (nothing was read) to 1000 (every character is sure).
    #[arg(long, value_name = "SCORE", default_value_t = DOUBTFUL)]
    under: u32,
    /// At most so many.
    #[arg(long, default_value_t = 100)]
    limit: u32,
}

impl Pages {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Look).await?;
        let found = view::doubtful(&app, &actor, self.under, None, self.limit).await?;
        if common.json {
            print_json(&found)?;
        } else {
            for page in &found {
                println!("{:4}  document {} page {}", page.quality, page.document, page.page);
            }
        }
        Ok(if found.is_empty() { Outcome::Done } else { Outcome::Findings })
    }
}
