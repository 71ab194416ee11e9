//! Whether forms can be used: each as it is, with the others, and with the rules by which
//! files live.

use std::collections::BTreeMap;

use super::{
    FactOf, Form, FormError, FormField, Forms, Gives, Item, Kind, MOST, Whose, file_of, is_name,
};
use crate::model::field::Of;
use crate::model::rules::Rules;

/// The most rows of a table.
const ROWS: usize = 20;
/// The most characters of a value.
const LONGEST: usize = 2000;

/// Nothing, when all of these forms can be used with these rules.
pub(super) fn check(forms: &Forms, rules: &Rules) -> Result<(), FormError> {
    let mut types: BTreeMap<&str, String> = BTreeMap::new();
    for form in forms.all() {
        let file = file_of(&form.code);
        let wrong = |why| FormError::Wrong { file: file.clone(), why };
        for kind in &form.types {
            if let Some(other) = types.insert(kind, file.clone()) {
                return Err(wrong(format!("is for papers of type {kind}, as is that in {other}")));
            }
        }
        alone(form).map_err(&wrong)?;
        with_rules(form, rules).map_err(&wrong)?;
    }
    Ok(())
}

/// What is wrong with a form as it is.
fn alone(form: &Form) -> Result<(), String> {
    for group in form.groups() {
        if !is_name(&group.code) {
            return Err(format!("has a table {:?}: a name is of a-z, 0-9 and _", group.code));
        }
        if !(1..=ROWS).contains(&group.most) || group.columns.is_empty() {
            return Err(format!("has in {} not 1 to {ROWS} rows with columns", group.code));
        }
    }
    let many = form.names(|group| group.most).len();
    if !(1..=MOST).contains(&many) {
        return Err(format!("has {many} fields with all rows, not 1 to {MOST}"));
    }
    let mut gives: Vec<Gives> = Vec::new();
    for (_, field) in form.columns() {
        let code = &field.code;
        if !is_name(code) {
            return Err(format!("has a field {code:?}: a name is of a-z, 0-9 and _"));
        }
        if (field.kind == Kind::Choice) == field.choices.is_empty() {
            return Err(format!("has choices of {code} and no kind \"choice\", or none and such"));
        }
        if !field.choices_en.is_empty() && field.choices_en.len() != field.choices.len() {
            return Err(format!("says in English not as many choices of {code} as there are"));
        }
        if !(1..=LONGEST).contains(&field.longest) {
            return Err(format!("lets {code} have not 1 to {LONGEST} characters"));
        }
        if field.nth == Some(0) || field.cell == 0 {
            return Err(format!("counts labels or cells of {code} from 0, not from 1"));
        }
        if let Some(one) = field.gives {
            if gives.contains(&one) {
                return Err(format!("gives a step with {code} what another field gives it"));
            }
            gives.push(one);
        }
    }
    Ok(())
}

/// What of a form does not go with the rules.
fn with_rules(form: &Form, rules: &Rules) -> Result<(), String> {
    for item in form.items() {
        let (fields, named) = match item {
            Item::Field(field) => (std::slice::from_ref(field), false),
            Item::Group(group) => {
                (group.columns.as_slice(), group.columns.iter().any(|one| one.code == "name"))
            }
        };
        for field in fields {
            let code = &field.code;
            if let Some(fact) = &field.fact {
                if rules.field(of(fact), &fact.field).is_err() {
                    let fact = &fact.field;
                    return Err(format!(
                        "says that {code} is the fact {fact}, which fields.toml has not"
                    ));
                }
                if fact.whose == Whose::Member && !named {
                    return Err(format!(
                        "says that {code} is a member's, beside no column \"name\""
                    ));
                }
            }
            if !fits(field) {
                return Err(format!("gives a step with {code} what is of another kind"));
            }
            let is_category = field.gives == Some(Gives::Category);
            let unknown = field.choices.iter().find(|one| rules.category(one).is_none());
            if let Some(unknown) = unknown.filter(|_| is_category) {
                return Err(format!(
                    "offers the category {unknown}, which procedures.toml has not"
                ));
            }
        }
    }
    Ok(())
}

fn of(fact: &FactOf) -> Of {
    match fact.whose {
        Whose::Household => Of::Household,
        Whose::Head | Whose::Member => Of::Member,
    }
}

/// Whether a field is of the kind of what a step gets from it.
fn fits(field: &FormField) -> bool {
    field.gives.is_none_or(|gives| match gives {
        Gives::On => field.kind == Kind::Date,
        Gives::Category => field.kind == Kind::Choice,
        Gives::Persons => field.kind == Kind::Whole,
        Gives::Amount => field.kind == Kind::Money,
        Gives::From | Gives::Until => field.kind == Kind::Month,
        Gives::People | Gives::Words => matches!(field.kind, Kind::Text | Kind::Choice),
    })
}
