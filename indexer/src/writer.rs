//! Putting pages in and taking them out.

use std::collections::{BTreeSet, HashSet};

use tantivy::directory::error::LockError;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::{IndexWriter, TantivyDocument, TantivyError, Term};

use crate::alternatives::Alternatives;
use crate::entry::Sign;
use crate::filter::day;
use crate::index::WHOLE;
use crate::normalise::Normal;
use crate::values::Value;
use crate::{Error, Index, PageEntry, keyed, sounds, values};

/// How often title, head and household number count, beside once on the page.
pub(crate) const LABEL_WEIGHT: usize = 3;

/// What a writer may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of memory for pages not yet written, over all threads; at least 15 MB for each.
    pub memory: usize,
    /// Threads that cut and gather pages.
    pub threads: usize,
}

impl Default for Budget {
    /// 64 MB and one thread: what a server gives while it serves.
    fn default() -> Self {
        Budget { memory: 64_000_000, threads: 1 }
    }
}

/// The one writer of an index. What it did is seen, and kept, from [`commit`](Writer::commit) on;
/// dropped without one it leaves nothing.
pub struct Writer {
    engine: IndexWriter,
    index: Index,
    /// Documents put in since the last commit.
    fresh: HashSet<u64>,
    /// Whether everything has been put in once.
    whole: bool,
}

impl Writer {
    pub(crate) fn new(index: Index, budget: Budget) -> Result<Self, Error> {
        let threads = budget.threads.max(1);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .num_merge_threads(1)
            .memory_budget_per_thread((budget.memory / threads).max(15_000_000))
            .build();
        let engine: IndexWriter = match index.engine().writer_with_options(options) {
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) => return Err(Error::Locked),
            other => other?,
        };
        engine.set_merge_policy(Box::new(merging()));
        // A writer that was killed before its commit has left files there, and the engine names the
        // deletions of the next commit as it named those.
        engine.garbage_collect_files().wait()?;
        let whole = index.is_whole()?;
        Ok(Writer { engine, index, fresh: HashSet::new(), whole })
    }

    /// Puts `pages` in the place of all pages the document had. They are filed under `document` and
    /// filtered by what the first of them says.
    ///
    /// # Errors
    /// [`Error::Date`] for a malformed date, and then nothing has changed; [`Error::Engine`].
    pub fn replace(&mut self, document: u64, pages: &[PageEntry]) -> Result<(), Error> {
        let mut pages: Vec<&PageEntry> = pages.iter().collect();
        let mut operations = Vec::with_capacity(pages.len() + 1);
        if let Some(&first) = pages.first() {
            let date = day(&first.date)?;
            pages.sort_by_key(|page| page.page);
            operations.extend(pages.iter().map(|page| self.page(document, date, first, page)));
        }
        self.remove(document)?;
        // One batch goes to one thread as a whole, so the pages stay side by side (see `rows.rs`).
        self.engine.run(operations.into_iter().map(UserOperation::Add))?;
        if !pages.is_empty() {
            self.fresh.insert(document);
        }
        Ok(())
    }

    /// Takes all pages of the document out; nothing happens when there are none.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn remove(&mut self, document: u64) -> Result<(), Error> {
        // A deletion is tried on every segment, so a rebuild must not carry one for each document.
        let term = Term::from_field_u64(self.index.fields().document, document);
        let held = self.index.view()?.searcher.doc_freq(&term)? > 0;
        if held || self.fresh.remove(&document) {
            self.engine.delete_term(term);
        }
        Ok(())
    }

    /// Takes everything out.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn clear(&mut self) -> Result<(), Error> {
        self.engine.delete_all_documents()?;
        self.fresh.clear();
        self.whole = false;
        Ok(())
    }

    /// The index it writes.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Commits with `position`, and says from now on that the index is whole: it answers in the place
    /// of a former one (see [`Indexes`](crate::Indexes)). [`Writer::clear`] takes that back.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn complete(&mut self, position: u64) -> Result<(), Error> {
        self.whole = true;
        self.commit(position)
    }

    /// Makes all that was done durable and seen, together with `position`.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn commit(&mut self, position: u64) -> Result<(), Error> {
        let mut commit = self.engine.prepare_commit()?;
        commit.set_payload(&format!("{position}{}", if self.whole { WHOLE } else { "" }));
        commit.commit()?;
        self.index.now_whole(self.whole);
        self.fresh.clear();
        self.index.refresh()
    }

    /// Waits until the merging of segments has come to rest, and gives the index free.
    ///
    /// # Errors
    /// [`Error::Engine`].
    pub fn close(self) -> Result<(), Error> {
        let index = self.index;
        self.engine.wait_merging_threads()?;
        index.refresh()
    }

    fn page(
        &self,
        document: u64,
        date: u32,
        first: &PageEntry,
        page: &PageEntry,
    ) -> TantivyDocument {
        let fields = self.index.fields();
        let mut entry = TantivyDocument::default();
        entry.add_u64(fields.document, document);
        entry.add_u64(fields.page, u64::from(page.page));
        let keyed = || keyed::indexed(&page.keyed);
        let signs = page.signs.iter().map(|sign| &sign.name);
        for name in signs.chain(keyed().flat_map(|one| &one.signs)).collect::<BTreeSet<_>>() {
            entry.add_text(fields.signs, name);
        }
        self.add_text(&mut entry, page);
        if let Some(tokens) = keyed::tokens(&page.keyed) {
            entry.add_pre_tokenized_text(fields.keyed, tokens);
            keyed().for_each(|one| entry.add_text(fields.keyed_values, one.to_text()));
        }
        for term in first.names.iter().flat_map(|name| sounds::terms(name)) {
            entry.add_text(fields.sounds, term);
        }
        for (field, label) in [(fields.head, &first.head), (fields.title, &page.title)] {
            entry.add_text(field, label);
        }
        entry.add_text(fields.sign_places, Sign::to_text(&page.signs));
        entry.add_bytes(fields.payload, &page.payload);
        entry.add_u64(fields.date, u64::from(date));
        entry.add_text(fields.type_code, &first.type_code);
        entry.add_text(fields.household, &first.household);
        entry.add_text(fields.organisation, &first.organisation);
        entry.add_text(fields.state, &first.state);
        entry.add_u64(fields.confidence, u64::from(first.confidence));
        entry.add_text(fields.reference, &first.reference);
        entry.add_u64(fields.place, u64::from(first.place));
        let younger = [(fields.standing, &first.standing), (fields.category, &first.category)];
        for (field, code) in younger {
            if let Some(field) = field {
                entry.add_text(field, code);
            }
        }
        let labels = [&page.title, &page.head, &page.household].repeat(LABEL_WEIGHT);
        let keyed = keyed().filter(|one| !one.by_field).map(|one| &one.text);
        let texts = std::iter::once(&page.text).chain(keyed).chain(labels);
        for value in texts.filter(|value| !value.is_empty()) {
            entry.add_text(fields.chars, value);
            entry.add_text(fields.grams, value);
        }
        entry
    }
}

