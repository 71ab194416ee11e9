//! The steps from a bag to a verdict.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::bag::{Bag, BagError};
use crate::case::{Case, json};
use crate::contents::Contents;
use crate::merkle;
use crate::note::{Checkpoint, Note};
use crate::policy::Policy;
use crate::time::utc;
use crate::{Report, Result, Verdict, Wrong, timestamp, wrong};

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

/// What to do about a bag whose checkpoint has too few witnesses: it has those of its time, and no
/// more of them will sign it.
const OLDER: &str = "ask for a newer bundle, or judge this one by the policy of its day, and its \
    data/checkpoint as OLD by `yidang-verify consistency OLD NEW --path FILE --policy FILE`, with a \
    newer checkpoint that has the quorum as NEW";

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
    let contents = Contents::of(&contents)?;
    let text = bag.text("data/checkpoint")?;
    let note = Note::parse(&text)?;
    let vouched = policy.signed(&note)?;
    if let Some(lacking) = vouched.lacking {
        return Err(Wrong(format!("{lacking}; {OLDER}")).into());
    }
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
    case.check_subject(report)?;
    case.check_history(report)?;
    let last = case.entries.keys().last().copied().unwrap_or(0);
    timestamp::check(bag, &case.checkpoint, last, authority, report)?;
    if bag.for_people().next().is_some() {
        report.say(
            Verdict::Open,
            "what README.html and the small pictures show: they are for people, and prove nothing",
        );
    }
    Ok(())
}

/// Checks that the log of the checkpoint `new` begins with that of `old`.
/// Where they have one size they must be the same; else a path of hashes must
/// show it, one to a line. The quorum is asked of the newer one, which answers for all that it
/// begins with; that the older one has it not is told.
#[must_use]
pub fn consistency(old: &str, new: &str, path: &str, policy: &Policy) -> Report {
    let mut report = Report::default();
    let checked = || -> Result<(Option<String>, String)> {
        let (old, new) = (Note::parse(old)?, Note::parse(new)?);
        let before = policy.signed(&old);
        let before = before.map_err(|why| Wrong(format!("the older checkpoint: {why}")))?;
        policy.check(&new).map_err(|why| Wrong(format!("the newer checkpoint: {why}")))?;
        let (old, new) = (Checkpoint::of(&old)?, Checkpoint::of(&new)?);
        if old.origin != new.origin {
            return wrong!("the checkpoints are of two logs, {} and {}", old.origin, new.origin);
        }
        let path = path.lines().map(merkle::parse).collect::<Result<Vec<_>>>()?;
        merkle::consistent((old.size, old.root), (new.size, new.root), &path)?;
        let sentence = format!(
            "the {} entries of {} begin with the {} of before",
            new.size, new.origin, old.size
        );
        Ok((before.lacking, sentence))
    };
    match checked() {
        Ok((lacking, sentence)) => {
            if let Some(lacking) = lacking {
                let told = format!(
                    "the older checkpoint by itself: {lacking}; the newer one has the quorum"
                );
                report.say(Verdict::Open, told);
            }
            report.say(Verdict::Sound, sentence);
        }
        Err(Wrong(sentence)) => report.say(Verdict::Wrong, sentence),
    }
    report
}
