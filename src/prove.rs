//! 证明: a document, a volume or a household's file leaves the building with
//! everything that a stranger needs to check it: the bytes, the acts, and the
//! proofs that the log has them. Checked by `yidang-verify`, which knows
//! nothing of this program.

mod bag;
pub mod bundle;
mod checkpoints;
mod page;
pub mod seal;
mod subject;
pub mod trace;

use std::num::NonZero;
use std::path::Path;

use futures::StreamExt;
use serde::Serialize;

use self::bag::Bag;
pub use self::checkpoints::{checkpoint, consistency, grown};
use self::subject::Gathered;
pub use self::subject::Subject;
use crate::app::App;
use crate::catalog::entries;
use crate::catalog::looks as looks_of;
use crate::db::DbError;
use crate::extract::Kind;
use crate::ledger::{self, LedgerError};
use crate::looks;
use crate::model::access::Actor;
use crate::model::act::LogEntry;
use crate::model::id::{Digest, EntryNo, HouseholdNo};
use crate::model::look::Look;
use crate::record::{RecordError, Tree, TreeError, truth};
use crate::timestamp;
use crate::tlog::{Proof, TlogError, tile};
use crate::vault::VaultError;
use crate::view::{self, ViewError};

/// The name of the description of a bag's contents; its version is in it.
const FORMAT: &str = "yidang-proof/1";
/// How many entries of a history are read at a time.
const CHUNK: u32 = 4096;

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// Nothing of that name, or nothing this person may see.
    #[error(transparent)]
    View(#[from] ViewError),
    /// No volume has this reference code, or none this person may see.
    #[error("no volume has the reference code {0}")]
    UnknownVolume(String),
    /// A split or merge in the file names a household that this person may not see.
    #[error(
        "household {0} was split or merged, and the other household is outside the scope: an \
         entry of its file names both"
    )]
    TwoHouseholds(HouseholdNo),
    /// What belongs in the bag was destroyed, by this entry. A bag without it would be
    /// refused: it cannot be told from one that holds something back.
    #[error(
        "there is no bundle of it: log entry {0} destroyed the keys of what belongs in it, and \
         nobody can read that any more; the acts about it, and that entry, are in the log with \
         their proofs"
    )]
    Destroyed(EntryNo),
    /// The log has no such entry.
    #[error("the log has no entry {0}")]
    UnknownEntry(i64),
    /// No checkpoint of this size was kept.
    #[error("no checkpoint over {0} entries was kept")]
    UnknownCheckpoint(u64),
    /// The place is taken, or cannot be written.
    #[error("{path}: {cause}")]
    Place {
        /// Which file or folder.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The log has no checkpoint that covers the entries yet.
    #[error("the log has no checkpoint over entry {0} yet; try again in a moment")]
    NotYet(i64),
    /// The tiles of the log do not lead to its root.
    #[error("the log cannot be proved: {0}")]
    Log(#[from] TlogError),
    /// Too many bundles are being packed.
    #[error("other bundles are being packed; try again in a moment")]
    Busy,
    /// The log in SQL.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The log could not be brought up to date.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The page could not be written.
    #[error("the page for people: {0}")]
    Page(askama::Error),
}

impl From<TreeError> for ProveError {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::Tlog(error) => error.into(),
            TreeError::Vault(error) => error.into(),
        }
    }
}

/// What was packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proven {
    /// What it is about.
    pub subject: Subject,
    /// The numbers of the entries.
    pub entries: Vec<i64>,
    /// How many files of papers are in it.
    pub objects: usize,
    /// How many entries the log had.
    pub size: u64,
    /// The name of the log.
    pub origin: String,
    /// Whether it shows that nothing came later.
    pub current: bool,
}

/// What a bag says of itself. Nothing in it is believed: it tells the verifier
/// what to look for.
#[derive(Debug, Serialize)]
struct Contents<'a> {
    format: &'static str,
    subject: &'a Subject,
    /// The random name of the household's file in the log.
    volume: &'a Option<String>,
    entries: &'a [i64],
    /// The entry from which every later one is given.
    history_from: Option<u64>,
}

/// Of which log entries are.
#[derive(Debug, Clone, Copy)]
enum Log {
    /// The log of the records.
    Records,
    /// The access log.
    Looks,
}

