//! Witnesses: what another office has signed cannot be rewritten behind its
//! back; one that is down or contrary holds nothing up, and shows.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use object_store::ObjectStoreExt;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use yidang::audit;
use yidang::outbound::{self, Answer};
use yidang::prove;
use yidang::signing::{self, WitnessState};
use yidang::tlog::witness::Request;
use yidang::tlog::{Checkpoint, Frontier, LogKey, WitnessKey};
use yidang::witness::{self, Office};
use yidang_verifier::policy::Policy;

use crate::files::paper;
use crate::harness::{Archive, CHEN, SecondPlace, Sql, Store, ZHOU, for_all};
use crate::prove::{Packed, consistency, edit, python, read, repack};

const PAPER: &[&str] = &["低保金发放明细", "本月发放八百元", "经办人签字"];
const PATIENCE: Duration = Duration::from_secs(10);

/// A witness in this process that can be ended and started again.
struct Served {
    folder: TempDir,
    address: std::net::SocketAddr,
    task: Option<JoinHandle<()>>,
}

impl Served {
    /// A witness of that name, which does not answer yet.
    async fn named(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Office::make(folder.path(), name).unwrap();
        let place = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { folder, address: place.local_addr().unwrap(), task: None }
    }

    fn office(&self) -> Office {
        Office::open(self.folder.path()).unwrap()
    }

    async fn start(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let router = witness::router(self.office());
        self.task = Some(tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        }));
    }

    async fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            drop(task.await);
        }
    }

    /// Its part of the settings of an archive.
    fn setting(&self) -> String {
        setting(&self.address.to_string(), &self.office())
    }

    async fn ask(&self, body: &str) -> Answer {
        let url = format!("http://{}/add-checkpoint", self.address);
        outbound::post(&url, "text/plain", body.as_bytes().to_vec(), PATIENCE).await.unwrap()
    }

    /// How many entries of the one log that is watched were signed.
    fn size(&self) -> Option<u64> {
        self.office().watched().unwrap()[0].size
    }
}

fn setting(address: &str, office: &Office) -> String {
    let key = office.public();
    let name = key.name();
    format!("[[log.witness]]\nname = \"{name}\"\nurl = \"http://{address}/\"\nkey = \"{key}\"\n")
}

/// The archive with these settings, opened anew.
async fn with(archive: &mut Archive, settings: &str) {
    std::fs::write(archive.data().join("yidang.toml"), settings).unwrap();
    archive.reopen().await.unwrap();
}

async fn settle(archive: &Archive) {
    archive.app.settle().await.unwrap();
}

async fn states(archive: &Archive) -> Vec<WitnessState> {
    signing::standing(&archive.app).await.unwrap().witnesses
}

async fn published(archive: &Archive) -> String {
    archive.app.vault.checkpoint().await.unwrap().unwrap()
}

fn log_key(archive: &Archive) -> LogKey {
    LogKey::parse(&read(&archive.data().join("keys/log.key"))).unwrap()
}

#[tokio::test]
async fn a_witness_that_is_down_holds_nothing_up_and_is_asked_again() {
    for_all(async |archive| {
        let (mut one, mut other) =
            (Served::named("one.example").await, Served::named("other.example").await);
        for office in [&one, &other] {
            office.office().watch(log_key(archive).public()).unwrap();
        }
        one.start().await;
        with(archive, &(one.setting() + &other.setting())).await;
        let policy = signing::policy(&archive.app).await.unwrap();
        let document = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap().document;
        settle(archive).await;

        let note = published(archive).await;
        let size = Checkpoint::parse(&note).unwrap().size;
        assert_eq!(size, archive.entries().await as u64, "published without the other");
        let told = states(archive).await;
        assert_eq!((told[0].size, told[0].trouble.as_str()), (size, ""));
        assert!(told[1].size == 0 && told[1].trouble.contains("refused"), "{told:?}");
        let subject = document.to_string();
        Packed::of(archive, &subject, true).await.by(&policy).is_refused("one of two", "too few");

        // It comes back; nothing is recorded meanwhile.
        other.start().await;
        settle(archive).await;
        assert_eq!(other.size(), None, "it is left alone for a while");
        archive.hands.advance(Duration::from_secs(11));
        settle(archive).await;
        assert_eq!(other.size(), Some(size));
        assert_eq!(states(archive).await[1].trouble, "");
        let both = published(archive).await;
        assert!(both.starts_with(&note) || both.lines().count() == note.lines().count() + 1);
        let packed = Packed::of(archive, &subject, true).await.by(&policy);
        packed.is_sound("two of two", "one.example on 20");
        packed.is_sound("two of two", "other.example on 20");

        // What is kept of each size is signed by the log alone.
        let kept = archive.app.vault.checkpoint_of(size).await.unwrap();
        assert_eq!(kept.lines().count(), both.lines().count() - 2);
        let report = yidang::audit::verify(&archive.app, &archive.bureau(), Arc::default()).await;
        assert!(report.unwrap().is_clean());
        // A new start finds its place, also when it has forgotten how far they are.
        archive.reopen().await.unwrap();
        let mut tx = archive.app.db.write().await.unwrap();
        tx.run("DELETE FROM witness", &[]).await.unwrap();
        tx.commit().await.unwrap();
        archive.take(CHEN, "b.pdf", &paper(&[PAPER, PAPER])).await.unwrap();
        archive.hands.advance(Duration::from_secs(31));
        settle(archive).await;
        let grown = archive.entries().await as u64;
        assert_eq!((one.size(), other.size()), (Some(grown), Some(grown)));
        one.stop().await;
        other.stop().await;
    })
    .await;
}

