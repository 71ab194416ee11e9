//! A walk over the headers of a file: is it whole, how many pages, how many pixels. Nothing is decoded.
//!
//! Each walk makes a bounded number of small reads, never recurses and allocates nothing by a size the file declares,
//! so it may run in this process on bytes from strangers.

mod bmp;
mod jpeg;
mod pdf;
mod png;
pub(super) mod tiff;
mod webp;

use std::io::{BufRead, Seek, SeekFrom};

use super::{Error, Kind, Limits};

/// The number of pages of a whole file of this kind, within the limits.
///
/// `None` for a PDF: only a child process may open one to count. What can be said of a PDF here (its tail is there) is checked.
pub(super) fn walk(
    kind: Kind,
    source: impl BufRead + Seek,
    limits: &Limits,
) -> Result<Option<u32>, Error> {
    let mut bytes = Bytes::new(source, kind)?;
    let single = |size: (u64, u64)| {
        check_pixels(1, size, limits)?;
        Ok(Some(1))
    };
    match kind {
        Kind::Jpeg => single(jpeg::size(&mut bytes)?),
        Kind::Png => single(png::size(&mut bytes)?),
        Kind::Webp => single(webp::size(&mut bytes)?),
        Kind::Bmp => single(bmp::size(&mut bytes)?),
        Kind::Tiff => {
            let pages = tiff::pages(&mut bytes, limits)?;
            Ok(Some(pages.len() as u32))
        }
        Kind::Pdf => pdf::check(&mut bytes).map(|()| None),
    }
}

/// Refuses a page without pixels, and one with more than the limit.
pub(super) fn check_pixels(
    page: u32,
    (width, height): (u64, u64),
    limits: &Limits,
) -> Result<(), Error> {
    if width == 0 || height == 0 {
        return Err(Error::unreadable(format!("page {page} declares {width} x {height} pixels")));
    }
    if width.saturating_mul(height) > limits.pixels {
        return Err(Error::TooManyPixels { page, width, height, limit: limits.pixels });
    }
    Ok(())
}

/// A reader that knows how long the file is: reading or skipping beyond the end is [`Error::Truncated`].
pub(super) struct Bytes<R> {
    source: R,
    kind: Kind,
    at: u64,
    len: u64,
}

impl<R: BufRead + Seek> Bytes<R> {
    pub(super) fn new(mut source: R, kind: Kind) -> Result<Self, Error> {
        let len = source.seek(SeekFrom::End(0)).map_err(Error::machine)?;
        source.seek(SeekFrom::Start(0)).map_err(Error::machine)?;
        Ok(Bytes { source, kind, at: 0, len })
    }

    fn truncated(&self) -> Error {
        Error::Truncated { kind: self.kind }
    }

    /// The next `N` bytes.
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        if self.len - self.at < N as u64 {
            return Err(self.truncated());
        }
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes).map_err(Error::machine)?;
        self.at += N as u64;
        Ok(bytes)
    }

    fn byte(&mut self) -> Result<u8, Error> {
        self.take::<1>().map(|[byte]| byte)
    }

    /// Leaves out `count` bytes, all of which must be there.
    fn skip(&mut self, count: u64) -> Result<(), Error> {
        if self.len - self.at < count {
            return Err(self.truncated());
        }
        // The bytes left are fewer than a file can have, so the cast holds; within the buffer this costs nothing.
        self.source.seek_relative(count as i64).map_err(Error::machine)?;
        self.at += count;
        Ok(())
    }

    /// Goes to an offset within the file.
    fn go(&mut self, to: u64) -> Result<(), Error> {
        if to > self.len {
            return Err(self.truncated());
        }
        self.source.seek(SeekFrom::Start(to)).map_err(Error::machine)?;
        self.at = to;
        Ok(())
    }

    /// Skips to just behind the next `wanted` byte.
    fn skip_past(&mut self, wanted: u8) -> Result<(), Error> {
        loop {
            let buffer = self.source.fill_buf().map_err(Error::machine)?;
            if buffer.is_empty() {
                return Err(self.truncated());
            }
            let (used, found) = match buffer.iter().position(|byte| *byte == wanted) {
                Some(at) => (at + 1, true),
                None => (buffer.len(), false),
            };
            self.source.consume(used);
            self.at += used as u64;
            if found {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
