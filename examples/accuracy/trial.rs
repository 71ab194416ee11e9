//! Pages that are drawn from a seed, with other faces, names and wear than the committed samples: how well they are read,
//! and what the recogniser takes for what.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use serde::Deserialize;
use yidang::extract::{PageReading, Reader, Reading};
use yidang::model::profile::Profile;
use yidang::model::propose::propose;
use yidang::model::text::squeeze;
use yidang::rendition::{self, quality};

use crate::align::{fit, folded};
use crate::drawing::Drawing;
use crate::finding::{self, Page};
use crate::{Count, Failed};

/// What is measured.
pub(crate) struct Trial {
    pub(crate) drawing: Drawing,
    /// Where the pairs of characters that were taken for each other are written.
    pub(crate) pairs: Option<PathBuf>,
    pub(crate) misses: bool,
}

/// What stands on a page that was drawn.
#[derive(Deserialize)]
pub(crate) struct Truth {
    file: PathBuf,
    dpi: u32,
    turned: u16,
    pub(crate) lines: Vec<String>,
    fields: Vec<Field>,
    #[serde(rename = "type", default)]
    type_code: String,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    page: u32,
    #[serde(default)]
    pub(crate) household: String,
    #[serde(default)]
    pub(crate) head: String,
    /// Names of people, of places, sums, days and ends of ID numbers that stand on it.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    #[serde(default)]
    pub(crate) places: Vec<String>,
    #[serde(default)]
    pub(crate) amounts: Vec<String>,
    #[serde(default)]
    pub(crate) dates: Vec<String>,
    #[serde(default)]
    pub(crate) id_tails: Vec<String>,
}

#[derive(Deserialize)]
struct Field {
    label: String,
    value: String,
}

/// What was counted over all pages.
#[derive(Default)]
struct Tally {
    fields: BTreeMap<u32, Count>,
    upright: Count,
    types: Count,
    titles: Count,
    /// Lines of the truth that stand directly before the next one, as on the paper.
    neighbours: Count,
    /// Characters of the truth that were read right.
    characters: Count,
    /// Misread characters whose right one is among the alternatives.
    alternatives: Count,
    offered: usize,
    pairs: BTreeMap<(char, char), usize>,
    /// Score and share of characters read wrong, for each page.
    scores: Vec<(u32, f64)>,
    seconds: f64,
    pages: usize,
}

/// Draws the pages if they are not there yet, reads them and prints what came of it.
pub(crate) async fn run(trial: &Trial, reader: &Reader, profile: &Profile) -> Result<(), Failed> {
    let folder = trial.drawing.folder()?;
    let (mut tally, mut pages) = (Tally::default(), Vec::new());
    for line in std::fs::read_to_string(folder.join("trial.jsonl"))?.lines() {
        let truth: Truth = serde_json::from_str(line)?;
        let path = folder.join(&truth.file);
        let inspected = reader.inspect(&path).await?;
        let begun = Instant::now();
        let reading = reader.read(&path, inspected.kind, |_| {}).await?;
        tally.seconds += begun.elapsed().as_secs_f64();
        tally.pages += 1;
        if let Some(page) = reading.pages.first() {
            tally.compare(&truth, page, trial.misses);
        }
        if !trial.drawing.characters && truth.page == 1 {
            tally.propose(&truth, &reading, profile);
        }
        pages.extend(reading.pages.into_iter().next().map(|read| Page { truth, read }));
        eprint!("\r{} pages", tally.pages);
    }
    eprintln!();
    tally.print();
    if let Some(file) = &trial.pairs {
        std::fs::write(file, tally.look_alikes(trial))?;
    }
    if !trial.drawing.characters {
        finding::print(&pages)?;
    }
    println!("the truth of every page: {}", folder.join("trial.jsonl").display());
    Ok(())
}

