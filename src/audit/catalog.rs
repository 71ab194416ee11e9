//! The catalog against the log: the whole log is applied to an empty database
//! beside the archive, and its rows are compared with those that are there.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{AuditError, code};
use crate::app::App;
use crate::catalog::dump::{self, Table};
use crate::db::Db;
use crate::ledger;
use crate::model::act::{FindingClass, Found};
use crate::record::{self, RecordError};
use crate::vault::VaultError;

/// The most findings that are named; an edited catalog is made again anyhow.
const NAMED: usize = 1000;

/// Compares every row of the catalog with what the log makes of it.
pub(super) async fn look(app: &App) -> Result<Vec<Found>, AuditError> {
    let folder = Scratch::make()?;
    let scratch = Db::sqlite(&folder.0.join("catalog.sqlite")).await?;
    let compared = compare(app, &scratch).await;
    scratch.close().await;
    compared
}

async fn compare(app: &App, scratch: &Db) -> Result<Vec<Found>, AuditError> {
    // One state of the catalog, whatever is recorded meanwhile.
    let mut here = app.db.read().await?;
    let end = ledger::current(&mut here).await.map_err(RecordError::from)?.size();
    record::replay_to(scratch, &app.vault, &app.lookup, end).await?;
    let mut there = scratch.read().await?;
    let mut found = Vec::new();
    for table in Table::ALL {
        let mut from = 0;
        loop {
            let (ours, more) = dump::part(&mut here, *table, from).await?;
            let (theirs, _) = dump::part(&mut there, *table, from).await?;
            differences(*table, &ours, &theirs, &mut found)?;
            match more {
                Some(next) if found.len() < NAMED => from = next,
                _ => break,
            }
        }
    }
    found.truncate(NAMED);
    Ok(found)
}

/// Names the rows that differ.
fn differences(
    table: Table,
    ours: &[String],
    theirs: &[String],
    found: &mut Vec<Found>,
) -> Result<(), AuditError> {
    if ours == theirs {
        return Ok(());
    }
    let (ours, theirs) = (by_key(table, ours)?, by_key(table, theirs)?);
    let mut say = |key: &String, class, reason: String| {
        let (code, path) = (code(None, "catalog", class), format!("{}/{key}", table.name()));
        found.push(Found { code, class, side: None, path, reason });
    };
    for (key, row) in &ours {
        match theirs.get(key) {
            None => say(key, FindingClass::Untracked, "no log entry makes this row".into()),
            Some(right) if right != row => {
                let columns: Vec<&str> = row
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(name, value)| right.get(name) != Some(value))
                    .map(|(name, _)| name.as_str())
                    .collect();
                let reason = format!("the log has another {}", columns.join(", "));
                say(key, FindingClass::Changed, reason);
            }
            Some(_) => {}
        }
    }
    for key in theirs.keys().filter(|key| !ours.contains_key(*key)) {
        say(key, FindingClass::Missing, "the log makes a row that is not there".into());
    }
    Ok(())
}

/// The rows of lines of the dump by what names them in their table.
fn by_key(table: Table, lines: &[String]) -> Result<BTreeMap<String, Value>, AuditError> {
    let mut rows = BTreeMap::new();
    for line in lines {
        let mut line: Value = serde_json::from_str(line)
            .map_err(|error| crate::db::DbError::Corrupt(error.to_string()))?;
        let row = line["row"].take();
        let key: Vec<String> = table
            .key()
            .iter()
            .map(|column| match &row[*column] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect();
        rows.insert(key.join("/"), row);
    }
    Ok(rows)
}

/// A folder that is removed when it is dropped.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn make() -> Result<Self, AuditError> {
        let name = format!("yidang-{}", hex::encode(rand::random::<[u8; 8]>()));
        let folder = std::env::temp_dir().join(name);
        let mut builder = std::fs::DirBuilder::new();
        // It holds what the catalog holds.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(VaultError::Disk)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %error, "a folder stays behind");
        }
    }
}
