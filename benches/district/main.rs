//! A district of 50,000 households and ten years of payments in numbers: the first page
//! of every list, and what is done with all of it at once, on SQLite and, where
//! `YIDANG_BENCH_POSTGRES` names a server, on PostgreSQL. Nothing here asserts; beside
//! each figure stands its goal.
//!
//! `HOUSEHOLDS` (50,000), `MONTHS` (120) and `SEED` (1) say which district. It is made
//! once and kept in `.local/district`; what is measured works on a copy of it.

mod figures;
mod pages;
mod place;
mod rows;
mod work;

use std::sync::Arc;
use std::time::Instant;

use yidang::app::App;
use yidang::model::month::Month;
use yidang::model::profile::Profile;
use yidang::model::rules::Rules;

#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../../tests/district/generator.rs"]
mod generator;

use generator::{District, Failed, Plan};

/// How often every kind of fault is planted.
const FAULTS: usize = 20;

fn main() -> Result<(), Failed> {
    yidang::extract::child::main();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run())
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

async fn run() -> Result<(), Failed> {
    let today = jiff::Timestamp::now();
    let plan = Plan {
        seed: number("SEED", 1),
        households: usize::try_from(number("HOUSEHOLDS", 50_000))?,
        months: u16::try_from(number("MONTHS", 120))?,
        last: Month::of(yidang::model::lending::day_of(today)),
    };
    let times = FAULTS.min(plan.households / 120).max(1);
    let faults =
        generator::planted(&plan, (&Profile::national_2008()?, &Rules::national()?), times)?;
    let begun = Instant::now();
    let district = District::new(plan, faults)?;
    let persons: usize = district.households.iter().map(|one| one.persons.len()).sum();
    println!(
        "a district of {} households, {persons} persons, {} months to {}, {} faults, drawn in \
         {:.1} s",
        plan.households,
        plan.months,
        plan.last,
        district.faults.len(),
        begun.elapsed().as_secs_f64()
    );
    let kept = place::kept(&district).await?;
    measured("SQLite", &kept, "", &district).await?;
    if let Ok(server) = std::env::var("YIDANG_BENCH_POSTGRES") {
        let database = place::in_postgres(&kept, &server).await?;
        measured("PostgreSQL", &kept, &database, &district).await?;
    }
    Ok(())
}

/// Measures on a copy of the archive, which is removed then.
async fn measured(
    name: &str,
    kept: &place::Kept,
    database: &str,
    district: &District,
) -> Result<(), Failed> {
    let copy = kept.copied(database).await?;
    let done = async {
        let app: Arc<App> = copy.open().await?;
        println!("\n{name}: first pages, through the router");
        pages::measure(&app, district).await?;
        println!("\n{name}: with all of it");
        work::measure(&app, district).await?;
        app.db.close().await;
        Ok(())
    };
    let done: Result<(), Failed> = done.await;
    copy.remove().await?;
    done
}
