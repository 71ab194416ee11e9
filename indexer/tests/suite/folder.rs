//! The index on disk: positions, several openers, versions, size.

use std::fs;
use std::path::Path;

use tempfile::tempdir;
use yidang_indexer::{Budget, Error, Filter, Index, PageEntry, Setup, Window};

use crate::harness::{all, fill, numbers, paper};

#[test]
fn a_commit_is_seen_at_once_and_carries_its_position() {
    let folder = tempdir().unwrap();
    let index = Index::open(&folder.path().join("new/index")).unwrap();
    assert_eq!(index.position().unwrap(), 0);
    let mut writer = index.writer().unwrap();
    writer.replace(1, &[paper(1, "低保")]).unwrap();
    assert_eq!(all(&index, "低保").total, 0, "not before the commit");
    writer.commit(42).unwrap();
    assert_eq!(all(&index, "低保").total, 1);
    assert_eq!(index.position().unwrap(), 42);
    writer.commit(43).unwrap();
    assert_eq!(index.position().unwrap(), 43, "a commit of nothing moves the position");
}

#[test]
fn another_opener_sees_commits_and_cannot_write_meanwhile() {
    let folder = tempdir().unwrap();
    let (index, other) = (Index::open(folder.path()).unwrap(), Index::open(folder.path()).unwrap());
    assert_eq!(all(&other, "低保").total, 0);
    let mut writer = index.writer().unwrap();
    assert!(matches!(other.writer(), Err(Error::Locked)));
    assert!(matches!(index.writer(), Err(Error::Locked)));
    writer.replace(1, &[paper(1, "低保")]).unwrap();
    writer.commit(7).unwrap();
    assert_eq!(all(&other, "低保").total, 1);
    assert_eq!(other.position().unwrap(), 7);
    drop(writer);
    assert!(other.writer().is_ok());
}

#[test]
fn what_was_not_committed_is_gone() {
    let folder = tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    fill(&index, &[paper(1, "低保")]);
    let mut writer = index.writer().unwrap();
    writer.remove(1).unwrap();
    writer.replace(2, &[paper(2, "低保")]).unwrap();
    drop(writer);
    let again = Index::open(folder.path()).unwrap();
    assert_eq!(numbers(&all(&again, "低保")), [1]);
}

#[test]
fn a_writer_that_was_killed_before_its_commit_is_no_hindrance() {
    let (folder, other) = (tempdir().unwrap(), tempdir().unwrap());
    let index = Index::open(folder.path()).unwrap();
    // Enough of them that the segment is not rewritten for the one that goes.
    fill(&index, &(1..=10).map(|document| paper(document, "低保")).collect::<Vec<_>>());
    copy(folder.path(), other.path(), |_| true);
    let again = |index: &Index| {
        let mut writer = index.writer().unwrap();
        writer.replace(1, &[paper(1, "特困")]).unwrap();
        writer.commit(9).unwrap();
        writer.close().unwrap();
    };
    // All that a commit writes is there, but for the list that makes it one.
    again(&Index::open(other.path()).unwrap());
    copy(other.path(), folder.path(), |name| name != "meta.json");
    assert!(fs::read_dir(folder.path()).unwrap().any(|file| {
        file.unwrap().path().extension().is_some_and(|extension| extension == "del")
    }));
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(all(&index, "低保").total, 10);
    again(&index);
    assert_eq!(all(&index, "低保").total, 9);
    assert_eq!(numbers(&all(&index, "特困")), [1]);
}

#[test]
fn replacing_leaves_no_former_page() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    let page = |number, text: &str| PageEntry { page: number, ..paper(1, text) };
    writer.replace(1, &[page(1, "旧一"), page(2, "旧二")]).unwrap();
    writer.replace(1, &[page(1, "旧三")]).unwrap();
    writer.replace(2, &[paper(2, "旧四")]).unwrap();
    writer.commit(1).unwrap();
    assert_eq!(all(&index, "旧").total_pages, 2, "replaced before the commit");
    writer.replace(1, &[page(1, "新")]).unwrap();
    writer.remove(2).unwrap();
    writer.remove(3).unwrap();
    writer.commit(2).unwrap();
    assert_eq!(all(&index, "旧").total, 0);
    assert_eq!(numbers(&all(&index, "新")), [1]);
    assert_eq!(all(&index, "").facets, all(&index, "新").facets);
    writer.clear().unwrap();
    writer.replace(3, &[paper(3, "末")]).unwrap();
    writer.commit(3).unwrap();
    assert_eq!(numbers(&all(&index, "")), [3]);
}