/// Packs the proof of `subject` into the new folder `to`, a BagIt bag, and notes
/// that it was. With
/// `current` it shows all later entries of the log too, so that nothing about
/// the same file can be held back.
///
/// # Errors
/// When there is no such thing, its bytes are damaged, the folder is there
/// already, the log is not up to date, or the look cannot be noted.
pub async fn prove(
    app: &App,
    actor: &Actor,
    subject: &Subject,
    current: bool,
    to: &Path,
) -> Result<Proven, ProveError> {
    let gathered = match subject.gather(app, actor).await {
        Err(error @ (ProveError::View(_) | ProveError::UnknownVolume(_))) => {
            looks::refuses(app, actor, subject.look()).await.map_err(ViewError::from)?;
            return Err(error);
        }
        gathered => gathered?,
    };
    gathered.is_readable(app).await?;
    let files = gathered.objects.len();
    let look = subject.look().titled(&gathered.title).counting(files);
    let household = look.household.clone().or_else(|| gathered.household.clone());
    let look = Look { household, ..look };
    looks::shows(app, actor, look).await.map_err(ViewError::from)?;
    let tree = covering(app, gathered.last()).await?;
    let mut bag = Bag::create(to)?;
    let current = current && gathered.volume.is_some();
    let numbers: Vec<i64> = gathered.entries.iter().map(|entry| entry.no).collect();
    write_entries(&mut bag, app, &tree, &gathered, Log::Records).await?;
    write_objects(&mut bag, app, &gathered).await?;
    bag.write("data/checkpoint", tree.note().as_bytes())?;
    let history_from = current.then(|| gathered.first());
    if let Some(from) = history_from {
        write_history(&mut bag, app, &tree, from).await?;
    }
    write_timestamp(&mut bag, app, &tree, gathered.last()).await?;
    let contents = Contents {
        format: FORMAT,
        subject,
        volume: &gathered.volume,
        entries: &numbers,
        history_from,
    };
    let contents = serde_json::to_vec_pretty(&contents)
        .map_err(|error| DbError::Corrupt(error.to_string()))?;
    bag.write("data/proof.json", &contents)?;
    let previews = write_previews(&mut bag, app, actor, &gathered).await?;
    let page = page::page(&gathered, &tree, &previews).map_err(ProveError::Page)?;
    bag.write("README.html", page.as_bytes())?;
    bag.finish(app.now())?;
    Ok(Proven {
        subject: subject.clone(),
        entries: numbers,
        objects: gathered.objects.len(),
        size: tree.checkpoint().size,
        origin: tree.checkpoint().origin.clone(),
        current,
    })
}

/// Packs one look at records, which stands in the access log of `tree`, with its
/// proof into the new folder `to`.
///
/// # Errors
/// When the folder is there already, or the log does not have it.
pub async fn look(
    app: &App,
    exact: &looks_of::Exact,
    tree: &Tree,
    to: &Path,
) -> Result<Proven, ProveError> {
    let looks_of::Exact { no, leaf, body } = exact.clone();
    let time = serde_json::from_str::<LogEntry>(&leaf).map(|entry| entry.time.to_string());
    let entry = entries::Exact { no, time: time.unwrap_or_default(), leaf, body };
    let subject = Subject::Look(no);
    let title = format!("利用日志第{no}条");
    let gathered = Gathered { title, entries: vec![entry], ..Gathered::default() };
    let mut bag = Bag::create(to)?;
    write_entries(&mut bag, app, tree, &gathered, Log::Looks).await?;
    bag.write("data/checkpoint", tree.note().as_bytes())?;
    let (subject, entries) = (&subject, &[no]);
    let contents = Contents { format: FORMAT, subject, volume: &None, entries, history_from: None };
    let contents = serde_json::to_vec_pretty(&contents)
        .map_err(|error| DbError::Corrupt(error.to_string()))?;
    bag.write("data/proof.json", &contents)?;
    let page = page::page(&gathered, tree, &[]).map_err(ProveError::Page)?;
    bag.write("README.html", page.as_bytes())?;
    bag.finish(app.now())?;
    Ok(Proven {
        subject: subject.clone(),
        entries: vec![no],
        objects: 0,
        size: tree.checkpoint().size,
        origin: tree.checkpoint().origin.clone(),
        current: false,
    })
}

/// That entry `no` stands in the log: its proof, checked, to the newest
/// checkpoint.
///
/// # Errors
/// When there is no such entry, no checkpoint covers it yet, or the log does
/// not have it.
pub async fn proof(app: &App, no: i64) -> Result<Proof, ProveError> {
    let mut tx = app.db.read().await?;
    if no < 0 || no >= entries::count(&mut tx).await? {
        return Err(ProveError::UnknownEntry(no));
    }
    let leaf = entries::exact(&mut tx, no).await?.leaf;
    drop(tx);
    let tree = covering(app, no).await?;
    let index = u64::try_from(no).unwrap_or(0);
    let path = tree.inclusion(index).await?;
    let proof = Proof { index, path, checkpoint: tree.note().to_owned() };
    proof.check(leaf.as_bytes())?;
    Ok(proof)
}

/// The root of the tree over the first `size` entries of the log, from tiles that lead
/// to the newest checkpoint.
///
/// # Errors
/// When no checkpoint covers them yet, or the tiles do not lead to its root.
pub async fn root(app: &App, size: u64) -> Result<Digest, ProveError> {
    let last = i64::try_from(size).unwrap_or(i64::MAX) - 1;
    let tree = covering(app, last).await?;
    Ok(Digest::from_bytes(tree.frontier(size).await?.root().0))
}

/// The tree of the newest checkpoint; none while there is none.
async fn newest(app: &App) -> Result<Option<Tree>, ProveError> {
    app.settle().await?;
    let note = app.vault.checkpoint().await?;
    Ok(note.map(|note| Tree::new(app.vault.clone(), note)).transpose()?)
}

