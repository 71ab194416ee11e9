//! What is done with bytes from a stranger: nothing may panic, and what two
//! readers both take they take for the same. The fuzz targets call these, and
//! the tests with every kept input.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Component, Path};
use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use yidang::keys::volumes;
use yidang::ledger;
use yidang::model::act::{Body, LogEntry};
use yidang::model::canonical;
use yidang::model::evidence::Mapping;
use yidang::model::rules::Rules;
use yidang::model::table::{CELL, MOST_COLUMNS, Table, mime};
use yidang::model::volume::Manifest;
use yidang::model::{bank_file, roster_file};
use yidang::tlog::{self, Edge, Frontier, tile};
use yidang::vault::seal::envelope::{self, Header};
use yidang::vault::seal::tree::KeyTree;
use yidang_verifier::merkle::Growing;
use yidang_verifier::policy::Policy;
use yidang_verifier::{note, proof, verify};

/// What is done with an input.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its folder in `corpus/`.
pub const TARGETS: &[(&str, Target)] = &[
    ("note", note),
    ("bundle", bundle),
    ("proof", proof),
    ("policy", policy),
    ("batch", batch),
    ("act", act),
    ("consistency", consistency),
    ("bag", bag),
    ("envelope", sealed),
    ("table", table),
];

/// The key of the log that the kept inputs are of.
const KEY: &str =
    "yidang.local/070a1ce9c3078da8+3c168ee6+ARVm7KPEPco9QCpUmtPQTSdanIZ3XjOioDrAB71QLslT";

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// A signed note, and the checkpoint in it.
pub fn note(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let ours = tlog::Checkpoint::parse(text);
    let _ = tlog::Checkpoint::open(text, &[KEY.to_owned()]);
    let theirs = note::Note::parse(text).and_then(|note| {
        let checkpoint = note::Checkpoint::of(&note)?;
        if let Ok(key) = note::Key::parse(KEY) {
            let _ = key.signed(&note);
        }
        Ok(checkpoint)
    });
    if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
        assert_eq!((ours.size, ours.root.0), (theirs.size, theirs.root));
        assert_eq!(ours.origin, theirs.origin);
    }
}

/// An entry bundle, and the tiles at the edge of a tree.
pub fn bundle(bytes: &[u8]) {
    if let Ok(entries) = tile::entries(bytes) {
        let again = tile::bundle(entries).ok();
        assert_eq!(again.as_deref(), Some(bytes));
    }
    let Some((size, rest)) = bytes.split_first_chunk() else { return };
    let size = u64::from(u16::from_be_bytes(*size));
    let paths = Edge::paths(size);
    let long = rest.len().div_ceil(paths.len().max(1)).max(1);
    let files: Vec<Vec<u8>> = rest.chunks(long).map(<[u8]>::to_vec).collect();
    if let Some(edge) = Edge::open(size, &files) {
        assert_eq!(edge.size(), size);
        assert_eq!(edge.tree().size(), size);
    }
}

/// A proof that travels.
pub fn proof(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let ours = tlog::Proof::parse(text);
    if let Ok(proof) = &ours {
        let _ = proof.check(b"an entry");
    }
    if let (Ok(ours), Ok(theirs)) = (ours, proof::Proof::parse(text)) {
        let path: Vec<_> = ours.path.iter().map(|hash| hash.0).collect();
        assert_eq!(
            (ours.index, path, ours.checkpoint),
            (theirs.index, theirs.path, theirs.checkpoint)
        );
    }
}

/// An auditor's policy.
pub fn policy(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let (Ok(policy), Ok(note)) = (Policy::parse(text), note::Note::parse(text)) {
        let _ = policy.check(&note);
    }
}

/// The secret with which the envelopes of the corpus were made.
const SECRET: [u8; 32] = [7; 32];

/// An encrypted blob, and the keys that open them.
pub fn sealed(bytes: &[u8]) {
    if let Some(header) = bytes.first_chunk()
        && let Ok(header) = Header::parse(header)
    {
        assert!(bytes.starts_with(&header.to_bytes()));
    }
    let opened = envelope::open(&SECRET, b"fuzz", bytes);
    if let Ok(plain) = &opened {
        assert_eq!(bytes.len() as u64, envelope::length_for(plain.len() as u64));
    }
    if let Some(tree) = KeyTree::parse(bytes) {
        assert_eq!(tree.to_bytes(), bytes);
        for place in [0, 1 << 63, u64::MAX] {
            assert_eq!(tree.has(place), tree.leaf(place).is_some());
        }
    }
    let Some(text) = text(bytes) else { return };
    let (keys, master) = text.split_once('\0').unwrap_or((text, text));
    let _ = volumes::parse(keys, master);
}

/// A batch of the log, wherever it stands.
pub fn batch(bytes: &[u8]) {
    for first in [0, 1, 255, 1 << 40] {
        if let Ok(batch) = ledger::parse(first, bytes) {
            assert!(!batch.entries.is_empty());
        }
    }
}

