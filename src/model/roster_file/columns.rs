//! Which column of a roster is what, by the names that offices give them.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::table::{SheetError, Table};
use super::super::text::squeeze;

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Key,
    Head,
    Name,
    Id,
    Relation,
    Birth,
    Sex,
    Address,
    Registered,
    Certificate,
    Phone,
    Bank,
    Account,
    People,
    Covered,
    Amount,
    From,
    Category,
}

/// A use: what it is called in both languages, and the names of its columns, squeezed.
type Known = (Use, &'static str, &'static str, &'static [&'static str]);

static USES: [Known; 18] = [
    (
        Use::Key,
        "户号",
        "Household",
        &[
            "户号",
            "家庭编号",
            "户编号",
            "低保证编号",
            "低保证号",
            "户序号",
            "户主身份证号",
            "household",
        ],
    ),
    (Use::Head, "户主", "Head", &["户主姓名", "户主", "head"]),
    (Use::Name, "姓名", "Name", &["家庭成员姓名", "成员姓名", "姓名", "保障对象姓名", "name"]),
    (
        Use::Id,
        "身份证号",
        "Identity number",
        &["身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证号(15/18位)", "id_number"],
    ),
    (Use::Relation, "与户主关系", "Relation to the head", &["与户主关系", "关系", "relation"]),
    (Use::Birth, "出生日期", "Born", &["出生日期", "出生年月日", "出生年月", "birth"]),
    (Use::Sex, "性别", "Sex", &["性别", "sex"]),
    (
        Use::Address,
        "现住址",
        "Address",
        &["现住址", "住址", "家庭住址", "地址", "居住地址", "address"],
    ),
    (
        Use::Registered,
        "户籍地址",
        "Registered address",
        &["户籍所在地", "户籍地址", "户籍地", "registered_address"],
    ),
    (
        Use::Certificate,
        "低保证编号",
        "Certificate no.",
        &["低保证编号", "低保证号", "certificate_no"],
    ),
    (
        Use::Phone,
        "联系电话",
        "Telephone",
        &["联系电话", "电话", "电话号码", "联系方式", "手机", "手机号", "手机号码", "phone"],
    ),
    (Use::Bank, "开户行", "Bank", &["开户行", "开户银行", "bank"]),
    (Use::Account, "账号", "Account", &["账号", "银行账号", "银行卡号", "卡号", "account"]),
    (
        Use::People,
        "家庭人口数",
        "People",
        &[
            "家庭人口数",
            "家庭人口",
            "家庭人数",
            "共同生活人数",
            "共同生活人口数",
            "人口数",
            "people",
        ],
    ),
    (
        Use::Covered,
        "保障人数",
        "Persons covered",
        &["保障人数", "保障人口数", "保障人口", "享受人数", "低保人数", "persons"],
    ),
    (
        Use::Amount,
        "月保障金",
        "Yuan a month",
        &[
            "保障金额",
            "月保障金",
            "月保障金额",
            "保障金",
            "低保金额",
            "月低保金",
            "月保障金(元)",
            "保障金额(元)",
            "月保障金额(元)",
            "amount",
        ],
    ),
    (
        Use::From,
        "起始月",
        "From",
        &["起始月", "起始月份", "起始年月", "起始时间", "享受起始月", "开始月", "起保月", "from"],
    ),
    (
        Use::Category,
        "类别",
        "Category",
        &["类别", "家庭类别", "低保类别", "保障类别", "救助类别", "category"],
    ),
];

/// A column of a file, and what it was read as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RosterColumn)]
pub struct ReadColumn {
    /// Its place, from 1.
    pub place: u32,
    /// Its name in the file, or empty.
    pub head: String,
    /// What it is read as, in Chinese; empty where it is passed over.
    pub read: String,
    /// The same in English.
    pub read_en: String,
}

/// The columns of a roster.
pub(super) struct Columns(Vec<(Use, usize)>);

impl Columns {
    /// # Errors
    /// When nobody is named in it, or nobody's number.
    pub(super) fn of(table: &Table) -> Result<Self, SheetError> {
        let found =
            USES.iter().filter_map(|(what, _, _, names)| Some((*what, table.place(names)?)));
        let mut all = Self(found.collect());
        if all.place(Use::Head).or(all.place(Use::Name)).is_none() {
            return Err(SheetError::Column("姓名"));
        }
        if all.place(Use::Id).is_none() {
            return Err(SheetError::Column("身份证号"));
        }
        // What is said of an allowance without its amount decides nothing.
        if all.place(Use::Amount).is_none() {
            all.0.retain(|(what, _)| !matches!(what, Use::Covered | Use::From | Use::Category));
        }
        Ok(all)
    }

    /// The place of the column for it.
    pub(super) fn place(&self, wanted: Use) -> Option<usize> {
        self.0.iter().find(|(what, _)| *what == wanted).map(|(_, place)| *place)
    }

    /// Leaves out what says which allowance a household gets.
    pub(super) fn without_decisions(&mut self) {
        self.0.retain(|(what, _)| {
            !matches!(what, Use::Amount | Use::Covered | Use::From | Use::Category)
        });
    }

    /// Whether what stands in a column is of one person, and so in no merged cell.
    pub(super) fn is_of_a_person(&self, column: usize) -> bool {
        let alone = self.place(Use::Name).is_none();
        let person = |what: &Use| match what {
            Use::Name | Use::Id | Use::Relation | Use::Birth | Use::Sex => true,
            Use::Head => alone,
            _ => false,
        };
        self.0.iter().any(|(what, place)| *place == column && person(what))
    }

    /// Every column of the table with what it is read as. One can be read as two things.
    pub(super) fn told(&self, table: &Table) -> Vec<ReadColumn> {
        let uses = |place: usize| self.0.iter().filter(move |(_, at)| *at == place);
        let words = |place: usize, which: fn(&Known) -> &'static str| {
            let known = |wanted: Use| USES.iter().find(|(what, ..)| *what == wanted);
            uses(place).filter_map(|(what, _)| known(*what)).map(which).collect::<Vec<_>>()
        };
        let column = |(place, head): (usize, &String)| ReadColumn {
            place: u32::try_from(place + 1).unwrap_or(u32::MAX),
            head: squeeze(head),
            read: words(place, |one| one.1).join("、"),
            read_en: words(place, |one| one.2).join(", "),
        };
        table.heads.iter().enumerate().map(column).collect()
    }
}

/// What a use is called in Chinese and English.
pub(super) fn called(wanted: Use) -> (&'static str, &'static str) {
    USES.iter().find(|(what, ..)| *what == wanted).map_or(("", ""), |(_, zh, en, _)| (zh, en))
}
