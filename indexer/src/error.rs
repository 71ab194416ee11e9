//! What can go wrong, in this crate's words.

use crate::SyntaxError;

/// Why the index could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder holds an index of another version of this crate: rebuild it.
    #[error("the index is of version {found}, this program writes {wanted}: rebuild it")]
    OtherVersion {
        /// The version found beside the index; "none" when there is no version at all.
        found: String,
        /// The version this program reads and writes.
        wanted: &'static str,
    },
    /// Another writer, here or in another process, has the index.
    #[error("another writer has the index")]
    Locked,
    /// The query cannot be read.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// A date that is neither empty nor `YYYY-MM-DD`.
    #[error("\"{0}\" is not a date of the form YYYY-MM-DD")]
    Date(String),
    /// The folder of the index could not be read or written.
    #[error("the folder of the index: {0}")]
    Folder(#[from] std::io::Error),
    /// tantivy refused: the index is damaged or the disk is failing; a rebuild is the remedy.
    #[error("the index: {0}")]
    Engine(#[from] tantivy::TantivyError),
}