impl Writer {
    /// The text of a page with its values and what the recogniser also thought of.
    fn add_text(&self, entry: &mut TantivyDocument, page: &PageEntry) {
        let fields = self.index.fields();
        entry.add_text(fields.text, &page.text);
        let normal = Normal::of(&page.text);
        let keyed = keyed::indexed(&page.keyed).filter(|one| !one.by_field);
        let keyed = keyed.flat_map(|one| values::found(&Normal::of(&one.text)));
        let values = values::found(&normal).into_iter().chain(keyed).map(|(_, value)| value);
        for value in values.collect::<BTreeSet<_>>() {
            entry.add_text(fields.values, value.term());
            if let Value::Fen(fen) = value {
                entry.add_u64(fields.amounts, fen);
            }
        }
        if let Some(tokens) = Alternatives::of(&normal, &page.alternatives).tokens(&normal.chars) {
            entry.add_pre_tokenized_text(fields.near, tokens);
            let kept = Alternatives::to_text(&page.alternatives);
            entry.add_text(fields.alternatives, kept);
        }
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("index", &self.index).finish_non_exhaustive()
    }
}

/// Merges small segments early, so that single uploads do not pile up, and rewrites a segment when a
/// fifth of it is deleted, so that replacing pages does not swell the index.
fn merging() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(6);
    policy.set_min_layer_size(2_000);
    policy.set_del_docs_ratio_before_merge(0.2);
    policy
}
