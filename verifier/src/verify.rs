//! The steps from a bag to a verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::bag::{Bag, BagError, to_hex};
use crate::merkle::{self, Growing, included, leaf, sha256};
use crate::note::{Checkpoint, Note};
use crate::policy::Policy;
use crate::proof::Proof;
use crate::time::utc;
use crate::{Report, Result, Verdict, Wrong, timestamp, wrong};

/// An entry of the log that was found where it should be.
struct Entry {
    bytes: Vec<u8>,
    json: Value,
    body: Value,
}

impl Entry {
    fn objects(&self) -> impl Iterator<Item = &str> {
        self.json["objects"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    fn act(&self) -> &str {
        self.body["act"]["act"].as_str().unwrap_or_default()
    }
}

/// What is looked at together.
struct Case<'a> {
    bag: &'a Bag,
    note: String,
    checkpoint: Checkpoint,
    contents: Value,
    entries: BTreeMap<u64, Entry>,
    /// The papers and manifests in the bag, by digest, with their paths.
    objects: BTreeMap<String, String>,
}

/// Checks the bag in the folder `root` by the auditor's policy, and its
/// timestamp by the certificates in the file `authority`. The first step that is
/// wrong ends it: what comes after would rest on it.
#[must_use]
pub fn bag(root: &Path, policy: &Policy, authority: Option<&Path>) -> Report {
    let mut report = Report::default();
    let bag = match Bag::open(root) {
        Ok(bag) => bag,
        Err(error) => {
            say_error(&mut report, error);
            return report;
        }
    };
    report.say(Verdict::Sound, format!("{} files are as they were packed", bag.files().count()));
    if let Err(error) = steps(&bag, policy, authority, &mut report) {
        say_error(&mut report, error);
    }
    report
}

fn say_error(report: &mut Report, error: BagError) {
    match error {
        BagError::Wrong(sentence) => report.say(Verdict::Wrong, sentence),
        BagError::Unseen(sentence) => report.say(Verdict::Unseen, sentence),
    }
}

impl From<Wrong> for BagError {
    fn from(Wrong(sentence): Wrong) -> Self {
        Self::Wrong(sentence)
    }
}

fn steps(
    bag: &Bag,
    policy: &Policy,
    authority: Option<&Path>,
    report: &mut Report,
) -> std::result::Result<(), BagError> {
    let contents: Value = json(&bag.read("data/proof.json")?, "data/proof.json")?;
    if contents["format"] != "yidang-proof/1" {
        return Err(Wrong("data/proof.json is not of a format that is known".into()).into());
    }
    let text = bag.text("data/checkpoint")?;
    let note = Note::parse(&text)?;
    let vouched = policy.check(&note)?;
    let checkpoint = Checkpoint::of(&note)?;
    let (origin, size) = (&checkpoint.origin, checkpoint.size);
    report.say(Verdict::Sound, format!("the log {origin} has signed its {size} entries"));
    let names: Vec<String> =
        vouched.witnesses.iter().map(|(name, at)| format!("{name} on {}", utc(*at))).collect();
    if vouched.asked {
        report.say(Verdict::Sound, format!("enough witnesses have signed: {}", names.join(", ")));
    } else {
        report.say(
            Verdict::Open,
            format!("whether the log shows others another history: the policy asks for no witness, {} have signed", names.len()),
        );
    }
    let mut case = Case {
        bag,
        note: text,
        checkpoint,
        contents,
        entries: BTreeMap::new(),
        objects: BTreeMap::new(),
    };
    case.read_entries()?;
    report.say(
        Verdict::Sound,
        format!("{} entries stand in the log, and what they commit to is here", case.entries.len()),
    );
    case.read_objects()?;
    report.say(
        Verdict::Sound,
        format!("{} papers and manifests are those that the entries name", case.objects.len()),
    );
    let sentence = case.check_subject()?;
    report.say(Verdict::Sound, sentence);
    case.check_history(report)?;
    let last = case.entries.keys().last().copied().unwrap_or(0);
    timestamp::check(bag, &case.checkpoint, last, authority, report)
}

fn json(bytes: &[u8], path: &str) -> Result<Value> {
    serde_json::from_slice(bytes).map_err(|error| Wrong(format!("{path} is not JSON: {error}")))
}

impl Case<'_> {
    /// Reads every entry of the bag and checks that the log has it.
    fn read_entries(&mut self) -> std::result::Result<(), BagError> {
        let listed = self.contents["entries"].as_array().into_iter().flatten();
        let listed: BTreeSet<u64> = listed.filter_map(Value::as_u64).collect();
        let in_bag = self.bag.files().filter_map(|(path, _)| {
            path.strip_prefix("data/entries/")?.split_once('/')?.0.parse::<u64>().ok()
        });
        let in_bag: BTreeSet<u64> = in_bag.collect();
        if listed != in_bag || listed.is_empty() {
            return Err(Wrong("the entries in the bag are not those it says it has".into()).into());
        }
        for no in listed {
            let folder = format!("data/entries/{no}");
            let bytes = self.bag.read(&format!("{folder}/entry.json"))?;
            let body_bytes = self.bag.read(&format!("{folder}/body.json"))?;
            let proof = Proof::parse(&self.bag.text(&format!("{folder}/entry.tlog-proof"))?)?;
            if proof.checkpoint != self.note {
                return Err(
                    Wrong(format!("the proof of entry {no} is to another checkpoint")).into()
                );
            }
            if proof.index != no {
                let index = proof.index;
                return Err(
                    Wrong(format!("the proof of entry {no} is that of entry {index}")).into()
                );
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
            let named = match entry.act() {
                "accept_document" => Some(&entry.body["act"]["file"]["sha256"]),
                "bind_volume" => Some(&entry.body["act"]["manifest"]),
                "correct_text" => Some(&entry.body["act"]["correction"]),
                "timestamp_checkpoint" => Some(&entry.body["act"]["token"]),
                _ => None,
            };
            if entry.objects().collect::<Vec<_>>()
                != named.and_then(Value::as_str).into_iter().collect::<Vec<_>>()
            {
                return Err(Wrong(format!("entry {no} and its body name different files")).into());
            }
            self.entries.insert(no, entry);
        }
        Ok(())
    }

    /// Checks the papers: each has the digest it is named by, and an entry
    /// names it.
    fn read_objects(&mut self) -> std::result::Result<(), BagError> {
        let named: BTreeSet<&str> = self.entries.values().flat_map(Entry::objects).collect();
        for (path, hash) in self.bag.files() {
            let Some(name) = path.strip_prefix("data/objects/") else { continue };
            let digest = to_hex(hash);
            if name.split('.').next() != Some(&digest) {
                return Err(Wrong(format!("{path} has the digest {digest}")).into());
            }
            if !named.contains(digest.as_str()) {
                return Err(Wrong(format!("{path} is named by no entry")).into());
            }
            self.objects.insert(digest, path.to_owned());
        }
        Ok(())
    }

    fn here(&self, digest: &str) -> Result<()> {
        match self.objects.contains_key(digest) {
            true => Ok(()),
            false => wrong!("the file {digest} is missing from the bag"),
        }
    }

    /// Checks that the bag holds what it says it is about; returns what that
    /// is.
    fn check_subject(&self) -> std::result::Result<String, BagError> {
        let subject = &self.contents["subject"];
        if let Some(id) = subject["document"].as_u64() {
            if self.entries.get(&id).map(Entry::act) != Some("accept_document") {
                return Err(
                    Wrong(format!("the bag does not show how document {id} was taken in")).into()
                );
            }
            for entry in self.entries.values() {
                entry.objects().try_for_each(|digest| self.here(digest))?;
            }
            return Ok(format!("document {id} is here as it was taken in"));
        }
        if let Some(no) = subject["look"].as_u64() {
            let look = self.entries.get(&no).map(|entry| &entry.body["look"]);
            let told = look.and_then(|look| look["kind"].as_str().zip(look["outcome"].as_str()));
            let Some((kind, outcome)) = told.filter(|_| self.entries.len() == 1) else {
                return Err(Wrong("the bag does not show one look at records".into()).into());
            };
            return Ok(format!("entry {no} is a look at records: {kind}, {outcome}"));
        }
        if let Some(no) = subject["household"].as_str() {
            let opened = self.entries.values().any(|entry| {
                let act = &entry.body["act"];
                match entry.act() {
                    "open_household" => act["household"] == no,
                    // A split opens a file, too.
                    "link_households" => act["kind"] == "split" && act["to"] == no,
                    _ => false,
                }
            });
            if !opened {
                return Err(Wrong(format!(
                    "the bag does not show how the file of {no} was opened"
                ))
                .into());
            }
            for entry in self.entries.values() {
                entry.objects().try_for_each(|digest| self.here(digest))?;
            }
            for no in self.bindings() {
                self.check_manifest(no)?;
            }
            return Ok(format!("everything of household {no} that these entries name is here"));
        }
        if let Some(code) = subject["volume"].as_str() {
            let last = self.bindings().last();
            let last = last.filter(|no| self.entries[no].body["act"]["reference_code"] == code);
            let Some(last) = last else {
                return Err(Wrong(format!(
                    "the bag does not show how the volume {code} was bound"
                ))
                .into());
            };
            let (items, version) = self.check_manifest(last)?;
            return Ok(format!(
                "the volume {code}, version {version}, is here with its {items} papers"
            ));
        }
        Err(Wrong("the bag does not say what it is about".into()).into())
    }

    /// The numbers of the entries that bound a volume, in order.
    fn bindings(&self) -> impl Iterator<Item = u64> {
        self.entries.iter().filter(|(_, entry)| entry.act() == "bind_volume").map(|(no, _)| *no)
    }

    /// Checks the manifest that entry `no` fixed: it is that of the act, every
    /// file in it is here and was taken in by an entry of the bag. Returns how
    /// many papers it has, and its version.
    fn check_manifest(&self, no: u64) -> std::result::Result<(usize, u64), BagError> {
        let act = &self.entries[&no].body["act"];
        let digest = act["manifest"].as_str().unwrap_or_default();
        let Some(path) = self.objects.get(digest) else {
            return Err(Wrong(format!("the manifest {digest} is missing from the bag")).into());
        };
        let manifest: Value = json(&self.bag.read(path)?, path)?;
        for field in ["household", "version", "reference_code", "previous", "title", "pages"] {
            if manifest[field] != act[field] {
                return Err(Wrong(format!("the manifest of entry {no} has another {field}")).into());
            }
        }
        let accepted: BTreeSet<&str> = self
            .entries
            .values()
            .filter(|entry| entry.act() == "accept_document")
            .flat_map(Entry::objects)
            .collect();
        let items = manifest["items"].as_array().map_or(&[][..], Vec::as_slice);
        for file in items.iter().flat_map(|item| item["files"].as_array()).flatten() {
            let digest = file["sha256"].as_str().unwrap_or_default();
            self.here(digest)?;
            if !accepted.contains(digest) {
                return Err(
                    Wrong(format!("no entry shows how the file {digest} was taken in")).into()
                );
            }
        }
        Ok((items.len(), manifest["version"].as_u64().unwrap_or(0)))
    }

    /// Checks that nothing about the household's file is held back: the
    /// history of the file has no gap, and where the bag has all later entries
    /// of the log, none of them is about it.
    fn check_history(&self, report: &mut Report) -> std::result::Result<(), BagError> {
        let volume = self.contents["volume"].as_str();
        let subject = &self.contents["subject"];
        let whole = subject["document"].is_null() && subject["look"].is_null();
        let (Some(volume), Some(from)) = (volume, self.contents["history_from"].as_u64()) else {
            if whole {
                return Err(Wrong("the bag does not show that nothing came later".into()).into());
            }
            report.say(Verdict::Open, "whether anything came later: the bag does not show it");
            return Ok(());
        };
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
            let links = entry["volumes"].as_array().into_iter().flatten();
            if let Some(link) = links.into_iter().find(|link| link["volume"] == volume) {
                about.push((at, link["prev"].as_u64(), bytes));
            }
            (rest, at) = (after, at + 1);
        }
        if tree.size() != self.checkpoint.size || tree.root() != self.checkpoint.root {
            return Err(Wrong("the history in the bag is not that of the log".into()).into());
        }
        let mut before = None;
        for (no, prev, _) in &about {
            let first = before.is_none();
            if (first && whole && prev.is_some()) || (!first && *prev != before) {
                return Err(
                    Wrong(format!("the history of the file has a gap before entry {no}")).into()
                );
            }
            before = Some(*no);
        }
        let shown =
            |no: u64, bytes: &[u8]| self.entries.get(&no).is_some_and(|one| one.bytes == bytes);
        let hidden: Vec<String> = about
            .iter()
            .filter(|(no, _, bytes)| !shown(*no, bytes))
            .map(|(no, _, _)| no.to_string())
            .collect();
        let size = self.checkpoint.size;
        if hidden.is_empty() {
            report.say(
                Verdict::Sound,
                format!("nothing else was recorded about this file up to entry {}", size - 1),
            );
        } else if whole {
            return Err(Wrong(format!(
                "the bag holds back entries about this file: {}",
                hidden.join(", ")
            ))
            .into());
        } else {
            report.say(
                Verdict::Open,
                format!(
                    "entries {} are about the same household's file and not in this bag",
                    hidden.join(", ")
                ),
            );
        }
        Ok(())
    }
}

