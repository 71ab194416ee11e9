//! The facets of a result: what it can be narrowed by, each value in words.

use crate::model::file_state::FileState;
use crate::search::{self, Asked};
use crate::web::lang::Lang;
use crate::web::page::search::{Facet, FacetField, FacetValue, band};
use crate::web::state::Web;
use crate::web::words;

/// How many values a facet shows, beside those that were chosen.
const VALUES: usize = 8;

/// The facets of a result, each with its values and how many papers have them.
pub(super) fn facets(lang: Lang, web: &Web, asked: &Asked, answer: &search::Answer) -> Vec<Facet> {
    let bands: Vec<(String, u64)> =
        answer.bands.iter().map(|(band, count)| (band.as_str().to_owned(), *count)).collect();
    let lists = [
        (FacetField::Type, &answer.types),
        (FacetField::Organisation, &answer.organisations),
        (FacetField::Year, &answer.years),
        (FacetField::Standing, &answer.standings),
        (FacetField::Category, &answer.categories),
        (FacetField::State, &answer.states),
        (FacetField::Confidence, &bands),
        (FacetField::Household, &answer.households),
    ];
    let named = |field, value: &String| match field {
        FacetField::Type => words::type_name(lang, &web.app.profile, value),
        FacetField::Standing => standing(lang, web, value),
        FacetField::Category => category(lang, web, value),
        FacetField::State => value
            .parse::<FileState>()
            .map_or_else(|_| value.clone(), |state| lang.t(state.zh(), state.en()).to_owned()),
        FacetField::Confidence => {
            value.parse().map_or_else(|_| value.clone(), |one| band(lang, one).to_owned())
        }
        _ => answer.names.get(value).unwrap_or(value).clone(),
    };
    let facet = |(field, counted): (FacetField, &Vec<(String, u64)>)| {
        let chosen = field.chosen(asked);
        let shown = counted.iter().enumerate();
        let shown = shown.filter(|(at, (value, _))| *at < VALUES || chosen.contains(value));
        let mut values: Vec<(String, u64)> = shown.map(|(_, pair)| pair.clone()).collect();
        // What was chosen can be lifted though nothing has it any more.
        let missing = chosen.into_iter().filter(|one| values.iter().all(|(value, _)| value != one));
        values.extend(missing.map(|value| (value, 0)).collect::<Vec<_>>());
        let values = values.into_iter().map(|(value, documents)| FacetValue {
            name: named(field, &value),
            value,
            documents,
        });
        Facet { field, values: values.collect() }
    };
    lists.into_iter().map(facet).collect()
}

/// 状态 of a household, in words.
pub(super) fn standing(lang: Lang, web: &Web, code: &str) -> String {
    let found = web.app.rules.state(code);
    found.map_or_else(|| code.to_owned(), |one| lang.t(&one.name, &one.name_en).to_owned())
}

/// 类别 of a household, in words.
pub(super) fn category(lang: Lang, web: &Web, code: &str) -> String {
    let found = web.app.rules.category(code);
    found.map_or_else(|| code.to_owned(), |one| lang.t(&one.name, &one.name_en).to_owned())
}
