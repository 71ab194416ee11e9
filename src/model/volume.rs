//! 案卷: the ordered documents of one household, page numbers run through,
//! fixed as an immutable [`Manifest`] at every binding.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::document::{Description, StoredFile};
use super::id::{Digest, DocumentId, HouseholdNo};
use super::profile::Profile;

/// The name of the manifest's format; its JSON Schema has the same name.
pub const MANIFEST_FORMAT: &str = "yidang-manifest/1";

/// A document that is to be bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bindable {
    /// Which document.
    pub document: DocumentId,
    /// What the catalog says of it.
    pub description: Description,
    /// Its files in order.
    pub files: Vec<StoredFile>,
}

/// One row of the volume: a document with its place and pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// 顺序号, from 1.
    pub order: u32,
    /// Which document.
    pub document: DocumentId,
    /// What the catalog says of it.
    #[serde(flatten)]
    pub description: Description,
    /// 页号 of its first page in the volume.
    pub first_page: u32,
    /// 页号 of its last page in the volume.
    pub last_page: u32,
    /// Its files in order.
    pub files: Vec<StoredFile>,
}

impl Item {
    /// 页号 as printed: `4` or `2–3`.
    #[must_use]
    pub fn pages(&self) -> String {
        if self.first_page == self.last_page {
            self.first_page.to_string()
        } else {
            format!("{}–{}", self.first_page, self.last_page)
        }
    }
}

/// 卷内清单: one immutable version of a volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`MANIFEST_FORMAT`].
    pub format: String,
    /// 全宗号
    pub fonds: String,
    /// 全宗名称
    pub fonds_name: String,
    /// 档号
    pub reference_code: String,
    /// 户号
    pub household: HouseholdNo,
    /// 户主 on the day of binding.
    pub head: String,
    /// 案卷题名
    pub title: String,
    /// 保管期限, in the profile's words.
    pub retention: String,
    /// 1 for the first binding.
    pub version: i64,
    /// The manifest of the version before.
    pub previous: Option<Digest>,
    /// 立卷时间
    #[schema(value_type = String)]
    pub bound_at: Timestamp,
    /// 立卷人
    pub bound_by: String,
    /// 本卷情况说明, for the volume note 备考表.
    pub note: String,
    /// 页数
    pub pages: u32,
    /// 件, in order.
    pub items: Vec<Item>,
}

impl Manifest {
    /// The first and last date of the papers, where any has one.
    #[must_use]
    pub fn dates(&self) -> Option<(Date, Date)> {
        let dates = || self.items.iter().filter_map(|item| item.description.date);
        Some((dates().min()?, dates().max()?))
    }
}

/// The documents in filing order with their page numbers: by the profile's
/// order of types, then date, then number.
#[must_use]
pub fn arrange(mut documents: Vec<Bindable>, profile: &Profile) -> Vec<Item> {
    documents.sort_by_cached_key(|one| {
        let d = &one.description;
        (profile.order_of(&d.type_code), d.date.is_none(), d.date, one.document)
    });
    let mut next_page = 1;
    documents
        .into_iter()
        .zip(1..)
        .map(|(one, order)| {
            let pages: u32 = one.files.iter().map(|file| file.pages).sum::<u32>().max(1);
            let first_page = next_page;
            next_page += pages;
            Item {
                order,
                document: one.document,
                description: one.description,
                first_page,
                last_page: next_page - 1,
                files: one.files,
            }
        })
        .collect()
}

/// What differs between two versions of a volume.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Changes {
    /// Titles that are new.
    pub added: Vec<String>,
    /// Titles that are no longer in it.
    pub removed: Vec<String>,
    /// Titles of documents whose description or files changed.
    pub changed: Vec<String>,
}

impl Changes {
    /// Whether the two versions hold the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// What `after` has that `before` had not, and the other way round.
#[must_use]
pub fn changes(before: &[Item], after: &[Item]) -> Changes {
    let by_document = |items: &[Item]| -> BTreeMap<DocumentId, Item> {
        items.iter().map(|item| (item.document, item.clone())).collect()
    };
    let (old, new) = (by_document(before), by_document(after));
    let title = |item: &Item| item.description.title.clone();
    Changes {
        added: new.iter().filter(|(id, _)| !old.contains_key(id)).map(|(_, i)| title(i)).collect(),
        removed: old
            .iter()
            .filter(|(id, _)| !new.contains_key(id))
            .map(|(_, i)| title(i))
            .collect(),
        changed: new
            .iter()
            .filter(|(id, item)| {
                old.get(id).is_some_and(|was| {
                    was.description != item.description || was.files != item.files
                })
            })
            .map(|(_, i)| title(i))
            .collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn bindable(no: i64, type_code: &str, date: &str, pages: u32) -> Bindable {
        Bindable {
            document: DocumentId(no),
            description: Description {
                type_code: type_code.into(),
                title: format!("{type_code} {date}"),
                date: date.parse().ok(),
                ..Description::default()
            },
            files: vec![StoredFile {
                sha256: Digest::of(&no.to_be_bytes()),
                name: String::new(),
                bytes: 1,
                mime: "image/jpeg".into(),
                pages,
                sm3: None,
            }],
        }
    }

    #[test]
    fn documents_stand_in_filing_order_and_pages_run_through() {
        let profile = Profile::national_2008().unwrap();
        let items = arrange(
            vec![
                bindable(9, "B01", "2026-09-01", 1),
                bindable(7, "A05", "2026-03-09", 3),
                bindable(5, "A01", "2026-03-09", 1),
                bindable(6, "A02", "2026-04-02", 2),
                bindable(8, "", "", 1),
            ],
            &profile,
        );
        let rows: Vec<_> =
            items.iter().map(|i| (i.order, i.description.type_code.as_str(), i.pages())).collect();
        assert_eq!(
            rows,
            [
                (1, "A01", "1".to_owned()),
                (2, "A02", "2–3".to_owned()),
                (3, "A05", "4–6".to_owned()),
                (4, "B01", "7".to_owned()),
                (5, "", "8".to_owned()),
            ]
        );
    }

    #[test]
    fn changes_between_versions_are_named() {
        let profile = Profile::national_2008().unwrap();
        let a = bindable(1, "A01", "2026-03-09", 1);
        let mut a2 = a.clone();
        a2.description.title = "低保申请书".into();
        let b = bindable(2, "A02", "2026-03-09", 1);
        let c = bindable(3, "A03", "2026-03-09", 1);
        let before = arrange(vec![a, b], &profile);
        let after = arrange(vec![a2, c], &profile);
        let found = changes(&before, &after);
        assert_eq!(found.added, ["A03 2026-03-09"]);
        assert_eq!(found.removed, ["A02 2026-03-09"]);
        assert_eq!(found.changed, ["低保申请书"]);
        assert!(changes(&before, &before).is_empty());
    }
}
