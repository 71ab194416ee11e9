//! Figures, as they are printed.

use std::time::Duration;

/// Milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The time below which so many percent are.
pub(crate) fn quantile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}

/// Prints p50 and p95 beside the goal for p95.
pub(crate) fn told(name: &str, times: &mut [Duration], goal: Duration) {
    let [p50, p95] = [50, 95].map(|part| quantile(times, part));
    let mark = if p95 > goal { "  OVER" } else { "" };
    println!(
        "  {name:<44} p50 {:9.1} ms  p95 {:9.1} ms  goal {:7.0}{mark}",
        ms(p50),
        ms(p95),
        ms(goal)
    );
}

/// Prints one time beside its goal.
pub(crate) fn once(name: &str, took: Duration, goal: Duration) {
    let mark = if took > goal { "  OVER" } else { "" };
    println!("  {name:<44}     {:9.1} ms                    goal {:7.0}{mark}", ms(took), ms(goal));
}

/// Prints a reference.
pub(crate) fn beside(name: &str, took: Duration) {
    println!("    beside it: {name:<35} {:8.1} ms", ms(took));
}
