//! PDF: only whether its tail is there; the rest is for the child process.

use std::io::{BufRead, Read, Seek};

use super::{Bytes, Error};

/// Some programs append padding, so the trailer is looked for in this many last bytes.
const TAIL: u64 = 64 << 10;

/// Whether the file ends with a trailer, and is as long as it says when it says so.
pub(super) fn check<R: BufRead + Seek>(bytes: &mut Bytes<R>) -> Result<(), Error> {
    let mut head = Vec::new();
    let read = |bytes: &mut Bytes<R>, count: u64, into: &mut Vec<u8>| {
        bytes.source.by_ref().take(count).read_to_end(into).map_err(Error::machine)
    };
    read(bytes, 2048, &mut head)?;
    // A linearised file has a trailer near its front too, but it also says how long it is.
    if declared_length(&head).is_some_and(|length| length > bytes.len) {
        return Err(bytes.truncated());
    }
    bytes.go(bytes.len.saturating_sub(TAIL))?;
    let mut tail = Vec::new();
    read(bytes, TAIL, &mut tail)?;
    if find(&tail, b"startxref").is_none() {
        return Err(bytes.truncated());
    }
    Ok(())
}

/// The `/L` of the linearisation dictionary.
fn declared_length(head: &[u8]) -> Option<u64> {
    let dict = &head[find(head, b"/Linearized")?..];
    let dict = &dict[..find(dict, b">>")?];
    let value = dict[find(dict, b"/L ")? + 3..].trim_ascii_start();
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&value[..digits]).ok()?.parse().ok()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
