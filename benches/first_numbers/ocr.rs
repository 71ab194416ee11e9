//! Seconds a page and peak memory of the recogniser.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use yidang::extract::{Limits, Reader};
use yidang::models;

use crate::Failed;

/// Seconds a page and peak memory on sample pages, one at a time with all
/// processors, beside the reference where it is installed.
pub(crate) async fn pages() -> Result<(), Failed> {
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
