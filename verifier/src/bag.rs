//! The outside of a bag (BagIt 1.0, RFC 8493): every file is there, as it was
//! packed, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::merkle::Hash;

/// The most files a bag may have.
const FILES: usize = 1_000_000;
/// The most bytes of a file that is read as a whole.
const LONGEST: u64 = 512 << 20;

/// Why a bag is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BagError {
    /// It is not as it was packed.
    Wrong(String),
    /// It could not be looked at.
    Unseen(String),
}

/// A bag whose files are as its manifests say.
#[derive(Debug)]
pub struct Bag {
    root: PathBuf,
    files: BTreeMap<String, Hash>,
}

fn wrong<T>(sentence: String) -> Result<T, BagError> {
    Err(BagError::Wrong(sentence))
}

fn unseen(path: &Path, error: &std::io::Error) -> BagError {
    BagError::Unseen(format!("{}: {error}", path.display()))
}

impl Bag {
    /// Opens the bag in the folder `root` and reads every file of it.
    ///
    /// # Errors
    /// When a file is missing, changed or extra, or cannot be read.
    pub fn open(root: &Path) -> Result<Self, BagError> {
        let listed = walk(root)?;
        let mut bag = Self { root: root.to_owned(), files: BTreeMap::new() };
        let declared = bag.read_small("bagit.txt")?;
        if declared.trim_end() != "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8" {
            return wrong("bagit.txt is not that of a BagIt 1.0 bag".into());
        }
        if listed.contains("fetch.txt") {
            return wrong("the bag wants files fetched from elsewhere".into());
        }
        for (name, payload) in [("manifest-sha256.txt", true), ("tagmanifest-sha256.txt", false)] {
            let text = bag.read_small(name)?;
            for (line, at) in text.lines().zip(1..) {
                let parts = line.split_once("  ").filter(|(hex, _)| hex.len() == 64);
                let Some((hex, path)) = parts else {
                    return wrong(format!("line {at} of {name} is not a digest and a path"));
                };
                if !plain(path) || path.starts_with("data/") != payload {
                    return wrong(format!(
                        "line {at} of {name} has a path that may not be: {path:?}"
                    ));
                }
                if !listed.contains(path) {
                    return wrong(format!("{path} is missing from the bag"));
                }
                let found = bag.hash(path)?;
                if to_hex(&found) != hex {
                    return wrong(format!("{path} is not as it was packed"));
                }
                if bag.files.insert(path.to_owned(), found).is_some() {
                    return wrong(format!("line {at} of {name} names {path} again"));
                }
            }
        }
        let known =
            |path: &&String| bag.files.contains_key(*path) || *path == "tagmanifest-sha256.txt";
        if let Some(extra) = listed.iter().find(|path| !known(path)) {
            return wrong(format!("{extra} is in the bag and in none of its manifests"));
        }
        if let Some(other) = bag.files.keys().find(|path| !is_part(path)) {
            return wrong(format!("{other} is no part of a proof"));
        }
        Ok(bag)
    }

