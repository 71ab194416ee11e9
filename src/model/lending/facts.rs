//! What may be done next with a lending, and how it stands at a moment.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Manner, Rule, Stage, Standing, end_of};
use crate::model::access::Actor;
use crate::model::id::{HouseholdNo, PersonId};
use crate::model::people::without_blanks;

/// What the rules need to know of a lending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Whose file.
    pub household: HouseholdNo,
    /// Who asked.
    pub asker: Party,
    /// Who borrows.
    pub borrower: Party,
    /// What is done with the file.
    pub manner: Manner,
    /// The last day.
    pub until: Date,
    /// How far it has come.
    pub stage: Stage,
    /// How many pages were handed over.
    pub pages: u32,
}

/// Somebody who has part in a lending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Whose account, if they have one.
    pub person: Option<PersonId>,
    /// As they were called then.
    pub name: String,
    /// The accounts that are or were ever called like this one is or was: of two people of one
    /// name, and of one person with two accounts, whichever was renamed and when.
    pub alike: Vec<PersonId>,
}

impl Party {
    /// Whether this may be the acting person: by the account, whatever it is
    /// called and may do now, or by a name that both have or had, whatever the
    /// account. Two people of one name ask a third.
    #[must_use]
    pub fn is(&self, actor: &Actor) -> bool {
        let account = self.person.is_some() && self.person == actor.person;
        let alike = actor.person.as_ref().is_some_and(|person| self.alike.contains(person));
        account || alike || without_blanks(&self.name) == without_blanks(&actor.name)
    }
}

impl Facts {
    /// The stage after a decision at `now`.
    ///
    /// # Errors
    /// When the decider has part in it, it was decided, or its term has passed.
    pub fn decided(&self, by: &Actor, agreed: bool, now: Timestamp) -> Result<Stage, Rule> {
        if self.asker.is(by) || self.borrower.is(by) {
            Err(Rule::OwnRequest)
        } else if self.stage != Stage::Asked {
            Err(Rule::Stage)
        } else if agreed && now >= end_of(self.until) {
            Err(Rule::Past)
        } else {
            Ok(if agreed { Stage::Agreed } else { Stage::Refused })
        }
    }

    /// The stage after something was handed over at `now`.
    ///
    /// # Errors
    /// When there is nothing to hand over, or not any more.
    pub fn handed_over(&self, by: &Actor, now: Timestamp) -> Result<Stage, Rule> {
        let account = self.borrower.person.is_some() && self.manner == Manner::Look;
        if self.borrower.is(by) {
            Err(Rule::OwnRequest)
        } else if self.stage != Stage::Agreed || account {
            Err(Rule::Stage)
        } else if now >= end_of(self.until) {
            Err(Rule::Past)
        } else {
            Ok(Stage::HandedOver)
        }
    }

    /// The stage after the papers came back.
    ///
    /// # Errors
    /// When none are outside, the borrower says so, or there were fewer.
    pub fn returned(&self, by: &Actor, pages: u32) -> Result<Stage, Rule> {
        if self.borrower.is(by) {
            Err(Rule::OwnRequest)
        } else if self.stage != Stage::HandedOver || self.manner != Manner::Borrow {
            Err(Rule::Stage)
        } else if pages > self.pages {
            Err(Rule::Pages)
        } else {
            Ok(Stage::Returned)
        }
    }

    /// The stage after it was ended before its time. Papers that are outside
    /// come back first.
    ///
    /// # Errors
    /// When it is over, or papers are outside.
    pub fn ended(&self) -> Result<Stage, Rule> {
        match (self.stage, self.manner) {
            (Stage::Asked | Stage::Agreed, _) | (Stage::HandedOver, Manner::Look) => {
                Ok(Stage::Ended)
            }
            _ => Err(Rule::Stage),
        }
    }

    /// How it stands at `now`. Nothing has to be done for a term to end.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        let past = now >= end_of(self.until);
        let account = self.borrower.person.is_some();
        match (self.stage, self.manner) {
            (Stage::Refused, _) => Standing::Refused,
            (Stage::Ended, _) => Standing::Ended,
            (Stage::Returned, _) | (Stage::HandedOver, Manner::Copy) => Standing::Done,
            (Stage::HandedOver, Manner::Borrow) if past => Standing::Overdue,
            (Stage::HandedOver, Manner::Borrow) => Standing::Out,
            _ if past => Standing::Lapsed,
            (Stage::Asked, _) => Standing::Waiting,
            (Stage::Agreed, Manner::Look) if account => Standing::Open,
            (Stage::Agreed, _) => Standing::Ready,
            (Stage::HandedOver, Manner::Look) => Standing::Open,
        }
    }
}
