//! What is asked of a database, and told to it, inside a transaction.

use std::borrow::Cow;

use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use super::{Arg, DbError, Row, bind};
use crate::args;

/// A transaction on either database. Dropped without [`Tx::commit`], nothing
/// of it happened.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// A statement and its arguments.
pub type Statement = (Cow<'static, str>, Vec<Arg>);

/// So many statements joined are still a text that comes again and is worth
/// keeping prepared: as many as open a household with its allowance.
const KEPT_STATEMENTS: usize = 12;

/// So many rows: as many as the facts of a large family.
const KEPT_ROWS: usize = 32;

/// The statements as one text, their placeholders numbered through.
fn joined(statements: Vec<Statement>) -> (String, Vec<Arg>) {
    let (mut text, mut all) = (String::new(), Vec::new());
    for (sql, args) in statements {
        let mut parts = sql.split('$');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.chars().take_while(char::is_ascii_digit).count();
            let number: usize = part[..digits].parse().unwrap_or(0);
            text.push_str(&format!("${}{}", all.len() + number, &part[digits..]));
        }
        text.push_str(";\n");
        all.extend(args);
    }
    (text, all)
}

/// The most rows that one statement writes: with the most columns that a table has it
/// stays below the number of arguments that both databases take.
const ROWS: usize = 500;

/// A statement about many rows: what stands before and behind them. Both count the
/// arguments they have in common from `$1`.
pub type Around = (&'static str, &'static str);

/// The statements about `rows`, which all have as many values, some hundred of them each;
/// none where there are no rows.
pub fn about_rows(around: Around, common: &[Arg], rows: &[Vec<Arg>]) -> Vec<Statement> {
    let about = |part: &[Vec<Arg>]| {
        let width = part.first().map_or(0, Vec::len);
        let text = with_rows(around, common.len(), part.len(), width);
        let args = common.iter().chain(part.iter().flatten()).cloned().collect();
        (Cow::Owned(text), args)
    };
    rows.chunks(ROWS).map(about).collect()
}

/// The statement with `count` rows of `width` values, of which the first is numbered
/// after `common`.
fn with_rows((before, behind): Around, common: usize, count: usize, width: usize) -> String {
    let mut text = before.to_owned();
    for row in 0..count {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for value in 1..=width {
            let number = common + row * width + value;
            text.push_str(&format!("{}${number}", if value == 1 { "" } else { ", " }));
        }
        text.push(')');
    }
    text.push_str(behind);
    text
}