/// Checks that the log of the checkpoint `new` begins with that of `old`.
/// Where they have one size they must be the same; else a path of hashes must
/// show it, one to a line.
#[must_use]
pub fn consistency(old: &str, new: &str, path: &str, policy: &Policy) -> Report {
    let mut report = Report::default();
    let checked = || -> Result<String> {
        let (old, new) = (Note::parse(old)?, Note::parse(new)?);
        policy.check(&old).map_err(|why| Wrong(format!("the older checkpoint: {why}")))?;
        policy.check(&new).map_err(|why| Wrong(format!("the newer checkpoint: {why}")))?;
        let (old, new) = (Checkpoint::of(&old)?, Checkpoint::of(&new)?);
        if old.origin != new.origin {
            return wrong!("the checkpoints are of two logs, {} and {}", old.origin, new.origin);
        }
        let path = path.lines().map(merkle::parse).collect::<Result<Vec<_>>>()?;
        merkle::consistent((old.size, old.root), (new.size, new.root), &path)?;
        Ok(format!(
            "the {} entries of {} begin with the {} of before",
            new.size, new.origin, old.size
        ))
    };
    match checked() {
        Ok(sentence) => report.say(Verdict::Sound, sentence),
        Err(Wrong(sentence)) => report.say(Verdict::Wrong, sentence),
    }
    report
}
