//! 户档: the papers of a household in filing order, what is expected and
//! missing, and what happened.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Happening, ViewError, happenings};
use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::catalog::households::{self, Household, Listed, MemberRow};
use crate::catalog::volumes::{self, Volume};
use crate::catalog::{entries, facts, jobs, organisations, owed, readings};
use crate::db::{DbError, Tx};
use crate::filing;
use crate::living::assessment::{self, AssessmentError, Computed};
use crate::living::cases::{self, Cases};
use crate::living::standards::Standards;
use crate::living::statements;
use crate::looks;
use crate::model::access::{Actor, Scope, scope};
use crate::model::document::State;
use crate::model::id::HouseholdNo;
use crate::model::kinship::is_gone;
use crate::model::lending::day_of;
use crate::model::look::{Kind, Look};
use crate::model::month::Month;
use crate::model::profile::{Collector, DocumentType, Profile};

/// A place in the file: a paper, or the lack of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Place {
    /// 件种, or empty while nobody has said.
    #[serde(rename = "type")]
    pub type_code: String,
    /// The name of the type.
    pub type_name: String,
    /// Who collects it.
    pub collector: Option<Collector>,
    /// The paper, or none when it is expected and missing.
    pub document: Option<Document>,
    /// How it is called.
    pub title: String,
    /// Whether its place in the volume was fixed by the last binding.
    pub bound: bool,
    /// Whether it has been read.
    pub read: bool,
    /// Whether reading it was given up.
    pub stopped: bool,
    /// Since when it is missing; empty where that is not known.
    pub since: String,
    /// Why it was sent back to be mended, or empty.
    pub sent_back: String,
}

/// How complete a file is of what one level collects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CompletenessOfLevel)]
pub struct OfLevel {
    /// Which level.
    pub collector: Collector,
    /// How many of its required kinds of paper are there.
    pub have: usize,
    /// Of how many.
    pub wanted: usize,
}

/// The file of a household, the numbers of persons covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HouseholdView {
    /// The household.
    pub household: Household,
    /// The names of its bureau, street and community, as far as they are known.
    pub region: Vec<String>,
    /// Its members beside the head.
    pub members: Vec<MemberRow>,
    /// Papers and missing papers in filing order.
    pub places: Vec<Place>,
    /// How complete it is, for each level.
    pub completeness: Vec<OfLevel>,
    /// Its cases.
    pub cases: Cases,
    /// 测算: what it is entitled to by standard and stated income; none without either.
    /// It decides nothing.
    pub computed: Option<Computed>,
    /// What is stated as income and is no amount, so that nothing is computed; or empty.
    pub unreadable_income: String,
    /// The versions of its volume, oldest first.
    pub versions: Vec<Volume>,
    /// What happened, newest first, at most 50.
    pub history: Vec<Happening>,
    /// How much happened in all.
    pub history_total: i64,
}

impl HouseholdView {
    /// How many papers came after the last binding, or were corrected.
    #[must_use]
    pub fn unbound(&self) -> usize {
        self.places.iter().filter(|place| place.document.is_some() && !place.bound).count()
    }

    /// The missing papers.
    pub fn missing(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|place| place.document.is_none())
    }
}

