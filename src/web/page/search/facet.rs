//! What narrows a result: its values with counts, chosen and lifted by a click.

use crate::search::{Asked, Band};
use crate::web::lang::Lang;

/// Which field a facet narrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetField {
    /// 件种
    Type,
    /// 社区
    Organisation,
    /// 年度
    Year,
    /// 户档
    State,
    /// 识别把握
    Confidence,
    /// 户
    Household,
    /// 状态
    Standing,
    /// 类别
    Category,
}

impl FacetField {
    /// Its name.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            FacetField::Type => lang.t("件种", "Type"),
            FacetField::Organisation => lang.t("社区", "Community"),
            FacetField::Year => lang.t("年度", "Year"),
            FacetField::State => lang.t("户档", "File"),
            FacetField::Confidence => lang.t("识别把握", "Confidence"),
            FacetField::Household => lang.t("户", "Household"),
            FacetField::Standing => lang.t("状态", "State"),
            FacetField::Category => lang.t("类别", "Category"),
        }
    }

    /// The values chosen in it.
    pub fn chosen(self, asked: &Asked) -> Vec<String> {
        match self {
            FacetField::Type => asked.types.clone(),
            FacetField::Organisation => asked.organisations.clone(),
            FacetField::Year => asked.years.clone(),
            FacetField::Household => asked.households.clone(),
            FacetField::Standing => asked.standings.clone(),
            FacetField::Category => asked.categories.clone(),
            FacetField::State => asked.states.iter().map(|one| one.as_str().to_owned()).collect(),
            FacetField::Confidence => {
                asked.bands.iter().map(|one| one.as_str().to_owned()).collect()
            }
        }
    }

    /// The search with a value chosen in it, or lifted when it was chosen.
    pub fn turned(self, asked: &Asked, value: &str) -> Asked {
        let mut asked = asked.clone();
        match self {
            FacetField::Type => turn(&mut asked.types, value),
            FacetField::Organisation => turn(&mut asked.organisations, value),
            FacetField::Year => turn(&mut asked.years, value),
            FacetField::Household => turn(&mut asked.households, value),
            FacetField::Standing => turn(&mut asked.standings, value),
            FacetField::Category => turn(&mut asked.categories, value),
            FacetField::State => turn(&mut asked.states, value),
            FacetField::Confidence => turn(&mut asked.bands, value),
        }
        asked
    }
}

fn turn<T: PartialEq + std::str::FromStr>(list: &mut Vec<T>, value: &str) {
    let Ok(value) = value.parse() else { return };
    match list.iter().position(|one| *one == value) {
        Some(at) => drop(list.remove(at)),
        None => list.push(value),
    }
}

/// How sure a reading is, in words.
pub fn band(lang: Lang, band: Band) -> &'static str {
    match band {
        Band::High => lang.t("高", "High"),
        Band::Middle => lang.t("中", "Middle"),
        Band::Low => lang.t("低，可能有误", "Low"),
        Band::Unread => lang.t("还没读出", "Not read"),
    }
}

/// One way to narrow a result.
#[derive(Debug)]
pub struct Facet {
    /// The field.
    pub field: FacetField,
    /// Values that occur, most frequent first, and those that were chosen.
    pub values: Vec<FacetValue>,
}

/// One value of a facet.
#[derive(Debug)]
pub struct FacetValue {
    /// Value in the address.
    pub value: String,
    /// Name on screen.
    pub name: String,
    /// Documents that have it.
    pub documents: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_chosen_beside_others_and_lifted_again() {
        let asked = Asked { types: vec!["A01".to_owned()], ..Asked::of("周") };
        let two = FacetField::Type.turned(&asked, "A02");
        assert_eq!(FacetField::Type.chosen(&two), ["A01", "A02"]);
        assert_eq!(FacetField::Type.turned(&two, "A02"), asked);
        let ended = FacetField::Standing.turned(&asked, "stopped");
        assert_eq!(FacetField::Standing.chosen(&ended), ["stopped"]);
        assert_eq!(FacetField::Standing.turned(&ended, "stopped"), asked);
        let low = FacetField::Confidence.turned(&asked, "low");
        assert_eq!(FacetField::Confidence.chosen(&low), ["low"]);
        assert_eq!(FacetField::Confidence.turned(&asked, "95"), asked);
    }
}
