//! The log in numbers, each beside a reference in the same run. Nothing here
//! asserts; a person reads it.
//!
//! * prove and verify one document, end to end with all files; beside it, the
//!   arithmetic of checking one path, ours and that of `ct-merkle`;
//! * a log of `ENTRIES` acts (1,000,000): acts recorded a second, tiles made
//!   anew, beside hashing the same entries alone;
//! * prove and verify one document of that log, and open its archive: after an
//!   orderly end, and when the database has lost the last thousand acts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use futures::StreamExt;
use sha2::Sha256;
use yidang::app::App;
use yidang::config::Config;
use yidang::model::act::Act;
use yidang::model::id::DocumentId;
use yidang::prove::{self, Subject};
use yidang::setup::{self, Founding};
use yidang::tlog::Frontier;
use yidang::{intake, ledger};
use yidang_verifier::merkle;
use yidang_verifier::policy::Policy;

/// How many acts wait at a time: two full batches.
const AT_ONCE: usize = 512;
/// How many proofs are made and checked for one figure.
const PROOFS: u32 = 20;
/// How many leaves the tree of the reference has.
const LEAVES: usize = 1 << 16;

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failed> {
    yidang::extract::child::main();
    let entries = std::env::var("ENTRIES").ok().and_then(|text| text.parse().ok());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let folder = PathBuf::from(format!(".local/bench-log-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let done = run(&folder, entries.unwrap_or(1_000_000)).await;
        std::fs::remove_dir_all(&folder)?;
        done
    })
}

async fn run(folder: &Path, entries: u64) -> Result<(), Failed> {
    let config = Config { data: folder.join("data"), ..Config::default() };
    let app = App::open(config.clone(), true).await?;
    let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
    setup::found(&app, &app.operator(), &founding).await?;
    let document = take(&app).await?;
    println!("prove and verify one document, its scan of 40 KB, with all files");
    prove_one(&app, document, folder).await?;
    arithmetic()?;
    record(&app, entries).await?;
    println!("prove and verify one document of that log");
    prove_one(&app, document, folder).await?;
    app.db.close().await;
    drop(app);
    open(&config, "an orderly end").await
}

