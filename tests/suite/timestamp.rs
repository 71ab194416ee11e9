//! An authority confirms the time of a checkpoint. The one of these tests is
//! made with `openssl ts` on the spot.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use axum::routing::post;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use yidang::model::access::Role;
use yidang::timestamp::{self, Stamped, TimestampError, TokenError};
use yidang::tlog::note;

use crate::files::paper;
use crate::harness::{Archive, Sql, Store, ZHOU, for_all};
use crate::pages::{Answer, Browser};
use crate::prove::{Packed, edit, fill, read, repack};

const CONFIG: &str = "
[ tsa ]
default_tsa = one
[ one ]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
certs = tsa.pem
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
";

fn openssl(at: &Path, words: &[&str]) {
    let done = Command::new("openssl").current_dir(at).args(words).output().unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// An authority that answers on loopback.
struct Authority {
    folder: TempDir,
    task: JoinHandle<()>,
    url: String,
}

impl Authority {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        std::fs::write(at.join("tsa.cnf"), CONFIG).unwrap();
        std::fs::write(at.join("serial"), "01\n").unwrap();
        let ca = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
                  -keyout ca.key -out ca.pem -subj /CN=root.example";
        openssl(at, &ca.split_whitespace().collect::<Vec<_>>());
        let request = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
                       -keyout tsa.key -out tsa.csr -subj /CN=tsa.example";
        openssl(at, &request.split_whitespace().collect::<Vec<_>>());
        std::fs::write(at.join("usage"), "extendedKeyUsage = critical, timeStamping\n").unwrap();
        let sign = "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
                    -extfile usage -out tsa.pem";
        openssl(at, &sign.split_whitespace().collect::<Vec<_>>());
        let place = at.to_owned();
        let answer = move |body: Bytes| async move {
            let name = hex::encode(rand::random::<[u8; 8]>());
            std::fs::write(place.join(&name), body).unwrap();
            let words =
                ["ts", "-reply", "-config", "tsa.cnf", "-queryfile", &name, "-out", "answer"];
            openssl(&place, &words);
            std::fs::read(place.join("answer")).unwrap()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let router = Router::new().route("/", post(answer));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { folder, task, url }
    }

    /// Gives it a certificate that ends in so many seconds.
    fn ends_in(&self, seconds: i64) {
        let at = self.folder.path();
        std::fs::write(at.join("index"), "").unwrap();
        let settings = "[ ca ]\ndefault_ca = one\n[ one ]\ndatabase = index\nserial = serial-ca\n\
                        new_certs_dir = .\ncertificate = ca.pem\nprivate_key = ca.key\n\
                        default_md = sha256\npolicy = any\n[ any ]\ncommonName = supplied\n";
        std::fs::write(at.join("ca.cnf"), settings).unwrap();
        let end = Timestamp::now() + SignedDuration::from_secs(seconds);
        let end = end.strftime("%Y%m%d%H%M%SZ").to_string();
        let words = "ca -batch -notext -config ca.cnf -create_serial -in tsa.csr -out tsa.pem \
                     -extfile usage -enddate";
        openssl(at, &words.split_whitespace().chain([end.as_str()]).collect::<Vec<_>>());
    }

    fn certificates(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn stamp(archive: &Archive, url: &str) -> Result<Stamped, TimestampError> {
    timestamp::stamp(&archive.app, &archive.bureau(), url).await
}

fn trusting(packed: &Packed, certificates: PathBuf) -> Packed {
    Packed { authority: Some(certificates), ..packed.with(|_| {}) }
}

#[tokio::test]
async fn a_bag_says_when_the_log_was_there() {
    let (authority, other) = (Authority::new().await, Authority::new().await);
    for_all(async |archive| {
        let document = fill(archive).await.to_string();
        let stamped = stamp(archive, &authority.url).await.unwrap();
        assert_eq!(stamped.size, stamped.entry as u64, "everything before it");
        let packed = Packed::of(archive, &document, true).await;
        packed.is_sound("nobody is trusted", "name the authority by --tsa");
        let trusted = trusting(&packed, authority.certificates());
        trusted.is_sound("the authority is", "GMT, says the timestamp authority");
        trusting(&packed, other.certificates())
            .is_refused("another is trusted", "has not confirmed this checkpoint");
        let nowhere = trusting(&packed, "/nowhere/ca.pem".into()).verdict();
        assert_eq!((nowhere.0, nowhere.1.matches("NOT SEEN").count()), (3, 2), "{}", nowhere.1);

        let changed = |what: &str, change: &dyn Fn(&Path), reason: &str| {
            let copy = trusted.with(|bag| {
                change(&bag.join("data/timestamp"));
                repack(bag);
            });
            copy.is_refused(what, reason);
        };
        changed(
            "another checkpoint",
            &|at| edit(&at.join("checkpoint"), |text| text.replacen('\n', "\n1", 1)),
            "the timestamp",
        );
        changed(
            "another path",
            &|at| edit(&at.join("consistency"), |_| String::new()),
            "the timestamp: the path between the two trees is too short",
        );
        changed(
            "another answer",
            &|at| {
                let mut bytes = std::fs::read(at.join("checkpoint.tsr")).unwrap();
                let last = bytes.len() - 9;
                bytes[last] ^= 1;
                std::fs::write(at.join("checkpoint.tsr"), bytes).unwrap();
            },
            "has not confirmed this checkpoint",
        );
        changed(
            "nonsense",
            &|at| std::fs::write(at.join("checkpoint.tsr"), "nonsense").unwrap(),
            "has not confirmed this checkpoint",
        );

        // What is confirmed is the text of the checkpoint that is kept.
        let kept = archive.app.vault.checkpoint_of(stamped.size).await.unwrap();
        let text = archive.data().join("text");
        std::fs::write(&text, note::text(&kept).unwrap()).unwrap();
        let answer = packed.bag().join("data/timestamp/checkpoint.tsr");
        let (certificates, text) = (authority.certificates(), text.display().to_string());
        let (answer, ca) = (answer.display().to_string(), certificates.display().to_string());
        openssl(archive.data(), &["ts", "-verify", "-data", &text, "-in", &answer, "-CAfile", &ca]);

        // A later entry is not covered by it, and the bag does not pretend so.
        let later = archive.take(ZHOU, "b.pdf", &paper(&[&["以后的材料", "签字", "日期"]])).await;
        let later = Packed::of(archive, &later.unwrap().document.to_string(), true).await;
        assert!(!later.bag().join("data/timestamp").exists());
        trusting(&later, authority.certificates()).is_sound("later", "the bag has no timestamp");
        let report =
            yidang::audit::verify(&archive.app, &archive.bureau(), Default::default()).await;
        assert!(report.unwrap().is_clean());
        let dump = archive.dump().await;
        yidang::rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
    })
    .await;
}

#[tokio::test]
async fn what_an_authority_confirmed_outlives_its_certificate() {
    let authority = Authority::new().await;
    let archive = &Archive::new(Store::Folder, Sql::Sqlite).await;
    let document = fill(archive).await.to_string();
    authority.ends_in(5);
    stamp(archive, &authority.url).await.unwrap();
    let packed = trusting(&Packed::of(archive, &document, true).await, authority.certificates());
    // Until the system's own clock says so: `openssl` has no other.
    let verify = "verify -purpose any -CAfile ca.pem tsa.pem";
    let valid = || {
        let mut command = Command::new("openssl");
        command.current_dir(authority.folder.path()).args(verify.split(' '));
        command.output().unwrap().status.success()
    };
    while valid() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    packed.is_sound("it has expired", "has expired since");
    let other = Authority::new().await;
    trusting(&packed, other.certificates())
        .is_refused("another is trusted", "has not confirmed this checkpoint");
    let changed = packed.with(|bag| {
        let answer = bag.join("data/timestamp/checkpoint.tsr");
        let mut bytes = std::fs::read(&answer).unwrap();
        let last = bytes.len() - 9;
        bytes[last] ^= 1;
        std::fs::write(answer, bytes).unwrap();
        repack(bag);
    });
    changed.is_refused("another answer", "has not confirmed this checkpoint");
}

#[tokio::test]
async fn a_timestamp_is_asked_for_once_a_day_and_only_when_something_is_new() {
    let authority = Authority::new().await;
    let archive = &mut Archive::new(Store::Folder, Sql::Sqlite).await;
    let settings = format!("[log]\ntimestamp = \"{}\"\n", authority.url);
    std::fs::write(archive.data().join("yidang.toml"), settings).unwrap();
    archive.reopen().await.unwrap();
    let asked =
        async |archive: &Archive| timestamp::when_due(&archive.app).await.unwrap().is_some();
    assert!(asked(archive).await, "the first");
    archive.hands.advance(Duration::from_secs(25 * 3600));
    assert!(!asked(archive).await, "nothing is new but the timestamp itself");
    archive.take(ZHOU, "a.pdf", &paper(&[&["新的材料", "签字", "日期"]])).await.unwrap();
    assert!(asked(archive).await);
    archive.take(ZHOU, "b.pdf", &paper(&[&["又一件", "签字", "日期"]])).await.unwrap();
    archive.hands.advance(Duration::from_secs(23 * 3600));
    assert!(!asked(archive).await, "not a day later");
    archive.hands.advance(Duration::from_secs(3600));
    assert!(asked(archive).await);
}

#[tokio::test]
async fn a_timestamp_is_asked_for_and_fetched_over_the_api() {
    let authority = Authority::new().await;
    let archive = &mut Archive::new(Store::Folder, Sql::Sqlite).await;
    let of = async |archive: &Archive, name: &str, role: Role| {
        Browser::of(archive.app.clone(), name, "990102000000", &[role]).await
    };
    let all = "/api/v1/log/timestamps";
    let json = |answer: &Answer| serde_json::from_slice::<Value>(&answer.bytes).unwrap();
    let nobody = of(archive, "韩冰", Role::Administrator).await.ask(&Method::POST, all).await;
    assert_eq!(nobody.status, StatusCode::CONFLICT, "{}", nobody.text());
    assert_eq!(json(&nobody)["error"]["code"], "no_authority");
    let settings = format!("[log]\ntimestamp = \"{}\"\n", authority.url);
    std::fs::write(archive.data().join("yidang.toml"), settings).unwrap();
    archive.reopen().await.unwrap();
    let mut administrator = of(archive, "韩冰", Role::Administrator).await;
    let mut auditor = of(archive, "吴珊", Role::Auditor).await;
    assert_eq!(json(&auditor.get(all).await), json!([]));
    let refused = auditor.ask(&Method::POST, all).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());

    // One that the command line asked for, and one that the API did.
    let first = stamp(archive, &authority.url).await.unwrap();
    let made = administrator.ask(&Method::POST, all).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let second = timestamp::newest(&archive.app, 0, u64::MAX).await.unwrap().unwrap();
    assert_ne!(first.entry, second.entry);
    let (first, kept) = (json!(first), json!(second));
    assert_eq!(json(&made), kept);
    assert_eq!(json(&auditor.get(all).await), json!([kept, first]));
    assert_eq!(json(&auditor.get(&format!("{all}?limit=1")).await), json!([kept]));
    let older = format!("{all}?before={}", second.entry);
    assert_eq!(json(&auditor.get(&older).await), json!([first]));

    // Who has the answer and the checkpoint needs nothing else but the certificates.
    let token = auditor.get(&format!("{all}/{}/token", second.entry)).await;
    assert_eq!(token.header("content-type"), "application/timestamp-reply");
    assert_eq!(token.bytes, archive.app.vault.bytes(second.token).await.unwrap().to_vec());
    let checkpoint = auditor.get(&format!("/api/v1/log/checkpoints/{}", second.size)).await.text();
    let (answer, text) = (archive.data().join("answer.tsr"), archive.data().join("text"));
    std::fs::write(&answer, &token.bytes).unwrap();
    std::fs::write(&text, note::text(&checkpoint).unwrap()).unwrap();
    let names = [text, answer, authority.certificates()].map(|path| path.display().to_string());
    let [text, answer, ca] = names.each_ref().map(String::as_str);
    openssl(archive.data(), &["ts", "-verify", "-data", text, "-in", answer, "-CAfile", ca]);
    for no in [0, 1, 999_999] {
        let none = auditor.get(&format!("{all}/{no}/token")).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{no}: {}", none.text());
        assert_eq!(json(&none)["error"]["code"], "unknown_timestamp");
    }

    // An authority that does not answer leaves nothing behind.
    authority.task.abort();
    std::fs::write(
        archive.data().join("yidang.toml"),
        "[log]\ntimestamp = \"http://127.0.0.1:1/\"\n",
    )
    .unwrap();
    archive.reopen().await.unwrap();
    let mut administrator = of(archive, "韩冰", Role::Administrator).await;
    let before = archive.entries().await;
    let failed = administrator.ask(&Method::POST, all).await;
    assert_eq!(failed.status, StatusCode::SERVICE_UNAVAILABLE, "{}", failed.text());
    assert_eq!(json(&failed)["error"]["code"], "authority");
    assert_eq!(archive.entries().await, before);
}

#[tokio::test]
async fn an_answer_that_is_none_is_not_kept() {
    let authority = Authority::new().await;
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let sound = std::fs::read_to_string(archive.data().join("auditor.policy")).unwrap();
    assert!(sound.contains("quorum none"));
    // The answer to an earlier question.
    stamp(&archive, &authority.url).await.unwrap();
    let earlier = std::fs::read(authority.folder.path().join("answer")).unwrap();
    let serving = async |body: Vec<u8>, status: u16| {
        let answer = move || {
            let (status, body) = (StatusCode::from_u16(status).unwrap(), body.clone());
            async move { (status, body) }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let router = Router::new().route("/", post(answer));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (url, task)
    };
    let before = (archive.entries().await, archive.paths("obj").await);
    for (what, body, status, why) in [
        ("nonsense", b"nonsense".to_vec(), 200, "cannot be read"),
        ("nothing", Vec::new(), 200, "cannot be read"),
        ("a refusal", vec![0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02], 200, "grants no timestamp"),
        ("cut off", earlier[..earlier.len() - 1].to_vec(), 200, "cannot be read"),
        ("too much", vec![0; 1 << 20], 200, "more than"),
        ("an error", b"closed today".to_vec(), 503, "503: closed today"),
        ("an earlier answer", earlier, 200, "another question"),
    ] {
        let (url, task) = serving(body, status).await;
        let refused = stamp(&archive, &url).await.unwrap_err();
        assert!(refused.to_string().contains(why), "{what}: {refused}");
        task.abort();
    }
    let nobody = stamp(&archive, "http://127.0.0.1:1/").await.unwrap_err();
    assert!(matches!(nobody, TimestampError::Authority(..)), "{nobody:?}");
    assert!(!matches!(nobody, TimestampError::Token(TokenError::Other(_))));
    assert_eq!((archive.entries().await, archive.paths("obj").await), before);
    let _ = read(&archive.data().join("keys/log.key"));
}
