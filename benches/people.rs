//! What it costs that people are known and that use is recorded: opening a
//! household, a paper and the picture of a page, searching and adding a paper, over
//! HTTP, by the routes as they are served, with reasons required. Beside each, the
//! same in the same run without what is measured; nothing here asserts.
//!
//! * without notes: the same pages for somebody who saw them a moment ago, since
//!   the same again is the same look and is not noted. Blocks go with, without,
//!   without, with, each over the same pages;
//! * without a session: less what finding the session of a request takes, measured
//!   alone;
//! * adding: a paper while five people look, whose looks are noted or not.
//!
//! `PAPERS` (2,000) is how many papers and households there are.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use futures::StreamExt;
use futures::future::join_all;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;
use yidang::app::App;
use yidang::config::Config;
use yidang::model::access::Role;
use yidang::model::document::Description;
use yidang::model::id::{HouseholdNo, OrganisationCode};
use yidang::model::look::Reason;
use yidang::people::{self, NewPerson};
use yidang::sessions::{self, Key};
use yidang::setup::{self, Founding, HouseholdEntry, OrganisationEntry};
use yidang::{filing, follow, intake, looks, web, worker};

#[allow(dead_code, unreachable_pub, clippy::unwrap_used)]
#[path = "../tests/suite/files.rs"]
mod files;

/// How many rounds of four blocks.
const ROUNDS: usize = 10;
/// How many pages of each kind are in a block.
const BLOCK: usize = 40;
/// How many papers are added in a block.
const ADDED: usize = 25;
/// How many people look while a paper is added.
const BESIDE: usize = 5;
/// The community of every household.
const COMMUNITY: &str = "990102003004";

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failed> {
    yidang::extract::child::main();
    let papers = std::env::var("PAPERS").ok().and_then(|text| text.parse().ok());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let folder = PathBuf::from(format!(".local/bench-people-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let done = run(&folder, papers.unwrap_or(2_000)).await;
        std::fs::remove_dir_all(&folder)?;
        done
    })
}

async fn run(folder: &Path, papers: usize) -> Result<(), Failed> {
    let config = Config { data: folder.join("data"), ..Config::default() };
    let app = App::open(config, true).await?;
    let documents = fill(&app, papers).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let router = web::router(Arc::clone(&app));
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let office = Office { app, client, address, documents };
    println!("{papers} households with a paper each, {ROUNDS} rounds of {BLOCK} pages a block");
    let session = office.session().await?;
    office.pages(session).await?;
    office.adding(session).await?;
    server.abort();
    Ok(())
}

/// An archive of so many households with one filed paper each, all read; returns
/// the numbers of the papers.
async fn fill(app: &Arc<App>, papers: usize) -> Result<Vec<i64>, Failed> {
    let operator = app.operator();
    let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
    setup::found(app, &operator, &founding).await?;
    let organisations = [
        ("990102000000", "青石县民政局"),
        ("990102003000", "柳桥街道办事处"),
        (COMMUNITY, "槐荫里社区居民委员会"),
    ]
    .map(|(code, name)| (code.parse::<OrganisationCode>(), name));
    let mut entries = Vec::new();
    for (code, name) in organisations {
        entries.push(OrganisationEntry { code: code?, name: name.into() });
    }
    setup::register(app, &operator, entries).await?;
    let mut households = Vec::new();
    for at in 0..papers {
        households.push(HouseholdEntry {
            household_no: household(at)?,
            head: format!("周{at}"),
            id_number: String::new(),
            address: "槐荫里".into(),
            members: Vec::new(),
        });
    }
    setup::open_all(app, &operator, households).await?;
    let taking = (0..papers).map(|at| {
        let app = Arc::clone(app);
        async move {
            let line = format!("收入证明 第{at}号");
            let scan = files::paper(&[&[line.as_str(), "每月八百元", "槐荫里社区"]]);
            let (no, by) = (household(at)?, app.operator());
            let bytes = futures::stream::iter([Ok::<_, std::io::Error>(scan.into())]);
            let taken = intake::take(&app, &by, "收入证明.pdf", Some(&no), bytes).await?;
            let said = Description {
                type_code: "A02".into(),
                title: line,
                date: "2026-03-09".parse().ok(),
                ..Description::default()
            };
            filing::file(&app, &by, taken.document, &no, said).await?;
            Ok::<_, Failed>(taken.document.0)
        }
    });
    let documents: Vec<_> = futures::stream::iter(taking).buffered(16).collect().await;
    worker::drain(app, false, |_, _| {}).await?;
    follow::until_current(app).await?;
    app.settle().await?;
    documents.into_iter().collect()
}

