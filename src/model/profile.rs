//! 归档范围表: a bureau's rules as data, read from `schemas/profiles/`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text::squeeze;

/// Who collects a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Collector {
    /// 居委会
    Community,
    /// 街道办事处, 乡镇
    Street,
    /// 民政局
    Bureau,
}

impl Collector {
    /// The three levels, from the household upward.
    pub const ALL: [Self; 3] = [Self::Community, Self::Street, Self::Bureau];

    /// As it stands in acts and in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Community => "community",
            Self::Street => "street",
            Self::Bureau => "bureau",
        }
    }

    /// The level of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }

    /// The level's Chinese name.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Community => "居委会",
            Self::Street => "街道",
            Self::Bureau => "民政局",
        }
    }

    /// The level's English name.
    #[must_use]
    pub fn en(self) -> &'static str {
        match self {
            Self::Community => "community",
            Self::Street => "street",
            Self::Bureau => "bureau",
        }
    }
}

/// Who is named as 责任者 of a paper when the paper does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Responsible {
    /// The head of the household.
    Head,
    /// The community of the household.
    Community,
    /// Its street.
    Street,
    /// The bureau.
    Bureau,
    /// Whoever issued it: to be read from the paper.
    Issuer,
}

/// Whether a paper is kept by household or by year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptBy {
    /// In the volume of a household.
    Household,
    /// In the registers of a year.
    Year,
}

/// Which date on a paper is its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dated {
    /// The one after a label such as 填表日期, or where it is signed.
    #[default]
    Signed,
    /// The last one: the form is decided at its end.
    Last,
    /// None: what stands on it is a birthday or a term.
    Never,
}

/// 件种: a kind of paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentType {
    /// Such as `A02`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The code of its [`Class`].
    pub class: String,
    /// The code of its [`Retention`].
    pub retention: String,
    /// By household or by year.
    pub kept_by: KeptBy,
    /// Who collects it.
    pub collector: Collector,
    /// Who is named responsible when the paper does not say.
    pub responsible: Responsible,
    /// Which date on the paper is its own.
    #[serde(default)]
    pub dated: Dated,
    /// Whether every household's file must have one.
    pub required: bool,
    /// Whether it is an identity card: what stands on it tells whose it is in one place only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub identity: bool,
    /// Words by which its title line is recognised.
    pub titles: Vec<String>,
    /// Words that tell it where there is no title line.
    #[serde(default)]
    pub words: Vec<String>,
}

/// A class of papers in the two schemes that are in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Such as `approval`.
    pub code: String,
    /// Its name in the national scheme of two classes.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Its name in the scheme of three classes.
    pub local: String,
}

/// From which day a term of retention runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunsFrom {
    /// 停保: the day the allowance ends.
    EndOfAllowance,
    /// The date of the paper.
    Date,
    /// 永久
    Never,
}

/// 保管期限
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Such as `R3`.
    pub code: String,
    /// As printed.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// How many years, or none for ever.
    pub years: Option<u16>,
    /// From which day.
    pub from: RunsFrom,
}

/// How the volume of a household is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeRule {
    /// 档案门类代码, two letters.
    pub category: String,
    /// 保管期限代码 in the 档号, such as `D10`.
    pub period: String,
    /// The code of its [`Retention`].
    pub retention: String,
    /// 案卷题名, with `{head}` for the head of the household.
    pub title: String,
    /// 密级, in the words of the bureau; empty where its rules give none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub secrecy: String,
}

/// A bureau's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Such as `national-2008`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Terms.
    pub retention: Vec<Retention>,
    /// Classes.
    pub class: Vec<Class>,
    /// Rules of the volume.
    pub volume: VolumeRule,
    /// Kinds of paper in filing order.
    #[serde(rename = "type")]
    pub types: Vec<DocumentType>,
}

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// It is not TOML of the right shape.
    #[error("the profile cannot be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// Two types have one code.
    #[error("the profile names type {0} twice")]
    Twice(String),
    /// A type names a class or a term that is not there.
    #[error("type {code} names {what}, which the profile has not")]
    Unknown {
        /// The type's code.
        code: String,
        /// What it names.
        what: String,
    },
}

