//! How documents are called while nobody has said, and by which titles they are found.

use super::{Document, files};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::propose::Proposal;

/// How a document is called before and after a person has described it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// 题名: confirmed, else read from the paper, else the name of the file.
    pub title: String,
    /// 件种: confirmed, else read from the paper, else empty.
    pub type_code: String,
    /// The name the first file came with.
    pub file: String,
}

/// How a document is called.
///
/// # Errors
/// When the database refuses.
pub async fn shown(tx: &mut Tx, document: &Document) -> Result<Shown, DbError> {
    let first = files(tx, document.id()).await?.into_iter().next();
    let file = first.as_ref().map(|file| file.name.clone()).unwrap_or_default();
    if document.described.is_some() {
        let (title, type_code) = (document.title.clone(), document.type_code.clone());
        return Ok(Shown { title, type_code, file });
    }
    let mut proposal = Proposal::default();
    if let Some(first) = first
        && let Some(row) = crate::catalog::readings::of(tx, &first).await?
    {
        proposal = serde_json::from_str(&row.proposal).unwrap_or_default();
    }
    let title = if proposal.title.is_empty() { file.clone() } else { proposal.title };
    Ok(Shown { title, type_code: proposal.type_code, file })
}

/// The titles in the scope that begin with `typed`, the most frequent first, at
/// most `limit`; of very many that begin so, the first ones only.
///
/// # Errors
/// When the database refuses.
pub async fn titles_beginning(
    tx: &mut Tx,
    scope: &Scope,
    typed: &str,
    limit: u32,
) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT title FROM (
                SELECT title, organisation FROM document WHERE title >= $1 AND title < $2
                ORDER BY title, organisation LIMIT 2000
             ) AS near WHERE organisation LIKE $3
             GROUP BY title ORDER BY COUNT(*) DESC, title LIMIT $4",
            args![typed, format!("{typed}\u{10ffff}"), format!("{}%", scope.prefix()), limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(title,)| title).collect())
}
