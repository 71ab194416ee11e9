use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::audit::{self, Finding, Report, Sweep};

/// Reads every stored file again and says what is changed, missing or not in
/// the catalog.
#[derive(Debug, Args)]
pub(super) struct Verify {}

impl Verify {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let report = with_bar(&app).await?;
        app.settle().await?;
        if common.json {
            print_json(&report)?;
        } else {
            print(&report);
        }
        Ok(if report.is_clean() { Outcome::Done } else { Outcome::Findings })
    }
}

/// Verifies under a progress bar.
pub(super) async fn with_bar(app: &App) -> Result<Report, Failure> {
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
    let report = audit::verify(app, &app.operator(), sweep).await;
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
    ];
    for (class, findings) in classes {
        for finding in findings {
            println!("{class}: {}", sentence(finding));
        }
    }
    if report.is_clean() {
        println!("every file is as its digest says; nothing is missing, nothing is untracked");
    }
}

fn sentence(finding: &Finding) -> String {
    let mut text = format!("{} {}", finding.kind, finding.object);
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
