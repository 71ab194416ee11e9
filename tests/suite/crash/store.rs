//! An object store that loses power. What it holds has versions: the one that
//! is certain, and those that were written since and may be lost.
//!
//! - A write is visible before it is answered, and certain when it is: that is
//!   what a store with fsync, or a service, promises.
//! - A removal is answered before it is certain, and may be undone: nothing
//!   syncs the folder after it.
//! - At a step that is given, the power fails, for every store of the archive.
//!   From there on nothing is answered any more. Of every object that has
//!   versions, any of them is left, each object for itself.
//! - A store that *lies* answers before it is certain when the newest
//!   checkpoint, a tile or a bundle is written, so that these may fall back to
//!   what they were. They are made from the entries, and made again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    Result,
};
use tokio::sync::Notify;

use super::dice::Dice;

/// Everything a store holds.
pub type Objects = BTreeMap<Path, Bytes>;

/// What is done at the moment of the crash, before anything else happens.
pub type Moment = Box<dyn FnOnce() + Send>;

/// The power of an archive: when it fails, all of its stores are dead.
#[derive(Clone)]
pub struct Power(Arc<Supply>);

struct Supply {
    moment: Mutex<Option<Moment>>,
    failed: Notify,
}

impl Power {
    /// Power that is on; `moment` is done when it fails.
    pub fn new(moment: Moment) -> Self {
        Self(Arc::new(Supply { moment: Mutex::new(Some(moment)), failed: Notify::new() }))
    }

    /// Power that nobody asks when it fails.
    pub fn plain() -> Self {
        Self::new(Box::new(|| {}))
    }

    /// Waits for the crash.
    pub async fn failure(&self) {
        let failed = self.0.failed.notified();
        if !self.has_failed() {
            failed.await;
        }
    }

    /// Whether it has failed.
    pub fn has_failed(&self) -> bool {
        self.0.moment.lock().unwrap().is_none()
    }

    /// Lets it fail now, if it has not.
    pub fn fail(&self) {
        let moment = self.0.moment.lock().unwrap().take();
        if let Some(moment) = moment {
            moment();
            self.0.failed.notify_waiters();
        }
    }
}

/// A store whose power fails.
#[derive(Clone)]
pub struct CrashStore(Arc<Shared>);

struct Shared {
    /// What everybody sees.
    seen: InMemory,
    state: Mutex<State>,
    power: Power,
    /// What stands before its steps in the story.
    name: &'static str,
    lies: bool,
}

struct State {
    dice: Dice,
    step: u64,
    crash_at: u64,
    /// The versions of objects that are not certain: the certain one first, the
    /// visible one last.
    unsure: BTreeMap<Path, Vec<Option<Bytes>>>,
    /// What was asked of the store, for whoever reads a failure.
    told: Vec<String>,
    wrong: Vec<String>,
}

impl CrashStore {
    /// A store that holds `objects`; at its step `crash_at` the `power` fails.
    pub async fn new(
        name: &'static str,
        objects: &Objects,
        dice: Dice,
        crash_at: u64,
        lies: bool,
        power: &Power,
    ) -> Self {
        let seen = InMemory::new();
        for (path, bytes) in objects {
            seen.put(path, bytes.clone().into()).await.unwrap();
        }
        let state = State {
            dice,
            step: 0,
            crash_at,
            unsure: BTreeMap::new(),
            told: Vec::new(),
            wrong: Vec::new(),
        };
        let (state, power) = (Mutex::new(state), power.clone());
        Self(Arc::new(Shared { seen, state, power, name, lies }))
    }

    /// The power it hangs on.
    pub fn power(&self) -> &Power {
        &self.0.power
    }

    /// What is left after the crash.
    pub async fn left(&self) -> Objects {
        assert!(self.0.power.has_failed());
        let mut left = Objects::new();
        let all: Vec<_> = self.0.seen.list(None).collect().await;
        for meta in all {
            let path = meta.unwrap().location;
            let bytes = self.0.seen.get(&path).await.unwrap().bytes().await.unwrap();
            left.insert(path, bytes);
        }
        let mut state = self.0.state.lock().unwrap();
        let State { unsure, dice, .. } = &mut *state;
        for (path, versions) in unsure {
            match dice.of(versions).unwrap() {
                Some(bytes) => left.insert(path.clone(), bytes.clone()),
                None => left.remove(path),
            };
        }
        left
    }

    /// What was asked of it, in order.
    pub fn told(&self) -> Vec<String> {
        self.0.state.lock().unwrap().told.clone()
    }

