//! 常理: what holds of every household, whatever a form says: nobody is known of before the
//! birth, and one person is the head.

use jiff::civil::Date;

use crate::app::App;
use crate::catalog::facts;
use crate::living::LivingError;
use crate::model::codes::{household, member};
use crate::model::id::HouseholdNo;
use crate::model::living::Fact;
use crate::model::text::squeeze;

/// How the head is called in the column of relations to the head.
const HEADS: [&str; 2] = ["户主", "本人"];

/// Refuses what would be stated of household `no` from a day on and cannot be.
///
/// # Errors
/// When somebody would be known of before the birth, or the head to itself is not the head.
pub(super) async fn holds(
    app: &App,
    no: &HouseholdNo,
    said: &[Fact],
    from: Date,
) -> Result<(), LivingError> {
    born_by_then(said, from)?;
    if !said.iter().any(is_head) {
        return Ok(());
    }
    let mut tx = app.db.read().await?;
    let present = facts::present(&mut tx, no).await?;
    let head = facts::head(&present, no).map_err(super::refused)?;
    one_head(said, &head.to_string())
}

fn born_by_then(said: &[Fact], from: Date) -> Result<(), LivingError> {
    let born = said.iter().filter(|one| one.field == member::BIRTH);
    match born.filter_map(|one| one.value.parse::<Date>().ok()).any(|born| born > from) {
        true => Err(LivingError::Told {
            zh: "出生日期晚于记载的起始日。",
            en: "the day of birth is after the day from which it is stated",
        }),
        false => Ok(()),
    }
}

/// Whether somebody is called the head.
fn is_head(one: &Fact) -> bool {
    one.member.is_some()
        && one.field == member::RELATION
        && HEADS.contains(&squeeze(&one.value).as_str())
}

/// `head` is the place of the one who is the head so far.
fn one_head(said: &[Fact], head: &str) -> Result<(), LivingError> {
    let chosen = said.iter().find(|one| one.member.is_none() && one.field == household::HEAD);
    let head = chosen.map_or(head, |one| one.value.as_str());
    let is_other =
        |one: &Fact| is_head(one) && one.member.is_none_or(|place| place.to_string() != head);
    match said.iter().any(is_other) {
        true => Err(LivingError::Told {
            zh: "户主只有一个：要换户主，在全户的「户主」里选。",
            en: "a household has one head: another one is chosen in its field \"Head\"",
        }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(member: Option<u32>, field: &str, value: &str) -> Fact {
        Fact { member, field: field.into(), value: value.into() }
    }

    #[test]
    fn nobody_is_known_of_before_the_birth() {
        let born = [fact(Some(3), "birth", "2026-03-02")];
        let day = |text: &str| text.parse().unwrap_or(Date::MIN);
        assert!(born_by_then(&born, day("2026-03-02")).is_ok());
        assert!(born_by_then(&born, day("2026-03-01")).is_err());
    }

    #[test]
    fn who_is_called_the_head_is_the_head() {
        let called = |place, relation| fact(Some(place), "relation", relation);
        assert!(one_head(&[called(0, "户主")], "0").is_ok());
        assert!(one_head(&[called(1, "户 主")], "0").is_err());
        assert!(one_head(&[called(1, "本人")], "0").is_err());
        assert!(one_head(&[called(1, "妻")], "0").is_ok());
        let chosen = fact(None, "head", "1");
        assert!(one_head(&[called(1, "户主"), chosen.clone()], "0").is_ok());
        assert!(one_head(&[called(0, "户主"), chosen], "0").is_err());
    }
}
