//! TIFF and BigTIFF: from image directory to image directory, checking that all strips and tiles lie in the file.

use std::collections::HashSet;
use std::io::{BufRead, Seek};

use super::{Bytes, Error, Limits, check_pixels};

/// Strips and tiles looked at over the whole file. A 600 dpi A4 page has at most 7,000 strips.
const MAX_CHUNKS: u64 = 4_000_000;
/// Entries of one directory; real ones have 10 to 60.
const MAX_ENTRIES: u64 = 4_096;

/// The offsets of the directories that are pages, in order: at least one, each within the limits.
///
/// Thumbnails (reduced-resolution images) are no pages. A chain of directories that runs in a circle is refused.
pub(crate) fn pages<R: BufRead + Seek>(
    bytes: &mut Bytes<R>,
    limits: &Limits,
) -> Result<Vec<u64>, Error> {
    let mut walk = Walk::new(bytes)?;
    let mut next = walk.offset()?;
    let mut seen = HashSet::new();
    let mut pages = Vec::new();
    while next != 0 {
        if !seen.insert(next) {
            return Err(Error::unreadable("the list of pages runs in a circle"));
        }
        let at = next;
        let directory = walk.directory(at)?;
        next = directory.next;
        if directory.reduced {
            // Thumbnails count against the same limit, so that a chain of them ends.
            if seen.len() as u64 > 2 * u64::from(limits.pages) + 1 {
                return Err(too_many(seen.len(), limits));
            }
            continue;
        }
        pages.push(at);
        if pages.len() as u64 > u64::from(limits.pages) {
            return Err(too_many(pages.len(), limits));
        }
        check_pixels(pages.len() as u32, (directory.width, directory.height), limits)?;
        if directory.chunks == 0 {
            return Err(Error::unreadable(format!("page {} has no picture data", pages.len())));
        }
    }
    if pages.is_empty() {
        return Err(Error::unreadable("a TIFF without pages"));
    }
    Ok(pages)
}

/// Makes the directory at `page` the first one of the file, so that a reader of single pictures reads that page.
pub(crate) fn make_first(file: &mut [u8], page: u64) {
    let little = file.starts_with(b"II");
    let big = matches!(file.get(2..4), Some([43, 0] | [0, 43]));
    // A classic TIFF has 32-bit offsets, and `page` was read from one.
    let (place, offset) = match (big, little) {
        (true, true) => (8..16, page.to_le_bytes().to_vec()),
        (true, false) => (8..16, page.to_be_bytes().to_vec()),
        (false, true) => (4..8, (page as u32).to_le_bytes().to_vec()),
        (false, false) => (4..8, (page as u32).to_be_bytes().to_vec()),
    };
    if let Some(bytes) = file.get_mut(place) {
        bytes.copy_from_slice(&offset);
    }
}

fn too_many(pages: usize, limits: &Limits) -> Error {
    Error::TooManyPages { pages: pages as u64, limit: limits.pages }
}

#[derive(Default)]
struct Directory {
    width: u64,
    height: u64,
    reduced: bool,
    chunks: u64,
    next: u64,
}

/// Where the values of an entry are: in the entry itself, or at an offset.
#[derive(Clone, Copy)]
struct Values {
    count: u64,
    size: u64,
    at: u64,
}

struct Walk<'a, R> {
    bytes: &'a mut Bytes<R>,
    little: bool,
    big: bool,
    chunks_left: u64,
}

impl<'a, R: BufRead + Seek> Walk<'a, R> {
    fn new(bytes: &'a mut Bytes<R>) -> Result<Self, Error> {
        let little = bytes.take::<2>()? == *b"II";
        let mut walk = Walk { bytes, little, big: false, chunks_left: MAX_CHUNKS };
        walk.big = walk.number(2)? == 43;
        if walk.big && (walk.number(2)?, walk.number(2)?) != (8, 0) {
            return Err(Error::unreadable("a BigTIFF with unknown offsets"));
        }
        Ok(walk)
    }

