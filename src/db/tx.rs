//! What is asked of a database, and told to it, inside a transaction.

use std::fmt;
use std::task::Poll;

use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use super::statement::{Around, KEPT_ROWS, ROWS, Statement, about_rows, joined};
use super::{Arg, DbError, Row, bind};
use crate::args;

/// So many statements joined are still a text that comes again and is worth
/// keeping prepared: as many as open a household with its allowance.
const KEPT_STATEMENTS: usize = 12;

/// A transaction on either database. Dropped without [`Tx::commit`], nothing
/// of it happened.
pub struct Tx {
    /// None while statements run that nobody waits for.
    open: Option<Open>,
    running: Option<Running>,
    on_postgres: bool,
    is_ahead: bool,
}

#[derive(Debug)]
enum Open {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Statements that run, and what comes of them with the transaction they run in.
type Running = BoxFuture<'static, (Open, Result<(), DbError>)>;

/// Statements with their arguments, as a database takes them.
enum Ready {
    Sqlite { text: String, args: SqliteArguments, is_kept: bool },
    Postgres(Vec<(String, PgArguments)>),
}

impl Ready {
    fn new(on_postgres: bool, statements: Vec<Statement>) -> Result<Self, DbError> {
        if on_postgres {
            let each = |(text, args): Statement| Ok((text.into_owned(), bind(&args)?));
            return Ok(Self::Postgres(
                statements.into_iter().map(each).collect::<Result<_, DbError>>()?,
            ));
        }
        let is_kept = statements.len() <= KEPT_STATEMENTS;
        let (text, args) = joined(statements);
        Ok(Self::Sqlite { text, args: bind(&args)?, is_kept })
    }
}

impl Open {
    async fn run(&mut self, ready: Ready) -> Result<(), DbError> {
        match (self, ready) {
            (Self::Sqlite(tx), Ready::Sqlite { text, args, is_kept }) => {
                let asked = sqlx::query_with(AssertSqlSafe(text), args).persistent(is_kept);
                asked.execute(&mut **tx).await?;
            }
            (Self::Postgres(tx), Ready::Postgres(statements)) => {
                for (text, args) in statements {
                    sqlx::query_with(AssertSqlSafe(text), args).execute(&mut **tx).await?;
                }
            }
            _ => return Err(over()),
        }
        Ok(())
    }
}

/// What is told where a transaction is asked for something that has ended.
fn over() -> DbError {
    sqlx::Error::Protocol("the transaction has ended".to_owned()).into()
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("open", &self.open).finish_non_exhaustive()
    }
}

impl From<Transaction<'static, Sqlite>> for Tx {
    fn from(open: Transaction<'static, Sqlite>) -> Self {
        Self { open: Some(Open::Sqlite(open)), running: None, on_postgres: false, is_ahead: false }
    }
}

impl From<Transaction<'static, Postgres>> for Tx {
    fn from(open: Transaction<'static, Postgres>) -> Self {
        Self { open: Some(Open::Postgres(open)), running: None, on_postgres: true, is_ahead: false }
    }
}

impl Tx {
    /// Whether it is one of PostgreSQL.
    #[must_use]
    pub fn is_on_postgres(&self) -> bool {
        self.on_postgres
    }

    /// From now on nobody waits for what [`Tx::run_all`] runs: the database works while
    /// whoever called prepares what comes next. What goes wrong is told by what is asked of
    /// the transaction next, at the latest by [`Tx::commit`].
    pub fn run_ahead(&mut self) {
        self.is_ahead = true;
    }

    /// The transaction, once nothing runs in it any more.
    async fn open(&mut self) -> Result<&mut Open, DbError> {
        if let Some(running) = &mut self.running {
            let (open, done) = running.await;
            (self.open, self.running) = (Some(open), None);
            done?;
        }
        self.open.as_mut().ok_or_else(over)
    }

