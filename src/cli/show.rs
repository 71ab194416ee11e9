use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::looks;
use crate::model::access::{Actor, Right};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::view;

/// Shows a household (17 digits) or a document (its number).
#[derive(Debug, Args)]
pub(super) struct Show {
    /// 户号, or the number of a document.
    #[arg(value_name = "HOUSEHOLD|DOCUMENT")]
    what: String,
}

impl Show {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Look).await?;
        let shown = match self.what.parse::<HouseholdNo>() {
            Ok(no) => {
                common.because(&app, &actor, Some(&no)).await?;
                household(&app, &actor, &no, common.json).await
            }
            Err(_) => {
                let id = self.what.parse()?;
                let no = looks::household_of(&app, &actor, id).await?;
                common.because(&app, &actor, no.as_ref()).await?;
                document(&app, &actor, id, common.json).await
            }
        };
        app.close(false).await?;
        shown
    }
}

async fn household(
    app: &crate::app::App,
    actor: &Actor,
    no: &HouseholdNo,
    json: bool,
) -> Result<Outcome, Failure> {
    let shown = view::household(app, actor, no).await?;
    if json {
        print_json(&shown)?;
        return Ok(Outcome::Done);
    }
    println!("{} {}  {}", shown.household.head, no, shown.household.address);
    match shown.versions.last() {
        Some(v) => {
            println!("{}  version {}  {} 件 {} 页", v.reference_code, v.version, v.items, v.pages)
        }
        None => println!("not bound"),
    }
    for place in &shown.places {
        match &place.document {
            Some(document) => println!(
                "  {:4} {:>6}  {}  {}",
                place.type_code, document.id, document.date, place.title
            ),
            None => println!(
                "  {:4}      -  missing: {} ({})",
                place.type_code,
                place.title,
                place.collector.map_or("", |level| level.zh())
            ),
        }
    }
    Ok(Outcome::Done)
}

async fn document(
    app: &crate::app::App,
    actor: &Actor,
    id: DocumentId,
    json: bool,
) -> Result<Outcome, Failure> {
    let shown = view::document(app, actor, id).await?;
    if json {
        print_json(&shown)?;
        return Ok(Outcome::Done);
    }
    println!("document {id}  {}  {}", shown.description.type_code, shown.title);
    println!("  {} {}", shown.head, shown.document.household.as_deref().unwrap_or("on the desk"));
    for file in &shown.files {
        println!(
            "  file {}  {}  {} p  {} B  {}",
            file.place, file.name, file.pages, file.bytes, file.sha256
        );
    }
    for page in &shown.pages {
        match &page.reading {
            None => println!("  -- page {}: not read yet", page.page),
            Some(reading) => {
                println!("  -- page {}: {}", page.page, reading.reason);
                println!("{}", reading.text());
            }
        }
    }
    Ok(Outcome::Done)
}