#[tokio::test]
async fn an_operator_with_the_key_gets_no_second_history_signed() {
    let archive = &mut Archive::new(Store::Folder, Sql::Sqlite).await;
    let mut office = Served::named("one.example").await;
    let key = log_key(archive);
    office.start().await;
    with(archive, &office.setting()).await;
    settle(archive).await;
    let told = &states(archive).await[0];
    assert!(told.trouble.contains("404") && told.trouble.contains("is watched"), "{told:?}");
    office.office().watch(key.public()).unwrap();
    archive.hands.advance(Duration::from_secs(11));
    settle(archive).await;
    let size = office.size().unwrap();

    let forged = |size: u64, by: &LogKey| {
        let mut tree = Frontier::default();
        (0..size).for_each(|_| tree.push(b"another history"));
        by.sign(&tree).unwrap()
    };
    let asking =
        |old: u64, note: &str| Request { old, path: Vec::new(), note: note.to_owned() }.to_text();
    let stranger = LogKey::new(key.origin(), [9; 32]).unwrap();
    let elsewhere = LogKey::new("elsewhere.example", [9; 32]).unwrap();
    for (what, body, status) in [
        ("a rewritten history", asking(size, &forged(size + 3, &key)), 422),
        ("two histories of one size", asking(size, &forged(size, &key)), 422),
        ("as if nothing was signed yet", asking(0, &forged(size + 3, &key)), 409),
        ("a log that was cut back", asking(size - 1, &forged(size - 1, &key)), 409),
        ("an old size beyond the new", asking(size, &forged(size - 1, &key)), 400),
        ("another key", asking(size, &forged(size + 3, &stranger)), 403),
        ("another log", asking(0, &forged(3, &elsewhere)), 404),
        ("no request", "old 5".into(), 400),
        ("no note", "old 5\n\nnonsense".into(), 400),
        ("too much", "x".repeat(70_000), 413),
    ] {
        let answer = office.ask(&body).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.said());
        assert!(!String::from_utf8_lossy(&answer.body).contains('—'), "{what}");
        assert_eq!(office.size(), Some(size), "{what}: nothing is kept");
    }
    assert_eq!(office.ask(&asking(0, &forged(3, &key))).await.body, format!("{size}\n").as_bytes());
    assert!(office.ask("old 05\n\nx\n").await.said().contains("line 1"));

    // What the witness would not sign goes into a bag without it, or with what
    // it signed of another.
    let document = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap().document;
    settle(archive).await;
    let policy = signing::policy(&archive.app).await.unwrap();
    let packed = Packed::of(archive, &document.to_string(), true).await.by(&policy);
    packed.is_sound("as it is", "one.example on 20");
    let checkpoint = |bag: &Path| bag.join("data/checkpoint");
    let forge = |with_line: bool| {
        packed.with(|bag| {
            let line = read(&checkpoint(bag)).lines().last().unwrap().to_owned();
            let size = Checkpoint::parse(&read(&checkpoint(bag))).unwrap().size;
            let line = if with_line { line + "\n" } else { String::new() };
            edit(&checkpoint(bag), |_| forged(size, &key) + &line);
            repack(bag);
        })
    };
    let page = read(&packed.bag().join("README.html"));
    assert!(page.contains("<code>one.example</code>"), "{page}");
    // Lines that are no signatures.
    for (line, reason) in [
        ("— one.example AAAA", "line 7 of the note"),
        ("— one.example !!!", "line 7 of the note"),
        ("- one.example AAAAAAAA", "line 7 of the note"),
        ("— one.example", "line 7 of the note"),
    ] {
        let spoilt = packed.with(|bag| {
            edit(&checkpoint(bag), |text| format!("{text}{line}\n"));
            repack(bag);
        });
        spoilt.is_refused(line, reason);
    }
    let many = packed.with(|bag| {
        edit(&checkpoint(bag), |text| text + &"— one.example AAAAAAAA\n".repeat(64));
        repack(bag);
    });
    many.is_refused("too many", "more than 64 signatures");
    forge(false).is_refused("another history", "too few witnesses");
    forge(true).is_refused("with a signature of the true one", "is not right for this checkpoint");

    // An older copy of the archive comes back in place of the newer.
    let other = &mut Archive::new(Store::Folder, Sql::Sqlite).await;
    std::fs::copy(archive.data().join("keys/log.key"), other.data().join("keys/log.key")).unwrap();
    with(other, &office.setting()).await;
    other.take(ZHOU, "b.pdf", &paper(&[PAPER, PAPER])).await.unwrap();
    while other.entries().await >= archive.entries().await {
        archive.take(CHEN, "c.pdf", &paper(&[PAPER, PAPER, PAPER])).await.unwrap();
        settle(archive).await;
    }
    other.hands.advance(Duration::from_secs(400));
    settle(other).await;
    let told = &states(other).await[0];
    assert!(told.trouble.contains("cut back"), "{told:?}");
    office.stop().await;
}

