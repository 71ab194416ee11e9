//! What used to pass in silence: a head who is nobody, an income that is no amount.

use serde_json::json;
use yidang::catalog::Refusal;
use yidang::living::LivingError;
use yidang::living::cases::{self, Giving, Taking};
use yidang::living::standards::{self, Setting};
use yidang::model::act::Act;
use yidang::model::living::{Fact, LivingRule, Statement};
use yidang::model::standard::{Method, Unit};
use yidang::record::{Receipt, RecordError};

use super::family;
use crate::harness::{Archive, Sql, Store, household};
use crate::living::{NO, beginning, comes_back, fact, json_of, opened, take, taking};
use crate::pages::Browser;

/// States something past the use case, which checks what is typed.
async fn stated(archive: &Archive, fact: Fact) -> Result<Receipt, RecordError> {
    let no = household(NO);
    let seen = family(archive, &no).await.stated;
    let said = Statement {
        household: no,
        from: "2026-11-01".parse().unwrap(),
        proof: None,
        words: String::new(),
        facts: vec![fact],
        instead_of: None,
        seen,
    };
    archive.app.recorder.record(&archive.bureau(), Act::StateFacts(said)).await
}

#[tokio::test]
async fn a_head_who_is_no_place_is_refused_and_is_not_the_first_person() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let before = archive.dump().await;
    for wrong in ["甲", "1.5", " 1"] {
        let refused = stated(&archive, fact(None, "head", wrong)).await;
        assert!(
            matches!(
                &refused,
                Err(RecordError::Refused(Refusal::Living(LivingRule::NoPlace(_, typed))))
                    if typed == wrong
            ),
            "{wrong}: {refused:?}"
        );
    }
    assert_eq!(archive.dump().await, before);
    stated(&archive, fact(None, "head", "1")).await.unwrap();
    // Where no head is stated any more, the file is as it was opened.
    stated(&archive, fact(None, "head", "")).await.unwrap();
    let heads: Vec<_> = family(&archive, &household(NO)).await.persons;
    assert_eq!(heads.iter().position(|one| one.head), Some(0));
    comes_back(&archive).await;
}

#[tokio::test]
async fn nothing_is_decided_on_an_income_that_is_no_amount() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let (app, bureau, no) = (archive.app.clone(), archive.bureau(), household(NO));
    let carry = |why: &str| {
        let benefit = Giving {
            amount: "1100".into(),
            category: "B".into(),
            departs: why.into(),
            ..Giving::default()
        };
        Taking { benefit: Some(benefit), ..beginning("carried_over", "carry") }
    };
    let setting = Setting {
        organisation: "990102000000".parse().unwrap(),
        from: "2026-07".parse().unwrap(),
        amount: "1000".into(),
        method: Method::Difference,
        tiers: String::new(),
        unit: Unit::Yuan,
        words: String::new(),
    };
    standards::set(&app, &bureau, setting).await.unwrap();
    stated(&archive, fact(None, "income", "约八百")).await.unwrap();
    // Not even with a reason: from what it departs nobody knows.
    for why in ["", "物价补贴另发"] {
        let refused = cases::take(&app, &bureau, &no, carry(why)).await;
        assert!(
            matches!(&refused, Err(LivingError::UnreadableIncome(typed)) if typed == "约八百"),
            "{why}: {refused:?}"
        );
    }
    let mut browser = Browser::on(&archive).await;
    let form = [("step", "carried_over/carry"), ("amount", "1100"), ("category", "B")];
    let page = browser.post(&format!("/household/{NO}/steps"), &form).await;
    assert_eq!(page.status, 422);
    assert!(page.text().contains("「约八百」，不是金额"), "{}", page.text());
    let body = json!({"procedure": "carried_over", "step": "carry",
        "benefit": {"amount": "1100", "category": "B"}});
    let refused = browser.send_json(&format!("/api/v1/households/{NO}/steps"), &body).await;
    assert_eq!(json_of(&refused)["error"]["code"], "unreadable_income", "{}", refused.text());

    // It is corrected, and what departs is asked for its reason.
    stated(&archive, fact(None, "income", "1800.00")).await.unwrap();
    let asked = cases::take(&app, &bureau, &no, carry("")).await;
    assert!(matches!(asked, Err(LivingError::Departs { .. })), "{asked:?}");
    cases::take(&app, &bureau, &no, carry("物价补贴另发")).await.unwrap();
    // To stop an allowance nothing is computed.
    stated(&archive, fact(None, "income", "不详")).await.unwrap();
    take(&archive, &bureau, Taking { words: "就业".into(), ..beginning("change", "report") }).await;
    take(&archive, &bureau, taking("verify")).await;
    take(&archive, &bureau, Taking { words: "就业".into(), ..taking("stop") }).await;
    comes_back(&archive).await;
}
