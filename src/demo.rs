//! The demonstration: the whole way of the sample documents, from the scanner
//! to a verified archive, with a report in numbers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use futures::{StreamExt, TryStreamExt};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tokio_util::io::ReaderStream;

use crate::app::App;
use crate::binding::{self, BindError};
use crate::catalog::jobs;
use crate::intake::{self, Taken};
use crate::living::cases::{self, Giving, Taking};
use crate::model::access::{Actor, Role};
use crate::model::codes::procedure::{CARRIED_OVER, CARRY};
use crate::model::id::{DocumentId, HouseholdNo, IdError};
use crate::people::{self, NewPerson};
use crate::search::{self, Asked, Found, Part};
use crate::setup::{self, Founding, HouseholdEntry, OrganisationEntry};
use crate::{audit, filing, follow, view, worker};

/// How many files are taken in at a time.
const AT_ONCE: usize = 8;

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

/// A line of the samples' ground truth, as far as it is needed here.
#[derive(Debug, Clone, Deserialize)]
struct Sample {
    file: PathBuf,
    #[serde(default)]
    demo: bool,
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

/// Somebody who can sign in to the demonstration.
#[derive(Debug, Clone, Serialize)]
pub struct SignIn {
    /// The role.
    pub role: Role,
    /// 姓名
    pub name: &'static str,
    /// What is typed to sign in.
    pub login: &'static str,
    /// The password: of this demonstration alone.
    pub password: String,
}

/// The people of the demonstration: role, name, login, organisation; the street
/// 柳桥 has a clerk and a reader of its own.
const PEOPLE: [(Role, &str, &str, &str); 7] = [
    (Role::Clerk, "赵玉梅", "zhao", "990102003000"),
    (Role::Archivist, "宋青", "song", "990102000000"),
    (Role::Reader, "何立新", "he", "990102003000"),
    (Role::Approver, "邓文彬", "deng", "990102000000"),
    (Role::Auditor, "吴敏", "wu", "990102000000"),
    (Role::Administrator, "韩冰", "han", "990102000000"),
    (Role::SecurityOfficer, "罗琳", "luo", "990102000000"),
];

/// Makes one person for each role.
async fn enlist(app: &App) -> Result<Vec<SignIn>, DemoError> {
    let (actor, failed) = (app.operator(), "people");
    let mut all = Vec::new();
    for (role, name, login, code) in PEOPLE {
        let organisation = code.parse().map_err(at::<IdError>(failed))?;
        let new = NewPerson { login: login.into(), name: name.into(), organisation };
        people::add(app, &actor, new).await.map_err(at(failed))?;
        people::grant(app, &actor, login, vec![role]).await.map_err(at(failed))?;
        let password = format!("demo-{}", hex::encode(rand::random::<[u8; 4]>()));
        people::set_password(app, &actor, login, &password).await.map_err(at(failed))?;
        all.push(SignIn { role, name, login, password });
    }
    Ok(all)
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
    let households = begin(app, &app.operator(), samples).await?;

    let files: Vec<Sample> = read_lines(&samples.join("truth.jsonl"))?
        .into_iter()
        .filter(|sample: &Sample| all || sample.demo)
        .collect();
    let taken = add(app, &clerk, samples, &files, &each).await?;
    let reading_begun = Instant::now();
    read(app, taken.len() as u64, &each).await?;
    let reading = reading_begun.elapsed();
    let (filed, waiting) = file(app, &clerk, &each).await?;
    carry(app, &clerk, samples).await?;
    let volumes = bind(app, &archivist, &households, &each).await?;
    follow::until_current(app).await.map_err(at("indexing"))?;

    let query = households.first().map(|one| one.head.clone()).unwrap_or_default();
    let answer = search::find(app, &clerk, &Asked::of(&query), &Part::first(20))
        .await
        .map_err(at("searching"))?;
    each(Step::Verifying);
    let verification =
        audit::verify(app, &archivist, Arc::default()).await.map_err(at("verifying"))?;
    let (pages_with_text, pages_unread) = count_pages(app, &clerk, &taken).await?;
    let mut tx = app.db.read().await.map_err(at("counting"))?;
    let failed = jobs::counts(&mut tx).await.map_err(at("counting"))?.2;
    let new = |one: &&Taken| one.duplicate_of.is_none();
    let people = enlist(app).await?;
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

/// Founds the archive and opens the households of the samples.
async fn begin(app: &App, actor: &Actor, samples: &Path) -> Result<Vec<HouseholdEntry>, DemoError> {
    let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
    setup::found(app, actor, &founding).await.map_err(at("founding"))?;
    let organisations: Vec<OrganisationEntry> = read_json(&samples.join("organisations.json"))?;
    setup::register(app, actor, organisations).await.map_err(at("organisations"))?;
    let households: Vec<HouseholdEntry> = read_json(&samples.join("households.json"))?;
    setup::open_all(app, actor, households.clone()).await.map_err(at("households"))?;
    Ok(households)
}

/// A household of the samples, with what its newest decision gives it.
#[derive(Debug, Deserialize)]
struct Receiving {
    household_no: HouseholdNo,
    #[serde(default)]
    allowance: Vec<Allowance>,
}

/// What a household is paid a month in yuan, and since which decision.
#[derive(Debug, Deserialize)]
struct Allowance {
    on: Date,
    amount: u32,
}

/// 存量接收: the households receive the allowance already when their files come in.
async fn carry(app: &App, clerk: &Actor, samples: &Path) -> Result<(), DemoError> {
    let households: Vec<Receiving> = read_json(&samples.join("households.json"))?;
    for one in households {
        for paid in one.allowance {
            let benefit = Giving {
                category: "B".to_owned(),
                amount: paid.amount.to_string(),
                ..Giving::default()
            };
            let taking = Taking {
                procedure: CARRIED_OVER.to_owned(),
                step: CARRY.to_owned(),
                on: Some(paid.on),
                benefit: Some(benefit),
                ..Taking::default()
            };
            cases::take(app, clerk, &one.household_no, taking)
                .await
                .map_err(at("carrying over"))?;
        }
    }
    Ok(())
}

async fn add(
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

async fn read(
    app: &Arc<App>,
    total: u64,
    each: &(impl Fn(Step) + Clone + Send + Sync + 'static),
) -> Result<(), DemoError> {
    let (each, done) = (each.clone(), std::sync::atomic::AtomicU64::new(0));
    each(Step::Reading(0, total));
    worker::drain(app, true, move |_, _| {
        let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        each(Step::Reading(done, total));
    })
    .await
    .map_err(at("reading"))?;
    Ok(())
}

/// Files every paper whose type and household are beyond doubt, as a clerk
/// would with one key; the others stay on the desk.
async fn file(app: &App, clerk: &Actor, each: &impl Fn(Step)) -> Result<(usize, usize), DemoError> {
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

async fn bind(
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
async fn count_pages(
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

/// The marker of a folder that the demonstration may throw away.
const MARKER: &str = "demo-archive";

/// Makes `folder` an empty folder for a demonstration.
///
/// # Errors
/// When it holds something that no demonstration made.
pub fn clear(folder: &Path) -> Result<(), DemoError> {
    let wrong = |e: std::io::Error| DemoError::Samples(folder.display().to_string(), e.to_string());
    let used = folder.is_dir() && std::fs::read_dir(folder).map_err(wrong)?.next().is_some();
    if used && !folder.join(MARKER).is_file() {
        return Err(DemoError::Step {
            step: "data folder",
            cause: format!(
                "{} holds an archive that no demonstration made; it is left alone",
                folder.display()
            ),
        });
    }
    if folder.is_dir() {
        // Many small files may take a moment to go; a stop half-way leaves the marker.
        for part in std::fs::read_dir(folder).map_err(wrong)? {
            let path = part.map_err(wrong)?.path();
            let stays = |name: &std::ffi::OsStr| name == MARKER || name == crate::config::FILE;
            if path.file_name().is_some_and(|name| !stays(name)) {
                let removed = if path.is_dir() {
                    std::fs::remove_dir_all(&path)
                } else {
                    std::fs::remove_file(&path)
                };
                removed.map_err(wrong)?;
            }
        }
    }
    std::fs::create_dir_all(folder).map_err(wrong)?;
    std::fs::write(folder.join(MARKER), "made by `yidang demo`; it will be thrown away\n")
        .map_err(wrong)
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, DemoError> {
    let wrong = |e: String| DemoError::Samples(path.display().to_string(), e);
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))
}

fn read_lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, DemoError> {
    let wrong = |e: String| DemoError::Samples(path.display().to_string(), e);
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(|e| wrong(e.to_string()))).collect()
}