#[tokio::test]
async fn a_bundle_of_before_the_quorum_is_refused_and_says_how_its_log_is_shown_to_go_on() {
    let archive = &mut Archive::new(Store::Folder, Sql::Sqlite).await;
    let document = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap().document;
    let packed = Packed::of(archive, &document.to_string(), true).await;
    packed.is_sound("by the policy of its day", "is here as it was taken in");
    let mut office = Served::named("one.example").await;
    office.office().watch(log_key(archive).public()).unwrap();
    office.start().await;
    with(archive, &office.setting()).await;
    archive.take(CHEN, "b.pdf", &paper(&[PAPER, PAPER])).await.unwrap();
    archive.hands.advance(Duration::from_secs(31));
    settle(archive).await;
    let policy = signing::policy(&archive.app).await.unwrap();
    let newer = Packed::of(archive, &document.to_string(), true).await.by(&policy);
    newer.is_sound("a newer bundle", "one.example on 20");
    let older = packed.by(&policy);
    for reason in [
        "the quorum one.example is not met by this checkpoint of",
        "too few witnesses have signed it: none; ask for a newer bundle",
        "its data/checkpoint as OLD by `yidang-verify consistency OLD NEW",
    ] {
        older.is_refused("by a policy of later", reason);
    }

    // As the sentence says: the newer checkpoint answers for the one of the bundle.
    let (old, new) = (read(&packed.bag().join("data/checkpoint")), published(archive).await);
    let path = prove::consistency(&archive.app, &old, &new).await.unwrap();
    let said = |(status, text): (u8, String), expected: u8, reason: &str| {
        assert_eq!(status, expected, "{text}");
        assert_eq!(text.matches(reason).count(), 2, "both say {reason:?}: {text}");
    };
    said(consistency(&policy, &old, &new, &path), 0, "begin with");
    said(
        consistency(&policy, &old, &new, &path),
        0,
        "not checked  the older checkpoint by itself: the quorum one.example is not met",
    );
    // What only the log has signed answers for nothing, and another history is found.
    let unseen = archive.app.vault.checkpoint_of(Checkpoint::parse(&new).unwrap().size).await;
    said(
        consistency(&policy, &old, &unseen.unwrap(), &path),
        1,
        "the newer checkpoint: the quorum one.example is not met",
    );
    let mut tree = Frontier::default();
    (0..Checkpoint::parse(&old).unwrap().size).for_each(|_| tree.push(b"another history"));
    let forged = log_key(archive).sign(&tree).unwrap();
    said(consistency(&policy, &forged, &new, &path), 1, "history was rewritten");
    office.stop().await;
}

