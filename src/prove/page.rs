//! The page for people in a bag: opens in any browser, without a server.

use askama::Template;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::subject::Gathered;
use crate::model::act::Body;
use crate::model::id::DocumentId;
use crate::model::look::LookBody;
use crate::record::Tree;

/// A small picture in the bag.
#[derive(Debug)]
pub(super) struct Preview {
    pub(super) document: DocumentId,
    pub(super) page: u32,
    pub(super) path: String,
}

struct Row {
    no: i64,
    time: String,
    act: &'static str,
    by: String,
    organisation: String,
}

#[derive(Template)]
#[template(path = "proof_page.html")]
struct Page<'a> {
    title: &'a str,
    origin: &'a str,
    size: u64,
    root: String,
    /// Whose signatures the checkpoint has: those of the log and of witnesses.
    signers: Vec<&'a str>,
    rows: Vec<Row>,
    papers: &'a [super::subject::Paper],
    previews: &'a [Preview],
    objects: usize,
}

/// The page of a bag.
pub(super) fn page(
    gathered: &Gathered,
    tree: &Tree,
    previews: &[Preview],
) -> Result<String, askama::Error> {
    let china = TimeZone::fixed(Offset::constant(8));
    let row = |entry: &crate::catalog::entries::Exact| {
        let done = serde_json::from_str(&entry.body)
            .map(|body: Body| (body.act.words(false).0, body.actor))
            .or_else(|_| {
                serde_json::from_str(&entry.body)
                    .map(|body: LookBody| (body.look.kind.zh(), body.actor))
            })
            .ok();
        let time: Option<Timestamp> = entry.time.parse().ok();
        Row {
            no: entry.no,
            time: time.map_or_else(
                || entry.time.clone(),
                |time| china.to_datetime(time).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            ),
            act: done.as_ref().map_or("", |(act, _)| *act),
            by: done.as_ref().map(|(_, actor)| actor.name.clone()).unwrap_or_default(),
            organisation: done.map(|(_, actor)| actor.organisation.to_string()).unwrap_or_default(),
        }
    };
    let checkpoint = tree.checkpoint();
    Page {
        title: &gathered.title,
        origin: &checkpoint.origin,
        size: checkpoint.size,
        root: checkpoint.root.to_string(),
        signers: signers(tree.note()),
        rows: gathered.entries.iter().map(row).collect(),
        papers: &gathered.papers,
        previews,
        objects: gathered.objects.len(),
    }
    .render()
}

/// The names before the signatures of a note, each once.
fn signers(note: &str) -> Vec<&str> {
    let lines = note.lines().filter_map(|line| line.strip_prefix("— "));
    let mut names: Vec<&str> = lines.filter_map(|line| line.split(' ').next()).collect();
    names.dedup();
    names
}
