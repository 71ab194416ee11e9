//! A server that is killed while clerks upload and readers read: what it
//! answered is there when it starts again, and there is one history. `make
//! soak` does many rounds.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::crash::dice::Dice;
use crate::crash::number;
use crate::files::noise;
use crate::served::{Answered, answer, ask, hex_of, is_sound, serve, upload, yidang};

/// How many clerks upload at the same time.
const CLERKS: usize = 6;
/// How many readers fetch what was answered before.
const READERS: usize = 2;

/// What is remembered of all rounds.
#[derive(Default)]
struct Memory {
    answered: Mutex<Answered>,
    read: AtomicU64,
}

/// Lets clerks upload to a server that is killed after `life`, and readers read
/// what any life has answered.
fn round(data: &Path, life: Duration, memory: &Arc<Memory>) {
    let mut server = serve(yidang(data));
    let address = server.address.clone();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..CLERKS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let scan = noise(40, 40);
                    if let Some((status, answer)) = upload(&address, &scan) {
                        assert!(matches!(status, 200 | 201), "{status} {answer}");
                        let document = answer["document"].as_i64().unwrap();
                        memory.answered.lock().unwrap().insert(document, hex_of(&scan));
                    }
                }
            });
        }
        for _ in 0..READERS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(10));
                    read(&address, memory);
                }
            });
        }
        std::thread::sleep(life);
        server.kill();
        over.store(true, Ordering::Relaxed);
    });
}

/// Fetches a document that was answered, in this life or one before: it is
/// there, with its bytes.
fn read(address: &str, memory: &Memory) {
    let one = {
        let answered = memory.answered.lock().unwrap();
        let at = rand::random::<u64>().checked_rem(answered.len() as u64).unwrap_or(0);
        answered.iter().nth(usize::try_from(at).unwrap()).map(|(no, sha)| (*no, sha.clone()))
    };
    let Some((document, digest)) = one else { return };
    let path = format!("/api/v1/documents/{document}/files/1");
    if let Some((status, bytes)) = ask(address, "GET", &path, b"") {
        let found = (status, hex_of(&bytes));
        assert_eq!(found, (200, digest), "document {document}");
        memory.read.fetch_add(1, Ordering::Relaxed);
    }
}

/// So many rounds, and the lives that a seed gives.
fn lives() -> impl Iterator<Item = Duration> {
    let rounds = number("YIDANG_KILLS").unwrap_or(4);
    let seed = number("YIDANG_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
    eprintln!("seed {seed}: YIDANG_SEED={seed} gives the same lives");
    let mut dice = Dice::new(seed);
    (0..rounds).map(move |_| Duration::from_millis(20 + dice.below(600)))
}

/// Says how it went so far.
fn tell(rounds: usize, memory: &Memory) {
    let answered = memory.answered.lock().unwrap().len();
    let read = memory.read.load(Ordering::Relaxed);
    eprintln!("{rounds} kills, {answered} answered, {read} read");
}

#[test]
fn a_server_that_is_killed_loses_nothing_it_answered() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    answer(&data, &["init"]);
    let memory = Arc::new(Memory::default());
    let mut rounds = 0;
    for life in lives() {
        rounds += 1;
        round(&data, life, &memory);
        if rounds % 50 == 0 {
            tell(rounds, &memory);
        }
    }
    let answered = memory.answered.lock().unwrap().clone();
    assert!(!answered.is_empty(), "nothing was uploaded");
    let kept = is_sound(&data, &answered, "the store");
    tell(rounds, &memory);
    eprintln!("{kept} kept, none lost");
}

#[test]
fn with_a_second_copy_either_has_what_a_killed_server_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    answer(&data, &["init"]);
    let settings = |store: &str, copies: u8, copy: &str| {
        let text = format!("store = {store:?}\ncopies = {copies}\n[copy]\nstore = {copy:?}\n");
        std::fs::write(data.join("yidang.toml"), text).unwrap();
    };
    let memory = Arc::new(Memory::default());
    let mut rounds = 0;
    for life in lives() {
        rounds += 1;
        // Acts wait for the copy in every other life; it follows in the others.
        let waits = rounds % 2 == 1;
        let before = memory.answered.lock().unwrap().clone();
        settings("store", 1 + u8::from(waits), "../copy");
        round(&data, life, &memory);
        let answered = memory.answered.lock().unwrap().clone();
        for (document, digest) in answered.iter().filter(|(no, _)| !before.contains_key(no)) {
            let there = copy.join("obj/sha256").join(&digest[..2]).join(digest).is_file();
            assert!(there || !waits, "document {document} was answered and is not in the copy");
        }
        if rounds % 50 == 0 {
            tell(rounds, &memory);
        }
    }
    let answered = memory.answered.lock().unwrap().clone();
    assert!(!answered.is_empty(), "nothing was uploaded");
    // The result of the verification is an act, which waits for the copy.
    settings("store", 2, "../copy");
    let kept = is_sound(&data, &answered, "with both");
    tell(rounds, &memory);
    // The store is gone, and the database with it: the copy takes its place.
    std::fs::remove_dir_all(data.join("store")).unwrap();
    for file in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
        std::fs::remove_file(data.join(file)).ok();
    }
    settings("../copy", 1, "");
    assert!(yidang(&data).arg("rebuild").output().unwrap().status.success());
    assert_eq!(is_sound(&data, &answered, "the copy alone"), kept);
    eprintln!("{kept} kept, none lost, and the copy alone has them");
}
