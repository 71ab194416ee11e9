//! 分户、并户: some of a household become one of their own, or all of one go into another;
//! how households came from each other, and where somebody lived before.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    LivingError, NAME, WORDS, cases, findings, is_stale, possible, refused, seen, short,
    statements, today,
};
use crate::app::App;
use crate::catalog::facts;
use crate::catalog::households::{self, Household};
use crate::catalog::kinship::{self, LinkRow};
use crate::catalog::{Refusal, cases as rows, funds};
use crate::db::Tx;
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::act::Act;
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::kinship::{Kin, KinRule, Linking, MERGED, Moved, NewFile, Unlinking, is_gone};
use crate::model::living::LivingRule;
use crate::model::month::Month;
use crate::record::{Receipt, RecordError};

pub use crate::catalog::kinship::Lived;

/// How many months ahead a decision can begin.
const AHEAD: u16 = 12;
/// How many steps the way from a household to where its persons live now has at most.
const STEPS: usize = 50;

/// A person who goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonWhoGoes)]
pub struct Going {
    /// The place in the household.
    #[schema(maximum = 10_000)]
    pub place: u32,
    /// 与户主关系 in the other household; empty for its head.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub relation: String,
}

/// 分户 as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdToSplit)]
pub struct Splitting {
    /// Who goes; not the head.
    #[schema(min_items = 1, max_items = 100)]
    pub going: Vec<Going>,
    /// Who of them is the head of the new household, by place.
    #[schema(maximum = 10_000)]
    pub head: u32,
    /// The community in charge of it, which gives its number.
    pub community: OrganisationCode,
    /// Where it lives.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub address: String,
    /// From which day on; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// The document of this household's file that proves it.
    #[schema(value_type = i64, minimum = 0)]
    pub document: DocumentId,
    /// A remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub words: String,
    /// The entry of the last statement that was seen, -1 for none: when another came
    /// meanwhile, nothing is done. When it is left out, the last one counts as seen.
    #[serde(default)]
    #[schema(minimum = -1)]
    pub seen: Option<EntryNo>,
}

/// 并户 as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdToMerge)]
pub struct Merging {
    /// 户号 of the household that everybody goes into.
    pub into: HouseholdNo,
    /// How those who go are related to its head; who is not named has no relation there
    /// yet.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub going: Vec<Going>,
    /// From which day on; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// The document that proves it, in one of both files.
    #[schema(value_type = i64, minimum = 0)]
    pub document: DocumentId,
    /// A remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub words: String,
    /// As of a split.
    #[serde(default)]
    #[schema(minimum = -1)]
    pub seen: Option<EntryNo>,
}

/// A household that came from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HouseholdFromSplit)]
pub struct Split {
    /// The number it was given.
    pub household: HouseholdNo,
    /// The entry.
    pub entry: EntryNo,
}

fn rule(rule: KinRule) -> LivingError {
    refused(rule.into())
}

fn told(zh: &'static str, en: &'static str) -> LivingError {
    LivingError::Told { zh, en }
}

/// The household of that number, if this person may see it and somebody lives in it.
async fn lived_in(tx: &mut Tx, actor: &Actor, no: &HouseholdNo) -> Result<Household, LivingError> {
    let found = seen(tx, actor, no).await?;
    if is_gone(&found.state) { Err(rule(KinRule::Gone(no.clone()))) } else { Ok(found) }
}

fn relation(typed: &str) -> Result<String, LivingError> {
    let long = told("与户主关系最多40字。", "a relation has at most 40 characters");
    short(typed, NAME).ok_or(long)
}

