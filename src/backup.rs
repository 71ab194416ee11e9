//! 备份: what an archive has outside its object store — key, settings, policy,
//! a snapshot of the catalog — in one file, and back.
//!
//! The file is a tar. Its first member says the format and the digest of every
//! other; a member that is not named there, or is not as it says, is refused,
//! and nothing is put in place before everything was read.

mod restore;

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::app::own;
use crate::config::{self, Config};
use crate::db::{Db, DbError};
use crate::keys::{self, volumes};
use crate::model::id::Digest;

pub use self::restore::{Restored, restore};

/// The version of the format that this program writes.
const FORMAT: u32 = 1;
/// The name of the member that names the others.
const MANIFEST: &str = "yidang-backup.json";
/// The name of the snapshot of the catalog.
const CATALOG: &str = "catalog.sqlite";
/// The folder of the keys.
const KEYS: &str = "keys";
/// The most files of a backup.
const MOST_FILES: usize = 256;
/// The most bytes of a file that is not the catalog.
const MOST_BYTES: u64 = 512 << 20;
/// The most bytes of the first member.
const MOST_MANIFEST: u64 = 16 << 20;

/// Why a backup was not written or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder cannot be read or made.
    #[error("{file}: {cause}")]
    File {
        /// Which.
        file: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Something stands where the backup or the archive is to go.
    #[error("{0} is there already; name another place")]
    Exists(String),
    /// There is nothing to back up.
    #[error("{0} holds no archive")]
    NoArchive(String),
    /// It is not a backup, or it was changed.
    #[error("{file} is not a backup that can be restored: {reason}")]
    Malformed {
        /// Which file.
        file: String,
        /// Why.
        reason: String,
    },
    /// A newer program wrote it.
    #[error(
        "{file} was written by Yidang {program} in format {format}, and this program knows formats up \
         to {FORMAT}: restore it with a program that is as new"
    )]
    Newer {
        /// Which file.
        file: String,
        /// The program that wrote it.
        program: String,
        /// Its format.
        format: u32,
    },
}

impl BackupError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let file = path.display().to_string();
        move |cause| Self::File { file, cause }
    }
}

/// What the first member says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: u32,
    program: String,
    files: Vec<Member>,
}

/// A file of a backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    /// Below the data folder, with `/` between its parts.
    path: String,
    bytes: u64,
    sha256: Digest,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The files in it, by their paths below the data folder.
    pub files: Vec<String>,
    /// Whether the catalog is in it; one on a server has backups of its own.
    pub catalog: bool,
    /// What the settings name outside the data folder, and so is not in it.
    pub left_out: Vec<String>,
    /// The master key, which is never in it; none where the archive is not
    /// encrypted.
    pub master: Option<String>,
}

/// Writes a backup of the archive in the data folder to a new file, readable
/// by its owner alone; durable when this returns. The archive may be in use.
///
/// # Errors
/// When there is no archive, the file exists, or something cannot be read or
/// written.
pub async fn write(config: &Config, to: &Path) -> Result<Written, BackupError> {
    let data = config.data.as_path();
    if to.exists() {
        return Err(BackupError::Exists(to.display().to_string()));
    }
    let scratch = Scratch::beside(to)?;
    let (mut files, left_out) = files_of(config)?;
    let mut sources: Vec<PathBuf> = files.iter().map(|path| data.join(path)).collect();
    let file = data.join(CATALOG);
    let catalog = config.database.is_empty() && file.is_file();
    if catalog {
        let snapshot = scratch.0.join(CATALOG);
        Db::snapshot(&file, &snapshot).await?;
        files.push(CATALOG.to_owned());
        sources.push(snapshot);
    } else if files.is_empty() {
        return Err(BackupError::NoArchive(data.display().to_string()));
    }
    let members: Vec<(Member, PathBuf)> = files
        .iter()
        .zip(sources)
        .map(|(path, source)| Ok((member(path, &source)?, source)))
        .collect::<Result<_, BackupError>>()?;
    let packed = scratch.0.join("backup.tar");
    pack(&packed, &members)?;
    // A name that is taken meanwhile is left as it is.
    std::fs::hard_link(&packed, to).map_err(BackupError::file(to))?;
    sync(to.parent())?;
    let master = data.join(&config.encryption.keys).is_file();
    let master = master.then(|| volumes::master(config).display().to_string());
    Ok(Written { files, catalog, left_out, master })
}

