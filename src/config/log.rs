//! The settings of the log: its name and key, witnesses, timestamps.

use std::path::PathBuf;

use serde::Deserialize;

use crate::tlog;

/// The log's name and key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// The name of the log, which the key gets when it is made: an address
    /// without scheme, such as `archive.example.gov.cn/j016`. When empty, a
    /// random one.
    pub origin: String,
    /// The file of the keys, relative to the data folder.
    pub key: PathBuf,
    /// Other offices that are asked to sign every checkpoint.
    pub witness: Vec<Witness>,
    /// The address of a timestamp authority (RFC 3161) that is asked for the
    /// time of checkpoints; nobody is when it is empty.
    pub timestamp: String,
    /// How many hours there are at least between two of its timestamps.
    pub timestamp_hours: u32,
}

/// Another office that is asked to sign every checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// What policies call it.
    pub name: String,
    /// Where it is asked: what stands before `/add-checkpoint`.
    pub url: String,
    /// Its verifier key.
    pub key: tlog::Witness,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            origin: String::new(),
            key: PathBuf::from("keys/log.key"),
            witness: Vec::new(),
            timestamp: String::new(),
            timestamp_hours: 24,
        }
    }
}

impl Log {
    /// Checks what the shape of the file does not.
    pub(super) fn check(&self) -> Result<(), String> {
        for (at, one) in self.witness.iter().enumerate() {
            let name = &one.name;
            let before = &self.witness[..at];
            if name.is_empty() || name == "none" || name.contains([' ', '\t', '\n', '#']) {
                return Err(format!("log.witness: {name:?} cannot name a witness"));
            }
            if before.iter().any(|other| other.name == *name || other.key == one.key) {
                return Err(format!("log.witness: {name}, or its key, is there twice"));
            }
            check_url("log.witness", &one.url)?;
        }
        match self.timestamp.as_str() {
            "" => Ok(()),
            url => check_url("log.timestamp", url),
        }
    }
}

/// Whether something can be asked over the web, at this address.
fn check_url(key: &str, url: &str) -> Result<(), String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !url.contains(char::is_whitespace) => Ok(()),
        _ => Err(format!("{key}: {url:?} is not an address that begins with http:// or https://")),
    }
}
