//! The witnesses are asked to sign each checkpoint before it is published
//! (C2SP tlog-witness). One that is down, slow or contrary is left out and
//! asked again later; recording never waits for it, and publishing not long.

use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use tokio::sync::Mutex;

use super::{RecordError, Tree};
use crate::catalog::witnesses;
use crate::config::Witness;
use crate::db::Db;
use crate::outbound;
use crate::tlog::cosignature::Cosignature;
use crate::tlog::witness::Request;

/// How long a witness may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a witness that failed is left alone, the first time; twice as long
/// each time after.
const PAUSE: Duration = Duration::from_secs(10);
/// How many times that doubles: to a little over five minutes.
const DOUBLINGS: u32 = 5;
/// The most signature lines of an answer that are looked at.
const LINES: usize = 16;

/// The witnesses of a log.
#[derive(Debug)]
pub(super) struct Witnesses {
    asked: Vec<Mutex<Asked>>,
    /// What stands before their keys in the table of what became of asking: the
    /// same witnesses sign the access log too.
    of: &'static str,
}

/// A witness, and what this process knows of it.
#[derive(Debug)]
struct Asked {
    witness: Witness,
    /// How many entries the checkpoint has that it signed and that was
    /// published.
    published: u64,
    /// When it may be asked again, after it failed.
    again: Timestamp,
    /// How often it has failed since it last signed.
    failures: u32,
}

impl Witnesses {
    pub(super) fn new(all: Vec<Witness>) -> Self {
        let asked = |witness| {
            Mutex::new(Asked { witness, published: 0, again: Timestamp::MIN, failures: 0 })
        };
        Self { asked: all.into_iter().map(asked).collect(), of: "" }
    }

    /// The same for the access log.
    pub(super) fn of_looks(all: Vec<Witness>) -> Self {
        Self { of: "access ", ..Self::new(all) }
    }

    /// Whether one that has not signed the published checkpoint of `size` entries
    /// may be asked now.
    pub(super) async fn are_due(&self, size: u64, now: Timestamp) -> bool {
        for one in &self.asked {
            let one = one.lock().await;
            if one.published != size && one.again <= now {
                return true;
            }
        }
        false
    }

    /// The checkpoint of `tree`, which only the log has signed, with what the
    /// witnesses sign of it. Those that have signed `before` are not asked
    /// again.
    pub(super) async fn cosigned(
        &self,
        db: &Db,
        tree: &Tree,
        before: Option<&str>,
        now: Timestamp,
    ) -> Result<String, RecordError> {
        let mut note = tree.note().to_owned();
        if self.asked.is_empty() {
            return Ok(note);
        }
        let mut tx = db.read().await?;
        let known = witnesses::all(&mut tx).await?;
        drop(tx);
        let asked = join_all(self.asked.iter().map(async |one| {
            let mut one = one.lock().await;
            let key = format!("{}{}", self.of, one.witness.key);
            let there = before.and_then(|note| one.witness.key.signed(note).ok().flatten());
            if there.is_some() || one.again > now {
                return (there, None);
            }
            let old = known.iter().find(|row| row.key == key).map_or(0, |row| row.size);
            let asked = ask(&one.witness, u64::try_from(old).unwrap_or(0), tree);
            let answer = match tokio::time::timeout(3 * PATIENCE, asked).await {
                Ok(answer) => answer,
                Err(_) => Err("it was not asked in time".to_owned()),
            };
            one.judge(&answer, now);
            let size = tree.checkpoint().size;
            let outcome = answer.as_ref().map(|signed| (size, signed.time)).map_err(Clone::clone);
            (answer.ok(), Some((key, outcome)))
        }))
        .await;
        let mut tx = db.write().await?;
        for (signed, outcome) in asked {
            note.push_str(signed.as_ref().map_or("", |signed| signed.line.as_str()));
            if let Some((key, outcome)) = outcome {
                witnesses::note(&mut tx, &key, now, &outcome).await?;
            }
        }
        tx.commit().await?;
        Ok(note)
    }

    /// Whether one of them is said to have signed a note, and has not signed this one.
    pub(super) async fn are_wrong(&self, note: &str) -> bool {
        for one in &self.asked {
            if one.lock().await.witness.key.signed(note).is_err() {
                return true;
            }
        }
        false
    }

    /// Notes that `note`, of `size` entries, was published.
    pub(super) async fn published(&self, size: u64, note: &str) {
        for one in &self.asked {
            let mut one = one.lock().await;
            if matches!(one.witness.key.signed(note), Ok(Some(_))) {
                one.published = size;
            }
        }
    }
}

