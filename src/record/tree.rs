//! Proofs from the published tiles: what a tile claims is checked against the
//! root of the checkpoint before it is used.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Mutex;

use tlog_tiles::{
    Error, HashReader, Tile, TileHashReader, TileReader, node_hash, prove_record, prove_tree,
    sub_tree_index,
};

use crate::tlog::tile::{self, WIDTH};
use crate::tlog::{Checkpoint, Frontier, Hash, TlogError};
use crate::vault::{Vault, VaultError};

/// Why nothing can be shown of a tree.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// Its tiles do not lead to its root, or its checkpoint is none.
    #[error(transparent)]
    Tlog(#[from] TlogError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// The tree of a checkpoint.
#[derive(Debug)]
pub struct Tree {
    vault: Vault,
    note: String,
    checkpoint: Checkpoint,
    /// Tiles that were fetched, by path.
    tiles: Mutex<HashMap<String, Vec<u8>>>,
}

impl Tree {
    /// The tree of the checkpoint in `note`, whose tiles are published.
    ///
    /// # Errors
    /// When the note is no checkpoint.
    pub fn new(vault: Vault, note: String) -> Result<Self, TreeError> {
        let checkpoint = Checkpoint::parse(&note)?;
        Ok(Self { vault, note, checkpoint, tiles: Mutex::default() })
    }

    /// The signed note.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// What it says.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The hashes from entry `no` to the root.
    ///
    /// # Errors
    /// When the tiles are not there, or do not lead to the root.
    pub async fn inclusion(&self, no: u64) -> Result<Vec<Hash>, TreeError> {
        let size = self.checkpoint.size;
        self.with_tiles(|reader| prove_record(size, no, reader)).await
    }

    /// The hashes that show that the first `new` entries begin with the first
    /// `old`; none where there is nothing to show.
    ///
    /// # Errors
    /// As [`Tree::inclusion`].
    pub async fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, TreeError> {
        if old == 0 || old >= new {
            return Ok(Vec::new());
        }
        self.with_tiles(|reader| prove_tree(new, old, reader)).await
    }

    /// The tree over the first `size` entries.
    ///
    /// # Errors
    /// As [`Tree::inclusion`].
    pub async fn frontier(&self, size: u64) -> Result<Frontier, TreeError> {
        if size == 0 {
            return Ok(Frontier::default());
        }
        let wanted = sub_tree_index(0, size, Vec::new());
        let roots = self.with_tiles(|reader| reader.read_hashes(&wanted)).await?;
        Ok(Frontier::of(size, roots))
    }

    /// The hash that was published of the entries from `from` to before `end`,
    /// unchecked; none when a tile of it is not there. The two must be a
    /// subtree of the tree.
    ///
    /// # Errors
    /// When the store fails, or a tile has not the bytes of one.
    pub async fn raw(&self, from: u64, end: u64) -> Result<Option<Hash>, TreeError> {
        let mut hashes = Vec::new();
        for index in sub_tree_index(from, end, Vec::new()) {
            let least = Tile::from_index(tile::HEIGHT, index);
            let (level, n) = (least.level(), least.level_index());
            let below = self.checkpoint.size >> (u32::from(level) * u32::from(tile::HEIGHT));
            let width = below.saturating_sub(n * WIDTH as u64).min(WIDTH as u64);
            let width = u32::try_from(width).unwrap_or(0).max(least.width());
            let whole = Tile::new(tile::HEIGHT, level, n, width, false);
            let path = tile::path_of(&whole);
            let at_hand = self.tiles.lock().map_err(|_| TlogError::Broken)?.get(&path).cloned();
            let bytes = match at_hand {
                Some(bytes) => bytes,
                None => match self.fetch(&whole).await {
                    Ok(bytes) => bytes,
                    Err(TreeError::Tlog(_)) => return Ok(None),
                    Err(error) => return Err(error),
                },
            };
            let hash = whole.hash_at_index(&bytes, index).map_err(|_| TlogError::Broken)?;
            self.tiles.lock().map_err(|_| TlogError::Broken)?.insert(path, bytes);
            hashes.push(hash);
        }
        // The largest stands on the left, and what is right of it joins first.
        Ok(hashes.into_iter().rev().reduce(|right, left| node_hash(left, right)))
    }

    /// Runs `work` as often as it asks for tiles that are not at hand.
    async fn with_tiles<T>(
        &self,
        work: impl Fn(&TileHashReader<'_>) -> Result<T, Error>,
    ) -> Result<T, TreeError> {
        loop {
            let missing = {
                let tiles = self.tiles.lock().map_err(|_| TlogError::Broken)?;
                let at_hand = AtHand { tiles: &tiles, missing: RefCell::default() };
                let Checkpoint { size, root, .. } = self.checkpoint;
                match work(&TileHashReader::new(size, root, &at_hand)) {
                    Ok(done) => return Ok(done),
                    Err(_) => at_hand.missing.into_inner(),
                }
            };
            if missing.is_empty() {
                return Err(TlogError::Broken.into());
            }
            for wanted in missing {
                let bytes = self.fetch(&wanted).await?;
                let mut tiles = self.tiles.lock().map_err(|_| TlogError::Broken)?;
                tiles.insert(tile::path_of(&wanted), bytes);
            }
        }
    }

    /// The bytes of a tile. A partial one may be gone since the full one came.
    async fn fetch(&self, wanted: &Tile) -> Result<Vec<u8>, TreeError> {
        let bytes = wanted.width() as usize * 32;
        let mut found = self.vault.tile(&tile::path_of(wanted)).await?;
        if found.is_none() {
            let full = tile::path(wanted.level(), wanted.level_index(), WIDTH);
            found = self.vault.tile(&full).await?;
        }
        let found = found.ok_or(TlogError::Broken)?;
        Ok(found.get(..bytes).ok_or(TlogError::Broken)?.to_vec())
    }
}

/// The tiles that are at hand, and those that were asked for and are not.
struct AtHand<'a> {
    tiles: &'a HashMap<String, Vec<u8>>,
    missing: RefCell<Vec<Tile>>,
}

impl TileReader for AtHand<'_> {
    fn height(&self) -> u8 {
        tile::HEIGHT
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let found = |wanted: &Tile| self.tiles.get(&tile::path_of(wanted)).cloned();
        let all: Option<Vec<_>> = tiles.iter().map(found).collect();
        all.ok_or_else(|| {
            let missing = tiles.iter().filter(|wanted| found(wanted).is_none());
            self.missing.borrow_mut().extend(missing.copied());
            Error::InvalidTile
        })
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}
