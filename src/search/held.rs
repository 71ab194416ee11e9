//! Households in memory: those that are suggested while somebody types, and what the retrieval
//! catalogs are asked by. They follow the log: each time only what was recorded since is
//! looked up. Whoever reads them narrows them to a scope.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use yidang_indexer::{Name, Names, folded};

use super::SearchError;
use crate::app::App;
use crate::catalog::{entries, households};
use crate::model::kinship::is_gone;

/// The households of an archive, as far as they were followed.
#[derive(Debug, Default)]
pub(crate) struct Held(RwLock<Followed>);

/// What is held of them.
#[derive(Debug, Default)]
pub(super) struct Followed {
    /// As they are suggested.
    pub(super) names: Names,
    /// Those in which nobody lives any more.
    pub(super) gone: BTreeSet<String>,
    /// What a catalog is asked by, by number.
    pub(super) rows: BTreeMap<String, Row>,
    /// How many entries of the log were followed.
    entries: i64,
}

/// What a catalog is asked by of a household.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The community it belongs to.
    pub(super) organisation: String,
    /// 户主
    pub(super) head: String,
    /// 档号 of its volume, or empty.
    pub(super) reference: String,
    /// The names of head and members as they are compared, a line each, the head first.
    pub(super) people: String,
    /// 档号 as it is compared.
    pub(super) code: String,
    /// 案卷题名 as it is compared, or empty.
    pub(super) title: String,
}

impl Held {
    /// What is held now; see [`follow`].
    pub(super) fn now(&self) -> RwLockReadGuard<'_, Followed> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Brings what is held up to the log.
///
/// # Errors
/// When the database fails.
pub(super) async fn follow(app: &App) -> Result<(), SearchError> {
    let mut tx = app.db.read().await?;
    let end = entries::count(&mut tx).await?;
    let followed = app.held.now().entries;
    if followed == end {
        return Ok(());
    }
    // Another process has rebuilt the catalog, and is not done.
    let from = if followed > end { 0 } else { followed };
    let changed = households::changed_since(&mut tx, from).await?;
    let mut held = app.held.0.write().unwrap_or_else(PoisonError::into_inner);
    // Somebody else has followed it further meanwhile.
    if held.entries != followed && held.entries >= end {
        return Ok(());
    }
    if from == 0 {
        *held = Followed::default();
    }
    for one in changed {
        match is_gone(&one.state) {
            true => held.gone.insert(one.no.clone()),
            false => held.gone.remove(&one.no),
        };
        held.put(one);
    }
    held.entries = end;
    Ok(())
}

impl Followed {
    /// Adds a household, or puts it in the place of what was known of it.
    fn put(&mut self, one: households::Held) {
        let households::Held { no, head, organisation, reference, title, members, .. } = one;
        let people: Vec<String> =
            std::iter::once(head.as_str()).chain(members.lines()).map(folded).collect();
        let row = Row {
            people: people.join("\n"),
            code: folded(&reference),
            title: folded(&title),
            organisation: organisation.clone(),
            head: head.clone(),
            reference: reference.clone(),
        };
        self.rows.insert(no.clone(), row);
        self.names.put(Name { household: no, head, organisation, reference });
    }
}
