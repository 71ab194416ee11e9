//! The canonical dump: every row made from the log, as JSON lines in a fixed
//! order. Two catalogs made from one log dump to the same bytes.

use serde::Serialize;
use serde_json::json;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Row, Tx};

use super::documents::{Document, FileRow};
use super::households::{Household, MemberRow, Organisation};
use super::volumes::Volume;

#[derive(FromRow, Serialize)]
struct Setting {
    key: String,
    value: String,
}

#[derive(FromRow, Serialize)]
struct Blob {
    sha256: String,
    bytes: i64,
    mime: String,
    entry: i64,
}

#[derive(FromRow, Serialize)]
struct Entry {
    no: i64,
    leaf: String,
    body: String,
}

/// The lines of the dump, each a JSON object with the name of its table.
///
/// # Errors
/// When the database refuses.
pub async fn lines(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    let mut out = Vec::new();
    table::<Setting>(tx, &mut out, "setting", "SELECT * FROM setting ORDER BY key").await?;
    table::<Organisation>(tx, &mut out, "organisation", "SELECT * FROM organisation ORDER BY code")
        .await?;
    table::<Household>(tx, &mut out, "household", "SELECT * FROM household ORDER BY no").await?;
    table::<MemberRow>(tx, &mut out, "member", "SELECT * FROM member ORDER BY household, place")
        .await?;
    table::<Document>(tx, &mut out, "document", "SELECT * FROM document ORDER BY id").await?;
    table::<FileRow>(
        tx,
        &mut out,
        "document_file",
        "SELECT * FROM document_file ORDER BY document, place",
    )
    .await?;
    table::<Blob>(tx, &mut out, "blob", "SELECT * FROM blob ORDER BY sha256").await?;
    table::<Volume>(tx, &mut out, "volume", "SELECT * FROM volume ORDER BY household, version")
        .await?;
    table::<Entry>(tx, &mut out, "entry", "SELECT no, leaf, body FROM entry ORDER BY no").await?;
    Ok(out)
}

async fn table<T: Row + Serialize>(
    tx: &mut Tx,
    out: &mut Vec<String>,
    name: &str,
    sql: &'static str,
) -> Result<(), DbError> {
    for row in tx.all::<T>(sql, args![]).await? {
        let line = crate::model::canonical::to_bytes(&json!({ "table": name, "row": row }))
            .map_err(|e| DbError::Corrupt(e.to_string()))?;
        out.push(String::from_utf8_lossy(&line).into_owned());
    }
    Ok(())
}
