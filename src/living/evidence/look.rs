//! What a file looks like before it is taken in.

use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::LivingError;
use super::{kind, read, usual};
use crate::app::App;
use crate::model::access::{Actor, Right};
use crate::model::evidence::Mapping;
use crate::model::id::EntryNo;
use crate::model::table::Why;

/// How many rows of a file are shown before it is taken in.
const SHOWN: usize = 5;

/// What a file looks like before it is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EvidencePreview)]
pub struct Preview {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its first rows; a row that cannot be read says why, in Chinese.
    pub first: Vec<Vec<String>>,
    /// The same in English.
    #[serde(skip)]
    pub first_en: Vec<Vec<String>>,
    /// How many rows it has.
    pub rows: u64,
    /// How many cells have a formula, of which the last result is taken.
    pub formulas: u64,
    /// Which columns are read: as in the last file of the kind with the same columns, else
    /// as their names suggest.
    pub mapping: Option<Mapping>,
    /// The entry that took in that last file; none where there is none.
    pub as_before: Option<EntryNo>,
}

/// What a file looks like, and which of its columns are read for a kind: as in the last file
/// of the kind with the same columns, else as their names suggest. Nothing is kept.
///
/// # Errors
/// When there is no such kind, or the file is no table.
pub async fn look_over(
    app: &App,
    actor: &Actor,
    code: &str,
    bytes: Bytes,
) -> Result<Preview, LivingError> {
    actor.must(Right::File)?;
    let kind = kind(app, code)?;
    let table = read(bytes).await?;
    let (mapping, as_before) = usual(app, actor, kind, &table).await?;
    let first = |said: fn(Why) -> String| {
        let rows = table.rows.iter().take(SHOWN);
        rows.map(|row| row.cells.clone().unwrap_or_else(|why| vec![said(why)])).collect()
    };
    Ok(Preview {
        mapping,
        as_before,
        first: first(|why| why.zh),
        first_en: first(|why| why.en),
        rows: table.rows.len() as u64,
        formulas: table.formulas,
        columns: table.heads,
    })
}
