//! What a bag is about, and that all of it is here.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::bag::BagError;
use crate::case::{Case, Entry, json};
use crate::contents::Subject;
use crate::{Report, Result, Verdict, Wrong, wrong};

impl Case<'_> {
    /// Checks that the bag holds what it says it is about, and says what that is.
    pub(crate) fn check_subject(&self, report: &mut Report) -> std::result::Result<(), BagError> {
        let mut apart = Vec::new();
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
                    self.check_manifest(no)?;
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
                let (items, version) = self.check_manifest(last)?;
                format!("the volume {code}, version {version}, is here with its {items} papers")
            }
        };
        report.say(Verdict::Sound, sentence);
        if !apart.is_empty() {
            let numbers: Vec<String> = apart.iter().map(ToString::to_string).collect();
            report.say(
                Verdict::Open,
                format!(
                    "the files that entries {} name are about others too, and not in this bag",
                    numbers.join(", ")
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

    /// The household in whose file a document was put last, as far as the entries here tell;
    /// of one that was joined into another, that of the other.
    fn home(&self, document: u64) -> Option<&str> {
        let (mut document, mut seen) = (document, BTreeSet::new());
        while seen.insert(document) {
            let mut last = None;
            for entry in self.entries.values() {
                if entry.said("document").as_u64() == Some(document)
                    && matches!(entry.act(), "file_document" | "join_document")
                {
                    last = Some(entry);
                }
            }
            match last {
                Some(entry) if entry.act() == "join_document" => {
                    document = entry.said("into").as_u64()?;
                }
                last => return last?.said("household").as_str(),
            }
        }
        None
    }

    /// Checks of every paper that was put into the file, and not into another one since, that
    /// the bag shows how it was taken in. Its scan is then asked for with all others.
    fn papers_here(&self, household: &str) -> Result<()> {
        for (no, entry) in &self.entries {
            let Some(document) = entry.said("document").as_u64() else { continue };
            if entry.act() == "file_document"
                && self.home(document) == Some(household)
                && self.entries.get(&document).map(Entry::act) != Some("accept_document")
            {
                return wrong!(
                    "entry {no} puts document {document} into the file, and the bag does not show how it was taken in"
                );
            }
        }
        Ok(())
    }

    /// Checks the manifest that entry `no` fixed: it is that of the act, every
    /// file in it is here and was taken in by an entry of the bag, unless the paper was put into
    /// another file since. Returns how many papers it has, and its version.
    fn check_manifest(&self, no: u64) -> std::result::Result<(usize, u64), BagError> {
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
        let items = manifest["items"].as_array().map_or(&[][..], Vec::as_slice);
        for item in items {
            let home = item["document"].as_u64().and_then(|document| self.home(document));
            let has_gone = home.is_some() && home != household;
            for file in item["files"].as_array().into_iter().flatten() {
                let digest = file["sha256"].as_str().unwrap_or_default();
                if has_gone && !self.objects.contains_key(digest) {
                    continue;
                }
                self.here(digest)?;
                if !accepted.contains(digest) {
                    return Err(Wrong(format!(
                        "no entry shows how the file {digest} was taken in"
                    ))
                    .into());
                }
            }
        }
        Ok((items.len(), manifest["version"].as_u64().unwrap_or(0)))
    }
}