    /// A number of 1, 2, 4 or 8 bytes in the file's byte order.
    fn number(&mut self, size: u64) -> Result<u64, Error> {
        Ok(match (size, self.little) {
            (1, _) => u64::from(self.bytes.byte()?),
            (2, true) => u64::from(u16::from_le_bytes(self.bytes.take()?)),
            (2, false) => u64::from(u16::from_be_bytes(self.bytes.take()?)),
            (4, true) => u64::from(u32::from_le_bytes(self.bytes.take()?)),
            (4, false) => u64::from(u32::from_be_bytes(self.bytes.take()?)),
            (_, true) => u64::from_le_bytes(self.bytes.take()?),
            (_, false) => u64::from_be_bytes(self.bytes.take()?),
        })
    }

    fn offset(&mut self) -> Result<u64, Error> {
        self.number(if self.big { 8 } else { 4 })
    }

    fn directory(&mut self, at: u64) -> Result<Directory, Error> {
        self.bytes.go(at)?;
        let entries = self.number(if self.big { 8 } else { 2 })?;
        if entries > MAX_ENTRIES {
            return Err(Error::unreadable("a page description of too many entries"));
        }
        let mut directory = Directory::default();
        let (mut offsets, mut counts) = (None, None);
        let (head, inline) = if self.big { (12, 8) } else { (8, 4) };
        for index in 0..entries {
            let start = at + if self.big { 8 } else { 2 } + index * (head + inline);
            self.bytes.go(start)?;
            let tag = self.number(2)?;
            let size = match self.number(2)? {
                1 | 2 | 6 | 7 => 1,
                3 | 8 => 2,
                4 | 9 | 11 | 13 => 4,
                _ => 8,
            };
            let count = self.offset()?;
            let at =
                if count.saturating_mul(size) <= inline { start + head } else { self.offset()? };
            let values = Values { count, size, at };
            match tag {
                254 => directory.reduced = self.value(values)? & 1 == 1,
                255 => directory.reduced |= self.value(values)? == 2,
                256 => directory.width = self.value(values)?,
                257 => directory.height = self.value(values)?,
                273 | 324 => offsets = Some(values),
                279 | 325 => counts = Some(values),
                _ => {}
            }
        }
        self.bytes.go(at + if self.big { 8 } else { 2 } + entries * (head + inline))?;
        directory.next = self.offset()?;
        if let Some(offsets) = offsets {
            self.check_chunks(offsets, counts)?;
            directory.chunks = offsets.count;
        }
        Ok(directory)
    }

    fn value(&mut self, values: Values) -> Result<u64, Error> {
        self.bytes.go(values.at)?;
        self.number(values.size)
    }

    /// Whether every strip or tile lies within the file.
    fn check_chunks(&mut self, offsets: Values, counts: Option<Values>) -> Result<(), Error> {
        self.chunks_left = self
            .chunks_left
            .checked_sub(offsets.count)
            .ok_or_else(|| Error::unreadable("a TIFF of too many strips"))?;
        let ends =
            |values: Values| values.at.saturating_add(values.count.saturating_mul(values.size));
        if ends(offsets) > self.bytes.len
            || counts.is_some_and(|counts| ends(counts) > self.bytes.len)
        {
            return Err(self.bytes.truncated());
        }
        // The two tables are read one after the other, so that each is read in one sweep.
        let mut starts = Vec::new();
        self.bytes.go(offsets.at)?;
        for _ in 0..offsets.count {
            starts.push(self.number(offsets.size)?);
        }
        let counted = counts.map_or(0, |counts| counts.count.min(offsets.count)) as usize;
        if let Some(counts) = counts {
            self.bytes.go(counts.at)?;
        }
        for (index, start) in starts.into_iter().enumerate() {
            let length = match counts {
                Some(counts) if index < counted => self.number(counts.size)?,
                _ => 0,
            };
            if start.saturating_add(length) > self.bytes.len {
                return Err(self.bytes.truncated());
            }
        }
        Ok(())
    }
}
