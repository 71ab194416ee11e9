//! Back from a backup. It comes from a stranger until it was read: every
//! member is bounded, named by the first one, and has the digest that says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    BackupError, CATALOG, FORMAT, KEYS, MANIFEST, MOST_BYTES, MOST_FILES, MOST_MANIFEST, Manifest,
    Member, Scratch, is_plain, new_file, sync,
};
use crate::config;
use crate::model::id::Digest;

/// What was put in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The files, by their paths below the data folder.
    pub files: Vec<String>,
}

/// Restores the backup `from` into the data folder `data`, which holds no
/// archive yet; its store may stand there. Durable when this returns.
///
/// # Errors
/// When the backup is not one, was changed or is newer than this program, or
/// the folder holds an archive: nothing was put in place.
pub fn restore(from: &Path, data: &Path) -> Result<Restored, BackupError> {
    for name in [CATALOG, KEYS, config::FILE, "index"] {
        let taken = data.join(name);
        if taken.exists() {
            return Err(BackupError::Exists(taken.display().to_string()));
        }
    }
    let file = File::open(from).map_err(BackupError::file(from))?;
    std::fs::create_dir_all(data).map_err(BackupError::file(data))?;
    let scratch = Scratch::beside(&data.join(CATALOG))?;
    let members = unpack(from, file, &scratch.0)?;
    for member in &members {
        let to = data.join(&member.path);
        if to.exists() {
            return Err(BackupError::Exists(to.display().to_string()));
        }
    }
    for member in &members {
        let to = data.join(&member.path);
        let folder = to.parent().unwrap_or(data);
        std::fs::create_dir_all(folder).map_err(BackupError::file(folder))?;
        std::fs::rename(scratch.0.join(&member.path), &to).map_err(BackupError::file(&to))?;
        sync(Some(folder))?;
    }
    sync(Some(data))?;
    Ok(Restored { files: members.into_iter().map(|member| member.path).collect() })
}

/// Unpacks a backup into an empty folder; returns its files.
fn unpack(from: &Path, file: File, folder: &Path) -> Result<Vec<Member>, BackupError> {
    let name = from.display().to_string();
    let wrong = |reason: String| BackupError::Malformed { file: name.clone(), reason };
    let broken = |error: std::io::Error| wrong(error.to_string());
    let mut tar = tar::Archive::new(file);
    let mut entries = tar.entries().map_err(broken)?;
    let first = entries.next().ok_or_else(|| wrong("it is empty".into()))?.map_err(broken)?;
    let manifest = manifest(from, first)?;
    let mut left: BTreeMap<&str, &Member> =
        manifest.files.iter().map(|member| (member.path.as_str(), member)).collect();
    if left.len() != manifest.files.len() {
        return Err(wrong("it names a file twice".into()));
    }
    for entry in entries {
        let mut entry = entry.map_err(broken)?;
        let path = plain_path(&entry).map_err(wrong)?;
        let Some(member) = left.remove(path.as_str()) else {
            return Err(wrong(format!("{path:?} is in it and not named, or twice")));
        };
        if entry.size() != member.bytes {
            return Err(wrong(format!("{path} has another size than it should")));
        }
        let to = folder.join(&path);
        let above = to.parent().unwrap_or(folder);
        std::fs::create_dir_all(above).map_err(BackupError::file(above))?;
        let mode = if path == CATALOG { 0o644 } else { 0o600 };
        let mut out = new_file(&to, mode).map_err(BackupError::file(&to))?;
        if written(&mut entry, &mut out).map_err(broken)? != member.sha256 {
            return Err(wrong(format!("{path} was changed")));
        }
        out.sync_all().map_err(BackupError::file(&to))?;
        sync(Some(above))?;
    }
    match left.keys().next() {
        Some(path) => Err(wrong(format!("{path} is named and not in it"))),
        None => Ok(manifest.files),
    }
}

/// The first member, if this program can use what it says.
fn manifest<R: Read>(from: &Path, mut entry: tar::Entry<'_, R>) -> Result<Manifest, BackupError> {
    let name = from.display().to_string();
    let wrong = |reason: String| BackupError::Malformed { file: name.clone(), reason };
    let path = plain_path(&entry).map_err(wrong)?;
    if path != MANIFEST || entry.size() > MOST_MANIFEST {
        return Err(wrong(format!("it does not begin with {MANIFEST}")));
    }
    let mut text = Vec::new();
    entry.read_to_end(&mut text).map_err(|error| wrong(error.to_string()))?;
    // What a newer program wrote may have another shape.
    #[derive(serde::Deserialize)]
    struct Version {
        format: u32,
        program: String,
    }
    let in_manifest = |error: serde_json::Error| wrong(format!("{MANIFEST}: {error}"));
    let version: Version = serde_json::from_slice(&text).map_err(in_manifest)?;
    if version.format > FORMAT {
        let Version { format, program } = version;
        return Err(BackupError::Newer { file: name, program, format });
    }
    let manifest: Manifest = serde_json::from_slice(&text).map_err(in_manifest)?;
    if manifest.files.len() > MOST_FILES {
        return Err(wrong(format!("it has more than {MOST_FILES} files")));
    }
    for member in &manifest.files {
        if !is_plain(&member.path) || member.path == MANIFEST {
            return Err(wrong(format!("{:?} is not a path below the data folder", member.path)));
        }
        if member.bytes > MOST_BYTES && member.path != CATALOG {
            return Err(wrong(format!("{} is too large", member.path)));
        }
    }
    Ok(manifest)
}

/// The path of a member that is a plain file.
fn plain_path<R: Read>(entry: &tar::Entry<'_, R>) -> Result<String, String> {
    let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    match entry.header().entry_type() {
        tar::EntryType::Regular if is_plain(&path) => Ok(path),
        tar::EntryType::Regular => Err(format!("{path:?} is not a path below the data folder")),
        _ => Err(format!("{path:?} is not a plain file")),
    }
}

/// Copies what is left of `from`; returns its digest.
fn written(from: &mut impl Read, to: &mut File) -> std::io::Result<Digest> {
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; 256 << 10]);
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(Digest::from_bytes(hasher.finalize().into())),
            read => {
                hasher.update(&piece[..read]);
                to.write_all(&piece[..read])?;
            }
        }
    }
}
