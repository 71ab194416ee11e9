//! Characters that recognisers read for each other.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::normalise::Normal;

/// Pairs and how often one was read for the other, the most frequent first.
const TABLE: &str = include_str!("../data/look-alikes.txt");

/// For each character those it is read for, the most frequent first.
static PAIRS: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut pairs: HashMap<char, Vec<char>> = HashMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut folded = line.split(' ').filter_map(|part| Normal::of(part).chars.first().copied());
        let (Some(a), Some(b)) = (folded.next(), folded.next()) else { continue };
        for (one, other) in [(a, b), (b, a)] {
            let others = pairs.entry(one).or_default();
            if one != other && !others.contains(&other) {
                others.push(other);
            }
        }
    }
    pairs
});

/// `run` with one character replaced by one that looks like it; the likeliest of each place first.
pub(crate) fn variants(run: &[char]) -> Vec<Vec<char>> {
    let others = |c: &char| PAIRS.get(c).map(Vec::as_slice).unwrap_or_default();
    let deepest = run.iter().map(|c| others(c).len()).max().unwrap_or(0);
    let mut variants = Vec::new();
    for rank in 0..deepest {
        for (at, c) in run.iter().enumerate() {
            if let Some(other) = others(c).get(rank) {
                let mut variant = run.to_vec();
                variant[at] = *other;
                variants.push(variant);
            }
        }
    }
    variants
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_is_another() {
        let run: Vec<char> = "王小明".chars().collect();
        let texts: Vec<String> = variants(&run).into_iter().map(String::from_iter).collect();
        assert!(texts.contains(&"王小朋".to_owned()), "{texts:?}");
        assert!(texts.iter().all(|text| text != "王小明" && text.chars().count() == 3));
        assert!(variants(&[]).is_empty());
    }

    #[test]
    fn the_table_goes_both_ways() {
        for (one, others) in PAIRS.iter() {
            assert!(!others.contains(one));
            assert!(others.iter().all(|other| PAIRS[other].contains(one)), "{one}");
        }
    }
}
