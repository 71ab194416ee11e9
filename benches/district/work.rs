//! What is done with the whole district at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use yidang::app::App;
use yidang::args;
use yidang::living::completeness;
use yidang::living::findings::{self, State};
use yidang::living::payments::{self, GivenFile};
use yidang::living::roster::{self, GivenRoster};
use yidang::model::id::OrganisationCode;
use yidang::model::money::Fen;
use yidang::model::payment::ReturnRow;

use crate::figures::{beside, once, told};
use crate::generator::{self, BUREAU, District, Expected, Failed, Found};

const SECOND: Duration = Duration::from_secs(1);
/// How often what changes nothing is done.
const TIMES: usize = 7;
/// How many lines of a roster are imported.
const LINES: usize = 50_000;

/// Measures it.
pub(crate) async fn measure(app: &Arc<App>, district: &District) -> Result<(), Failed> {
    let (by, month) = (app.operator(), district.plan.last);
    let bureau: OrganisationCode = BUREAU.parse()?;

    let mut times = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        completeness::standing(app, &by).await?;
        times.push(begun.elapsed());
    }
    told("completeness of the district", &mut times, 2 * SECOND);
    let mut times = Vec::new();
    let mut unlike = 0;
    for _ in 0..TIMES {
        let begun = Instant::now();
        unlike = payments::reconcile(app, &by, "", month).await?.unlike.len();
        times.push(begun.elapsed());
    }
    told(&format!("reconciliation of a month: {unlike} differ"), &mut times, 2 * SECOND);
    let mut tx = app.db.read().await?;
    let begun = Instant::now();
    let sql = "SELECT CAST(SUM(amount) AS BIGINT) FROM payment WHERE month = $1";
    tx.number(sql, args![month.to_string()]).await?;
    beside("the sum of that roster", begun.elapsed());
    drop(tx);

    let begun = Instant::now();
    let made = payments::list(app, &by, &bureau, month.next()).await?;
    once(&format!("roster of {} households made", made.households), begun.elapsed(), SECOND);
    reference(app, made.households).await?;

    bank(app, district).await?;
    imports(app, district).await?;

    let begun = Instant::now();
    let mut asked = findings::Asked { state: Some(State::Open), ..findings::Asked::default() };
    let mut found = 0;
    loop {
        let part = findings::list(app, &by, &asked, 200).await?;
        found += part.findings.len();
        let Some(next) = part.next else { break };
        asked.after = next;
    }
    once(&format!("all {found} findings computed"), begun.elapsed(), 20 * SECOND);
    compared(app, district).await?;
    // After it: who goes on with an allowance has papers to bring, and is to be listed.
    let families = families(district);
    opened(app, generator::carried_file(district, families..2 * families)?.0).await
}

/// How many households a roster has: of about three lines each.
fn families(district: &District) -> usize {
    LINES.min(district.households.len()) / 3
}

/// Says whether the lists find every fault that was planted, and nothing else.
async fn compared(app: &App, district: &District) -> Result<(), Failed> {
    let months = [district.plan.last];
    let found = Found::read(app, &app.operator(), &months).await?;
    let right = Found::right(&Expected::of(district, &app.profile, ""), &months);
    match found == right {
        true => println!(
            "  every planted fault is found and nobody else is flagged: {} papers, {} findings, \
             {} differences of {}",
            found.missing.len(),
            found.findings.len(),
            found.differences.values().map(std::collections::BTreeMap::len).sum::<usize>(),
            district.plan.last
        ),
        false => {
            println!("  WRONG: what is found is not what was planted");
            println!("    missing: {:?}", found.missing.symmetric_difference(&right.missing));
            println!("    findings: {:?}", found.findings.symmetric_difference(&right.findings));
            for (month, right) in &right.differences {
                let found = found.differences.get(month);
                for no in found.into_iter().flat_map(|all| all.keys()).chain(right.keys()) {
                    let [found, right] = [found.and_then(|all| all.get(no)), right.get(no)];
                    if found != right {
                        println!("    {month} {no}: {found:?}, and not {right:?}");
                    }
                }
            }
        }
    }
    Ok(())
}

/// The same number of rows written to a table without an index, in one go.
async fn reference(app: &App, rows: usize) -> Result<(), Failed> {
    let mut tx = app.db.write().await?;
    tx.run("CREATE TEMPORARY TABLE scratch (a TEXT, b BIGINT, c BIGINT)", args![]).await?;
    let rows: Vec<_> = (0..rows).map(|at| args![format!("{at:017}"), at, at].to_vec()).collect();
    let begun = Instant::now();
    tx.run_rows(("INSERT INTO scratch (a, b, c) VALUES ", ""), args![], &rows).await?;
    beside("bare rows, no index, not durable", begun.elapsed());
    Ok(())
}

/// A file of the bank about the month after the last.
async fn bank(app: &Arc<App>, district: &District) -> Result<(), Failed> {
    let month = district.plan.last.next();
    let rows = district.households.iter().filter_map(|one| {
        let due = one.entitled(month)?;
        Some(ReturnRow {
            household: one.no.clone(),
            amount: Fen::new(due.amount),
            paid: true,
            words: String::new(),
        })
    });
    let rows: Vec<_> = rows.collect();
    let bytes = generator::bank_file(&rows).into();
    let begun = Instant::now();
    let given = GivenFile { name: "回盘.csv", bytes, partly: false, instead_of: None };
    let taken = payments::take_return(app, &app.operator(), month, given, &|_, _| {}).await?;
    once(&format!("{} rows of a bank taken in", taken.kept), begun.elapsed(), 20 * SECOND);
    Ok(())
}

async fn imports(app: &Arc<App>, district: &District) -> Result<(), Failed> {
    let by = app.operator();
    for (kind, text) in generator::results(district) {
        let (lines, told) = (text.lines().count() - 1, AtomicU64::new(0));
        let done = |_, _| {
            told.fetch_add(1, Ordering::Relaxed);
        };
        let begun = Instant::now();
        let taken = generator::take(app, &by, (kind, text), &done).await?;
        let took = begun.elapsed();
        let times = told.into_inner();
        let name = format!("{lines} rows of {kind}: {} kept, told {times} times", taken.kept);
        once(&name, took, 20 * SECOND);
    }
    opened(app, generator::roster_file(district, families(district))?.text).await
}

/// The households of a roster opened, with the allowances where it has some.
async fn opened(app: &Arc<App>, text: String) -> Result<(), Failed> {
    let told = AtomicU64::new(0);
    let done = |_, _| {
        told.fetch_add(1, Ordering::Relaxed);
    };
    let rows = text.lines().count() - 1;
    let given = GivenRoster { community: None, bytes: text.into(), partly: true, only_open: false };
    let begun = Instant::now();
    let found = roster::import(app, &app.operator(), given, &done).await?;
    let name = format!(
        "{rows} rows of a roster: {} opened, {} with an allowance, told {} times",
        found.households,
        found.decisions,
        told.into_inner()
    );
    once(&name, begun.elapsed(), 20 * SECOND);
    Ok(())
}
