//! PNG: from chunk to chunk, to the end chunk.

use std::io::{BufRead, Seek};

use super::{Bytes, Error};

/// A picture has a dozen chunks, or one for every 8 KB of data; a file of millions is a way to waste time.
const MAX_CHUNKS: u32 = 1_000_000;

/// Width and height.
pub(super) fn size<R: BufRead + Seek>(bytes: &mut Bytes<R>) -> Result<(u64, u64), Error> {
    bytes.skip(8)?;
    let mut size = None;
    let mut has_data = false;
    for _ in 0..MAX_CHUNKS {
        let length = u64::from(u32::from_be_bytes(bytes.take()?));
        let name = bytes.take::<4>()?;
        match &name {
            b"IHDR" if length == 13 => {
                let width = u32::from_be_bytes(bytes.take()?);
                let height = u32::from_be_bytes(bytes.take()?);
                size = Some((u64::from(width), u64::from(height)));
                bytes.skip(5 + 4)?;
                continue;
            }
            b"IDAT" => has_data = true,
            b"IEND" if !has_data => return Err(Error::unreadable("a PNG without picture data")),
            b"IEND" => {
                bytes.skip(length + 4)?;
                return size.ok_or_else(|| Error::unreadable("a PNG without a header"));
            }
            _ => {}
        }
        // The picture's data and its checksum.
        bytes.skip(length + 4)?;
    }
    Err(Error::unreadable("a PNG of too many chunks"))
}
