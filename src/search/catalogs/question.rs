//! What is asked of a catalog: read as the search reads it, refused where the catalog has no
//! column for it, and what tables alone know looked up.

use std::collections::{HashMap, HashSet};

use yidang_indexer::{Bounds, Field, FieldTerm, Query, Term, folded};

use super::Catalog;
use crate::app::App;
use crate::catalog::retrieval;
use crate::db::{DbError, Tx};
use crate::model::codes::household::{CAUSE, INCOME};
use crate::model::codes::member::{DISABILITY, HEALTH};
use crate::model::field::Of;
use crate::model::money::Fen;
use crate::search::{SearchError, fields, read};

/// The fields of the household and of those who live there that have a column among hardships.
const STATED: [(Of, &str); 4] = [
    (Of::Household, CAUSE),
    (Of::Household, INCOME),
    (Of::Member, HEALTH),
    (Of::Member, DISABILITY),
];

/// What is asked of a catalog.
#[derive(Debug)]
pub(super) struct Question {
    /// As it was read.
    pub(super) query: Query,
    /// Whom parts of it mean.
    pub(super) meant: Meant,
}

/// The households that are meant by parts of a query that only tables can answer.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// By a field.
    pub(super) by_field: HashMap<FieldTerm, HashSet<String>>,
    /// By the number of a person, of which this is the digest.
    pub(super) by_sign: HashMap<String, HashSet<String>>,
}

impl Question {
    /// What `text` asks of a catalog.
    ///
    /// # Errors
    /// When it cannot be read, the catalog has no column for a part of it, or the database
    /// fails.
    pub(super) async fn read(app: &App, catalog: Catalog, text: &str) -> Result<Self, SearchError> {
        let query = read::query(app, text).await?;
        let (mut terms, mut asked) = (Vec::new(), Vec::new());
        parts(&query, &mut terms, &mut asked);
        let wide = terms.iter().find(|term| term.wide).map(|term| format!("{}~", term.text));
        if let Some(wide) = wide {
            return Err(SearchError::NoColumn { catalog, asked: wide.clone(), asked_en: wide });
        }
        if let Some(one) = asked.iter().find(|one| !has_column(catalog, one)) {
            let (asked, asked_en) = (one.typed(false), one.typed(true));
            return Err(SearchError::NoColumn { catalog, asked, asked_en });
        }
        let mut meant = Meant::default();
        let mut tx = app.db.read().await?;
        let signs: Vec<&String> = terms.iter().filter_map(|term| term.sign.as_ref()).collect();
        for sign in signs {
            let those = retrieval::by_digest(&mut tx, sign).await?;
            meant.by_sign.insert(sign.clone(), those.into_iter().collect());
        }
        for one in asked {
            let those = look_up(&mut tx, catalog, one).await?;
            meant.by_field.insert(one.clone(), those);
        }
        Ok(Self { query, meant })
    }
}

/// The terms and fields of a query, those under a negation too.
fn parts<'q>(query: &'q Query, terms: &mut Vec<&'q Term>, asked: &mut Vec<&'q FieldTerm>) {
    match query {
        Query::Everything => {}
        Query::Term(term) => terms.push(term),
        Query::Field(one) => asked.push(one),
        Query::All(inner) | Query::Any(inner) => {
            inner.iter().for_each(|one| parts(one, terms, asked));
        }
        Query::Not(inner) => parts(inner, terms, asked),
    }
}

/// Whether a catalog knows of every household what is asked.
fn has_column(catalog: Catalog, asked: &FieldTerm) -> bool {
    match asked.field {
        Field::Amount => catalog != Catalog::Archive,
        Field::Keyed => catalog == Catalog::Hardship && !stated(asked).is_empty(),
        _ => true,
    }
}

/// The columns of stated fields that are meant by a field of a form.
fn stated(asked: &FieldTerm) -> Vec<(Of, &'static str)> {
    let is_meant = |one: &(Of, &str)| asked.codes.contains(&fields::stated(one.0, one.1));
    STATED.into_iter().filter(is_meant).collect()
}

/// The households that a field means, where tables alone know; otherwise none.
async fn look_up(
    tx: &mut Tx,
    catalog: Catalog,
    asked: &FieldTerm,
) -> Result<HashSet<String>, DbError> {
    let mut those = HashSet::new();
    match (asked.field, asked.between) {
        (Field::Id, _) => {
            for sign in &asked.signs {
                those.extend(retrieval::by_digest(tx, sign).await?);
            }
            for shape in &asked.codes {
                those.extend(retrieval::by_card(tx, shape).await?);
            }
        }
        (Field::Type, _) => {
            for code in &asked.codes {
                those.extend(retrieval::with_type(tx, code).await?);
            }
        }
        (Field::Date, Some(Bounds { from, to })) => {
            those.extend(retrieval::with_date(tx, &(day(from)..=day(to))).await?);
        }
        (Field::Amount, Some(Bounds { from, to })) if catalog == Catalog::Payment => {
            those.extend(retrieval::decided(tx, &(from..=to)).await?);
        }
        (Field::Amount, Some(Bounds { from, to })) => {
            let incomes = retrieval::stated(tx, true, INCOME).await?.into_iter();
            let is_one =
                |value: &str| Fen::of_fund(value).is_ok_and(|fen| (from..=to).contains(&fen.get()));
            those.extend(incomes.filter(|(_, value)| is_one(value)).map(|(no, _)| no));
        }
        (Field::Keyed, _) => {
            let run = folded(&asked.text);
            for (of, code) in stated(asked) {
                let values = retrieval::stated(tx, of == Of::Household, code).await?.into_iter();
                let has = |(_, value): &(String, String)| folded(value).contains(&run);
                those.extend(values.filter(has).map(|(no, _)| no));
            }
        }
        _ => {}
    }
    Ok(those)
}

/// A day as papers have it, of YYYYMMDD.
fn day(number: u64) -> String {
    format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100)
}
