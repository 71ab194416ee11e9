//! What a correction changed: the fields that are not what they were. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::access::Scope;
use crate::model::act::Act;
use crate::model::document::Description;

/// A field of a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 户号
    Household,
    /// 件种
    Type,
    /// 题名
    Title,
    /// 日期
    Date,
    /// 责任者
    Responsible,
    /// 文号
    DocumentNo,
    /// 备注
    Remarks,
}

/// A field that was corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Change {
    /// Which.
    pub field: Field,
    /// What stood there, empty when nothing did; none when this person may not
    /// see it.
    pub before: Option<String>,
    /// What stands there since.
    pub after: String,
}

/// What the filing `after` changed of the filing `before`; nothing when one of
/// them is no filing.
pub(super) fn between(before: &Act, after: &Act, visible: &Scope) -> Vec<Change> {
    let (
        Act::FileDocument { household: from, description: old, .. },
        Act::FileDocument { household: to, description: new, .. },
    ) = (before, after)
    else {
        return Vec::new();
    };
    let fields = |said: &Description| {
        [
            (Field::Type, said.type_code.clone()),
            (Field::Title, said.title.clone()),
            (Field::Date, said.date.map(|date| date.to_string()).unwrap_or_default()),
            (Field::Responsible, said.responsible.clone()),
            (Field::DocumentNo, said.document_no.clone()),
            (Field::Remarks, said.remarks.clone()),
        ]
    };
    let moved = (from != to).then(|| Change {
        field: Field::Household,
        before: visible.covers(from.organisation().as_str()).then(|| from.to_string()),
        after: to.to_string(),
    });
    let described = fields(old).into_iter().zip(fields(new));
    let described = described
        .filter(|(old, new)| old != new)
        .map(|((field, before), (_, after))| Change { field, before: Some(before), after });
    moved.into_iter().chain(described).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::access::{Actor, Role, scope};
    use crate::model::id::DocumentId;

    fn filed(household: &str, title: &str, date: &str) -> Act {
        Act::FileDocument {
            document: DocumentId(7),
            household: household.parse().unwrap(),
            description: Description {
                title: title.into(),
                date: date.parse().ok(),
                ..Description::default()
            },
        }
    }

    #[test]
    fn only_what_differs_is_told_and_a_hidden_household_is_not() {
        let street = Actor::new("赵玉梅", "990102003000".parse().unwrap(), Role::Clerk);
        let visible = scope(&street);
        let old = filed("99010200200100001", "收入证明", "");
        let new = filed("99010200300400001", "收入证明", "2026-03-09");
        assert_eq!(
            between(&old, &new, &visible),
            [
                Change { field: Field::Household, before: None, after: "99010200300400001".into() },
                Change {
                    field: Field::Date,
                    before: Some(String::new()),
                    after: "2026-03-09".into()
                },
            ]
        );
        assert!(between(&new, &new, &visible).is_empty());
        let other = Act::CheckFixity { result: Default::default() };
        assert!(between(&other, &new, &visible).is_empty());
    }
}
