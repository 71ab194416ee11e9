//! 发放表: the roster of a month with the columns of the sheet that is signed.

use super::{
    Filled, LivingError, RegisterError, Table, Wanted, file, filled, month, one_more, part, text,
};
use crate::living::payments;
use crate::model::id::HouseholdNo;
use crate::sheet::Cell;

/// As on paper; who receives it and the signature are written by hand.
const PAYMENTS: [(&str, &str); 14] = [
    ("低保证号", "Certificate no."),
    ("户号", "Household"),
    ("户主", "Head"),
    ("身份证号", "Identity number"),
    ("保障人数", "Persons covered"),
    ("月保障金（元）", "Allowance, yuan"),
    ("分类施保（元）", "Supplement, yuan"),
    ("物价等补贴（元）", "Subsidies, yuan"),
    ("合计（元）", "In all, yuan"),
    ("开户行", "Bank"),
    ("账号", "Account"),
    ("领取人", "Received by"),
    ("签字", "Signature"),
    ("备注", "Remarks"),
];

pub(super) async fn payments(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let month = month(app, asked)?;
    let after: String = match asked.after.as_str() {
        "" => String::new(),
        typed => {
            let wrong = |_| LivingError::Asked("a position is one that was handed out");
            typed.parse::<HouseholdNo>().map_err(wrong)?.to_string()
        }
    };
    let from = (after.as_str(), one_more(limit));
    let found = payments::roster(app, actor, &asked.organisation, month, from).await?;
    let part = part(found, limit, |last| last.household.clone());
    Ok(filled(Filled::Payments, &PAYMENTS, part, |one| {
        let money = |fen: i64| if fen == 0 { text("") } else { Cell::Money(fen) };
        let cells = vec![
            text(&one.certificate_no),
            text(&one.household),
            text(&one.head),
            text(&one.id_number),
            Cell::Whole(one.persons),
            Cell::Money(one.allowance()),
            money(one.supplement()),
            money(one.subsidy()),
            Cell::Money(one.amount),
            text(&one.bank),
            text(&one.account),
            text(""),
            text(""),
            text(if one.paid > 0 { "" } else { &one.words }),
        ];
        (file(&one.household), cells)
    }))
}
