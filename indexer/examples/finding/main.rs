//! Measures what is found on pages that were read with mistakes, before and after tolerance.
//!
//! `cargo run --release -p yidang-indexer --example finding -- [SEED] [HOUSEHOLDS] [ERROR %]`
//!
//! Papers are made from the seed and read by a pretended recogniser that takes some characters for
//! others, look-alikes where there are any, and thought of the right one in half of the cases. A
//! question is asked as exact runs (in quotes), as it is typed, and with `~` behind its words. Right is what the paper says,
//! whatever was read.
#![allow(clippy::unwrap_used)]

mod papers;
mod questions;

use std::collections::HashSet;

use fastrand::Rng;
use papers::Recogniser;
use questions::Question;
use yidang_indexer::{Filter, Index, Window};

const LOOK_ALIKES: &str = include_str!("../../data/look-alikes.txt");
const EACH: usize = 40;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse::<f64>().unwrap());
    let seed = arguments.next().unwrap_or(1.0) as u64;
    let households = arguments.next().unwrap_or(2000.0) as usize;
    let error = arguments.next().unwrap_or(2.0) / 100.0;
    let mut random = Rng::with_seed(seed);
    let papers = papers::papers(&mut random, households);
    let recogniser = Recogniser { error, thought_of: 0.5 };
    let pairs: Vec<(char, char)> = LOOK_ALIKES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some((line.chars().next()?, line.chars().nth(2)?)))
        .collect();

    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    let mut read = Vec::new();
    for paper in &papers {
        let page = recogniser.read(&mut random, paper, &pairs);
        read.push(page.text.clone());
        writer.replace(paper.number, &[page]).unwrap();
    }
    writer.commit(1).unwrap();

    println!(
        "{} papers, {:.1} % of characters read wrong, seed {seed}\n",
        papers.len(),
        error * 100.0
    );
    println!(
        "| kind | questions | recall@10 in quotes | as typed | with ~ | precision@10 in quotes | as typed |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, questions) in questions::kinds(&mut random, &papers, &read, EACH) {
        let exact = Sums::of(&index, &questions, |text| {
            text.split(' ').map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" ")
        });
        let typed = Sums::of(&index, &questions, str::to_owned);
        let wide = Sums::of(&index, &questions, |text| format!("{}~", text.replace(' ', "~ ")));
        println!(
            "| {name} | {} | {:.1} % | {:.1} % | {:.1} % | {} | {} |",
            questions.len(),
            exact.recall(),
            typed.recall(),
            wide.recall(),
            exact.precision(),
            typed.precision(),
        );
    }
}

/// What questions of one kind found among the first ten.
#[derive(Default)]
struct Sums {
    found: usize,
    findable: usize,
    shown: usize,
}

impl Sums {
    fn of(index: &Index, questions: &[Question], typed: impl Fn(&str) -> String) -> Self {
        let mut sums = Sums::default();
        for question in questions {
            let window = Window { limit: 10, ..Window::default() };
            let answer =
                index.search(&typed(&question.text), &Filter::everything(), &window).unwrap();
            let right: HashSet<u64> = question.right.iter().copied().collect();
            sums.found += answer.hits.iter().filter(|hit| right.contains(&hit.document)).count();
            sums.findable += right.len().min(10);
            sums.shown += answer.hits.len();
        }
        sums
    }

    fn recall(&self) -> f64 {
        100.0 * self.found as f64 / self.findable.max(1) as f64
    }

    fn precision(&self) -> String {
        match self.shown {
            0 => "–".to_owned(),
            shown => format!("{:.1} %", 100.0 * self.found as f64 / shown as f64),
        }
    }
}
