//! The right edge of the tiles: what is needed to write the next ones.

use tlog_tiles::{Hash, Tile, node_hash, record_hash};

use super::tile::{self, WIDTH};
use super::{Frontier, TlogError};

/// Something to be written: where, below the log's folder, and the bytes.
pub type File = (String, Vec<u8>);

/// The tiles that are not full yet, and the bundle that is not. Entries are
/// added; full tiles come out.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    size: u64,
    /// The hashes of the tile at the edge of each level, less than 256 each.
    levels: Vec<Vec<Hash>>,
    /// The entries of the last bundle, less than 256.
    entries: Vec<Vec<u8>>,
}

impl Edge {
    /// How many entries the tiles cover.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Where what is not full stands when the tiles cover `size` entries: a tile
    /// for each level that has one, then the bundle.
    #[must_use]
    pub fn paths(size: u64) -> Vec<String> {
        let mut paths: Vec<String> = levels(size)
            .filter(|(_, _, width)| *width > 0)
            .map(|(level, n, width)| tile::path(level, n, width))
            .collect();
        let entries = width(size, 0);
        if entries > 0 {
            paths.push(tile::bundle_path(size / 256, entries));
        }
        paths
    }

    /// The edge of tiles that cover `size` entries, of the bytes that stand at
    /// [`Edge::paths`]; none when these do not fit.
    #[must_use]
    pub fn open(size: u64, files: &[Vec<u8>]) -> Option<Self> {
        let mut files = files.iter();
        let mut found = Vec::new();
        for (_, _, width) in levels(size) {
            let mut hashes = Vec::new();
            if width > 0 {
                let (whole, rest) = files.next()?.as_chunks::<32>();
                hashes.extend(whole.iter().copied().map(Hash));
                if hashes.len() != width || !rest.is_empty() {
                    return None;
                }
            }
            found.push(hashes);
        }
        let mut entries = Vec::new();
        if width(size, 0) > 0 {
            let bundle = tile::entries(files.next()?).ok()?;
            entries.extend(bundle.into_iter().map(<[u8]>::to_vec));
        }
        let fits = entries.len() == width(size, 0)
            && entries
                .iter()
                .zip(found.first().into_iter().flatten())
                .all(|(entry, hash)| record_hash(entry) == *hash);
        fits.then_some(Self { size, levels: found, entries })
    }

    /// The tree over the entries that the tiles cover.
    #[must_use]
    pub fn tree(&self) -> Frontier {
        let mut roots = Vec::new();
        for hashes in self.levels.iter().rev() {
            // The hashes of a level are roots of subtrees of one size; they
            // join as the leaves of a tree of their own do.
            let mut of_level: Vec<Hash> = Vec::new();
            for (hash, before) in hashes.iter().zip(0_u64..) {
                let mut right = *hash;
                for _ in 0..before.trailing_ones() {
                    right = of_level.pop().map_or(right, |left| node_hash(left, right));
                }
                of_level.push(right);
            }
            roots.extend(of_level);
        }
        Frontier::of(self.size, roots)
    }

