//! What a bag is about, and that all of it is here.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::bag::BagError;
use crate::case::{Case, Entry, json};
use crate::contents::Subject;
use crate::{Report, Result, Verdict, Wrong, wrong};

/// What a catalog lists.
struct Catalog {
    /// How many of its papers are here.
    here: usize,
    /// The version of the volume.
    version: u64,
    /// The digests of the files of its papers.
    files: BTreeSet<String>,
    /// The documents that were put into another file since, and are not here.
    gone: BTreeSet<u64>,
}

impl Case<'_> {
    /// Checks that the bag holds what it says it is about, and says what that is.
    pub(crate) fn check_subject(&self, report: &mut Report) -> std::result::Result<(), BagError> {
        let (mut apart, mut gone) = (Vec::new(), BTreeSet::new());
        let sentence = match &self.contents.subject {
            Subject::Document(id) => {
                if self.entries.get(id).map(Entry::act) != Some("accept_document") {
                    return Err(Wrong(format!(
                        "the bag does not show how document {id} was taken in"
                    ))
                    .into());
                }
                apart = self.all_here()?;
                format!("document {id} is here as it was taken in")
            }
            Subject::Look(no) => {
                let look = self.entries.get(no).map(|entry| &entry.body["look"]);
                let told =
                    look.and_then(|look| look["kind"].as_str().zip(look["outcome"].as_str()));
                let Some((kind, outcome)) = told.filter(|_| self.entries.len() == 1) else {
                    return Err(Wrong("the bag does not show one look at records".into()).into());
                };
                format!("entry {no} is a look at records: {kind}, {outcome}")
            }
            Subject::Household(no) => {
                if self.opened(no).is_none() {
                    return Err(Wrong(format!(
                        "the bag does not show how the file of {no} was opened"
                    ))
                    .into());
                }
                apart = self.all_here()?;
                self.papers_here(no)?;
                for no in self.bindings() {
                    gone.append(&mut self.check_manifest(no)?.gone);
                }
                format!("everything of household {no} that these entries name is here")
            }
            Subject::Volume(code) => {
                let last = self.bindings().last();
                let last = last.filter(|no| self.entries[no].said("reference_code") == code);
                let Some(last) = last else {
                    return Err(Wrong(format!(
                        "the bag does not show how the volume {code} was bound"
                    ))
                    .into());
                };
                let catalog = self.check_manifest(last)?;
                self.nothing_beside(last, &catalog)?;
                gone = catalog.gone;
                let (version, here) = (catalog.version, catalog.here);
                format!("the volume {code}, version {version}, is here with its {here} papers")
            }
        };
        report.say(Verdict::Sound, sentence);
        if !gone.is_empty() {
            report.say(
                Verdict::Open,
                format!(
                    "documents {} stand in the catalog and were put into another file since: they are not in this bag",
                    listed(&gone)
                ),
            );
        }
        if !apart.is_empty() {
            report.say(
                Verdict::Open,
                format!(
                    "the files that entries {} name are about others too, and not in this bag",
                    listed(&apart)
                ),
            );
        }
        Ok(())
    }

    /// The number of the entry that opened the file of a household.
    pub(crate) fn opened(&self, household: &str) -> Option<u64> {
        let opens = |entry: &Entry| match entry.act() {
            "open_household" => entry.said("household") == household,
            // A split opens a file, too.
            "link_households" => entry.said("kind") == "split" && entry.said("to") == household,
            _ => false,
        };
        self.entries.iter().find(|(_, entry)| opens(entry)).map(|(no, _)| *no)
    }

    /// The numbers of the entries that bound a volume, in order.
    pub(crate) fn bindings(&self) -> impl Iterator<Item = u64> {
        self.entries.iter().filter(|(_, entry)| entry.act() == "bind_volume").map(|(no, _)| *no)
    }

    /// What put a document into a file or into another document, or gave it back, last; none when
    /// nothing here has since it was taken in.
    fn put(&self, document: u64) -> Option<&Entry> {
        let puts = |entry: &&Entry| {
            entry.said("document").as_u64() == Some(document)
                && matches!(entry.act(), "file_document" | "join_document" | "return_document")
        };
        self.entries.values().rev().find(puts)
    }

    /// The household in whose file a document is, as far as the entries here tell; of one that
    /// was joined into another, that of the other. None of what was given back.
    fn home(&self, document: u64) -> Option<&str> {
        let (mut document, mut seen) = (document, BTreeSet::new());
        while seen.insert(document) {
            match self.put(document) {
                Some(entry) if entry.act() == "join_document" => {
                    document = entry.said("into").as_u64()?;
                }
                Some(entry) => return entry.said("household").as_str(),
                // It is where it was taken in.
                None => return self.accepted(document)?.said("household").as_str(),
            }
        }
        None
    }

    /// The entry that shows how a document was taken in.
    fn accepted(&self, document: u64) -> Option<&Entry> {
        self.entries.get(&document).filter(|entry| entry.act() == "accept_document")
    }

    /// Checks of every paper that was put into the file, and not into another one since, that
    /// the bag shows how it was taken in. Its scan is then asked for with all others.
    fn papers_here(&self, household: &str) -> Result<()> {
        for (no, entry) in &self.entries {
            let Some(document) = entry.said("document").as_u64() else { continue };
            if matches!(entry.act(), "file_document" | "join_document")
                && self.home(document) == Some(household)
                && self.accepted(document).is_none()
            {
                return wrong!(
                    "entry {no} puts document {document} into the file, and the bag does not show how it was taken in"
                );
            }
        }
        Ok(())
    }

    /// Checks the manifest that entry `no` fixed: it is that of the act, every
    /// paper in it is here and was taken in by an entry of the bag, unless it was put into
    /// another file since. Returns what it lists.
    fn check_manifest(&self, no: u64) -> std::result::Result<Catalog, BagError> {
        let entry = &self.entries[&no];
        let digest = entry.said("manifest").as_str().unwrap_or_default();
        let Some(path) = self.objects.get(digest) else {
            return Err(Wrong(format!("the manifest {digest} is missing from the bag")).into());
        };
        let manifest: Value = json(&self.bag.read(path)?, path)?;
        for field in ["household", "version", "reference_code", "previous", "title", "pages"] {
            if manifest[field] != *entry.said(field) {
                return Err(Wrong(format!("the manifest of entry {no} has another {field}")).into());
            }
        }
        let accepted: BTreeSet<&str> = self
            .entries
            .values()
            .filter(|entry| entry.act() == "accept_document")
            .flat_map(Entry::objects)
            .collect();
        let household = entry.said("household").as_str();
        let version = manifest["version"].as_u64().unwrap_or(0);
        let mut catalog =
            Catalog { here: 0, version, files: BTreeSet::new(), gone: BTreeSet::new() };
        for item in manifest["items"].as_array().into_iter().flatten() {
            let Some(document) = item["document"].as_u64() else {
                return Err(Wrong(format!("the manifest of entry {no} lists no document")).into());
            };
            let files = item["files"].as_array().into_iter().flatten();
            let files: Vec<&str> =
                files.map(|file| file["sha256"].as_str().unwrap_or_default()).collect();
            catalog.files.extend(files.iter().map(|&digest| digest.to_owned()));
            let has_gone = self.put(document).is_some() && self.home(document) != household;
            if has_gone && files.iter().any(|digest| !self.objects.contains_key(*digest)) {
                catalog.gone.insert(document);
                continue;
            }
            for digest in files {
                self.here(digest)?;
                if !accepted.contains(digest) {
                    return Err(Wrong(format!(
                        "no entry shows how the file {digest} was taken in"
                    ))
                    .into());
                }
            }
            // Another paper with the same bytes was taken in at another time.
            if !has_gone && self.accepted(document).is_none() {
                return Err(Wrong(format!(
                    "the bag does not show how document {document} was taken in"
                ))
                .into());
            }
            catalog.here += 1;
        }
        Ok(catalog)
    }

    /// Checks that the bag of a volume has the catalog that entry `no` fixed, the files it lists,
    /// and no others: whoever opens them takes them for parts of the volume.
    fn nothing_beside(&self, no: u64, catalog: &Catalog) -> Result<()> {
        let manifest = self.entries.get(&no).and_then(|entry| entry.said("manifest").as_str());
        for (digest, path) in &self.objects {
            if manifest != Some(digest.as_str()) && !catalog.files.contains(digest) {
                return wrong!("{path} is not in the catalog of the volume");
            }
        }
        Ok(())
    }
}

/// Numbers as they are told.
fn listed<'a>(numbers: impl IntoIterator<Item = &'a u64>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(ToString::to_string).collect();
    numbers.join(", ")
}
