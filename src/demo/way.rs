//! The way of the papers, step by step.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::{StreamExt, TryStreamExt};
use tokio_util::io::ReaderStream;

use super::samples::Sample;
use super::{DemoError, Step, at};
use crate::app::App;
use crate::binding::{self, BindError};
use crate::intake::{self, Taken};
use crate::model::access::Actor;
use crate::model::id::DocumentId;
use crate::setup::HouseholdEntry;
use crate::{filing, view, worker};

/// How many files are taken in at a time.
const AT_ONCE: usize = 8;

pub(super) async fn add(
    app: &App,
    clerk: &Actor,
    samples: &Path,
    files: &[Sample],
    each: &impl Fn(Step),
) -> Result<Vec<Taken>, DemoError> {
    let total = files.len() as u64;
    let mut done = 0;
    let mut taken = Vec::new();
    // The files after the first copies, so that a duplicate finds its original.
    let jobs: Vec<_> = files
        .iter()
        .map(|sample| {
            let path = samples.join(&sample.file);
            async move {
                let file = tokio::fs::File::open(&path)
                    .await
                    .map_err(|e| DemoError::Samples(path.display().to_string(), e.to_string()))?;
                let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
                intake::take(app, clerk, &name.unwrap_or_default(), None, ReaderStream::new(file))
                    .await
                    .map_err(|e| DemoError::Samples(path.display().to_string(), e.to_string()))
            }
        })
        .collect();
    let mut running = futures::stream::iter(jobs).buffered(AT_ONCE);
    while let Some(one) = running.try_next().await? {
        taken.push(one);
        done += 1;
        each(Step::Adding(done, total));
    }
    Ok(taken)
}

pub(super) async fn read(
    app: &Arc<App>,
    total: u64,
    each: &(impl Fn(Step) + Clone + Send + Sync + 'static),
) -> Result<(), DemoError> {
    let (each, done) = (each.clone(), AtomicU64::new(0));
    each(Step::Reading(0, total));
    worker::drain(app, true, move |_, _| {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        each(Step::Reading(done, total));
    })
    .await
    .map_err(at("reading"))?;
    Ok(())
}

/// Files every paper whose type and household are beyond doubt, as a clerk
/// would with one key; the others stay on the desk.
pub(super) async fn file(
    app: &App,
    clerk: &Actor,
    each: &impl Fn(Step),
) -> Result<(usize, usize), DemoError> {
    let pile = view::pile(app, clerk, 10_000).await.map_err(at("filing"))?;
    let total = pile.len() as u64;
    let (mut filed, mut waiting) = (0, 0);
    for (paper, done) in pile.into_iter().zip(1..) {
        let id = DocumentId(paper.document.id);
        let proposed = filing::propose(app, clerk, id).await.map_err(at("filing"))?;
        let certain = proposed.candidates.first().filter(|one| one.certain && proposed.sure);
        match certain {
            Some(household) => {
                filing::file(app, clerk, id, &household.household, proposed.description)
                    .await
                    .map_err(at("filing"))?;
                filed += 1;
            }
            None => waiting += 1,
        }
        each(Step::Filing(done, total));
    }
    Ok((filed, waiting))
}

pub(super) async fn bind(
    app: &App,
    archivist: &Actor,
    households: &[HouseholdEntry],
    each: &impl Fn(Step),
) -> Result<usize, DemoError> {
    let mut volumes = 0;
    for (household, done) in households.iter().zip(1..) {
        match binding::bind(app, archivist, &household.household_no, "").await {
            Ok(_) => volumes += 1,
            Err(BindError::Empty(_)) => {}
            Err(error) => return Err(at("binding")(error)),
        }
        each(Step::Binding(done, households.len() as u64));
    }
    Ok(volumes)
}

/// How many pages have text, and how many could not be read.
pub(super) async fn count_pages(
    app: &App,
    actor: &Actor,
    taken: &[Taken],
) -> Result<(usize, usize), DemoError> {
    let (mut with_text, mut unread) = (0, 0);
    for one in taken.iter().filter(|one| one.duplicate_of.is_none()) {
        let shown =
            view::document_at_work(app, actor, one.document).await.map_err(at("counting"))?;
        unread += shown.unread();
        with_text += shown
            .pages
            .iter()
            .filter(|page| page.reading.as_ref().is_some_and(|r| !r.lines.is_empty()))
            .count();
    }
    Ok((with_text, unread))
}
