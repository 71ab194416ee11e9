//! The households of a roster, one by one: each with its persons, what is known of it, and
//! the allowance it goes on with, by one act.

use jiff::civil::Date;

use super::super::LivingError;
use super::super::cases::Carrying;
use crate::app::App;
use crate::catalog::{Refusal, households};
use crate::filing::{self, FilingError, NewHousehold};
use crate::model::access::Actor;
use crate::model::act::Member;
use crate::model::benefit::Benefit;
use crate::model::id::{HouseholdNo, OrganisationCode};
use crate::model::roster_file::{Family, RosterSource};
use crate::model::table::Why;
use crate::record::RecordError;

/// The households with their numbers: those they have, else the next free ones of the
/// community; none where these are used up.
pub(super) async fn numbered(
    app: &App,
    community: Option<&OrganisationCode>,
    families: Vec<Family>,
) -> Result<Vec<(Family, Option<HouseholdNo>)>, LivingError> {
    let mut serial = match community {
        Some(code) => households::next_serial(&mut app.db.read().await?, code.as_str()).await?,
        None => 0,
    };
    let number = |family: Family| {
        let no = match (&family.number, community) {
            (Some(no), _) => Some(no.clone()),
            (None, Some(code)) => {
                serial += 1;
                format!("{code}{:05}", serial - 1).parse().ok()
            }
            (None, None) => None,
        };
        (family, no)
    };
    Ok(families.into_iter().map(number).collect())
}

/// Why no household is opened under a number that one has already.
pub(super) fn is_open() -> Why {
    Why::new("这个户号已经立户", "a household has been opened under this number already")
}

/// A household that was opened.
pub(super) struct Opened {
    pub(super) no: HouseholdNo,
    pub(super) persons: usize,
    pub(super) benefit: Option<Benefit>,
}

/// What all households of a roster have in common.
pub(super) struct Opener<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    pub(super) community: Option<&'a OrganisationCode>,
    /// How allowances are carried over; none where only households are opened.
    pub(super) carrying: Option<Carrying<'a>>,
    pub(super) source: RosterSource,
    pub(super) today: Date,
}

impl Opener<'_> {
    /// Opens a household under its number, or the next free one of the community. Returns it,
    /// or the line of its first person and why it could not be opened.
    pub(super) async fn open(
        &self,
        family: Family,
        no: Option<HouseholdNo>,
    ) -> Result<Result<Opened, (u64, Why)>, LivingError> {
        let line = family.persons.first().map_or(0, |one| one.line);
        let told = |why: Why| Ok(Err((line, why)));
        let failed = || Why::new("没能立户", "the household could not be opened");
        let Some(no) = no else {
            let en = "the community has no household numbers left";
            return told(Why::new("社区的户号用完了", en));
        };
        let has_number = family.number.is_some();
        let (persons, benefit) = (family.persons.len(), family.benefit.clone());
        let (new, source) = self.act(family, &no, line);
        let mut opened = Opened { no, persons, benefit };
        let (app, actor) = (self.app, self.actor);
        let first = filing::open_listed(app, actor, &opened.no, new.clone(), source.clone()).await;
        match first {
            Ok(_) => Ok(Ok(opened)),
            Err(FilingError::Head) => {
                told(Why::new("户主姓名不对", "the name of the head is not valid"))
            }
            Err(FilingError::Record(RecordError::Refused(Refusal::HouseholdExists(_)))) => {
                // Somebody else took the number meanwhile; the next one is free.
                let Some(code) = self.community.filter(|_| !has_number) else {
                    return told(is_open());
                };
                match filing::open_next_listed(app, actor, code, new, source).await {
                    Ok(no) => {
                        opened.no = no;
                        Ok(Ok(opened))
                    }
                    Err(FilingError::Record(error)) => Err(error.into()),
                    Err(_) => told(failed()),
                }
            }
            Err(FilingError::Record(error)) => Err(error.into()),
            Err(_) => told(failed()),
        }
    }

    /// What is opened, and what the roster says of it.
    fn act(
        &self,
        family: Family,
        no: &HouseholdNo,
        line: u64,
    ) -> (NewHousehold, Option<RosterSource>) {
        let step = |(by, benefit): (&Carrying<'_>, Benefit)| by.step(no, benefit, self.today);
        let carried = self.carrying.as_ref().zip(family.benefit).map(step);
        let source = RosterSource {
            line,
            facts: family.facts,
            carried: carried.map(Box::new),
            ..self.source.clone()
        };
        let mut persons = family.persons.into_iter();
        let head = persons.next();
        let new = NewHousehold {
            head: head.as_ref().map(|one| one.name.clone()).unwrap_or_default(),
            id_number: head.map(|one| one.id_number).unwrap_or_default(),
            address: family.address,
            members: persons
                .map(|one| Member {
                    name: one.name,
                    relation: one.relation,
                    id_number: one.id_number,
                })
                .collect(),
        };
        (new, Some(source))
    }
}
