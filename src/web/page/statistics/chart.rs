//! Charts: bars beside each other, drawn without scripts.

/// How high the longest bar of a chart is.
pub const HIGHEST: u64 = 96;

/// From the beginning of one bar to that of the next; twelve fit on a phone.
const STEP: usize = 30;

/// A bar of a chart.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What stands below it.
    pub label: String,
    /// What stands above it.
    pub value: String,
    /// How high it is, at most [`HIGHEST`].
    pub height: u64,
}

impl Bar {
    /// Its upper end in the picture.
    pub fn top(&self) -> u64 {
        16 + HIGHEST.saturating_sub(self.height)
    }
}

/// A chart: bars beside each other. The table beside it says the same.
#[derive(Debug, Clone)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// Its bars.
    pub bars: Vec<Bar>,
}

impl Chart {
    /// How wide the picture is.
    pub fn width(&self) -> usize {
        self.bars.len().max(1) * STEP
    }

    /// Where bar `at` begins.
    pub fn left(&self, at: &usize) -> usize {
        at * STEP + 5
    }

    /// The middle of bar `at`.
    pub fn middle(&self, at: &usize) -> usize {
        at * STEP + STEP / 2
    }
}

/// Bars of these labels and values, the longest as high as there is room.
pub fn bars(values: Vec<(String, i64, String)>) -> Vec<Bar> {
    let most = values.iter().map(|(_, value, _)| *value).max().unwrap_or(0).max(1);
    let height = |value: i64| {
        let share = i128::from(value.max(0)) * i128::from(HIGHEST) / i128::from(most);
        u64::try_from(share).unwrap_or(0)
    };
    let bar = |(label, value, read): (String, i64, String)| Bar {
        label,
        value: read,
        height: height(value),
    };
    values.into_iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_has_all_the_room() {
        let of = |value: i64| (String::new(), value, value.to_string());
        let heights: Vec<u64> =
            bars(vec![of(0), of(50), of(100), of(-3)]).iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [0, HIGHEST / 2, HIGHEST, 0]);
        assert!(bars(vec![of(0)]).iter().all(|bar| bar.height == 0));
        assert_eq!(bars(vec![of(i64::MAX)])[0].height, HIGHEST);
    }
}