/// The file of household `no`, and that it is looked at is noted.
///
/// # Errors
/// When there is none this person may see, no reason was given where one is
/// wanted, or the look cannot be noted.
pub async fn household(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<HouseholdView, ViewError> {
    let look = Look::new(Kind::Open).of(no.clone());
    let begun = match begin(app, actor, no).await {
        Err(error @ ViewError::UnknownHousehold(_)) => {
            looks::refuses(app, actor, look).await?;
            return Err(error);
        }
        begun => begun?,
    };
    let code = begun.versions.last().map_or("", |volume| volume.reference_code.as_str());
    let look = look.titled(&begun.household.head).counting(begun.documents.len()).coded(code, None);
    // Nobody waits twice: the note is written while the rest is gathered.
    let (noted, file) = tokio::join!(looks::shows(app, actor, look), gathered(app, no, begun));
    noted?;
    file
}

/// The file of household `no` for whoever works on papers that go into it: this
/// is not a look, and only what the work needs of it may be shown.
///
/// # Errors
/// When there is none this person may see.
pub async fn household_at_work(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<HouseholdView, ViewError> {
    let begun = begin(app, actor, no).await?;
    gathered(app, no, begun).await
}

/// What is known of a file at once.
struct Begun {
    tx: Tx,
    household: Household,
    versions: Vec<Volume>,
    documents: Vec<Document>,
    visible: Scope,
}

/// What is known at once of the file of household `no`, if this person may see it.
async fn begin(app: &App, actor: &Actor, no: &HouseholdNo) -> Result<Begun, ViewError> {
    let mut tx = app.db.read().await?;
    let visible = scope(actor);
    let household = filing::seen_household(&mut tx, &visible, no)
        .await
        .map_err(|_| ViewError::UnknownHousehold(no.clone()))?;
    let versions = volumes::versions(&mut tx, no).await?;
    let documents = documents::of_household(&mut tx, no).await?;
    Ok(Begun { tx, household, versions, documents, visible })
}

/// All of a file.
async fn gathered(app: &App, no: &HouseholdNo, begun: Begun) -> Result<HouseholdView, ViewError> {
    let Begun { mut tx, household, versions, documents, visible } = begun;
    let members = households::members(&mut tx, no).await?;
    let last_bound = versions.last().map_or(-1, |volume| volume.entry);
    let mut places = Vec::new();
    for document in documents {
        let shown = documents::shown(&mut tx, &document).await?;
        let kind = app.profile.type_of(&shown.type_code);
        let (read, stopped) = reading_stands(&mut tx, &document).await?;
        let changed = document.described.unwrap_or(i64::MAX).max(document.id);
        places.push(Place {
            type_name: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
            collector: kind.map(|kind| kind.collector),
            type_code: shown.type_code,
            title: shown.title,
            bound: document.state() == State::Filed && changed < last_bound,
            read,
            stopped,
            since: String::new(),
            sent_back: document.sent_reason.clone(),
            document: Some(document),
        });
    }
    let mut expected = expected(app, &mut tx, no, &places).await?;
    if is_gone(&household.state) {
        // What every file must have is not asked for where nobody lives any more.
        expected.retain(|one| !one.since.is_empty());
    }
    let mut completeness: Vec<OfLevel> =
        Collector::ALL.map(|collector| OfLevel { collector, have: 0, wanted: 0 }).into();
    for one in expected {
        let of = completeness.iter_mut().find(|level| level.collector == one.kind.collector);
        if let Some(level) = of {
            level.wanted += 1;
            level.have += usize::from(one.there);
        }
        if !one.there {
            places.push(Place {
                type_code: one.kind.code.clone(),
                type_name: one.kind.name.clone(),
                collector: Some(one.kind.collector),
                title: one.kind.name.clone(),
                document: None,
                bound: false,
                read: false,
                stopped: false,
                since: one.since,
                sent_back: String::new(),
            });
        }
    }
    let cases = cases::of_household(app, &mut tx, &household).await?;
    let (computed, unreadable_income) = match computed(app, &mut tx, &household, no, &cases).await?
    {
        Ok(computed) => (computed, String::new()),
        Err(AssessmentError::Income(income)) => (None, income),
    };
    places.sort_by_cached_key(|place| match &place.document {
        Some(document) => filing_order(&app.profile, &place.type_code, document),
        None => (app.profile.order_of(&place.type_code), true, String::new(), i64::MAX),
    });
    let mut history = happenings(entries::of_household(&mut tx, no, 50).await?)?;
    let mut hidden = Vec::new();
    for one in &history {
        // An act about two is told to those alone who may see both.
        for other in one.body.act.household().into_iter().chain(one.body.act.other_household()) {
            if other != no
                && one.body.act.other_household().is_some()
                && !visible.covers(&households::in_charge(&mut tx, other).await?)
            {
                hidden.push(one.no);
            }
        }
    }
    history.retain(|one| !hidden.contains(&one.no));
    let history_total = entries::count_of_household(&mut tx, no).await?;
    let code = household.organisation.clone();
    let region = organisations::all(&mut tx)
        .await?
        .into_iter()
        .filter(|one| {
            one.code.parse().is_ok_and(|known: crate::model::id::OrganisationCode| {
                code.starts_with(known.prefix())
            })
        })
        .map(|one| one.name)
        .collect();
    Ok(HouseholdView {
        household,
        region,
        members,
        places,
        completeness,
        cases,
        computed,
        unreadable_income,
        versions,
        history,
        history_total,
    })
}

/// What it is entitled to in this month by what is stated now: for the persons that are
/// covered, or before the first decision for all that live there.
async fn computed(
    app: &App,
    tx: &mut Tx,
    household: &Household,
    no: &HouseholdNo,
    cases: &Cases,
) -> Result<Result<Option<Computed>, AssessmentError>, ViewError> {
    let this = Month::of(day_of(app.now()));
    let family = statements::family(app, facts::present(tx, no).await?, household.stated);
    let standards = Standards::read(tx).await?;
    let paid = cases.paid_in(this).or_else(|| cases.paid_in(this.next()));
    let persons = paid.and_then(|one| u32::try_from(one.persons).ok());
    let category = paid.map_or("", |one| &one.category);
    Ok(assessment::of_family(
        &standards,
        &family,
        (&household.organisation, category),
        persons.unwrap_or_else(|| family.living()),
        this,
    ))
}

/// A paper that should be in the file.
struct Expected<'a> {
    kind: &'a DocumentType,
    there: bool,
    since: String,
}

/// What should be in the file: what the steps of its cases leave; where there is no
/// case, what every file must have.
async fn expected<'a>(
    app: &'a App,
    tx: &mut Tx,
    no: &HouseholdNo,
    places: &[Place],
) -> Result<Vec<Expected<'a>>, DbError> {
    let owed = owed::of_household(tx, no).await?;
    if owed.is_empty() {
        let there = |kind: &DocumentType| {
            places.iter().any(|place| place.type_code == kind.code && place.document.is_some())
        };
        let required = app.profile.required();
        let all = required.map(|kind| Expected { kind, there: there(kind), since: String::new() });
        return Ok(all.collect());
    }
    let known = owed.into_iter().filter_map(|one| {
        let kind = app.profile.type_of(&one.type_code)?;
        Some(Expected { kind, there: one.met == 1, since: one.since })
    });
    Ok(known.collect())
}

