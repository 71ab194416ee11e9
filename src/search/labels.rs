//! Why a page is found on which nothing of the query stands: the head of the household,
//! the title of the document or the household number has it.

use yidang_indexer::{Field, FieldTerm, ReadAs, Term};

use super::{Found, FoundLabel, Label};

/// So many digits of a household number are found at least where they are not asked of it.
const LEAST_DIGITS: usize = 5;

/// Puts the labels that have what was read so on pages of a document on which nothing is
/// marked.
pub(super) fn tell(found: &mut Found, reads: &[&ReadAs]) {
    let bare = |page: &super::FoundPage| {
        page.matches.is_empty() && page.fields.is_empty() && page.near.is_empty()
    };
    if !found.pages.iter().any(bare) {
        return;
    }
    let household = found.household.as_deref().unwrap_or_default();
    let all = [
        (Label::Head, found.head.as_str()),
        (Label::Title, found.title.as_str()),
        (Label::Household, household),
    ];
    let says = all.into_iter().filter(|(label, text)| {
        let has = |read: &&ReadAs| {
            read.terms().iter().any(|term| has_term(*label, text, term))
                || read.asked().iter().any(|asked| is_asked(*label, text, asked))
        };
        !text.is_empty() && reads.iter().any(has)
    });
    let labels: Vec<FoundLabel> =
        says.map(|(label, text)| FoundLabel { label, text: text.to_owned() }).collect();
    for page in found.pages.iter_mut().filter(|page| bare(page)) {
        page.labels.clone_from(&labels);
    }
}

fn has_term(label: Label, text: &str, term: &Term) -> bool {
    let digits = term.text.chars().filter(|c| c.is_numeric()).count();
    let is_long = label != Label::Household || digits >= LEAST_DIGITS;
    is_long && term.stands_in(text)
}

fn is_asked(label: Label, text: &str, asked: &FieldTerm) -> bool {
    let is_of =
        matches!((label, asked.field), (Label::Head, Field::Head) | (Label::Title, Field::Title));
    let stands = |typed: &str| Term::plain(typed).stands_in(text);
    is_of && (stands(&asked.text) || asked.sounding().iter().any(|name| stands(name)))
}

#[cfg(test)]
mod tests {
    use yidang_indexer::Query;

    use super::*;

    #[test]
    fn labels_have_terms_in_any_script_and_a_number_its_digits() {
        let has = |label, text: &str, typed: &str| {
            let read = Query::read(typed).map(|query| ReadAs::of(&query)).unwrap_or_default();
            read.terms().iter().any(|term| has_term(label, text, term))
                || read.asked().iter().any(|asked| is_asked(label, text, asked))
        };
        assert!(has(Label::Head, "周桂兰", "周桂蘭") && has(Label::Head, "周桂兰", "户主:桂兰"));
        assert!(
            has(Label::Title, "2026年收入证明", "2026")
                && has(Label::Title, "收入证明", "王 OR 收入")
        );
        assert!(
            !has(Label::Title, "周桂兰", "户主:桂兰") && !has(Label::Head, "周桂兰", "-周桂兰")
        );
        let number = "99010200300400127";
        assert!(has(Label::Household, number, "00127") && !has(Label::Household, number, "2003"));
    }
}