    /// Adds an entry; returns the tiles and the bundle that it makes full.
    ///
    /// # Errors
    /// When the entry is too long.
    pub fn push(&mut self, entry: &[u8]) -> Result<Vec<File>, TlogError> {
        let mut full = Vec::new();
        self.entries.push(entry.to_vec());
        self.size += 1;
        let mut up = Some(record_hash(entry));
        for level in 0_u8.. {
            let Some(hash) = up else { break };
            if self.levels.len() <= usize::from(level) {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[usize::from(level)];
            hashes.push(hash);
            up = None;
            if hashes.len() == WIDTH {
                let bytes = bytes(hashes);
                hashes.clear();
                up = Some(Tile::subtree_hash(&bytes));
                let n = (self.size >> (u32::from(level + 1) * 8)) - 1;
                full.push((tile::path(level, n, WIDTH), bytes));
            }
        }
        if self.entries.len() == WIDTH {
            let bundle = tile::bundle(self.entries.iter().map(Vec::as_slice))?;
            full.push((tile::bundle_path(self.size / 256 - 1, WIDTH), bundle));
            self.entries.clear();
        }
        Ok(full)
    }

    /// The tiles and the bundle that are not full, as a checkpoint of this size
    /// needs them.
    ///
    /// # Errors
    /// When an entry is too long.
    pub fn partial(&self) -> Result<Vec<File>, TlogError> {
        let mut files = Vec::new();
        let partial = levels(self.size).zip(&self.levels).filter(|((_, _, width), _)| *width > 0);
        for ((level, n, width), hashes) in partial {
            files.push((tile::path(level, n, width), bytes(hashes)));
        }
        if !self.entries.is_empty() {
            let bundle = tile::bundle(self.entries.iter().map(Vec::as_slice))?;
            files.push((tile::bundle_path(self.size / 256, self.entries.len()), bundle));
        }
        Ok(files)
    }
}

/// How many hashes the tile at the edge of `level` has.
fn width(size: u64, level: u8) -> usize {
    usize::from((size >> (u32::from(level) * 8)).to_le_bytes()[0])
}

/// The levels of tiles that cover `size` entries: level, number of the tile at
/// the edge, and how many hashes that has.
fn levels(size: u64) -> impl Iterator<Item = (u8, u64, usize)> {
    let number = move |level: u8| size.checked_shr((u32::from(level) + 1) * 8).unwrap_or(0);
    (0..8)
        .take_while(move |level| size >> (u32::from(*level) * 8) > 0)
        .map(move |level| (level, number(level), width(size, level)))
}

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;

    use tlog_tiles::{Error, HashReader, TileHashReader, TileReader, check_record, prove_record};

    use super::*;

    struct Files(HashMap<String, Vec<u8>>);

    impl TileReader for Files {
        fn height(&self) -> u8 {
            tile::HEIGHT
        }
        fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
            Ok(tiles.iter().map(|tile| self.0[&tile::path_of(tile)].clone()).collect())
        }
        fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
    }

    #[test]
    fn the_tiles_prove_every_entry_at_every_size() {
        let (mut edge, mut tree) = (Edge::default(), Frontier::default());
        let mut files = Files(HashMap::new());
        let sizes = [1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_000];
        for size in 1..=66_000_u64 {
            let entry = format!("entry {}", size - 1);
            files.0.extend(edge.push(entry.as_bytes()).unwrap());
            tree.push(entry.as_bytes());
            if !sizes.contains(&size) {
                continue;
            }
            let partial = edge.partial().unwrap();
            let paths: Vec<_> = partial.iter().map(|(path, _)| path.clone()).collect();
            assert_eq!(paths, Edge::paths(size));
            let bytes: Vec<_> = partial.iter().map(|(_, bytes)| bytes.clone()).collect();
            let opened = Edge::open(size, &bytes).unwrap();
            assert_eq!((opened.tree(), edge.tree()), (tree.clone(), tree.clone()));
            assert!(Edge::open(size + 1, &bytes).is_none());
            let mut full: Vec<_> = files.0.keys().filter(|path| !path.contains(".p/")).collect();
            let mut wanted: Vec<_> = tile::full(size).collect();
            full.sort();
            wanted.sort();
            assert!(full.into_iter().eq(&wanted));
            files.0.extend(partial);
            let reader = TileHashReader::new(size, tree.root(), &files);
            for n in [0, size / 3, size / 2, size - 1] {
                let path = prove_record(size, n, &reader).unwrap();
                let leaf = record_hash(format!("entry {n}").as_bytes());
                check_record(&path, size, tree.root(), n, leaf).unwrap();
            }
            assert!(reader.read_hashes(&[0]).is_ok());
        }
        let bundle = &files.0["tile/entries/001"];
        assert_eq!(tile::entries(bundle).unwrap()[3], b"entry 259");
        assert_eq!(edge.size(), 66_000);
    }
}
