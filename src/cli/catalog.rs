use std::path::PathBuf;

use clap::Args;

use super::uses::{shape_of, write_new};
use super::{Common, Failure, Outcome, print_json};
use crate::model::access::Right;
use crate::model::file_state::FileState;
use crate::search::catalogs::{self, Asked, Catalog as Which, Order};

/// 检索目录: lists a retrieval catalog: archive, hardship or payment.
#[derive(Debug, Args)]
pub(super) struct Catalog {
    /// archive, hardship or payment.
    catalog: Which,
    /// Only what fits this, written as in a search: zgl, 桂兰 -王, 类型:收入证明.
    #[arg(default_value = "", value_name = "WORDS")]
    part: String,
    /// Only this organisation and those below it: a region code or its beginning.
    #[arg(long, value_name = "CODE", default_value = "")]
    organisation: String,
    /// Only files that stand so: open or bound.
    #[arg(long, value_name = "STATE")]
    state: Option<FileState>,
    /// The order: number, head or reference.
    #[arg(long, value_name = "ORDER", default_value = "number")]
    sort: Order,
    /// How many rows.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Where the part begins: `next` of the part before.
    #[arg(long, value_name = "PLACE", default_value = "")]
    after: String,
    /// Write all of it to a new file that ends with .csv or .xlsx.
    #[arg(long, value_name = "FILE", conflicts_with = "after")]
    export: Option<PathBuf>,
}

impl Catalog {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Look).await?;
        let Self { catalog, part, organisation, state, sort, .. } = self;
        let asked = Asked { part, organisation, state, sort };
        if let Some(file) = &self.export {
            let (shape, reason) = (shape_of(file)?, common.said()?);
            let bytes = catalogs::export(&app, &actor, catalog, &asked, shape, reason).await?;
            write_new(file, &bytes)?;
            app.close(false).await?;
            if !common.json {
                println!("{} bytes written to {}", bytes.len(), file.display());
            }
            return Ok(Outcome::Done);
        }
        let limit = self.limit.clamp(1, 1000);
        let listed = catalogs::list(&app, &actor, catalog, &asked, &self.after, limit).await?;
        app.close(false).await?;
        if common.json {
            print_json(&listed)?;
        } else {
            println!("{}", listed.columns.join("\t"));
            listed.rows.iter().for_each(|row| println!("{}", row.values.join("\t")));
            println!("{} of {}; read as: {}", listed.rows.len(), listed.total, listed.read_as);
            if let Some(next) = &listed.next {
                println!("more: --after {next}");
            }
        }
        Ok(if listed.total > 0 { Outcome::Done } else { Outcome::Findings })
    }
}
