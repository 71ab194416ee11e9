//! Seconds a page and peak memory, beside the `rapidocr` Python package with models of the same
//! family on the same images, where that is installed: `pace MODELS IMAGE…`.
//!
//! Three ways, each in a process of its own: on one thread, which is what the others are held
//! against; on all of them; and on all of them with as many pages at a time.
//! `YIDANG_RAPIDOCR` names a python that has the package; the usual one is `python3`.

use std::num::NonZero;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use image::RgbImage;
use yidang_ocr::{Engine, Models, Settings};

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What one way came to: seconds a page, MB, characters.
type Figures = [f64; 3];

const REFERENCE: &str = "
import sys, time, resource
from rapidocr import RapidOCR
engine = RapidOCR()
begun, characters = time.time(), 0
for page in sys.argv[1:]:
    found = engine(page)
    characters += sum(map(len, found.txts or ()))
took = (time.time() - begun) / len(sys.argv[1:])
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, characters)
";

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [way, threads, at_once, models, images @ ..] if way == "--way" => {
            read(models, images, (threads.parse()?, at_once.parse()?))
        }
        [models, images @ ..] if !images.is_empty() => compare(models, images),
        _ => Err("usage: pace MODELS IMAGE...".into()),
    }
}

fn compare(models: &str, images: &[String]) -> Result<(), Failed> {
    let all = std::thread::available_parallelism().map_or(1, NonZero::get).to_string();
    println!("{} images, {all} threads", images.len());
    println!("{:<36} {:>12} {:>8} {:>10}", "", "s a page", "MB", "characters");
    let program = std::env::current_exe()?;
    let way = |name: &str, threads: &str, at_once: &str| -> Result<Figures, Failed> {
        let mut child = Command::new(&program);
        child.args(["--way", threads, at_once, models]).args(images);
        let figures = figures(&mut child)?.ok_or("a way of reading failed")?;
        told(name, figures);
        Ok(figures)
    };
    let [one, ..] = way("one page, one thread", "1", "1")?;
    let [wall, ..] = way("one page, all threads", &all, "1")?;
    let [together, ..] = way("as many pages as threads", &all, &all)?;
    let python = std::env::var("YIDANG_RAPIDOCR").unwrap_or_else(|_| "python3".into());
    let mut child = Command::new(&python);
    match figures(child.arg("-c").arg(REFERENCE).args(images))? {
        Some(theirs) => {
            told("rapidocr, one page", theirs);
            println!("one page, of theirs {:.2}", wall / theirs[0]);
        }
        None => println!("rapidocr is not installed in {python}: set YIDANG_RAPIDOCR"),
    }
    println!("one page on all threads, as fast as on one {:.2} times", one / wall);
    println!("that many pages on all threads, as fast as on one {:.2} times", one / together);
    Ok(())
}

fn told(name: &str, [seconds, memory, characters]: Figures) {
    println!("{name:<36} {seconds:>12.3} {memory:>8} {characters:>10}");
}

/// What the last line of a program says; none when it fails.
fn figures(program: &mut Command) -> Result<Option<Figures>, Failed> {
    let Ok(done) = program.output() else { return Ok(None) };
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let last = text.lines().last().unwrap_or_default();
    let numbers: Vec<f64> = last.split(' ').filter_map(|one| one.parse().ok()).collect();
    Ok(numbers.try_into().ok().filter(|_| done.status.success()))
}

/// Reads the images and prints the figures of it.
fn read(models: &str, images: &[String], (threads, at_once): (usize, usize)) -> Result<(), Failed> {
    let engine = Engine::load(&Models::in_dir(models), threads)?;
    let (next, characters) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let one_after_another = || -> Result<(), Failed> {
        while let Some(path) = images.get(next.fetch_add(1, Ordering::Relaxed)) {
            let page = engine.read(&opened(path)?, &Settings::default())?;
            let count = page.lines.iter().map(|line| line.text.chars().count()).sum();
            characters.fetch_add(count, Ordering::Relaxed);
        }
        Ok(())
    };
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..at_once).map(|_| scope.spawn(one_after_another)).collect();
        readers.into_iter().try_for_each(|one| one.join().map_err(|_| "a reader stopped")?)
    })?;
    #[allow(clippy::cast_precision_loss)]
    let each = begun.elapsed().as_secs_f64() / images.len() as f64;
    println!("{each} {} {}", peak_memory(), characters.into_inner());
    Ok(())
}

fn opened(path: &str) -> Result<RgbImage, Failed> {
    Ok(image::ImageReader::open(path)?.with_guessed_format()?.decode()?.to_rgb8())
}

/// The most memory this process has used, in MB; 0 where the system does not say.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
