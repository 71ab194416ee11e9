//! JPEG: from marker to marker, through every scan, to the end marker.

use std::io::{BufRead, Seek};

use super::{Bytes, Error};

/// Width and height. The whole file is walked, so a picture cut off anywhere is noticed; what cameras append is not read.
pub(super) fn size<R: BufRead + Seek>(bytes: &mut Bytes<R>) -> Result<(u64, u64), Error> {
    let mut size = None;
    bytes.skip(2)?;
    loop {
        // Between segments, and within the entropy-coded data of a scan, everything up to FF is passed over.
        bytes.skip_past(0xFF)?;
        let mut marker = bytes.byte()?;
        while marker == 0xFF {
            marker = bytes.byte()?;
        }
        match marker {
            // A stuffed FF, a restart, a marker without content.
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            0xD9 => break,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let [high, low, _, h1, h0, w1, w0] = bytes.take::<7>()?;
                size = Some((
                    u64::from(u16::from_be_bytes([w1, w0])),
                    u64::from(u16::from_be_bytes([h1, h0])),
                ));
                bytes.skip(u64::from(u16::from_be_bytes([high, low])).saturating_sub(7))?;
            }
            _ => {
                let length = u64::from(u16::from_be_bytes(bytes.take()?));
                bytes.skip(length.saturating_sub(2))?;
            }
        }
    }
    size.ok_or_else(|| Error::unreadable("a JPEG without a frame"))
}
