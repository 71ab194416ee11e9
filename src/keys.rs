//! The keys of the log: kept in the data folder, never in the object store or
//! the database. The file has the secrets; which of them sign is said by the
//! log itself, and while it says nothing the first one does. The key of second
//! factors and that of lookups stand beside it; the keys that blobs are encrypted
//! with are in [`volumes`].

pub mod volumes;

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::durable;
use crate::model::lookup::LookupKey;
use crate::tlog::policy::Named;
use crate::tlog::{self, LogKey, LogKeys, TlogError};

/// The name of the policy that is made beside the data, for the auditor to
/// take away.
pub const POLICY: &str = "auditor.policy";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the key in {file}: {cause}")]
    File {
        /// Which.
        file: String,
        /// Why.
        cause: std::io::Error,
    },
    /// It does not hold a key.
    #[error("the key of the log, {file}: {cause}")]
    Malformed {
        /// Which.
        file: String,
        /// Why.
        cause: TlogError,
    },
}

/// The keys of the log; none where this machine has none: the archive can be
/// read here, not changed.
///
/// # Errors
/// When the file cannot be read, or holds no keys.
pub fn open(config: &Config) -> Result<Option<LogKeys>, KeyError> {
    read(&place(config))
}

/// The key of the access log; none where this machine has none.
///
/// # Errors
/// When the file cannot be read, or holds no key.
pub fn open_access(config: &Config) -> Result<Option<LogKeys>, KeyError> {
    read(&config.data.join(&config.access.key))
}

fn read(path: &Path) -> Result<Option<LogKeys>, KeyError> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => {
            LogKeys::parse(&text).map(Some).map_err(|cause| KeyError::Malformed { file, cause })
        }
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(KeyError::File { file, cause }),
    }
}

/// Makes the key of a new log, readable by its owner alone, and a first policy
/// for the auditor; a key that is there is kept.
///
/// # Errors
/// When a file cannot be made.
pub fn make(config: &Config) -> Result<LogKeys, KeyError> {
    if let Some(keys) = open(config)? {
        return Ok(keys);
    }
    let path = place(config);
    let origin = match config.log.origin.as_str() {
        "" => format!("yidang.local/{}", hex::encode(rand::random::<[u8; 8]>())),
        given => given.to_owned(),
    };
    let keys = LogKeys::from(another(config, &origin)?);
    durable::create(&path, &keys.secret(), 0o600).map_err(in_file(&path))?;
    make_access(config, keys.origin())?;
    let (file, named) = (config.data.join(POLICY), [keys.first().to_owned()]);
    durable::create(&file, &policy(config, &named), 0o644).map_err(in_file(&file))?;
    Ok(keys)
}

/// Makes the key of the access log beside the log `origin`, readable by its owner
/// alone, and names it in the policy that lies beside the data; a key that is
/// there is kept.
///
/// # Errors
/// When a file cannot be made.
pub fn make_access(config: &Config, origin: &str) -> Result<LogKeys, KeyError> {
    if let Some(keys) = open_access(config)? {
        return Ok(keys);
    }
    let path = config.data.join(&config.access.key);
    let keys = LogKeys::from(another(config, &format!("{origin}/access"))?);
    match durable::create(&path, &keys.secret(), 0o600) {
        Ok(()) => {}
        // Another process made one meanwhile.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return open_access(config)?.ok_or_else(|| in_file(&path)(error));
        }
        Err(error) => return Err(in_file(&path)(error)),
    }
    // The policy of an archive that is older than its access log.
    let file = config.data.join(POLICY);
    if let Ok(policy) = std::fs::read_to_string(&file) {
        let last = policy.rmatch_indices("\nlog ").next().map_or(0, |(at, _)| at + 1);
        let (before, after) = policy.split_at(last);
        let policy = format!("{before}log {}\n{after}", keys.first());
        durable::replace(&file, &policy, 0o644).map_err(in_file(&file))?;
    }
    Ok(keys)
}

/// A key of the log `origin` that nobody has yet; it is not kept anywhere.
///
/// # Errors
/// When that cannot be the name of a log.
pub fn another(config: &Config, origin: &str) -> Result<LogKey, KeyError> {
    let file = place(config).display().to_string();
    LogKey::new(origin, rand::random()).map_err(|cause| KeyError::Malformed { file, cause })
}

/// Puts other keys in the place of those that are kept; durable when this
/// returns. Done only by who holds [`lock`].
///
/// # Errors
/// When the file cannot be written; the keys before are kept then.
pub fn replace(config: &Config, keys: &LogKeys) -> Result<(), KeyError> {
    let path = place(config);
    durable::replace(&path, &keys.secret(), 0o600).map_err(in_file(&path))
}