impl Asked {
    /// Notes what came of asking.
    fn judge(&mut self, answer: &Result<Cosignature, String>, now: Timestamp) {
        match answer {
            Ok(_) => (self.failures, self.again) = (0, Timestamp::MIN),
            Err(trouble) => {
                let pause = PAUSE * 2_u32.pow(self.failures.min(DOUBLINGS));
                self.again = now.checked_add(pause).unwrap_or(Timestamp::MAX);
                self.failures = self.failures.saturating_add(1);
                let name = &self.witness.name;
                tracing::warn!(witness = %name, %trouble, "a witness has not signed");
            }
        }
    }
}

/// Asks one witness, which signed a tree of `old` entries last, as far as is
/// known here; it may know better.
async fn ask(witness: &Witness, mut old: u64, tree: &Tree) -> Result<Cosignature, String> {
    let size = tree.checkpoint().size;
    let url = format!("{}/add-checkpoint", witness.url.trim_end_matches('/'));
    old = old.min(size);
    for _ in 0..2 {
        let path = tree.consistency(old, size).await.map_err(|error| error.to_string())?;
        let request = Request { old, path, note: tree.note().to_owned() }.to_text();
        let answer = outbound::post(&url, "text/plain", request.into(), PATIENCE).await?;
        match answer.status {
            200 => return signature(witness, tree.note(), &answer.body),
            409 => old = newer(&answer.said(), old, size)?,
            status => return Err(format!("it answers {status}: {}", answer.said())),
        }
    }
    Err("it says each time that it signed another tree meanwhile".into())
}

/// The size that a witness says it signed last, where that helps.
fn newer(said: &str, old: u64, size: u64) -> Result<u64, String> {
    match said.trim().parse::<u64>() {
        Ok(its) if its > size => Err(format!(
            "it has signed {its} entries of this log, and here are {size}: the log was cut back, \
             or there are two of them"
        )),
        Ok(its) if its != old => Ok(its),
        _ => Err(format!("it cannot be told which tree it signed: {said}")),
    }
}

/// The signature of this witness in its answer, checked.
fn signature(witness: &Witness, note: &str, body: &[u8]) -> Result<Cosignature, String> {
    let text = String::from_utf8_lossy(body);
    // Line by line, so that nothing in the answer becomes part of the text
    // that is signed.
    let found = text
        .lines()
        .take(LINES)
        .find_map(|line| witness.key.signed(&format!("{note}{line}\n")).ok().flatten());
    found.ok_or_else(|| "its answer has no right signature of its key".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tlog::{Frontier, LogKey, WitnessKey};

    fn note() -> String {
        LogKey::new("yidang.example", [1; 32]).unwrap().sign(&Frontier::default()).unwrap()
    }

    fn witness() -> (Witness, WitnessKey) {
        let key = WitnessKey::new("witness.example", [2; 32]).unwrap();
        let (name, url) = ("w".into(), "http://127.0.0.1:1".into());
        (Witness { name, url, key: key.public().clone() }, key)
    }

    #[test]
    fn only_a_right_signature_of_the_key_that_is_known_is_taken() {
        let ((witness, key), note) = (witness(), note());
        let line = key.cosign(&note, 7).unwrap();
        let other = WitnessKey::new("witness.example", [3; 32]).unwrap().cosign(&note, 7).unwrap();
        let taken = signature(&witness, &note, format!("{other}{line}").as_bytes()).unwrap();
        assert_eq!(taken, Cosignature { line: line.clone(), time: 7 });
        let of_another = key.cosign(&note.replacen("\n0\n", "\n1\n", 1), 7).unwrap();
        // A line that would be right if the answer were part of the note.
        let longer = format!("{note}\nx\n\n{line}");
        let smuggled = format!("\nx\n\n{}", key.cosign(&longer, 7).unwrap());
        for bad in ["", &other, &of_another, "nonsense", &smuggled] {
            assert!(signature(&witness, &note, bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_a_witness_knows_better_is_believed_only_where_it_helps() {
        assert_eq!(newer("7\n", 5, 9), Ok(7));
        assert_eq!(newer("0", 5, 9), Ok(0));
        assert!(newer("10", 5, 9).unwrap_err().contains("cut back"));
        for bad in ["5", "", "-1", "99999999999999999999", "seven"] {
            assert!(newer(bad, 5, 9).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_witness_that_fails_is_left_alone_for_longer_each_time() {
        let (witness, _) = witness();
        let now: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let mut one = Asked { witness, published: 0, again: Timestamp::MIN, failures: 0 };
        let mut pauses = Vec::new();
        for _ in 0..8 {
            one.judge(&Err("down".into()), now);
            pauses.push(one.again.duration_since(now).as_secs());
        }
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 320, 320]);
        one.judge(&Ok(Cosignature { line: String::new(), time: 0 }), now);
        assert!(one.again < now);
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = signature(&witness().0, &note(), &body);
            let _ = newer(&String::from_utf8_lossy(&body), 1, 2);
        }
    }
}
