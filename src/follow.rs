//! The index follows the feed of changed documents and remembers how far it
//! is. Every index of every process follows for itself; a lost one begins at 0.
//! After a change of version the former index is followed on, and answers until
//! the new one has everything.

mod keyed;
mod renewal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use yidang_indexer::{Budget, Indexes, PageEntry, Sign, Writer};

pub use self::renewal::{Renewal, renewal};
use crate::app::App;
use crate::binding;
use crate::catalog::volumes::{self, Volume};
use crate::catalog::{documents, feed, households, readings};
use crate::db::{Db, DbError, Tx};
use crate::keying;
use crate::model::file_state::FileState;
use crate::model::id::DocumentId;
use crate::model::mask;
use crate::rendition;
use crate::vault::VaultError;

/// How many changes are followed between two commits of the index.
const CHUNK: u32 = 2_000;
/// What the writer of a former index may use, which only keeps it up.
const SMALL: Budget = Budget { memory: 15_000_000, threads: 1 };

/// Why the index does not follow.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The index.
    #[error(transparent)]
    Index(#[from] yidang_indexer::Error),
}

/// Empties an index that is ahead of the feed, before anything is added to the
/// feed: the database has lost its latest changes, or an older one was put
/// back. A former index that is ahead is removed.
///
/// # Errors
/// When the database or the index fails.
pub async fn begin(db: &Db, index: &Indexes) -> Result<(), FollowError> {
    let mut tx = db.read().await?;
    let end = u64::try_from(feed::position(&mut tx).await?).unwrap_or(0);
    drop(tx);
    if let Some(former) = index.former()
        && former.position()? > end
    {
        index.forsake()?;
    }
    if index.own().position()? > end {
        match index.own().writer() {
            Ok(mut writer) => {
                empty(&mut writer)?;
                writer.close()?;
            }
            // Who writes it has seen this database all the time.
            Err(yidang_indexer::Error::Locked) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn empty(writer: &mut Writer) -> Result<(), FollowError> {
    writer.clear()?;
    Ok(writer.commit(0)?)
}

/// Brings the index of this version up to the feed, from which on it is whole;
/// returns how many documents were looked at.
///
/// # Errors
/// When a part fails.
pub async fn catch_up(app: &App, writer: &mut Writer) -> Result<u64, FollowError> {
    if writer.index().position()? > end(app).await? {
        // Another process has rebuilt the catalog: its feed is another.
        app.index.forsake()?;
        empty(writer)?;
    }
    let looked_at = advance(app, writer).await?;
    if !writer.index().is_whole()? {
        writer.complete(writer.index().position()?)?;
    }
    Ok(looked_at)
}

/// Follows the feed to its end with the index of a writer; returns how many documents
/// were looked at.
async fn advance(app: &App, writer: &mut Writer) -> Result<u64, FollowError> {
    let mut looked_at = 0;
    loop {
        let position = i64::try_from(writer.index().position()?).unwrap_or(i64::MAX);
        let mut tx = app.db.read().await?;
        let changes = feed::after(&mut tx, position, CHUNK).await?;
        let Some(last) = changes.last().map(|(seq, _)| *seq) else { return Ok(looked_at) };
        let documents: BTreeSet<i64> = changes.into_iter().map(|(_, document)| document).collect();
        let mut places = Places::default();
        for document in documents {
            let id = DocumentId(document);
            let key = u64::try_from(document).unwrap_or(u64::MAX);
            let entries = entries(app, &mut tx, id, &mut places).await?;
            if entries.is_empty() {
                writer.remove(key)?;
            } else {
                writer.replace(key, &entries)?;
            }
            looked_at += 1;
        }
        writer.commit(u64::try_from(last).unwrap_or(0))?;
    }
}

/// The last change there is.
async fn end(app: &App) -> Result<u64, DbError> {
    let mut tx = app.db.read().await?;
    Ok(u64::try_from(feed::position(&mut tx).await?).unwrap_or(0))
}

/// Follows for as long as the server runs. While another process writes this
/// index, it is left to that one.
pub async fn serve(app: Arc<App>) {
    // What is new is found at once, while everything is put in again beside it.
    let mut beside = JoinSet::new();
    let theirs = Arc::clone(&app);
    beside.spawn(async move { serve_former(&theirs).await });
    serve_own(&app).await;
}

async fn serve_own(app: &App) {
    let mut writer = None;
    loop {
        let news = app.news.notified();
        let pause = pause_after(follow_once(app, &mut writer).await, &mut writer);
        let _ = tokio::time::timeout(pause, news).await;
    }
}

/// Follows with the former index until the own one is whole, and removes it then.
async fn serve_former(app: &App) {
    let mut writer = None;
    loop {
        let news = app.news.notified();
        let followed = follow_former_once(app, &mut writer).await;
        if matches!(followed, Ok(false)) {
            return;
        }
        let pause = pause_after(followed.map(drop), &mut writer);
        let _ = tokio::time::timeout(pause, news).await;
    }
}

/// How long to wait for news; a writer that failed is given up.
fn pause_after(followed: Result<(), FollowError>, writer: &mut Option<Writer>) -> Duration {
    match followed {
        Ok(()) => Duration::from_millis(500),
        Err(FollowError::Index(yidang_indexer::Error::Locked)) => Duration::from_secs(2),
        Err(error) => {
            tracing::error!(%error, "the index does not follow");
            *writer = None;
            Duration::from_secs(5)
        }
    }
}

async fn follow_once(app: &App, writer: &mut Option<Writer>) -> Result<(), FollowError> {
    // Opened before there is anything to write: whoever rebuilds sees that the
    // archive is being served.
    let writer = match writer {
        Some(writer) => writer,
        None => writer.insert(app.index.own().writer()?),
    };
    if !writer.index().is_whole()? || writer.index().position()? != end(app).await? {
        catch_up(app, writer).await?;
    }
    Ok(())
}

/// Returns whether there is a former index still.
async fn follow_former_once(app: &App, writer: &mut Option<Writer>) -> Result<bool, FollowError> {
    let Some(former) = app.index.former() else { return Ok(false) };
    if app.index.own().is_whole()? {
        *writer = None;
        drop(former);
        return Ok(!app.index.retire()?);
    }
    let (position, end) = (former.position()?, end(app).await?);
    if position > end {
        *writer = None;
        app.index.forsake()?;
        return Ok(false);
    }
    let writer = match writer {
        Some(writer) => writer,
        None => writer.insert(former.writer_with(SMALL)?),
    };
    if position < end {
        advance(app, writer).await?;
    }
    Ok(true)
}

/// Whether the feed has changes that the index that answers has not followed.
///
/// # Errors
/// When a part fails.
pub async fn is_behind(app: &App) -> Result<bool, FollowError> {
    Ok(app.index.answering()?.position()? != end(app).await?)
}

/// Brings the index up to the feed once, by this process or by the one that
/// writes it now.
///
/// # Errors
/// When a part fails, or the other process does not follow within a minute.
pub async fn until_current(app: &App) -> Result<(), FollowError> {
    for _ in 0..600 {
        let is_behind = is_behind(app).await?;
        if !is_behind && app.index.own().is_whole()? {
            return Ok(());
        }
        match app.index.own().writer() {
            Ok(mut writer) => {
                catch_up(app, &mut writer).await?;
                writer.close()?;
                app.index.retire()?;
            }
            // The former one answers until that process has filled the own one.
            Err(yidang_indexer::Error::Locked) if !is_behind => return Ok(()),
            Err(yidang_indexer::Error::Locked) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(yidang_indexer::Error::Locked.into())
}

/// The index entries of a document: one for each page; none when the document
/// is no longer live. A page that is not read yet is found by its title, head
/// and household. Numbers of persons are covered, and found by their digests. What was
/// keyed from a page is found on it too.
async fn entries(
    app: &App,
    tx: &mut Tx,
    id: DocumentId,
    places: &mut Places,
) -> Result<Vec<PageEntry>, FollowError> {
    let Some(document) = documents::any(tx, id).await? else { return Ok(Vec::new()) };
    if !document.state().is_live() {
        return Ok(Vec::new());
    }
    let (mut head, mut names) = (String::new(), Vec::new());
    let (mut reference, mut state, mut place) = (String::new(), None, 0);
    let (mut standing, mut category) = (String::new(), String::new());
    if let Some(no) = document.household.as_ref().and_then(|no| no.parse().ok()) {
        if let Some(household) = households::get(tx, &no).await? {
            head = household.head;
            (standing, category) = (household.state, household.category);
        }
        names.extend(households::members(tx, &no).await?.into_iter().map(|one| one.name));
        names.push(head.clone());
        state = Some(FileState::Open);
        if let Some(volume) = volumes::current(tx, &no).await? {
            state = Some(FileState::Bound);
            place = places.of(app, &volume, id).await;
            reference = volume.reference_code;
        }
    }
    let shown = documents::shown(tx, &document).await?;
    let known = keyed::Known::of(app, tx, &document).await?;
    names.extend(known.names());
    let mut entry = PageEntry {
        document: u64::try_from(id.0).unwrap_or(0),
        household: document.household.clone().unwrap_or_default(),
        head,
        names,
        organisation: document.organisation.clone(),
        type_code: shown.type_code,
        date: document.date.clone(),
        title: shown.title,
        state: state.map(|state| state.as_str().to_owned()).unwrap_or_default(),
        standing,
        category,
        reference,
        place,
        ..PageEntry::default()
    };
    let mut entries: Vec<PageEntry> = Vec::new();
    let mut lines = Vec::new();
    // As sure as the least sure of its files.
    let mut confidence = u16::MAX;
    for file in documents::files(tx, id).await? {
        let read = readings::of(tx, &file).await?.map_or(0, |reading| reading.quality);
        confidence = confidence.min(u16::try_from(read).unwrap_or(0));
        let reading = rendition::load::<FollowError>(app, tx, &file).await?;
        if let Some(reading) = reading.as_ref().filter(|_| known.has_values()) {
            lines.extend(keying::lines(reading, entry.page + 1));
        }
        for place in 0..u32::try_from(file.pages).unwrap_or(0) {
            entry.page += 1;
            let page = reading.as_ref().and_then(|reading| reading.pages.get(place as usize));
            let text = page.map(crate::extract::PageReading::text).unwrap_or_default();
            let signs = app.lookup.in_text(&text).into_iter();
            entry.signs = signs.map(|(name, place)| Sign { name, place }).collect();
            entry.text = mask::numbers(&text);
            entry.alternatives = page.map(rendition::alternatives).unwrap_or_default();
            entry.payload = page.map(|page| rendition::places(page).to_bytes()).unwrap_or_default();
            entries.push(entry.clone());
        }
    }
    for (page, value) in known.on_pages(app, &lines) {
        let at = page.saturating_sub(1) as usize;
        // A value of a page that is not there any more is of the first.
        let at = if at < entries.len() { at } else { 0 };
        if let Some(entry) = entries.get_mut(at) {
            entry.keyed.push(value);
        }
    }
    if let Some(first) = entries.first_mut() {
        first.confidence = confidence.min(1000);
    }
    Ok(entries)
}

/// The places of papers in the volumes that were looked at last, by manifest.
#[derive(Default)]
struct Places(BTreeMap<String, BTreeMap<DocumentId, u32>>);

impl Places {
    /// The place of a document in a volume, from 1; 0 when it came later.
    async fn of(&mut self, app: &App, volume: &Volume, id: DocumentId) -> u32 {
        if !self.0.contains_key(&volume.manifest) {
            let known = Self::read(app, volume).await.unwrap_or_else(|error| {
                // It is still found, only not in its place.
                tracing::warn!(%error, code = volume.reference_code, "a volume without places");
                BTreeMap::new()
            });
            self.0.insert(volume.manifest.clone(), known);
        }
        self.0.get(&volume.manifest).and_then(|places| places.get(&id)).copied().unwrap_or(0)
    }

    async fn read(
        app: &App,
        volume: &Volume,
    ) -> Result<BTreeMap<DocumentId, u32>, binding::BindError> {
        let manifest = binding::manifest(app, volume.manifest()?).await?;
        Ok(manifest.items.iter().map(|item| (item.document, item.order)).collect())
    }
}