impl Profile {
    /// The profile in the TOML text `source`.
    ///
    /// # Errors
    /// When it cannot be read or names what it does not have.
    pub fn parse(source: &str) -> Result<Self, ProfileError> {
        let mut profile: Self = toml::from_str(source)?;
        // Compared with text in one run; see `text::squeeze`.
        for one in &mut profile.types {
            for words in one.titles.iter_mut().chain(&mut one.words) {
                *words = squeeze(words);
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        for one in &profile.types {
            if !seen.insert(&one.code) {
                return Err(ProfileError::Twice(one.code.clone()));
            }
            let unknown = |what: &String| {
                Err(ProfileError::Unknown { code: one.code.clone(), what: what.clone() })
            };
            if !profile.class.iter().any(|class| class.code == one.class) {
                return unknown(&one.class);
            }
            if profile.retention_of(&one.retention).is_none() {
                return unknown(&one.retention);
            }
        }
        Ok(profile)
    }

    /// The national profile that comes with the program.
    ///
    /// # Errors
    /// Never, unless the file in `schemas/` was spoilt; a test holds that.
    pub fn national_2008() -> Result<Self, ProfileError> {
        Self::parse(include_str!("../../schemas/profiles/national-2008.toml"))
    }

    /// The type of that code.
    #[must_use]
    pub fn type_of(&self, code: &str) -> Option<&DocumentType> {
        self.types.iter().find(|one| one.code == code)
    }

    /// The place of a type in a volume; unknown types come last.
    #[must_use]
    pub fn order_of(&self, code: &str) -> usize {
        self.types.iter().position(|one| one.code == code).unwrap_or(self.types.len())
    }

    /// The class of a type.
    #[must_use]
    pub fn class_of(&self, one: &DocumentType) -> Option<&Class> {
        self.class.iter().find(|class| class.code == one.class)
    }

    /// The term of that code.
    #[must_use]
    pub fn retention_of(&self, code: &str) -> Option<&Retention> {
        self.retention.iter().find(|term| term.code == code)
    }

    /// The types that every household's file must have, in filing order.
    pub fn required(&self) -> impl Iterator<Item = &DocumentType> {
        self.types.iter().filter(|one| one.required)
    }

    /// The types kept in a household's volume, in filing order.
    pub fn household_types(&self) -> impl Iterator<Item = &DocumentType> {
        self.types.iter().filter(|one| one.kept_by == KeptBy::Household)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_national_profile_is_sound() {
        let profile = Profile::national_2008().unwrap();
        assert_eq!(profile.types.len(), 60);
        assert_eq!(profile.required().count(), 11);
        assert!(profile.order_of("A14") < profile.order_of("A05"));
        assert!(profile.order_of("A23") < profile.order_of("B01"));
        assert_eq!(profile.order_of("Z99"), profile.types.len());
        let form = profile.type_of("A02").unwrap();
        assert_eq!(profile.class_of(form).unwrap().name, "审批类");
    }

    #[test]
    fn a_bureau_may_give_its_volumes_a_secrecy() {
        let source = include_str!("../../schemas/profiles/national-2008.toml");
        assert_eq!(Profile::parse(source).unwrap().volume.secrecy, "");
        let own = source.replacen("[volume]", "[volume]\nsecrecy = \"内部资料\"", 1);
        assert_eq!(Profile::parse(&own).unwrap().volume.secrecy, "内部资料");
    }

    #[test]
    fn a_profile_that_names_what_it_lacks_is_refused() {
        let source = include_str!("../../schemas/profiles/national-2008.toml");
        let wrong = source.replacen("class = \"approval\"", "class = \"nowhere\"", 1);
        assert!(matches!(Profile::parse(&wrong), Err(ProfileError::Unknown { .. })));
        let twice = source.replace("code = \"A03\"", "code = \"A02\"");
        assert!(matches!(Profile::parse(&twice), Err(ProfileError::Twice(code)) if code == "A02"));
    }
}
