//! The key of the log: made once, kept in the data folder, never in the object
//! store or the database.

use std::io::Write;
use std::path::Path;

use crate::config::Config;
use crate::tlog::{LogKey, TlogError};

/// The name of the policy that is made beside the data, for the auditor to
/// take away.
pub const POLICY: &str = "auditor.policy";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the key of the log, {file}: {cause}")]
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

/// The key of the log; none where this machine has none: the archive can be
/// read here, not changed.
///
/// # Errors
/// When the file cannot be read, or holds no key.
pub fn open(config: &Config) -> Result<Option<LogKey>, KeyError> {
    let path = config.data.join(&config.log.key);
    let file = path.display().to_string();
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            LogKey::parse(&text).map(Some).map_err(|cause| KeyError::Malformed { file, cause })
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
pub fn make(config: &Config) -> Result<LogKey, KeyError> {
    if let Some(key) = open(config)? {
        return Ok(key);
    }
    let path = config.data.join(&config.log.key);
    let in_file = |path: &Path| {
        let file = path.display().to_string();
        move |cause| KeyError::File { file, cause }
    };
    let origin = match config.log.origin.as_str() {
        "" => format!("yidang.local/{}", hex::encode(rand::random::<[u8; 8]>())),
        given => given.to_owned(),
    };
    let key = LogKey::new(&origin, rand::random())
        .map_err(|cause| KeyError::Malformed { file: path.display().to_string(), cause })?;
    write(&path, &format!("{}\n", key.secret()), 0o600).map_err(in_file(&path))?;
    let policy = config.data.join(POLICY);
    write(&policy, &first_policy(&key), 0o644).map_err(in_file(&policy))?;
    Ok(key)
}

/// A first policy (C2SP tlog-policy): the log, and no witness yet.
fn first_policy(key: &LogKey) -> String {
    format!(
        "# 审计员的信任策略 · Whom the auditor trusts (C2SP tlog-policy).\n\
         # 请在建档时带走并自行保管；核验时只认您手里的这一份。\n\
         # Take it away when the archive is founded; only your own copy counts.\n\
         log {}\n\
         quorum none\n",
        key.public()
    )
}

/// Writes a new file, durable when this returns.
fn write(path: &Path, text: &str, mode: u32) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::File::open(folder)?.sync_all()
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
        assert_eq!(make(&config).unwrap().public(), key.public());
        assert_eq!(open(&config).unwrap().unwrap().public(), key.public());
        let policy = std::fs::read_to_string(folder.path().join(POLICY)).unwrap();
        assert!(policy.contains(&format!("\nlog {}\nquorum none\n", key.public())), "{policy}");
        assert!(!policy.contains("PRIVATE"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let kept = std::fs::metadata(folder.path().join(&config.log.key)).unwrap();
            assert_eq!(kept.permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(folder.path().join(&config.log.key), "nonsense").unwrap();
        assert!(matches!(open(&config), Err(KeyError::Malformed { .. })));
    }
}