impl Tx {
    /// Runs a statement; returns how many rows it touched.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn run(&mut self, sql: &'static str, args: &[Arg]) -> Result<u64, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlx::query_with(sql, bind::<SqliteArguments>(args)?)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
            Self::Postgres(tx) => sqlx::query_with(sql, bind::<PgArguments>(args)?)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
        })
    }

    /// Runs statements one after the other; on SQLite in one trip to the thread
    /// of the connection, which costs more than most statements do.
    ///
    /// # Errors
    /// When the database refuses one of them.
    pub async fn run_all(&mut self, statements: Vec<Statement>) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => {
                let kept = statements.len() <= KEPT_STATEMENTS;
                let (sql, args) = joined(statements);
                sqlx::query_with(AssertSqlSafe(sql), bind::<SqliteArguments>(&args)?)
                    .persistent(kept)
                    .execute(&mut **tx)
                    .await?;
            }
            Self::Postgres(tx) => {
                for (sql, args) in statements {
                    let sql = AssertSqlSafe(sql.into_owned());
                    sqlx::query_with(sql, bind::<PgArguments>(&args)?).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }

    /// Runs a statement about `rows`, which all have as many values, some hundred of them
    /// at a time; returns how many rows it touched.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn run_rows(
        &mut self,
        around: Around,
        common: &[Arg],
        rows: &[Vec<Arg>],
    ) -> Result<u64, DbError> {
        let mut touched = 0;
        let statements = about_rows(around, common, rows);
        for ((text, args), part) in statements.into_iter().zip(rows.chunks(ROWS)) {
            // A text that comes again is worth keeping prepared.
            let kept = part.len() == ROWS || part.len() <= KEPT_ROWS;
            let text = text.into_owned();
            touched += match self {
                Self::Sqlite(tx) => {
                    sqlx::query_with(AssertSqlSafe(text), bind::<SqliteArguments>(&args)?)
                        .persistent(kept)
                        .execute(&mut **tx)
                        .await?
                        .rows_affected()
                }
                Self::Postgres(tx) => {
                    sqlx::query_with(AssertSqlSafe(text), bind::<PgArguments>(&args)?)
                        .persistent(kept)
                        .execute(&mut **tx)
                        .await?
                        .rows_affected()
                }
            };
        }
        Ok(touched)
    }

    /// Every row of a query.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn all<T: Row>(
        &mut self,
        sql: &'static str,
        args: &[Arg],
    ) -> Result<Vec<T>, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                sqlx::query_as_with(sql, bind::<SqliteArguments>(args)?)
                    .fetch_all(&mut **tx)
                    .await?
            }
            Self::Postgres(tx) => {
                sqlx::query_as_with(sql, bind::<PgArguments>(args)?).fetch_all(&mut **tx).await?
            }
        })
    }

    /// As [`Tx::all`], planned on PostgreSQL for these very values and not for any: it takes the
    /// beginning of a code that it does not know yet to be that of next to no household, and
    /// goes through large tables to find them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn all_for<T: Row>(
        &mut self,
        sql: &'static str,
        args: &[Arg],
    ) -> Result<Vec<T>, DbError> {
        match self {
            Self::Sqlite(_) => self.all(sql, args).await,
            Self::Postgres(tx) => {
                let asked = sqlx::query_as_with(sql, bind::<PgArguments>(args)?).persistent(false);
                Ok(asked.fetch_all(&mut **tx).await?)
            }
        }
    }

    /// The first row of a query, or none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn one<T: Row>(
        &mut self,
        sql: &'static str,
        args: &[Arg],
    ) -> Result<Option<T>, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                sqlx::query_as_with(sql, bind::<SqliteArguments>(args)?)
                    .fetch_optional(&mut **tx)
                    .await?
            }
            Self::Postgres(tx) => {
                sqlx::query_as_with(sql, bind::<PgArguments>(args)?)
                    .fetch_optional(&mut **tx)
                    .await?
            }
        })
    }

    /// The number in the first column of the first row; 0 when there is none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn number(&mut self, sql: &'static str, args: &[Arg]) -> Result<i64, DbError> {
        Ok(self.one::<(Option<i64>,)>(sql, args).await?.and_then(|row| row.0).unwrap_or(0))
    }

    /// Waits until no other transaction holds the lock `name`, and holds it until this one
    /// ends. SQLite has one transaction that writes at a time anyway.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lock(&mut self, name: &str) -> Result<(), DbError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(_) => {
                let sql = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.' || $1))";
                self.run(sql, args![name]).await.map(drop)
            }
        }
    }

    /// Keeps what was done.
    ///
    /// # Errors
    /// When the database could not make it durable: nothing was kept.
    pub async fn commit(self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        let statements = vec![
            ("INSERT INTO a VALUES ($1, $2)".into(), vec![Arg::Int(1), Arg::Int(2)]),
            ("UPDATE b SET c = $2 WHERE d = $1 OR e = $1".into(), vec![Arg::Int(3), Arg::Int(4)]),
        ];
        let (text, args) = joined(statements);
        assert_eq!(
            text,
            "INSERT INTO a VALUES ($1, $2);\nUPDATE b SET c = $4 WHERE d = $3 OR e = $3;\n"
        );
        assert_eq!(args.len(), 4);
        let around = ("INSERT INTO a SELECT $1, v.column1 FROM (VALUES ", ") AS v");
        assert_eq!(
            with_rows(around, 1, 2, 2),
            "INSERT INTO a SELECT $1, v.column1 FROM (VALUES ($2, $3), ($4, $5)) AS v"
        );
    }
}
