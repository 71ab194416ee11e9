//! Questions of nine kinds, and how long their answers take.

use std::path::Path;
use std::time::Instant;

use yidang_indexer::{Filter, Index, Window};

use crate::bare::Bare;
use crate::pages::{Pages, Question};
use crate::status;

const ROUNDS: usize = 200;

/// Asks both indexes in `folder` and prints a table, and the sums over all questions beside each
/// other; writes to `FIGURES`, a line each: p50 and p99 of ours and p50 of bare tantivy over all
/// questions, in milliseconds.
pub(crate) fn ask(folder: &Path, count: u32, seed: u64) {
    let index = Index::open(&folder.join("ours")).unwrap();
    let opened = status("RssAnon:");
    let mut pages = Pages::new(seed, count);
    let classes = classes(&mut pages);
    let mut ours = vec![Vec::new(); classes.len()];
    let mut hits = vec![Vec::new(); classes.len()];
    // Once before it counts, as in a server that has been asked before.
    for counts in [false, true] {
        for (kind, (_, filter, questions)) in classes.iter().enumerate() {
            for question in questions.iter().take(if counts { ROUNDS } else { 5 }) {
                let started = Instant::now();
                let answer = index.search(&question.text, filter, &Window::default()).unwrap();
                if counts {
                    ours[kind].push(started.elapsed().as_secs_f64() * 1e3);
                    hits[kind].push(answer.total_pages as f64);
                }
            }
        }
    }
    println!(
        "memory while asking: {} MB of its own ({opened} when opened), {} MB with the index mapped",
        status("RssAnon:"),
        status("VmHWM:")
    );
    let bare = Bare::open(&folder.join("bare"));
    println!(
        "\nms                 ours p50    p99   bare p50    p99   alike p50    p99    hits (median)"
    );
    let (mut all, mut all_bare, mut all_alike) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, (name, _, questions)) in classes.iter().enumerate() {
        let time = |ask: &dyn Fn(&Question) -> usize| -> Vec<f64> {
            let one = |question| {
                let started = Instant::now();
                std::hint::black_box(ask(question));
                started.elapsed().as_secs_f64() * 1e3
            };
            questions.iter().take(5).map(one).for_each(drop);
            questions.iter().map(one).collect()
        };
        let mut theirs = time(&|question| bare.count(question));
        let mut alike = time(&|question| bare.answer(question));
        all.extend(ours[kind].iter().copied());
        all_bare.extend(theirs.iter().copied());
        all_alike.extend(alike.iter().copied());
        let times = [&mut ours[kind], &mut theirs, &mut alike];
        line(name, times, quantile(&mut hits[kind], 0.5));
    }
    line("all", [&mut all, &mut all_bare, &mut all_alike], f64::NAN);
    let [ours, theirs, alike] =
        [&all, &all_bare, &all_alike].map(|times| times.iter().sum::<f64>());
    println!(
        "all together: {ours:.0} ms, {:.2} times bare tantivy, {:.2} times tantivy like for like",
        ours / theirs,
        ours / alike
    );
    if let Some(file) = std::env::var_os("FIGURES") {
        let [p50, p99] = [0.5, 0.99].map(|part| quantile(&mut all, part));
        let bare = quantile(&mut all_bare, 0.5);
        std::fs::write(file, format!("{p50}\n{p99}\n{bare}\n")).unwrap();
    }
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

fn quantile(times: &mut [f64], part: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * part).round() as usize]
}

fn line(name: &str, times: [&mut Vec<f64>; 3], hits: f64) {
    let [ours, bare, alike] = times.map(|one| [quantile(one, 0.5), quantile(one, 0.99)]);
    println!(
        "{name:<20} {:>6.2} {:>6.2}     {:>6.2} {:>6.2}     {:>6.2} {:>6.2}    {hits:.0}",
        ours[0], ours[1], bare[0], bare[1], alike[0], alike[1],
    );
}
