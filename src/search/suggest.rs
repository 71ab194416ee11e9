//! Suggestions while somebody types: households, kinds of paper, titles, what was
//! searched before. Never of what the person may not see.
//!
//! Households are those that are held in memory.

use serde::Serialize;
use utoipa::ToSchema;
use yidang_indexer::{Name, is_spelled};

use super::{Asked, SearchError, fields, held, recent};
use crate::app::App;
use crate::catalog::documents;
use crate::catalog::households as catalog;
use crate::catalog::kinship::{self, Gone};
use crate::db::DbError;
use crate::model::access::{Actor, Right, scope};
use crate::model::form::names::{FieldName, english};

/// The most households that are suggested.
const HOUSEHOLDS: usize = 6;
/// The most kinds of paper, titles and searches, of each.
const OTHERS: usize = 3;
/// The most characters of what is typed that are looked at.
const TYPED: usize = 40;

/// A household that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SuggestedHousehold)]
pub struct Household {
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// 档号 of its volume, or empty.
    pub reference: String,
    /// What became of it, where nobody lives in it any more.
    pub gone: Option<Gone>,
}

/// A kind of paper that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SuggestedType)]
pub struct Kind {
    /// Such as `A02`.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Its English name.
    pub name_en: String,
}

/// A field that may be asked for by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SuggestedField)]
pub struct FieldToAsk {
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The query with its Chinese name, to be gone on with: `低保 工作单位:`.
    pub query: String,
    /// The same with its English name: `低保 employer:`.
    pub query_en: String,
}

/// What may be meant by what somebody types.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suggested {
    /// Households, the likeliest first.
    pub households: Vec<Household>,
    /// 件种
    pub types: Vec<Kind>,
    /// 字段 of forms, by the last word that is typed.
    pub fields: Vec<FieldToAsk>,
    /// Titles of papers, the most frequent first.
    pub titles: Vec<String>,
    /// What the person searched before, newest first.
    pub recent: Vec<String>,
}

/// What `actor` may mean by `typed`.
///
/// # Errors
/// When the person may not search, or the database fails.
pub async fn suggest(app: &App, actor: &Actor, typed: &str) -> Result<Suggested, SearchError> {
    actor.must(Right::Look)?;
    let typed: String = typed.trim().chars().take(TYPED).collect();
    let searched = recent::recent(app, actor).await?;
    let begins = |asked: &Asked| asked.within.is_empty() && asked.query.starts_with(&typed);
    let before = searched.iter().filter(|asked| begins(asked) && asked.query != typed);
    let recent = before.map(|asked| asked.query.clone());
    if typed.is_empty() {
        return Ok(Suggested { recent: recent.collect(), ..Suggested::default() });
    }
    held::follow(app).await?;
    let visible = scope(actor);
    let (mut households, gone): (Vec<Household>, Vec<bool>) = {
        let held = app.held.now();
        let meant = held.names.meant(&typed, visible.prefix(), HOUSEHOLDS);
        let gone = |one: &Name| held.gone.contains(&one.household);
        meant.into_iter().map(|one| (household(one), gone(one))).unzip()
    };
    let letters = typed.to_ascii_lowercase();
    let is_meant = |name: &str| name.contains(&typed) || is_spelled(&letters, name);
    let types = app.profile.types.iter().filter(|kind| is_meant(&kind.name)).map(|kind| Kind {
        code: kind.code.clone(),
        name: kind.name.clone(),
        name_en: kind.name_en.clone(),
    });
    let most = u32::try_from(OTHERS).unwrap_or(u32::MAX);
    let mut tx = app.db.read().await?;
    for (one, _) in households.iter_mut().zip(gone).filter(|(_, gone)| *gone) {
        let no = one.no.parse().map_err(|_| DbError::Corrupt(one.no.clone()))?;
        if let Some(known) = catalog::get(&mut tx, &no).await? {
            one.gone = kinship::became(&mut tx, &visible, &known).await?;
        }
    }
    Ok(Suggested {
        households,
        types: types.take(OTHERS).collect(),
        fields: fields_to_ask(app, &typed),
        titles: documents::titles_beginning(&mut tx, &visible, &typed, most).await?,
        recent: recent.take(OTHERS).collect(),
    })
}

/// The fields that the last word of what is typed may begin.
fn fields_to_ask(app: &App, typed: &str) -> Vec<FieldToAsk> {
    let word = typed.rsplit(char::is_whitespace).next().unwrap_or_default();
    let before = &typed[..typed.len() - word.len()];
    let field = |one: FieldName| FieldToAsk {
        query: format!("{before}{}:", one.name),
        query_en: format!("{before}{}:", english(&one.name_en)),
        name: one.name,
        name_en: one.name_en,
    };
    fields::meant(app, word, OTHERS).into_iter().map(field).collect()
}

fn household(name: &Name) -> Household {
    let Name { household, head, reference, .. } = name.clone();
    Household { no: household, head, reference, gone: None }
}
