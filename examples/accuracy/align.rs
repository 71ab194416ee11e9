//! A line of the truth laid beside the place of a reading where it fits best.

use yidang::model::text::squeeze;

/// A text as it is compared: full-width forms folded, blanks left out; each character with its place in the text.
pub(crate) fn folded(text: &str) -> Vec<(char, usize)> {
    let of_char = |(place, c): (usize, char)| {
        squeeze(&c.to_string()).chars().map(|c| (c, place)).collect::<Vec<_>>()
    };
    text.chars().enumerate().flat_map(of_char).collect()
}

/// Where a line fits best.
pub(crate) struct Fit {
    /// How many characters must be changed, added or left out.
    pub(crate) errors: usize,
    /// Characters that were read as others: the right one, the one that was read, and its place in the reading.
    pub(crate) misread: Vec<(char, char, usize)>,
}

/// The place in `read` where `line` fits best, by the cheapest way to change one into the other (Sellers).
pub(crate) fn fit(line: &[(char, usize)], read: &[(char, usize)]) -> Fit {
    // costs[i][j]: to change the first i of the line into something that ends before j, wherever it begins.
    let mut costs: Vec<Vec<usize>> = vec![vec![0; read.len() + 1]];
    for (i, (a, _)) in line.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, (b, _)) in read.iter().enumerate() {
            let changed = costs[i][j] + usize::from(a != b);
            row.push(changed.min(costs[i][j + 1] + 1).min(row[j] + 1));
        }
        costs.push(row);
    }
    let mut i = line.len();
    let mut j = (0..=read.len()).min_by_key(|&j| costs[i][j]).unwrap_or(0);
    let errors = costs[i][j];
    let mut misread = Vec::new();
    while i > 0 && j > 0 {
        let (a, (b, place)) = (line[i - 1].0, read[j - 1]);
        if costs[i][j] == costs[i - 1][j - 1] + usize::from(a != b) {
            (i, j) = (i - 1, j - 1);
            if a != b {
                misread.push((a, b, place));
            }
        } else if costs[i][j] == costs[i - 1][j] + 1 {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    Fit { errors, misread }
}
