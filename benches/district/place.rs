//! Where a district is kept, and copies of it to be measured.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use yidang::app::App;
use yidang::config::{Config, ReasonIs};
use yidang::setup::{self, Founding};

use crate::generator::{self, District, Failed};
use crate::rows;

/// An archive that is left as it is.
pub(crate) struct Kept {
    name: String,
    data: PathBuf,
}

/// The archive of a district, made when it is not there.
pub(crate) async fn kept(district: &District) -> Result<Kept, Failed> {
    let plan = &district.plan;
    let name = format!("{}_{}_{}_{}", plan.seed, plan.households, plan.months, plan.last)
        .replace('-', "_");
    let folder = Path::new(".local/district").join(&name);
    let (data, done) = (folder.join("data"), folder.join("faults.json"));
    if !done.exists() {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let config = Config { data: data.clone(), ..Config::default() };
        let app = App::open(config, true).await?;
        let by = app.operator();
        let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
        setup::found(&app, &by, &founding).await?;
        generator::record(&app, &by, district, &|what, acts, took| {
            #[allow(clippy::cast_precision_loss)]
            let rate = acts as f64 / took.as_secs_f64();
            println!("  {what:<14} {acts:9} acts in {:7.1} s: {rate:.0}/s", took.as_secs_f64());
        })
        .await?;
        let begun = Instant::now();
        app.settle().await?;
        app.db.close().await;
        println!("  tiles of the log in {:.1} s", begun.elapsed().as_secs_f64());
        std::fs::write(done, serde_json::to_string_pretty(&district.faults)?)?;
    }
    let size = std::fs::metadata(data.join("catalog.sqlite"))?.len();
    println!("  kept in {}, its catalog {} MB", folder.display(), size / 1_000_000);
    Ok(Kept { name, data })
}

/// The catalog of the archive in PostgreSQL, made from the rows of the other one when it is
/// not there; returns its address.
pub(crate) async fn in_postgres(kept: &Kept, server: &str) -> Result<String, Failed> {
    let name = format!("yidang_district_{}", kept.name);
    let database = format!("{server}/{name}");
    let mut main = PgConnection::connect(&format!("{server}/postgres")).await?;
    let there: Option<(i32,)> =
        sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1 AND datallowconn")
            .bind(&name)
            .fetch_optional(&mut main)
            .await?;
    if there.is_none() {
        for sql in
            [format!("DROP DATABASE IF EXISTS {name}_new"), format!("CREATE DATABASE {name}_new")]
        {
            sqlx::query(AssertSqlSafe(sql)).execute(&mut main).await?;
        }
        let begun = Instant::now();
        let copy = kept.copied("").await?;
        copy.open().await?.db.close().await;
        let rows = rows::copy(&copy.data.join("catalog.sqlite"), &format!("{database}_new")).await;
        copy.remove().await?;
        println!("  {} rows put into PostgreSQL in {:.1} s", rows?, begun.elapsed().as_secs_f64());
        let rename = format!("ALTER DATABASE {name}_new RENAME TO {name}");
        sqlx::query(AssertSqlSafe(rename)).execute(&mut main).await?;
    }
    Ok(database)
}

/// A copy of an archive.
pub(crate) struct Copied {
    data: PathBuf,
    database: String,
}

impl Kept {
    /// A copy of the folder, with the catalog in it or without. What is stored is never
    /// written over, so its files are shared.
    fn folder(&self, with_catalog: bool) -> Result<PathBuf, Failed> {
        let data = PathBuf::from(format!(".local/district/copy-{}", std::process::id()));
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        std::fs::create_dir_all(&data)?;
        for one in std::fs::read_dir(&self.data)? {
            let one = one?;
            let name = one.file_name();
            let shared = if name == "store" { "-al" } else { "-a" };
            if !with_catalog && name.to_string_lossy().starts_with("catalog.") {
                continue;
            }
            let to = data.join(name);
            let done = Command::new("cp").arg(shared).arg(one.path()).arg(to).status()?;
            if !done.success() {
                return Err("the archive could not be copied".into());
            }
        }
        Ok(data)
    }

    /// A copy to work on, with its catalog in PostgreSQL when an address is given.
    pub(crate) async fn copied(&self, database: &str) -> Result<Copied, Failed> {
        let data = self.folder(database.is_empty())?;
        let mut copy = Copied { data, database: String::new() };
        if let Some((server, name)) = database.rsplit_once('/') {
            copy.database = format!("{server}/{name}_copy");
            let mut main = PgConnection::connect(&format!("{server}/postgres")).await?;
            for sql in [
                format!("DROP DATABASE IF EXISTS {name}_copy WITH (FORCE)"),
                format!("CREATE DATABASE {name}_copy TEMPLATE {name}"),
            ] {
                sqlx::query(AssertSqlSafe(sql)).execute(&mut main).await?;
            }
            let mut own = PgConnection::connect(&copy.database).await?;
            sqlx::query("ANALYZE").execute(&mut own).await?;
        }
        Ok(copy)
    }
}

impl Copied {
    /// The archive.
    pub(crate) async fn open(&self) -> Result<Arc<App>, Failed> {
        let (data, database) = (self.data.clone(), self.database.clone());
        let begun = Instant::now();
        let mut config = Config { data, database, ..Config::default() };
        // Nobody is here who could say why a file is opened.
        config.access.reason = ReasonIs::Optional;
        let app = App::open(config, false).await?;
        println!("  opened in {:.1} s", begun.elapsed().as_secs_f64());
        Ok(app)
    }

    /// Throws it away.
    pub(crate) async fn remove(self) -> Result<(), Failed> {
        std::fs::remove_dir_all(&self.data)?;
        if let Some((server, name)) = self.database.rsplit_once('/') {
            let mut main = PgConnection::connect(&format!("{server}/postgres")).await?;
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            sqlx::query(AssertSqlSafe(drop)).execute(&mut main).await?;
        }
        Ok(())
    }
}
