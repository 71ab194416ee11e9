//! That nothing about the file of a household is held back.

use serde_json::Value;

use crate::bag::BagError;
use crate::case::{Case, Entry, json, link};
use crate::contents::Subject;
use crate::merkle::{self, Growing};
use crate::{Report, Result, Verdict, Wrong, wrong};

/// An entry of the history that is about the file.
struct About {
    no: u64,
    prev: Option<u64>,
    bytes: Vec<u8>,
}

impl Case<'_> {
    /// Checks that nothing about the household's file is held back: the
    /// history of the file has no gap, and where the bag has all later entries
    /// of the log, none of them is about it.
    pub(crate) fn check_history(&self, report: &mut Report) -> std::result::Result<(), BagError> {
        let whole = self.contents.subject.is_whole();
        let given = self.contents.volume.as_deref().zip(self.contents.history_from);
        let Some((volume, from)) = given else {
            if whole {
                return Err(Wrong("the bag does not show that nothing came later".into()).into());
            }
            report.say(Verdict::Open, "whether anything came later: the bag does not show it");
            return Ok(());
        };
        self.check_volume(volume)?;
        // How a paper that came to the desk was taken in stands in no file's history.
        let is_strange =
            |entry: &Entry| entry.link(volume).is_none() && entry.act() != "accept_document";
        if whole && let Some((no, _)) = self.entries.iter().find(|(_, one)| is_strange(one)) {
            return Err(Wrong(format!("entry {no} is not about the file the bag is about")).into());
        }
        let about = self.about(volume, from)?;
        // Else whoever packed the bag could let it begin after what is held back.
        let mine = self.entries.iter().filter(|(_, entry)| entry.link(volume).is_some());
        if let Some((no, _)) = { mine }.find(|(no, _)| about.iter().all(|one| one.no != **no)) {
            return Err(Wrong(format!("the history in the bag begins after entry {no}")).into());
        }
        let mut before = None;
        for one in &about {
            let first = before.is_none();
            if (first && whole && one.prev.is_some()) || (!first && one.prev != before) {
                let no = one.no;
                return Err(
                    Wrong(format!("the history of the file has a gap before entry {no}")).into()
                );
            }
            before = Some(one.no);
        }
        let is_shown =
            |one: &&About| self.entries.get(&one.no).is_some_and(|entry| entry.bytes == one.bytes);
        let hidden: Vec<String> =
            about.iter().filter(|one| !is_shown(one)).map(|one| one.no.to_string()).collect();
        let size = self.checkpoint.size;
        match (hidden.is_empty(), whole) {
            (true, _) => report.say(
                Verdict::Sound,
                format!("nothing else was recorded about this file up to entry {}", size - 1),
            ),
            (false, true) => {
                let hidden = hidden.join(", ");
                return Err(
                    Wrong(format!("the bag holds back entries about this file: {hidden}")).into()
                );
            }
            (false, false) => report.say(
                Verdict::Open,
                format!(
                    "entries {} are about the same household's file and not in this bag",
                    hidden.join(", ")
                ),
            ),
        }
        Ok(())
    }

    /// Checks that the random name is that of the file the bag is about: what opened the file,
    /// or put the document there last, says so in the log.
    fn check_volume(&self, volume: &str) -> Result<()> {
        let opened = |household: Option<&str>| {
            let no = household.and_then(|household| self.opened(household))?;
            self.entries.get(&no).filter(|entry| entry.link(volume) == Some(None))
        };
        let is_its = match &self.contents.subject {
            Subject::Household(no) => opened(Some(no)).is_some(),
            Subject::Volume(_) => {
                let bound = self.bindings().last().and_then(|no| self.entries.get(&no));
                opened(bound.and_then(|entry| entry.said("household").as_str())).is_some()
            }
            Subject::Document(_) => {
                let links = |entry: &&Entry| {
                    entry.json["volumes"].as_array().is_some_and(|links| !links.is_empty())
                };
                let last = self.entries.values().rfind(links);
                last.is_some_and(|entry| entry.link(volume).is_some())
            }
            Subject::Look(_) => false,
        };
        match is_its {
            true => Ok(()),
            false => wrong!("the history in the bag is not that of the file it is about"),
        }
    }

    /// The entries about a file among those of the history, which are all of the log from one on.
    fn about(&self, volume: &str, from: u64) -> std::result::Result<Vec<About>, BagError> {
        let text = self.bag.text("data/history/frontier")?;
        let roots = text.lines().map(merkle::parse).collect::<Result<Vec<_>>>()?;
        let mut tree = Growing::new(from, roots)?;
        let bundle = self.bag.read("data/history/entries")?;
        let (mut rest, mut about, mut at) = (bundle.as_slice(), Vec::new(), from);
        while !rest.is_empty() {
            let parts = rest.split_first_chunk::<2>();
            let parts = parts.and_then(|(length, rest)| {
                rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
            });
            let Some((bytes, after)) = parts else {
                return Err(Wrong(format!("entry {at} of the history is cut off")).into());
            };
            tree.push(bytes);
            let entry: Value = json(bytes, "data/history/entries")?;
            if let Some(prev) = link(&entry, volume) {
                about.push(About { no: at, prev, bytes: bytes.to_vec() });
            }
            (rest, at) = (after, at + 1);
        }
        if tree.size() != self.checkpoint.size || tree.root() != self.checkpoint.root {
            return Err(Wrong("the history in the bag is not that of the log".into()).into());
        }
        Ok(about)
    }
}
