//! After a change of version: the former index answers until this one is whole, whatever happens
//! in between.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

use tempfile::{TempDir, tempdir};
use yidang_indexer::{Budget, Filter, Index, Indexes, PageEntry, Setup, Window, Writer};

use crate::harness::{all, numbers, paper};

/// What version 5 wrote of an index into which nothing was put yet.
const FORMER: &str = include_str!("../data/former-5.json");
const VERSION: &str = "yidang-index-version";
const SMALL: Budget = Budget { memory: 15_000_000, threads: 1 };

/// A folder with an index of version 5 that has these papers.
fn former(papers: &[u64]) -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("meta.json"), FORMER).unwrap();
    fs::write(folder.path().join(VERSION), "5").unwrap();
    let index = open(folder.path()).former().unwrap();
    write(&index, papers);
    folder
}

fn open(folder: &Path) -> Indexes {
    Indexes::open(folder, &Setup::default()).unwrap()
}

fn write(index: &Index, papers: &[u64]) -> Writer {
    let mut writer = index.writer_with(SMALL).unwrap();
    for number in papers {
        let page = PageEntry { standing: "receiving".to_owned(), ..paper(*number, "低保") };
        writer.replace(*number, &[page]).unwrap();
    }
    writer.commit(papers.last().copied().unwrap_or(0)).unwrap();
    writer
}

/// What is found in the folder by whoever opens it now.
fn found(folder: &Path) -> Vec<u64> {
    numbers(&all(&open(folder).answering().unwrap(), "低保"))
}

/// Whether anything but folders is left where the former index stood.
fn has_former(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| entry.unwrap().file_type().unwrap().is_file())
}

/// A copy of the folder as it stood at one moment: merges go on beside, and remove files.
fn copy(from: &Path, to: &Path) {
    loop {
        fs::create_dir_all(to).unwrap();
        let before = listing(from);
        if before.is_ok() && copied(from, to).is_ok() && before.ok() == listing(from).ok() {
            return;
        }
        fs::remove_dir_all(to).unwrap();
    }
}

fn copied(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copied(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Every file below the folder, with the time of its last change.
fn listing(folder: &Path) -> io::Result<BTreeMap<PathBuf, SystemTime>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(listing(&entry.path())?);
        } else {
            files.insert(entry.path(), entry.metadata()?.modified()?);
        }
    }
    Ok(files)
}

/// What is found in a copy of the folder in which something was changed, as after a stop.
fn found_after(folder: &Path, change: impl Fn(&Path)) -> Vec<u64> {
    let again = tempdir().unwrap();
    copy(folder, again.path());
    change(again.path());
    found(again.path())
}

#[test]
fn the_former_index_answers_until_this_one_is_whole() {
    let folder = former(&[1, 2, 3]);
    let (indexes, elsewhere) = (open(folder.path()), open(folder.path()));
    let answers = |indexes: &Indexes| numbers(&all(&indexes.answering().unwrap(), "低保"));
    assert_eq!(answers(&indexes), [1, 2, 3]);
    let mut writer = write(indexes.own(), &[1, 2]);
    assert_eq!((answers(&indexes), answers(&elsewhere)), (vec![1, 2, 3], vec![1, 2, 3]));
    assert!(!indexes.retire().unwrap());
    // What came meanwhile is in both.
    drop(write(&indexes.former().unwrap(), &[4]));
    assert_eq!((answers(&indexes), answers(&elsewhere)), (vec![1, 2, 3, 4], vec![1, 2, 3, 4]));
    for number in [3, 4] {
        writer.replace(number, &[paper(number, "低保")]).unwrap();
    }
    writer.complete(4).unwrap();
    for both in [&indexes, &elsewhere] {
        assert_eq!(answers(both), [1, 2, 3, 4]);
        assert_eq!(both.answering().unwrap().position().unwrap(), 4);
        assert!(both.own().is_whole().unwrap());
    }
    // A search that has begun on the former one ends on it.
    let searching = indexes.former().unwrap();
    assert!(!indexes.retire().unwrap() && has_former(folder.path()));
    assert_eq!(numbers(&all(&searching, "低保")), [1, 2, 3, 4]);
    drop(searching);
    assert!(indexes.retire().unwrap() && !has_former(folder.path()));
    assert!(elsewhere.retire().unwrap());
    assert_eq!((answers(&indexes), found(folder.path())), (vec![1, 2, 3, 4], vec![1, 2, 3, 4]));
    // It stays whole, whatever is committed later.
    writer.commit(5).unwrap();
    drop(writer);
    assert!(open(folder.path()).own().is_whole().unwrap());
}

#[test]
fn what_the_former_index_does_not_know_finds_nothing() {
    let folder = former(&[1, 2, 3]);
    let indexes = open(folder.path());
    let receiving = Filter { standings: vec!["receiving".to_owned()], ..Filter::everything() };
    let ask = |filter: &Filter| {
        let index = indexes.answering().unwrap();
        index.search("低保", filter, &Window::default()).unwrap()
    };
    assert_eq!(ask(&receiving).total, 0);
    let everything = ask(&Filter::everything());
    assert!(everything.total == 3 && everything.facets.standings.is_empty());
    write(indexes.own(), &[1, 2, 3]).complete(3).unwrap();
    assert_eq!(ask(&receiving).total, 3);
    assert_eq!(ask(&Filter::everything()).facets.standings, [("receiving".to_owned(), 3)]);
}

