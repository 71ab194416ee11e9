//! Recording a district: organisations, households, months.

use std::io::Cursor;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt};
use yidang::app::App;
use yidang::model::access::Actor;
use yidang::model::act::Act;
use yidang::model::document::StoredFile;
use yidang::model::fund::{Booking, FundKind};
use yidang::model::id::{Digest, OrganisationCode};
use yidang::model::money::Fen;
use yidang::model::month::Month;
use yidang::model::payment::{BankReturn, MOST_ROWS, ReturnRow, Roster, RosterRow};
use yidang::model::standard::{Method, Standard, Unit};

use super::deeds::Doing;
use super::family::STANDARD;
use super::{BUREAU, District, Failed};

/// How many households are recorded at a time: two full batches of acts.
const AT_ONCE: usize = 512;
/// How many parts of a roster.
const PARTS: usize = 8;
/// How many scans all papers share.
const SCANS: u8 = 8;

/// Told what was recorded, in how many acts, and how long it took.
pub type Progress<'a> = &'a (dyn Fn(&str, u64, Duration) + Sync);

/// Records a district in an archive that was founded.
///
/// # Errors
/// When an act is refused.
pub async fn record(
    app: &Arc<App>,
    actor: &Actor,
    district: &District,
    told: Progress<'_>,
) -> Result<(), Failed> {
    let (plan, begun) = (&district.plan, Instant::now());
    let scans = scans(app).await?;
    let doing = Doing { app, actor, plan, scans: &scans };
    let organisations = plan.organisations()?;
    let count = organisations.len() as u64;
    for (code, name) in organisations {
        doing.act(Act::RegisterOrganisation { code, name }).await?;
    }
    doing.act(Act::SetStandard(standard(district)?)).await?;
    told("organisations", count + 1, begun.elapsed());
    let begun = Instant::now();
    let households = futures::stream::iter(&district.households);
    let acts: u64 = households
        .map(|one| doing.household(one))
        .buffer_unordered(AT_ONCE)
        .try_fold(0, |sum, acts| async move { Ok(sum + acts) })
        .await?;
    told("households", acts, begun.elapsed());
    let begun = Instant::now();
    let mut acts = 0;
    for month in plan.months() {
        acts += self::month(&doing, district, month).await?;
    }
    told("months", acts, begun.elapsed());
    Ok(())
}

fn standard(district: &District) -> Result<Standard, Failed> {
    Ok(Standard {
        organisation: BUREAU.parse()?,
        from: district.plan.first(),
        amount: Fen::new(STANDARD * 100),
        method: Method::Difference,
        tiers: Vec::new(),
        unit: Unit::Fen,
        words: String::new(),
    })
}

/// A few pictures, stored.
async fn scans(app: &App) -> Result<Vec<StoredFile>, Failed> {
    let mut all = Vec::new();
    for shade in 0..SCANS {
        let picture = image::GrayImage::from_fn(40, 40, |x, y| {
            image::Luma([shade.wrapping_mul(31) ^ u8::try_from(x ^ y).unwrap_or(0)])
        });
        let mut png = Cursor::new(Vec::new());
        image::DynamicImage::from(picture).write_to(&mut png, image::ImageFormat::Png)?;
        let bytes = png.into_inner();
        all.push(StoredFile {
            bytes: bytes.len() as u64,
            sha256: app.vault.put(bytes.into()).await?,
            name: format!("扫描{shade}.png"),
            mime: "image/png".into(),
            pages: 1,
            sm3: None,
        });
    }
    Ok(all)
}

/// Records the roster of a month, what the bank says, and the money for it.
async fn month(doing: &Doing<'_>, district: &District, month: Month) -> Result<u64, Failed> {
    let organisation: OrganisationCode = BUREAU.parse()?;
    let (mut rows, mut answers, mut sum) = (Vec::new(), Vec::new(), 0);
    for one in &district.households {
        if let Some(due) = one.listed(month) {
            let amount = Fen::new(due.amount);
            rows.push(RosterRow { household: one.no.clone(), persons: due.persons, amount });
            sum += due.amount;
        }
        answers.extend(one.answers(month).into_iter().map(|answer| ReturnRow {
            household: one.no.clone(),
            amount: Fen::new(answer.amount),
            paid: answer.failed.is_empty(),
            words: answer.failed.to_owned(),
        }));
    }
    let text = bank_file(&answers);
    let bytes = text.len() as u64;
    let file: Digest = doing.app.vault.put(text.into()).await?;
    let mut acts: Vec<Act> = vec![Act::BookFund(Booking {
        organisation: organisation.clone(),
        on: month.first(),
        kind: FundKind::Received,
        amount: Fen::new(sum),
        words: format!("{month} 拨款"),
        instead_of: None,
    })];
    for rows in rows.chunks(MOST_ROWS) {
        let organisation = organisation.clone();
        acts.push(Act::MakeRoster(Roster { month, organisation, rows: rows.to_vec() }));
    }
    for rows in answers.chunks(MOST_ROWS) {
        let name = format!("回盘{month}.csv");
        let rows = rows.to_vec();
        let said = BankReturn { month, file, bytes, name, instead_of: None, rows };
        acts.push(Act::TakeBankReturn(said));
    }
    let count = acts.len() as u64;
    let recording = futures::stream::iter(acts).map(|act| doing.act(act));
    recording.buffered(PARTS).try_collect::<Vec<_>>().await?;
    Ok(count)
}

/// The file that a bank hands back.
pub fn bank_file(rows: &[ReturnRow]) -> String {
    let mut text = "户号,金额,结果,原因\n".to_owned();
    for row in rows {
        let result = if row.paid { "成功" } else { "失败" };
        text.push_str(&format!("{},{},{result},{}\n", row.household, row.amount, row.words));
    }
    text
}
