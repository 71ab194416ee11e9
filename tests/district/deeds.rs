//! Doing what is done with one household, as acts of the program.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use yidang::app::App;
use yidang::model::access::Actor;
use yidang::model::act::{Act, Member};
use yidang::model::benefit::{Benefit, Effect};
use yidang::model::document::{Description, StoredFile};
use yidang::model::id::{DocumentId, EntryNo};
use yidang::model::living::{Fact, NextStep, Owed, SendBack, Statement, Step};
use yidang::model::procedure::Taken;
use yidang::model::workdays::months_after;

use super::faults::Kind;
use super::life::Deed;
use super::{Failed, Household, Plan};

/// Whose acts these are, on what.
pub struct Doing<'a> {
    /// The archive.
    pub app: &'a Arc<App>,
    /// Who does it all.
    pub actor: &'a Actor,
    /// The plan of the district.
    pub plan: &'a Plan,
    /// Scans that all papers share.
    pub scans: &'a [StoredFile],
}

/// How far a household is.
struct State<'a> {
    household: &'a Household,
    acts: u64,
    stated: Option<EntryNo>,
    stepped: Option<EntryNo>,
    case: u32,
    /// The steps of the case that runs.
    taken: Vec<Taken>,
}

impl Doing<'_> {
    /// Records an act.
    pub async fn act(&self, act: Act) -> Result<EntryNo, Failed> {
        Ok(self.app.recorder.record(self.actor, act).await?.no)
    }

    /// Opens a household and does everything that is done with it; returns how many acts
    /// that are.
    pub async fn household(&self, one: &Household) -> Result<u64, Failed> {
        let (head, others) = one.persons.split_first().ok_or("a household of nobody")?;
        let member = |one: &super::family::Person| Member {
            name: one.name.clone(),
            relation: one.relation.clone(),
            id_number: one.id_number.clone(),
        };
        self.act(Act::OpenHousehold {
            household: one.no.clone(),
            head: head.name.clone(),
            id_number: head.id_number.clone(),
            address: one.address.clone(),
            members: others.iter().map(member).collect(),
            volume: hex::encode(rand::random::<[u8; 16]>()),
            source: None,
        })
        .await?;
        let mut state = State {
            household: one,
            acts: 1,
            stated: None,
            stepped: None,
            case: 0,
            taken: Vec::new(),
        };
        for deed in one.deeds(self.plan) {
            match deed {
                Deed::State(from, facts) => self.state(&mut state, from, facts).await?,
                Deed::Step { procedure, step, on, benefit } => {
                    self.step(&mut state, (procedure, step), on, benefit).await?;
                }
            }
        }
        Ok(state.acts)
    }

    async fn state(
        &self,
        state: &mut State<'_>,
        from: Date,
        facts: Vec<Fact>,
    ) -> Result<(), Failed> {
        let said = Statement {
            household: state.household.no.clone(),
            from,
            proof: None,
            words: String::new(),
            facts,
            instead_of: None,
            seen: state.stated,
        };
        state.stated = Some(self.act(Act::StateFacts(said)).await?);
        state.acts += 1;
        Ok(())
    }

    async fn step(
        &self,
        state: &mut State<'_>,
        (procedure, step): (&str, &str),
        on: Date,
        benefit: Option<Benefit>,
    ) -> Result<(), Failed> {
        let rules = &self.app.rules;
        let procedure = rules.procedure(procedure).ok_or("no such procedure")?;
        if state.taken.is_empty() {
            state.case += 1;
        }
        let rule = procedure.allows(step, &state.taken, on)?;
        state.taken.push(Taken { step: rule.code.clone(), on, office: String::new() });
        let waiting = procedure.waiting(&state.taken, &rules.holidays);
        let next = waiting.map(|waiting| NextStep {
            step: waiting.step.code.clone(),
            level: waiting.step.level,
            due: waiting.due,
        });
        let papers = rule.papers.iter().filter_map(|code| self.app.profile.type_of(code));
        let owed: Vec<Owed> = papers
            .map(|kind| Owed { type_code: kind.code.clone(), collector: kind.collector })
            .collect();
        let stops = benefit.as_ref().filter(|one| one.effect == Effect::Stop);
        let goes_on = benefit.as_ref().filter(|one| one.effect != Effect::Stop);
        let said = Step {
            household: state.household.no.clone(),
            case: state.case,
            procedure: procedure.code.clone(),
            step: rule.code.clone(),
            called: format!("{}：{}", procedure.name, rule.name),
            on,
            people: vec!["赵玉梅".into(), "钱文斌".into()],
            office: String::new(),
            words: if rule.words { "情况属实".into() } else { String::new() },
            paper: None,
            seen: state.stepped,
            state: rule.state.clone(),
            owed: owed.clone(),
            case_due: next.as_ref().and(procedure.last_day(&state.taken, &rules.holidays)),
            review: goes_on.and_then(|_| self.review(state.household)),
            kept_until: stops.and_then(|one| self.kept_until(one)),
            next,
            benefit,
        };
        state.stepped = Some(self.act(Act::TakeStep(said)).await?);
        state.acts += 1;
        if rule.ends {
            state.taken.clear();
        }
        for paper in owed {
            state.acts += self.paper(state.household, &paper.type_code, on).await?;
        }
        Ok(())
    }

    /// The reviews of the years between are left out: the next one is due within a year,
    /// or since a month at most.
    fn review(&self, one: &Household) -> Option<Date> {
        let days = i64::try_from(one.at % 365).ok()? - 30;
        self.plan.last.first().checked_add(days.days()).ok()
    }

    fn kept_until(&self, stop: &Benefit) -> Option<Date> {
        let profile = &self.app.profile;
        let years = profile.retention_of(&profile.volume.retention)?.years?;
        Some(months_after(stop.from.first().yesterday().ok()?, years * 12))
    }

    /// Files a paper, unless it is to be missing; returns how many acts that are.
    async fn paper(&self, one: &Household, kind: &str, on: Date) -> Result<u64, Failed> {
        let is = |wanted| one.faults.iter().any(|one| one.kind == wanted && one.paper == kind);
        if is(Kind::PaperMissing) {
            return Ok(0);
        }
        let scan = self.scans.get(one.at % self.scans.len()).ok_or("no scans")?;
        let accepted = Act::AcceptDocument {
            file: scan.clone(),
            household: Some(one.no.clone()),
            organisation: self.actor.organisation.clone(),
        };
        let document = DocumentId(self.act(accepted).await?);
        let title = self.app.profile.type_of(kind).map_or(kind, |one| one.name.as_str());
        let description = Description {
            type_code: kind.to_owned(),
            title: title.to_owned(),
            date: Some(on),
            ..Description::default()
        };
        let household = one.no.clone();
        self.act(Act::FileDocument { document, household, description }).await?;
        if !is(Kind::PaperSentBack) {
            return Ok(2);
        }
        let sent = SendBack { household: one.no.clone(), document, reason: "没有签字".into() };
        self.act(Act::SendBack(sent)).await?;
        Ok(3)
    }
}