/// Waits until nobody else changes the keys, and keeps others from it while
/// what is returned is held.
///
/// # Errors
/// When the file of the lock cannot be made.
pub fn lock(config: &Config) -> Result<File, KeyError> {
    let path = place(config);
    lock_beside(&path).map_err(in_file(&path))
}

/// Waits until nobody else changes the file at `path`.
fn lock_beside(path: &Path) -> std::io::Result<File> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let beside = path.with_added_extension("lock");
    let file = File::options().create(true).truncate(false).write(true).open(beside)?;
    file.lock()?;
    Ok(file)
}

/// The file of the key that second factors are made with.
const SECOND_FACTORS: &str = "keys/second-factors.key";

/// The key that second factors are made with, made when it is not there: 256
/// random bits in hexadecimal. Every machine that lets people in needs the same.
///
/// # Errors
/// When the file cannot be read or made, or holds something else.
pub fn second_factors(config: &Config) -> Result<String, KeyError> {
    Ok(hex::encode(made(&config.data.join(SECOND_FACTORS))?))
}

/// The file of the key that numbers of persons are looked up with.
const LOOKUP: &str = "keys/lookup.key";

/// The key that numbers of persons are looked up with, made when it is not there.
/// With another one the digests are made again; every machine that opens one
/// database needs the same.
///
/// # Errors
/// When the file cannot be read or made, or holds something else.
pub fn lookup(config: &Config) -> Result<LookupKey, KeyError> {
    Ok(LookupKey::new(made(&config.data.join(LOOKUP))?))
}

/// The key in a file that has 256 bits in hexadecimal; random ones are written
/// there first when it is not there, readable by its owner alone.
fn made(path: &Path) -> Result<[u8; 32], KeyError> {
    let is_there = || path.try_exists().map_err(in_file(path));
    if !is_there()? {
        let _one = lock_beside(path).map_err(in_file(path))?;
        // Another process may have been faster.
        if !is_there()? {
            let new = hex::encode(rand::random::<[u8; 32]>());
            durable::replace(path, &new, 0o600).map_err(in_file(path))?;
        }
    }
    let text = std::fs::read_to_string(path).map_err(in_file(path))?;
    let mut key = [0; 32];
    let decoded = hex::decode_to_slice(text.trim(), &mut key);
    decoded.map_err(|_| in_file(path)(ErrorKind::InvalidData.into()))?;
    Ok(key)
}

/// A policy for the auditor: the log by the keys that are `named`, the access log
/// by its own, and the witnesses of the settings.
#[must_use]
pub fn policy(config: &Config, named: &[String]) -> String {
    let all = &config.log.witness;
    let keys: Vec<String> = all.iter().map(|one| one.key.to_string()).collect();
    let witnesses: Vec<Named<'_>> = all
        .iter()
        .zip(&keys)
        .map(|(one, key)| Named { name: &one.name, key, url: &one.url })
        .collect();
    let access = open_access(config).ok().flatten();
    let access = access.iter().map(|keys| keys.first().to_owned());
    let logs: Vec<String> = named.iter().cloned().chain(access).collect();
    tlog::policy::text(&logs, &witnesses)
}

fn place(config: &Config) -> PathBuf {
    config.data.join(&config.log.key)
}

fn in_file(path: &Path) -> impl FnOnce(std::io::Error) -> KeyError {
    let file = path.display().to_string();
    move |cause| KeyError::File { file, cause }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_is_nobody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        assert!(open(&config).unwrap().is_none());
        let key = make(&config).unwrap();
        assert_eq!(make(&config).unwrap().first(), key.first());
        assert_eq!(open(&config).unwrap().unwrap().first(), key.first());
        let policy = std::fs::read_to_string(folder.path().join(POLICY)).unwrap();
        let access = open_access(&config).unwrap().unwrap();
        assert_eq!(access.origin(), format!("{}/access", key.origin()));
        let both = format!("\nlog {}\nlog {}\nquorum none\n", key.first(), access.first());
        assert!(policy.contains(&both), "{policy}");
        assert!(!policy.contains("PRIVATE"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            for file in [&config.log.key, &config.access.key] {
                let kept = std::fs::metadata(folder.path().join(file)).unwrap();
                assert_eq!(kept.permissions().mode() & 0o777, 0o600);
            }
        }
        std::fs::write(folder.path().join(&config.log.key), "nonsense").unwrap();
        assert!(matches!(open(&config), Err(KeyError::Malformed { .. })));
    }
}
