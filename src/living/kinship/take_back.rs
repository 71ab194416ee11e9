//! 更正: a split or merge that was wrong is taken back.

use super::{number, rule, told};
use crate::app::App;
use crate::catalog::kinship;
use crate::living::{LivingError, WORDS, seen, short};
use crate::model::access::{Actor, Right};
use crate::model::act::Act;
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::kinship::{KinRule, Unlinking};
use crate::record::Receipt;

/// 更正: takes back the split or merge `link` of household `no`. It can be, until something
/// is built upon it; then the way back is a split or merge the other way round.
///
/// # Errors
/// When there is no such link of a household this person may see, of which both have to
/// be of the scope; no reason is given; or something was done since.
pub async fn take_back(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    link: EntryNo,
    words: &str,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    let words = short(words, WORDS).filter(|words| words.chars().count() >= 2);
    let words = words.ok_or(LivingError::Words)?;
    let mut tx = app.db.read().await?;
    seen(&mut tx, actor, no).await?;
    let all = kinship::of_household(&mut tx, no).await?;
    let row = all.iter().find(|one| one.entry == link && one.voided.is_none());
    let row = row.ok_or_else(|| rule(KinRule::NoLink(link, no.clone())))?;
    let (from, to) = (number(&row.source)?, number(&row.target)?);
    for one in [&from, &to] {
        // Which household it is outside the scope is not told.
        let found = seen(&mut tx, actor, one).await;
        found.map_err(|_| rule(KinRule::NoLink(link, no.clone())))?;
    }
    // Who comes back finds nobody there who has been entered as the same person meanwhile.
    if kinship::in_both(&mut tx, &from, &to).await? {
        return Err(told(
            "分出去的人后来又登记进了原户：先在原户记他离户，再更正。",
            "somebody who moved was entered anew in the household that was left: state first that \
             the person left it",
        ));
    }
    drop(tx);
    let said = Unlinking { link, from, to, words };
    Ok(app.recorder.record(actor, Act::UnlinkHouseholds(said)).await?)
}
