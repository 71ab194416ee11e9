//! 资金台账: booking what comes into the fund and leaves it, and the ledger of a year in
//! which every 分 is traced.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LivingError, amount, known, needed, possible, region, today};
use crate::app::App;
use crate::catalog::funds;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::fund::{Booking, FundKind};
use crate::model::id::{EntryNo, OrganisationCode};
use crate::model::money::Fen;
use crate::model::month::Month;
use crate::record::Receipt;

pub use crate::catalog::funds::BookingRow;

/// The most bookings of a year that are shown.
const SHOWN: u32 = 500;

/// What is to be booked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ToBook)]
pub struct Entering {
    /// Whose fund.
    pub organisation: OrganisationCode,
    /// The day; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// What it is.
    pub kind: FundKind,
    /// In yuan; `0` takes the booking of `instead_of` back and books nothing.
    #[schema(min_length = 1, max_length = 16)]
    pub amount: String,
    /// 凭证号 or what it was for.
    #[schema(min_length = 1, max_length = 500)]
    pub words: String,
    /// 更正: the entry of a booking that was wrong.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub instead_of: Option<EntryNo>,
}

/// Books what came into the fund or left it.
///
/// # Errors
/// When the organisation is not in the actor's scope, words are missing, or there is
/// no such booking to correct.
pub async fn book(app: &App, actor: &Actor, entering: Entering) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    if !scope(actor).covers(entering.organisation.as_str()) {
        return Err(LivingError::Asked("the fund is of an organisation of one's own"));
    }
    let on = entering.on.unwrap_or_else(|| today(app));
    possible(on)?;
    let none = entering.instead_of.is_some() && entering.amount.trim() == "0";
    let said = Booking {
        organisation: entering.organisation,
        on,
        kind: entering.kind,
        amount: if none { Fen::new(0) } else { amount(&entering.amount, Fen::of_fund)? },
        words: needed(&entering.words)?,
        instead_of: known(app, entering.instead_of).await?,
    };
    Ok(app.recorder.record(actor, Act::BookFund(said)).await?)
}

/// A month of a ledger, in 分.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerMonth {
    /// Such as `2026-12`.
    pub month: String,
    /// What was there before.
    pub opening: i64,
    /// 拨入
    pub received: i64,
    /// 其他收入
    pub other_in: i64,
    /// 退回: what households gave back.
    pub repaid: i64,
    /// 发放: what banks paid for the month.
    pub paid: i64,
    /// 其他支出
    pub other_out: i64,
    /// 上缴
    pub returned: i64,
    /// What is left.
    pub closing: i64,
}

/// 专款台账 of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct FundLedger {
    /// Which year.
    pub year: i16,
    /// Its months, in order, up to the present one.
    pub months: Vec<LedgerMonth>,
    /// Its sums; opening and closing are those of the year.
    pub sum: LedgerMonth,
    /// The bookings, newest day first, those that were taken back too; at most 500.
    pub bookings: Vec<BookingRow>,
}

/// The ledger of an organisation in a year.
///
/// # Errors
/// When the organisation is none, or the year has not come.
pub async fn ledger(
    app: &App,
    actor: &Actor,
    organisation: &str,
    year: i16,
) -> Result<FundLedger, LivingError> {
    actor.must(Right::Look)?;
    let organisation = region(organisation)?;
    let this = today(app);
    if !(2000..=this.year()).contains(&year) {
        return Err(LivingError::Asked("a year is this one, or one before from 2000 on"));
    }
    // What is paid for the coming month has been paid.
    let end = Month::of(jiff::civil::date(year, 12, 1)).min(Month::of(this).next());
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let sums = funds::sums(&mut tx, &visible, &organisation, &end.to_string()).await?;
    let bookings = funds::bookings(&mut tx, &visible, &organisation, year, SHOWN).await?;
    drop(tx);
    let months = months(&sums, Month::of(jiff::civil::date(year, 1, 1)), end);
    let sum = total(year, &months);
    Ok(FundLedger { year, months, sum, bookings })
}

