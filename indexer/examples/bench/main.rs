//! Measures indexing and searching of generated pages, beside bare tantivy in the same run.
//!
//! `cargo run --release -p yidang-indexer --example bench -- [PAGES] [SEED]`
//!
//! The reference holds the same pages in plain fields (jieba words, single characters, pairs of
//! characters) and answers the same terms with its ten best pages and their number: no filter, no
//! grouping, no counts by facet, no snippets, no places.
//!
//! Times are processor time (of the asking thread, or of the process while indexing), so that a busy
//! machine does not blur them.
#![allow(clippy::unwrap_used)]

mod bare;
mod pages;

use rustix::time::{ClockId, clock_gettime};
use yidang_indexer::{Budget, Filter, Index, Window};

use bare::Bare;
use pages::{Pages, Question};

const ROUNDS: usize = 200;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse().unwrap());
    let count = arguments.next().unwrap_or(10_000) as u32;
    let seed = arguments.next().unwrap_or(1);
    let folder = tempfile::tempdir().unwrap();
    println!("{count} pages of 400 characters, seed {seed}");

    let started = process_time();
    let bare = Bare::build(&folder.path().join("bare"), Pages::new(seed, count));
    let rate = f64::from(count) / (process_time() - started);
    println!(
        "bare tantivy:   {rate:.0} pages a CPU second, {} MB",
        size(&folder.path().join("bare"))
    );

    let started = process_time();
    let path = folder.path().join("ours");
    let index = Index::open(&path).unwrap();
    let mut writer = index.writer_with(Budget { memory: 128_000_000, threads: 2 }).unwrap();
    for document in Pages::new(seed, count).documents() {
        writer.replace(document[0].document, &document).unwrap();
    }
    writer.commit(1).unwrap();
    writer.close().unwrap();
    let rate = f64::from(count) / (process_time() - started);
    println!("yidang-indexer: {rate:.0} pages a CPU second, {} MB", size(&path));

    println!("\nms                 ours p50    p99   bare p50    p99    hits (median)");
    let mut pages = Pages::new(seed, count);
    let (mut ours_all, mut bare_all) = (Vec::new(), Vec::new());
    for (name, filter, questions) in classes(&mut pages) {
        let (mut ours, mut theirs, mut hits) = (Vec::new(), Vec::new(), Vec::new());
        for question in &questions {
            let started = thread_time();
            let answer = index.search(&question.text, &filter, &Window::default()).unwrap();
            ours.push((thread_time() - started) * 1e3);
            hits.push(answer.total_pages as f64);
            let started = thread_time();
            let counted = bare.count(question);
            theirs.push((thread_time() - started) * 1e3);
            assert!(counted < usize::MAX);
        }
        line(name, &mut ours, &mut theirs, median(&mut hits));
        ours_all.extend(ours);
        bare_all.extend(theirs);
    }
    line("all", &mut ours_all, &mut bare_all, f64::NAN);
    println!("\npeak memory, building both: {} MB", status("VmHWM:"));
}

fn classes(pages: &mut Pages) -> Vec<(&'static str, Filter, Vec<Question>)> {
    let all = Filter::everything;
    let mut ask = |make: fn(&mut Pages) -> Question| -> Vec<Question> {
        (0..ROUNDS).map(|_| make(pages)).collect()
    };
    vec![
        ("rare word", all(), ask(Pages::rare)),
        ("frequent word", all(), ask(Pages::frequent)),
        ("frequent, scoped", Filter::within("990102003"), ask(Pages::frequent)),
        ("one character", all(), ask(Pages::character)),
        ("phrase", all(), ask(Pages::phrase)),
        ("frequent phrase", all(), ask(Pages::frequent_phrase)),
        ("two frequent words", all(), ask(Pages::two_words)),
        ("last four digits", all(), ask(Pages::tail)),
        ("whole number", all(), ask(Pages::number)),
    ]
}

fn line(name: &str, ours: &mut [f64], bare: &mut [f64], hits: f64) {
    let quantile = |times: &mut [f64], part: f64| {
        times.sort_by(f64::total_cmp);
        times[((times.len() - 1) as f64 * part).round() as usize]
    };
    println!(
        "{name:<20} {:>6.2} {:>6.2}     {:>6.2} {:>6.2}    {hits:.0}",
        quantile(ours, 0.5),
        quantile(ours, 0.99),
        quantile(bare, 0.5),
        quantile(bare, 0.99),
    );
}

/// Processor seconds of this thread.
fn thread_time() -> f64 {
    seconds(ClockId::ThreadCPUTime)
}

/// Processor seconds of all threads.
fn process_time() -> f64 {
    seconds(ClockId::ProcessCPUTime)
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn size(folder: &std::path::Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().metadata().unwrap().len()).sum::<u64>() / 1_000_000
}

/// A line of this process's status, in MB; 0 where there is no such file.
fn status(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    digits.parse::<u64>().unwrap_or(0) / 1000
}
