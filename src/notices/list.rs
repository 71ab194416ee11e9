//! The notices that are asked for, and the sheet of them for the wall.

use jiff::civil::Date;

use super::{Notice, NoticeError, shown, today};
use crate::app::App;
use crate::catalog::notices::{self, Listing};
use crate::catalog::organisations;
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::look::{Kind, Look};
use crate::model::notice::NoticeKind;

/// The most rows of a sheet.
const PRINTED: u32 = 500;

/// Which notices are asked for. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// An organisation's code or its beginning.
    pub organisation: String,
    /// 户号
    pub household: String,
    /// Which notices: `proposed`, `confirmed`.
    pub kind: String,
    /// Only what is up today.
    pub up: bool,
    /// Only what was put up for some of these days.
    pub days: Option<(Date, Date)>,
    /// Those that were put up before this entry.
    pub before: Option<EntryNo>,
}

impl Asked {
    fn listing(&self, today: Date) -> Result<Listing, NoticeError> {
        let organisation = self.organisation.trim();
        if organisation.len() > 12 || !organisation.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoticeError::Asked("an organisation is up to 12 digits"));
        }
        let household = match self.household.replace(' ', "").as_str() {
            "" => String::new(),
            no => match no.parse::<HouseholdNo>() {
                Ok(no) => no.to_string(),
                Err(_) => return Err(NoticeError::Asked("a household has 17 digits")),
            },
        };
        let kind = match self.kind.as_str() {
            "" => "",
            kind => match kind.parse::<NoticeKind>() {
                Ok(kind) => kind.as_str(),
                Err(_) => return Err(NoticeError::Asked("a notice is proposed or confirmed")),
            },
        };
        Ok(Listing {
            organisation: organisation.trim_end_matches('0').to_owned(),
            household,
            kind: kind.to_owned(),
            on: self.up.then_some(today),
            days: self.days,
            before: self.before,
        })
    }
}

/// Notices of the own scope, newest first.
///
/// # Errors
/// When what is asked for cannot be.
pub async fn list(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Vec<Notice>, NoticeError> {
    actor.must(Right::Look)?;
    let listing = asked.listing(today(app))?;
    let mut tx = app.db.read().await?;
    let rows = notices::list(&mut tx, &scope(actor), &listing, limit).await?;
    let names = organisations::all(&mut tx).await?;
    drop(tx);
    Ok(rows.into_iter().map(|row| shown(row, &names, app.now())).collect())
}

/// What is up today of one kind, as it is printed and put up on the wall; that
/// it was printed is noted.
///
/// # Errors
/// When what is asked for cannot be, or the look cannot be noted.
pub async fn sheet(
    app: &App,
    actor: &Actor,
    kind: NoticeKind,
    asked: &Asked,
) -> Result<Vec<Notice>, NoticeError> {
    let asked = Asked { kind: kind.as_str().to_owned(), up: true, before: None, ..asked.clone() };
    let mut found = list(app, actor, &asked, PRINTED).await?;
    found.sort_by(|a, b| (&a.organisation, a.entry).cmp(&(&b.organisation, b.entry)));
    let title = format!("{} {}", kind.zh(), asked.organisation);
    let mut look = Look::new(Kind::Print).titled(title.trim_end()).counting(found.len());
    if let Ok(no) = asked.household.parse::<HouseholdNo>() {
        look = look.of(no);
    }
    looks::shows_at_work(app, actor, look).await?;
    Ok(found)
}
