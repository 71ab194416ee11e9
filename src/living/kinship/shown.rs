//! How a household came from others and what became of it, as far as a person may see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{number, told};
use crate::app::App;
use crate::catalog::kinship::{self, LinkRow, Lived};
use crate::catalog::{cases as rows, households};
use crate::db::Tx;
use crate::living::{LivingError, NAME, cases, seen, short, statements};
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::kinship::Kin;
use crate::model::month::Month;

/// A split or merge, as one of both households has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KnownLink)]
pub struct Link {
    /// The entry that recorded it.
    pub entry: EntryNo,
    /// `split` or `merge`.
    pub kind: String,
    /// Whether they left this household; else they came here.
    pub out: bool,
    /// 户号 of the other one; none where it is outside the scope, which is all that is
    /// told of it then.
    pub other: Option<String>,
    /// 户主 of the other one, or empty.
    pub head: String,
    /// From which day on.
    pub on: String,
    /// The paper that proves it, where this person may see it.
    pub document: Option<i64>,
    /// A remark, or empty.
    pub words: String,
    /// Who moved, by name.
    pub moved: Vec<String>,
    /// Who recorded it.
    pub author: String,
    /// Whether it was taken back.
    pub taken_back: bool,
    /// Why it was wrong, or empty.
    pub why: String,
}

/// Where those who lived in a household live now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LivesOn)]
pub struct LivesOn {
    /// 户号; none where it is outside the scope.
    pub household: Option<String>,
    /// 户主, or empty.
    pub head: String,
}

/// How a household came from others, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HouseholdKinship)]
pub struct Kinship {
    /// Whether it went into another: `merged`; was opened by mistake: `void`; else empty.
    pub gone: String,
    /// Where it goes on, of one that is gone.
    pub lives_on: Option<LivesOn>,
    /// Its splits and merges, in order.
    pub links: Vec<Link>,
}

/// The splits and merges of household `no`. They are part of its file, and that it is
/// looked at is noted with that.
///
/// # Errors
/// When there is none this person may see, or the look cannot be noted.
pub async fn list(app: &App, actor: &Actor, no: &HouseholdNo) -> Result<Kinship, LivingError> {
    statements::on_day(app, actor, no, None, None).await?;
    of_household(app, actor, no).await
}

/// As [`list`], for whoever sees the file already.
///
/// # Errors
/// When there is none this person may see.
pub async fn of_household(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<Kinship, LivingError> {
    let mut tx = app.db.read().await?;
    let household = seen(&mut tx, actor, no).await?;
    let visible = scope(actor);
    let rows = kinship::of_household(&mut tx, no).await?;
    let mut found = Kinship::default();
    if let Some(gone) = kinship::became(&mut tx, &visible, &household).await? {
        found.lives_on = Some(LivesOn { household: gone.household, head: gone.head });
        found.gone = gone.state;
    }
    for row in rows {
        found.links.push(link(&mut tx, &visible, no, row).await?);
    }
    Ok(found)
}

async fn link(
    tx: &mut Tx,
    visible: &Scope,
    no: &HouseholdNo,
    row: LinkRow,
) -> Result<Link, LivingError> {
    let out = row.source == no.as_str();
    let other = number(if out { &row.target } else { &row.source })?;
    let household = households::get(tx, &other).await?;
    let household = household.filter(|one| visible.covers(&one.organisation));
    let is_seen = household.is_some();
    let moved = kinship::moved(tx, row.entry).await?;
    let free = |words: String| if is_seen { words } else { String::new() };
    Ok(Link {
        entry: row.entry,
        kind: row.kind,
        out,
        head: household.map(|one| one.head).unwrap_or_default(),
        other: is_seen.then(|| other.to_string()),
        on: row.on_day,
        document: kinship::seen_paper(tx, visible, row.document).await?,
        words: free(row.words),
        moved: moved.into_iter().map(|one| one.name).collect(),
        author: row.author,
        taken_back: row.voided.is_some(),
        why: free(row.why),
    })
}

/// Where the person with this number lives now, and where before, as far as this person
/// may see it: the present household first.
///
/// # Errors
/// When nothing, or too much, is typed.
pub async fn lived(app: &App, actor: &Actor, typed: &str) -> Result<Vec<Lived>, LivingError> {
    actor.must(Right::Look)?;
    let typed = Some(typed).filter(|typed| typed.chars().count() <= NAME);
    let typed = typed.and_then(|typed| short(typed, NAME)).unwrap_or_default();
    let Some(digest) = app.lookup.digest(&typed) else {
        return Err(told(
            "要写身份证号，最多40个字。",
            "a number of papers has 1 to 40 characters",
        ));
    };
    let mut tx = app.db.read().await?;
    Ok(kinship::lived(&mut tx, &scope(actor), &digest).await?)
}

/// Whether a household from which household `no` was split is still paid in a month for
/// more persons than live in it: nobody is counted twice.
pub(in crate::living) async fn counted_there(
    tx: &mut Tx,
    no: &HouseholdNo,
    month: Month,
) -> Result<bool, LivingError> {
    for row in kinship::of_household(tx, no).await? {
        let split = row.kind == Kin::Split.as_str() && row.target == no.as_str();
        if !split || row.voided.is_some() {
            continue;
        }
        let source = number(&row.source)?;
        let benefits = rows::benefits(tx, &source).await?;
        let cases = cases::Cases { benefits, ..cases::Cases::default() };
        let covered = cases.paid_in(month).map_or(0, |one| one.persons);
        if covered > kinship::how_many(tx, &source).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