/// An entry, the body of an act, a manifest, a frontier: canonical JSON and
/// what is done with it.
pub fn act(bytes: &[u8]) {
    if let Ok(body) = canonical::from_bytes::<Body>(bytes) {
        assert_eq!(canonical::to_bytes(&body).ok().as_deref(), Some(bytes));
        let act = &body.act;
        let _ = (act.event_type(), act.objects(), act.household(), act.document(7), act.name());
    }
    if let Ok(entry) = canonical::from_bytes::<LogEntry>(bytes) {
        assert_eq!(canonical::to_bytes(&entry).ok().as_deref(), Some(bytes));
    }
    let _ = canonical::from_bytes::<Manifest>(bytes);
    if let Some(text) = text(bytes) {
        for size in [0, 1, 3, u64::MAX] {
            if let Ok(tree) = Frontier::parse(size, text) {
                assert_eq!(tree.size(), size);
            }
        }
    }
    let roots = bytes.as_chunks::<32>().0.to_vec();
    for size in [1, 5, 1 << 40, u64::MAX] {
        let _ = Growing::new(size, roots.clone()).map(|tree| tree.root());
    }
}

/// Two checkpoints and the path between them, parted by a zero.
pub fn consistency(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let mut parts = text.split('\0');
    let mut part = || parts.next().unwrap_or_default();
    let (old, new, path, log) = (part(), part(), part(), part());
    let log = if log.is_empty() { KEY } else { log };
    if let Ok(policy) = Policy::parse(&format!("log {log}\nquorum none\n")) {
        let _ = verify::consistency(old, new, path, &policy).status();
    }
}

/// A bag: lines `=== PATH` begin its files. What has no manifest gets a right
/// one, so that what is inside is looked at.
pub fn bag(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for part in text.split("=== ").skip(1).take(40) {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        let plain = Path::new(path).components().all(|one| matches!(one, Component::Normal(_)));
        if plain && !path.is_empty() && path.len() < 200 && !path.contains('\0') {
            files.insert(path.to_owned(), content.to_owned());
        }
    }
    let line = |(path, content): (&String, &String)| {
        format!("{}  {path}\n", hex::encode(Sha256::digest(content)))
    };
    let declared = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
    files.entry("bagit.txt".into()).or_insert_with(|| declared.into());
    for (name, payload) in [("manifest-sha256.txt", true), ("tagmanifest-sha256.txt", false)] {
        let of_it = files.iter().filter(|(path, _)| path.starts_with("data/") == payload);
        let lines: String = of_it.map(line).collect();
        files.entry(name.into()).or_insert(lines);
    }
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let Ok(folder) = folder else { return };
    for (path, content) in &files {
        let place = folder.path().join(path);
        let made = place.parent().map(std::fs::create_dir_all);
        if made.is_none_or(|made| made.is_err()) || std::fs::write(place, content).is_err() {
            return;
        }
    }
    if let Ok(policy) = Policy::parse(&format!("log {KEY}\nquorum none\n")) {
        let report = verify::bag(folder.path(), &policy, None);
        let _ = (report.status(), report.to_text(), report.to_json());
    }
}

/// The most rows of a table that is read here.
const ROWS: usize = 200;

static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| Rules::national().ok());

/// A table of another office. One of lines `=== PATH` is packed as a workbook first, so
/// that what is changed is what is inside.
pub fn table(bytes: &[u8]) {
    match text(bytes).filter(|text| text.starts_with("=== ")) {
        Some(parts) => packed(parts).iter().for_each(|book| read_table(book)),
        None => read_table(bytes),
    }
}

/// A workbook of these parts.
fn packed(parts: &str) -> Option<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::CompressionMethod::Stored;
    let options = zip::write::SimpleFileOptions::default().compression_method(stored);
    for part in parts.split("=== ").skip(1).take(40) {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        zip.start_file(path, options).ok()?;
        zip.write_all(content.as_bytes()).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

/// What is done with every table that comes in.
fn read_table(bytes: &[u8]) {
    let _ = mime(bytes);
    if let Ok(read) = bank_file::read(bytes) {
        assert!(read.bad.len() as u64 <= read.bad_total);
    }
    let Ok(table) = Table::read(bytes, ROWS) else { return };
    assert!(table.rows.len() <= ROWS && table.heads.len() <= MOST_COLUMNS);
    let mut last = 0;
    for row in &table.rows {
        assert!(row.line > last, "lines go up");
        last = row.line;
        let cells = row.cells.as_deref().unwrap_or_default();
        assert!(cells.len() <= MOST_COLUMNS);
        assert!(cells.iter().all(|cell| cell.chars().count() <= CELL));
    }
    if let Some(rules) = RULES.as_ref() {
        for kind in &rules.evidence.kinds {
            let Some(mapping) = Mapping::usual(&rules.evidence, kind, &table) else { continue };
            assert!(mapping.fits(&table));
            for cells in table.rows.iter().filter_map(|row| row.cells.as_deref().ok()) {
                let _ = kind.told(cells, mapping);
            }
        }
    }
    let (Some(rules), Ok(today)) = (RULES.as_ref(), "2026-11-28".parse()) else { return };
    if let Ok(filled) = Table::filled(bytes, ROWS) {
        let rows = filled.rows.len() as u64;
        assert!(filled.rows.len() <= ROWS);
        for only_open in [false, true] {
            let Ok(read) = roster_file::read(filled.clone(), rules, today, only_open) else {
                break;
            };
            // Every row is of a household that is in order, or told.
            let good: usize = read.families.iter().map(|one| one.persons.len()).sum();
            assert_eq!(good as u64 + read.bad.total, rows);
        }
    }
}