#[test]
fn a_policy_that_is_malformed_is_refused_by_both_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let log = LogKey::new("log.example", [1; 32]).unwrap().public().to_owned();
    let key = |name: &str, seed| WitnessKey::new(name, [seed; 32]).unwrap().public().to_string();
    let (one, other) = (key("one", 1), key("other", 2));
    let begin = format!("log {log}\nwitness a {one}\n");
    for (text, line) in [
        (format!("log {log}\nwitness a {log}\nquorum a\n"), 2),
        (format!("log {one}\nquorum none\n"), 1),
        (format!("log {log}\nwitness a {one}0\nquorum a\n"), 2),
        (format!("log {log}\nwitness none {one}\nquorum none\n"), 2),
        (format!("{begin}witness a {other}\nquorum a\n"), 3),
        (format!("{begin}witness b {one}\nquorum a\n"), 3),
        (format!("{begin}group g 2 a\nquorum g\n"), 3),
        (format!("{begin}group g 0 a\nquorum g\n"), 3),
        (format!("{begin}group g any a none\nquorum g\n"), 3),
        (format!("{begin}group g any b\nquorum g\n"), 3),
        (format!("{begin}quorum b\n"), 3),
        (format!("{begin}quorum a\nquorum a\n"), 4),
        (format!("{begin}wittness b {other}\nquorum a\n"), 3),
    ] {
        let said = format!("line {line} of the policy");
        let ours = Policy::parse(&text).unwrap_err();
        assert!(ours.0.contains(&said), "{text}: {ours}");
        let (status, theirs) = python(folder.path(), &text, &["nowhere".as_ref()]);
        assert!(status == 3 && theirs.contains(&said), "{text}: {theirs}");
    }
}

