//! Connected regions of a mask.

use crate::geometry::Point;

/// A stretch of set pixels in one row: columns `start..end`.
#[derive(Debug, Clone, Copy)]
struct Run {
    row: usize,
    start: usize,
    end: usize,
}

/// The regions of pixels for which `is_set(row, column)`, touching along sides
/// or corners. For each the centres of the first and last pixel of each of its
/// runs: enough for its convex hull, far fewer than its pixels.
pub(crate) fn regions(
    rows: usize,
    columns: usize,
    is_set: impl Fn(usize, usize) -> bool,
) -> Vec<Vec<Point>> {
    let mut runs: Vec<Run> = Vec::new();
    let mut parents: Vec<usize> = Vec::new();
    let mut above = 0..0;
    for row in 0..rows {
        let first = runs.len();
        let mut column = 0;
        while column < columns {
            if !is_set(row, column) {
                column += 1;
                continue;
            }
            let start = column;
            while column < columns && is_set(row, column) {
                column += 1;
            }
            let index = runs.len();
            runs.push(Run { row, start, end: column });
            parents.push(index);
            for other in above.clone() {
                if runs[other].start <= column && start <= runs[other].end {
                    join(&mut parents, other, index);
                }
            }
        }
        above = first..runs.len();
    }
    gather(&runs, &mut parents)
}

/// The runs' end points, put together by region in the order regions begin.
fn gather(runs: &[Run], parents: &mut [usize]) -> Vec<Vec<Point>> {
    let mut places = vec![usize::MAX; runs.len()];
    let mut regions: Vec<Vec<Point>> = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let root = root(parents, index);
        if places[root] == usize::MAX {
            places[root] = regions.len();
            regions.push(Vec::new());
        }
        let y = run.row as f64 + 0.5;
        regions[places[root]]
            .extend([Point::new(run.start as f64 + 0.5, y), Point::new(run.end as f64 - 0.5, y)]);
    }
    regions
}

/// The run that stands for the region of `index`; shortens the way to it.
fn root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

fn join(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b)] = a.min(b);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(picture: &[&str]) -> Vec<Vec<Point>> {
        let rows: Vec<&[u8]> = picture.iter().map(|row| row.as_bytes()).collect();
        regions(rows.len(), rows[0].len(), |y, x| rows[y][x] == b'#')
    }

    #[test]
    fn corners_touch() {
        assert_eq!(of(&["#..", ".#.", "..#"]).len(), 1);
        assert_eq!(of(&["..#", ".#.", "#.."]).len(), 1);
    }

    #[test]
    fn a_gap_parts_regions() {
        assert_eq!(of(&["##.##", "##.##", "....."]).len(), 2);
        assert_eq!(of(&["##", "..", "##"]).len(), 2);
        assert_eq!(of(&["..", ".."]).len(), 0);
    }

    #[test]
    fn two_arms_that_meet_below_are_one() {
        let found = of(&["#...#", "#...#", "#####"]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].len(), 10);
        assert!(found[0].contains(&Point::new(4.5, 0.5)));
        assert!(found[0].contains(&Point::new(0.5, 2.5)));
    }
}