/// By what papers are ordered in a file: type, date, number.
pub(super) fn filing_order(
    profile: &Profile,
    type_code: &str,
    document: &Document,
) -> (usize, bool, String, i64) {
    let date = document.date.clone();
    (profile.order_of(type_code), date.is_empty(), date, document.id)
}

/// Whether all files of a document have been read, and whether that was given
/// up for one of them.
async fn reading_stands(tx: &mut Tx, document: &Document) -> Result<(bool, bool), DbError> {
    let (mut read, mut stopped) = (true, false);
    for file in documents::files(tx, document.id()).await? {
        if readings::of(tx, &file).await?.is_none() {
            read = false;
            let job = jobs::reading_of(tx, &file).await?;
            stopped |= job.is_some_and(|job| job.state == "failed");
        }
    }
    Ok((read, stopped))
}

/// The households this person may see whose number or name has `wanted` in it, or
/// one of whose persons has it as the number of the identity card, after number
/// `after`.
///
/// # Errors
/// When the database fails.
pub async fn households(
    app: &App,
    actor: &Actor,
    wanted: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<Listed>, ViewError> {
    let required: Vec<String> = app.profile.required().map(|kind| kind.code.clone()).collect();
    let mut tx = app.db.read().await?;
    let wanted = wanted_of(app, wanted);
    Ok(households::list(&mut tx, &scope(actor), &wanted, after, &required, limit).await?)
}

fn wanted_of(app: &App, wanted: &str) -> households::Wanted {
    let digest = app.lookup.digest(wanted).unwrap_or_default();
    households::Wanted { part: wanted.to_owned(), digest }
}

/// One page of the list of households.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Roster {
    /// The households of this page.
    pub rows: Vec<Listed>,
    /// How many there are in all.
    pub total: i64,
    /// How many kinds of paper every household must have.
    pub required: usize,
}

/// As [`fn@households`], with how many there are in all.
///
/// # Errors
/// When the database fails.
pub async fn roster(
    app: &App,
    actor: &Actor,
    wanted: &str,
    after: &str,
    limit: u32,
) -> Result<Roster, ViewError> {
    let rows = households(app, actor, wanted, after, limit).await?;
    let mut tx = app.db.read().await?;
    let total = households::count_wanted(&mut tx, &scope(actor), &wanted_of(app, wanted)).await?;
    Ok(Roster { rows, total, required: app.profile.required().count() })
}
