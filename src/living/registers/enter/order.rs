//! What comes before a stage and after it: the days of both, and what the row waits for then.

use jiff::civil::Date;

use super::super::{Line, Row};
use crate::app::App;
use crate::living::level;
use crate::model::id::OrganisationCode;
use crate::model::living::NextStep;
use crate::model::register::{BySide, Cell, Register, RowRule, Stage};

/// Refuses a day before that of a stage that comes first, or after that of one that
/// follows: nothing is checked before it was reported (审核确认办法 art. 36 and 37).
pub(super) fn in_order(rule: &Register, stage: &Stage, row: &Row, on: Date) -> Result<(), RowRule> {
    let place = |code: &str| rule.stages.iter().position(|one| one.code == code);
    for line in row.lines.iter().filter(|line| line.struck.is_none() && line.stage != stage.code) {
        let Ok(day) = line.on.parse::<Date>() else { continue };
        let before = place(&line.stage) < place(&stage.code);
        if (before && on < day) || (!before && on > day) {
            let other = rule.stage(&line.stage).map_or("", |one| one.name.as_str()).to_owned();
            return Err(RowRule::Order(stage.name.clone(), on, other, day));
        }
    }
    Ok(())
}

/// The stage the row waits for then.
pub(super) fn next(
    app: &App,
    rule: &Register,
    stage: &Stage,
    (row, values, on): (Option<&Row>, &[Cell], Date),
    (organisation, other): (&OrganisationCode, Option<&OrganisationCode>),
) -> Option<NextStep> {
    let holds = |one: &&Line| one.struck.is_none() && one.stage != stage.code;
    let others = row.map_or(&[][..], |row| &row.lines).iter().filter(holds);
    let cells = others.flat_map(|one| &one.values).chain(values);
    let all = cells.map(|cell| (cell.column.clone(), cell.value.clone())).collect();
    // After a correction the row waits as its last stage leaves it.
    let order = |code: &str| rule.stages.iter().position(|one| one.code == code);
    let lines = row.map_or(&[][..], |row| &row.lines);
    let last = lines
        .iter()
        .filter(holds)
        .filter(|one| order(&one.stage) > order(&stage.code))
        .max_by_key(|one| order(&one.stage));
    let (after, from) = match last {
        Some(line) => (line.stage.as_str(), line.on.parse().unwrap_or(on)),
        None => (stage.code.as_str(), on),
    };
    let next = rule.next(after, &all)?;
    let of = match next.by.or(rule.between.then_some(BySide::Own)) {
        Some(BySide::Other) => other.map_or(next.level, level),
        _ => level(organisation),
    };
    Some(NextStep {
        step: next.code.clone(),
        level: next.level.max(of),
        due: next.due(from, &app.rules.holidays),
    })
}
