//! The lists of the money: what does not agree, what was not decided as it is computed,
//! the ledger of the fund, what is asked back.

use super::super::{Asked, Filled, RegisterError, Table, today};
use super::{Wanted, file, filled, month, slice, text};
use crate::app::App;
use crate::living::funds::{self, FundLedger};
use crate::living::{LivingError, assessment, names, payments, recoveries};
use crate::sheet::Cell;

const DIFFERENCES: [(&str, &str); 9] = [
    ("月份", "Month"),
    ("户号", "Household"),
    ("户主", "Head"),
    ("社区", "Community"),
    ("什么对不上", "What"),
    ("应发（元）", "Entitled, yuan"),
    ("名册（元）", "Listed, yuan"),
    ("实发（元）", "Paid, yuan"),
    ("银行说明", "The bank"),
];

pub(super) async fn differences(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let month = month(app, asked)?;
    let names = names(app).await?;
    let all = payments::reconcile(app, actor, &asked.organisation, month).await?.unlike;
    let part = slice(all, asked, limit)?;
    Ok(filled(Filled::Differences, &DIFFERENCES, part, |one| {
        let money = |amount: Option<i64>| amount.map_or(text(""), Cell::Money);
        let what: Vec<&str> = one.differences.iter().map(|one| one.zh()).collect();
        let what_en: Vec<&str> = one.differences.iter().map(|one| one.en()).collect();
        let cells = vec![
            Cell::Text(month.to_string()),
            text(&one.household),
            text(&one.head),
            Cell::Text(names.of(&one.organisation)),
            Cell::Word(what.join("、"), what_en.join(", ")),
            money(one.entitled),
            money(one.listed),
            Cell::Money(one.paid),
            text(&one.words),
        ];
        let lead = if one.head.is_empty() { String::new() } else { file(&one.household) };
        (lead, cells)
    }))
}

const ASSESSMENT: [(&str, &str); 12] = [
    ("月份", "Month"),
    ("户号", "Household"),
    ("户主", "Head"),
    ("社区", "Community"),
    ("类别", "Category"),
    ("保障人数", "Persons covered"),
    ("标准（元）", "Standard, yuan"),
    ("月收入（元）", "Income, yuan"),
    ("决定（元）", "Decided, yuan"),
    ("测算（元）", "Computed, yuan"),
    ("决定多出（元）", "More decided, yuan"),
    ("原因", "Why"),
];

pub(super) async fn assessment(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let month = month(app, asked)?;
    let names = names(app).await?;
    let all = assessment::assess(app, actor, &asked.organisation, month).await?.unlike;
    let part = slice(all, asked, limit)?;
    Ok(filled(Filled::Assessment, &ASSESSMENT, part, |one| {
        let category = app.rules.category(&one.category);
        let cells = vec![
            Cell::Text(month.to_string()),
            text(&one.household),
            text(&one.head),
            Cell::Text(names.of(&one.organisation)),
            category
                .map_or_else(|| text(&one.category), |rule| Cell::word(&rule.name, &rule.name_en)),
            Cell::Whole(one.computed.persons),
            Cell::Money(one.computed.standard),
            Cell::Money(one.computed.income),
            Cell::Money(one.decided),
            Cell::Money(one.computed.amount),
            Cell::Money(one.over()),
            text(&one.reason),
        ];
        (file(&one.household), cells)
    }))
}

/// The year that is asked for; this one where none is.
fn year(app: &App, asked: &Asked) -> Result<i16, LivingError> {
    match asked.period.trim() {
        "" => Ok(today(app).year()),
        typed if typed.len() == 4 => {
            typed.parse().map_err(|_| LivingError::Asked("a year is one like 2026"))
        }
        _ => Err(LivingError::Asked("a year is one like 2026")),
    }
}

const FUND: [(&str, &str); 9] = [
    ("月份", "Month"),
    ("上月结余（元）", "Before, yuan"),
    ("拨入（元）", "Received, yuan"),
    ("其他收入（元）", "Other in, yuan"),
    ("退回（元）", "Came back, yuan"),
    ("发放（元）", "Paid, yuan"),
    ("其他支出（元）", "Other out, yuan"),
    ("上缴（元）", "Returned, yuan"),
    ("结余（元）", "Left, yuan"),
];

/// The ledger of a year: its months, and their sum. It is never in parts.
pub(super) async fn fund(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, .. } = wanted;
    let year = year(app, asked)?;
    let FundLedger { mut months, sum, .. } =
        funds::ledger(app, actor, &asked.organisation, year).await?;
    months.push(sum);
    Ok(filled(Filled::Fund, &FUND, (months, None), |one| {
        let row = [
            one.opening,
            one.received,
            one.other_in,
            one.repaid,
            one.paid,
            one.other_out,
            one.returned,
            one.closing,
        ];
        let mut cells = vec![text(&one.month)];
        cells.extend(row.map(Cell::Money));
        let is_month = one.month.len() > 4;
        let lead = if is_month { format!("/payments?month={}", one.month) } else { String::new() };
        (lead, cells)
    }))
}

const RECOVERIES: [(&str, &str); 11] = [
    ("户号", "Household"),
    ("户主", "Head"),
    ("社区", "Community"),
    ("多发起", "From"),
    ("多发止", "Until"),
    ("追缴（元）", "Asked back, yuan"),
    ("退回（元）", "Came back, yuan"),
    ("减免（元）", "Waived, yuan"),
    ("还差（元）", "Open, yuan"),
    ("原因", "Why"),
    ("经办", "By"),
];

pub(super) async fn recoveries(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let names = names(app).await?;
    let all = recoveries::recoveries(app, actor, &asked.organisation).await?;
    let part = slice(all, asked, limit)?;
    Ok(filled(Filled::Recoveries, &RECOVERIES, part, |one| {
        let row = &one.row;
        let cells = vec![
            text(&row.household),
            text(&one.head),
            Cell::Text(names.of(&one.organisation)),
            text(&row.from_month),
            text(&row.until_month),
            Cell::Money(row.amount),
            Cell::Money(row.repaid),
            Cell::Money(row.waived),
            Cell::Money(row.open()),
            text(&row.words),
            text(&row.author),
        ];
        (format!("/household/{}/recoveries", row.household), cells)
    }))
}
