use clap::Args;

use super::verify::print_copy;
use super::{Common, Failure, Outcome, print_json};
use crate::model::access::Right;
use crate::search::Renewal;
use crate::view;

/// Says how far each part is: log, papers that wait, jobs, OCR, index, second copy.
#[derive(Debug, Args)]
pub(super) struct Status {}

impl Status {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Own).await?;
        let status = view::status(&app, &actor).await?;
        if common.json {
            print_json(&status)?;
            return Ok(Outcome::Done);
        }
        println!("{} {}, yidang {}", status.fonds, status.fonds_name, status.version);
        println!("log: {} entries", status.log.entries);
        println!("papers that wait for a person: {}", status.waiting);
        let jobs = &status.jobs;
        println!("jobs: {} ready, {} running, {} failed", jobs.ready, jobs.running, jobs.failed);
        println!("ocr: {}", if status.ocr.on { "on" } else { status.ocr.reason.as_str() });
        let index = &status.index;
        match index.end.saturating_sub(index.position) {
            0 => println!("index: up to date"),
            changes => println!("index: {changes} changes behind"),
        }
        if let Some(renewal) = &index.renewal {
            println!("  {}", told(renewal));
        }
        print_copy(status.copy.as_ref());
        Ok(Outcome::Done)
    }
}

/// That the index is being filled, as a sentence.
pub(super) fn told(renewal: &Renewal) -> String {
    let meanwhile = match renewal.former {
        true => "everything is found as before",
        false => "what is not in it yet is not found",
    };
    format!("the search is being renewed, {}% done; {meanwhile}", renewal.percent())
}
