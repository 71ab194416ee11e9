//! Parts of a query that ask one field: `户主:周桂兰`, `日期:2024..2025`, `金额:>500`.

use std::fmt;

use serde::Serialize;

use super::bounds::Bounds;
use super::syntax::Flaw;

/// What may be asked by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 户主: a run of the name of the head of the household.
    Head,
    /// 题名: a run of the title.
    Title,
    /// 身份证: the number of a person's identity card.
    Id,
    /// 户号: the beginning of a household number.
    Household,
    /// 档号: a run of the reference code.
    Reference,
    /// 类型: a type of document.
    Type,
    /// 街道: an organisation and those below it.
    Place,
    /// 日期: days of the document, as numbers YYYYMMDD.
    Date,
    /// 金额: an amount that stands on the page, in 分.
    Amount,
    /// 字段: a run of what was keyed into a field of a form; which one, the term says.
    Keyed,
}

/// Fields by the words that are typed for them; the first of each is its name.
const NAMES: [(Field, &[&str]); 9] = [
    (Field::Head, &["户主", "姓名", "head", "name"]),
    (Field::Title, &["题名", "标题", "title"]),
    (Field::Id, &["身份证", "身份证号", "证件号", "id"]),
    (Field::Household, &["户号", "household"]),
    (Field::Reference, &["档号", "reference"]),
    (Field::Type, &["类型", "件种", "type"]),
    (Field::Place, &["街道", "社区", "地区", "乡镇", "place"]),
    (Field::Date, &["日期", "date"]),
    (Field::Amount, &["金额", "amount"]),
];

impl Field {
    /// The field that is called `name`, in Chinese or English, in any case of letters.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| *field)
    }

    /// Its name in English, as it is typed.
    pub fn name_en(self) -> &'static str {
        let found = NAMES.iter().find(|(field, _)| *field == self);
        let english = found.and_then(|(_, names)| names.iter().find(|name| name.is_ascii()));
        english.copied().unwrap_or("field")
    }

    /// Its name in Chinese, as it is typed.
    pub fn name(self) -> &'static str {
        if self == Field::Keyed {
            return "字段";
        }
        let found = NAMES.iter().find(|(field, _)| *field == self);
        found.and_then(|(_, names)| names.first()).copied().unwrap_or_default()
    }
}

/// A field and what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct FieldTerm {
    /// Which field.
    pub field: Field,
    /// Of a field of a form, what was typed for its name; otherwise empty.
    pub name: String,
    /// What was typed for it, without quotes.
    pub text: String,
    /// From where to where, for days and amounts; both ends belong to it.
    pub between: Option<Bounds>,
    /// For types and places the codes that the text means, for a field of a form the names it has in
    /// the index, for the number of a person the shapes it may have where it is covered, with `?` for
    /// any digit; none means that nothing is found. Until somebody who knows them puts them in, what
    /// was typed is the code. For a head the names that sound as it was typed, in its place.
    pub codes: Vec<String>,
    /// For a field of a form and for the number of a person: signs of which one must stand there, in
    /// the place of the text. They are told to nobody.
    #[serde(skip)]
    pub signs: Vec<String>,
}

impl FieldTerm {
    /// `text` asked of `field`.
    ///
    /// # Errors
    /// [`Flaw::NoDay`] or [`Flaw::NoAmount`] when the field is a number and the text is none, and
    /// [`Flaw::Reversed`].
    pub fn new(field: Field, text: String) -> Result<Self, Flaw> {
        let between = match field {
            Field::Date => Some(Bounds::days(&text)?),
            Field::Amount => Some(Bounds::amounts(&text)?),
            _ => None,
        };
        let codes = match field {
            Field::Type | Field::Place | Field::Id => vec![text.clone()],
            _ => Vec::new(),
        };
        Ok(FieldTerm { field, name: String::new(), text, between, codes, signs: Vec::new() })
    }

    /// `text` asked of the field of a form that is called `name`.
    pub fn keyed(name: String, text: String) -> Self {
        let (codes, signs) = (vec![name.clone()], Vec::new());
        FieldTerm { field: Field::Keyed, name, text, between: None, codes, signs }
    }
}

impl FieldTerm {
    /// As it can be typed again, in English or Chinese: `head:周桂兰`.
    pub fn typed(&self, in_english: bool) -> String {
        let quote = if self.text.contains(char::is_whitespace) { "\"" } else { "" };
        let name = match (self.name.as_str(), in_english) {
            ("", true) => self.field.name_en(),
            ("", false) => self.field.name(),
            (name, _) => name,
        };
        format!("{name}:{quote}{}{quote}", self.text)
    }

    /// The names that count for a head because they sound as it was typed.
    pub fn sounding(&self) -> &[String] {
        if self.field == Field::Head { &self.codes } else { &[] }
    }
}

/// As it can be typed again: `户主:周桂兰`; a head that was typed by its sound with the names.
impl fmt::Display for FieldTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed(false))?;
        match self.sounding() {
            [] => Ok(()),
            names => write!(f, " (sounds so: {})", names.join(", ")),
        }
    }
}
