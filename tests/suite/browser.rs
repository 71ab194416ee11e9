//! A real browser does what a clerk does: Debian's Chromium through its
//! WebDriver. Needs `chromium` and `chromedriver`; says loudly when they are
//! not there, and fails then where everything has to be tested.

mod asking;
mod evidence;
mod keying;
mod kinship;
mod living;
mod search;
mod story;

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use yidang::app::App;
use yidang::model::access::Role;
use yidang::people::{self, NewPerson};
use yidang::web;

use crate::harness::Archive;

/// The password of who is at the desk.
const PASSWORD: &str = "the willow bends in march";
/// The household the paper is filed in.
const HOUSEHOLD: &str = "99010200300400001";

/// How long something is waited for that comes at once on a machine at rest.
const PATIENCE: Duration = Duration::from_secs(90);

/// A process that ends with the test, by its own id.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

fn yidang(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yidang"));
    command.arg("--data").arg(data).env("YIDANG_MODELS", models());
    command
}

fn models() -> PathBuf {
    let folder = std::env::var("YIDANG_MODELS").unwrap_or_else(|_| ".local/models".into());
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// Whether the browser and its driver are here.
fn browser_is_here() -> bool {
    let found = |name: &str| {
        Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status()
    };
    let here = found("chromium").is_ok() && found("chromedriver").is_ok();
    if !here {
        eprintln!("*** NOT TESTED: pages in a browser (no chromium or chromedriver)");
        assert!(std::env::var("YIDANG_TEST_EVERYTHING").is_err(), "the browser must be here");
    }
    here
}

/// An account with [`PASSWORD`], made by whoever has the machine.
async fn account(archive: &Archive, name: &str, login: &str, organisation: &str, role: Role) {
    let (app, operator) = (&archive.app, archive.bureau());
    let organisation = organisation.parse().unwrap();
    let new = NewPerson { login: login.into(), name: name.into(), organisation };
    people::add(app, &operator, new).await.unwrap();
    people::grant(app, &operator, login, vec![role]).await.unwrap();
    people::set_password(app, &operator, login, PASSWORD).await.unwrap();
}

/// Serves the pages on a free port.
async fn served(app: &Arc<App>) -> u16 {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = web::router(Arc::clone(app));
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

async fn reachable(port: u16) {
    for _ in 0..300 {
        if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing answers on port {port}");
}

/// A served archive and a browser looking at it.
struct Desk {
    client: Client,
    address: String,
    _server: Option<Running>,
    _chromium: Chromium,
    _driver: Running,
    folder: tempfile::TempDir,
}

/// The browser that a driver began, by the folder of its profile. Who ends the driver does
/// not end it, so it is ended by the process id that it has written down there.
struct Chromium(PathBuf);

impl Drop for Chromium {
    fn drop(&mut self) {
        let Ok(named) = std::fs::read_link(self.0.join("SingletonLock")) else { return };
        if let Some((_, pid)) = named.to_string_lossy().rsplit_once('-') {
            // It may have ended just now.
            let _ = Command::new("kill").arg(pid).stderr(Stdio::null()).status();
        }
    }
}

impl Desk {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        assert!(yidang(&data).arg("init").stdout(Stdio::null()).status().unwrap().success());
        let roles = "clerk,archivist,reader,approver";
        let person = ["person", "add", "宋青", "--login", "songqing", "--roles", roles];
        assert!(yidang(&data).args(person).stdout(Stdio::null()).status().unwrap().success());
        let mut asking = yidang(&data);
        let asking = asking.args(["person", "password", "songqing"]).stdout(Stdio::null());
        let mut asking = asking.stdin(Stdio::piped()).spawn().unwrap();
        writeln!(asking.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(asking.wait().unwrap().success());
        let port = free_port();
        let server = yidang(&data)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Running(server);
        reachable(port).await;
        let desk = Self { _server: Some(server), ..Self::before(port, folder).await };
        desk.goto("/households").await;
        desk.sign_in("songqing").await;
        assert_eq!(desk.client.current_url().await.unwrap().path(), "/households");
        desk
    }

    /// A browser before the pages of a server.
    async fn before(port: u16, folder: tempfile::TempDir) -> Self {
        let driver_port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={driver_port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let driver = Running(driver);
        reachable(driver_port).await;
        let profile = folder.path().join("profile");
        let options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--window-size=1440,900", format!("--user-data-dir={}", profile.display()),
        ]});
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{driver_port}"))
            .await
            .unwrap();
        let address = format!("http://127.0.0.1:{port}");
        let chromium = Chromium(profile);
        Self { client, address, _server: None, _chromium: chromium, _driver: driver, folder }
    }

    /// Signs in as a person does; what was asked for comes afterwards.
    async fn sign_in(&self, login: &str) {
        let css = Locator::Css;
        self.client.find(css("[name=login]")).await.unwrap().send_keys(login).await.unwrap();
        let password = self.client.find(css("[name=password]")).await.unwrap();
        password.send_keys(&format!("{PASSWORD}\n")).await.unwrap();
        let rail = self.client.wait().at_most(PATIENCE).for_element(css(".rail"));
        drop(rail.await.unwrap());
    }

    async fn goto(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.address)).await.unwrap();
    }

    /// What the page says; it may be drawn anew just now, so it is asked again.
    async fn text(&self) -> String {
        for _ in 0..100 {
            if let Some(text) = self.text_now().await {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("there is no page");
    }

    async fn text_now(&self) -> Option<String> {
        self.client.find(Locator::Css("main")).await.ok()?.text().await.ok()
    }

    /// Waits until the page as it is says one of `words`.
    async fn says(&self, words: &[&str]) {
        for _ in 0..240 {
            let text = self.text_now().await.unwrap_or_default();
            if words.iter().any(|word| text.contains(word)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("{words:?} was waited for in vain; the page says: {}", self.text().await);
    }

    /// Loads `path` again until `done` says the page is as it should be.
    async fn until(&self, path: &str, what: &str, done: impl Fn(&str) -> bool) {
        for _ in 0..180 {
            self.goto(path).await;
            let text = self.text().await;
            if done(&text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        panic!("{what} was waited for in vain; the page says: {}", self.text().await);
    }

    /// How many pixels the page is wider than the window.
    async fn overhang(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - window.innerWidth";
        self.client.execute(script, vec![]).await.unwrap().as_i64().unwrap()
    }
}

/// A sample of this type: a PDF with a text layer where there are no models, else a
/// photographed one.
fn sample(kind: &str) -> PathBuf {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-docs/files");
    let truth = std::fs::read_to_string(files.with_file_name("truth.jsonl")).unwrap();
    let has_models = models().join("ppocrv6_rec.onnx").is_file();
    for line in truth.lines() {
        let one: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = one["file"].as_str().unwrap();
        let wanted = if has_models { name.ends_with(".jpg") } else { name.ends_with(".pdf") };
        if wanted && one["type"] == kind && one["measured"] == true {
            return files.join(name.trim_start_matches("files/"));
        }
    }
    panic!("the samples have no {kind}");
}

/// From the history of a household to an entry, its drawing, and the bundle;
/// which is then dropped on the page that checks.
async fn an_auditor_follows_the_paper_to_its_proof_and_takes_it_away(desk: &Desk, household: &str) {
    let css = Locator::Css;
    desk.goto(&format!("{household}/history")).await;
    desk.client.find(css("a[href^='/audit/entry/']")).await.unwrap().click().await.unwrap();
    let proof = desk.client.wait().at_most(PATIENCE).for_element(css("#proof-head"));
    drop(proof.await.unwrap());
    // The tiles belong to the process that founded the archive for a while.
    let path = desk.client.current_url().await.unwrap().path().to_owned();
    desk.until(&path, "the checkpoint", |text| text.contains("两枚封条相同")).await;
    let seal = desk.client.find(css(".proof rect.set")).await.unwrap();
    let (_, high, _, _) = seal.rectangle().await.unwrap();
    let own = desk.client.find(css(".proof rect.me")).await.unwrap().rectangle().await.unwrap();
    assert!(high < own.1 && own.2 > 8.0, "the seal stands above the entry, and both are seen");

    // One key leads to the page that checks; the bundle is brought and dropped
    // there.
    desk.client.find(css("body")).await.unwrap().send_keys("c").await.unwrap();
    let size = bundle_is_checked(desk, &format!("{household}/bundle")).await;
    assert!(size > 10_000, "the bundle has {size} bytes");
}

/// Drops a bundle of this address on the page that checks, which finds it
/// sound; returns its size in bytes.
async fn bundle_is_checked(desk: &Desk, address: &str) -> i64 {
    let css = Locator::Css;
    let input = desk.client.wait().at_most(PATIENCE).for_element(css("[data-send]"));
    drop(input.await.unwrap());
    let script = "const [address, done] = arguments; \
        fetch(address).then((answer) => answer.blob()).then((blob) => { \
            const dropped = new DataTransfer(); \
            dropped.items.add(new File([blob], 'bundle.zip')); \
            const input = document.querySelector('[data-send]'); \
            input.files = dropped.files; \
            done(blob.size); \
            setTimeout(() => input.dispatchEvent(new Event('change')), 100); });";
    let address = json!(address);
    let size = desk.client.execute_async(script, vec![address]).await.unwrap().as_i64().unwrap();
    let told = desk.client.wait().at_most(PATIENCE).for_element(css(".told"));
    drop(told.await.unwrap());
    assert!(desk.text().await.contains("这个核验包没有变过。"), "{}", desk.text().await);
    size
}

/// Reads a page again, line by line: the first one is typed anew, and one that was
/// not read is dragged out on the page. Both are found.
async fn a_page_is_corrected(desk: &Desk, text: &str) {
    let css = Locator::Css;
    desk.goto(text).await;
    let first = desk.client.wait().at_most(PATIENCE).for_element(css("[data-line] .inp"));
    let first = first.await.unwrap();
    first.clear().await.unwrap();
    // Enter takes the line as right and goes on.
    first.send_keys("订正过的头一行\n").await.unwrap();
    let ticked = "const [one, two] = document.querySelectorAll('[data-line]'); \
        return [one.querySelector('[name=checked]').checked, two.contains(document.activeElement)]";
    let done = desk.client.execute(ticked, vec![]).await.unwrap();
    assert_eq!(done, json!([true, true]));
    let page = desk.client.find(css("svg[data-page]")).await.unwrap();
    let to = |x, y| PointerAction::MoveToElement { element: page.clone(), duration: None, x, y };
    let drag = MouseActions::new("mouse".into())
        .then(to(-60.0, 150.0))
        .then(PointerAction::Down { button: 0 })
        .then(to(60.0, 180.0))
        .then(PointerAction::Up { button: 0 });
    desk.client.perform_actions(drag).await.unwrap();
    let added = desk.client.wait().at_most(PATIENCE).for_element(css(".pl.new .inp"));
    added.await.unwrap().send_keys("拖出来补写的一行").await.unwrap();
    desk.client.find(css("form.proof button.go")).await.unwrap().click().await.unwrap();
    desk.says(&["已存好"]).await;
    for said in ["订正过的头一行", "拖出来补写的一行"] {
        let search = format!("/search?q=%22{said}%22");
        desk.until(&search, said, |text| text.contains("周桂兰")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_uploads_a_scan_files_it_and_finds_the_word_boxed_on_the_page() {
    if !browser_is_here() {
        return;
    }
    let (paper, word) = (sample("A23"), "确认通知书");
    let desk = Desk::open().await;

    desk.goto("/intake").await;
    let input = desk.client.find(Locator::Css("input[type=file]")).await.unwrap();
    input.send_keys(paper.to_str().unwrap()).await.unwrap();
    // Before that, going elsewhere would break the upload off.
    desk.says(&["已收下", "件在等"]).await;
    let read = |text: &str| text.contains("待确认") || text.contains("有疑问");
    desk.until("/intake", "the reading", read).await;

    let fields = [("input[name=other]", HOUSEHOLD), ("input[name=new_head]", "周桂兰")];
    // The radio button itself is drawn as the row it stands in.
    let elsewhere = Locator::Css("li.other label");
    desk.client.find(elsewhere).await.unwrap().click().await.unwrap();
    for (field, value) in fields {
        desk.client.find(Locator::Css(field)).await.unwrap().send_keys(value).await.unwrap();
    }
    let file = Locator::Css("#proposal button.go");
    desk.client.find(file).await.unwrap().click().await.unwrap();
    // Going elsewhere at once could break the filing off.
    desk.says(&["已归入"]).await;
    let household = format!("/household/{HOUSEHOLD}");
    // The file is shown when it was said why: one key.
    desk.goto(&household).await;
    assert!(desk.text().await.contains("为什么看这一户"), "{}", desk.text().await);
    desk.client.find(Locator::Css("body")).await.unwrap().send_keys("2").await.unwrap();
    desk.says(&["卷内文件"]).await;
    desk.until(&household, "the filed paper", |text| text.contains(word)).await;

    let search = format!("/search?q={word}");
    desk.until(&search, "the hit", |text| text.contains("周桂兰")).await;
    let hit = desk.client.find(Locator::Css("main a[href*='/doc/']")).await.unwrap();
    hit.click().await.unwrap();
    for _ in 0..100 {
        if desk.client.current_url().await.unwrap().path().starts_with("/doc/") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let boxed = Locator::Css("[data-page] a.box.cur");
    let boxed = desk.client.wait().at_most(PATIENCE).for_element(boxed).await;
    let (x, y, width, height) = boxed.unwrap().rectangle().await.unwrap();
    assert!(x > 0.0 && y > 0.0 && width > 8.0 && height > 8.0, "{x} {y} {width} {height}");
    desk.client.find(Locator::Css("body")).await.unwrap().send_keys("/").await.unwrap();
    let focused = desk.client.active_element().await.unwrap().attr("name").await.unwrap();
    assert_eq!(focused.as_deref(), Some("q"), "one key leads to the search box");
    let drawn = "const i = document.querySelector('[data-page] img'); \
                 return i.complete && i.naturalWidth > 0 ? i.clientWidth : 0";
    let mut wide = 0;
    for _ in 0..100 {
        wide = desk.client.execute(drawn, vec![]).await.unwrap().as_i64().unwrap();
        if wide > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(wide >= 600, "the page image is {wide} pixels wide");
    let image = desk.client.find(Locator::Css("[data-page] img")).await.unwrap();
    let (left, top, across, down) = image.rectangle().await.unwrap();
    let inside = x >= left && y >= top && x + width <= left + across && y + height <= top + down;
    assert!(inside, "the box {x} {y} {width} {height} is not on the page image");

    let paper = desk.client.current_url().await.unwrap().path().to_owned();
    let text = format!("{paper}/text/1");
    a_page_is_corrected(&desk, &text).await;
    an_auditor_follows_the_paper_to_its_proof_and_takes_it_away(&desk, &household).await;

    let history = format!("{household}/history");
    for (window, height) in [(1440, 900), (390, 844)] {
        desk.client.set_window_size(window, height).await.unwrap();
        for path in [
            "/",
            "/intake",
            &household,
            &search,
            "/pages",
            &text,
            "/households",
            "/volumes",
            "/audit",
            "/audit/entry/1",
            "/audit/check",
            "/audit/checkpoint/print",
            &history,
        ] {
            desk.goto(path).await;
            assert!(desk.overhang().await <= 0, "{path} scrolls sideways at {window} px");
        }
    }
    desk.client.clone().close().await.unwrap();
}
