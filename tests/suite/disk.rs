//! A disk that is full or breaks under a running server. A full one is said,
//! nothing is kept, and the server goes on; one that could not write what it
//! was given ends the process, and the next start has everything that was
//! answered.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::files::noise;
use crate::harness::not_tested;
use crate::renewal::made_former;
use crate::served::{Answered, Server, answer, ask, hex_of, is_sound, serve, upload, yidang};

const ENOSPC: i32 = 28;
const EIO: i32 = 5;

/// The library that lets calls fail, compiled once; none where there is no
/// compiler, which is said on standard error.
fn shim() -> Option<&'static Path> {
    static SHIM: OnceLock<Option<(TempDir, PathBuf)>> = OnceLock::new();
    static SAID: Once = Once::new();
    let made = SHIM.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("shim.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/disk/shim.c");
        let done = Command::new("cc")
            .args(["-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .args([source, "-ldl"])
            .status();
        done.is_ok_and(|status| status.success()).then_some((folder, library))
    });
    if made.is_none() {
        not_tested(&SAID, "a disk that fails: cc cannot compile tests/suite/disk/shim.c");
    }
    made.as_ref().map(|(_, library)| library.as_path())
}

/// An archive whose server runs over a disk that fails on demand.
struct Rig {
    folder: TempDir,
    server: Server,
    answered: Answered,
}