/// 分户: those who go become a household under the next free number of the community.
///
/// # Errors
/// When there is no such household this person may see, the community is not of the
/// scope, the head would go or nobody, the paper is not of the file, or another stated
/// something meanwhile.
pub async fn split(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    splitting: Splitting,
) -> Result<Split, LivingError> {
    actor.must(Right::File)?;
    let mut tx = app.db.read().await?;
    let household = lived_in(&mut tx, actor, no).await?;
    let known = households::is_organisation(&mut tx, &splitting.community).await?;
    drop(tx);
    let community = &splitting.community;
    if !scope(actor).covers(community.as_str()) {
        return Err(told(
            "社区是本机构或下面的，代码12位。",
            "the community is the own organisation, or below it",
        ));
    }
    if !known {
        return Err(refused(LivingRule::UnknownPlace(community.to_string())));
    }
    if is_stale(splitting.seen, household.stated) {
        return Err(refused(LivingRule::StatedMeanwhile(no.clone())));
    }
    let on = splitting.on.unwrap_or_else(|| today(app));
    possible(on)?;
    let mut going = splitting.going;
    // The head comes first.
    going.sort_by_key(|one| (one.place != splitting.head, one.place));
    if going.first().is_none_or(|one| one.place != splitting.head) {
        return Err(told(
            "新户的户主要在分出去的人里。",
            "the head of the new household is one of those who go",
        ));
    }
    let mut moved = Vec::new();
    for (one, to) in going.iter().zip(0_u32..) {
        let relation = if to == 0 { String::new() } else { relation(&one.relation)? };
        moved.push(Moved { place: one.place, to, relation });
    }
    let long = told("地址最多100字。", "an address has at most 100 characters");
    let said = Linking {
        kind: Kin::Split,
        from: no.clone(),
        to: no.clone(),
        on,
        document: splitting.document,
        words: short(&splitting.words, WORDS).ok_or(LivingError::Words)?,
        moved,
        opened: Some(NewFile {
            address: short(&splitting.address, 100).ok_or(long)?,
            volume: hex::encode(rand::random::<[u8; 16]>()),
        }),
        seen: household.stated,
        seen_there: None,
        stepped: household.stepped,
    };
    under_next_number(app, actor, community, said).await
}

/// Records a split under the next free number of a community.
async fn under_next_number(
    app: &App,
    actor: &Actor,
    community: &OrganisationCode,
    said: Linking,
) -> Result<Split, LivingError> {
    loop {
        let mut tx = app.db.read().await?;
        let serial = households::next_serial(&mut tx, community.as_str()).await?;
        drop(tx);
        let full = told("这个社区的户号用完了。", "the community has no number left");
        let to: HouseholdNo = format!("{community}{serial:05}").parse().map_err(|_| full)?;
        let act = Act::LinkHouseholds(Linking { to: to.clone(), ..said.clone() });
        match app.recorder.record(actor, act).await {
            // Somebody else took the number meanwhile; the next one is free.
            Err(RecordError::Refused(Refusal::HouseholdExists(_))) => {}
            recorded => return Ok(Split { household: to, entry: recorded?.no }),
        }
    }
}

/// 并户: everybody who lives in household `no` goes into another. Its number stays its
/// own, and its file stays as it is.
///
/// # Errors
/// When there is no such household this person may see, they are one, a case runs, a
/// finding is open, something is paid, due or asked back, somebody lives in both, or
/// another stated something meanwhile.
pub async fn merge(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    merging: Merging,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    if merging.into == *no {
        return Err(rule(KinRule::Itself(no.clone())));
    }
    let mut tx = app.db.read().await?;
    let household = lived_in(&mut tx, actor, no).await?;
    let there = lived_in(&mut tx, actor, &merging.into).await?;
    if is_stale(merging.seen, household.stated) {
        return Err(refused(LivingRule::StatedMeanwhile(no.clone())));
    }
    let family = statements::family(app, facts::present(&mut tx, no).await?, household.stated);
    let last = kinship::last_place(&mut tx, &merging.into).await?;
    settled(app, &mut tx, &household, no).await?;
    if kinship::in_both(&mut tx, no, &merging.into).await? {
        return Err(told(
            "有人两户都在：先在其中一户记他离户，再并户。",
            "somebody lives in both: state first that the person left one of them",
        ));
    }
    drop(tx);
    if findings::open_of(app, actor, no).await? > 0 {
        return Err(told(
            "这一户还有核查发现没有处理，先处理完再并户。",
            "a finding of this household is open: close it first",
        ));
    }
    let on = merging.on.unwrap_or_else(|| today(app));
    possible(on)?;
    let next = u32::try_from(last + 1).unwrap_or(u32::MAX);
    let mut moved = Vec::new();
    for (one, to) in family.persons.iter().filter(|one| !one.left).zip(next..) {
        let typed = merging.going.iter().find(|going| going.place == one.place);
        let relation = relation(typed.map_or("", |going| &going.relation))?;
        moved.push(Moved { place: one.place, to, relation });
    }
    let named = |place| moved.iter().any(|one: &Moved| one.place == place);
    if let Some(one) = merging.going.iter().find(|one| !named(one.place)) {
        return Err(refused(LivingRule::NoPerson(no.clone(), one.place.into())));
    }
    let said = Linking {
        kind: Kin::Merge,
        from: no.clone(),
        to: merging.into,
        on,
        document: merging.document,
        words: short(&merging.words, WORDS).ok_or(LivingError::Words)?,
        moved,
        opened: None,
        seen: household.stated,
        seen_there: there.stated,
        stepped: household.stepped,
    };
    Ok(app.recorder.record(actor, Act::LinkHouseholds(said)).await?)
}

