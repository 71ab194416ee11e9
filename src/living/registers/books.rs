//! 台账 as tables: every register and list of the office with its columns as on paper,
//! in parts for a screen, whole to print and to take along.

mod entered;
mod filled;

use serde::Serialize;
use utoipa::ToSchema;

use super::{RegisterError, today};
use crate::app::App;
use crate::config::ReasonIs;
use crate::looks;
use crate::model::access::{Actor, Right};
use crate::model::look::{Kind, Look, Reason};
use crate::sheet::{Cell, Column, Shape, Sheet};

/// The most rows of a file.
pub const MOST: u32 = 20_000;
/// The most rows that are printed at once.
pub const PRINTED: u32 = 2000;

/// A list that acts fill by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FilledRegister)]
pub enum Filled {
    /// 低保对象花名册
    Roster,
    /// 动态管理统计: what changed in a month, quarter or year.
    Changes,
    /// 近亲属备案
    NearRelatives,
    /// 缺件
    Missing,
    /// 复审
    Reviews,
    /// 发放差异: what of entitlement, roster and bank does not agree.
    Differences,
    /// 测算差异: what was not decided as it is computed.
    Assessment,
    /// 专款台账 of a year.
    Fund,
    /// 追缴登记
    Recoveries,
    /// 统计 of a month, quarter or year.
    Statistics,
    /// 发放表: the roster of a month, as it is signed.
    Payments,
    /// 公示: what was put up, and what of it is up.
    Notices,
}

impl Filled {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Roster,
        Self::Changes,
        Self::NearRelatives,
        Self::Missing,
        Self::Reviews,
        Self::Differences,
        Self::Assessment,
        Self::Fund,
        Self::Recoveries,
        Self::Statistics,
        Self::Payments,
        Self::Notices,
    ];

    /// Its code in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Changes => "changes",
            Self::NearRelatives => "near_relatives",
            Self::Missing => "missing",
            Self::Reviews => "reviews",
            Self::Differences => "differences",
            Self::Assessment => "assessment",
            Self::Fund => "fund",
            Self::Recoveries => "recoveries",
            Self::Statistics => "statistics",
            Self::Payments => "payments",
            Self::Notices => "notices",
        }
    }

    /// Whether its rows have a 序号 on paper.
    #[must_use]
    const fn has_serial(self) -> bool {
        matches!(self, Self::Roster | Self::NearRelatives | Self::Payments | Self::Notices)
    }

    /// The list of that code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Roster => "低保对象花名册",
            Self::Changes => "动态管理变动册",
            Self::NearRelatives => "近亲属备案表",
            Self::Missing => "缺件清单",
            Self::Reviews => "复审清单",
            Self::Differences => "发放差异表",
            Self::Assessment => "测算差异表",
            Self::Fund => "专款台账",
            Self::Recoveries => "追缴登记表",
            Self::Statistics => "统计表",
            Self::Payments => "领取金签字表",
            Self::Notices => "公示表",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Roster => "Roster of recipients",
            Self::Changes => "Register of changes",
            Self::NearRelatives => "Near relatives of staff",
            Self::Missing => "Missing papers",
            Self::Reviews => "Reviews due",
            Self::Differences => "Differences of payments",
            Self::Assessment => "Not decided as computed",
            Self::Fund => "Ledger of the fund",
            Self::Recoveries => "Asked back",
            Self::Statistics => "Statistics",
            Self::Payments => "Roster of a month, to be signed",
            Self::Notices => "Public notices",
        }
    }
}

/// What is asked of a register or list, as it is typed. Empty fields narrow nothing, and
/// a list takes those that it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The code of an organisation, or the beginning of codes.
    pub organisation: String,
    /// A month, quarter or year: `2026-12`, `2026-Q4`, `2026`; of rows that are entered,
    /// the year of their numbers.
    pub period: String,
    /// 户号
    pub household: String,
    /// Only what waits for something.
    pub open: bool,
    /// Where it goes on: what was handed out.
    pub after: String,
}

/// A part of a register or list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its columns and rows.
    pub sheet: Sheet,
    /// Of each row, where it leads: to a household, a row, a paper; or empty.
    pub leads: Vec<String>,
    /// Whether a row was struck.
    pub struck: Vec<bool>,
    /// Where it goes on; none at its end.
    pub next: Option<String>,
}