impl Tally {
    fn compare(&mut self, truth: &Truth, page: &PageReading, misses: bool) {
        let joined: String = squeeze(&page.text());
        for Field { label, value } in &truth.fields {
            let found = joined.contains(&squeeze(value));
            self.fields.entry(truth.dpi).or_default().add(found);
            if misses && !found {
                println!("miss {} {label}: {value}", truth.file.display());
            }
        }
        self.upright.add(page.turned == truth.turned);
        let whole = |line: &String| joined.contains(&squeeze(line));
        for pair in truth.lines.windows(2).filter(|pair| pair.iter().all(whole)) {
            let kept = joined.contains(&squeeze(&pair.concat()));
            self.neighbours.add(kept);
        }
        let read = folded(&page.text());
        let alternatives = page.alternatives();
        self.offered += alternatives.len();
        let (mut wrong, mut all) = (0, 0);
        for line in &truth.lines {
            let line = folded(line);
            let fit = fit(&line, &read);
            wrong += fit.errors.min(line.len());
            all += line.len();
            // A line that is not there at all says nothing of its characters.
            if 2 * fit.errors > line.len() {
                continue;
            }
            for (right, taken, place) in fit.misread {
                if right.is_alphanumeric() {
                    self.alternatives.add(alternatives.contains(&(place, right)));
                }
                if right.is_alphabetic() && taken.is_alphabetic() {
                    *self.pairs.entry((right.min(taken), right.max(taken))).or_default() += 1;
                }
            }
        }
        self.characters.right += all - wrong;
        self.characters.of += all;
        #[allow(clippy::cast_precision_loss)]
        self.scores.push((quality::of(page), wrong as f64 / f64::max(all as f64, 1.0)));
    }

    fn propose(&mut self, truth: &Truth, reading: &Reading, profile: &Profile) {
        let proposal = propose(&rendition::seen_lines(reading), profile);
        self.types.add(proposal.type_code == truth.type_code);
        self.titles.add(proposal.title == truth.title);
    }

    #[allow(clippy::cast_precision_loss)]
    fn print(&self) {
        for (dpi, count) in &self.fields {
            count.print(&format!("fields found verbatim, {dpi} dpi"));
        }
        self.characters.print("characters read right");
        self.neighbours.print("lines directly before the next, as on paper");
        self.upright.print("pages stood upright");
        self.types.print("types proposed right");
        self.titles.print("titles proposed right");
        self.alternatives.print("misread characters with the right one offered");
        println!(
            "alternatives offered, a page: {:.1}",
            self.offered as f64 / self.pages.max(1) as f64
        );
        for (name, low, high) in
            [("under 900", 0, 900), ("900 to 949", 900, 950), ("950 and more", 950, 1001)]
        {
            let some: Vec<f64> =
                self.scores.iter().filter(|(q, _)| (low..high).contains(q)).map(|s| s.1).collect();
            let mean = 100.0 * some.iter().sum::<f64>() / some.len().max(1) as f64;
            println!(
                "pages that score {name:<14} {:>5}, characters read wrong {mean:6.2} %",
                some.len()
            );
        }
        let each = self.seconds / self.pages.max(1) as f64;
        println!("{} pages read in {:.1} s, {each:.2} s a page", self.pages, self.seconds);
    }

    /// The pairs that were taken for each other more than once, the most frequent first.
    fn look_alikes(&self, trial: &Trial) -> String {
        let mut found: Vec<_> = self.pairs.iter().filter(|(_, count)| **count > 1).collect();
        found.sort_by_key(|((a, b), count)| (std::cmp::Reverse(**count), *a, *b));
        let Drawing { seed, pages, characters, .. } = &trial.drawing;
        let kind = if *characters { " --characters" } else { "" };
        let mut text = format!(
            "# Characters that the recogniser took for each other, and how often. Made by\n\
             #   cargo run --release --example accuracy -- --seed {seed} --pages {pages}{kind} --pairs FILE\n"
        );
        for ((a, b), count) in found {
            text.push_str(&format!("{a} {b} {count}\n"));
        }
        text
    }
}
