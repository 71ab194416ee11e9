//! The three catalogs, the columns of each, and their orders.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which catalog.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Catalog {
    /// 档案检索目录: the volumes, as a list of volumes has them.
    #[default]
    Archive,
    /// 困难情况检索目录: who lives where, and by what need was shown.
    Hardship,
    /// 救助金发放检索目录: what was put up to be paid.
    Payment,
}

/// In which order the rows of a catalog come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CatalogOrder)]
pub enum Order {
    /// 户号
    #[default]
    Number,
    /// 户主
    Head,
    /// 档号
    Reference,
}

impl Catalog {
    /// The three.
    pub const ALL: [Self; 3] = [Self::Archive, Self::Hardship, Self::Payment];

    /// Its name in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Hardship => "hardship",
            Self::Payment => "payment",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Archive => "档案检索目录",
            Self::Hardship => "困难情况检索目录",
            Self::Payment => "救助金发放检索目录",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Archive => "Archive catalog",
            Self::Hardship => "Hardship catalog",
            Self::Payment => "Payment catalog",
        }
    }

    /// Its columns, in Chinese and English.
    #[must_use]
    pub const fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            // As 案卷目录 has them, with the household before.
            Self::Archive => &[
                ("档号", "Reference code"),
                ("户号", "Household no."),
                ("户主", "Head"),
                ("社区", "Community"),
                ("案卷题名", "Title"),
                ("起止日期", "Dates"),
                ("件数", "Papers"),
                ("页数", "Pages"),
                ("保管期限", "Retention"),
                ("备注", "Remarks"),
            ],
            Self::Hardship => &[
                ("户号", "Household no."),
                ("户主", "Head"),
                ("社区", "Community"),
                ("住址", "Address"),
                ("家庭人口", "People"),
                ("已归的件", "Papers filed"),
                ("起止日期", "Dates"),
                ("致贫原因", "Cause"),
                ("家庭月收入", "Monthly income"),
                ("健康与残疾", "Health and disability"),
                ("类别", "Category"),
                ("档号", "Reference code"),
            ],
            Self::Payment => &[
                ("户号", "Household no."),
                ("户主", "Head"),
                ("社区", "Community"),
                ("保障人数", "Persons covered"),
                ("月保障金", "Monthly amount"),
                ("依据", "By"),
                ("自", "From"),
                ("至", "Until"),
                ("名册至", "Listed until"),
                ("实发至", "Paid until"),
                ("累计实发", "Paid in all"),
                ("档号", "Reference code"),
            ],
        }
    }

    /// Whether the values of a column are numbers, amounts among them.
    #[must_use]
    pub fn is_number(self, column: usize) -> bool {
        let name = self.columns().get(column).map_or("", |(_, en)| en);
        self.is_amount(column) || matches!(name, "Papers" | "Pages" | "People" | "Persons covered")
    }

    /// Whether the values of a column are amounts, in yuan.
    #[must_use]
    pub fn is_amount(self, column: usize) -> bool {
        let name = self.columns().get(column).map_or("", |(_, en)| en);
        matches!(name, "Monthly amount" | "Monthly income" | "Paid in all")
    }
}

impl std::str::FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "number" => Ok(Self::Number),
            "head" => Ok(Self::Head),
            "reference" => Ok(Self::Reference),
            _ => Err(format!("{text:?} is no order: number, head, reference")),
        }
    }
}

impl std::str::FromStr for Catalog {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is no catalog: archive, hardship, payment"))
    }
}
