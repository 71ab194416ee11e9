//! The demonstration: the whole way of the sample documents, from the scanner
//! to a verified archive, with a report in numbers.

mod folder;
mod people;
mod samples;
mod way;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;

pub use self::folder::clear;
pub use self::people::SignIn;
use crate::app::App;
use crate::catalog::jobs;
use crate::intake::Taken;
use crate::model::access::{Actor, Role};
use crate::search::{self, Asked, Found, Part};
use crate::{audit, follow};

/// Why the demonstration did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The samples are not where they should be.
    #[error("the sample documents cannot be read: {0}: {1}")]
    Samples(String, String),
    /// A step failed.
    #[error("{step}: {cause}")]
    Step {
        /// Which.
        step: &'static str,
        /// Why.
        cause: String,
    },
}

/// Names the step in the errors of what a closure does.
fn at<E: std::fmt::Display>(step: &'static str) -> impl Fn(E) -> DemoError {
    move |cause| DemoError::Step { step, cause: cause.to_string() }
}

/// What the demonstration is doing, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Taking in files: done, of how many.
    Adding(u64, u64),
    /// Reading files: done, of how many.
    Reading(u64, u64),
    /// Filing as proposed: done, of how many.
    Filing(u64, u64),
    /// Binding volumes: done, of how many.
    Binding(u64, u64),
    /// Reading everything again.
    Verifying,
}

/// What came out.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Files given.
    pub files: usize,
    /// Files that were known already.
    pub duplicates: usize,
    /// Pages of the files taken in.
    pub pages: u32,
    /// Pages on which something was read.
    pub pages_with_text: usize,
    /// Pages that could not be read.
    pub pages_unread: usize,
    /// Jobs given up.
    pub failed: i64,
    /// Documents filed as proposed, by a person's key in an office.
    pub filed: usize,
    /// Documents left on the intake desk for a person to decide.
    pub waiting: usize,
    /// Households.
    pub households: usize,
    /// Volumes bound.
    pub volumes: usize,
    /// What was searched.
    pub query: String,
    /// How many documents it found.
    pub hits: u64,
    /// The first of them.
    pub first_hit: Option<Found>,
    /// The verification.
    pub verification: audit::Report,
    /// Seconds for reading alone.
    pub reading_seconds: f64,
    /// Seconds for everything.
    pub seconds: f64,
    /// Why nothing was read by OCR, if so.
    pub no_ocr: Option<String>,
    /// Who can sign in: one for each role.
    pub people: Vec<SignIn>,
}

/// Takes the sample documents in `samples` the whole way; `all` of them, or
/// those that tell most.
///
/// # Errors
/// When a step fails. Files that cannot be read are counted, not errors.
pub async fn run(
    app: &Arc<App>,
    samples: &Path,
    all: bool,
    each: impl Fn(Step) + Clone + Send + Sync + 'static,
) -> Result<Report, DemoError> {
    let begun = Instant::now();
    let bureau = app.operator().organisation;
    let clerk = Actor::new("赵玉梅", bureau.clone(), Role::Clerk);
    let archivist = Actor::new("宋青", bureau, Role::Archivist);
    let households = samples::begin(app, &app.operator(), samples).await?;

    let files = samples::listed(samples, all)?;
    let taken = way::add(app, &clerk, samples, &files, &each).await?;
    let reading_begun = Instant::now();
    way::read(app, taken.len() as u64, &each).await?;
    let reading = reading_begun.elapsed();
    let (filed, waiting) = way::file(app, &clerk, &each).await?;
    samples::carry(app, &clerk, samples).await?;
    let volumes = way::bind(app, &archivist, &households, &each).await?;
    follow::until_current(app).await.map_err(at("indexing"))?;

    let query = households.first().map(|one| one.head.clone()).unwrap_or_default();
    let answer = search::find(app, &clerk, &Asked::of(&query), &Part::first(20))
        .await
        .map_err(at("searching"))?;
    each(Step::Verifying);
    let verification =
        audit::verify(app, &archivist, Arc::default()).await.map_err(at("verifying"))?;
    let (pages_with_text, pages_unread) = way::count_pages(app, &clerk, &taken).await?;
    let mut tx = app.db.read().await.map_err(at("counting"))?;
    let failed = jobs::counts(&mut tx).await.map_err(at("counting"))?.2;
    let new = |one: &&Taken| one.duplicate_of.is_none();
    let people = people::enlist(app).await?;
    Ok(Report {
        people,
        files: files.len(),
        duplicates: taken.iter().filter(|one| one.duplicate_of.is_some()).count(),
        pages: taken.iter().filter(new).map(|one| one.pages).sum(),
        pages_with_text,
        pages_unread,
        failed,
        filed,
        waiting,
        households: households.len(),
        volumes,
        query,
        hits: answer.total,
        first_hit: answer
            .found
            .into_iter()
            .find(|found| found.pages.iter().any(|page| !page.boxes.is_empty())),
        verification,
        reading_seconds: reading.as_secs_f64(),
        seconds: begun.elapsed().as_secs_f64(),
        no_ocr: app.no_ocr().map(|error| error.to_string()),
    })
}
