use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::audit::{self, Asked, Bounds, Finding, Report, SecondCopy, Sweep};
use crate::model::access::{Actor, Right};
use crate::model::act::Repair;

/// Reads every stored file again, in both copies, and the log, and says what is
/// changed, missing or not in the catalog.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Move what is damaged to quarantine and restore it from where it is sound.
    #[arg(long)]
    repair: bool,
    /// Compare the catalog with the log, however long that takes; a small
    /// archive is compared anyhow.
    #[arg(long)]
    catalog: bool,
    /// Read for so long, and say how far it came.
    #[arg(long, value_name = "N")]
    minutes: Option<u64>,
    /// Read so many bytes in a second at most.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    bytes_per_second: Option<u64>,
    /// Go on where an earlier one was broken off, and begin with what was not
    /// looked at for longest.
    #[arg(long)]
    resume: bool,
}

/// What a verification says in JSON.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// How far the second copy is, where there is one.
    copy: Option<SecondCopy>,
}

impl Verify {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Verify).await?;
        let bounds = Bounds {
            time: self.minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60))),
            bytes_per_second: self.bytes_per_second,
            resume: self.resume,
            due: None,
        };
        let asked = Asked { bounds, repair: self.repair, catalog: self.catalog };
        let report = with_bar(&app, &actor, asked).await?;
        app.settle().await?;
        let copy = audit::second(&app).await?;
        if common.json {
            print_json(&Told { report: &report, copy })?;
        } else {
            print(&report);
            if self.repair {
                print_left(&report);
            }
            print_copy(copy.as_ref());
        }
        Ok(match (report.is_clean(), report.unrecorded.is_some()) {
            (false, _) => Outcome::Findings,
            (true, true) => Outcome::Status(3),
            (true, false) => Outcome::Done,
        })
    }
}

/// Verifies under a progress bar.
pub(super) async fn with_bar(app: &App, actor: &Actor, asked: Asked) -> Result<Report, Failure> {
    let sweep = Arc::new(Sweep::default());
    let bar = super::progress::bar("verifying", 0);
    let (ticks, watched) = (bar.clone(), Arc::clone(&sweep));
    let watching = tokio::spawn(async move {
        loop {
            ticks.set_length(watched.total.load(Ordering::Relaxed));
            ticks.set_position(watched.done.load(Ordering::Relaxed));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let report = audit::verify_as(app, actor, sweep, asked).await;
    watching.abort();
    bar.finish_and_clear();
    Ok(report?)
}

/// Prints a report for people.
pub(super) fn print(report: &Report) {
    println!("{} files read again, {} bytes", report.checked, report.bytes);
    let classes = [
        ("changed", &report.changed),
        ("missing", &report.missing),
        ("not in the catalog", &report.untracked),
        ("could not be read", &report.unread),
        ("made from what is not there", &report.derived_only),
    ];
    for (class, findings) in classes {
        for finding in findings {
            println!("{class}: {}", sentence(finding));
        }
    }
    for (entry, files) in &report.destroyed {
        println!("destroyed by log entry {entry}: {files} files; nobody can read them any more");
    }
    for repair in &report.repaired {
        println!("repaired: {} {}", repair.side.as_str(), repair.path);
        if let Some(quarantine) = &repair.quarantine {
            println!("  what stood there is now {quarantine}");
        }
    }
    let scope = report.scope;
    if let Some(why) = &report.unrecorded {
        println!("this result is not in the log: {why}");
    }
    match (report.is_clean(), scope.whole) {
        (true, true) => {
            println!("every file is as its digest says; nothing is missing, nothing is untracked");
        }
        (true, false) => println!("what was looked at is as its digest says"),
        (false, _) => {}
    }
    if !scope.whole {
        println!("only a part was looked at: {} of {} shards", scope.shards, scope.of);
    }
}

/// Says what was to be repaired and is not.
fn print_left(report: &Report) {
    let damaged = report.changed.iter().chain(&report.missing);
    // Of the access log nothing is put back: what is wrong with it is for people.
    let mended = |one: &&Finding| one.place != "catalog" && one.kind != "access";
    for finding in damaged.filter(mended) {
        let repaired = |one: &Repair| {
            (one.side.as_str(), one.path.as_str()) == (finding.place, finding.path.as_str())
        };
        if !report.repaired.iter().any(repaired) {
            println!("not repaired, since it is sound nowhere: {}", finding.path);
        }
    }
}

/// Says how far the second copy is.
pub(super) fn print_copy(copy: Option<&SecondCopy>) {
    let Some(copy) = copy else { return };
    let behind = match copy.behind {
        Some(0) => "has the whole log".to_owned(),
        Some(behind) => format!("lacks {behind} log entries"),
        None => "was not reached".to_owned(),
    };
    println!("second copy {}: {behind}", copy.address);
    if !copy.problem.is_empty() {
        println!("  {}", copy.problem);
    }
}

fn sentence(finding: &Finding) -> String {
    let place = if finding.place == "copy" { "in the second copy: " } else { "" };
    let mut text = format!("{place}{} {}", finding.kind, finding.object);
    if let Some(document) = finding.document {
        text.push_str(&format!(", document {document} {:?}", finding.title));
    }
    if let Some(household) = &finding.household {
        text.push_str(&format!(", household {household} {}", finding.head));
    }
    if !finding.reason.is_empty() {
        text.push_str(&format!(" ({})", finding.reason));
    }
    text
}