/// Refuses to end a household of which something still runs, is paid, due or asked back.
async fn settled(
    app: &App,
    tx: &mut Tx,
    household: &Household,
    no: &HouseholdNo,
) -> Result<(), LivingError> {
    let cases = cases::of_household(app, tx, household).await?;
    if let Some(case) = cases.open() {
        return Err(LivingError::Runs(case.no));
    }
    let this = Month::of(today(app));
    if (0..=AHEAD).any(|months| cases.paid_in(this.plus(months)).is_some()) {
        return Err(told(
            "这一户还在领低保金，先办停发，再并户。",
            "the allowance of this household runs: stop it first by a decision",
        ));
    }
    if kinship::unpaid(tx, no).await? > 0 {
        return Err(told(
            "名册上还有这一户没有发成的钱，先办清，再并户。",
            "a payment of this household is listed and did not come through: settle it first",
        ));
    }
    let asked_back = funds::of_household(tx, no.as_str()).await?;
    if asked_back.iter().any(|one| one.open() > 0) {
        return Err(told(
            "这一户还有追缴没有办完，先办完，再并户。",
            "something is asked back from this household: settle it first",
        ));
    }
    Ok(())
}

/// 更正: takes back the split or merge `link` of household `no`. It can be, until something
/// is built upon it; then the way back is a split or merge the other way round.
///
/// # Errors
/// When there is no such link of a household this person may see, of which both have to
/// be of the scope; no reason is given; or something was done since.
pub async fn take_back(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    link: EntryNo,
    words: &str,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    let words = short(words, WORDS).filter(|words| words.chars().count() >= 2);
    let words = words.ok_or(LivingError::Words)?;
    let mut tx = app.db.read().await?;
    seen(&mut tx, actor, no).await?;
    let all = kinship::of_household(&mut tx, no).await?;
    let row = all.iter().find(|one| one.entry == link && one.voided.is_none());
    let row = row.ok_or_else(|| rule(KinRule::NoLink(link, no.clone())))?;
    let (from, to) = (number(&row.source)?, number(&row.target)?);
    for one in [&from, &to] {
        // Which household it is outside the scope is not told.
        let found = seen(&mut tx, actor, one).await;
        found.map_err(|_| rule(KinRule::NoLink(link, no.clone())))?;
    }
    drop(tx);
    let said = Unlinking { link, from, to, words };
    Ok(app.recorder.record(actor, Act::UnlinkHouseholds(said)).await?)
}

fn number(text: &str) -> Result<HouseholdNo, LivingError> {
    text.parse().map_err(|_| crate::db::DbError::Corrupt(text.to_owned()).into())
}

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
    if is_gone(&household.state) {
        found.gone.clone_from(&household.state);
        found.lives_on = lives_on(&mut tx, &visible, no, &rows).await?;
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

/// The household in which those live now who lived in one that is gone.
async fn lives_on(
    tx: &mut Tx,
    visible: &Scope,
    no: &HouseholdNo,
    rows: &[LinkRow],
) -> Result<Option<LivesOn>, LivingError> {
    let mut rows = rows.to_vec();
    let mut at = no.clone();
    for _ in 0..STEPS {
        let Some(household) = households::get(tx, &at).await? else { return Ok(None) };
        if !is_gone(&household.state) {
            let is_seen = visible.covers(&household.organisation);
            return Ok(Some(LivesOn {
                head: if is_seen { household.head } else { String::new() },
                household: is_seen.then_some(household.no),
            }));
        }
        let next = if household.state == MERGED {
            let mut merges = rows.iter().rev().filter(|one| one.voided.is_none());
            merges.find(|one| one.source == at.as_str()).map(|one| &one.target)
        } else {
            rows.iter().rev().find(|one| one.target == at.as_str()).map(|one| &one.source)
        };
        let Some(next) = next else { return Ok(None) };
        at = number(next)?;
        rows = kinship::of_household(tx, &at).await?;
    }
    Ok(None)
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
pub(super) async fn counted_there(
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
