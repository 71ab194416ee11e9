//! A household's papers become a volume, in versions that name each other.

use serde_json::Value;
use yidang::binding::{self, BindError, Bound};
use yidang::filing;
use yidang::model::canonical;
use yidang::model::id::DocumentId;
use yidang::model::volume::Manifest;
use yidang::view;

use crate::files::paper;
use crate::harness::{Archive, CHEN, ZHOU, description, for_all, household};

const SCHEMA: &str = include_str!("../../schemas/json/manifest.schema.json");

async fn filed(archive: &Archive, to: &str, kind: &str, date: &str, pages: usize) -> DocumentId {
    let texts: Vec<String> = (1..=pages).map(|page| format!("{kind} {to} 第{page}页")).collect();
    let pages: Vec<Vec<&str>> =
        texts.iter().map(|text| vec!["青石县民政局", text.as_str(), "此件用于归档"]).collect();
    let pages: Vec<&[&str]> = pages.iter().map(Vec::as_slice).collect();
    let id = archive.take(to, &format!("{kind}.pdf"), &paper(&pages)).await.unwrap().document;
    let said = description(kind, &format!("{kind} 材料"), date);
    filing::file(&archive.app, &archive.bureau(), id, &household(to), said).await.unwrap();
    id
}

async fn bind(archive: &Archive, no: &str) -> Result<Bound, BindError> {
    binding::bind(&archive.app, &archive.bureau(), &household(no), "").await
}

async fn manifest(archive: &Archive, bound: &Bound) -> Manifest {
    binding::manifest(&archive.app, bound.manifest).await.unwrap()
}

#[tokio::test]
async fn versions_chain_and_pages_run_through() {
    for_all(async |archive| {
        // Given in another order than they stand in the volume.
        filed(archive, ZHOU, "A03", "2026-03-20", 1).await;
        filed(archive, ZHOU, "A02", "2026-03-09", 2).await;
        let bound = bind(archive, ZHOU).await.unwrap();
        assert_eq!((bound.version, bound.items, bound.pages), (1, 2, 3));
        assert_eq!(bound.reference_code, "J016-DB·2026-D10-001");
        let first = manifest(archive, &bound).await;
        assert_eq!(first.previous, None);
        assert_eq!(rows(&first), [("A02", "1–2".into()), ("A03", "3".into())]);

        // Bound again unchanged: refused, and nothing happens.
        let before = archive.dump().await;
        assert!(matches!(bind(archive, ZHOU).await, Err(BindError::Unchanged(1))));
        assert_eq!(archive.dump().await, before);

        // A paper more, which stands before the others.
        filed(archive, ZHOU, "A01", "2026-03-01", 1).await;
        archive.hands.advance(std::time::Duration::from_secs(400 * 86_400));
        let again = bind(archive, ZHOU).await.unwrap();
        let second = manifest(archive, &again).await;
        assert_eq!((second.version, second.previous), (2, Some(bound.manifest)));
        assert_eq!(second.reference_code, first.reference_code, "also in another year");
        assert_eq!(
            rows(&second),
            [("A01", "1".into()), ("A02", "2–3".into()), ("A03", "4".into())]
        );
        assert!(second.note.contains("新增 1 件"), "{}", second.note);

        // The first version is still what it was.
        let app = &archive.app;
        let old = view::volume(app, &archive.bureau(), &household(ZHOU), Some(1)).await.unwrap();
        assert_eq!((old.manifest, old.versions.len()), (first, 2));
    })
    .await;
}

fn rows(manifest: &Manifest) -> Vec<(&str, String)> {
    manifest.items.iter().map(|item| (item.description.type_code.as_str(), item.pages())).collect()
}

#[tokio::test]
async fn a_manifest_is_canonical_and_keeps_to_its_schema() {
    for_all(async |archive| {
        filed(archive, ZHOU, "A02", "2026-03-09", 2).await;
        filed(archive, ZHOU, "A03", "", 1).await;
        let bound = bind(archive, ZHOU).await.unwrap();
        let bytes = archive.app.vault.bytes(bound.manifest).await.unwrap();
        let read: Manifest = canonical::from_bytes(&bytes).unwrap();
        assert_eq!(canonical::to_bytes(&read).unwrap(), bytes);

        let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
        let sound: Value = serde_json::from_slice(&bytes).unwrap();
        let errors: Vec<String> = schema.iter_errors(&sound).map(|e| e.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        // The schema is not one that everything keeps to.
        let fields: Vec<String> = sound.as_object().unwrap().keys().cloned().collect();
        for field in fields {
            let mut lacking = sound.clone();
            lacking.as_object_mut().unwrap().remove(&field);
            assert!(!schema.is_valid(&lacking), "{field} may be left out");
        }
        let mut more = sound.clone();
        more["items"][0]["weight"] = 1.into();
        assert!(!schema.is_valid(&more));
    })
    .await;
}

#[tokio::test]
async fn every_volume_has_a_code_of_its_own() {
    for_all(async |archive| {
        filed(archive, ZHOU, "A02", "2026-03-09", 1).await;
        filed(archive, CHEN, "A02", "2026-03-09", 2).await;
        let (a, b) = tokio::join!(bind(archive, ZHOU), bind(archive, CHEN));
        let mut codes = [a.unwrap().reference_code, b.unwrap().reference_code];
        codes.sort_unstable();
        assert_eq!(codes, ["J016-DB·2026-D10-001", "J016-DB·2026-D10-002"]);
    })
    .await;
}

#[tokio::test]
async fn two_who_bind_one_household_at_once_make_one_version() {
    for_all(async |archive| {
        filed(archive, ZHOU, "A02", "2026-03-09", 1).await;
        let (a, b) = tokio::join!(bind(archive, ZHOU), bind(archive, ZHOU));
        let (bound, late) = if a.is_ok() { (a, b) } else { (b, a) };
        assert_eq!(bound.unwrap().version, 1);
        assert!(matches!(late, Err(BindError::Unchanged(1))), "{late:?}");
        let seen =
            view::household(&archive.app, &archive.bureau(), &household(ZHOU)).await.unwrap();
        assert_eq!(seen.versions.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn papers_nobody_described_are_filed_as_proposed() {
    for_all(async |archive| {
        let lines = ["最低生活保障申请书", "申请人：周桂兰", "2026年3月9日"];
        let id = archive.take(ZHOU, "scan0001.pdf", &paper(&[&lines])).await.unwrap().document;
        archive.settle().await;
        let plan = binding::plan(&archive.app, &archive.bureau(), &household(ZHOU)).await.unwrap();
        assert_eq!(plan.as_proposed.len(), 1);
        assert!(!plan.missing.is_empty());
        let bound = bind(archive, ZHOU).await.unwrap();
        let item = &manifest(archive, &bound).await.items[0];
        assert_eq!((item.document, item.description.type_code.as_str()), (id, "A01"));
        let shown = view::document(&archive.app, &archive.bureau(), id).await.unwrap();
        assert_eq!(shown.document.title, item.description.title);
        assert!(matches!(bind(archive, ZHOU).await, Err(BindError::Unchanged(1))));
    })
    .await;
}

#[tokio::test]
async fn there_is_no_empty_volume() {
    for_all(async |archive| {
        assert!(
            matches!(bind(archive, CHEN).await, Err(BindError::Empty(no)) if no.as_str() == CHEN)
        );
    })
    .await;
}
