//! What of the life of a file could not be done, for programs.

use super::Problem;
use crate::catalog::Refusal;
use crate::living::LivingError;
use crate::model::access::Denied;
use crate::model::living::LivingRule;
use crate::model::procedure::MoveError;
use crate::view::ViewError;

impl From<LivingRule> for Problem {
    fn from(rule: LivingRule) -> Self {
        let message = rule.to_string();
        match rule.is_conflict() {
            true => Self::conflict(rule.code(), message),
            false => Self::invalid(rule.code(), message),
        }
    }
}

impl From<LivingError> for Problem {
    fn from(error: LivingError) -> Self {
        let message = error.to_string();
        match error {
            LivingError::Denied(Denied(right)) => Self::denied(right),
            LivingError::UnknownHousehold(no) => Refusal::UnknownHousehold(no).into(),
            LivingError::UnknownDocument(id) => Refusal::UnknownDocument(id).into(),
            LivingError::Value(_) | LivingError::NoFacts => Self::invalid("value", message),
            LivingError::Identity(rule) => Self::invalid(rule.code(), message),
            LivingError::Move(MoveError::Unknown(_)) => Self::invalid("unknown_step", message),
            LivingError::Move(_) => Self::conflict("not_its_turn", message),
            LivingError::NoProcedure(_) => Self::invalid("unknown_procedure", message),
            LivingError::NotNow { .. } => Self::conflict("not_now", message),
            LivingError::Runs(_) => Self::conflict("case_runs", message),
            LivingError::NoCase => Self::conflict("no_case", message),
            LivingError::OtherLevel(_) => Self::conflict("other_level", message),
            LivingError::People(_)
            | LivingError::Office
            | LivingError::OtherOffice(_)
            | LivingError::Words => Self::invalid("words", message),
            LivingError::Paper => Self::invalid("paper", message),
            LivingError::NotPutUp(_) => Self::conflict("not_put_up", message),
            LivingError::TakenDown { .. } => Self::conflict("taken_down", message),
            LivingError::Benefit(_) | LivingError::BenefitRule(_) => {
                Self::invalid("benefit", message)
            }
            LivingError::Sheet(_) => Self::invalid("sheet", message),
            LivingError::NotPaid(_) => Self::invalid("not_paid", message),
            LivingError::TakenAlready(_) => Self::conflict("taken_already", message),
            LivingError::Departs { .. } => Self::invalid("departs", message),
            LivingError::UnreadableIncome(_) => Self::invalid("unreadable_income", message),
            LivingError::NobodyToList => Self::conflict("nobody_to_list", message),
            LivingError::Asked(_) | LivingError::Told { .. } => Self::invalid("asked", message),
            LivingError::Record(error) => error.into(),
            LivingError::Look(error) => ViewError::from(error).into(),
            LivingError::Db(error) => error.into(),
            LivingError::Vault(error) => error.into(),
        }
    }
}
