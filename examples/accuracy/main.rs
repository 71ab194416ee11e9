//! `make accuracy`: how many ground-truth fields the reader finds verbatim on
//! the sample documents, and how often what is proposed is right: type, title,
//! date and document number, each as a whole.
//!
//! A field counts as found when its value stands in one run in the text of its
//! page, blanks removed and full-width forms folded. With `--misses` every
//! field and type that was not right is listed.
//!
//! With `--seed N --pages M` so many pages are drawn that are unlike the samples, and read instead, and what stands on them is
//! searched for; see [`trial`] and [`finding`]. With `--angle DEGREES` they lie crooked, with `--dpi N` they are scanned so finely.
//!
//! With `--forms` it is measured instead how well the fields of forms are proposed from the pages; see [`forms`].

mod align;
mod drawing;
mod finding;
mod forms;
mod trial;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde::Deserialize;
use yidang::extract::{Limits, Reader};
use yidang::model::profile::Profile;
use yidang::model::propose::propose;
use yidang::model::text::squeeze;
use yidang::{models, rendition};

type Failed = Box<dyn std::error::Error>;

#[derive(Deserialize)]
struct Truth {
    file: PathBuf,
    #[serde(rename = "type")]
    type_code: Option<String>,
    title: String,
    date: String,
    document_no: String,
    dpi: u32,
    measured: bool,
    pages: Vec<TruthPage>,
}

#[derive(Deserialize)]
struct TruthPage {
    page: u32,
    turned: u16,
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    label: String,
    value: String,
}

#[derive(Default)]
struct Count {
    right: usize,
    of: usize,
}

impl Count {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }

    #[allow(clippy::cast_precision_loss)]
    fn print(&self, what: &str) {
        let share = 100.0 * self.right as f64 / (self.of as f64).max(1.0);
        println!("{what:<44} {:>5} of {:>5}  {share:6.2} %", self.right, self.of);
    }
}

fn main() -> Result<(), Failed> {
    yidang::extract::child::main();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure())
}

async fn measure() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1);
    let (mut samples, mut misses, mut only) = (PathBuf::from("sample-docs"), false, None);
    let (mut seed, mut drawn, mut characters, mut pairs) = (None, 100, false, None);
    let (mut keyed, mut angle, mut dpi) = (false, None, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seed" => seed = arguments.next(),
            "--pages" => drawn = arguments.next().unwrap_or_default().parse()?,
            "--characters" => characters = true,
            "--pairs" => pairs = arguments.next().map(PathBuf::from),
            "--misses" => misses = true,
            "--forms" => keyed = true,
            "--angle" => angle = arguments.next(),
            "--dpi" => dpi = arguments.next(),
            "--only" => only = arguments.next(),
            folder => samples = PathBuf::from(folder),
        }
    }
    let folder = std::env::var("YIDANG_MODELS").unwrap_or_else(|_| ".local/models".into());
    let mut reader = Reader::new(Limits::default());
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    reader.engine = Some(Arc::new(models::load(Path::new(&folder), threads)?));
    let profile = Profile::national_2008()?;
    let drawing = seed.map(|seed| drawing::Drawing { seed, pages: drawn, characters, angle, dpi });
    if keyed {
        let folder = drawing.map_or(Ok(samples), |drawing| drawing.folder())?;
        return forms::run(&folder, &reader, misses).await;
    }
    if let Some(drawing) = drawing {
        let trial = trial::Trial { drawing, pairs, misses };
        return trial::run(&trial, &reader, &profile).await;
    }

    let (mut at_200, mut at_150, mut turned) =
        (Count::default(), Count::default(), Count::default());
    let (mut upright, mut types) = (Count::default(), Count::default());
    let (mut titles, mut dates, mut numbers) =
        (Count::default(), Count::default(), Count::default());
    let (mut pages, mut seconds) = (0_usize, 0.0);
    for line in std::fs::read_to_string(samples.join("truth.jsonl"))?.lines() {
        let truth: Truth = serde_json::from_str(line)?;
        let name = truth.file.display().to_string();
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let path = samples.join(&truth.file);
        let inspected = reader.inspect(&path).await?;
        let begun = Instant::now();
        let reading = reader.read(&path, inspected.kind, |_| {}).await?;
        seconds += begun.elapsed().as_secs_f64();
        pages += reading.pages.len();
        if !truth.measured {
            continue;
        }
        for page in &truth.pages {
            let read = reading.pages.get(page.page as usize - 1);
            let text = read.map(|read| squeeze(&read.text())).unwrap_or_default();
            let joined: String = text.chars().filter(|c| *c != '\n').collect();
            if !page.fields.is_empty() {
                upright.add(read.is_some_and(|read| read.turned == page.turned));
            }
            for field in &page.fields {
                let found = joined.contains(&squeeze(&field.value));
                if truth.dpi >= 200 {
                    at_200.add(found)
                } else {
                    at_150.add(found)
                }
                if page.turned != 0 {
                    turned.add(found);
                }
                if misses && !found {
                    println!("miss {name} p{} {}: {}", page.page, field.label, field.value);
                }
            }
        }
        if let Some(code) = &truth.type_code {
            let proposal = propose(&rendition::seen_lines(&reading), &profile);
            let date = proposal.date.map(|date| date.to_string()).unwrap_or_default();
            for (what, count, right, proposed) in [
                ("type", &mut types, code, &proposal.type_code),
                ("title", &mut titles, &truth.title, &proposal.title),
                ("date", &mut dates, &truth.date, &date),
                ("number", &mut numbers, &truth.document_no, &proposal.document_no),
            ] {
                count.add(right == proposed);
                if misses && right != proposed {
                    println!("{what} {name}: {right:?}, proposed {proposed:?}");
                }
            }
        }
        eprint!("\r{pages} pages");
    }
    eprintln!();
    at_200.print("fields found verbatim, 200 dpi and text layers");
    at_150.print("fields found verbatim, 150 dpi");
    turned.print("of these on turned and upside-down pages");
    upright.print("pages stood upright");
    types.print("types proposed right");
    titles.print("titles proposed right");
    dates.print("dates proposed right");
    numbers.print("document numbers proposed right");
    #[allow(clippy::cast_precision_loss)]
    let each = seconds / pages.max(1) as f64;
    println!("{pages} pages read in {seconds:.1} s, {each:.2} s a page");
    Ok(())
}
