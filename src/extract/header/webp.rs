//! WebP: the container's size and the header of the first picture.

use std::io::{BufRead, Seek};

use super::{Bytes, Error};

/// Width and height.
pub(super) fn size<R: BufRead + Seek>(bytes: &mut Bytes<R>) -> Result<(u64, u64), Error> {
    bytes.skip(4)?;
    let content = u64::from(u32::from_le_bytes(bytes.take()?));
    if content + 8 > bytes.len {
        return Err(bytes.truncated());
    }
    bytes.skip(4)?;
    let name = bytes.take::<4>()?;
    bytes.skip(4)?;
    match &name {
        b"VP8 " => {
            bytes.skip(3)?;
            if bytes.take::<3>()? != [0x9D, 0x01, 0x2A] {
                return Err(Error::unreadable("a WebP without a start code"));
            }
            let width = u16::from_le_bytes(bytes.take()?);
            let height = u16::from_le_bytes(bytes.take()?);
            // The upper two bits are a hint for scaling.
            Ok((u64::from(width & 0x3FFF), u64::from(height & 0x3FFF)))
        }
        b"VP8L" => {
            if bytes.byte()? != 0x2F {
                return Err(Error::unreadable("a lossless WebP without a signature"));
            }
            let packed = u32::from_le_bytes(bytes.take()?);
            Ok((u64::from(packed & 0x3FFF) + 1, u64::from(packed >> 14 & 0x3FFF) + 1))
        }
        b"VP8X" => {
            bytes.skip(4)?;
            let [w0, w1, w2, h0, h1, h2] = bytes.take::<6>()?;
            Ok((
                u64::from(u32::from_le_bytes([w0, w1, w2, 0])) + 1,
                u64::from(u32::from_le_bytes([h0, h1, h2, 0])) + 1,
            ))
        }
        _ => Err(Error::unreadable("a WebP without a picture")),
    }
}
