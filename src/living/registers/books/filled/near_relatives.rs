//! 近亲属备案表: the households of which a near relative works for the office.

use super::{Filled, RegisterError, Table, WHOLE, Wanted, file, filled, slice, text};
use crate::catalog::books::{self, NearRelative};
use crate::living::{names, region};
use crate::model::access::scope;
use crate::sheet::Cell;

const NEAR_RELATIVES: [(&str, &str); 18] = [
    ("工作人员姓名", "Staff"),
    ("工作人员身份证号", "Identity number of the staff"),
    ("工作人员电话", "Telephone of the staff"),
    ("单位", "Unit"),
    ("职务", "Post"),
    ("关系", "Relation"),
    ("救助对象姓名", "Head"),
    ("户号", "Household"),
    ("身份证号", "Identity number"),
    ("户籍地址", "Registered address"),
    ("居住地址", "Address"),
    ("社区", "Community"),
    ("救助种类", "Kind of assistance"),
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
        let state = app.rules.state(&one.state);
        let cells = vec![
            text(&one.staff),
            text(&one.staff_id_number),
            text(&one.phone),
            text(&one.unit),
            text(&one.post),
            text(&one.relation),
            text(&one.head),
            text(&one.household),
            text(&one.id_number),
            text(&one.registered),
            text(&one.address),
            Cell::Text(names.of(&one.organisation)),
            // What households have files for here.
            Cell::word("城市最低生活保障", "Urban minimum living allowance"),
            state.map_or_else(|| text(&one.state), |rule| Cell::word(&rule.name, &rule.name_en)),
            Cell::Whole(people),
            Cell::Money(amount),
            text(&one.from_month),
            Cell::Day(one.since.clone()),
        ];
        (file(&one.household), cells)
    }))
}
