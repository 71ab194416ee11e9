use clap::Args;
use serde_json::json;

use super::{Common, Failure, Outcome, print_json};
use crate::binding::{self, BindError};
use crate::model::access::Right;
use crate::model::id::HouseholdNo;

/// Binds the next version of a household's volume.
///
/// Papers nobody has described are filed as proposed; they are listed first.
#[derive(Debug, Args)]
pub(super) struct Bind {
    /// 户号
    #[arg(value_name = "HOUSEHOLD")]
    household: String,
    /// Only says what binding would do.
    #[arg(long)]
    dry_run: bool,
    /// 本卷情况说明: what the volume note says beside the counts.
    #[arg(long, default_value = "")]
    note: String,
}

impl Bind {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let no: HouseholdNo = self.household.parse()?;
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Bind).await?;
        let plan = binding::plan(&app, &actor, &no).await?;
        if !common.json {
            for item in &plan.items {
                println!(
                    "{:>3}  {:4} {:8} {:>6}  {}",
                    item.order,
                    item.description.type_code,
                    item.description
                        .date
                        .map(|d| d.strftime("%Y%m%d").to_string())
                        .unwrap_or_default(),
                    item.pages(),
                    item.description.title
                );
            }
            if !plan.as_proposed.is_empty() {
                println!("{} papers are taken as proposed", plan.as_proposed.len());
            }
            if !plan.missing.is_empty() {
                println!("missing: {}", plan.missing.join("、"));
            }
        }
        if self.dry_run {
            if common.json {
                print_json(&plan)?;
            }
            return Ok(Outcome::Done);
        }
        let bound = match binding::bind(&app, &actor, &no, &self.note).await {
            // Binding again what has not changed is no mistake of a script.
            Err(error @ BindError::Unchanged(_)) => {
                eprintln!("yidang: {error}");
                if let (true, Some(volume)) = (common.json, plan.current) {
                    print_json(&json!({
                        "household": volume.household, "reference_code": volume.reference_code,
                        "version": volume.version, "manifest": volume.manifest,
                        "items": volume.items, "pages": volume.pages,
                    }))?;
                }
                return Ok(Outcome::Done);
            }
            bound => bound?,
        };
        if common.json {
            print_json(&bound)?;
        } else {
            println!(
                "bound {} version {}: {} 件 {} 页, manifest {}",
                bound.reference_code, bound.version, bound.items, bound.pages, bound.manifest
            );
        }
        app.settle().await?;
        Ok(Outcome::Done)
    }
}
