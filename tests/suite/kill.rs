//! A server that is killed while clerks upload and readers read: what it
//! answered is there when it starts again, and there is one history. `make
//! soak` does many rounds.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

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

#[test]
fn a_server_that_is_killed_loses_nothing_it_answered() {
    let rounds: u64 =
        std::env::var("YIDANG_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let seed: u64 = std::env::var("YIDANG_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| u64::from(rand::random::<u32>()));
    eprintln!("seed {seed}: YIDANG_SEED={seed} gives the same lives");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    answer(&data, &["init"]);
    let memory = Arc::new(Memory::default());
    let mut dice = seed;
    for number in 0..rounds {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let life = Duration::from_millis(20 + (dice >> 33) % 600);
        round(&data, life, &memory);
        if number % 50 == 49 {
            let answered = memory.answered.lock().unwrap().len();
            eprintln!("{} rounds, {answered} answered", number + 1);
        }
    }
    let answered = memory.answered.lock().unwrap();
    assert!(!answered.is_empty(), "nothing was uploaded in {rounds} rounds");
    let kept = is_sound(&data, &answered, &format!("seed {seed}"));
    let read = memory.read.load(Ordering::Relaxed);
    eprintln!("{rounds} kills, {} answered, {read} read, {kept} kept, none lost", answered.len());
}
