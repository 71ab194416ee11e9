//! How well the fields of forms are proposed from their pages: right, right and marked to be looked at, wrong and marked,
//! wrong and not marked, and not proposed at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use serde::Deserialize;
use yidang::extract::Reader;
use yidang::model::form::read::{DOUBTFUL, Proposed, read};
use yidang::model::form::{Form, Forms};
use yidang::model::text::squeeze;
use yidang::rendition;

use crate::Failed;

/// The day on which the samples are keyed.
const TODAY: Date = date(2026, 11, 28);

/// What stands on a sample, or on a page that was drawn from a seed.
#[derive(Deserialize)]
struct Truth {
    file: PathBuf,
    #[serde(rename = "type")]
    type_code: Option<String>,
    #[serde(default = "yes")]
    measured: bool,
    #[serde(default)]
    fields: Vec<Field>,
    #[serde(default)]
    pages: Vec<Page>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct Page {
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    label: String,
    value: String,
}

#[derive(Default, Clone, Copy)]
struct Tally {
    right: usize,
    looked_at: usize,
    wrong_marked: usize,
    wrong: usize,
    none: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.looked_at += other.looked_at;
        self.wrong_marked += other.wrong_marked;
        self.wrong += other.wrong;
        self.none += other.none;
    }

    #[allow(clippy::cast_precision_loss)]
    fn print(self, name: &str) {
        let all = self.right + self.looked_at + self.wrong_marked + self.wrong + self.none;
        let share = |count: usize| 100.0 * count as f64 / (all as f64).max(1.0);
        println!(
            "| {name} | {all} | {} ({:.1} %) | {} | {} | {} ({:.1} %) | {} |",
            self.right,
            share(self.right),
            self.looked_at,
            self.wrong_marked,
            self.wrong,
            share(self.wrong),
            self.none
        );
    }
}

/// Reads the forms of a folder and prints what came of it.
pub(crate) async fn run(folder: &Path, reader: &Reader, misses: bool) -> Result<(), Failed> {
    let forms = Forms::national()?;
    let (mut tallies, mut unknown) = (BTreeMap::<String, Tally>::new(), BTreeSet::new());
    let mut file = folder.join("truth.jsonl");
    if !file.exists() {
        file = folder.join("trial.jsonl");
    }
    for line in std::fs::read_to_string(file)?.lines() {
        let truth: Truth = serde_json::from_str(line)?;
        let form = truth.type_code.as_deref().and_then(|kind| forms.of_type(kind));
        let Some(form) = form.filter(|_| truth.measured) else { continue };
        let path = folder.join(&truth.file);
        let inspected = reader.inspect(&path).await?;
        let reading = reader.read(&path, inspected.kind, |_| {}).await?;
        let proposals = read(form, &rendition::form_lines(&reading, 1), TODAY);
        let fields = truth.fields.iter().chain(truth.pages.iter().flat_map(|page| &page.fields));
        let mut seen = BTreeSet::new();
        for field in fields {
            let Some(name) = named(form, &field.label, &seen) else {
                unknown.insert(format!("{} {}", form.code, field.label));
                continue;
            };
            // A paper of several pages repeats some fields.
            if !seen.insert(name.clone()) {
                continue;
            }
            let tally = compare(form, &name, &field.value, &proposals, || {
                misses.then(|| truth.file.display().to_string())
            });
            tallies.entry(form.code.clone()).or_default().add(tally);
        }
        eprint!("\r{} forms", tallies.len());
    }
    eprintln!();
    println!("| form | fields | right | right, marked | wrong, marked | wrong | not proposed |");
    println!("|---|---|---|---|---|---|---|");
    let mut all = Tally::default();
    for (name, tally) in &tallies {
        tally.print(name);
        all.add(*tally);
    }
    all.print("all");
    println!("labels of the truth that no form has: {unknown:?}");
    Ok(())
}

/// The name of the field that a label of the truth is of; 成员2姓名 is of the second row.
fn named(form: &Form, label: &str, seen: &BTreeSet<String>) -> Option<String> {
    let label = squeeze(label);
    let digit = |c: char| c.is_ascii_digit();
    if let Some(at) = label.find(digit) {
        let rest = label[at..].trim_start_matches(digit);
        let row = &label[at..label.len() - rest.len()];
        for group in form.groups() {
            let column =
                group.columns.iter().find(|one| one.labels.iter().any(|l| squeeze(l) == rest));
            if let Some(column) = column {
                return Some(format!("{}.{row}.{}", group.code, column.code));
            }
        }
    }
    let label = label.as_str();
    let of = |by_title: bool| {
        let mut fields = form.fields().filter(move |field| match by_title {
            true => squeeze(&field.name) == label,
            false => field.labels.iter().any(|one| squeeze(one) == label),
        });
        fields.find(|field| !seen.contains(&field.code) || field.nth.is_none())
    };
    of(true).or_else(|| of(false)).map(|field| field.code.clone())
}

fn compare(
    form: &Form,
    name: &str,
    value: &str,
    proposals: &[Proposed],
    file: impl Fn() -> Option<String>,
) -> Tally {
    let mut tally = Tally::default();
    let Some(field) = form.field(name) else { return tally };
    // What is no value of the field says nothing.
    let Ok(wanted) = field.value(value, TODAY) else { return tally };
    let found = proposals.iter().find(|one| one.field == name);
    let right = found.is_some_and(|one| squeeze(&one.value) == squeeze(&wanted));
    let marked = found.is_some_and(|one| one.sure < DOUBTFUL);
    match (found.is_some(), right, marked) {
        (false, ..) => tally.none += 1,
        (_, true, false) => tally.right += 1,
        (_, true, true) => tally.looked_at += 1,
        (_, false, true) => tally.wrong_marked += 1,
        (_, false, false) => tally.wrong += 1,
    }
    if let Some(file) = file().filter(|_| !right) {
        let read = found.map(|one| format!("{} ({})", one.value, one.sure)).unwrap_or_default();
        println!("miss {file} {name}: {wanted:?}, proposed {read:?}");
    }
    tally
}
