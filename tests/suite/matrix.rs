//! Every place at which taking in a paper can fail, and both ways of failing:
//! nothing was done, or it was done and only the answer is lost. The clerk is
//! told the truth, nothing is left half-way, and the archive goes on.

use std::sync::Mutex;

use futures::StreamExt;
use yidang::args;
use yidang::intake::{self, IntakeError};
use yidang::model::access::Role;
use yidang::model::act::Act;
use yidang::model::id::Digest;
use yidang::record::RecordError;

use crate::crash::check;
use crate::crash::clerk::{Asked, Memory, Outcome};
use crate::faults::When::{self, After, Before};
use crate::files::noise;
use crate::harness::{Archive, Sql, Store, ZHOU, actor, household, stream};

/// What fails.
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// The folder of bytes on their way in cannot be written to.
    Receiving,
    /// The bytes break off after the last of them.
    BreakingOff,
    /// Writes below a folder of the store: how many pass, how many fail.
    Writes(&'static str, u32, u32, When),
    /// The write of the scan itself.
    Blob(When),
    /// Every write of the body of an act that brings no scan.
    Body(When),
    /// A batch that is stored at the first try and whose answers are all lost.
    LostForGood,
    /// The database: a statement that makes it fail, and one that mends it.
    Database(&'static str, &'static str),
}

/// What the clerk is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It is done.
    Done,
    /// It is not done.
    NotDone,
    /// Nobody knows.
    Unsure,
}

/// Triggers make the database fail: at the first statement of a batch, while
/// its acts are applied, while its entries are kept, and, by a deferred
/// reference to nothing, at the commit.
const AT_ONCE: &str = "CREATE TRIGGER fault BEFORE UPDATE ON tree
    BEGIN SELECT RAISE(ABORT, 'a planned failure'); END";
const APPLYING: &str = "CREATE TRIGGER fault BEFORE INSERT ON document
    BEGIN SELECT RAISE(ABORT, 'a planned failure'); END";
const KEEPING: &str = "CREATE TRIGGER fault BEFORE INSERT ON entry
    BEGIN SELECT RAISE(ABORT, 'a planned failure'); END";