/// The tree of the newest checkpoint, which must cover entry `last`.
async fn covering(app: &App, last: i64) -> Result<Tree, ProveError> {
    // Another process may be the one that publishes; it does so every second.
    for _ in 0..50 {
        if let Some(tree) = newest(app).await?
            && i64::try_from(tree.checkpoint().size).unwrap_or(0) > last
        {
            return Ok(tree);
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    Err(ProveError::NotYet(last))
}

/// Writes the entries with their bodies in full, which only the store has.
async fn write_entries(
    bag: &mut Bag,
    app: &App,
    tree: &Tree,
    gathered: &Gathered,
    log: Log,
) -> Result<(), ProveError> {
    for entry in &gathered.entries {
        let body = match log {
            Log::Records => truth::body_bytes(&app.db, &app.vault, entry.no).await?,
            Log::Looks => truth::look_bytes(&app.db, &app.vault, entry.no).await?,
        };
        let folder = format!("data/entries/{}", entry.no);
        let index = u64::try_from(entry.no).unwrap_or(0);
        let path = tree.inclusion(index).await?;
        let proof = Proof { index, path, checkpoint: tree.note().to_owned() };
        // What does not check here would not check there.
        proof.check(entry.leaf.as_bytes())?;
        bag.write(&format!("{folder}/entry.json"), entry.leaf.as_bytes())?;
        bag.write(&format!("{folder}/body.json"), &body)?;
        bag.write(&format!("{folder}/entry.tlog-proof"), proof.to_text().as_bytes())?;
    }
    Ok(())
}

async fn write_objects(bag: &mut Bag, app: &App, gathered: &Gathered) -> Result<(), ProveError> {
    for (digest, mime) in &gathered.objects {
        let extension = match mime.as_str() {
            "application/json" => "json",
            mime => Kind::from_mime(mime).map_or("bin", Kind::extension),
        };
        let copy = app.vault.copy(*digest).await?;
        bag.copy(&format!("data/objects/{digest}.{extension}"), copy.path(), *digest)?;
    }
    Ok(())
}

/// Every entry from `from` to the end of the tree, and the tree before them.
async fn write_history(bag: &mut Bag, app: &App, tree: &Tree, from: u64) -> Result<(), ProveError> {
    let (mut at, end) = (from, tree.checkpoint().size);
    let mut history = bag.begin("data/history/entries")?;
    while at < end {
        let mut tx = app.db.read().await?;
        let leaves = ledger::leaves(&mut tx, at, end, CHUNK).await?;
        if leaves.is_empty() {
            return Err(DbError::Corrupt(format!("entry {at} is missing")).into());
        }
        at += leaves.len() as u64;
        history.add(&tile::bundle(leaves.iter().map(String::as_bytes))?)?;
    }
    bag.end(history)?;
    bag.write("data/history/frontier", tree.frontier(from).await?.to_text().as_bytes())
}

/// The newest timestamp that covers every entry of the bag: the checkpoint that
/// was confirmed, the answer of the authority, and the hashes that show that
/// the checkpoint of the bag continues it. Where there is none, none is packed.
async fn write_timestamp(
    bag: &mut Bag,
    app: &App,
    tree: &Tree,
    last: i64,
) -> Result<(), ProveError> {
    let (from, to) = (u64::try_from(last).unwrap_or(0) + 1, tree.checkpoint().size);
    let Some(stamped) = timestamp::newest(app, from, to).await? else { return Ok(()) };
    let path = tree.consistency(stamped.size, to).await?;
    let path: String = path.iter().map(|hash| format!("{hash}\n")).collect();
    let kept = app.vault.checkpoint_of(stamped.size).await?;
    let answer = app.vault.bytes(stamped.token).await?;
    bag.write("data/timestamp/checkpoint", kept.as_bytes())?;
    bag.write("data/timestamp/checkpoint.tsr", &answer)?;
    bag.write("data/timestamp/consistency", path.as_bytes())
}

/// Small pictures of pages for the page for people; what cannot be drawn is
/// left out.
async fn write_previews(
    bag: &mut Bag,
    app: &App,
    actor: &Actor,
    gathered: &Gathered,
) -> Result<Vec<page::Preview>, ProveError> {
    let pages = gathered
        .papers
        .iter()
        .flat_map(|paper| (1..=paper.pages.min(4)).map(move |number| (paper.document, number)));
    let draw = async |(document, page)| {
        let jpeg = view::drawn(app, actor, document, page, 160).await.ok();
        (document, page, jpeg)
    };
    // As many at a time as there are processors: each is drawn by a process.
    let at_once = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut drawn = std::pin::pin!(futures::stream::iter(pages).map(draw).buffered(at_once));
    let mut previews = Vec::new();
    while let Some((document, page, jpeg)) = drawn.next().await {
        let Some(jpeg) = jpeg else { continue };
        let path = format!("previews/{document}-{page}.jpg");
        bag.write(&path, &jpeg)?;
        previews.push(page::Preview { document, page, path });
    }
    Ok(previews)
}
