//! The words for households that came from each other.

use super::len;
use crate::model::id::HouseholdNo;
use crate::model::kinship::{Linking, MERGED};
use crate::view::Gone;
use crate::web::lang::Lang;
use crate::web::page::part::{Ended, HouseholdRef};

/// That nobody lives in a household any more, and where it goes on.
pub(crate) fn ended(lang: Lang, gone: &Gone) -> Ended {
    let word = match gone.state == MERGED {
        true => lang.t("已并户", "merged"),
        false => lang.t("已作废", "void"),
    };
    let there = gone.household.as_ref().map(|no| HouseholdRef::new(no, &gone.head));
    Ended { word: word.to_owned(), there }
}

/// How many went from which household to which.
pub(super) fn linked(lang: Lang, said: &Linking) -> String {
    let persons = lang.count(len(&said.moved), "人", "person", "persons");
    let [from, to] = [&said.from, &said.to].map(HouseholdNo::short);
    format!("{persons}{}{from} → {to}", lang.t("，", ", "))
}
