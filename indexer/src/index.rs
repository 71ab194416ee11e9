//! The index of a folder: opened, looked at, and seen as of its last commit.

use std::fmt;
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tantivy::directory::{Directory, MmapDirectory, RamDirectory};
use tantivy::query::{EnableScoring, Query as Matcher};
use tantivy::{
    DocAddress, DocSet, Executor, IndexReader, ReloadPolicy, Searcher, TERMINATED, TantivyError,
};

use crate::analysis::lexicon::Lexicon;
use crate::analysis::tokens::Cut;
use crate::rows::{Labels, Row, Rows, Table};
use crate::schema::{Fields, schema};
use crate::{Budget, Error, Writer, version};

/// Ends what a commit says of an index that is whole.
pub(crate) const WHOLE: &str = " whole";

/// Who looks through the parts of an index: as many threads as there are cores, the same for all
/// indexes of the process, since a question for what stands on every second page takes long.
static PARTS: LazyLock<Executor> = LazyLock::new(|| {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let many = (threads > 1).then(|| Executor::multi_thread(threads, "search-"));
    many.and_then(Result::ok).unwrap_or(Executor::SingleThread)
});

/// An index, opened for searching; cheap to clone. Searches see every commit at once, those of other
/// processes included.
#[derive(Clone)]
pub struct Index {
    shared: Arc<Shared>,
}

/// What an index is made for.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The way in which signs are named; an index with signs of another way is refused.
    pub signs: String,
    /// Words beside the usual ones, such as titles of forms and names of places. They rank pages
    /// that are put in from now on, and part queries that stand nowhere as they are.
    pub words: Vec<String>,
}

struct Shared {
    engine: tantivy::Index,
    lexicon: Lexicon,
    fields: Fields,
    reader: IndexReader,
    latest: Mutex<Latest>,
    /// Whether it was seen to be whole, so that searches need not ask again.
    whole: AtomicBool,
}

/// The view of the last commit seen, and what it was made from.
struct Latest {
    /// The engine's list of segments, byte for byte; another one means there was a commit or merge.
    listing: Vec<u8>,
    rows: Rows,
    view: Arc<View>,
}

/// One state of the index. A search uses the same one from beginning to end.
pub(crate) struct View {
    pub(crate) searcher: Searcher,
    /// One table for each segment of the searcher.
    pub(crate) tables: Vec<Arc<Table>>,
    pub(crate) labels: Arc<Labels>,
}

impl View {
    /// Hands each page of `matcher` with its document's row to `look`, until it says that it has seen
    /// enough.
    pub(crate) fn each_page(
        &self,
        matcher: &dyn Matcher,
        mut look: impl FnMut(DocAddress, &Row) -> bool,
    ) -> tantivy::Result<()> {
        let weight = matcher.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let segments = self.searcher.segment_readers().iter().zip(&self.tables);
        for (segment, (reader, table)) in (0..).zip(segments) {
            let mut pages = weight.scorer(reader, 1.0)?;
            let mut page = pages.doc();
            while page != TERMINATED {
                let is_alive = reader.alive_bitset().is_none_or(|alive| alive.is_alive(page));
                let row = &table.documents[table.of_page[page as usize] as usize];
                if is_alive && !look(DocAddress::new(segment, page), row) {
                    return Ok(());
                }
                page = pages.advance();
            }
        }
        Ok(())
    }
}

