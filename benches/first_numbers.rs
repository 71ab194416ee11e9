//! `make bench`: the numbers that matter, each beside a reference in the same
//! run. Nothing here asserts; a person reads it.
//!
//! * ingest: 300 KB scans, 16 at a time, until acknowledged, beside a bare loop
//!   of temp file, write, fsync, rename, fsync of the folder;
//! * sweep: `verify`, beside SHA-256 alone over the same files;
//! * both again with the store encrypted, beside themselves without;
//! * OCR: seconds a page and peak memory, beside the `rapidocr` Python package
//!   where it is installed.
//!
//! Search has a bench of its own: `indexer/examples/bench.rs`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures::StreamExt;
use yidang::app::App;
use yidang::config::Config;
use yidang::extract::{Limits, Reader};
use yidang::model::id::Digest;
use yidang::setup::{self, Founding};
use yidang::{audit, intake, models};

/// How many files are on their way at a time.
const AT_ONCE: usize = 16;
/// How many files.
const FILES: u32 = 2400;
/// How large each is.
const SIZE: usize = 300_000;
/// In how large pieces they arrive.
const PIECE: usize = 64 << 10;

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failed> {
    yidang::extract::child::main();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // A folder of its own each time, removed at the end: for some minutes a
        // file system is slow where it has just freed many files.
        let folder = PathBuf::from(format!(".local/bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        store(&folder).await?;
        ocr().await?;
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    })
}

/// Ingest and sweep, the bare loops first and last, since a disk's speed
/// drifts.
async fn store(folder: &Path) -> Result<(), Failed> {
    let scans = folder.join("scans");
    std::fs::create_dir_all(&scans)?;
    for number in 0..FILES {
        std::fs::write(scans.join(format!("{number}.jpg")), scan(number))?;
    }
    let before = bare_writes(&scans, &folder.join("bare-1")).await?;
    let (ours, app) = ingest(&scans, &folder.join("data"), false).await?;
    let (sealed, encrypted) = ingest(&scans, &folder.join("encrypted"), true).await?;
    let after = bare_writes(&scans, &folder.join("bare-2")).await?;
    let bare = (before + after) / 2.0;
    println!("ingest of {FILES} files of {} KB, {AT_ONCE} at a time", SIZE / 1000);
    println!("  yidang, acknowledged   {ours:8.1} files/s");
    println!("  bare durable writes    {bare:8.1} files/s ({before:.1}, then {after:.1})");
    println!("  ratio                  {:8.2}", ours / bare);
    println!("  yidang, encrypted      {sealed:8.1} files/s");
    println!("  ratio to plain         {:8.2}", sealed / ours);

    let begun = Instant::now();
    let report = audit::verify(&app, &app.operator(), Arc::default()).await?;
    let ours = rate(report.bytes, begun);
    let begun = Instant::now();
    let alone = rate(hash_all(&folder.join("data/store/obj")).await?, begun);
    println!("sweep of {} files, {} MB", report.checked, report.bytes / 1_000_000);
    println!("  yidang verify          {ours:8.1} MB/s");
    println!("  sha2 alone             {alone:8.1} MB/s");
    println!("  ratio                  {:8.2}", ours / alone);
    let begun = Instant::now();
    let report = audit::verify(&encrypted, &encrypted.operator(), Arc::default()).await?;
    let sealed = rate(report.bytes, begun);
    println!("  yidang, encrypted      {sealed:8.1} MB/s");
    println!("  ratio to plain         {:8.2}", sealed / ours);
    Ok(())
}

#[allow(clippy::cast_precision_loss)]
fn rate(bytes: u64, begun: Instant) -> f64 {
    bytes as f64 / 1e6 / begun.elapsed().as_secs_f64()
}

/// A JPEG of [`SIZE`] bytes unlike any other: a small picture, and comment
/// segments of noise.
fn scan(number: u32) -> Vec<u8> {
    let mut noise = u64::from(number) + 1;
    let mut next = move || {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        noise.to_le_bytes()[3]
    };
    let mut jpeg = Vec::new();
    let picture = image::GrayImage::from_pixel(32, 32, image::Luma([200]));
    let encoder = image::codecs::jpeg::JpegEncoder::new(&mut jpeg);
    if picture.write_with_encoder(encoder).is_err() {
        return jpeg;
    }
    let mut file = jpeg[..2].to_vec();
    while file.len() + jpeg.len() < SIZE {
        let length = (SIZE - file.len() - jpeg.len() + 2).clamp(4, 60_000);
        file.extend([0xff, 0xfe]);
        file.extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
        file.extend((2..length).map(|_| next()));
    }
    file.extend(&jpeg[2..]);
    file
}

/// Files a second of a bare durable write: temp file, write, fsync, rename,
/// fsync of the folder.
async fn bare_writes(scans: &Path, to: &Path) -> Result<f64, Failed> {
    for shard in 0..=255_u8 {
        std::fs::create_dir_all(to.join(format!("{shard:02x}")))?;
    }
    let begun = Instant::now();
    let writes = (0..FILES).map(|number| {
        let (from, to) = (scans.join(format!("{number}.jpg")), to.to_owned());
        tokio::task::spawn_blocking(move || -> std::io::Result<()> {
            use std::io::Write;
            let bytes = std::fs::read(from)?;
            let folder = to.join(format!("{:02x}", number % 256));
            let temporary = folder.join(format!("{number}.part"));
            let mut file = std::fs::File::create(&temporary)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            std::fs::rename(&temporary, folder.join(number.to_string()))?;
            std::fs::File::open(folder)?.sync_all()
        })
    });
    let mut writes = futures::stream::iter(writes).buffer_unordered(AT_ONCE);
    while let Some(written) = writes.next().await {
        written??;
    }
    Ok(f64::from(FILES) / begun.elapsed().as_secs_f64())
}

