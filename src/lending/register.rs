//! 借阅登记簿: the register of lendings with the columns it has on paper, on screen, over the API, and to take away.

use serde::Serialize;
use utoipa::ToSchema;

use super::{LendingError, List, Shown, list};
use crate::app::App;
use crate::model::access::{Actor, Right};
use crate::model::lending::{Manner, Purpose, Stage, Standing, day_of};
use crate::model::look::{Kind, Look};
use crate::uses::UsesError;
use crate::uses::export::{self, Shape, harmless};

/// The most rows of a file.
const MOST: u32 = 10_000;

/// A row of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RegisterLine)]
pub struct Line {
    /// Its number: the entry that asked.
    pub no: i64,
    /// The name of the lending.
    pub lending: String,
    /// On which day it was asked for.
    pub date: String,
    /// 借阅人
    pub borrower: String,
    /// 单位
    pub body: String,
    /// 联系方式
    pub contact: String,
    /// 证件名称及号码
    pub certificate: String,
    /// Whose file.
    pub household: String,
    /// 档号, or empty while nothing is bound.
    pub reference_code: String,
    /// 题名: of the volume, else the head of the household.
    pub title: String,
    /// 密级: of volumes, in the words of the profile; empty where it gives none, and while nothing is bound.
    pub secrecy: String,
    /// 方式
    pub manner: Manner,
    /// 事由
    pub purpose: Purpose,
    /// The same in words.
    pub reason: String,
    /// Whether it was agreed to; null before the decision.
    pub agreed: Option<bool>,
    /// 审批人, or empty.
    pub decided_by: String,
    /// 意见, or empty.
    pub opinion: String,
    /// 期限: the last day.
    pub until: String,
    /// On which day the papers came back, or empty.
    pub returned: String,
    /// 页数: counted when they came back, else when they were handed over; 0 where none were.
    pub pages: i64,
    /// 是否完好, or empty.
    pub condition: String,
    /// 经办人: who handed over, else who asked.
    pub handled_by: String,
    /// How it stands now.
    pub standing: Standing,
    /// Why it ended before its time, or empty.
    pub remarks: String,
}

/// The columns of 借阅登记簿.
pub const COLUMNS: [(&str, &str); 18] = [
    ("序号", "No."),
    ("日期", "Date"),
    ("借阅人", "Borrower"),
    ("单位", "Body"),
    ("联系方式", "Contact"),
    ("证件", "Certificate"),
    ("档号", "Reference code"),
    ("题名", "Title"),
    ("密级", "Secrecy"),
    ("方式", "Manner"),
    ("事由", "Purpose"),
    ("审批人及意见", "Decision"),
    ("期限", "Until"),
    ("归还日期", "Returned"),
    ("页数", "Pages"),
    ("是否完好", "Condition"),
    ("经办人", "Handled by"),
    ("备注", "Remarks"),
];

/// The register of the lendings this person has to do with, the newest first, at most `limit`
/// that were asked for before entry `before`.
///
/// # Errors
/// When the person may not read it.
pub async fn register(
    app: &App,
    actor: &Actor,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Line>, LendingError> {
    actor.must(Right::ReadUse)?;
    let found = list(app, actor, List::All, before, limit).await?;
    let secrecy = &app.profile.volume.secrecy;
    Ok(found.into_iter().map(|one| line(one, secrecy)).collect())
}

/// The register as a file; that it was taken along is noted.
///
/// # Errors
/// When the person may not, or it cannot be noted.
pub async fn export(
    app: &App,
    actor: &Actor,
    shape: Shape,
    english: bool,
) -> Result<Vec<u8>, LendingError> {
    actor.must(Right::Export)?;
    let found = register(app, actor, None, MOST).await?;
    let columns = COLUMNS.map(|(zh, en)| if english { en } else { zh });
    let rows: Vec<_> =
        found.iter().map(|one| one.cells(english).map(|cell| harmless(&cell))).collect();
    let file = export::written(shape, "借阅登记簿", &columns, &rows)?;
    let look = Look::new(Kind::Export).titled("借阅登记簿").counting(rows.len());
    app.looks.note(actor, look).await.map_err(UsesError::from)?;
    Ok(file)
}

fn line(one: Shown, secrecy: &str) -> Line {
    let step = |stage| one.step(stage).cloned();
    let day = |time: &str| time.parse().map(|time| day_of(time).to_string()).unwrap_or_default();
    let (asked, handed) = (step(Stage::Asked), step(Stage::HandedOver));
    let (back, ended) = (step(Stage::Returned), step(Stage::Ended));
    let (agreed, refused) = (step(Stage::Agreed), step(Stage::Refused));
    let yes = agreed.is_some();
    let decision = agreed.or(refused);
    let bound = !one.reference_code.is_empty();
    Line {
        no: one.asked,
        date: asked.as_ref().map(|step| day(&step.time)).unwrap_or_default(),
        title: if one.title.is_empty() { one.head } else { one.title },
        secrecy: if bound { secrecy.to_owned() } else { String::new() },
        agreed: decision.as_ref().map(|_| yes),
        decided_by: decision.as_ref().map(|step| step.name.clone()).unwrap_or_default(),
        opinion: decision.map(|step| step.words).unwrap_or_default(),
        returned: back.as_ref().map(|step| day(&step.time)).unwrap_or_default(),
        pages: back.as_ref().or(handed.as_ref()).map_or(0, |step| step.pages),
        condition: back.map(|step| step.words).unwrap_or_default(),
        handled_by: handed.or(asked).map(|step| step.name).unwrap_or_default(),
        remarks: ended.map(|step| step.words).unwrap_or_default(),
        lending: one.id,
        borrower: one.borrower,
        body: one.body,
        contact: one.contact,
        certificate: one.certificate,
        household: one.household,
        reference_code: one.reference_code,
        manner: one.manner,
        purpose: one.purpose,
        reason: one.reason,
        until: one.until,
        standing: one.standing,
    }
}

impl Line {
    /// Its cells, as the register has its columns; words in Chinese or, with `english`, in English.
    #[must_use]
    pub fn cells(&self, english: bool) -> [String; COLUMNS.len()] {
        let t = |zh: &'static str, en: &'static str| if english { en } else { zh };
        let decision = self.agreed.map(|agreed| {
            let word = if agreed { t("同意", "agreed") } else { t("不同意", "refused") };
            [self.decided_by.as_str(), word, &self.opinion].join(" ").trim_end().to_owned()
        });
        let code =
            if self.reference_code.is_empty() { &self.household } else { &self.reference_code };
        let purpose = t(self.purpose.zh(), self.purpose.en());
        let standing = t(self.standing.zh(), self.standing.en());
        [
            self.no.to_string(),
            self.date.clone(),
            self.borrower.clone(),
            self.body.clone(),
            self.contact.clone(),
            self.certificate.clone(),
            code.clone(),
            self.title.clone(),
            self.secrecy.clone(),
            t(self.manner.zh(), self.manner.en()).to_owned(),
            format!("{purpose}{}{}", t("：", ": "), self.reason),
            decision.unwrap_or_default(),
            self.until.clone(),
            self.returned.clone(),
            if self.pages > 0 { self.pages.to_string() } else { String::new() },
            self.condition.clone(),
            self.handled_by.clone(),
            format!("{standing} {}", self.remarks).trim_end().to_owned(),
        ]
    }
}
