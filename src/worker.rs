//! 作业: takes a stored blob through reading. Safe to run twice: what was read
//! already is used as it stands.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::app::App;
use crate::catalog::jobs::{self, Job};
use crate::catalog::readings::{self, ReadingRow};
use crate::catalog::{destroyed, documents, feed};
use crate::db::DbError;
use crate::extract::{self, Kind, PageReading, Reading, Source};
use crate::model::id::Digest;
use crate::model::mask;
use crate::model::propose::propose;
use crate::rendition::{self, Rendition};
use crate::vault::VaultError;

/// Why a job did not end well.
#[derive(Debug, thiserror::Error)]
enum JobError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    File(#[from] extract::Error),
    #[error("the job is not one this program knows: {0}")]
    Unknown(String),
    #[error("another worker has taken the job over")]
    Lost,
}

impl JobError {
    /// Whether trying again would bring the same.
    fn is_hopeless(&self) -> bool {
        match self {
            Self::File(error) => !error.may_pass(),
            Self::Vault(error) => error.is_damage() || matches!(error, VaultError::Destroyed(_)),
            Self::Unknown(_) => true,
            _ => false,
        }
    }

    /// The sentence a person reads beside the failed job.
    fn sentence(&self) -> String {
        match self {
            Self::File(error) => error.zh(),
            Self::Vault(error) if error.is_damage() => {
                "存着的内容与指纹不符，没有读。请审计员核验。".to_owned()
            }
            Self::Vault(VaultError::Destroyed(_)) => {
                "这份文件的密钥已经销毁，谁也读不出了。".to_owned()
            }
            Self::Vault(VaultError::Locked(_)) => "这份文件加了密，这台机器上没有密钥。".to_owned(),
            Self::Vault(VaultError::NotFound(_)) => "存着的文件找不到了。请审计员核验。".to_owned(),
            other => other.to_string(),
        }
    }
}

/// How often a busy job renews its lease, at least.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// Works through the queue with as many readers as configured until it is
/// empty; jobs that failed and wait for a later try count as work when
/// `patiently`. Returns how many jobs ended well. `each` is told of every job
/// that ended.
///
/// # Errors
/// When the database fails.
pub async fn drain(
    app: &Arc<App>,
    patiently: bool,
    each: impl Fn(&Job, Option<&str>) + Send + Sync + 'static,
) -> Result<u64, DbError> {
    take_up_unread(app).await?;
    let each = Arc::new(each);
    let readers = (0..app.config.readers.max(1)).map(|_| {
        let (app, each) = (Arc::clone(app), Arc::clone(&each));
        tokio::spawn(async move { drain_one(&app, patiently, each.as_ref()).await })
    });
    let mut done = 0;
    for ended in futures::future::join_all(readers).await {
        done += ended.map_err(|e| DbError::Corrupt(format!("a reader stopped: {e}")))??;
    }
    Ok(done)
}

