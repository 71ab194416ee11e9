//! How far an index is that is being filled.

use serde::Serialize;
use utoipa::ToSchema;

use super::end;
use crate::app::App;
use crate::db::DbError;

/// 检索更新: the index is being filled: after a change of its version, or because it
/// was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SearchRenewal)]
pub struct Renewal {
    /// How many changes of papers it has followed.
    pub done: u64,
    /// How many there are.
    pub of: u64,
    /// Whether the former index answers meanwhile, with everything but what only the
    /// new one can tell; else papers that are not in yet are not found.
    pub former: bool,
}

impl Renewal {
    /// How much is done, from 0 to 99: at 100 it is over.
    #[must_use]
    pub fn percent(&self) -> u64 {
        (u128::from(self.done) * 100 / u128::from(self.of.max(1))).min(99) as u64
    }
}

/// How far the index is; none when it is whole.
///
/// # Errors
/// When a part fails.
pub async fn renewal<E>(app: &App) -> Result<Option<Renewal>, E>
where
    E: From<yidang_indexer::Error> + From<DbError>,
{
    let own = app.index.own();
    if own.is_whole()? {
        return Ok(None);
    }
    let (done, of) = (own.position()?, end(app).await?);
    let former = app.index.former().is_some();
    // One that nothing was ever put into has nothing to fill.
    Ok((done < of).then_some(Renewal { done, of, former }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_done_is_not_told_as_done() {
        let percent = |done, of| Renewal { done, of, former: false }.percent();
        assert_eq!([percent(0, 3), percent(1, 3), percent(999, 1000)], [0, 33, 99]);
        assert_eq!([percent(0, 0), percent(u64::MAX, u64::MAX)], [0, 99]);
    }
}