impl Rig {
    fn new(shim: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        answer(&data, &["init"]);
        let mut faulty = yidang(&data);
        faulty.env("LD_PRELOAD", shim).env("FAULTS", folder.path().join("faults"));
        let server = serve(faulty);
        let mut rig = Self { folder, server, answered: Answered::new() };
        rig.takes();
        rig
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// From now on calls fail: the first `pass` on paths with `part` happen.
    fn strike(&self, call: &str, errno: i32, pass: u32, part: &str) {
        let (faults, aside) = (self.folder.path().join("faults"), self.folder.path().join("aside"));
        std::fs::write(&aside, format!("{call} {errno} {pass} 1000000 {part}\n")).unwrap();
        std::fs::rename(aside, faults).unwrap();
    }

    fn heal(&self) {
        std::fs::remove_file(self.folder.path().join("faults")).unwrap();
    }

    /// Uploads a new scan, which is taken.
    fn takes(&mut self) {
        let scan = noise(12, 12);
        let (status, told) = upload(&self.server.address, &scan).unwrap();
        assert!(matches!(status, 200 | 201), "{status} {told}");
        self.answered.insert(told["document"].as_i64().unwrap(), hex_of(&scan));
    }

    /// Uploads new scans until there is no whole answer, or one that is not 2xx.
    fn fails(&mut self) -> Option<(u16, String)> {
        for _ in 0..200 {
            let scan = noise(12, 12);
            let (status, told) = upload(&self.server.address, &scan)?;
            if status >= 300 {
                let code = told["error"]["code"].as_str().unwrap().to_owned();
                return Some((status, code));
            }
            self.answered.insert(told["document"].as_i64().unwrap(), hex_of(&scan));
        }
        panic!("nothing failed");
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_is_kept() {
    let Some(shim) = shim() else { return };
    let full = Some((507, "full".to_owned()));
    for (call, part) in [
        ("write", "/store/staging/"),
        ("sync", "/store/staging/"),
        ("link", "/store/obj/sha256/"),
        ("sync", "/store/obj/sha256/"),
        ("write", "/store/obj/sha256/"),
        ("write", "/store/log/entries/"),
        ("sync", "/store/log/entries/"),
        ("link", "/store/log/entries/"),
    ] {
        let what = format!("{call} {part}");
        let mut rig = Rig::new(shim);
        rig.strike(call, ENOSPC, 0, part);
        assert_eq!(rig.fails(), full, "{what}");
        assert_eq!(rig.fails(), full, "{what}, again");
        let alive = ask(&rig.server.address, "GET", "/api/v1/households", b"").unwrap();
        assert_eq!(alive.0, 200, "{what}: the server answers");
        rig.heal();
        rig.takes();
        rig.server.kill();
        let kept = is_sound(&rig.data(), &rig.answered, &what);
        assert_eq!(kept, rig.answered.len(), "{what}: nothing is kept of what was not taken");
    }
}

#[test]
fn a_full_disk_below_the_database_or_the_tiles_loses_nothing() {
    let Some(shim) = shim() else { return };
    for (call, part) in [("write", "catalog.sqlite"), ("write", "/log/tile/"), ("rename", "/log/")]
    {
        let what = format!("{call} {part}");
        let mut rig = Rig::new(shim);
        rig.strike(call, ENOSPC, 0, part);
        if part == "catalog.sqlite" {
            let told = rig.fails();
            assert!(matches!(told, Some((500..600, _))), "{what}: {told:?}");
        } else {
            rig.takes();
            std::thread::sleep(Duration::from_millis(1500));
        }
        rig.heal();
        rig.takes();
        rig.server.kill();
        is_sound(&rig.data(), &rig.answered, &what);
    }
}

#[test]
fn a_disk_that_could_not_write_ends_the_server_and_the_next_start_is_sound() {
    let Some(shim) = shim() else { return };
    for (part, pass) in [
        ("/store/staging/", 1),
        ("/store/obj/sha256/", 0),
        ("/store/obj/sha256/", 1),
        ("/store/obj/sha256/", 3),
        ("/store/log/entries", 0),
        ("/store/log/entries", 1),
        ("/store/log/tile", 0),
        ("/store/log/checkpoint", 1),
    ] {
        let what = format!("sync {part}, after {pass}");
        let mut rig = Rig::new(shim);
        rig.strike("sync", EIO, pass, part);
        let told = if part.contains("tile") || part.contains("checkpoint") {
            rig.takes();
            None
        } else {
            rig.fails()
        };
        assert_eq!(told, None, "{what}: nobody is answered any more");
        assert_eq!(rig.server.end(&what), Some(3), "{what}");
        is_sound(&rig.data(), &rig.answered, &what);
    }
}

#[test]
fn what_a_start_takes_up_is_synced_before_it_counts() {
    let Some(shim) = shim() else { return };
    let mut rig = Rig::new(shim);
    rig.server.kill();
    let (data, copy) = (rig.data(), rig.folder.path().join("copy"));
    let copied = |from: &Path, to: &Path| {
        for name in ["catalog.sqlite", "catalog.sqlite-wal"] {
            std::fs::remove_file(to.join(name)).ok();
            std::fs::copy(from.join(name), to.join(name)).ok();
        }
    };
    std::fs::create_dir(&copy).unwrap();
    copied(&data, &copy);
    rig.server = serve(yidang(&data));
    rig.takes();
    rig.server.kill();
    // The database has not heard of the last batch, as after a kill between
    // publishing and committing; perhaps it was not synced either.
    copied(&copy, &data);
    rig.strike("sync", EIO, 0, "/store/log/entries");
    let start = |faulty: bool| {
        let mut command = yidang(&data);
        if faulty {
            let faults = rig.folder.path().join("faults");
            command.env("LD_PRELOAD", shim).env("FAULTS", faults);
        }
        command.arg("dump").output().unwrap().status.code()
    };
    assert_eq!((start(true), start(false)), (Some(3), Some(0)));
    assert_eq!(is_sound(&data, &rig.answered, "taken up"), 2);
}

/// A file system of a few megabytes, as long as this value lives.
struct Small(TempDir);

impl Small {
    fn new() -> Option<Self> {
        static SAID: Once = Once::new();
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|done| done.status.success()) {
            return Some(Self(folder));
        }
        not_tested(&SAID, "a disk that is really full: mounting a small one needs root");
        None
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path()).status());
    }
}

