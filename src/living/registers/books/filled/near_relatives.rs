//! 近亲属备案表: the households of which a near relative works for the office.

use super::{Filled, RegisterError, Table, WHOLE, Wanted, file, filled, slice, text};
use crate::catalog::books::{self, NearRelative};
use crate::living::{names, region};
use crate::model::access::scope;
use crate::sheet::Cell;

const NEAR_RELATIVES: [(&str, &str); 12] = [
    ("工作人员姓名、单位、职务、关系", "Staff and relation"),
    ("救助对象姓名", "Head"),
    ("户号", "Household"),
    ("身份证号", "Identity number"),
    ("户籍地址", "Registered address"),
    ("居住地址", "Address"),
    ("社区", "Community"),
    ("救助情况", "State"),
    ("共同生活人数", "People"),
    ("月保障金（元）", "Yuan a month"),
    ("起始时间", "From"),
    ("备案时间", "Stated"),
];

pub(super) async fn near_relatives(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let organisation = region(&asked.organisation)?;
    let names = names(app).await?;
    let mut tx = app.db.read().await?;
    let all = books::near_relatives(&mut tx, &scope(actor), &organisation, WHOLE).await?;
    drop(tx);
    let part = slice(all, asked, limit)?;
    Ok(filled(Filled::NearRelatives, &NEAR_RELATIVES, part, |one| {
        let NearRelative { people, amount, .. } = *one;
        let state = app.rules.state(&one.state).map_or(one.state.as_str(), |rule| &rule.name);
        let cells = vec![
            text(&one.staff),
            text(&one.head),
            text(&one.household),
            text(&one.id_number),
            text(&one.registered),
            text(&one.address),
            Cell::Text(names.of(&one.organisation)),
            text(state),
            Cell::Whole(people),
            Cell::Money(amount),
            text(&one.from_month),
            Cell::Day(one.since.clone()),
        ];
        (file(&one.household), cells)
    }))
}
