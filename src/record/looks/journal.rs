//! The looks of the last seconds, in a file until they are rows of the database: a
//! line that is appended costs little, and disturbs nobody who reads. Each process
//! has a file of its own, which it holds locked; what a process that was killed has
//! left is taken up by the next one that looks.
//!
//! What is written to a file survives the end of the process, as a row does.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Result, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The folder of the files, in the data folder.
const FOLDER: &str = "looks";
/// How their names end.
const WAITING: &str = "waiting";
/// From so many looks on they are no longer left to wait.
const MANY: usize = 1024;
/// The most bytes of a file that is taken up; a thousand looks have far fewer.
const MOST: u64 = 64 << 20;

/// A look that is no row yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// When it was, in microseconds.
    pub(super) at: i64,
    /// The canonical JSON of its body.
    pub(super) body: String,
}

/// The looks that this process has noted and not made rows of.
#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
    open: Mutex<Vec<Taken>>,
}

/// A file with looks. It stays locked while this lives.
#[derive(Debug)]
pub(super) struct Taken {
    path: PathBuf,
    file: File,
    bytes: u64,
    /// Whether more may be appended.
    open: bool,
    /// Its looks.
    pub(super) lines: Vec<Line>,
}

impl Taken {
    /// Removes the file: its looks are rows now.
    pub(super) fn forget(self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            // Taken up once more it changes nothing: the rows are there.
            tracing::warn!(%error, path = %self.path.display(), "a file of looks stays");
        }
    }

    /// Appends a line, whole or not at all.
    fn append(&mut self, text: &str) -> Result<()> {
        let written = self.file.write_all(text.as_bytes());
        if written.is_err() {
            self.file.set_len(self.bytes)?;
        }
        written?;
        self.bytes += text.len() as u64;
        Ok(())
    }
}

impl Journal {
    /// The journal of this process, in the data folder.
    ///
    /// # Errors
    /// When its folder cannot be made.
    pub(super) fn new(data: &Path) -> Result<Self> {
        let folder = data.join(FOLDER);
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, open: Mutex::default() })
    }

    /// Notes a look. Returns whether so many wait that they should be made rows.
    ///
    /// # Errors
    /// When it cannot be written: it is not noted then.
    pub(super) fn note(&self, line: Line) -> Result<bool> {
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.last().is_none_or(|last| !last.open) {
            open.push(self.begin()?);
        }
        let Some(last) = open.last_mut() else { return Ok(false) };
        last.append(&text)?;
        last.lines.push(line);
        Ok(last.lines.len() >= MANY)
    }

    /// A new file. It gets its name when it is locked, so nobody takes it for one
    /// that was left behind.
    fn begin(&self) -> Result<Taken> {
        let name = self.folder.join(hex::encode(rand::random::<[u8; 8]>()));
        let (path, beside) = (name.with_extension(WAITING), name.with_extension("new"));
        let mut options = OpenOptions::new();
        options.create_new(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&beside)?;
        file.lock()?;
        std::fs::rename(&beside, &path)?;
        Ok(Taken { path, file, bytes: 0, open: true, lines: Vec::new() })
    }

    /// The files of this process, to be made rows of; nothing is appended to them
    /// any more.
    pub(super) fn take(&self) -> Vec<Taken> {
        std::mem::take(&mut *self.open.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes files back whose looks did not become rows.
    pub(super) fn put_back(&self, taken: impl IntoIterator<Item = Taken>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = taken.into_iter().map(|one| Taken { open: false, ..one });
        open.splice(0..0, closed);
    }

    /// The files that processes which are gone have left.
    ///
    /// # Errors
    /// When the folder or a file cannot be read.
    pub(super) fn left(&self) -> Result<Vec<Taken>> {
        let mut left = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == WAITING)
                && let Some(taken) = take_up(&path)?
            {
                left.push(taken);
            }
        }
        Ok(left)
    }
}

/// The looks of a file that nobody holds; none when somebody does, or has removed
/// it meanwhile.
fn take_up(path: &Path) -> Result<Option<Taken>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let mut text = String::new();
    Read::by_ref(&mut file).take(MOST).read_to_string(&mut text)?;
    // The last line is not whole when the process ended while it was written: that
    // look was not shown.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let lines = whole.lines().map(serde_json::from_str).collect::<serde_json::Result<_>>()?;
    Ok(Some(Taken { path: path.to_owned(), file, bytes: 0, open: false, lines }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn line(at: i64) -> Line {
        Line { at, body: format!("{{\"看\":{at}}}") }
    }

    fn files(data: &Path) -> usize {
        std::fs::read_dir(data.join(FOLDER)).unwrap().count()
    }

    #[test]
    fn what_a_process_left_is_taken_up_once_and_what_one_holds_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path()).unwrap();
        for at in 0..3 {
            assert!(!journal.note(line(at)).unwrap());
        }
        let other = Journal::new(folder.path()).unwrap();
        assert!(other.left().unwrap().is_empty(), "it is held");
        assert_eq!(files(folder.path()), 1);
        drop(journal);
        let mut left = other.left().unwrap();
        assert_eq!(left[0].lines, [line(0), line(1), line(2)]);
        assert!(other.left().unwrap().is_empty(), "it is taken");
        left.remove(0).forget();
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    fn what_did_not_become_rows_waits_and_nothing_is_appended_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path()).unwrap();
        journal.note(line(1)).unwrap();
        journal.put_back(journal.take());
        journal.note(line(2)).unwrap();
        assert_eq!(files(folder.path()), 2);
        let taken = journal.take();
        let all: Vec<i64> = taken.iter().flat_map(|one| &one.lines).map(|line| line.at).collect();
        assert_eq!(all, [1, 2]);
        taken.into_iter().for_each(Taken::forget);
        assert!(journal.take().is_empty());
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    fn a_line_that_was_not_finished_was_not_noted() {
        let folder = tempfile::tempdir().unwrap();
        Journal::new(folder.path()).unwrap();
        let path = folder.path().join("looks/1.waiting");
        let whole = format!("{}\n", serde_json::to_string(&line(1)).unwrap());
        std::fs::write(&path, format!("{whole}{{\"at\":2,\"bo")).unwrap();
        let left = Journal::new(folder.path()).unwrap().left().unwrap();
        assert_eq!(left[0].lines, [line(1)]);
        std::fs::write(&path, format!("nonsense\n{whole}")).unwrap();
        drop(left);
        assert!(
            Journal::new(folder.path()).unwrap().left().is_err(),
            "it is not passed over in silence"
        );
    }

    #[test]
    fn many_are_not_left_to_wait() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path()).unwrap();
        let many = (0..).position(|at| journal.note(line(at)).unwrap());
        assert_eq!(many, Some(MANY - 1));
    }
}
