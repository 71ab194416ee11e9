//! 借阅登记簿: on screen, on paper, and as CSV.

use axum::extract::{Query, State as Shared};
use axum::http::header;
use axum::response::IntoResponse;

use super::super::Answer;
use super::Asked;
use crate::lending::{self, List, Shown};
use crate::model::lending::Stage;
use crate::web::lang::Lang;
use crate::web::page::lending::register::{Register, columns};
use crate::web::page::lending::said;
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::words;

/// Rows of a page of the register.
const ROWS: u32 = 200;
/// Rows of the register in one file.
const ALL: u32 = 10_000;

/// `GET /lending/register`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = lending::list(&web.app, &session.actor, List::All, asked.before, ROWS).await?;
    let full = found.len() == ROWS as usize;
    let page = Register {
        frame: session.frame.clone(),
        rows: found.iter().map(|one| cells(session.lang, one)).collect(),
        before: found.last().filter(|_| full).map(|one| one.asked),
        printed: format!("{} {}", session.actor.name, words::at(web.app.now())),
    };
    session.show(&page)
}

/// `GET /lending/register.csv`
pub(crate) async fn csv(session: Session, Shared(web): Shared<Web>) -> Answer {
    let found = lending::list(&web.app, &session.actor, List::All, None, ALL).await?;
    // The mark lets old office programs read it as UTF-8.
    let mut text = String::from("\u{feff}");
    line(&mut text, columns(session.lang).map(str::to_owned).as_slice());
    for one in &found {
        line(&mut text, &cells(session.lang, one));
    }
    let about = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"lending.csv\""),
    ];
    Ok((about, text).into_response())
}

fn line(text: &mut String, cells: &[String]) {
    let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    text.push_str(&quoted.join(","));
    text.push_str("\r\n");
}

/// A cell in quotes. What an office program would take for a formula begins
/// with an apostrophe.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

/// The cells of a row, as the register has its columns.
fn cells(lang: Lang, one: &Shown) -> Vec<String> {
    let step = |stage| one.step(stage);
    let asked = step(Stage::Asked);
    let decision = [Stage::Agreed, Stage::Refused].into_iter().find_map(step).map(|step| {
        let agreed = step.stage == Stage::Agreed.as_str();
        let word = if agreed { lang.t("同意", "agreed") } else { lang.t("不同意", "refused") };
        [step.name.as_str(), word, &step.words].join(" ").trim_end().to_owned()
    });
    let handed = step(Stage::HandedOver);
    let back = step(Stage::Returned);
    let ended = step(Stage::Ended).map(|step| format!(" {}", step.words)).unwrap_or_default();
    let purpose = lang.t(one.purpose.zh(), one.purpose.en());
    let pages = back.or(handed).map_or(0, |step| step.pages);
    vec![
        one.asked.to_string(),
        asked.map(|step| words::date(&step.time)).unwrap_or_default(),
        one.borrower.clone(),
        one.body.clone(),
        one.contact.clone(),
        one.certificate.clone(),
        if one.reference_code.is_empty() {
            one.household.clone()
        } else {
            one.reference_code.clone()
        },
        if one.title.is_empty() { one.head.clone() } else { one.title.clone() },
        lang.t(one.manner.zh(), one.manner.en()).to_owned(),
        format!("{purpose}{}{}", lang.t("：", ": "), one.reason),
        decision.unwrap_or_default(),
        one.until.clone(),
        back.map(|step| words::date(&step.time)).unwrap_or_default(),
        if pages > 0 { pages.to_string() } else { String::new() },
        back.map(|step| step.words.clone()).unwrap_or_default(),
        handed.or(asked).map(|step| step.name.clone()).unwrap_or_default(),
        format!("{}{ended}", said(lang, one.standing)),
    ]
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn no_cell_breaks_out_or_becomes_a_formula() {
        assert_eq!(quoted("孙立"), "\"孙立\"");
        assert_eq!(quoted("a\"b,c\nd"), "\"a\"\"b,c\nd\"");
        for formula in ["=1+1", "+86", "-1", "@x", "\t=1", "＝1"] {
            assert_eq!(quoted(formula), format!("\"'{formula}\""));
        }
    }
}