#[test]
fn what_is_taken_out_is_not_found_in_the_former_one_either() {
    let folder = former(&[1, 2, 3]);
    let indexes = open(folder.path());
    let mut writer = indexes.former().unwrap().writer_with(SMALL).unwrap();
    writer.remove(2).unwrap();
    writer.replace(3, &[paper(3, "特困")]).unwrap();
    writer.commit(9).unwrap();
    assert_eq!(numbers(&all(&indexes.answering().unwrap(), "低保")), [1]);
    assert_eq!(numbers(&all(&indexes.answering().unwrap(), "特困")), [3]);
}

#[test]
fn a_stop_at_any_moment_leaves_one_that_answers() {
    let folder = former(&[1, 2, 3]);
    let root = folder.path();
    // Before, and while this one is made.
    let own = |root: &Path| root.join("6");
    assert_eq!(found_after(root, |root| fs::remove_dir_all(own(root)).unwrap()), [1, 2, 3]);
    assert_eq!(
        found_after(root, |root| fs::remove_file(own(root).join("meta.json")).unwrap()),
        [1, 2, 3]
    );
    let empty = |root: &Path| fs::write(own(root).join(VERSION), "").unwrap();
    assert_eq!(found_after(root, empty), [1, 2, 3]);
    // While it is filled: between two commits, and behind the last.
    let indexes = open(root);
    let mut writer = write(indexes.own(), &[1, 2]);
    writer.replace(3, &[paper(3, "低保")]).unwrap();
    assert_eq!(found_after(root, |_| {}), [1, 2, 3]);
    writer.commit(3).unwrap();
    writer.replace(4, &[paper(4, "低保")]).unwrap();
    assert_eq!(found_after(root, |_| {}), [1, 2, 3]);
    // All of the last commit is there but the list that makes it one.
    let before = fs::read(own(root).join("meta.json")).unwrap();
    writer.complete(4).unwrap();
    let undo = |root: &Path| fs::write(own(root).join("meta.json"), &before).unwrap();
    assert_eq!(found_after(root, undo), [1, 2, 3]);
    // This one answers, and what is left of the former one is removed, however much it is.
    drop((writer, indexes));
    let mut files: Vec<_> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file() && !path.ends_with(VERSION));
    files.push(root.join(VERSION));
    for gone in 0..=files.len() {
        let again = tempdir().unwrap();
        copy(root, again.path());
        for file in &files[..gone] {
            fs::remove_file(again.path().join(file.file_name().unwrap())).unwrap();
        }
        assert_eq!(found(again.path()), [1, 2, 3, 4], "{gone} files gone");
        assert!(!has_former(again.path()), "{gone} files gone");
    }
}

#[test]
fn what_cannot_be_read_on_is_removed_at_once() {
    let folder = former(&[1, 2, 3]);
    let other_signs = |root: &Path| fs::write(root.join(VERSION), "5 another-key").unwrap();
    let older = |root: &Path| fs::write(root.join(VERSION), "4").unwrap();
    let damaged = |root: &Path| fs::write(root.join("meta.json"), "{").unwrap();
    let changes: [&dyn Fn(&Path); 3] = [&other_signs, &older, &damaged];
    for change in changes {
        let again = tempdir().unwrap();
        copy(folder.path(), again.path());
        change(again.path());
        let indexes = open(again.path());
        assert!(indexes.former().is_none() && !has_former(again.path()));
        assert_eq!(all(&indexes.answering().unwrap(), "").total, 0);
        write(&indexes.answering().unwrap(), &[1]);
        assert_eq!(found(again.path()), [1], "it answers while it is filled");
    }
    // One of a later version stands in a folder of its own.
    let later = folder.path().join("7");
    copy(&folder.path().join("6"), &later);
    fs::write(later.join(VERSION), "7").unwrap();
    assert_eq!(found(folder.path()), [1, 2, 3]);
    assert!(!later.exists());
    // And a folder of something else is nobody's.
    fs::create_dir(folder.path().join("letters")).unwrap();
    open(folder.path()).forsake().unwrap();
    assert!(!has_former(folder.path()) && folder.path().join("letters").exists());
    assert_eq!(found(folder.path()), [0; 0]);
}

#[test]
fn what_was_cleared_is_not_whole_any_more() {
    let folder = tempdir().unwrap();
    let indexes = open(folder.path());
    let mut writer = write(indexes.own(), &[1]);
    writer.complete(1).unwrap();
    writer.clear().unwrap();
    assert!(indexes.own().is_whole().unwrap(), "not before the commit");
    writer.commit(0).unwrap();
    drop(writer);
    for indexes in [&indexes, &open(folder.path())] {
        assert!(!indexes.own().is_whole().unwrap());
        assert_eq!(indexes.own().position().unwrap(), 0);
    }
}