/// Files a second through intake, each acknowledged.
async fn ingest(scans: &Path, data: &Path, encrypted: bool) -> Result<(f64, Arc<App>), Failed> {
    let mut config = Config { data: data.to_owned(), ..Config::default() };
    config.encryption.volumes = encrypted;
    let app = App::open(config, true).await?;
    let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
    setup::found(&app, &app.operator(), &founding).await?;
    let begun = Instant::now();
    let uploads = (0..FILES).map(|number| {
        let (app, path) = (Arc::clone(&app), scans.join(format!("{number}.jpg")));
        tokio::spawn(async move {
            // In pieces as they come from the network.
            let bytes = Bytes::from(std::fs::read(path)?);
            let pieces: Vec<Bytes> = (0..bytes.len())
                .step_by(PIECE)
                .map(|at| bytes.slice(at..bytes.len().min(at + PIECE)))
                .collect();
            let stream = futures::stream::iter(pieces.into_iter().map(Ok::<_, Failed>));
            intake::take(&app, &app.operator(), "scan.jpg", None, stream).await?;
            Ok::<_, Failed>(())
        })
    });
    let mut uploads = futures::stream::iter(uploads).buffer_unordered(AT_ONCE);
    while let Some(taken) = uploads.next().await {
        taken??;
    }
    let speed = f64::from(FILES) / begun.elapsed().as_secs_f64();
    drop(uploads);
    Ok((speed, app))
}

/// Reads and hashes every file below `folder` with as many threads as `verify`
/// uses; returns how many bytes.
async fn hash_all(folder: &Path) -> Result<u64, Failed> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let hashes = files.into_iter().map(|path| {
        tokio::task::spawn_blocking(move || -> std::io::Result<u64> {
            let bytes = std::fs::read(path)?;
            std::hint::black_box(Digest::of(&bytes));
            Ok(bytes.len() as u64)
        })
    });
    let mut hashes = futures::stream::iter(hashes).buffer_unordered(4);
    let mut total = 0;
    while let Some(bytes) = hashes.next().await {
        total += bytes??;
    }
    Ok(total)
}

/// Seconds a page and peak memory on sample pages, one at a time with all
/// processors, beside the reference where it is installed.
async fn ocr() -> Result<(), Failed> {
    let names = ["扫描0001.jpg", "扫描0002.jpg", "扫描0003.jpg", "扫描0004.jpg"];
    let listed = std::fs::read_dir("sample-docs/files")?;
    let mut pages: Vec<PathBuf> = names
        .iter()
        .map(|name| Path::new("sample-docs/files").join(name))
        .filter(|path| path.is_file())
        .collect();
    if pages.len() < names.len() {
        let mut jpegs: Vec<PathBuf> = listed
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
            .collect();
        jpegs.sort();
        pages = jpegs.into_iter().take(6).collect();
    }
    let folder = std::env::var("YIDANG_MODELS").unwrap_or_else(|_| ".local/models".into());
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let engine = match models::load(Path::new(&folder), threads) {
        Ok(engine) => Arc::new(engine),
        Err(error) => {
            println!("OCR is not measured: {error}");
            return Ok(());
        }
    };
    let reader = Reader::new(Limits::default()).with_engine(Some(engine));
    let mut all = 0.0;
    let mut characters = 0;
    for page in &pages {
        let inspected = reader.inspect(page).await?;
        let begun = Instant::now();
        let reading = reader.read(page, inspected.kind, |_| {}).await?;
        all += begun.elapsed().as_secs_f64();
        characters += reading.pages.iter().map(|p| p.text().chars().count()).sum::<usize>();
    }
    #[allow(clippy::cast_precision_loss)]
    let each = all / pages.len().max(1) as f64;
    println!("OCR of {} sample pages, {threads} threads, {characters} characters", pages.len());
    println!(
        "  yidang                 {each:8.2} s a page, peak memory of this process {} MB",
        peak_memory()
    );
    let python = std::env::var("YIDANG_RAPIDOCR").unwrap_or_else(|_| "python3".into());
    let script = "import sys, time, resource\nfrom rapidocr import RapidOCR\ne = RapidOCR()\n\
                  t = time.time()\nfor p in sys.argv[1:]: e(p)\n\
                  print((time.time() - t) / len(sys.argv[1:]), \
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)";
    let reference =
        tokio::process::Command::new(&python).arg("-c").arg(script).args(&pages).output().await;
    match reference {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let last = text.lines().last().unwrap_or_default();
            let mut figures = last.split(' ').filter_map(|f| f.parse::<f64>().ok());
            let (theirs, memory) = (figures.next().unwrap_or(0.0), figures.next().unwrap_or(0.0));
            println!("  rapidocr               {theirs:8.2} s a page, peak memory {memory} MB");
            println!("  ratio of wall times    {:8.2}", each / theirs);
        }
        _ => println!(
            "  rapidocr is not installed in {python}; set YIDANG_RAPIDOCR to a python that has it"
        ),
    }
    Ok(())
}

/// The most memory this process has used, in MB; 0 where the system does not
/// say.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
