//! 低保对象花名册: a line for each person of the households that receive the allowance.

use super::{
    Filled, LivingError, RegisterError, Table, Wanted, begun, file, month, one_more, part, text,
};
use crate::catalog::books::{self, Receiving};
use crate::catalog::facts;
use crate::living::statements::{Person, family};
use crate::living::{names, region};
use crate::model::access::scope;
use crate::model::id::HouseholdNo;
use crate::sheet::Cell;

pub(super) async fn roster(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let (month, organisation) = (month(app, asked)?, region(&asked.organisation)?);
    let after: String = match asked.after.as_str() {
        "" => String::new(),
        typed => {
            let wrong = |_| LivingError::Asked("a position is one that was handed out");
            typed.parse::<HouseholdNo>().map_err(wrong)?.to_string()
        }
    };
    let names = names(app).await?;
    let mut table = begun(
        Filled::Roster,
        &[
            ("户号", "Household"),
            ("户主姓名", "Head"),
            ("家庭成员姓名", "Person"),
            ("性别", "Sex"),
            ("出生年月", "Born"),
            ("与户主关系", "Relation"),
            ("身份证号", "Identity number"),
            ("家庭人口数", "People"),
            ("保障人口数", "Persons covered"),
            ("社区", "Community"),
            ("户籍所在地", "Registered address"),
            ("现住址", "Address"),
            ("家庭类别", "Category"),
            ("联系电话", "Telephone"),
            ("住房情况", "Housing"),
            ("致贫原因", "Cause"),
            ("月保障金（元）", "Yuan a month"),
            ("起始月", "From"),
        ],
    );
    let mut tx = app.db.read().await?;
    let from = (after.as_str(), one_more(limit));
    let found = books::receiving(&mut tx, &scope(actor), &organisation, month, from).await?;
    let (found, next) = part(found, limit, |last| last.household.clone());
    table.next = next;
    for one in &found {
        let corrupt = |_| crate::db::DbError::Corrupt(one.household.clone());
        let no: HouseholdNo = one.household.parse().map_err(corrupt)?;
        let known = family(app, facts::present(&mut tx, &no).await?, None);
        let people: Vec<&Person> = known.persons.iter().filter(|person| !person.left).collect();
        for person in &people {
            let whole =
                Living { one, people: people.len(), community: names.of(&one.organisation) };
            let of_household = |field: &str| text(known.value(field));
            let cells = whole.cells(
                person,
                [
                    of_household("registered_address"),
                    of_household("address"),
                    text(app.rules.category(&one.category).map_or("", |rule| &rule.name)),
                    of_household("phone"),
                    of_household("housing"),
                    of_household("cause"),
                ],
            );
            table.push(file(&one.household), false, cells);
        }
    }
    Ok(table)
}

/// What all rows of a household on the roster share.
struct Living<'a> {
    one: &'a Receiving,
    people: usize,
    community: String,
}

impl Living<'_> {
    fn cells(&self, person: &Person, of_household: [Cell; 6]) -> Vec<Cell> {
        let relation = if person.head { "户主" } else { person.value("relation") };
        let mut cells = vec![
            text(&self.one.household),
            text(&self.one.head),
            text(person.value("name")),
            text(person.value("sex")),
            Cell::Day(person.value("birth").to_owned()),
            text(relation),
            text(person.value("id_number")),
            Cell::Whole(i64::try_from(self.people).unwrap_or(i64::MAX)),
            Cell::Whole(self.one.persons),
            text(&self.community),
        ];
        cells.extend(of_household);
        cells.push(Cell::Money(self.one.amount));
        cells.push(text(&self.one.from_month));
        cells
    }
}
