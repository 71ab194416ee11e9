//! Measures indexing and searching of generated pages, beside bare tantivy in the same run.
//!
//! `cargo run --release -p yidang-indexer --example bench -- [PAGES...] [--seed N] [--svg FILE] [--keep FOLDER]`
//!
//! The reference holds the same pages in plain fields (jieba words, single characters, pairs of
//! characters) and answers the same terms with its ten best pages and their number: no filter, no
//! grouping, no counts by facet, no snippets, no places. Like for like it is asked for counts by
//! facet and snippets too, by its own means, and still not for a filter, grouping or places.
//!
//! Times of indexing are processor time, those of questions what passes on the clock. Every number
//! of pages has a process of its own, which builds the indexes, and one more, which asks, so that
//! memory is told of each. With several numbers, `--svg` draws how answers grow with pages. Indexes
//! kept in a folder are asked again without being built.
#![allow(clippy::unwrap_used)]

mod asked;
mod bare;
mod pages;
mod plot;

use std::path::Path;
use std::process::Command;

use rustix::time::{ClockId, clock_gettime};
use yidang_indexer::{Budget, Index};

use bare::Bare;
use pages::Pages;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["build", folder, count, seed] => {
            build(Path::new(folder), count.parse().unwrap(), seed.parse().unwrap());
        }
        ["ask", folder, count, seed] => {
            asked::ask(Path::new(folder), count.parse().unwrap(), seed.parse().unwrap());
        }
        _ => all(&arguments),
    }
}

fn all(arguments: &[String]) {
    let value = |name: &str| {
        let at = arguments.iter().position(|one| one == name)?;
        arguments.get(at + 1).cloned()
    };
    let seed = value("--seed").unwrap_or_else(|| "1".into());
    let sizes = arguments.iter().take_while(|one| !one.starts_with("--"));
    let mut sizes: Vec<u32> = sizes.map(|one| one.parse().unwrap()).collect();
    if sizes.is_empty() {
        sizes.push(10_000);
    }
    let mut grown = Vec::new();
    for count in sizes {
        println!("{count} pages of 400 characters, seed {seed}");
        let passing = tempfile::tempdir_in(".").unwrap();
        let kept = value("--keep").map(|keep| Path::new(&keep).join(format!("{seed}-{count}")));
        let folder = kept.as_deref().unwrap_or(passing.path());
        let (built, told) = (folder.join("built"), folder.join("figures"));
        let run = |what: &str| {
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.arg(what).arg(folder).arg(count.to_string()).arg(&seed);
            assert!(child.env("FIGURES", &told).status().unwrap().success());
        };
        if !built.exists() {
            run("build");
            std::fs::write(built, "").unwrap();
        }
        run("ask");
        let figures = std::fs::read_to_string(told).unwrap();
        grown.push((count, figures.lines().map(|line| line.parse().unwrap()).collect()));
        println!();
    }
    if let Some(file) = value("--svg") {
        std::fs::write(&file, plot::growth(&grown)).unwrap();
        println!("drawn in {file}");
    }
}

fn build(folder: &Path, count: u32, seed: u64) {
    let started = process_time();
    Bare::build(&folder.join("bare"), Pages::new(seed, count));
    let rate = f64::from(count) / (process_time() - started);
    println!("bare tantivy:   {rate:.0} pages a CPU second, {} MB", size(&folder.join("bare")));

    let started = process_time();
    let path = folder.join("ours");
    let index = Index::open(&path).unwrap();
    let mut writer = index.writer_with(Budget { memory: 128_000_000, threads: 2 }).unwrap();
    let mut largest = 0;
    for (at, document) in Pages::new(seed, count).documents().enumerate() {
        writer.replace(document[0].document, &document).unwrap();
        // As often as a server that takes in a whole archive.
        if at % 20_000 == 19_999 {
            writer.commit(at as u64).unwrap();
            largest = largest.max(size(&path));
        }
    }
    writer.commit(u64::from(count)).unwrap();
    largest = largest.max(size(&path));
    writer.close().unwrap();
    let rate = f64::from(count) / (process_time() - started);
    let settled = size(&path);
    println!(
        "yidang-indexer: {rate:.0} pages a CPU second, {settled} MB, {largest} MB at the most"
    );
    println!("memory of both: {} MB at the most", status("VmHWM:"));
}

/// Processor seconds of all threads.
fn process_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn size(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap();
    // A file may go while it is looked at.
    let sizes = files.filter_map(|file| file.ok()?.metadata().ok());
    sizes.map(|about| about.len()).sum::<u64>() / 1_000_000
}

/// A line of this process's status, in MB; 0 where there is no such file.
fn status(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    digits.parse::<u64>().unwrap_or(0) / 1000
}
