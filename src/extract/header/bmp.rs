//! Windows bitmap: the header, and whether the rows it promises are there.

use std::io::{BufRead, Seek};

use super::{Bytes, Error};

/// Width and height. The size written in the file header is often wrong, so it is computed where the rows are not compressed.
pub(super) fn size<R: BufRead + Seek>(bytes: &mut Bytes<R>) -> Result<(u64, u64), Error> {
    bytes.skip(10)?;
    let start = u64::from(u32::from_le_bytes(bytes.take()?));
    let header = u32::from_le_bytes(bytes.take()?);
    let (width, height, bits, compression) = match header {
        12 => {
            let width = u16::from_le_bytes(bytes.take()?);
            let height = u16::from_le_bytes(bytes.take()?);
            bytes.skip(2)?;
            let bits = u16::from_le_bytes(bytes.take()?);
            (u64::from(width), u64::from(height), bits, 0)
        }
        40..=124 => {
            // A negative height only says that the first row is the top one.
            let width = i32::from_le_bytes(bytes.take()?).unsigned_abs();
            let height = i32::from_le_bytes(bytes.take()?).unsigned_abs();
            bytes.skip(2)?;
            let bits = u16::from_le_bytes(bytes.take()?);
            let compression = u32::from_le_bytes(bytes.take()?);
            (u64::from(width), u64::from(height), bits, compression)
        }
        _ => return Err(Error::unreadable("a bitmap with an unknown header")),
    };
    // 0 and 3 are plain rows, each padded to four bytes; the run-length kinds may be any shorter.
    if matches!(compression, 0 | 3) {
        let row = (width * u64::from(bits)).div_ceil(32) * 4;
        if start.saturating_add(row.saturating_mul(height)) > bytes.len {
            return Err(bytes.truncated());
        }
    }
    Ok((width, height))
}