    /// What nobody may do and somebody did.
    pub fn wrong(&self) -> Vec<String> {
        self.0.state.lock().unwrap().wrong.clone()
    }

    /// One step towards the crash; does not return after it.
    async fn step(&self, what: &str, path: &Path) {
        let turns = {
            let mut state = self.0.state.lock().unwrap();
            state.step += 1;
            if !self.0.power.has_failed() {
                let line = format!("{}{:4} {what} {path}", self.0.name, state.step);
                state.told.push(line);
            }
            let last = state.step >= state.crash_at;
            let turns = state.dice.below(4);
            drop(state);
            if last {
                self.0.power.fail();
            }
            turns
        };
        for _ in 0..turns {
            self.alive().await;
            tokio::task::yield_now().await;
        }
        self.alive().await;
    }

    async fn alive(&self) {
        if self.0.power.has_failed() {
            std::future::pending::<()>().await;
        }
    }

    /// Adds a version of what stands at `path`, which `write` makes visible.
    async fn write<T>(
        &self,
        path: &Path,
        new: Option<Bytes>,
        write: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let before = match self.0.seen.get(path).await {
            Ok(got) => Some(got.bytes().await?),
            Err(Error::NotFound { .. }) => None,
            Err(error) => return Err(error),
        };
        let done = write.await?;
        let mut state = self.0.state.lock().unwrap();
        state.unsure.entry(path.clone()).or_insert_with(|| vec![before]).push(new);
        Ok(done)
    }

    /// What is visible at `path` is certain from now on.
    fn settle(&self, path: &Path) {
        self.0.state.lock().unwrap().unsure.remove(path);
    }

    fn note_wrong(&self, sentence: String) {
        self.0.state.lock().unwrap().wrong.push(sentence);
    }

    async fn put(&self, to: &Path, bytes: PutPayload, how: PutOptions) -> Result<PutResult> {
        let over = matches!(how.mode, PutMode::Overwrite);
        self.step(if over { "put" } else { "create" }, to).await;
        if over && !is_derived(to) {
            self.note_wrong(format!("{to} is written over"));
        }
        let new: Bytes = bytes.clone().into();
        let done = self.write(to, Some(new), self.0.seen.put_opts(to, bytes, how)).await?;
        self.step("answer", to).await;
        if !(self.0.lies && is_made_again(to)) {
            self.settle(to);
        }
        Ok(done)
    }

    async fn remove(&self, path: Path) -> Result<Path> {
        self.step("remove", &path).await;
        self.write(&path, None, self.0.seen.delete(&path)).await?;
        self.step("answer", &path).await;
        Ok(path)
    }
}

/// Whether what stands there is made again from the entries when it is lost.
fn is_made_again(path: &Path) -> bool {
    let path = of_either_log(path);
    path == "log/checkpoint" || path.starts_with("log/tile/")
}

/// Whether what stands there is made from other things and may be replaced.
fn is_derived(path: &Path) -> bool {
    let path = of_either_log(path);
    ["log/tile/", "log/checkpoint", "derived/", "staging/"]
        .iter()
        .any(|under| path.starts_with(under) && !path.starts_with("log/checkpoints/"))
}

/// A path of the access log as it would be in the log of the records.
fn of_either_log(path: &Path) -> &str {
    path.as_ref().strip_prefix("access/").unwrap_or(path.as_ref())
}

impl std::fmt::Debug for CrashStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CrashStore")
    }
}

impl std::fmt::Display for CrashStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CrashStore")
    }
}

#[async_trait]
impl ObjectStore for CrashStore {
    async fn put_opts(&self, to: &Path, bytes: PutPayload, how: PutOptions) -> Result<PutResult> {
        self.put(to, bytes, how).await
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        unimplemented!("no file of a schedule is that large")
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        unimplemented!("no file of a schedule is that large")
    }

    async fn get_opts(&self, path: &Path, how: GetOptions) -> Result<GetResult> {
        self.step("get", path).await;
        self.0.seen.get_opts(path, how).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let store = self.clone();
        paths
            .then(move |path| {
                let store = store.clone();
                async move { store.remove(path?).await }
            })
            .boxed()
    }

    fn list(&self, under: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let (store, under) = (self.clone(), under.cloned());
        async move {
            store.step("list", &under.clone().unwrap_or_default()).await;
            store.0.seen.list(under.as_ref())
        }
        .flatten_stream()
        .boxed()
    }

    async fn list_with_delimiter(&self, under: Option<&Path>) -> Result<ListResult> {
        self.step("list", &under.cloned().unwrap_or_default()).await;
        self.0.seen.list_with_delimiter(under).await
    }
}
