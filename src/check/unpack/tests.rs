//! What is opened, and what is not.

#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

/// A zip of these files.
fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn opened(zip: &[u8]) -> (TempDir, Result<PathBuf, Refused>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("came.zip");
    std::fs::write(&file, zip).unwrap();
    let to = folder.path().join("to");
    std::fs::create_dir(&to).unwrap();
    let found = unpack(&file, &to);
    (folder, found)
}

#[test]
fn a_bag_is_found_at_the_top_or_in_the_one_folder() {
    for files in [
        &[("bagit.txt", &b"x"[..]), ("data/entries/3/body.json", b"{}")][..],
        &[("yidang-document-3/data/a", b"a"), ("yidang-document-3/bagit.txt", b"x")],
    ] {
        let (_folder, root) = opened(&packed(files));
        let root = root.unwrap();
        assert_eq!(std::fs::read(root.join("bagit.txt")).unwrap(), b"x");
    }
    for files in [
        &[("letter.txt", &b"x"[..])][..],
        &[("a/bagit.txt", b"x"), ("b/data", b"y")],
        &[("a/b/bagit.txt", b"x")],
    ] {
        assert!(matches!(opened(&packed(files)).1, Err(Refused::NoBag)), "{files:?}");
    }
}

#[test]
fn no_name_leads_out_of_the_folder() {
    for name in
        ["../out", "/etc/passwd", "a/../../out", "a\\..\\out", "C:out", "a//b", "./a", "a\n"]
    {
        // A writer may refuse such a name, so it is put in afterwards.
        let mut zip = packed(&[("bagit.txt", b"x"), (&"N".repeat(name.len()), b"y")]);
        let wanted = "N".repeat(name.len()).into_bytes();
        let mut at = 0;
        while let Some(found) = zip[at..].windows(wanted.len()).position(|it| it == wanted) {
            zip[at + found..at + found + wanted.len()].copy_from_slice(name.as_bytes());
            at += found + wanted.len();
        }
        let (folder, refused) = opened(&zip);
        assert!(matches!(refused, Err(Refused::Name(_))), "{name:?}: {refused:?}");
        assert!(!folder.path().join("out").exists());
    }
    assert!(!is_plain(&"a/".repeat(9)) && !is_plain(&"a".repeat(241)));
}

#[test]
fn a_link_is_not_followed_and_not_made() {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    zip.start_file("bagit.txt", SimpleFileOptions::default()).unwrap();
    zip.add_symlink("data", "/etc", SimpleFileOptions::default()).unwrap();
    let (_folder, refused) = opened(&zip.finish().unwrap().into_inner());
    assert!(matches!(refused, Err(Refused::Special(name)) if name == "data"));
}

#[test]
fn what_swells_is_stopped_before_the_disk_is_full() {
    let zip = packed(&[("bagit.txt", b"x"), ("data/zeros", &vec![0; 40 << 20])]);
    assert!(zip.len() < 100_000);
    let (folder, refused) = opened(&zip);
    assert!(matches!(refused, Err(Refused::Swells)), "{refused:?}");
    let written = std::fs::metadata(folder.path().join("to/data/zeros")).unwrap().len();
    assert!(written <= GRACE + SWELL * zip.len() as u64);
}

#[test]
fn too_many_files_are_too_many() {
    let names: Vec<String> = (0..=FILES).map(|n| n.to_string()).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(matches!(opened(&packed(&files)).1, Err(Refused::Files)));
}

#[test]
fn a_file_that_is_there_twice_is_refused() {
    let zip = packed(&[("bagit.txt", b"x"), ("data/a", b"1"), ("data/A", b"2")]);
    assert!(matches!(opened(&zip).1, Err(Refused::Twice)));
    let zip = packed(&[("bagit.txt", b"x"), ("data/a", b"1"), ("data/b", b"2")]);
    let mut twice = zip;
    for at in 0..twice.len() - 6 {
        if &twice[at..at + 6] == b"data/b" {
            twice[at..at + 6].copy_from_slice(b"data/a");
        }
    }
    assert!(matches!(opened(&twice).1, Err(Refused::Twice | Refused::Broken(_))));
}

#[test]
fn a_zip_that_is_cut_off_is_refused_wherever_it_is_cut() {
    let zip = packed(&[("bagit.txt", b"x"), ("data/a", &[7; 300])]);
    for end in 0..zip.len() {
        assert!(opened(&zip[..end]).1.is_err(), "cut at {end}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(at in any::<usize>(), by in any::<u8>(), junk in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut zip = packed(&[("bagit.txt", b"x"), ("data/a", &[7; 300])]);
        let at = at % zip.len();
        zip[at] = zip[at].wrapping_add(by);
        let _ = opened(&zip);
        let _ = opened(&junk);
    }
}