/// Answers as an attacker in the place of a witness would.
async fn contrary(time: usize, size: u64) -> Response {
    let loud = "— one.example AAAABBBBCCCC\n";
    match time {
        0 => "nonsense".into_response(),
        1 => "x".repeat(1 << 20).into_response(),
        2 => loud.repeat(1000).into_response(),
        3 => (StatusCode::CONFLICT, format!("{size}\n")).into_response(),
        4 => (StatusCode::CONFLICT, "18446744073709551615\n").into_response(),
        5 => (StatusCode::CONFLICT, "\u{0}".repeat(100)).into_response(),
        6 => (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")]).into_response(),
        7 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        8 => vec![0xff_u8; 300].into_response(),
        _ => std::future::pending().await,
    }
}

#[tokio::test]
async fn whatever_a_witness_answers_nothing_is_held_up() {
    let archive = &mut Archive::new(Store::Folder, Sql::Sqlite).await;
    let office = Served::named("one.example").await;
    let times = Arc::new(AtomicUsize::new(0));
    let turn = Arc::clone(&times);
    let answer = move || {
        let turn = Arc::clone(&turn);
        async move { contrary(turn.load(Ordering::Relaxed), 1).await }
    };
    let listener = TcpListener::bind(office.address).await.unwrap();
    let router = Router::new().route("/add-checkpoint", post(answer));
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    with(archive, &office.setting()).await;
    for time in 0..10 {
        times.store(time, Ordering::Relaxed);
        archive
            .take(ZHOU, "a.pdf", &paper(&[&[&format!("第{time}份材料"), "经办", "签字"]]))
            .await
            .unwrap();
        archive.hands.advance(Duration::from_secs(3600));
        settle(archive).await;
        let note = published(archive).await;
        let size = Checkpoint::parse(&note).unwrap().size;
        assert_eq!(size, archive.entries().await as u64, "{time}");
        assert_eq!(note, archive.app.vault.checkpoint_of(size).await.unwrap(), "{time}");
        let told = &states(archive).await[0];
        assert!(told.size == 0 && !told.trouble.is_empty(), "{time}: {told:?}");
        assert!(told.trouble.len() < 400 && !told.trouble.contains('\u{0}'), "{time}: {told:?}");
    }
    task.abort();
}

/// A program that is killed with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The program in `folder`.
fn yidang(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yidang"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("YIDANG_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(words).stdin(Stdio::null());
    command
}

fn run(folder: &Path, words: &[&str]) -> String {
    let done = yidang(folder, words).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{words:?}: {said}");
    String::from_utf8(done.stdout).unwrap()
}

/// Starts a program that says its address; returns that.
fn start(folder: &Path, words: &[&str]) -> (Running, String) {
    let mut child = yidang(folder, words).stderr(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(child.stderr.take().unwrap());
    let running = Running(child);
    let mut lines = said.lines().map_while(Result::ok);
    let address =
        lines.find_map(|line| Some(line.split_once("http://")?.1.split('/').next()?.to_owned()));
    // What else it says is read, so that it never waits.
    std::thread::spawn(move || lines.for_each(drop));
    (running, address.expect("it says its address"))
}

#[test]
fn two_offices_sign_and_an_auditor_who_asks_for_both_is_satisfied() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (mut running, mut settings) = (Vec::new(), String::new());
    for name in ["audit.example", "archives.example"] {
        let made = run(at, &["witness", "init", "--dir", name, "--name", name]);
        assert!(made.starts_with(&format!("witness {name} {name}+")), "{made}");
        let (child, address) =
            start(at, &["witness", "serve", "--dir", name, "--listen", "127.0.0.1:0"]);
        running.push(child);
        settings += &setting(&address, &Office::open(&at.join(name)).unwrap());
    }
    std::fs::create_dir(at.join("data")).unwrap();
    std::fs::write(at.join("data/yidang.toml"), settings).unwrap();
    run(at, &["init"]);
    let keys: Value = serde_json::from_str(&run(at, &["key", "show", "--json"])).unwrap();
    for name in ["audit.example", "archives.example"] {
        run(at, &["witness", "watch", "--dir", name, keys[0]["key"].as_str().unwrap()]);
    }
    let (server, address) = start(at, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(address.starts_with("127.0.0.1:"));
    std::fs::write(at.join("a.pdf"), paper(&[PAPER])).unwrap();
    run(at, &["add", "--household", ZHOU, "--open", "周桂兰", "a.pdf"]);
    // They did not know the log when it was founded; the server has asked them anew.
    let log = || -> Value { serde_json::from_str(&run(at, &["log", "--json"])).unwrap() };
    let signed = |log: &Value| {
        let all = log["witnesses"].as_array().unwrap();
        all.iter().all(|one| one["size"] == log["size"] && one["trouble"] == "")
    };
    let all_signed = (0..120).any(|_| {
        std::thread::sleep(Duration::from_millis(250));
        signed(&log())
    });
    assert!(all_signed, "{}", log());
    run(at, &["prove", ZHOU, "-o", "bag"]);
    drop(server);

    let policy = run(at, &["policy"]);
    assert_eq!(policy, read(&at.join("data/auditor.policy")), "as it was when it was founded");
    assert!(policy.contains("\ngroup witnesses 2 audit.example archives.example\n"), "{policy}");
    let packed = Packed { folder, policy, authority: None };
    packed.is_sound("two of two", "audit.example on 20");
    packed.is_sound("two of two", "archives.example on 20");
}

#[tokio::test]
async fn a_witness_that_is_killed_never_signed_what_it_does_not_keep() {
    let folder: TempDir = tempfile::tempdir().unwrap();
    let place: PathBuf = folder.path().join("w");
    let key = LogKey::new("yidang.example", [1; 32]).unwrap();
    Office::make(&place, "w.example").unwrap().watch(key.public()).unwrap();
    let (mut tree, mut known) = (Frontier::default(), 0);
    for _ in 0..6 {
        let (running, address) =
            start(folder.path(), &["witness", "serve", "--dir", "w", "--listen", "127.0.0.1:0"]);
        let url = format!("http://{address}/add-checkpoint");
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(u64::from(rand::random::<u8>()) + 50));
            drop(running);
        });
        // One leaf more each time: the path to the next tree is short.
        let mut answered = known;
        loop {
            let old = tree.size();
            let before = tree.clone();
            tree.push(format!("leaf {old}").as_bytes());
            let path = growth(&before, old);
            let request = Request { old, path, note: key.sign(&tree).unwrap() };
            let body = request.to_text().into_bytes();
            match outbound::post(&url, "text/plain", body, PATIENCE).await {
                Ok(answer) if answer.status == 200 => answered = tree.size(),
                Ok(answer) => panic!("{}: {}", answer.status, answer.said()),
                Err(_) => {
                    tree = before;
                    break;
                }
            }
        }
        killer.join().unwrap();
        let kept = Office::open(&place).unwrap().watched().unwrap()[0].size.unwrap_or(0);
        assert!(kept >= answered, "it keeps {kept} and has answered {answered}");
        // The last one may be kept and not answered.
        if kept > tree.size() {
            tree.push(format!("leaf {}", tree.size()).as_bytes());
        }
        assert_eq!(kept, tree.size());
        known = kept;
    }
    assert!(known > 6, "it signed {known}");
}