impl Index {
    /// The index in `folder` without signs, made when the folder is new or empty.
    ///
    /// # Errors
    /// [`Error::OtherVersion`] when the folder holds anything but an index of this version.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Self::open_with(folder, &Setup::default())
    }

    /// As [`open`](Self::open), made for `setup`.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`Error::OtherVersion`] when its signs are named in another way.
    pub fn open_with(folder: &Path, setup: &Setup) -> Result<Self, Error> {
        version::check_or_write(folder, &setup.signs)?;
        let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
        Self::in_directory(directory, setup)
    }

    /// The index of a former version in `folder`, made for `setup`.
    ///
    /// # Errors
    /// [`Error::OtherVersion`] when it cannot be read; [`Error::Folder`], [`Error::Engine`].
    pub(crate) fn open_former(folder: &Path, setup: &Setup) -> Result<Self, Error> {
        version::check_former(folder, &setup.signs)?;
        let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
        Self::over(tantivy::Index::open(directory)?, setup)
    }

    /// An empty index in `folder`; one of any version that is there is removed first.
    ///
    /// # Errors
    /// As [`open`](Self::open); a folder with other things in it is not touched.
    pub fn recreate(folder: &Path, setup: &Setup) -> Result<Self, Error> {
        version::remove(folder)?;
        Self::open_with(folder, setup)
    }

    /// An empty index that lives as long as the value.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn in_memory() -> Result<Self, Error> {
        Self::in_directory(RamDirectory::create(), &Setup::default())
    }

    fn in_directory(directory: impl Directory, setup: &Setup) -> Result<Self, Error> {
        let directory = Box::new(directory) as Box<dyn Directory>;
        match tantivy::Index::open_or_create(directory, schema()) {
            Err(TantivyError::SchemaError(_) | TantivyError::IncompatibleIndex(_)) => {
                Err(version::other("with other fields"))
            }
            opened => Self::over(opened?, setup),
        }
    }

    fn over(mut engine: tantivy::Index, setup: &Setup) -> Result<Self, Error> {
        engine.set_executor(PARTS.clone());
        let fields = Fields::of(&engine.schema())?;
        let lexicon = Lexicon::with(&setup.words);
        Cut::register(engine.tokenizers(), &lexicon);
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let view = View { searcher: reader.searcher(), tables: Vec::new(), labels: Arc::default() };
        let latest = Latest { listing: Vec::new(), rows: Rows::default(), view: Arc::new(view) };
        let (latest, whole) = (Mutex::new(latest), AtomicBool::new(false));
        let shared = Shared { engine, lexicon, fields, reader, latest, whole };
        Ok(Index { shared: Arc::new(shared) })
    }

    /// The position given with the last commit, 0 before the first.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn position(&self) -> Result<u64, Error> {
        let payload = self.payload()?;
        Ok(payload.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Whether everything has been put in once, as [`Writer::complete`] says.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn is_whole(&self) -> Result<bool, Error> {
        if self.shared.whole.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let is_whole = self.payload()?.ends_with(WHOLE);
        self.now_whole(is_whole);
        Ok(is_whole)
    }

    /// What was said with the last commit: a position and whether the index is whole.
    fn payload(&self) -> Result<String, Error> {
        Ok(self.shared.engine.load_metas()?.payload.unwrap_or_default())
    }

    /// Keeps what the last commit says.
    pub(crate) fn now_whole(&self, is_whole: bool) {
        self.shared.whole.store(is_whole, Ordering::Relaxed);
    }

    /// Whether somebody else has it open by the same value.
    pub(crate) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.shared) > 1
    }

    /// The one writer, with the default budget.
    ///
    /// # Errors
    /// [`Error::Locked`] while there is another, in this process or elsewhere.
    pub fn writer(&self) -> Result<Writer, Error> {
        self.writer_with(Budget::default())
    }

    /// The one writer.
    ///
    /// # Errors
    /// [`Error::Locked`] while there is another, in this process or elsewhere.
    pub fn writer_with(&self, budget: Budget) -> Result<Writer, Error> {
        Writer::new(self.clone(), budget)
    }

    /// Brings what searches see up to the last commit. Searches do so themselves; after a large
    /// commit this spares the next one the work.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn refresh(&self) -> Result<(), Error> {
        self.view().map(drop)
    }

    pub(crate) fn engine(&self) -> &tantivy::Index {
        &self.shared.engine
    }

    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.shared.lexicon
    }

    pub(crate) fn fields(&self) -> Fields {
        self.shared.fields
    }

    /// The state of the last commit. Costs the reading of one small file when nothing has changed.
    pub(crate) fn view(&self) -> Result<Arc<View>, Error> {
        let listing = self
            .shared
            .engine
            .directory()
            .atomic_read(Path::new("meta.json"))
            .map_err(TantivyError::from)?;
        // A panic elsewhere cannot leave `latest` half-changed: the view is replaced last.
        let mut latest = self.shared.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.listing != listing {
            self.shared.reader.reload()?;
            let searcher = self.shared.reader.searcher();
            let (tables, labels) = latest.rows.of(&searcher, &self.shared.fields)?;
            latest.view = Arc::new(View { searcher, tables, labels });
            latest.listing = listing;
        }
        Ok(latest.view.clone())
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("directory", self.shared.engine.directory()).finish()
    }
}
