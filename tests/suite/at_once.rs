//! What is sent twice at the same moment, or begun and broken off, counts once: rules hold also
//! where two looked before either was recorded.

use yidang::living::cases::{self, Giving, Taking};
use yidang::living::payments::{self, GivenFile};
use yidang::living::recoveries::{self, Asking};
use yidang::living::registers::RegisterError;
use yidang::living::registers::draws::{self, Ordering};
use yidang::living::{LivingError, funds};
use yidang::model::act::Act;
use yidang::model::id::Digest;
use yidang::model::money::Fen;
use yidang::model::month::Month;
use yidang::model::notice::NoticeKind;
use yidang::model::payment::{BankReturn, MOST_ROWS, ReturnRow};
use yidang::notices::{self, NoticeError, Posting};

use crate::harness::{Archive, for_all, household};
use crate::living::{NO, applied, beginning, opened, today};

/// A file of the bank about so many households, the first of which is known.
fn returned(rows: usize) -> String {
    let row = |at: usize| format!("{},1,成功\n", NO.parse::<u64>().unwrap() + at as u64);
    format!("户号,金额,结果\n{}", (0..rows).map(row).collect::<String>())
}

async fn take(archive: &Archive, text: &str) -> Result<payments::Taken, LivingError> {
    let bytes = bytes::Bytes::from(text.to_owned());
    let given = GivenFile { name: "回盘.csv", bytes, partly: false, instead_of: None };
    let month = Month::of(today(archive));
    payments::take_return(&archive.app, &archive.bureau(), month, given, &|_, _| {}).await
}

/// How many rows the files of the month have, and how much was paid by them.
async fn there(archive: &Archive) -> (i64, i64) {
    let month = Month::of(today(archive));
    let files = payments::files(&archive.app, &archive.bureau(), month).await.unwrap();
    files.iter().fold((0, 0), |sum, one| (sum.0 + one.count, sum.1 + one.paid))
}

#[tokio::test]
async fn a_file_of_the_bank_counts_once() {
    for_all(async |archive| {
        opened(archive).await;
        let text = returned(MOST_ROWS + 200);
        let rows = MOST_ROWS as i64 + 200;
        let (one, other) = tokio::join!(take(archive, &text), take(archive, &text));
        let kept: Vec<_> = [one, other]
            .into_iter()
            .map(|taken| match taken {
                Ok(taken) => taken.kept,
                Err(LivingError::TakenAlready(_)) => 0,
                Err(error) => panic!("{error}"),
            })
            .collect();
        assert_eq!(kept.iter().sum::<usize>(), MOST_ROWS + 200, "{kept:?}");
        assert_eq!(there(archive).await, (rows, rows * 100));
        let again = take(archive, &text).await;
        assert!(matches!(again, Err(LivingError::TakenAlready(_))), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn a_file_of_the_bank_that_was_broken_off_goes_on() {
    for_all(async |archive| {
        opened(archive).await;
        let text = returned(2 * MOST_ROWS + 200);
        let file = archive.app.vault.put(bytes::Bytes::from(text.clone())).await.unwrap();
        assert_eq!(file, Digest::of(text.as_bytes()));
        // Its second part alone was recorded.
        let row = |at: usize| ReturnRow {
            household: (NO.parse::<u64>().unwrap() + at as u64).to_string().parse().unwrap(),
            amount: Fen::new(100),
            paid: true,
            words: String::new(),
        };
        let part = BankReturn {
            month: Month::of(today(archive)),
            file,
            bytes: text.len() as u64,
            name: "回盘.csv".into(),
            instead_of: None,
            rows: (MOST_ROWS..2 * MOST_ROWS).map(row).collect(),
        };
        let recorder = &archive.app.recorder;
        recorder.record(&archive.bureau(), Act::TakeBankReturn(part)).await.unwrap();
        let rest = take(archive, &text).await.unwrap();
        assert_eq!(rest.kept, MOST_ROWS + 200, "what was there is not taken in again");
        let rows = 2 * MOST_ROWS as i64 + 200;
        assert_eq!(there(archive).await, (rows, rows * 100));
        let again = take(archive, &text).await;
        assert!(matches!(again, Err(LivingError::TakenAlready(_))), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn no_more_is_asked_back_than_was_paid() {
    for_all(async |archive| {
        opened(archive).await;
        applied(archive).await;
        take(archive, &returned(1)).await.unwrap();
        let (app, bureau, no) = (archive.app.clone(), archive.bureau(), household(NO));
        let month = Month::of(today(archive));
        let asking = Asking {
            amount: "1".into(),
            from: month,
            until: month,
            words: "多发".into(),
            paper: None,
        };
        let ask = || recoveries::recover(&app, &bureau, &no, asking.clone());
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        let asked = [one, two, three];
        let refused = asked.iter().filter(|one| matches!(one, Err(LivingError::NotPaid(_))));
        assert_eq!(refused.count(), 2, "{asked:?}");
        let demands = recoveries::of_household(&app, &bureau, &no).await.unwrap();
        assert_eq!(demands.len(), 1);
        assert!(funds::ledger(&app, &bureau, "", month.first().year()).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn one_notice_is_put_up_and_one_draw_ordered() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk, no) = (archive.app.clone(), archive.clerk(), household(NO));
        let benefit = Giving { amount: "1120".into(), category: "A".into(), ..Giving::default() };
        let carry = Taking { benefit: Some(benefit), ..beginning("carried_over", "carry") };
        cases::take(&app, &archive.bureau(), &no, carry).await.unwrap();
        let post = || {
            let amount = "1120".to_owned();
            let wanted = Posting { kind: NoticeKind::Proposed, amount, from: None, until: None };
            notices::post(&app, &clerk, &no, wanted)
        };
        let (one, two, three) = tokio::join!(post(), post(), post());
        let posted = [one, two, three];
        let refused = posted.iter().filter(|one| matches!(one, Err(NoticeError::SameDays(_))));
        assert_eq!(refused.count(), 2, "{posted:?}");

        let wanted = Ordering {
            organisation: "990102003000".parse().unwrap(),
            month: Month::of(today(archive)),
            state: String::new(),
            category: String::new(),
            count: Some(1),
            per_cent: None,
            words: "抽检".into(),
        };
        let order = || draws::order(&app, &clerk, wanted.clone());
        let (one, two, three) = tokio::join!(order(), order(), order());
        let ordered = [one, two, three];
        let refused = ordered.iter().filter(|one| matches!(one, Err(RegisterError::Undrawn(_))));
        assert_eq!(refused.count(), 2, "{ordered:?}");
    })
    .await;
}
