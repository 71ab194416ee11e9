//! Tiles and entry bundles (C2SP tlog-tiles): where they stand, and what is in
//! them.

use tlog_tiles::Tile;

use super::TlogError;

/// How many levels of the tree a tile holds.
pub const HEIGHT: u8 = 8;
/// How many hashes a full tile has.
pub const WIDTH: usize = 1 << HEIGHT;

/// Where the tile at `level` with number `n` stands below the log's folder;
/// `width` is 256 for a full one.
#[must_use]
pub fn path(level: u8, n: u64, width: usize) -> String {
    numbered(&level.to_string(), n, width)
}

/// Where the bundle with number `n` of `width` entries stands below the log's
/// folder.
#[must_use]
pub fn bundle_path(n: u64, width: usize) -> String {
    numbered("entries", n, width)
}

/// Where all full tiles and bundles of a log of `size` entries stand.
pub fn full(size: u64) -> impl Iterator<Item = String> {
    let many = move |level: u8| 0..size.checked_shr((u32::from(level) + 1) * 8).unwrap_or(0);
    let tiles = (0..8).flat_map(move |level| many(level).map(move |n| path(level, n, WIDTH)));
    tiles.chain(many(0).map(|n| bundle_path(n, WIDTH)))
}

/// The folder of the partial tiles that come before the full one at `path`.
#[must_use]
pub fn partials(path: &str) -> String {
    format!("{path}.p")
}

/// How many entries a log has at least when a tile or bundle stands at this path
/// below its folder; none when none can stand there.
#[must_use]
pub fn least(at: &str) -> Option<u64> {
    let (kind, number) = at.strip_prefix("tile/")?.split_once('/')?;
    let (number, width) = match number.split_once(".p/") {
        Some((number, width)) => (number, width.parse().ok()?),
        None => (number, WIDTH),
    };
    let n = number.split('/').try_fold(0_u64, |n, part| {
        let digits: u64 = part.trim_start_matches('x').parse().ok()?;
        n.checked_mul(1000)?.checked_add(digits)
    })?;
    let level: u8 = if kind == "entries" { 0 } else { kind.parse().ok()? };
    let stands = match kind {
        "entries" => bundle_path(n, width),
        _ => path(level, n, width),
    };
    if stands != at || level > 7 || !(1..=WIDTH).contains(&width) {
        return None;
    }
    let hashes = n.checked_mul(WIDTH as u64)?.checked_add(width as u64)?;
    hashes.checked_mul(1 << (u32::from(level) * u32::from(HEIGHT)))
}

fn numbered(kind: &str, n: u64, width: usize) -> String {
    let (mut rest, mut digits) = (n / 1000, format!("{:03}", n % 1000));
    while rest > 0 {
        digits = format!("x{:03}/{digits}", rest % 1000);
        rest /= 1000;
    }
    let part = if width == WIDTH { String::new() } else { format!(".p/{width}") };
    format!("tile/{kind}/{digits}{part}")
}

/// Where a tile that the proofs ask for stands.
#[must_use]
pub fn path_of(tile: &Tile) -> String {
    path(tile.level(), tile.level_index(), tile.width() as usize)
}

/// The bytes of a bundle: each entry after its length in two bytes.
///
/// # Errors
/// When an entry has more than 65,535 bytes.
pub fn bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, TlogError> {
    let mut bytes = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| TlogError::TooLong(entry.len()))?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle.
///
/// # Errors
/// When the bytes end inside an entry.
pub fn entries(mut bundle: &[u8]) -> Result<Vec<&[u8]>, TlogError> {
    let mut entries = Vec::new();
    while !bundle.is_empty() {
        let cut = TlogError::Malformed {
            what: "entry bundle",
            line: entries.len() + 1,
            reason: "the entry is cut off",
        };
        let Some((length, rest)) = bundle.split_first_chunk() else { return Err(cut) };
        let length = usize::from(u16::from_be_bytes(*length));
        let Some((entry, rest)) = rest.split_at_checked(length) else { return Err(cut) };
        entries.push(entry);
        bundle = rest;
    }
    Ok(entries)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(path(2, 0, 1), "tile/2/000.p/1");
        assert_eq!(bundle_path(1_000, 17), "tile/entries/x001/000.p/17");
    }

    #[test]
    fn a_path_says_how_many_entries_there_are_at_least() {
        for size in [1, 3, 255, 256, 257, 65_535, 65_536, 1_234_567] {
            let edge = crate::tlog::Edge::paths(size);
            let wanted: Vec<Option<u64>> = edge.iter().map(|path| least(path)).collect();
            assert!(wanted.iter().all(|least| least.is_some_and(|least| least <= size)), "{size}");
            assert!(full(size).all(|path| least(&path).is_some_and(|least| least <= size)));
            assert_eq!(wanted.iter().flatten().max().copied().unwrap_or(size), size, "{size}");
        }
        assert_eq!(least("tile/1/000.p/2"), Some(512));
        let none =
            ["tile/9/000", "tile/0/0", "tile/0/000.p/256", "tile/0/000.p/0", "tile/x", "tile"];
        assert!(none.iter().all(|path| least(path).is_none()));
    }

    proptest! {
        #[test]
        fn a_bundle_opens_to_what_was_put_in(
            wanted in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..400), 0..20),
        ) {
            let bytes = bundle(wanted.iter().map(Vec::as_slice)).unwrap();
            prop_assert_eq!(entries(&bytes).unwrap(), wanted);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(found) = entries(&bytes) {
                prop_assert_eq!(bundle(found).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn an_entry_that_is_too_long_is_refused() {
        assert_eq!(bundle([&vec![0; 65_536][..]]), Err(TlogError::TooLong(65_536)));
        assert!(entries(&[0, 3, 1, 2]).is_err());
        assert!(entries(&[0]).is_err());
    }
}
