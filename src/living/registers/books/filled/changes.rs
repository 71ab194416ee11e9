//! 动态管理变动册: what changed in a period.

use super::{
    Filled, RegisterError, Table, WHOLE, Wanted, chosen, days, file, filled, slice, text, today,
};
use crate::catalog::books::{self, Changed};
use crate::living::{names, region};
use crate::model::access::scope;
use crate::model::field::Of;
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
            change(&one.what),
            text(&one.person),
            if persons < 0 { text("") } else { Cell::Whole(persons) },
            money(before),
            money(amount),
            text(&one.from_month),
            match one.what.as_str() {
                "left" => chosen(app, Of::Member, "left", &one.words),
                _ => text(&one.words),
            },
        ];
        (file(&one.household), cells)
    }))
}

fn change(what: &str) -> Cell {
    match what {
        "grant" => Cell::word("新增", "Granted"),
        "raise" => Cell::word("增发", "Raised"),
        "reduce" => Cell::word("减发", "Reduced"),
        "phase_out" => Cell::word("渐退", "Phased out"),
        "stop" => Cell::word("停发", "Stopped"),
        "came" => Cell::word("增员", "Person came"),
        "left" => Cell::word("减员", "Person left"),
        other => text(other),
    }
}
