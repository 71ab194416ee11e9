//! 核验包: a bag as one file, to be carried away. It is packed in the data
//! folder and written into a file without a name, which is gone when the last
//! byte has been sent; memory does not depend on how much is in it.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::Semaphore;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{ProveError, Proven, Subject, prove};
use crate::app::App;
use crate::model::access::Actor;

/// How many bundles are packed at a time.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the names of folders that are being packed begin with.
const PREFIX: &str = "bundle-";
/// After so long a folder that was being packed was left by a stop.
const LEFT: Duration = Duration::from_secs(24 * 3600);
/// Above so many bytes a file of a zip needs the larger numbers.
const LARGE: u64 = u32::MAX as u64;

/// A bundle that is ready.
#[derive(Debug)]
pub struct Bundle {
    /// The zip, to be read from its beginning; it has no name any more.
    pub file: File,
    /// Its size.
    pub bytes: u64,
    /// The name to keep it under, without its ending.
    pub name: String,
    /// What is in it.
    pub proven: Proven,
}

/// Packs the proof of `subject` as one zip file. Its files stand in one folder,
/// which is the bag. That nothing came later is shown of volumes and households, and with
/// `current` of a document too.
///
/// # Errors
/// As [`prove()`], and when too many are being packed.
pub async fn bundle(
    app: &Arc<App>,
    actor: &Actor,
    subject: Subject,
    current: bool,
) -> Result<Bundle, ProveError> {
    let (here, own, actor) = (tokio::runtime::Handle::current(), Arc::clone(app), actor.clone());
    // As `yidang prove` does it: the rest of a long log is not for one paper, unless it is asked for.
    let current = current || !matches!(subject, Subject::Document(_));
    let name = name(&subject);
    packed(app, name, move |bag| here.block_on(prove(&own, &actor, &subject, current, bag))).await
}

/// What `pack` puts into a new folder as one zip file, called `name`.
///
/// # Errors
/// That of `pack`, and when too many are being packed.
pub(crate) async fn packed<E: From<ProveError> + Send + 'static>(
    app: &Arc<App>,
    name: String,
    pack: impl FnOnce(&Path) -> Result<Proven, E> + Send + 'static,
) -> Result<Bundle, E> {
    let turn = tokio::time::timeout(PATIENCE, AT_ONCE.acquire()).await;
    let _turn = turn.ok().and_then(Result::ok).ok_or(ProveError::Busy)?;
    let app = Arc::clone(app);
    // Packing waits for the disk, file by file.
    let packed = tokio::task::spawn_blocking(move || {
        let folder = workplace(&app)?;
        let bag = folder.path().join(&name);
        let proven = pack(&bag)?;
        let mut file = tempfile::tempfile_in(folder.path()).map_err(at(folder.path()))?;
        let bytes = zip(&bag, &name, &mut file).map_err(at(&bag))?;
        Ok(Bundle { file, bytes, name, proven })
    });
    packed.await.map_err(|stopped| at(Path::new("bundle"))(std::io::Error::other(stopped)))?
}

/// A folder of its own in the data folder, removed with all that is in it when
/// the value is dropped. What a stop left behind goes the next time.
pub(crate) fn workplace(app: &App) -> Result<TempDir, ProveError> {
    let root = app.config.data.join("spool");
    let made = || {
        std::fs::create_dir_all(&root)?;
        clear(&root)?;
        tempfile::Builder::new().prefix(PREFIX).tempdir_in(&root)
    };
    made().map_err(at(&root))
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> ProveError + use<> {
    let path = path.display().to_string();
    move |cause| ProveError::Place { path: path.clone(), cause }
}

/// What a bundle is called: ASCII, and nothing to be escaped.
pub(crate) fn name(subject: &Subject) -> String {
    match subject {
        Subject::Document(id) => format!("yidang-document-{id}"),
        Subject::Household(no) => format!("yidang-household-{no}"),
        Subject::Look(no) => format!("yidang-look-{no}"),
        Subject::Volume(code) => {
            let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
            format!("yidang-volume-{}", code.chars().map(plain).collect::<String>())
        }
    }
}

/// Removes folders that a stop left behind.
fn clear(root: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age > LEFT {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Writes the files below `bag` into `to`, under the folder `name`, in order of
/// their names. Scans are compressed already, so nothing is compressed here.
fn zip(bag: &Path, name: &str, to: &mut File) -> std::io::Result<u64> {
    let mut files = Vec::new();
    walk(bag, &mut files)?;
    files.sort_unstable();
    let mut zip = ZipWriter::new(std::io::BufWriter::with_capacity(256 << 10, &mut *to));
    for file in files {
        let below = file.strip_prefix(bag).map_err(std::io::Error::other)?;
        let mut source = File::open(&file)?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(source.metadata()?.len() >= LARGE)
            .unix_permissions(0o644);
        zip.start_file(format!("{name}/{}", below.display()), options)?;
        std::io::copy(&mut source, &mut zip)?;
        drop(source);
        // What is in the zip need not stand on the disk twice.
        std::fs::remove_file(&file)?;
    }
    zip.finish()?.flush()?;
    let bytes = to.stream_position()?;
    to.rewind()?;
    Ok(bytes)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), files)?
        } else {
            files.push(entry.path())
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_for_every_disk() {
        assert_eq!(name(&Subject::Document(41)), "yidang-document-41");
        let volume = Subject::Volume("J016-DB·2026-D10-001".into());
        assert_eq!(name(&volume), "yidang-volume-J016-DB-2026-D10-001");
        assert_eq!(name(&Subject::Volume("../a".into())), "yidang-volume----a");
    }
}