/// The files of an archive outside its store, by their paths below the data
/// folder, and those that lie elsewhere.
fn files_of(config: &Config) -> Result<(Vec<String>, Vec<String>), BackupError> {
    let data = config.data.as_path();
    let mut wanted = vec![PathBuf::from(config::FILE), keys::POLICY.into(), config.log.key.clone()];
    wanted.push(config.encryption.keys.clone());
    if !config.profile.as_os_str().is_empty() {
        wanted.push(config.profile.clone());
    }
    wanted.extend(own::files(config).map_err(BackupError::file(&config.rules))?);
    let folder = data.join(KEYS);
    if folder.is_dir() {
        for entry in std::fs::read_dir(&folder).map_err(BackupError::file(&folder))? {
            let entry = entry.map_err(BackupError::file(&folder))?;
            wanted.push(Path::new(KEYS).join(entry.file_name()));
        }
    }
    // Who has a backup must not have what opens it; and where keys were destroyed
    // the master key is another one, so that a backup of before opens nothing.
    wanted.retain(|path| !volumes::is_master(config, &data.join(path)));
    wanted.retain(|path| path.extension().is_none_or(|end| end != "lock"));
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for path in wanted {
        let below = path.strip_prefix(data).unwrap_or(&path);
        match below.to_str().filter(|text| is_plain(text)) {
            Some(text) if data.join(below).is_file() => inside.push(text.to_owned()),
            Some(_) => {}
            None => outside.push(path.display().to_string()),
        }
    }
    for list in [&mut inside, &mut outside] {
        list.sort_unstable();
        list.dedup();
    }
    Ok((inside, outside))
}

/// Whether a path stays below the folder it begins in, and is written in one
/// way only.
fn is_plain(path: &str) -> bool {
    let part = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
    path.len() <= 200 && path.split('/').all(part)
}

fn member(path: &str, source: &Path) -> Result<Member, BackupError> {
    let mut file = File::open(source).map_err(BackupError::file(source))?;
    let (mut hasher, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 256 << 10]);
    loop {
        match file.read(&mut piece).map_err(BackupError::file(source))? {
            0 => break,
            read => {
                hasher.update(&piece[..read]);
                bytes += read as u64;
            }
        }
    }
    let sha256 = Digest::from_bytes(hasher.finalize().into());
    Ok(Member { path: path.to_owned(), bytes, sha256 })
}

/// Writes the tar; durable when this returns.
fn pack(packed: &Path, members: &[(Member, PathBuf)]) -> Result<(), BackupError> {
    let in_tar = |cause| BackupError::File { file: packed.display().to_string(), cause };
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        files: members.iter().map(|(member, _)| member.clone()).collect(),
    };
    let manifest = serde_json::to_vec_pretty(&manifest)
        .map_err(|error| in_tar(std::io::Error::other(error)))?;
    let file = new_file(packed, 0o600).map_err(in_tar)?;
    let mut tar = tar::Builder::new(std::io::BufWriter::new(file));
    let header = |bytes: u64| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(bytes);
        header.set_mode(0o600);
        header
    };
    let length = manifest.len() as u64;
    tar.append_data(&mut header(length), MANIFEST, manifest.as_slice()).map_err(in_tar)?;
    for (member, source) in members {
        let from = File::open(source).map_err(BackupError::file(source))?.take(member.bytes);
        tar.append_data(&mut header(member.bytes), &member.path, from).map_err(in_tar)?;
    }
    let mut file = tar.into_inner().map_err(in_tar)?;
    file.flush().map_err(in_tar)?;
    file.get_ref().sync_all().map_err(in_tar)
}

/// A new file that others may not read more of than `mode` says.
fn new_file(path: &Path, mode: u32) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    options.open(path)
}

/// Syncs a folder.
fn sync(folder: Option<&Path>) -> Result<(), BackupError> {
    let folder = folder.filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(BackupError::file(folder))
}

/// A folder that is removed when it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    /// A new folder beside `path`, readable by its owner alone.
    fn beside(path: &Path) -> Result<Self, BackupError> {
        let name = format!(".yidang-{}", hex::encode(rand::random::<[u8; 8]>()));
        let folder = path.with_file_name(name);
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(BackupError::file(&folder))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %error, "a folder stays behind");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_path_that_leaves_its_folder_is_not_plain() {
        for good in ["yidang.toml", "keys/log.key", "a/b/c"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a\\b", "a/", "\0"] {
            assert!(!is_plain(bad), "{bad:?}");
        }
    }
}