impl Table {
    fn push(&mut self, lead: String, struck: bool, cells: Vec<Cell>) {
        self.leads.push(lead);
        self.struck.push(struck);
        self.sheet.rows.push(cells);
    }
}

/// A part of the register or list of that code, at most `limit` rows, without noting it.
async fn part(
    app: &App,
    actor: &Actor,
    code: &str,
    asked: &Asked,
    limit: u32,
) -> Result<Table, RegisterError> {
    actor.must(Right::Look)?;
    match Filled::named(code) {
        Some(list) => filled::table(app, actor, list, asked, limit).await,
        None => entered::table(app, actor, code, asked, limit).await,
    }
}

/// A part of the register or list of that code, at most `limit` rows, for a screen. That
/// it is looked at is noted.
///
/// # Errors
/// When there is no such register, what is asked for cannot be, or the look cannot be
/// noted.
pub async fn table(
    app: &App,
    actor: &Actor,
    code: &str,
    asked: &Asked,
    limit: u32,
) -> Result<Table, RegisterError> {
    let found = part(app, actor, code, asked, limit).await?;
    let look = Look::new(Kind::Open).titled(&told(&found, asked));
    looks::shows_at_work(app, actor, look.counting(found.sheet.rows.len())).await?;
    Ok(found)
}

/// What a register or list is called in the use register.
fn told(found: &Table, asked: &Asked) -> String {
    let parts = [&found.sheet.name, &asked.organisation, &asked.period, &asked.household];
    let said: Vec<&str> =
        parts.iter().map(|part| part.trim()).filter(|one| !one.is_empty()).collect();
    said.join(" ")
}

/// As [`table`], as it is printed: from its beginning on, oldest first. That it is
/// printed is noted.
///
/// # Errors
/// As [`table`].
pub async fn printed(
    app: &App,
    actor: &Actor,
    code: &str,
    asked: &Asked,
) -> Result<Table, RegisterError> {
    let asked = Asked { after: String::new(), ..asked.clone() };
    let found = oldest_first(part(app, actor, code, &asked, PRINTED).await?, code);
    let found = numbered(found, code);
    let look = Look::new(Kind::Print).titled(&told(&found, &asked));
    looks::shows_at_work(app, actor, look.counting(found.sheet.rows.len())).await?;
    Ok(found)
}

/// 序号: a list that has one on paper gets it where it is whole, and not in parts.
fn numbered(mut found: Table, code: &str) -> Table {
    if Filled::named(code).is_some_and(Filled::has_serial) {
        found.sheet.columns.insert(0, Column::new("序号", "No."));
        for (row, serial) in found.sheet.rows.iter_mut().zip(1..) {
            row.insert(0, Cell::Whole(serial));
        }
    }
    found
}

/// The register or list as a file; that it is taken along is noted with the reason.
///
/// # Errors
/// When the person may not take it along, a reason is wanted and there is none, there are
/// too many rows, or the look cannot be noted.
pub async fn export(
    app: &App,
    actor: &Actor,
    code: &str,
    asked: &Asked,
    (shape, reason): (Shape, Option<Reason>),
) -> Result<Vec<u8>, RegisterError> {
    actor.must(Right::Export)?;
    if reason.is_none() && app.config.access.reason == ReasonIs::Required {
        return Err(RegisterError::NoReason);
    }
    let asked = Asked { after: String::new(), ..asked.clone() };
    let found = part(app, actor, code, &asked, MOST).await?;
    if found.next.is_some() {
        return Err(RegisterError::TooMany(MOST));
    }
    let found = numbered(oldest_first(found, code), code);
    let file = found.sheet.file(shape)?;
    let look = Look::new(Kind::Export).titled(&told(&found, &asked));
    let look = Look { reason, ..look.counting(found.sheet.rows.len()) };
    app.looks.note(actor, look).await?;
    Ok(file)
}

/// Rows that are entered stand newest first on a screen, and on paper as they came.
fn oldest_first(mut found: Table, code: &str) -> Table {
    if Filled::named(code).is_none() {
        found.sheet.rows.reverse();
        found.leads.reverse();
        found.struck.reverse();
    }
    found
}