const AT_COMMIT: &str = "CREATE TABLE nowhere (id INTEGER PRIMARY KEY);
    CREATE TABLE broken (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER fault AFTER INSERT ON batch BEGIN INSERT INTO broken VALUES (1); END";
const MENDED: &str = "DROP TRIGGER fault";

const MAX: u32 = u32::MAX;

/// What fails, and what is told. Whether the act is in the log in the end
/// follows from that, except where nobody knew.
const CASES: &[(&str, Fault, &[Told], Option<bool>)] = &[
    ("receiving", Fault::Receiving, &[Told::NotDone], None),
    ("receiving, all arrived", Fault::BreakingOff, &[Told::NotDone], None),
    ("blob", Fault::Blob(Before), &[Told::NotDone], None),
    ("blob, stored", Fault::Blob(After), &[Told::NotDone], None),
    ("body", Fault::Body(Before), &[Told::NotDone], None),
    // A write that is tried again finds what is there.
    ("body, stored", Fault::Body(After), &[Told::NotDone, Told::Done], None),
    ("blob and body", Fault::Writes("obj/", 0, 10, Before), &[Told::NotDone], None),
    ("blob and body, stored", Fault::Writes("obj/", 0, 10, After), &[Told::NotDone], None),
    ("database, at once", Fault::Database(AT_ONCE, MENDED), &[Told::NotDone], None),
    ("database, applying", Fault::Database(APPLYING, MENDED), &[Told::NotDone], None),
    ("database, keeping", Fault::Database(KEEPING, MENDED), &[Told::NotDone, Told::Unsure], None),
    ("database, at the commit", Fault::Database(AT_COMMIT, MENDED), &[Told::Unsure], Some(true)),
    ("batch, for a moment", Fault::Writes("log/entries", 0, 2, Before), &[Told::Done], None),
    ("batch, stored", Fault::Writes("log/entries", 0, 1, After), &[Told::Done], None),
    ("batch", Fault::Writes("log/entries", 0, 5, Before), &[Told::Unsure], Some(false)),
    ("batch, stored, for good", Fault::LostForGood, &[Told::Unsure], Some(true)),
    ("tile", Fault::Writes("log/tile/0", 0, MAX, Before), &[Told::Done], None),
    ("tile, stored", Fault::Writes("log/tile/0", 0, MAX, After), &[Told::Done], None),
    ("bundle", Fault::Writes("log/tile/entries", 0, MAX, Before), &[Told::Done], None),
    ("bundle, stored", Fault::Writes("log/tile/entries", 0, MAX, After), &[Told::Done], None),
    ("history", Fault::Writes("log/checkpoints/", 0, MAX, Before), &[Told::Done], None),
    ("history, stored", Fault::Writes("log/checkpoints/", 0, MAX, After), &[Told::Done], None),
    ("checkpoint", Fault::Writes("log/checkpoint", 1, MAX, Before), &[Told::Done], None),
    ("checkpoint, stored", Fault::Writes("log/checkpoint", 1, MAX, After), &[Told::Done], None),
];

/// Makes `fault` happen from now on.
async fn strike(archive: &Archive, fault: Fault, scan: &[u8]) {
    let faults = &archive.faults;
    match fault {
        Fault::Receiving => std::fs::rename(archive.staging(), aside(archive)).unwrap(),
        Fault::BreakingOff => {}
        Fault::Writes(under, pass, times, when) => faults.fail(under, pass, times, when),
        Fault::Blob(when) => {
            let digest = Digest::of(scan).to_string();
            faults.fail(&format!("obj/sha256/{}/{digest}", &digest[..2]), 0, 1, when);
        }
        Fault::Body(when) => faults.fail("obj/", 0, 10, when),
        Fault::LostForGood => {
            faults.fail("log/entries", 0, 1, After);
            faults.fail("log/entries", 0, 4, Before);
        }
        Fault::Database(breaks, _) => run(archive, breaks).await,
    }
}

async fn heal(archive: &Archive, fault: Fault) {
    archive.faults.heal();
    match fault {
        Fault::Receiving => std::fs::rename(aside(archive), archive.staging()).unwrap(),
        Fault::Database(_, mends) => run(archive, mends).await,
        _ => {}
    }
}

fn aside(archive: &Archive) -> std::path::PathBuf {
    archive.data().join("aside")
}

/// Runs statements on the connection that writes.
async fn run(archive: &Archive, sql: &'static str) {
    let mut tx = archive.app.db.write().await.unwrap();
    tx.run_all(vec![(sql.into(), Vec::new())]).await.unwrap();
    tx.commit().await.unwrap();
}

/// Takes in `scan` as a person who does nothing else; returns what was told.
async fn take(archive: &Archive, by: &str, fault: Option<Fault>, scan: &[u8]) -> Asked {
    let break_off: Vec<Result<bytes::Bytes, std::io::Error>> = match fault {
        Some(Fault::BreakingOff) => vec![Err(std::io::Error::other("the line is dead"))],
        _ => Vec::new(),
    };
    let source = stream(scan).chain(futures::stream::iter(break_off));
    let (clerk, no) = (actor(by, "990102000000", Role::Operator), household(ZHOU));
    let file = Some(bytes::Bytes::copy_from_slice(scan));
    let (act, file, told) = if let Some(Fault::Body(_)) = fault {
        let code = "990200000000".parse().unwrap();
        let act = Act::RegisterOrganisation { code, name: "社区".into() };
        let told = archive.app.recorder.record(&clerk, act).await;
        ("register_organisation", None, told.map(|receipt| receipt.no))
    } else {
        let taken = intake::take(&archive.app, &clerk, "扫描.png", Some(&no), source).await;
        let told = taken.map(|taken| taken.document.0).map_err(|error| match error {
            IntakeError::Record(error) => error,
            other => RecordError::Failed(other.to_string()),
        });
        ("accept_document", file, told)
    };
    let outcome = match told {
        Ok(no) => Outcome::Done(Some(no)),
        Err(RecordError::Unsure(_)) => Outcome::Unknown,
        Err(_) => Outcome::Refused,
    };
    Asked { by: by.to_owned(), act, outcome, file }
}

/// How often this person's act is in the log.
async fn times(archive: &Archive, by: &str) -> i64 {
    let mut tx = archive.app.db.read().await.unwrap();
    tx.number("SELECT COUNT(*) FROM entry WHERE actor = $1", args![by]).await.unwrap()
}

async fn case(name: &str, fault: Fault, expected: &[Told], kept: Option<bool>) {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let (scan, memory, leaves) = (noise(9, 9), Mutex::<Memory>::default(), Mutex::default());
    archive.app.settle().await.unwrap();
    check::history(&archive.app, &memory, &leaves).await;

    strike(&archive, fault, &scan).await;
    let asked = take(&archive, "甲", Some(fault), &scan).await;
    let told = match asked.outcome {
        Outcome::Done(_) => Told::Done,
        Outcome::Unknown => Told::Unsure,
        _ => Told::NotDone,
    };
    assert!(expected.contains(&told), "{name}: {asked:?}");
    memory.lock().unwrap().asked.push(asked);
    if !matches!(fault, Fault::Receiving) {
        assert!(archive.on_the_way().is_empty(), "{name}: bytes are left on their way");
    }
    if let Fault::Writes(_, _, MAX, _) = fault {
        assert!(archive.app.settle().await.is_err(), "{name}: the tiles were to fail");
    }

    // The next act works, and finds out what became of the one before.
    heal(&archive, fault).await;
    let next = take(&archive, "乙", None, &noise(9, 9)).await;
    assert!(matches!(next.outcome, Outcome::Done(_)), "{name}: {next:?}");
    memory.lock().unwrap().asked.push(next);
    let found = times(&archive, "甲").await == 1;
    let right = match told {
        Told::Done => found,
        Told::NotDone => !found,
        Told::Unsure => kept.is_none_or(|kept| kept == found),
    };
    assert!(right, "{name}: {told:?}, and it is in the log: {found}");
    check::history(&archive.app, &memory, &leaves).await;
    archive.app.settle().await.unwrap();

    archive.reopen().await.unwrap();
    check::history(&archive.app, &memory, &leaves).await;
    check::everything(&archive.app, &[archive.objects()]).await;
    // The same scan again: nothing of the first try stands in its way.
    let again = take(&archive, "丙", None, &scan).await;
    assert!(matches!(again.outcome, Outcome::Done(_)), "{name}: {again:?}");
}

#[tokio::test]
async fn whatever_fails_the_clerk_is_told_the_truth() {
    let cases = CASES.iter().map(|(name, fault, told, kept)| case(name, *fault, told, *kept));
    futures::stream::iter(cases).buffer_unordered(6).collect::<Vec<()>>().await;
}