async fn drain_one(
    app: &Arc<App>,
    patiently: bool,
    each: &(dyn Fn(&Job, Option<&str>) + Send + Sync),
) -> Result<u64, DbError> {
    let mut done = 0;
    loop {
        match next(app).await? {
            Some((job, owner)) => match work(app, &job, &owner).await? {
                Ended::Well => {
                    done += 1;
                    each(&job, None);
                }
                Ended::Badly(told) => each(&job, Some(&told)),
                Ended::Lost => {}
            },
            None if patiently => {
                let mut tx = app.db.read().await?;
                let (ready, running, _) = jobs::counts(&mut tx).await?;
                drop(tx);
                if ready + running == 0 {
                    return Ok(done);
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            None => return Ok(done),
        }
    }
}

/// Queues again what was left unread, for models may have come since.
async fn take_up_unread(app: &App) -> Result<(), DbError> {
    if app.no_ocr().is_some() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    readings::requeue_unread(&mut tx, app.now()).await?;
    tx.commit().await
}

/// How many readings are queued again at a time.
const AGAIN: u32 = 100;

/// Queues again some of what an earlier version of the reader has read, behind
/// everything that waits already; returns how many. While they wait and are read,
/// what was read before serves. Without models nothing is queued: what there is is
/// better than none.
///
/// # Errors
/// When the database refuses.
pub async fn take_up_outdated(app: &App) -> Result<u64, DbError> {
    if app.no_ocr().is_some() {
        return Ok(0);
    }
    let mut tx = app.db.write().await?;
    let queued = readings::requeue_outdated(&mut tx, rendition::MAKER, app.now(), AGAIN).await?;
    tx.commit().await?;
    Ok(queued)
}

/// Works for as long as the server runs.
pub async fn serve(app: Arc<App>) {
    if let Err(error) = take_up_unread(&app).await {
        tracing::error!(%error, "unread pages were not queued again");
    }
    // When nothing is due, what an earlier version has read is read again.
    let outdated = Arc::new(AtomicBool::new(true));
    let readers = (0..app.config.readers.max(1)).map(|_| {
        let (app, outdated) = (Arc::clone(&app), Arc::clone(&outdated));
        async move {
            loop {
                let news = app.news.notified();
                let worked = match next(&app).await {
                    Ok(Some((job, owner))) => work(&app, &job, &owner).await.map(|_| true),
                    Ok(None) if outdated.load(Ordering::Relaxed) => {
                        let taken_up = take_up_outdated(&app).await;
                        let more = taken_up.as_ref().is_ok_and(|&queued| queued > 0);
                        outdated.store(more || taken_up.is_err(), Ordering::Relaxed);
                        taken_up.map(|_| more)
                    }
                    Ok(None) => Ok(false),
                    Err(error) => Err(error),
                };
                let pause = match worked {
                    Ok(true) => continue,
                    Ok(false) => Duration::from_secs(1),
                    Err(error) => {
                        tracing::error!(%error, "the queue cannot be read");
                        Duration::from_secs(5)
                    }
                };
                let _ = tokio::time::timeout(pause, news).await;
            }
        }
    });
    futures::future::join_all(readers).await;
}

async fn next(app: &App) -> Result<Option<(Job, String)>, DbError> {
    // A look costs a reader nothing; the writer is asked only when work is due.
    let mut tx = app.db.read().await?;
    let due = jobs::next_due(&mut tx).await?;
    drop(tx);
    if due.is_none_or(|due| due > app.now().as_millisecond()) {
        return Ok(None);
    }
    let owner = hex::encode(rand::random::<[u8; 8]>());
    let lease = Duration::from_secs(app.config.lease_seconds);
    let mut tx = app.db.write().await?;
    let job = jobs::take(&mut tx, &owner, app.now(), lease).await?;
    tx.commit().await?;
    Ok(job.map(|job| (job, owner)))
}

/// How a job ended.
enum Ended {
    Well,
    /// With an error, told in a sentence.
    Badly(String),
    /// Another worker has it.
    Lost,
}

/// Runs one job to its end.
async fn work(app: &Arc<App>, job: &Job, owner: &str) -> Result<Ended, DbError> {
    let outcome = read(app, job, owner).await;
    let mut tx = app.db.write().await?;
    let (kept, ended) = match &outcome {
        Ok(()) => (jobs::finish(&mut tx, job, owner).await?, Ended::Well),
        Err(JobError::Lost) => (false, Ended::Lost),
        Err(error) => {
            tracing::warn!(job = %job.key, %error, attempts = job.attempts, "a job failed");
            let (told, hopeless) = (error.sentence(), error.is_hopeless());
            let kept = jobs::give_back(&mut tx, job, owner, &told, hopeless, app.now()).await?;
            (kept, Ended::Badly(told))
        }
    };
    tx.commit().await?;
    app.news.notify_waiters();
    Ok(if kept { ended } else { Ended::Lost })
}

async fn read(app: &Arc<App>, job: &Job, owner: &str) -> Result<(), JobError> {
    let sha256: Digest = match (job.kind.as_str(), job.subject.parse()) {
        ("read", Ok(sha256)) => sha256,
        _ => return Err(JobError::Unknown(job.key.clone())),
    };
    let mut tx = app.db.read().await?;
    let elsewhere = documents::is_read_elsewhere(&mut tx, sha256).await?;
    drop(tx);
    let rendition = match rendition::newest(app, sha256).await? {
        // Whoever brings what another office has waits as for anything new: the time would tell.
        Some(found) if elsewhere && (is_done(&found) || app.no_ocr().is_some()) => {
            read_file(app, job, owner, sha256).await?;
            found
        }
        // Pages that wait for the models are read again once there are some, and
        // so is what an earlier version of the reader has read.
        Some(found) if is_done(&found) || app.no_ocr().is_some() => found,
        _ => {
            let reading = read_file(app, job, owner, sha256).await?;
            rendition::keep(app, sha256, reading).await?
        }
    };
    let mut tx = app.db.write().await?;
    keep_summary(app, &mut tx, &rendition).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether reading again would bring nothing new: it is by the reader of today,
/// and no page was left unread for want of models.
fn is_done(rendition: &Rendition) -> bool {
    let waits =
        |page: &PageReading| page.source == Source::None && page.reason == extract::NO_MODELS;
    rendition.is_current() && !rendition.reading.pages.iter().any(waits)
}

async fn read_file(
    app: &Arc<App>,
    job: &Job,
    owner: &str,
    sha256: Digest,
) -> Result<Reading, JobError> {
    let mut tx = app.db.read().await?;
    let kind = documents::kind_of(&mut tx, sha256).await?;
    drop(tx);
    let kind = kind
        .and_then(|mime| Kind::from_mime(&mime))
        .ok_or_else(|| JobError::Unknown(job.key.clone()))?;
    let copy = app.vault.copy(sha256).await?;
    let reader = app.reading().await;
    let (told, mut progress) = mpsc::unbounded_channel();
    let reading = reader.read(copy.path(), kind, move |now| {
        // Nobody listens once the job is lost.
        let _ = told.send(now);
    });
    let mut reading = std::pin::pin!(reading);
    let mut last = (0, 0);
    loop {
        tokio::select! {
            read = &mut reading => return Ok(read?),
            now = progress.recv() => {
                if let Some(now) = now {
                    last = (now.done, now.pages);
                }
            }
            () = tokio::time::sleep(SIGN_OF_LIFE) => {}
        }
        if !keep_lease(app, job, owner, last).await? {
            return Err(JobError::Lost);
        }
    }
}

async fn keep_lease(
    app: &App,
    job: &Job,
    owner: &str,
    (done, total): (u32, u32),
) -> Result<bool, DbError> {
    let lease = i64::try_from(app.config.lease_seconds).unwrap_or(60) * 1000;
    let until =
        Timestamp::from_millisecond(app.now().as_millisecond() + lease).unwrap_or(Timestamp::MAX);
    let mut tx = app.db.write().await?;
    let kept = jobs::progress(&mut tx, job, owner, done, total, until).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Keeps the numbers and the proposal of a reading, and tells the index.
///
/// # Errors
/// When the database refuses.
pub async fn keep_summary(
    app: &App,
    tx: &mut crate::db::Tx,
    rendition: &Rendition,
) -> Result<(), DbError> {
    let Rendition { maker, sha256, reading } = rendition;
    let sha256 = *sha256;
    // Its key may have been destroyed while it was read.
    if destroyed::by(tx, sha256).await?.is_some() {
        return Ok(());
    }
    let numbers = rendition::summary(reading);
    let proposal = mask::proposal(propose(&rendition::seen_lines(reading), &app.profile));
    let row = ReadingRow {
        sha256: sha256.to_string(),
        maker: maker.clone(),
        pages: i64::try_from(reading.pages.len()).unwrap_or(i64::MAX),
        characters: numbers.characters.into(),
        unread: numbers.unread.into(),
        confidence: numbers.confidence.into(),
        quality: numbers.quality.iter().copied().min().unwrap_or(0).into(),
        proposal: serde_json::to_string(&proposal).unwrap_or_default(),
    };
    let scores = (1..).zip(numbers.quality);
    let doubtful: Vec<(u32, u32)> =
        scores.filter(|(_, quality)| *quality < rendition::quality::DOUBTFUL).collect();
    readings::keep(tx, &row, &doubtful).await?;
    documents::read_for_all(tx, sha256).await?;
    for document in documents::with_blob(tx, sha256).await? {
        feed::touch(tx, document.id()).await?;
    }
    Ok(())
}
