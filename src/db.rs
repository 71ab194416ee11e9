//! One SQL text on two databases: SQLite by default, PostgreSQL by URL.
//!
//! Statements are written once in the subset both understand (`$1`
//! placeholders, `ON CONFLICT`, `RETURNING`, text and whole numbers only) and
//! run through [`Tx`], the only door to the database: everything happens in a
//! transaction that is committed or dropped.

mod statement;
mod tx;
mod write_back;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Arguments, FromRow, PgPool, Sqlite, SqlitePool, Transaction};

pub use self::statement::{Around, Statement, about_rows};
pub use self::tx::Tx;

/// How much the connection that writes keeps of the database, as SQLite wants it said: 64 MiB. A
/// batch of acts touches thousands of pages of a large one, which would be written out and
/// read again while it is still going on.
const WRITERS_CACHE: &str = "-65536";
/// How many statements that connection keeps prepared: those about several rows have a text
/// for each number of them.
const PREPARED: usize = 300;
/// How many connections read a SQLite file: statistics read on three side by side.
const READERS: u32 = 8;

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database itself answered with an error.
    #[error("the database refused: {0}")]
    Refused(#[from] sqlx::Error),
    /// Its tables could not be made or brought up to date.
    #[error("the tables cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A value in it is not what this program writes.
    #[error("the database holds what cannot be: {0}")]
    Corrupt(String),
}

impl DbError {
    /// Whether a row was to be written that there can be only once, and is there.
    #[must_use]
    pub fn is_twice(&self) -> bool {
        matches!(self, Self::Refused(sqlx::Error::Database(said)) if said.is_unique_violation())
    }

    /// Whether a row was to be written to `table` that has the primary key of another one, of
    /// one `column`. On PostgreSQL nothing more can be done in the transaction then but to take
    /// it back, or to a savepoint.
    #[must_use]
    pub fn is_taken(&self, table: &str, column: &str) -> bool {
        let Self::Refused(sqlx::Error::Database(said)) = self else { return false };
        said.is_unique_violation()
            && match said.constraint() {
                Some(key) => key == format!("{table}_pkey"),
                // SQLite says it in words only.
                None => said.message().ends_with(&format!("{table}.{column}")),
            }
    }
}

/// A value handed to a statement.
#[derive(Debug, Clone)]
pub enum Arg {
    /// Text.
    Text(String),
    /// Text or NULL.
    MaybeText(Option<String>),
    /// A whole number.
    Int(i64),
    /// A whole number or NULL.
    MaybeInt(Option<i64>),
}

macro_rules! arg_from {
    ($($from:ty => |$value:ident| $make:expr),* $(,)?) => {$(
        impl From<$from> for Arg {
            fn from($value: $from) -> Self { $make }
        }
    )*};
}
arg_from! {
    &str => |v| Self::Text(v.to_owned()),
    String => |v| Self::Text(v),
    &String => |v| Self::Text(v.clone()),
    Option<String> => |v| Self::MaybeText(v),
    i64 => |v| Self::Int(v),
    u32 => |v| Self::Int(v.into()),
    u64 => |v| Self::Int(i64::try_from(v).unwrap_or(i64::MAX)),
    usize => |v| Self::Int(i64::try_from(v).unwrap_or(i64::MAX)),
    Option<i64> => |v| Self::MaybeInt(v),
}

/// The arguments of a statement: `args![household, 12]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Arg::from($value)),*] };
}

/// A struct that can be read from a row of either database.
pub trait Row: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}
impl<T> Row for T where T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>
{}

