//! 动态管理变动册: what changed in a period.

use super::{Filled, RegisterError, Table, WHOLE, Wanted, days, file, filled, slice, text, today};
use crate::catalog::books::{self, Changed};
use crate::living::{names, region};
use crate::model::access::scope;
use crate::sheet::Cell;

const CHANGES: [(&str, &str); 11] = [
    ("日期", "Date"),
    ("户号", "Household"),
    ("户主", "Head"),
    ("社区", "Community"),
    ("变动", "Change"),
    ("人员", "Person"),
    ("保障人数", "Persons covered"),
    ("原金额（元）", "Before, yuan"),
    ("现金额（元）", "Now, yuan"),
    ("起始月", "From"),
    ("原因", "Reason"),
];

pub(super) async fn changes(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let (days, organisation) = (days(&asked.period, today(app))?, region(&asked.organisation)?);
    let names = names(app).await?;
    let mut tx = app.db.read().await?;
    let all = books::changes(&mut tx, &scope(actor), &organisation, days, WHOLE).await?;
    drop(tx);
    let part = slice(all, asked, limit)?;
    Ok(filled(Filled::Changes, &CHANGES, part, |one| {
        let money = |amount: i64| match amount {
            -1 => text(""),
            amount => Cell::Money(amount),
        };
        let Changed { persons, before, amount, .. } = *one;
        let cells = vec![
            Cell::Day(one.on_day.clone()),
            text(&one.household),
            text(&one.head),
            Cell::Text(names.of(&one.organisation)),
            text(change(&one.what)),
            text(&one.person),
            if persons < 0 { text("") } else { Cell::Whole(persons) },
            money(before),
            money(amount),
            text(&one.from_month),
            text(&one.words),
        ];
        (file(&one.household), cells)
    }))
}

fn change(what: &str) -> &str {
    match what {
        "grant" => "新增",
        "raise" => "增发",
        "reduce" => "减发",
        "phase_out" => "渐退",
        "stop" => "停发",
        "came" => "增员",
        "left" => "减员",
        other => other,
    }
}
