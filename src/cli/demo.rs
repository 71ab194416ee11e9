use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::{Common, Failure, Outcome, listen_on, print_json, progress};
use crate::app::App;
use crate::demo::{self, Report, Step};
use crate::web;

/// Takes the sample documents the whole way and reports; then serves the
/// pages.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// The folder of the sample documents.
    #[arg(long, default_value = "sample-docs", value_name = "DIR")]
    samples: PathBuf,
    /// Takes all samples instead of those that tell most.
    #[arg(long)]
    all: bool,
    /// Ends after the report.
    #[arg(long)]
    no_serve: bool,
    /// Where to serve the pages.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
}

impl Demo {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let trouble = |error: demo::DemoError| Failure::trouble(error.to_string());
        demo::clear(&common.data).map_err(trouble)?;
        let config = common.config()?;
        let listen = listen_on(self.listen, &config)?;
        let app = App::open(config, true).await?;
        let bar = Arc::new(progress::bar("adding", 0));
        let ticks = Arc::clone(&bar);
        let report = demo::run(&app, &self.samples, self.all, move |step| {
            let (what, done, total) = match step {
                Step::Adding(done, total) => ("adding", done, total),
                Step::Reading(done, total) => ("reading", done, total),
                Step::Filing(done, total) => ("filing", done, total),
                Step::Binding(done, total) => ("binding", done, total),
                Step::Verifying => ("verifying", 0, 1),
            };
            ticks.set_message(what);
            ticks.set_length(total);
            ticks.set_position(done);
        })
        .await
        .map_err(trouble)?;
        app.settle().await?;
        bar.finish_and_clear();
        if common.json {
            print_json(&report)?;
        } else {
            print(&report);
        }
        let clean = report.verification.is_clean() && report.failed == 0 && report.hits > 0;
        if !self.no_serve {
            web::serve(app, listen).await?;
        }
        Ok(if clean { Outcome::Done } else { Outcome::Findings })
    }
}

fn print(report: &Report) {
    let row = |what: &str, text: String| println!("  {what:<12} {text}");
    println!("一档 Yidang: the way of the sample documents\n");
    row(
        "files",
        format!(
            "{} given, {} already held, {} pages",
            report.files, report.duplicates, report.pages
        ),
    );
    match &report.no_ocr {
        Some(reason) => row("read", format!("by text layer only: {reason}")),
        None => row(
            "read",
            format!(
                "{} pages with text, {} without, {} unread, {} failed; {:.1} s, {:.2} s a page",
                report.pages_with_text,
                (report.pages as usize)
                    .saturating_sub(report.pages_with_text + report.pages_unread),
                report.pages_unread,
                report.failed,
                report.reading_seconds,
                report.reading_seconds / f64::from(report.pages.max(1)),
            ),
        ),
    }
    row(
        "filed",
        format!(
            "{} as proposed, {} wait on the intake desk for a person",
            report.filed, report.waiting
        ),
    );
    row("bound", format!("{} volumes of {} households", report.volumes, report.households));
    row("search", format!("{:?}: {} documents", report.query, report.hits));
    if let Some(hit) = &report.first_hit
        && let Some(page) = hit.pages.first()
    {
        row("", format!("document {} page {}, {:?}", hit.document, page.page, hit.title));
        row("", format!("{:?} boxed at {:?}", page.snippet, page.boxes.first()));
    }
    let found = &report.verification;
    row(
        "verified",
        format!(
            "{} files, {} bytes: {} changed, {} missing, {} untracked, {} not looked at",
            found.checked,
            found.bytes,
            found.changed.len(),
            found.missing.len(),
            found.untracked.len(),
            found.unread.len(),
        ),
    );
    row("time", format!("{:.1} s in all", report.seconds));
    println!("\nSign in as one of these; the passwords are of this demonstration alone:");
    for one in &report.people {
        println!(
            "  {:<6} {:<14} {} {} ({})",
            one.login,
            one.password,
            one.role.zh(),
            one.name,
            one.role.en()
        );
    }
    println!();
}
