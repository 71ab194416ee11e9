//! `make bench`: the numbers that matter, each beside a reference in the same
//! run. Nothing here asserts; a person reads it.
//!
//! * ingest: 300 KB scans, 16 at a time, until acknowledged, beside a bare loop
//!   of temp file, write, fsync, rename, fsync of the folder, and beside one that
//!   hashes the bytes too, which is the most that can be reached where a disk
//!   syncs for nothing;
//! * sweep: `verify`, beside SHA-256 alone over the same files; and what a
//!   second of processor time reads, beside `rocfl validate` on an OCFL object of
//!   the same scans, where that program is installed;
//! * both again with the store encrypted, beside themselves without.
//!
//! OCR and search have benches of their own: `ocr/examples/pace.rs` and
//! `indexer/examples/bench/`.

mod clock;
mod rocfl;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use yidang::app::App;
use yidang::config::Config;
use yidang::model::id::Digest;
use yidang::setup::{self, Founding};
use yidang::{audit, intake};

use self::clock::{Clock, Speed};

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
        let place = std::env::var("YIDANG_BENCH").unwrap_or_else(|_| ".local".into());
        let folder = PathBuf::from(place).join(format!("bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        store(&folder).await?;
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
    let before = bare_writes(&scans, &folder.join("bare-1"), false).await?;
    let (ours, app) = ingest(&scans, &folder.join("data"), false).await?;
    let (sealed, encrypted) = ingest(&scans, &folder.join("encrypted"), true).await?;
    let hashed = bare_writes(&scans, &folder.join("hashed"), true).await?;
    let after = bare_writes(&scans, &folder.join("bare-2"), false).await?;
    let bare = (before + after) / 2.0;
    println!("ingest of {FILES} files of {} KB, {AT_ONCE} at a time", SIZE / 1000);
    println!("  yidang, acknowledged   {ours}");
    println!("  bare durable writes    {bare} ({:.1}, then {:.1})", before.speed, after.speed);
    println!("  ratio                  {:8.2}", ours.speed / bare.speed);
    println!("  bare writes, hashed    {hashed}");
    println!("  ratio                  {:8.2}", ours.speed / hashed.speed);
    println!("  yidang, encrypted      {sealed}");
    println!("  ratio to plain         {:8.2}", sealed.speed / ours.speed);

    // Tiles follow within a second; that is not the sweep's.
    app.settle().await?;
    let clock = Clock::start();
    let report = audit::verify(&app, &app.operator(), Arc::default()).await?;
    let ours = clock.bytes(report.bytes);
    let clock = Clock::start();
    let alone = clock.bytes(hash_all(&folder.join("data/store/obj")).await?);
    println!("sweep of {} files, {} MB", report.checked, report.bytes / 1_000_000);
    println!("  yidang verify          {ours}");
    println!("  sha2 alone             {alone}");
    println!("  ratio                  {:8.2}", ours.speed / alone.speed);
    encrypted.settle().await?;
    let clock = Clock::start();
    let report = audit::verify(&encrypted, &encrypted.operator(), Arc::default()).await?;
    let sealed = clock.bytes(report.bytes);
    println!("  yidang, encrypted      {sealed}");
    println!("  ratio to plain         {:8.2}", sealed.speed / ours.speed);
    rocfl::validate(&scans, &folder.join("ocfl")).await
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
async fn bare_writes(scans: &Path, to: &Path, hashed: bool) -> Result<Speed, Failed> {
    for shard in 0..=255_u8 {
        std::fs::create_dir_all(to.join(format!("{shard:02x}")))?;
    }
    let clock = Clock::start();
    let writes = (0..FILES).map(|number| {
        let (from, to) = (scans.join(format!("{number}.jpg")), to.to_owned());
        tokio::task::spawn_blocking(move || -> std::io::Result<()> {
            use std::io::Write;
            let bytes = std::fs::read(from)?;
            if hashed {
                std::hint::black_box(Digest::of(&bytes));
            }
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
    Ok(clock.count(FILES.into(), "files"))
}

/// Files a second through intake, each acknowledged.
async fn ingest(scans: &Path, data: &Path, encrypted: bool) -> Result<(Speed, Arc<App>), Failed> {
    let mut config = Config { data: data.to_owned(), ..Config::default() };
    config.encryption.volumes = encrypted;
    let app = App::open(config, true).await?;
    let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
    setup::found(&app, &app.operator(), &founding).await?;
    let clock = Clock::start();
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
    let speed = clock.count(FILES.into(), "files");
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