/// The path from a tree of `old` leaves to the one with one leaf more.
fn growth(before: &Frontier, old: u64) -> Vec<yidang::tlog::Hash> {
    if old == 0 {
        return Vec::new();
    }
    // The smallest full subtree of the old tree, the new leaf, and what stands
    // to the left; where the old tree is full, the new leaf alone.
    let mut roots: Vec<_> = before
        .to_text()
        .lines()
        .map(|line| {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::STANDARD.decode(line).unwrap();
            yidang::tlog::Hash(bytes.try_into().unwrap())
        })
        .collect();
    let leaf = tlog_tiles::record_hash(format!("leaf {old}").as_bytes());
    if roots.len() == 1 {
        return vec![leaf];
    }
    let smallest = roots.pop().unwrap();
    let mut path = vec![smallest, leaf];
    path.extend(roots.into_iter().rev());
    path
}

#[tokio::test]
async fn the_second_copy_gets_their_signatures_too() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let mut office = Served::named("one.example").await;
    office.office().watch(log_key(&archive).public()).unwrap();
    std::fs::write(archive.data().join("yidang.toml"), office.setting()).unwrap();
    let place = SecondPlace::Folder(archive.data().join("copy"));
    archive.copied(place, true).await.unwrap();
    archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
    let copied = async |archive: &Archive| {
        let head = archive
            .copy_objects()
            .get(&object_store::path::Path::from("log/checkpoint"))
            .await
            .unwrap();
        String::from_utf8(head.bytes().await.unwrap().to_vec()).unwrap()
    };
    settle(&archive).await;
    assert_eq!(copied(&archive).await, published(&archive).await, "nobody has signed yet");

    office.start().await;
    archive.hands.advance(Duration::from_secs(11));
    settle(&archive).await;
    let note = published(&archive).await;
    assert!(note.contains("\n— one.example "), "{note}");
    assert_eq!(copied(&archive).await, note);
    let report = audit::verify(&archive.app, &archive.bureau(), Arc::default()).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

/// The access log of every kind of archive, an S3 store among them, and a witness
/// that is a program of its own.
#[tokio::test]
async fn a_witness_signs_the_access_log_too_and_holds_no_look_up() {
    for_all(async |archive| {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        run(at, &["witness", "init", "--dir", "w", "--name", "audit.example"]);
        let of_looks = yidang::uses::state(&archive.app).await.unwrap().key;
        for key in [log_key(archive).public(), of_looks.as_str()] {
            run(at, &["witness", "watch", "--dir", "w", key]);
        }
        let serving = ["witness", "serve", "--dir", "w", "--listen", "127.0.0.1:0"];
        let (running, address) = start(at, &serving);
        let office = Office::open(&at.join("w")).unwrap();
        with(archive, &setting(&address, &office)).await;
        let policy = signing::policy(&archive.app).await.unwrap();
        archive.find("甲").await;
        archive.app.looks.settle().await.unwrap();
        let access = archive.app.vault.access();
        let note = access.checkpoint().await.unwrap().unwrap();
        let size = Checkpoint::parse(&note).unwrap().size;
        assert!(office.public().signed(&note).unwrap().is_some(), "{note}");
        assert_ne!(note, access.checkpoint_of(size).await.unwrap(), "kept as the log signed it");
        let watched = Office::open(&at.join("w")).unwrap().watched().unwrap();
        assert!(watched.iter().any(|one| one.size == Some(size)), "{watched:?}");
        let to = folder.path().join("bag");
        yidang::uses::prove(&archive.app, &archive.bureau(), 0, &to).await.unwrap();
        let packed = Packed { folder, policy, authority: None };
        packed.is_sound("a look that a witness saw", "audit.example on 20");

        // While it is away, everybody looks and everything is published.
        drop(running);
        archive.hands.advance(Duration::from_secs(3600));
        archive.find("乙").await;
        archive.app.looks.settle().await.unwrap();
        let note = access.checkpoint().await.unwrap().unwrap();
        let all = yidang::uses::state(&archive.app).await.unwrap().size;
        assert!(all > size && Checkpoint::parse(&note).unwrap().size == all);
        assert!(office.public().signed(&note).unwrap().is_none());
        let found = audit::verify(&archive.app, &archive.bureau(), Arc::default()).await.unwrap();
        assert!(found.is_clean(), "{found:?}");
    })
    .await;
}
