//! What is done with a household, in order, as the rules have it.

use jiff::civil::Date;
use yidang::model::benefit::{Benefit, Effect};
use yidang::model::living::Fact;
use yidang::model::money::Fen;
use yidang::model::month::Month;

use super::Plan;
use super::family::{Household, Life, Person, carried, day_before};
use super::money::Due;

/// Something that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Facts are stated from a day on.
    State(Date, Vec<Fact>),
    /// A step of a procedure is taken, and its papers are filed.
    Step {
        /// The code of the procedure.
        procedure: &'static str,
        /// The code of the step.
        step: &'static str,
        /// The day.
        on: Date,
        /// What it does to the allowance.
        benefit: Option<Benefit>,
    },
}

impl Household {
    /// Everything that is done with it after its file is opened.
    #[must_use]
    pub fn deeds(&self, plan: &Plan) -> Vec<Deed> {
        let begun = carried(plan);
        let last = day_before(plan.last, 5);
        let mut deeds = vec![Deed::State(begun, self.facts())];
        if self.life == Life::Applying {
            deeds.extend([step("application", "apply", last), step("application", "accept", last)]);
            return deeds;
        }
        let granted = self.benefit(Effect::Grant, Some(self.granted()), plan.first());
        deeds.push(decided("carried_over", "carry", begun, granted));
        for person in self.persons.iter().zip(0_u32..) {
            if let (Person { died: Some(day), .. }, place) = person {
                deeds.push(Deed::State(*day, vec![fact(Some(place), "left", "死亡")]));
            }
        }
        if self.life == Life::Waiting {
            deeds.push(step("review", "visit", last));
        }
        let Some(month) = self.changes() else { return deeds };
        let days = [5, 12, 20].map(|day| day_before(month, day));
        match self.life {
            Life::Raised(_) => {
                deeds.push(Deed::State(days[0], vec![fact(None, "income", "0.00")]));
                deeds
                    .extend([step("review", "visit", days[0]), step("review", "opinion", days[1])]);
                let benefit = self.benefit(Effect::Raise, self.changed(), month);
                deeds.push(decided("review", "raise", days[2], benefit));
            }
            Life::Smaller(_) => {
                deeds
                    .extend([step("change", "report", days[1]), step("change", "verify", days[1])]);
                let benefit = self.benefit(Effect::Reduce, self.changed(), month);
                deeds.push(decided("change", "reduce", days[2], benefit));
            }
            Life::Stopped(_) => {
                deeds
                    .extend([step("review", "visit", days[0]), step("review", "opinion", days[1])]);
                let benefit = self.benefit(Effect::Stop, None, month);
                deeds.push(decided("review", "stop", days[2], benefit));
            }
            Life::Steady | Life::Waiting | Life::Applying => {}
        }
        deeds
    }

    fn benefit(&self, effect: Effect, due: Option<Due>, from: Month) -> Benefit {
        Benefit {
            effect,
            category: self.category.to_owned(),
            persons: due.map_or(0, |due| due.persons),
            amount: Fen::new(due.map_or(0, |due| due.amount)),
            from,
            until: None,
            departs: None,
        }
    }

    /// What it declares.
    fn facts(&self) -> Vec<Fact> {
        let yuan = |yuan: u64| format!("{yuan}.00");
        let causes = ["疾病", "残疾", "缺乏劳动力", "失业", "因学", "孤老"];
        let mut facts = vec![
            fact(None, "cause", causes[self.at % causes.len()]),
            fact(None, "housing", "有房"),
            fact(None, "income", &yuan(self.income)),
            fact(None, "deposits", &yuan(self.deposits)),
            fact(None, "vehicles", &self.vehicles.to_string()),
            fact(None, "properties", "1"),
            fact(None, "bank", "青石农商银行"),
            fact(None, "account", &format!("62220200{:08}", self.at)),
        ];
        if self.is_relative() {
            facts.push(fact(None, "near_relative", "陈主任"));
        }
        for (one, place) in self.persons.iter().zip(0_u32..) {
            let place = Some(place);
            facts.push(fact(place, "sex", if one.is_male { "男" } else { "女" }));
            facts.push(fact(place, "birth", &one.born.to_string()));
            facts.push(fact(
                place,
                "health",
                if self.at.is_multiple_of(3) { "多病" } else { "健康" },
            ));
        }
        facts
    }
}

fn fact(member: Option<u32>, field: &str, value: &str) -> Fact {
    Fact { member, field: field.to_owned(), value: value.to_owned() }
}

fn step(procedure: &'static str, step: &'static str, on: Date) -> Deed {
    Deed::Step { procedure, step, on, benefit: None }
}

fn decided(procedure: &'static str, step: &'static str, on: Date, benefit: Benefit) -> Deed {
    Deed::Step { procedure, step, on, benefit: Some(benefit) }
}