fn household(at: usize) -> Result<HouseholdNo, Failed> {
    Ok(format!("{COMMUNITY}{:05}", at + 1).parse()?)
}

/// An archive that is served, and who asks it.
struct Office {
    app: Arc<App>,
    client: Client<HttpConnector, Body>,
    address: String,
    documents: Vec<i64>,
}

/// Somebody who is signed in.
struct Person {
    key: Key,
}

impl Office {
    /// Somebody new of the bureau, who has said why they look at these households.
    async fn person(&self, login: &str, whose: &[usize]) -> Result<Person, Failed> {
        let (app, operator) = (&self.app, self.app.operator());
        let new = NewPerson {
            login: login.to_owned(),
            name: format!("甲{login}"),
            organisation: "990102000000".parse()?,
        };
        people::add(app, &operator, new).await?;
        let roles = vec![Role::Clerk, Role::Archivist];
        let person = people::grant(app, &operator, login, roles).await?;
        let key = sessions::begin(app, &person.id, "bench").await?;
        let (_, actor) = sessions::identify(app, &key).await?.ok_or("nobody is signed in")?;
        let reason = Reason::new("2", "")?;
        for at in whose {
            looks::give_reason(app, &actor, &household(*at)?, &reason).await?;
        }
        Ok(Person { key })
    }

    /// Asks as a person; returns how long the whole answer took.
    async fn ask(
        &self,
        person: &Person,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Duration, Failed> {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header(header::COOKIE, format!("__Host-yidang={}", person.key.secret()))
            .header(header::AUTHORIZATION, format!("Bearer {}", person.key.secret()))
            .body(Body::from(body))?;
        let begun = Instant::now();
        let answer = self.client.request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        let took = begun.elapsed();
        if !matches!(status, StatusCode::OK | StatusCode::CREATED) {
            let said = String::from_utf8_lossy(&body).chars().take(300).collect::<String>();
            return Err(format!("{path}: {status}: {said}").into());
        }
        Ok(took)
    }

    async fn get(&self, person: &Person, path: &str) -> Result<Duration, Failed> {
        self.ask(person, Method::GET, path, Vec::new()).await
    }

    fn path(&self, kind: Kind, at: usize) -> Result<String, Failed> {
        let document = self.documents[at];
        Ok(match kind {
            Kind::Household => format!("/household/{}", household(at)?),
            Kind::Paper => format!("/doc/{document}"),
            Kind::Picture => format!("/doc/{document}/page/1.jpg?w=900"),
            Kind::Search => {
                format!("/search?q={}", web::text::query_value(&format!("收入 第{at}号")))
            }
        })
    }

    /// How long finding the session of a request takes, at the median.
    async fn session(&self) -> Result<Duration, Failed> {
        let person = self.person("session", &[]).await?;
        let mut times = Vec::new();
        for _ in 0..2_000 {
            let begun = Instant::now();
            sessions::identify(&self.app, &person.key).await?;
            times.push(begun.elapsed());
        }
        let took = quantile(&mut times, 50);
        println!("finding the session of a request: {:.3} ms", ms(took));
        Ok(took)
    }

    async fn pages(&self, session: Duration) -> Result<(), Failed> {
        let mut figures = Kind::ALL.map(|_| [Block::default(), Block::default()]);
        for round in 0..ROUNDS {
            let begin = round * BLOCK % self.documents.len().saturating_sub(BLOCK).max(1);
            let these: Vec<usize> = (begin..begin + BLOCK).collect();
            let mut people = Vec::new();
            for one in ["new-a", "known", "new-b"] {
                people.push(self.person(&format!("{one}{round}"), &these).await?);
            }
            // Everything is warm, and one of the three has seen it.
            for kind in Kind::ALL {
                for at in &these {
                    self.get(&people[1], &self.path(kind, *at)?).await?;
                }
            }
            self.app.looks.publish().await?;
            // Pictures first: a paper that was opened is noted with its pages.
            for (kind, figures) in Kind::ALL.into_iter().zip(&mut figures) {
                for (person, noted) in [(0, 0), (1, 1), (1, 1), (2, 0)] {
                    let cpu = processor();
                    for at in &these {
                        let took = self.get(&people[person], &self.path(kind, *at)?).await?;
                        figures[noted].times.push(took);
                    }
                    // What was noted has to be published too.
                    self.app.looks.publish().await?;
                    figures[noted].processor += processor() - cpu;
                }
            }
        }
        for (kind, [with, without]) in Kind::ALL.into_iter().zip(figures) {
            told(kind.name(), with, without, session);
        }
        Ok(())
    }

    async fn adding(&self, session: Duration) -> Result<(), Failed> {
        let mut figures = [Block::default(), Block::default()];
        for round in 0..ROUNDS {
            let these: Vec<usize> = (0..ADDED).collect();
            let mut people = Vec::new();
            for one in 0..BESIDE * 3 {
                people.push(self.person(&format!("beside{round}-{one}"), &these).await?);
            }
            let (new, rest) = people.split_at(BESIDE);
            let (known, other) = rest.split_at(BESIDE);
            for at in &these {
                for person in known {
                    self.get(person, &self.path(Kind::Paper, *at)?).await?;
                }
            }
            self.app.looks.publish().await?;
            for (block, (beside, noted)) in
                [(new, 0), (known, 1), (known, 1), (other, 0)].into_iter().enumerate()
            {
                let cpu = processor();
                for at in &these {
                    let path = self.path(Kind::Paper, *at)?;
                    let scan = scan((round * 4 + block) * ADDED + at);
                    let add = "/api/v1/documents?name=scan.jpg";
                    let looking = join_all(beside.iter().map(|one| self.get(one, &path)));
                    let adding = self.ask(&known[0], Method::POST, add, scan);
                    let (looked, added) = tokio::join!(looking, adding);
                    figures[noted].times.push(added?);
                    looked.into_iter().collect::<Result<Vec<_>, _>>()?;
                }
                self.app.looks.publish().await?;
                figures[noted].processor += processor() - cpu;
            }
        }
        let [with, without] = figures;
        told("add a paper of 300 KB", with, without, session);
        Ok(())
    }
}

/// A page that is asked for.
#[derive(Clone, Copy)]
enum Kind {
    Picture,
    Household,
    Paper,
    Search,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Picture, Self::Household, Self::Paper, Self::Search];

    fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture of a page",
            Self::Household => "open a household",
            Self::Paper => "open a paper",
            Self::Search => "search",
        }
    }
}

/// What was measured of the blocks of one kind.
#[derive(Default)]
struct Block {
    times: Vec<Duration>,
    /// In seconds.
    processor: f64,
}

fn told(name: &str, mut with: Block, mut without: Block, session: Duration) {
    let [p50, p99] = [50, 99].map(|part| ms(quantile(&mut with.times, part)));
    let [p50_without, p99_without] = [50, 99].map(|part| ms(quantile(&mut without.times, part)));
    let before = p50_without - ms(session);
    println!(
        "{name:<24} p50 {p50:7.3} ms with, {p50_without:7.3} without: notes {:+5.1} %, notes and \
         session {:+5.1} %",
        (p50 / p50_without - 1.0) * 100.0,
        (p50 / before - 1.0) * 100.0
    );
    let each = |block: &Block| {
        #[allow(clippy::cast_precision_loss)]
        let count = block.times.len() as f64;
        block.processor * 1000.0 / count
    };
    let (cpu, cpu_without) = (each(&with), each(&without));
    println!(
        "{:<24} p99 {p99:7.3} ms with, {p99_without:7.3} without; processor {cpu:.3} ms with, \
         {cpu_without:.3} without ({:+.1} %)",
        "",
        (cpu / cpu_without - 1.0) * 100.0
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn quantile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}

/// Seconds of processor this process has used.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = |at| after.split_whitespace().nth(at).and_then(|text| text.parse::<f64>().ok());
    // Of a second there are a hundred, on every Linux.
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

/// A JPEG of 300 KB unlike any other: a small picture, and a comment of noise.
fn scan(number: usize) -> Vec<u8> {
    let mut noise = number as u64 + 1;
    let mut next = move || {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        noise.to_le_bytes()[3]
    };
    let picture = files::photo(&files::page(32, 32), 1);
    let (begin, rest) = picture.split_at(2);
    let mut file = begin.to_vec();
    for _ in 0..5 {
        file.extend([0xff, 0xfe]);
        file.extend(60_000_u16.to_be_bytes());
        file.extend((2..60_000).map(|_| next()));
    }
    file.extend(rest);
    file
}