#[test]
fn a_file_system_without_space_takes_nothing_until_there_is_some() {
    let Some(small) = Small::new() else { return };
    let (store, ballast) = (small.0.path().join("store"), small.0.path().join("ballast"));
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let with_store = || {
        let mut command = yidang(&data);
        command.env("YIDANG_STORE", &store);
        command
    };
    assert!(with_store().arg("init").output().unwrap().status.success());
    // More than the tiles want, which follow as soon as there is space again.
    std::fs::write(&ballast, vec![1; 1_000_000]).unwrap();
    let mut server = serve(with_store());
    let address = server.address.clone();
    let mut answered = Answered::new();
    let mut take = |side: u32| {
        let scan = noise(side, side);
        let (status, told) = upload(&address, &scan).unwrap();
        if status < 300 {
            answered.insert(told["document"].as_i64().unwrap(), hex_of(&scan));
        }
        (status, told["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(take(100).0, 201);
    // Scans of 120 KB until there is no space for one, then smaller ones until
    // there is none at all.
    let full = (507, "full".to_owned());
    for side in [200, 100, 40, 10, 10] {
        let mut last = take(side);
        while last.0 == 201 {
            last = take(side);
        }
        assert_eq!(last, full, "scans of {side} by {side}");
    }
    std::fs::remove_file(&ballast).unwrap();
    assert_eq!(take(10).0, 201, "there is space again");
    server.kill();
    // Verifying is an act, too, and wants space; the archive moves to a larger disk.
    std::fs::remove_dir_all(data.join("store")).ok();
    let moved = Command::new("cp").arg("-r").arg(&store).arg(data.join("store")).status();
    assert!(moved.unwrap().success());
    assert_eq!(is_sound(&data, &answered, "a small disk"), answered.len());
}

/// What the server finds: how many papers, and how far the index is that it fills.
fn searched(server: &Server) -> (u64, Value) {
    let (status, told) = ask(&server.address, "GET", "/api/v1/search?q=", b"").unwrap();
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&told));
    let told: Value = serde_json::from_slice(&told).unwrap();
    (told["total"].as_u64().unwrap(), told["renewal"].clone())
}

/// Searches until it is as it should be.
fn until_searched(server: &Server, what: &str, so: impl Fn(u64, &Value) -> bool) {
    let mut last = searched(server);
    for _ in 0..300 {
        if so(last.0, &last.1) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
        last = searched(server);
    }
    panic!("{what} was waited for in vain: {last:?}");
}

#[test]
fn a_disk_that_is_full_while_the_index_is_filled_anew_leaves_the_former_one() {
    let Some(shim) = shim() else { return };
    let mut rig = Rig::new(shim);
    rig.takes();
    until_searched(&rig.server, "the index", |total, left| total == 2 && left.is_null());
    rig.server.kill();
    made_former(&rig.data());
    // Opened once, so that the new one is there, empty.
    assert!(yidang(&rig.data()).arg("dump").output().unwrap().status.success());
    // There is space for the former index and none for the new one.
    rig.strike("write", ENOSPC, 0, "/index/6/");
    let again = |rig: &Rig| {
        let mut faulty = yidang(&rig.data());
        faulty.env("LD_PRELOAD", shim).env("FAULTS", rig.folder.path().join("faults"));
        serve(faulty)
    };
    rig.server = again(&rig);
    let by_former = |total: u64, left: &Value| total == 2 && left["former"] == true;
    until_searched(&rig.server, "the former index", by_former);
    let told = answer(&rig.data(), &["status"]);
    assert_eq!(told["index"]["renewal"]["former"], true, "{told}");
    let told = yidang(&rig.data()).arg("status").output().unwrap().stdout;
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("0% done; everything is found as before"), "{told}");
    rig.takes();
    until_searched(&rig.server, "a new paper", |total, left| total == 3 && left["former"] == true);
    // Whoever stops it then finds the same, and with space the new one is filled.
    rig.server.kill();
    rig.server = again(&rig);
    until_searched(&rig.server, "the former index", |total, _| total == 3);
    rig.heal();
    until_searched(&rig.server, "the new index", |total, left| total == 3 && left.is_null());
    let version = rig.data().join("index/yidang-index-version");
    for _ in 0..100 {
        if !version.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!version.exists(), "the former index is gone");
    rig.server.kill();
    is_sound(&rig.data(), &rig.answered, "an index that was filled anew");
}
