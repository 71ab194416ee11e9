//! 低保对象花名册: a line for each person of the households that receive the allowance, as
//! they were at the end of the month.

use super::{
    Filled, LivingError, RegisterError, Table, Wanted, begun, chosen, file, month, one_more, part,
    text,
};
use crate::app::App;
use crate::catalog::books::{self, Receiving};
use crate::catalog::facts;
use crate::living::standards::Standards;
use crate::living::statements::{Family, Person, family};
use crate::living::{names, region};
use crate::model::access::scope;
use crate::model::codes::{household, member};
use crate::model::field::Of;
use crate::model::id::HouseholdNo;
use crate::model::standard::Method;
use crate::sheet::Cell;

const ROSTER: [(&str, &str); 22] = [
    ("户号", "Household"),
    ("低保证编号", "Certificate no."),
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
    ("保障方式", "By"),
    ("家庭类别", "Category"),
    ("联系电话", "Telephone"),
    ("住房情况", "Housing"),
    ("房屋状况", "Condition of the house"),
    ("致贫原因", "Cause"),
    ("月保障金（元）", "Yuan a month"),
    ("起始月", "From"),
    ("备注", "Remarks"),
];

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
    let mut table = begun(Filled::Roster, &ROSTER);
    let mut tx = app.db.read().await?;
    let from = (after.as_str(), one_more(limit));
    let found = books::receiving(&mut tx, &scope(actor), &organisation, month, from).await?;
    let (found, next) = part(found, limit, |last| last.household.clone());
    table.next = next;
    let standards = Standards::read(&mut tx).await?;
    for one in &found {
        let corrupt = |_| crate::db::DbError::Corrupt(one.household.clone());
        let no: HouseholdNo = one.household.parse().map_err(corrupt)?;
        let mut known = family(app, facts::held(&mut tx, &no, month.last()).await?, None);
        known.persons.retain(|one| !one.left && !one.value(member::NAME).is_empty());
        let living = Living {
            app,
            one,
            known: &known,
            community: names.of(&one.organisation),
            method: standards.of(&one.organisation, month).map(|standard| standard.method),
        };
        for person in &known.persons {
            table.push(file(&one.household), false, living.cells(person));
        }
    }
    Ok(table)
}

/// What all rows of a household on the roster share.
struct Living<'a> {
    app: &'a App,
    one: &'a Receiving,
    known: &'a Family,
    community: String,
    /// By what its standard of the month reckons; none where there is no standard.
    method: Option<Method>,
}

impl Living<'_> {
    fn cells(&self, person: &Person) -> Vec<Cell> {
        let relation = match person.head {
            true => Cell::word("户主", "Head"),
            false => text(person.value(member::RELATION)),
        };
        let manner = match self.method {
            None => text(""),
            Some(Method::Difference) => Cell::word("差额", "The difference"),
            Some(Method::Tiers) => Cell::word("定额", "A fixed amount"),
        };
        let category = self.app.rules.category(&self.one.category);
        let head = self.known.persons.iter().find(|one| one.head);
        vec![
            text(&self.one.household),
            self.of_household(household::CERTIFICATE_NO),
            text(head.map_or(self.one.head.as_str(), |one| one.value(member::NAME))),
            text(person.value(member::NAME)),
            chosen(self.app, Of::Member, member::SEX, person.value(member::SEX)),
            Cell::Day(person.value(member::BIRTH).to_owned()),
            relation,
            text(person.value(member::ID_NUMBER)),
            Cell::Whole(self.known.living().into()),
            Cell::Whole(self.one.persons),
            text(&self.community),
            self.of_household(household::REGISTERED_ADDRESS),
            self.of_household(household::ADDRESS),
            manner,
            category.map_or_else(|| text(""), |rule| Cell::word(&rule.name, &rule.name_en)),
            self.of_household(household::PHONE),
            self.of_household(household::HOUSING),
            self.of_household(household::HOUSE_CONDITION),
            self.of_household(household::CAUSE),
            Cell::Money(self.one.amount),
            text(&self.one.from_month),
            self.of_household(household::ROSTER_REMARKS),
        ]
    }

    fn of_household(&self, field: &str) -> Cell {
        chosen(self.app, Of::Household, field, self.known.value(field))
    }
}
