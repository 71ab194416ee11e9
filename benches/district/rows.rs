//! A catalog from SQLite in PostgreSQL, row by row: to apply a log of a million acts there
//! would take most of an hour. That both databases say the same of one log is for the tests.

use std::path::Path;

use futures::TryStreamExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row, SqliteConnection};
use yidang::db::Db;

use crate::generator::Failed;

/// How much is sent at a time, in bytes.
const SENT: usize = 1 << 20;

/// Number of rows copied from the catalog in `file` to the empty database `to`, whose tables
/// are made first.
pub(crate) async fn copy(file: &Path, to: &str) -> Result<u64, Failed> {
    Db::postgres(to).await?.close().await;
    let mut from = SqliteConnectOptions::new().filename(file).read_only(true).connect().await?;
    let mut to = PgConnection::connect(to).await?;
    // Tables come in the order of their names, and not of what they refer to.
    sqlx::query("SET session_replication_role = replica").execute(&mut to).await?;
    let tables: Vec<(String, Vec<String>)> = sqlx::query_as(
        "SELECT c.table_name::text, array_agg(c.column_name::text ORDER BY c.ordinal_position) \
         FROM information_schema.columns c JOIN information_schema.tables t \
         ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
         WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' \
         AND c.table_name <> '_sqlx_migrations' GROUP BY 1 ORDER BY 1",
    )
    .fetch_all(&mut to)
    .await?;
    let mut copied = 0;
    for (table, columns) in tables {
        // What migrations put there is in the other one too.
        sqlx::query(AssertSqlSafe(format!("DELETE FROM \"{table}\""))).execute(&mut to).await?;
        copied += one_table(&mut from, &mut to, &table, &columns).await?;
    }
    Ok(copied)
}

/// Number of rows copied of one table.
async fn one_table(
    from: &mut SqliteConnection,
    to: &mut PgConnection,
    table: &str,
    columns: &[String],
) -> Result<u64, Failed> {
    let list = |make: &dyn Fn(&String) -> String| -> String {
        columns.iter().map(make).collect::<Vec<_>>().join(", ")
    };
    let texts = list(&|column| format!("CAST(\"{column}\" AS TEXT)"));
    let names = list(&|column| format!("\"{column}\""));
    let sql = AssertSqlSafe(format!("SELECT {texts} FROM \"{table}\""));
    let mut rows = sqlx::query(sql).fetch(from);
    let mut into = to.copy_in_raw(&format!("COPY \"{table}\" ({names}) FROM STDIN")).await?;
    let mut lines = String::new();
    while let Some(row) = rows.try_next().await? {
        for at in 0..columns.len() {
            lines.push_str(if at == 0 { "" } else { "\t" });
            match row.try_get::<Option<&str>, _>(at)? {
                Some(text) => escaped(text, &mut lines),
                None => lines.push_str("\\N"),
            }
        }
        lines.push('\n');
        if lines.len() > SENT {
            into.send(std::mem::take(&mut lines).into_bytes()).await?;
        }
    }
    into.send(lines.into_bytes()).await?;
    Ok(into.finish().await?)
}

/// Appends `text` as the text format of `COPY` wants it.
fn escaped(text: &str, lines: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => lines.push_str("\\\\"),
            '\t' => lines.push_str("\\t"),
            '\n' => lines.push_str("\\n"),
            '\r' => lines.push_str("\\r"),
            c => lines.push(c),
        }
    }
}
