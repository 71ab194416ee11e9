//! 依据: what a step stands on: who took it, which department, which words, which paper.

use super::super::{LivingError, NAME, WORDS, short};
use super::Taking;
use crate::model::procedure::{OFFICE, StepRule, Taken};

/// Who took a step, which department signed, and what was said.
pub(super) struct Said {
    /// The names, each once.
    pub(super) names: Vec<String>,
    /// 联签单位, or empty.
    pub(super) office: String,
    /// A reason or an opinion, or empty.
    pub(super) words: String,
}

/// What is said of a step, as its rule wants it; `taken` are the steps before it.
///
/// # Errors
/// When names, the department, words or the paper are missing or too long, or another
/// department has to sign.
pub(super) fn said(rule: &StepRule, taking: &Taking, taken: &[Taken]) -> Result<Said, LivingError> {
    let mut names = Vec::new();
    for name in &taking.people {
        let name = short(name, NAME).ok_or(LivingError::People(rule.people))?;
        if !name.is_empty() && !names.contains(&name) {
            names.push(name.replace(',', "，"));
        }
    }
    if names.len() < usize::from(rule.people) || names.len() > 10 {
        return Err(LivingError::People(rule.people));
    }
    let office = short(&taking.office, OFFICE).ok_or(LivingError::Office)?;
    if rule.office && office.is_empty() {
        return Err(LivingError::Office);
    }
    // One that signed can say otherwise only where the rule has it taken again.
    let wanted = match rule.again {
        true => rule.offices.iter().map(String::as_str).collect(),
        false => rule.unsigned(taken),
    };
    if !rule.offices.is_empty() && !wanted.contains(&office.as_str()) {
        return Err(LivingError::OtherOffice(wanted.join("、")));
    }
    let words = short(&taking.words, WORDS).ok_or(LivingError::Words)?;
    if rule.words && words.is_empty() {
        return Err(LivingError::Words);
    }
    if rule.paper && taking.paper.is_none() {
        return Err(LivingError::Paper);
    }
    Ok(Said { names, office, words })
}
