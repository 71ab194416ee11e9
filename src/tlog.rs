//! 存证日志的公开格式: trees, checkpoints, tiles and proofs as the C2SP
//! specifications have them (tlog-tiles, tlog-checkpoint, signed-note,
//! tlog-proof, tlog-cosignature, tlog-witness, tlog-policy), so that programs that know nothing of Yidang can check the
//! log. Pure: bytes in, bytes out; no store, no clock, no record.

pub mod cosignature;
pub mod edge;
pub mod keys;
pub mod note;
pub mod policy;
pub mod proof;
pub mod signatures;
pub mod tile;
pub mod tree;
pub mod witness;

pub use self::cosignature::{Witness, WitnessKey};
pub use self::edge::Edge;
pub use self::keys::LogKeys;
pub use self::note::{Checkpoint, LogKey};
pub use self::proof::Proof;
pub use self::tree::{Frontier, Hash};

/// Why bytes are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogError {
    /// A text is not of its format.
    #[error("{what}, line {line}: {reason}")]
    Malformed {
        /// Which format.
        what: &'static str,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A key cannot be used.
    #[error("the key is not an Ed25519 key of a log: {0}")]
    Key(String),
    /// A key cannot be that of a witness.
    #[error("not the key of a witness: {0}")]
    Witness(String),
    /// A key that the log has named is not among those at hand.
    #[error(
        "the log is signed by the key {0} too, and its secret is not here: bring the file of the keys up to date"
    )]
    MissingKey(String),
    /// A note is signed by nobody who is known, or wrongly.
    #[error("the checkpoint is not signed by {0}")]
    Unsigned(String),
    /// A checkpoint is that of another log.
    #[error("the checkpoint is of the log {found}, not of {expected}")]
    Origin {
        /// The log that was meant.
        expected: String,
        /// The log it is of.
        found: String,
    },
    /// Hashes do not lead to the root.
    #[error("the hashes do not lead to the root of the tree")]
    Broken,
    /// An entry is too long for a bundle.
    #[error("an entry of {0} bytes does not fit into a bundle")]
    TooLong(usize),
}