    /// Runs a statement; returns how many rows it touched.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn run(&mut self, sql: &'static str, args: &[Arg]) -> Result<u64, DbError> {
        Ok(match self.open().await? {
            Open::Sqlite(tx) => sqlx::query_with(sql, bind::<SqliteArguments>(args)?)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
            Open::Postgres(tx) => sqlx::query_with(sql, bind::<PgArguments>(args)?)
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
        // Before it is waited for what still runs.
        let ready = Ready::new(self.on_postgres, statements)?;
        self.open().await?;
        let mut open = self.open.take().ok_or_else(over)?;
        let mut running: Running = async move {
            let done = open.run(ready).await;
            (open, done)
        }
        .boxed();
        if self.is_ahead {
            // Handed over; the answer is looked for when it is needed.
            match futures::poll!(&mut running) {
                Poll::Pending => self.running = Some(running),
                Poll::Ready((open, done)) => {
                    self.open = Some(open);
                    done?;
                }
            }
            return Ok(());
        }
        self.running = Some(running);
        self.open().await.map(drop)
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
            touched += match self.open().await? {
                Open::Sqlite(tx) => {
                    sqlx::query_with(AssertSqlSafe(text), bind::<SqliteArguments>(&args)?)
                        .persistent(kept)
                        .execute(&mut **tx)
                        .await?
                        .rows_affected()
                }
                Open::Postgres(tx) => {
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
        Ok(match self.open().await? {
            Open::Sqlite(tx) => {
                sqlx::query_as_with(sql, bind::<SqliteArguments>(args)?)
                    .fetch_all(&mut **tx)
                    .await?
            }
            Open::Postgres(tx) => {
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
        match self.open().await? {
            Open::Sqlite(_) => self.all(sql, args).await,
            Open::Postgres(tx) => {
                let asked = sqlx::query_as_with(sql, bind::<PgArguments>(args)?).persistent(false);
                Ok(asked.fetch_all(&mut **tx).await?)
            }
        }
    }

    /// Every row of a query about `rows`, which all have as many values, some hundred of them
    /// at a time.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn all_rows<T: Row>(
        &mut self,
        around: Around,
        common: &[Arg],
        rows: &[Vec<Arg>],
    ) -> Result<Vec<T>, DbError> {
        let mut all = Vec::new();
        for (text, args) in about_rows(around, common, rows) {
            let text = text.into_owned();
            let found: Vec<T> = match self.open().await? {
                Open::Sqlite(tx) => {
                    sqlx::query_as_with(AssertSqlSafe(text), bind::<SqliteArguments>(&args)?)
                        .persistent(false)
                        .fetch_all(&mut **tx)
                        .await?
                }
                Open::Postgres(tx) => {
                    sqlx::query_as_with(AssertSqlSafe(text), bind::<PgArguments>(&args)?)
                        .persistent(false)
                        .fetch_all(&mut **tx)
                        .await?
                }
            };
            all.extend(found);
        }
        Ok(all)
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
        Ok(match self.open().await? {
            Open::Sqlite(tx) => {
                sqlx::query_as_with(sql, bind::<SqliteArguments>(args)?)
                    .fetch_optional(&mut **tx)
                    .await?
            }
            Open::Postgres(tx) => {
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
        if self.on_postgres {
            let sql = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.' || $1))";
            self.run(sql, args![name]).await?;
        }
        Ok(())
    }

    /// Keeps what was done.
    ///
    /// # Errors
    /// When the database could not make it durable: nothing was kept.
    pub async fn commit(mut self) -> Result<(), DbError> {
        self.open().await?;
        match self.open.ok_or_else(over)? {
            Open::Sqlite(tx) => tx.commit().await?,
            Open::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::db::Db;

    fn naming(code: &str) -> Vec<Statement> {
        let text = "INSERT INTO organisation (code, name) VALUES ($1, 'x')";
        vec![(text.into(), args![code].to_vec())]
    }

    async fn known(tx: &mut Tx) -> Result<i64, DbError> {
        tx.number("SELECT COUNT(*) FROM organisation", &[]).await
    }

    #[tokio::test]
    async fn what_runs_ahead_is_there_for_who_asks_next_and_tells_what_went_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::sqlite(&folder.path().join("catalog.sqlite")).await.unwrap();
        let mut tx = db.write().await.unwrap();
        tx.run_ahead();
        for code in ["1", "2", "3"] {
            tx.run_all(naming(code)).await.unwrap();
        }
        assert_eq!(known(&mut tx).await.unwrap(), 3);
        tx.run_all(naming("4")).await.unwrap();
        tx.commit().await.unwrap();
        // One that fails is told by the next question, or by the end, and nothing is kept.
        for asks in [true, false] {
            let mut tx = db.write().await.unwrap();
            tx.run_ahead();
            tx.run_all(naming("5")).await.unwrap();
            let told = match tx.run_all(naming("1")).await {
                Ok(()) if asks => known(&mut tx).await.map(drop),
                Ok(()) => tx.commit().await,
                told => told,
            };
            assert!(told.unwrap_err().is_twice());
        }
        assert_eq!(known(&mut db.read().await.unwrap()).await.unwrap(), 4);
    }
}
