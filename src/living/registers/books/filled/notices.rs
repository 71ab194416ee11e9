//! 公示 as a list: what was put up outside, and nothing else of a household.

use super::{
    Filled, RegisterError, Table, Wanted, days, file, filled, one_more, part, text, today,
};
use crate::living::LivingError;
use crate::model::notice::NoticeKind;
use crate::notices::{self, Asked as Which, Notice, NoticeError, Standing};
use crate::sheet::Cell;

const NOTICES: [(&str, &str); 9] = [
    ("申请人姓名", "Applicant"),
    ("家庭成员数量", "People"),
    ("保障金额（元/月）", "Yuan a month"),
    ("公示自", "From"),
    ("公示至", "Until"),
    ("单位", "Organisation"),
    ("种类", "Kind"),
    ("状态", "State"),
    ("撤下原因", "Taken down because"),
];

/// Those that were put up on some day of the period, newest first; `open`, what is up today.
pub(super) async fn notices(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let days = match asked.period.trim() {
        "" => None,
        period => Some(days(period, today(app))?),
    };
    let before = match asked.after.as_str() {
        "" => None,
        typed => {
            let wrong = |_| LivingError::Asked("a position is one that was handed out");
            Some(typed.parse().map_err(wrong)?)
        }
    };
    let which = Which {
        organisation: asked.organisation.clone(),
        household: asked.household.clone(),
        up: asked.open,
        days,
        before,
        ..Which::default()
    };
    let found = notices::list(app, actor, &which, one_more(limit)).await.map_err(trouble)?;
    let part = part(found, limit, |last| last.entry.to_string());
    Ok(filled(Filled::Notices, &NOTICES, part, |one| (file(&one.household), cells(one))))
}

fn trouble(error: NoticeError) -> RegisterError {
    match error {
        NoticeError::Asked(said) => LivingError::Asked(said).into(),
        NoticeError::Denied(error) => error.into(),
        NoticeError::Record(error) => error.into(),
        NoticeError::Look(error) => error.into(),
        NoticeError::Db(error) => error.into(),
        // What only putting up and taking down can answer.
        other => crate::db::DbError::Corrupt(other.to_string()).into(),
    }
}

fn cells(one: &Notice) -> Vec<Cell> {
    let kind: Option<NoticeKind> = one.kind.parse().ok();
    let standing = match one.standing {
        Standing::Ahead => ("待公示", "Ahead"),
        Standing::Up => ("公示中", "Up"),
        Standing::Over => ("期满", "Over"),
        Standing::TakenDown => ("已撤下", "Taken down"),
    };
    vec![
        text(&one.applicant),
        Cell::Whole(one.members),
        Cell::Money(i64::try_from(one.amount.get()).unwrap_or(i64::MAX)),
        Cell::Day(one.from.clone()),
        Cell::Day(one.until.clone().unwrap_or_default()),
        text(&one.organisation_name),
        kind.map_or_else(|| text(&one.kind), |kind| Cell::word(kind.zh(), kind.en())),
        Cell::word(standing.0, standing.1),
        text(&one.reason),
    ]
}