/// The database of an archive.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file in the data folder: one writer, several readers.
    Sqlite {
        /// The one connection that writes.
        writer: SqlitePool,
        /// Connections that read.
        readers: SqlitePool,
        /// The one that writes back what stands in the write-ahead log.
        keeper: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

impl Db {
    /// The SQLite database in `file`, made when it is not there.
    ///
    /// # Errors
    /// When it cannot be opened or its tables cannot be made.
    pub async fn sqlite(file: &Path) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was answered is in the published log; what a loss of power
            // takes from the database is applied again at the next start.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(30))
            .pragma("wal_autocheckpoint", write_back::WAL_PAGES)
            .foreign_keys(true);
        // A connection to a file does not break while it waits.
        let pool = || SqlitePoolOptions::new().test_before_acquire(false);
        let making = pool().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("schemas/sql/sqlite").run(&making).await?;
        let writing = options
            .clone()
            .pragma("cache_size", WRITERS_CACHE)
            // What an act would take back if it failed half way: a few hundred pages, which
            // else go to a file each time. Tables are made, and sorted, on disk all the same.
            .pragma("temp_store", "memory")
            .statement_cache_capacity(PREPARED);
        let writer = pool().max_connections(1).connect_with(writing).await?;
        // After the other: the last one that closes empties the write-ahead log.
        making.close().await;
        let keeper = write_back::connect(options.clone()).await?;
        let readers = pool().max_connections(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self::Sqlite { writer, readers, keeper })
    }

    /// The PostgreSQL database at `url`.
    ///
    /// # Errors
    /// When it cannot be reached or its tables cannot be made.
    pub async fn postgres(url: &str) -> Result<Self, DbError> {
        let options = sqlx::postgres::PgConnectOptions::from_str(url)?;
        let pool = PgPoolOptions::new()
            .max_connections(10)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options)
            .await?;
        sqlx::migrate!("schemas/sql/postgres").run(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    /// A transaction that may write; on SQLite it waits for its turn.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn write(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => begin(writer).await?.into(),
            Self::Postgres(pool) => pool.begin().await?.into(),
        })
    }

    /// A transaction that only reads and sees one state throughout.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn read(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => readers.begin().await?.into(),
            Self::Postgres(pool) => {
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?.into()
            }
        })
    }

    /// The first row of a query, or none, asked outside any transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn one<T: Row>(&self, sql: &'static str, args: &[Arg]) -> Result<Option<T>, DbError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                let asked = sqlx::query_as_with(sql, bind::<SqliteArguments>(args)?);
                asked.fetch_optional(readers).await?
            }
            Self::Postgres(pool) => {
                let asked = sqlx::query_as_with(sql, bind::<PgArguments>(args)?);
                asked.fetch_optional(pool).await?
            }
        })
    }

    /// Whether a query has a row, asked outside any transaction: one trip to the
    /// database instead of three.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn has(&self, sql: &'static str, args: &[Arg]) -> Result<bool, DbError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                let found = sqlx::query_with(sql, bind::<SqliteArguments>(args)?);
                found.fetch_optional(readers).await?.is_some()
            }
            Self::Postgres(pool) => {
                let found = sqlx::query_with(sql, bind::<PgArguments>(args)?);
                found.fetch_optional(pool).await?.is_some()
            }
        })
    }

    /// Begins to write back what was written, where the database is a file, and lets nobody
    /// wait for it: for who writes much. What happens without it is the same, later.
    pub fn write_back(&self) {
        if let Self::Sqlite { keeper, .. } = self {
            write_back::begin(keeper);
        }
    }

    /// Writes one state of the SQLite database in `file`, whole and without what
    /// was deleted, to the new file `to`. It may be in use, by another version
    /// of the program too.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub async fn snapshot(file: &Path, to: &Path) -> Result<(), DbError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            .busy_timeout(Duration::from_secs(30));
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        let written =
            sqlx::query("VACUUM INTO $1").bind(to.display().to_string()).execute(&pool).await;
        pool.close().await;
        written?;
        Ok(())
    }

    /// Writes the database anew, so that nothing is left in its files of what was
    /// deleted or written over. Nobody else may be using it.
    ///
    /// # Errors
    /// When it cannot be; it is as it was then.
    pub async fn compact(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite { writer, .. } => {
                sqlx::query("VACUUM").execute(writer).await?;
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await?;
            }
            Self::Postgres(pool) => {
                let tables = "VACUUM (FULL) entry, household, member, document, document_file, \
                              volume, lending, lending_step, look, look_reason, reading";
                sqlx::query(tables).execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Closes every connection; open transactions are dropped.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, keeper } => {
                keeper.close().await;
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Begins a transaction on the one connection that writes. When SQLite has
/// taken the one before back by itself, as it does when its disk is full, the
/// connection still counts it as open; then it is replaced.
async fn begin(writer: &SqlitePool) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
    const BEGIN: &str = "BEGIN IMMEDIATE";
    match writer.begin_with(BEGIN).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            writer.acquire().await?.close().await?;
            writer.begin_with(BEGIN).await
        }
        begun => begun,
    }
}

/// Binds `args` into arguments of one database.
fn bind<'q, A>(args: &[Arg]) -> Result<A, DbError>
where
    A: Arguments,
    String: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
    Option<String>: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
    i64: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
    Option<i64>: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
{
    let mut bound = A::default();
    for arg in args {
        match arg.clone() {
            Arg::Text(v) => bound.add(v),
            Arg::MaybeText(v) => bound.add(v),
            Arg::Int(v) => bound.add(v),
            Arg::MaybeInt(v) => bound.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}
