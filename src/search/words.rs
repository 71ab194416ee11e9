//! The words that the index knows beside the usual ones: titles of forms and names of places.

use crate::catalog::organisations::{self, Organisation};
use crate::db::{Db, DbError};
use crate::model::profile::Profile;

/// What names of offices end with, longer ones first: on a page the place stands without it.
const OFFICES: [&str; 7] =
    ["社区居民委员会", "居民委员会", "村民委员会", "居委会", "村委会", "办事处", "民政局"];

/// The titles of the profile's types, and the names of the organisations that are registered
/// now, as whole words and as the place alone. Those registered later are known from the next
/// start on, which changes in which order pages come and not which are found.
///
/// # Errors
/// When the database refuses.
pub async fn known(profile: &Profile, db: &Db) -> Result<Vec<String>, DbError> {
    let mut tx = db.read().await?;
    let organisations = organisations::all(&mut tx).await?;
    let titles = profile.types.iter().map(|one| one.name.clone());
    Ok(titles.chain(organisations.iter().flat_map(names)).collect())
}

/// The name of an organisation, and that of its place, if it is one of two characters or more.
fn names(organisation: &Organisation) -> Vec<String> {
    let name = organisation.name.as_str();
    let place = OFFICES.iter().find_map(|office| name.strip_suffix(office));
    let place = place.filter(|place| place.chars().nth(1).is_some());
    [Some(name), place].into_iter().flatten().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_word_without_its_office_too() {
        let of = |name: &str| {
            names(&Organisation { code: "990102003004".to_owned(), name: name.to_owned() })
        };
        assert_eq!(of("槐荫里社区居民委员会"), ["槐荫里社区居民委员会", "槐荫里"]);
        assert_eq!(of("柳桥街道办事处"), ["柳桥街道办事处", "柳桥街道"]);
        assert_eq!(of("县民政局"), ["县民政局"]);
        assert_eq!(of("福利院"), ["福利院"]);
    }
}
