//! 身份: what is stated of persons of a household agrees with their numbers, and no two who
//! live in it have the same. Who left may have the number of somebody who lives there: the
//! person came back and was entered anew. So may whoever lives in another household: that is
//! found there (一人两户), and refused to nobody.

use std::collections::BTreeSet;

use super::LivingError;
use crate::app::App;
use crate::catalog::facts::{self, PresentFact};
use crate::model::codes::member;
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::identity::{IdentityRule, Stated};
use crate::model::living::Fact;
use crate::record::truth::{NUMBER, Numbers};

/// The fields that say who somebody is, or bring somebody back who had left.
const FIELDS: [&str; 4] = [NUMBER, member::BIRTH, member::SEX, member::LEFT];

/// Refuses what would be stated of household `no`, instead of what the entry `wrong` stated,
/// where a person touched by it would be somebody else than the number says, or two who live
/// there would be one. What was wrong before and is not touched refuses nothing.
///
/// # Errors
/// Whose day of birth or sex is not that of the number, or which two have the same.
pub(super) async fn holds(
    app: &App,
    no: &HouseholdNo,
    said: &[Fact],
    wrong: Option<EntryNo>,
) -> Result<(), LivingError> {
    let is_one = |field: &str| FIELDS.contains(&field);
    if wrong.is_none() && !said.iter().any(|one| one.member.is_some() && is_one(&one.field)) {
        return Ok(());
    }
    let mut tx = app.db.read().await?;
    let now = facts::present(&mut tx, no).await?;
    let (held, back) = match wrong {
        None => (now, Vec::new()),
        Some(wrong) => {
            let held = facts::without(&mut tx, no, wrong).await?;
            (held, now.into_iter().filter(|one| one.entry == wrong).collect())
        }
    };
    drop(tx);
    let stated = said.iter().filter_map(|one| Some((one.member?, one.field.as_str())));
    let taken = back.iter().filter_map(|one| Some((place(one)?, one.field.as_str())));
    let touched: BTreeSet<(u32, &str)> =
        stated.chain(taken).filter(|(_, field)| is_one(field)).collect();
    let mut after = After { app, held: &held, said, acts: Numbers::default() };
    for member in touched.iter().map(|(member, _)| *member).collect::<BTreeSet<u32>>() {
        let has = |field| touched.contains(&(member, field));
        let person = after.person(member).await;
        // Of what is not touched by it nothing is said now.
        let only = |field, value: &String| {
            if has(NUMBER) || has(field) { value.clone() } else { String::new() }
        };
        let (birth, sex) = (only(member::BIRTH, &person.birth), only(member::SEX, &person.sex));
        Stated { birth, sex, ..person.clone() }.agrees()?;
        if (has(NUMBER) || has(member::LEFT)) && after.lives(member) {
            after.alone(member, &person).await?;
        }
    }
    Ok(())
}

/// The place of a person; none for the household.
fn place(one: &PresentFact) -> Option<u32> {
    u32::try_from(one.member).ok()
}

/// A household as it would be.
struct After<'a> {
    app: &'a App,
    held: &'a [PresentFact],
    said: &'a [Fact],
    acts: Numbers,
}

impl After<'_> {
    /// What would be stated, if something is.
    fn said(&self, member: u32, field: &str) -> Option<&str> {
        let its = |one: &&Fact| one.member == Some(member) && one.field == field;
        self.said.iter().rfind(its).map(|one| one.value.as_str())
    }

    fn held(&self, member: u32, field: &str) -> Option<&PresentFact> {
        self.held.iter().find(|one| place(one) == Some(member) && one.field == field)
    }

    fn value(&self, member: u32, field: &str) -> &str {
        let held = || self.held(member, field).map_or("", |one| one.value.as_str());
        self.said(member, field).unwrap_or_else(held)
    }

    fn lives(&self, member: u32) -> bool {
        !self.value(member, member::NAME).is_empty() && self.value(member, member::LEFT).is_empty()
    }

    async fn person(&mut self, member: u32) -> Stated {
        let id_number = self.number(member).await;
        let value = |field| self.value(member, field).to_owned();
        Stated {
            name: value(member::NAME),
            id_number,
            birth: value(member::BIRTH),
            sex: value(member::SEX),
        }
    }

    /// The number in full; covered where the act that has it cannot be read any more.
    async fn number(&mut self, member: u32) -> String {
        if let Some(said) = self.said(member, NUMBER) {
            return said.to_owned();
        }
        let Some(held) = self.held(member, NUMBER).filter(|one| !one.value.is_empty()) else {
            return String::new();
        };
        let (entry, covered) = (held.entry, held.value.clone());
        let app = self.app;
        let full = self.acts.stated(&app.db, &app.vault, (entry, member)).await;
        full.ok().filter(|full| !full.is_empty()).unwrap_or(covered)
    }

    /// Refuses a person whose number is that of another who lives there.
    async fn alone(&mut self, member: u32, person: &Stated) -> Result<(), IdentityRule> {
        let held = self.held.iter().filter_map(place);
        let all: BTreeSet<u32> =
            held.chain(self.said.iter().filter_map(|one| one.member)).collect();
        for other in all.into_iter().filter(|other| *other != member) {
            if self.lives(other) {
                let other = self.person(other).await;
                if other.is(person) {
                    return Err(IdentityRule::Twice(other.name, person.name.clone()));
                }
            }
        }
        Ok(())
    }
}
