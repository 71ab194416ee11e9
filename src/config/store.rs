//! The settings of what is stored: the second copy, digests, encryption, reading again.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::ConfigError;

/// The second copy.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecondCopy {
    /// Where it is kept: a folder (relative to the data folder) or
    /// `s3://bucket/prefix`; empty: there is none.
    pub store: String,
}

/// Digests beside SHA-256.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Digests {
    /// Whether the SM3 of every file that is taken in is recorded too.
    pub sm3: bool,
}

/// Whether the store is encrypted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Encryption {
    /// Whether what is stored from now on is encrypted, with keys of its own for
    /// every household's volume.
    pub volumes: bool,
    /// The file of these keys, relative to the data folder; it is encrypted
    /// itself.
    pub keys: PathBuf,
    /// The file of the master key, which opens that, relative to the data
    /// folder. It is never in a backup.
    pub master: PathBuf,
}

impl Default for Encryption {
    fn default() -> Self {
        let (keys, master) = ("keys/volumes.key".into(), "keys/master.key".into());
        Self { volumes: false, keys, master }
    }
}

/// When stored files are read again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sweeping {
    /// How often each file is read again, such as `30d` or `12h`; never when
    /// empty.
    pub every: String,
    /// How many bytes are read in a second at most; 0: as fast as it goes.
    pub bytes_per_second: u64,
    /// How many minutes of a day are spent on it at most; 0: as many as it
    /// takes.
    pub minutes: u64,
    /// Whether what is damaged is restored from the second copy at once.
    pub repair: bool,
}

/// The longest interval, in hours.
const TEN_YEARS: u32 = 87_600;

impl Default for Sweeping {
    fn default() -> Self {
        Self { every: "30d".into(), bytes_per_second: 20_000_000, minutes: 0, repair: true }
    }
}

impl Sweeping {
    /// How often each file is read again; none for never.
    ///
    /// # Errors
    /// When it is not a number of hours or days.
    pub fn interval(&self) -> Result<Option<Duration>, ConfigError> {
        let text = self.every.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let hours = match text.char_indices().last() {
            Some((end, 'h')) => text[..end].parse().ok(),
            Some((end, 'd')) => text[..end].parse().ok().map(|days: u32| days.saturating_mul(24)),
            _ => None,
        };
        match hours {
            Some(hours @ 1..=TEN_YEARS) => Ok(Some(Duration::from_secs(u64::from(hours) * 3600))),
            _ => Err(ConfigError::Value {
                key: "sweep.every",
                cause: format!(
                    "{text:?} is not a number of hours or days up to ten years, such as 12h or 30d"
                ),
            }),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_hours_or_days() {
        let every = |text: &str| Sweeping { every: text.into(), ..Sweeping::default() }.interval();
        assert_eq!(every("30d").unwrap(), Some(Duration::from_secs(30 * 86_400)));
        assert_eq!(every("12h").unwrap(), Some(Duration::from_secs(12 * 3600)));
        assert_eq!(every("").unwrap(), None);
        for odd in ["0d", "d", "3", "1w", "一天", "-1h", "4000d", "99999999999d"] {
            assert!(every(odd).is_err(), "{odd}");
        }
    }
}
