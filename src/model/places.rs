//! Where every character of a page stands: what the index hands back with a
//! hit, so that the words found can be boxed without reading anything else.
//!
//! Written in variable-length numbers, about four bytes a character.

/// The characters of a page in the order of its text, in which lines are
/// joined by one line feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Width of the upright page image in pixels.
    pub width: u32,
    /// Height of the upright page image in pixels.
    pub height: u32,
    /// The boxes of the characters, line by line.
    pub lines: Vec<Vec<[u32; 4]>>,
}

impl Places {
    /// The bytes of these places.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        push(&mut out, self.width);
        push(&mut out, self.height);
        push(&mut out, count(self.lines.len()));
        for line in &self.lines {
            push(&mut out, count(line.len()));
            let mut last = [0, 0, 0, 0];
            for place in line {
                for (now, before) in place.iter().zip(last) {
                    // Neighbours differ little; zigzag keeps the difference short.
                    let step = i64::from(*now) - i64::from(before);
                    push_long(&mut out, ((step << 1) ^ (step >> 63)).cast_unsigned());
                }
                last = *place;
            }
        }
        out
    }

    /// The places in `bytes`, or none when they are not such bytes.
    #[must_use]
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let width = pull(&mut bytes)?;
        let height = pull(&mut bytes)?;
        let mut lines = Vec::new();
        for _ in 0..pull(&mut bytes)? {
            let mut line = Vec::new();
            let mut last = [0_u32; 4];
            for _ in 0..pull(&mut bytes)? {
                for value in &mut last {
                    let zigzag = pull_long(&mut bytes)?;
                    let step = (zigzag >> 1).cast_signed() ^ -((zigzag & 1).cast_signed());
                    *value = u32::try_from(i64::from(*value).checked_add(step)?).ok()?;
                }
                line.push(last);
            }
            lines.push(line);
        }
        Some(Self { width, height, lines })
    }

    /// One box for each line that the characters `range` of the page's text
    /// touch, in order.
    #[must_use]
    pub fn boxes(&self, range: &std::ops::Range<usize>) -> Vec<[u32; 4]> {
        let mut boxes = Vec::new();
        let mut start = 0;
        for line in &self.lines {
            let end = start + line.len();
            let from = range.start.clamp(start, end) - start;
            let to = range.end.clamp(start, end) - start;
            if let Some(merged) = line[from..to].iter().copied().reduce(union) {
                boxes.push(merged);
            }
            start = end + 1;
            if start >= range.end {
                break;
            }
        }
        boxes
    }
}

fn union(a: [u32; 4], b: [u32; 4]) -> [u32; 4] {
    let (x, y) = (a[0].min(b[0]), a[1].min(b[1]));
    let right = a[0].saturating_add(a[2]).max(b[0].saturating_add(b[2]));
    let bottom = a[1].saturating_add(a[3]).max(b[1].saturating_add(b[3]));
    [x, y, right - x, bottom - y]
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn push(out: &mut Vec<u8>, value: u32) {
    push_long(out, value.into());
}

fn push_long(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn pull(bytes: &mut &[u8]) -> Option<u32> {
    u32::try_from(pull_long(bytes)?).ok()
}

fn pull_long(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_lines() -> Places {
        Places {
            width: 1654,
            height: 2339,
            lines: vec![
                vec![[100, 200, 30, 32], [132, 201, 30, 31], [164, 202, 28, 33]],
                vec![[90, 260, 31, 30], [121, 260, 30, 30]],
            ],
        }
    }

    #[test]
    fn a_run_over_a_line_end_has_two_boxes() {
        let places = two_lines();
        assert_eq!(places.boxes(&(1..3)), [[132, 201, 60, 34]]);
        // Character 3 is the line feed.
        assert_eq!(places.boxes(&(2..5)), [[164, 202, 28, 33], [90, 260, 31, 30]]);
        assert_eq!(places.boxes(&(3..4)), Vec::<[u32; 4]>::new());
        assert_eq!(places.boxes(&(9..12)), Vec::<[u32; 4]>::new());
    }

    proptest::proptest! {
        #[test]
        fn places_come_back_as_they_were_written(
            width: u32, height: u32,
            lines in proptest::collection::vec(
                proptest::collection::vec(proptest::array::uniform4(0_u32..), 0..9), 0..5),
        ) {
            let places = Places { width, height, lines };
            proptest::prop_assert_eq!(Places::from_bytes(&places.to_bytes()), Some(places));
        }

        #[test]
        fn foreign_bytes_are_refused_or_read_but_never_panic(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..64),
        ) {
            let _ = Places::from_bytes(&bytes);
        }
    }
}