    /// The paths of its files, with their digests.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Hash)> {
        self.files.iter().map(|(path, hash)| (path.as_str(), hash))
    }

    /// The paths of what is for people: nothing of it is checked but that it is as it was packed.
    pub fn for_people(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str).filter(|path| is_for_people(path))
    }

    /// The bytes of a file that was checked.
    ///
    /// # Errors
    /// When there is none, it is too large, or it was changed meanwhile.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, BagError> {
        let Some(hash) = self.files.get(path) else {
            return wrong(format!("{path} is missing from the bag"));
        };
        let place = self.root.join(path);
        let length = place.metadata().map_err(|error| unseen(&place, &error))?.len();
        if length > LONGEST {
            return wrong(format!("{path} is too large: {length} bytes"));
        }
        let bytes = std::fs::read(&place).map_err(|error| unseen(&place, &error))?;
        match crate::merkle::sha256(&bytes) == *hash {
            true => Ok(bytes),
            false => wrong(format!("{path} was changed while it was looked at")),
        }
    }

    /// The text of a file that was checked.
    ///
    /// # Errors
    /// As [`Bag::read`], or when it is not UTF-8.
    pub fn text(&self, path: &str) -> Result<String, BagError> {
        let bytes = self.read(path)?;
        String::from_utf8(bytes).or_else(|_| wrong(format!("{path} is not UTF-8")))
    }

    fn read_small(&self, name: &str) -> Result<String, BagError> {
        let place = self.root.join(name);
        match std::fs::metadata(&place) {
            Ok(found) if found.len() <= LONGEST => {}
            Ok(_) => return wrong(format!("{name} is too large")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return wrong(format!("{name} is missing: this is no bag"));
            }
            Err(error) => return Err(unseen(&place, &error)),
        }
        let bytes = std::fs::read(&place).map_err(|error| unseen(&place, &error))?;
        String::from_utf8(bytes).or_else(|_| wrong(format!("{name} is not UTF-8")))
    }

    fn hash(&self, path: &str) -> Result<Hash, BagError> {
        let place = self.root.join(path);
        let hashed = || -> std::io::Result<Hash> {
            let (mut file, mut hasher) = (std::fs::File::open(&place)?, Sha256::new());
            let mut piece = vec![0; 64 << 10];
            loop {
                match file.read(&mut piece)? {
                    0 => return Ok(hasher.finalize().into()),
                    read => hasher.update(&piece[..read]),
                }
            }
        };
        hashed().map_err(|error| unseen(&place, &error))
    }
}

/// The lower-case hexadecimal digits of a hash.
#[must_use]
pub fn to_hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a path stays in the bag and is written in the one way.
fn plain(path: &str) -> bool {
    let good = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    path.len() < 512 && path.split('/').all(good)
}

/// Whether a proof may have a file of this path: what nobody looks at would be believed all
/// the same.
fn is_part(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["bagit.txt" | "bag-info.txt" | "manifest-sha256.txt"] => true,
        ["data", "proof.json" | "checkpoint"] => true,
        ["data", "entries", no, "entry.json" | "body.json" | "entry.tlog-proof"] => {
            no.parse::<u64>().is_ok_and(|number| number.to_string() == *no)
        }
        ["data", "objects", name] => name.len() > 65 && name.as_bytes()[64] == b'.',
        ["data", "history", "entries" | "frontier"] => true,
        ["data", "timestamp", "checkpoint" | "checkpoint.tsr" | "consistency"] => true,
        _ => is_for_people(path),
    }
}

fn is_for_people(path: &str) -> bool {
    let picture = |name: &str| !name.contains('/') && name.ends_with(".jpg");
    path == "README.html" || path.strip_prefix("previews/").is_some_and(picture)
}

/// Every file below `root`, by path; links and other things are refused.
fn walk(root: &Path) -> Result<BTreeSet<String>, BagError> {
    let mut found = BTreeSet::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let place = root.join(&folder);
        for entry in std::fs::read_dir(&place).map_err(|error| unseen(&place, &error))? {
            let entry = entry.map_err(|error| unseen(&place, &error))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                return wrong(format!("{} has a name that is not text", entry.path().display()));
            };
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            let kind = entry.file_type().map_err(|error| unseen(&place, &error))?;
            match () {
                () if kind.is_dir() => folders.push(path),
                () if kind.is_file() => drop(found.insert(path)),
                () => return wrong(format!("{path} is neither a file nor a folder")),
            }
            if found.len() + folders.len() > FILES {
                return wrong(format!("the bag has more than {FILES} files"));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn paths_that_leave_the_bag_are_refused() {
        for good in ["data/a.jpg", "data/entries/7/entry.tlog-proof", "bagit.txt"] {
            assert!(plain(good), "{good}");
        }
        for bad in
            ["", "/etc/passwd", "data/../x", "data//x", "./x", "data/a b", "data\\x", "data/"]
        {
            assert!(!plain(bad), "{bad}");
        }
    }
}