/// The months from one to another, each beginning with what the one before left.
fn months(sums: &[(String, String, i64)], first: Month, end: Month) -> Vec<LedgerMonth> {
    let mut by_month: BTreeMap<&str, LedgerMonth> = BTreeMap::new();
    for (month, kind, amount) in sums {
        let row = by_month.entry(month).or_default();
        let place = match kind.as_str() {
            "received" => &mut row.received,
            "other_in" => &mut row.other_in,
            "repaid" => &mut row.repaid,
            "paid" => &mut row.paid,
            "returned" => &mut row.returned,
            _ => &mut row.other_out,
        };
        *place += amount;
    }
    let first_text = first.to_string();
    let before = by_month.range(..first_text.as_str());
    let mut left: i64 = before.map(|(_, row)| change(row)).sum();
    let mut found = Vec::new();
    let mut month = first;
    while month <= end {
        let text = month.to_string();
        let row = by_month.remove(text.as_str()).unwrap_or_default();
        let row = LedgerMonth { month: text, opening: left, closing: left + change(&row), ..row };
        left = row.closing;
        found.push(row);
        month = month.next();
    }
    found
}

/// By how much a month changes what is there.
const fn change(row: &LedgerMonth) -> i64 {
    row.received + row.other_in + row.repaid - row.paid - row.other_out - row.returned
}

fn total(year: i16, months: &[LedgerMonth]) -> LedgerMonth {
    let sum = |of: fn(&LedgerMonth) -> i64| months.iter().map(of).sum();
    LedgerMonth {
        month: format!("{year:04}"),
        opening: months.first().map_or(0, |row| row.opening),
        received: sum(|row| row.received),
        other_in: sum(|row| row.other_in),
        repaid: sum(|row| row.repaid),
        paid: sum(|row| row.paid),
        other_out: sum(|row| row.other_out),
        returned: sum(|row| row.returned),
        closing: months.last().map_or(0, |row| row.closing),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(month: &str, kind: &str, amount: i64) -> (String, String, i64) {
        (month.to_owned(), kind.to_owned(), amount)
    }

    #[test]
    fn a_month_begins_with_what_the_one_before_left() {
        let sums = [
            row("2025-12", "received", 500),
            row("2025-12", "paid", 200),
            row("2026-01", "received", 1000),
            row("2026-01", "paid", 900),
            row("2026-03", "repaid", 70),
            row("2026-03", "returned", 400),
            row("2026-03", "other_out", 10),
            row("2026-03", "other_in", 1),
        ];
        let months = months(&sums, "2026-01".parse().unwrap(), "2026-03".parse().unwrap());
        let left: Vec<_> = months.iter().map(|one| (one.opening, one.closing)).collect();
        assert_eq!(left, [(300, 400), (400, 400), (400, 61)]);
        let sum = total(2026, &months);
        assert_eq!((sum.opening, sum.received, sum.paid, sum.closing), (300, 1000, 900, 61));
    }

    proptest! {
        #[test]
        fn nothing_comes_from_nowhere(rows in prop::collection::vec((1u8..=12, 0usize..6, 0i64..1_000_000), 0..60)) {
            let kinds = ["received", "other_in", "repaid", "paid", "other_out", "returned"];
            let sums: Vec<_> = rows
                .iter()
                .map(|(month, kind, amount)| row(&format!("2026-{month:02}"), kinds[*kind], *amount))
                .collect();
            let months = months(&sums, "2026-01".parse().unwrap(), "2026-12".parse().unwrap());
            let all: i64 = rows.iter().map(|(_, kind, n)| if *kind < 3 { *n } else { -n }).sum();
            prop_assert_eq!(months.last().unwrap().closing, all);
            prop_assert_eq!(months.len(), 12);
            for pair in months.windows(2) {
                prop_assert_eq!(pair[0].closing, pair[1].opening);
            }
        }
    }
}