#[allow(clippy::cast_precision_loss)]
fn rate(count: u64, begun: Instant) -> f64 {
    count as f64 / begun.elapsed().as_secs_f64()
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

/// Takes in a picture of noise.
async fn take(app: &App) -> Result<DocumentId, Failed> {
    let picture = image::GrayImage::from_fn(200, 200, |_, _| image::Luma([rand::random()]));
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::from(picture).write_to(&mut png, image::ImageFormat::Png)?;
    let bytes = futures::stream::iter([Ok::<_, Failed>(bytes::Bytes::from(png.into_inner()))]);
    Ok(intake::take(app, &app.operator(), "scan.png", None, bytes).await?.document)
}

/// Packs the bag of a document and checks it, some times over.
async fn prove_one(app: &App, document: DocumentId, folder: &Path) -> Result<(), Failed> {
    let policy = Policy::parse(&std::fs::read_to_string(app.config.data.join("auditor.policy"))?)?;
    let (mut proving, mut verifying) = (Duration::ZERO, Duration::ZERO);
    for number in 0..=PROOFS {
        let to = folder.join(format!("bag-{number}"));
        let begun = Instant::now();
        prove::prove(app, &app.operator(), &Subject::Document(document.0), false, &to).await?;
        let proved = begun.elapsed();
        let report = yidang_verifier::verify::bag(&to, &policy, None);
        if report.status() != 0 {
            return Err(report.to_text().into());
        }
        // The first draws the small picture of the page, which is kept.
        if number == 0 {
            println!("  the first time         {:8.1} ms", millis(begun.elapsed()));
        } else {
            verifying += begun.elapsed() - proved;
            proving += proved;
        }
        std::fs::remove_dir_all(&to)?;
    }
    println!("  prove                  {:8.1} ms", millis(proving / PROOFS));
    println!("  verify                 {:8.1} ms", millis(verifying / PROOFS));
    Ok(())
}

/// The time to check one path, ours and that of the reference.
fn arithmetic() -> Result<(), Failed> {
    let leaves: Vec<Vec<u8>> = (0..LEAVES).map(|no| format!("entry {no}").into_bytes()).collect();
    let mut reference = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    leaves.iter().for_each(|leaf| reference.push(leaf.clone()));
    let root = reference.root();
    let ours: merkle::Hash = root.as_bytes().as_slice().try_into()?;
    let mut proofs = Vec::new();
    for at in (0..LEAVES).step_by(61) {
        let proof = reference.prove_inclusion(at);
        let (path, _) = proof.as_bytes().as_chunks::<32>();
        proofs.push((at, path.to_vec(), proof));
    }
    let count = u32::try_from(proofs.len())?;
    let begun = Instant::now();
    for (at, path, _) in &proofs {
        let (leaf, at) = (merkle::leaf(&leaves[*at]), *at as u64);
        merkle::included(leaf, at, path, LEAVES as u64, &ours)?;
    }
    let own = begun.elapsed() / count;
    let begun = Instant::now();
    for (at, _, proof) in &proofs {
        root.verify_inclusion(&leaves[*at], *at as u64, proof).map_err(|e| format!("{e:?}"))?;
    }
    let theirs = begun.elapsed() / count;
    println!("the arithmetic alone: one path in a tree of {LEAVES}");
    println!("  yidang-verify          {:8.2} us", own.as_secs_f64() * 1e6);
    println!("  ct-merkle              {:8.2} us", theirs.as_secs_f64() * 1e6);
    Ok(())
}

/// Records so many acts, then makes the tiles anew.
async fn record(app: &Arc<App>, entries: u64) -> Result<(), Failed> {
    let actor = app.operator();
    let begun = Instant::now();
    let acts = (0..entries).map(|no| {
        let (app, actor) = (Arc::clone(app), actor.clone());
        async move {
            let code = format!("99{:010}", no % 5000).parse()?;
            let act = Act::RegisterOrganisation { code, name: "社区居民委员会".into() };
            app.recorder.record(&actor, act).await?;
            Ok::<_, Failed>(())
        }
    });
    let mut acts = futures::stream::iter(acts).buffer_unordered(AT_ONCE);
    while let Some(done) = acts.next().await {
        done?;
    }
    let acts_a_second = rate(entries, begun);
    app.settle().await?;

    let mut tx = app.db.read().await?;
    let size = ledger::current(&mut tx).await?.size();
    let leaves = ledger::leaves(&mut tx, 0, size, u32::MAX).await?;
    drop(tx);
    let begun = Instant::now();
    let mut tree = Frontier::default();
    leaves.iter().for_each(|leaf| tree.push(leaf.as_bytes()));
    std::hint::black_box(tree.root());
    let hashing = rate(size, begun);
    drop(leaves);

    // Without the published checkpoint, tiles are made from the first on.
    let log = app.config.data.join("store/log");
    std::fs::remove_file(log.join("checkpoint"))?;
    std::fs::remove_dir_all(log.join("tile"))?;
    let other = App::open(app.config.clone(), false).await?;
    let begun = Instant::now();
    other.settle().await?;
    let tiles = rate(size, begun);
    other.db.close().await;
    println!("a log of {size} entries");
    println!("  acts, acknowledged     {acts_a_second:8.0} /s");
    println!("  tiles made anew        {tiles:8.0} entries/s");
    println!("  hashing alone          {hashing:8.0} entries/s");
    Ok(())
}

/// Opens the archive some times.
async fn open(config: &Config, after: &str) -> Result<(), Failed> {
    println!("opening it after {after}");
    for _ in 0..3 {
        let begun = Instant::now();
        let app = App::open(config.clone(), false).await?;
        println!("  open                   {:8.1} ms", millis(begun.elapsed()));
        app.db.close().await;
    }
    // An older database is put back: the newest batches are applied again.
    let app = App::open(config.clone(), false).await?;
    let file = config.data.join("catalog.sqlite");
    app.db.close().await;
    drop(app);
    let old = config.data.join("old.sqlite");
    std::fs::copy(&file, &old)?;
    let app = App::open(config.clone(), false).await?;
    let actor = app.operator();
    for part in 0..4 {
        let acts = (0..256).map(|no| {
            let code = format!("99{:010}", part * 256 + no).parse();
            let (app, actor) = (&app, &actor);
            async move {
                let act = Act::RegisterOrganisation { code: code?, name: "社区".into() };
                Ok::<_, Failed>(app.recorder.record(actor, act).await?)
            }
        });
        futures::future::try_join_all(acts).await?;
    }
    app.db.close().await;
    drop(app);
    std::fs::copy(&old, &file)?;
    let begun = Instant::now();
    let app = App::open(config.clone(), false).await?;
    println!("  an old database        {:8.1} ms, 1024 acts applied", millis(begun.elapsed()));
    app.db.close().await;
    Ok(())
}
