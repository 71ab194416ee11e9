use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::filing;
use crate::model::access::Right;
use crate::model::document::Description;
use crate::model::id::{DocumentId, HouseholdNo};

/// Files a document as proposed, or as given; files again to correct.
#[derive(Debug, Args)]
pub(super) struct File {
    /// The document's number.
    #[arg(value_name = "DOCUMENT")]
    document: String,
    /// 户号; the likeliest household when left out.
    #[arg(long, value_name = "NUMBER")]
    household: Option<String>,
    /// 件种: a code of the profile, such as A02.
    #[arg(long = "type", value_name = "CODE")]
    type_code: Option<String>,
    /// 题名
    #[arg(long)]
    title: Option<String>,
    /// 责任者
    #[arg(long)]
    responsible: Option<String>,
    /// 文号
    #[arg(long)]
    document_no: Option<String>,
    /// 日期, such as 2026-03-09.
    #[arg(long)]
    date: Option<String>,
    /// 备注
    #[arg(long)]
    remarks: Option<String>,
}

impl File {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let document: DocumentId = self.document.parse()?;
        let app = common.open().await?;
        let actor = common.acting(&app, Right::File).await?;
        let proposed = filing::propose(&app, &actor, document).await?;
        let household: HouseholdNo = match (&self.household, proposed.candidates.first()) {
            (Some(no), _) => no.parse()?,
            (None, Some(candidate)) => candidate.household.clone(),
            (None, None) => {
                return Err(Failure::usage(
                    "no household is named on the paper",
                    "say which with --household NUMBER",
                ));
            }
        };
        let date = match &self.date {
            Some(text) => Some(text.parse().map_err(|_| {
                Failure::usage(format!("{text:?} is not a date"), "write 2026-03-09")
            })?),
            None => proposed.description.date,
        };
        let was = proposed.description;
        let description = Description {
            type_code: self.type_code.unwrap_or(was.type_code),
            title: self.title.unwrap_or(was.title),
            responsible: self.responsible.unwrap_or(was.responsible),
            document_no: self.document_no.unwrap_or(was.document_no),
            date,
            remarks: self.remarks.unwrap_or(was.remarks),
        };
        let filed = filing::file(&app, &actor, document, &household, description).await?;
        if common.json {
            print_json(&filed)?;
        } else {
            println!(
                "document {document} filed in {household}: {} {}",
                filed.description.type_code, filed.description.title
            );
        }
        app.settle().await?;
        Ok(Outcome::Done)
    }
}
