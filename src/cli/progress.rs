//! Bars for long steps, on a terminal only.

use std::sync::OnceLock;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that is told how much is done, of how much: it comes when that is known, and goes
/// when it is dropped.
pub(super) struct Counting {
    what: &'static str,
    bar: OnceLock<ProgressBar>,
}

impl Counting {
    /// A bar named `what` over nobody knows yet how much.
    pub(super) fn of(what: &'static str) -> Self {
        Self { what, bar: OnceLock::new() }
    }

    /// So much is done, of so much.
    pub(super) fn tell(&self, done: u64, total: u64) {
        if total > 0 {
            self.bar.get_or_init(|| bar(self.what, total)).set_position(done);
        }
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

/// A bar named `what` over `total` steps; it draws nothing where standard
/// error is not a terminal.
pub(super) fn bar(what: &str, total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{msg:<14} {bar:32} {pos}/{len} {eta}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
