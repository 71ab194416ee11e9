//! What could not be entered in a register, drawn or taken along, for programs.

use super::Problem;
use crate::living::registers::RegisterError;
use crate::model::register::RowRule;

impl From<RowRule> for Problem {
    fn from(rule: RowRule) -> Self {
        let message = rule.to_string();
        match &rule {
            RowRule::NoRow(_) | RowRule::NoOrder(_) => Self::not_found(rule.code(), message),
            rule if rule.is_conflict() => Self::conflict(rule.code(), message),
            _ => Self::invalid(rule.code(), message),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        let message = error.to_string();
        match error {
            RegisterError::Rule(rule) => rule.into(),
            RegisterError::Prove(error) => error.into(),
            RegisterError::Living(error) => error.into(),
            RegisterError::File(_) => Self::trouble(message),
            RegisterError::Unknown(_) => Self::not_found("unknown_register", message),
            RegisterError::UnknownRow(_) => Self::not_found("unknown_row", message),
            RegisterError::UnknownOrder(_) => Self::not_found("unknown_order", message),
            RegisterError::NothingSealed => Self::not_found("nothing_sealed", message),
            RegisterError::Side => Self::conflict("other_side", message),
            RegisterError::BegunBy(_) => Self::conflict("begun_otherwise", message),
            RegisterError::Undrawn(_) => Self::conflict("undrawn", message),
            RegisterError::Draw(_) => Self::invalid("draw", message),
            RegisterError::NoReason => Self::invalid("reason", message),
            RegisterError::TooMany(_) => Self::invalid("too_many", message),
        }
    }
}
