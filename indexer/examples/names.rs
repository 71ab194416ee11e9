//! Measures suggestions among generated names, in processor time of the asking thread.
//!
//! `cargo run --release -p yidang-indexer --example names -- [NAMES] [SEED]`
//!
//! The reference is the same names in a list, each asked whether it has what was typed in it.
#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use rustix::time::{ClockId, clock_gettime};
use yidang_indexer::{Name, Names};

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗曾单解仇";
const GIVEN: &str = "桂兰志强小明秀芳建国玉梅海燕文彬淑珍德福晓军丽华春生永红";
const ROUNDS: usize = 300;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse::<u64>().unwrap());
    let (count, mut seed) = (arguments.next().unwrap_or(100_000), arguments.next().unwrap_or(1));
    let mut random = |below: usize| {
        // SplitMix64
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    };
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let mut list = Vec::new();
    let mut names = Names::default();
    for no in 0..count {
        let head: String = [
            surnames[random(surnames.len())],
            given[random(given.len())],
            given[random(given.len())],
        ]
        .iter()
        .collect();
        list.push(head.clone());
        names.put(Name {
            household: format!("99010200{:04}{:05}", no / 100_000, no % 100_000),
            head,
            organisation: format!("99010200{:04}", no % 40),
            reference: format!("J016-DB·2026-D10-{no:03}"),
        });
    }
    println!("{count} names\nms               ours p50    p99   plain p50    p99");
    let scopes = [("everything", "99"), ("one street", "990102000003")];
    for (name, prefix) in scopes {
        let (mut ours, mut plain) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let typed = match round % 6 {
                0 => "王".to_owned(),
                1 => "桂兰".to_owned(),
                2 => "wxm".to_owned(),
                3 => "zhougui".to_owned(),
                4 => "z".to_owned(),
                _ => format!("{:05}", random(100_000)),
            };
            let started = thread_time();
            black_box(names.meant(&typed, prefix, 6).len());
            ours.push((thread_time() - started) * 1e3);
            let started = thread_time();
            black_box(list.iter().filter(|head| head.contains(&typed)).count());
            plain.push((thread_time() - started) * 1e3);
        }
        let [a, b] = [0.5, 0.99].map(|part| quantile(&mut ours, part));
        let [c, d] = [0.5, 0.99].map(|part| quantile(&mut plain, part));
        println!("{name:<16} {a:>8.2} {b:>6.2}    {c:>8.2} {d:>6.2}");
    }
}

/// Processor seconds of this thread.
fn thread_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn quantile(times: &mut [f64], part: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * part).round() as usize]
}
