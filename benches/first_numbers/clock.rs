//! The clock on the wall and that of the processors, and what they say.

use std::time::Instant;

/// How fast something went, and what it cost.
#[derive(Clone, Copy)]
pub(crate) struct Speed {
    /// Files or MB a second.
    pub(crate) speed: f64,
    /// The same a second of processor time, of user and system.
    of_processor: f64,
    unit: &'static str,
}

impl std::fmt::Display for Speed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { speed, of_processor, unit } = self;
        write!(f, "{speed:8.1} {unit}/s, {of_processor:8.1} {unit} a second of processor time")
    }
}

impl std::ops::Add for Speed {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (speed, of_processor) =
            (self.speed + other.speed, self.of_processor + other.of_processor);
        Self { speed, of_processor, unit: self.unit }
    }
}

impl std::ops::Div<f64> for Speed {
    type Output = Self;

    fn div(self, by: f64) -> Self {
        Self { speed: self.speed / by, of_processor: self.of_processor / by, unit: self.unit }
    }
}

/// The clock on the wall and that of the processors.
pub(crate) struct Clock {
    begun: Instant,
    processor: f64,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { begun: Instant::now(), processor: processor_time() }
    }

    pub(crate) fn count(&self, many: f64, unit: &'static str) -> Speed {
        let processor = processor_time() - self.processor;
        Speed {
            speed: many / self.begun.elapsed().as_secs_f64(),
            of_processor: many / processor,
            unit,
        }
    }

    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn bytes(&self, bytes: u64) -> Speed {
        self.count(bytes as f64 / 1e6, "MB")
    }
}

/// The seconds of processor time that this process and the children it waited
/// for have used; not a number where the system does not say.
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which may hold anything: 14 to 17 of all fields.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<f64> =
        fields.split_whitespace().skip(11).take(4).filter_map(|field| field.parse().ok()).collect();
    // Linux counts a hundred ticks a second wherever it tells of them.
    if ticks.is_empty() { f64::NAN } else { ticks.iter().sum::<f64>() / 100.0 }
}
