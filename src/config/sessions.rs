//! How long people stay signed in.

use std::time::Duration;

use serde::Deserialize;

/// How long somebody stays signed in.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which it ends however it is used.
    pub hours: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_minutes: 30, hours: 12 }
    }
}

impl Sessions {
    /// How long a session may be unused.
    #[must_use]
    pub fn idle(&self) -> Duration {
        Duration::from_secs(u64::from(self.idle_minutes.max(1)) * 60)
    }

    /// How long a session may last.
    #[must_use]
    pub fn longest(&self) -> Duration {
        Duration::from_secs(u64::from(self.hours.max(1)) * 3600)
    }
}
