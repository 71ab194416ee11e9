//! What stands in a bag: the entries, each where the log has it, and the files they name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::bag::{Bag, BagError, to_hex};
use crate::contents::Contents;
use crate::merkle::{included, leaf, sha256};
use crate::note::Checkpoint;
use crate::proof::Proof;
use crate::{Result, Wrong, wrong};

/// An entry of the log that was found where it should be.
pub(crate) struct Entry {
    pub(crate) bytes: Vec<u8>,
    pub(crate) json: Value,
    pub(crate) body: Value,
}

impl Entry {
    pub(crate) fn objects(&self) -> impl Iterator<Item = &str> {
        self.json["objects"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    pub(crate) fn act(&self) -> &str {
        self.body["act"]["act"].as_str().unwrap_or_default()
    }

    /// A value of the act, by name.
    pub(crate) fn said(&self, name: &str) -> &Value {
        &self.body["act"][name]
    }

    /// The files that the body of the act names.
    fn named(&self) -> Option<&str> {
        let act = &self.body["act"];
        let file = match self.act() {
            "accept_document" => &act["file"]["sha256"],
            "open_household" => &act["source"]["file"],
            "correct_text" => &act["correction"],
            "bind_volume" => &act["manifest"],
            "take_bank_return" | "take_evidence" => &act["file"],
            "timestamp_checkpoint" => &act["token"],
            "key_fields" => &act["keyed"],
            "enter_row" => &act["sealed"]["sha256"],
            _ => &Value::Null,
        };
        file.as_str()
    }

    /// Whether what it names is about others too, and not for whoever gets the bag: the roster
    /// that a household was opened from, and who reported something.
    pub(crate) fn is_apart(&self) -> bool {
        matches!(self.act(), "open_household" | "enter_row")
    }

    /// Where the file of that random name stands in its history: the entry before, none for
    /// the first. None where the entry is not about it.
    pub(crate) fn link(&self, volume: &str) -> Option<Option<u64>> {
        link(&self.json, volume)
    }
}

/// As [`Entry::link`], of an entry of the log.
pub(crate) fn link(entry: &Value, volume: &str) -> Option<Option<u64>> {
    let links = entry["volumes"].as_array().into_iter().flatten();
    let mut mine = links.filter(|link| link["volume"] == volume);
    mine.next().map(|link| link["prev"].as_u64())
}

/// What is looked at together.
pub(crate) struct Case<'a> {
    pub(crate) bag: &'a Bag,
    pub(crate) note: String,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) contents: Contents,
    pub(crate) entries: BTreeMap<u64, Entry>,
    /// The papers and manifests in the bag, by digest, with their paths.
    pub(crate) objects: BTreeMap<String, String>,
}

/// What the name of a file of this kind ends with, without the dot; none for a kind that is not
/// known here.
fn extension(mime: &str) -> Option<&'static str> {
    Some(match mime {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/tiff" => "tif",
        "image/webp" => "webp",
        "image/bmp" => "bmp",
        "application/pdf" => "pdf",
        _ => return None,
    })
}

pub(crate) fn json(bytes: &[u8], path: &str) -> Result<Value> {
    serde_json::from_slice(bytes).map_err(|error| Wrong(format!("{path} is not JSON: {error}")))
}

impl Case<'_> {
    /// Reads every entry of the bag and checks that the log has it.
    pub(crate) fn read_entries(&mut self) -> std::result::Result<(), BagError> {
        let in_bag = self.bag.files().filter_map(|(path, _)| {
            path.strip_prefix("data/entries/")?.split_once('/')?.0.parse::<u64>().ok()
        });
        let in_bag: BTreeSet<u64> = in_bag.collect();
        if self.contents.entries != in_bag {
            return Err(Wrong("the entries in the bag are not those it says it has".into()).into());
        }
        for no in in_bag {
            let entry = self.read_entry(no)?;
            self.entries.insert(no, entry);
        }
        Ok(())
    }

    fn read_entry(&self, no: u64) -> std::result::Result<Entry, BagError> {
        let folder = format!("data/entries/{no}");
        let bytes = self.bag.read(&format!("{folder}/entry.json"))?;
        let body_bytes = self.bag.read(&format!("{folder}/body.json"))?;
        let proof = Proof::parse(&self.bag.text(&format!("{folder}/entry.tlog-proof"))?)?;
        if proof.checkpoint != self.note {
            return Err(Wrong(format!("the proof of entry {no} is to another checkpoint")).into());
        }
        if proof.index != no {
            let index = proof.index;
            return Err(Wrong(format!("the proof of entry {no} is that of entry {index}")).into());
        }
        let Checkpoint { size, root, .. } = &self.checkpoint;
        included(leaf(&bytes), no, &proof.path, *size, root)
            .map_err(|why| Wrong(format!("entry {no} is not in the log: {why}")))?;
        let entry: Value = json(&bytes, &folder)?;
        if entry["no"].as_u64() != Some(no) {
            return Err(Wrong(format!("entry {no} says of itself that it is another")).into());
        }
        if entry["body"].as_str() != Some(&to_hex(&sha256(&body_bytes))) {
            return Err(
                Wrong(format!("the body of entry {no} is not the one it commits to")).into()
            );
        }
        let body: Value = json(&body_bytes, &folder)?;
        if body["salt"].as_str().is_none_or(|salt| salt.len() != 64) {
            return Err(Wrong(format!("the body of entry {no} has no salt")).into());
        }
        let entry = Entry { bytes, json: entry, body };
        if !entry.objects().eq(entry.named()) {
            return Err(Wrong(format!("entry {no} and its body name different files")).into());
        }
        Ok(entry)
    }

    /// Checks the papers: each has the digest it is named by, and an entry
    /// names it.
    pub(crate) fn read_objects(&mut self) -> Result<()> {
        let named: BTreeSet<&str> = self.entries.values().flat_map(Entry::objects).collect();
        for (path, hash) in self.bag.files() {
            let Some(name) = path.strip_prefix("data/objects/") else { continue };
            let digest = to_hex(hash);
            if name.split('.').next() != Some(&digest) {
                return wrong!("{path} has the digest {digest}");
            }
            if !named.contains(digest.as_str()) {
                return wrong!("{path} is named by no entry");
            }
            self.objects.insert(digest, path.to_owned());
        }
        for entry in self.entries.values() {
            let file = entry.said("file");
            let kind = file["sha256"].as_str().zip(file["mime"].as_str().and_then(extension));
            let Some((digest, extension)) = kind else { continue };
            let Some(path) = self.objects.get(digest) else { continue };
            // Whoever opens it goes by its name.
            let given = path.split_once('.').map(|(_, given)| given);
            if given != Some(extension) {
                return wrong!("{path} is not named as the kind of file it was taken in as");
            }
        }
        Ok(())
    }

    pub(crate) fn here(&self, digest: &str) -> Result<()> {
        match self.objects.contains_key(digest) {
            true => Ok(()),
            false => wrong!("the file {digest} is missing from the bag"),
        }
    }

    /// Checks that what the entries name is here; returns the entries whose files are kept
    /// apart and are not.
    pub(crate) fn all_here(&self) -> Result<Vec<u64>> {
        let mut apart = Vec::new();
        for (no, entry) in &self.entries {
            for digest in entry.objects() {
                match entry.is_apart() && !self.objects.contains_key(digest) {
                    true => apart.push(*no),
                    false => self.here(digest)?,
                }
            }
        }
        Ok(apart)
    }
}
