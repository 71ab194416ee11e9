//! Bars for long steps, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that is told how much is done, of how much; it goes when it is dropped.
pub(super) struct Counting(ProgressBar);

impl Counting {
    /// A bar named `what` over nobody knows yet how much.
    pub(super) fn of(what: &str) -> Self {
        Self(bar(what, 0))
    }

    /// So much is done, of so much.
    pub(super) fn tell(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        self.0.finish_and_clear();
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