#[test]
fn another_version_is_refused_and_can_be_made_anew() {
    let folder = tempdir().unwrap();
    fill(&Index::open(folder.path()).unwrap(), &[paper(1, "低保")]);
    assert_eq!(all(&Index::open(folder.path()).unwrap(), "低保").total, 1);
    fs::write(folder.path().join("yidang-index-version"), "0").unwrap();
    let error = Index::open(folder.path()).unwrap_err();
    assert!(matches!(&error, Error::OtherVersion { found, .. } if found == "0"), "{error}");
    let index = Index::recreate(folder.path(), &Setup::default()).unwrap();
    assert_eq!(all(&index, "").total, 0);
    assert_eq!(index.position().unwrap(), 0);
}

#[test]
fn signs_that_were_named_otherwise_are_made_anew() {
    let folder = tempdir().unwrap();
    fill(&Index::open_with(folder.path(), &signed("甲")).unwrap(), &[paper(1, "低保")]);
    assert_eq!(all(&Index::open_with(folder.path(), &signed("甲")).unwrap(), "低保").total, 1);
    let other = Index::open_with(folder.path(), &signed("乙"));
    assert!(matches!(other, Err(Error::OtherVersion { .. })));
    assert!(matches!(Index::open(folder.path()), Err(Error::OtherVersion { .. })));
    assert_eq!(all(&Index::recreate(folder.path(), &signed("乙")).unwrap(), "").total, 0);
}

#[test]
fn a_folder_with_other_things_is_left_alone() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("letter.txt"), "dear").unwrap();
    assert!(matches!(Index::open(folder.path()), Err(Error::OtherVersion { .. })));
    assert!(Index::recreate(folder.path(), &Setup::default()).is_err());
    assert_eq!(fs::read_to_string(folder.path().join("letter.txt")).unwrap(), "dear");
}

#[test]
fn a_damaged_index_is_an_error() {
    let folder = tempdir().unwrap();
    fill(&Index::open(folder.path()).unwrap(), &[paper(1, "低保")]);
    fs::write(folder.path().join("meta.json"), "{").unwrap();
    assert!(Index::open(folder.path()).is_err());
}

#[test]
fn replacing_again_and_again_does_not_swell_the_index() {
    let folder = tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let mut writer = index.writer_with(Budget { memory: 15_000_000, threads: 1 }).unwrap();
    let text = |document: u64, round: u64| -> String {
        (0..200)
            .map(|n| {
                char::from_u32(0x4e00 + ((n * 37 + document * 11 + round) % 3000) as u32).unwrap()
            })
            .collect()
    };
    let mut first = 0;
    for round in 0..40 {
        for document in 0..60 {
            writer.replace(document, &[paper(document, &text(document, round))]).unwrap();
        }
        writer.commit(round).unwrap();
        if round == 0 {
            first = size(folder.path());
        }
    }
    writer.close().unwrap();
    assert_eq!(all(&index, "").total, 60);
    let last = size(folder.path());
    assert!(last < 4 * first, "{first} bytes became {last}");
}

#[test]
fn many_small_commits_and_threads_keep_documents_whole() {
    let folder = tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let mut writer = index.writer_with(Budget { memory: 30_000_000, threads: 2 }).unwrap();
    for document in 0..120 {
        let pages: Vec<PageEntry> =
            (1..=5).map(|page| PageEntry { page, ..paper(document, "低保") }).collect();
        writer.replace(document, &pages).unwrap();
        if document % 7 == 0 {
            writer.commit(document).unwrap();
        }
    }
    writer.commit(120).unwrap();
    writer.close().unwrap();
    let answer =
        index.search("低保", &Filter::everything(), &Window { offset: 0, limit: 500 }).unwrap();
    assert_eq!((answer.total, answer.total_pages), (120, 600));
    for hit in &answer.hits {
        assert_eq!(hit.pages.iter().map(|page| page.page).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }
}

fn copy(from: &Path, to: &Path, is_wanted: impl Fn(&str) -> bool) {
    for file in fs::read_dir(from).unwrap() {
        let (path, name) = file.map(|file| (file.path(), file.file_name())).unwrap();
        if is_wanted(name.to_str().unwrap()) {
            fs::copy(path, to.join(name)).unwrap();
        }
    }
}

fn size(folder: &Path) -> u64 {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
}

fn signed(signs: &str) -> Setup {
    Setup { signs: signs.to_owned(), ..Setup::default() }
}
