//! 分户: those who go become a household under the next free number of a community.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Going, relation, rule, told};
use crate::app::App;
use crate::catalog::{Refusal, facts, households, organisations};
use crate::living::statements::{self, Family};
use crate::living::{
    LivingError, WORDS, is_stale, lived_in, possible, refused, short, stated_field, today,
};
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::field::{Field, FieldKind, Of, ValueError};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::kinship::{Kin, KinRule, Linking, Moved, NewFile, Related, Successor};
use crate::model::living::LivingRule;
use crate::record::RecordError;

/// 分户 as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdToSplit)]
pub struct Splitting {
    /// Who goes; the head only where another is named for those who stay.
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
    /// What is known of the household as a whole and goes along with its proof, by the
    /// codes of the fields, such as `registered_address`; neither `head` nor
    /// `organisation`. An address that is given stands instead of the known one.
    #[serde(default)]
    #[schema(max_items = 40)]
    pub along: Vec<String>,
    /// Who is the head of those who stay, by place: needed where the head goes. When it is
    /// left out, the head stays.
    #[serde(default)]
    #[schema(maximum = 10_000)]
    pub successor: Option<u32>,
    /// How those who stay are related to another head; who is not named has no relation
    /// until one is stated.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub staying: Vec<Going>,
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

/// A household that came from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HouseholdFromSplit)]
pub struct Split {
    /// The number it was given.
    pub household: HouseholdNo,
    /// The entry.
    pub entry: EntryNo,
}

/// 分户: those who go become a household under the next free number of the community.
///
/// # Errors
/// When there is no such household this person may see, the community is not of the
/// scope, the head would go and nobody is named, or nobody goes, the paper is not of the
/// file, or another stated something meanwhile.
pub async fn split(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    splitting: Splitting,
) -> Result<Split, LivingError> {
    actor.must(Right::File)?;
    let mut tx = app.db.read().await?;
    let household = lived_in(&mut tx, actor, no).await?;
    let known = organisations::is_registered(&mut tx, &splitting.community).await?;
    let family = statements::family(app, facts::present(&mut tx, no).await?, household.stated);
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
    let successor = successor(no, &family, &splitting)?;
    let along = along(app, &splitting.along)?;
    let moved = moved(splitting.going, splitting.head)?;
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
            along,
        }),
        successor,
        seen: household.stated,
        seen_there: None,
        stepped: household.stepped,
    };
    under_next_number(app, actor, community, said).await
}

/// Who goes, the head of the new household first.
fn moved(mut going: Vec<Going>, head: u32) -> Result<Vec<Moved>, LivingError> {
    going.sort_by_key(|one| (one.place != head, one.place));
    if going.first().is_none_or(|one| one.place != head) {
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
    Ok(moved)
}

/// The fields that go along, each once.
fn along(app: &App, codes: &[String]) -> Result<Vec<String>, LivingError> {
    let mut fields = BTreeSet::new();
    for code in codes {
        let field = stated_field(app, Of::Household, code.trim())?;
        if !goes_along(field) {
            return Err(ValueError::Unknown(field.code.clone()).into());
        }
        fields.insert(code.trim().to_owned());
    }
    Ok(fields.into_iter().collect())
}

/// Whether a field of the household can go along with those who leave: its head and its
/// community are given anew.
#[must_use]
pub fn goes_along(field: &Field) -> bool {
    field.of == Of::Household && !matches!(field.kind, FieldKind::Member | FieldKind::Place)
}

/// Who is the head of those who stay, and how the others are related to that person; none
/// where the head stays. What the others were to the head before holds no more.
fn successor(
    no: &HouseholdNo,
    family: &Family,
    splitting: &Splitting,
) -> Result<Option<Successor>, LivingError> {
    let goes = |place| splitting.going.iter().any(|one| one.place == place);
    let staying = || family.persons.iter().filter(|one| !one.left && !goes(one.place));
    if splitting.staying.iter().any(|one| staying().all(|other| other.place != one.place)) {
        return Err(told(
            "写了与户主关系的人没有留下。",
            "a relation is given of somebody who does not stay",
        ));
    }
    let head = family.persons.iter().find(|one| one.head).map(|one| one.place);
    let Some(place) = splitting.successor.filter(|place| Some(*place) != head) else {
        if head.is_some_and(goes) {
            return Err(rule(KinRule::HeadStays(no.clone())));
        }
        if splitting.staying.is_empty() {
            return Ok(None);
        }
        return Err(told(
            "户主不换，留下的人的关系不用写。",
            "how those who stay are related is said where they get another head",
        ));
    };
    let mut relations = Vec::new();
    for one in staying().filter(|one| one.place != place) {
        let typed = splitting.staying.iter().find(|typed| typed.place == one.place);
        let relation = relation(typed.map_or("", |typed| &typed.relation))?;
        relations.push(Related { place: one.place, relation });
    }
    Ok(Some(Successor { place, relations }))
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
