//! 规则: procedures, fields and holidays, read from `schemas/rules/` and checked
//! against each other.

mod error;
mod sound;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use self::error::RulesError;
use self::error::in_file;
use self::sound::{known, once};
use super::codes;
use super::evidence::EvidenceRules;
use super::field::{Field, Of, ValueError};
use super::procedure::{Category, HouseholdState, Procedure};
use super::register::{self, Register};
use super::workdays::Holidays;

/// The rules by which files live.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// 状态 of households.
    pub states: Vec<HouseholdState>,
    /// 类别 of households.
    pub categories: Vec<Category>,
    /// 渐退期: the most months of a phase-out.
    pub phase_out: u16,
    /// 初审公示: how many days what is proposed stays up at least, after the first.
    pub notice_days: u16,
    /// 死亡: how many months after somebody died what follows from it is decided.
    pub death_months: u16,
    /// 程序
    pub procedures: Vec<Procedure>,
    /// 字段
    pub fields: Vec<Field>,
    /// 节假日
    pub holidays: Holidays,
    /// 台账 that are entered.
    pub registers: Vec<Register>,
    /// 核查
    pub evidence: EvidenceRules,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Procedures {
    phase_out: u16,
    #[serde(default = "week")]
    notice_days: u16,
    #[serde(default = "quarter")]
    death_months: u16,
    state: Vec<HouseholdState>,
    category: Vec<Category>,
    case: Vec<Procedure>,
}

/// 公示期 where rules do not say it (《最低生活保障审核确认办法》 art. 19).
const fn week() -> u16 {
    7
}

/// The term after a death where rules do not say it (《关于进一步做好最低生活保障等社会救助兜底
/// 工作的通知》, 2022).
const fn quarter() -> u16 {
    3
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    field: Vec<Field>,
}

/// Rules of a bureau: TOML texts by the names of [`Rules::FILES`].
pub type OwnRules = BTreeMap<&'static str, String>;

impl Rules {
    /// The names of the files of which rules consist.
    pub const FILES: [&str; 5] =
        ["procedures.toml", "fields.toml", "holidays.toml", "registers.toml", "evidence.toml"];

    /// The rules that come with the program. A paper that the profile of a bureau has
    /// not is not owed there.
    ///
    /// # Errors
    /// Never, unless a file in `schemas/` was spoilt; a test holds that.
    pub fn national() -> Result<Self, RulesError> {
        Self::with(&OwnRules::new())
    }

    /// The rules that come with the program, and in the place of its files those of a bureau.
    ///
    /// # Errors
    /// When one cannot be read, or names what is not there.
    pub fn with(own: &OwnRules) -> Result<Self, RulesError> {
        let text = |name: &str, usual: &'static str| -> &str {
            own.get(name).map_or(usual, String::as_str)
        };
        let rules = Self::parse(
            text("procedures.toml", include_str!("../../schemas/rules/procedures.toml")),
            text("fields.toml", include_str!("../../schemas/rules/fields.toml")),
            text("holidays.toml", include_str!("../../schemas/rules/holidays.toml")),
        )?;
        let registers = include_str!("../../schemas/rules/registers.toml");
        let registers = register::parse(text("registers.toml", registers));
        let rules = Self { registers: registers.map_err(in_file("registers.toml"))?, ..rules };
        if let Some((file, what)) = codes::lacking(&rules) {
            return Err(in_file(file)(RulesError::Lacking(what)));
        }
        let evidence = include_str!("../../schemas/rules/evidence.toml");
        let rules = rules.with_evidence(text("evidence.toml", evidence));
        let rules = rules.map_err(in_file("evidence.toml"))?;
        match codes::lacking_in(&rules.evidence) {
            Some(what) => Err(in_file("evidence.toml")(RulesError::Lacking(what))),
            None => Ok(rules),
        }
    }

    /// The same rules, with those of this TOML text by which results of other departments
    /// are set against declarations.
    ///
    /// # Errors
    /// When it cannot be read, or names what is not there.
    pub fn with_evidence(self, text: &str) -> Result<Self, RulesError> {
        let evidence: EvidenceRules = toml::from_str(text)?;
        once("finding", evidence.findings.iter().map(|one| &one.code))?;
        once("kind", evidence.kinds.iter().map(|one| &one.code))?;
        for one in evidence.findings.iter().filter(|one| !one.field.is_empty()) {
            known(&one.code, &one.field, self.field(Of::Household, &one.field).is_ok())?;
        }
        for kind in &evidence.kinds {
            known(&kind.code, &kind.finding, evidence.finding(&kind.finding).is_some())?;
        }
        Ok(Self { evidence, ..self })
    }

    /// The rules in these TOML texts.
    ///
    /// # Errors
    /// When one cannot be read, or names what is not there.
    pub fn parse(procedures: &str, fields: &str, holidays: &str) -> Result<Self, RulesError> {
        let procedures = toml::from_str(procedures).map_err(in_file("procedures.toml"))?;
        let Procedures { phase_out, notice_days, death_months, state, category, case } = procedures;
        let fields = toml::from_str(fields).map_err(in_file("fields.toml"))?;
        let Fields { field } = fields;
        let holidays = Holidays::parse(holidays).map_err(in_file("holidays.toml"))?;
        let rules = Self {
            states: state,
            phase_out,
            notice_days,
            death_months,
            categories: category,
            procedures: case,
            fields: field,
            holidays,
            registers: Vec::new(),
            evidence: EvidenceRules::default(),
        };
        let named = |one: &Field| format!("{:?} {}", one.of, one.code).to_lowercase();
        let fields: Vec<_> = rules.fields.iter().map(named).collect();
        once("field", fields.iter()).map_err(in_file("fields.toml"))?;
        rules.check().map_err(in_file("procedures.toml"))?;
        Ok(rules)
    }

    /// The state of that code.
    #[must_use]
    pub fn state(&self, code: &str) -> Option<&HouseholdState> {
        self.states.iter().find(|one| one.code == code)
    }

    /// The category of that code.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.iter().find(|one| one.code == code)
    }

    /// The procedure of that code.
    #[must_use]
    pub fn procedure(&self, code: &str) -> Option<&Procedure> {
        self.procedures.iter().find(|one| one.code == code)
    }

    /// The procedures that can begin in this state of a household.
    pub fn beginning<'a>(&'a self, state: &'a str) -> impl Iterator<Item = &'a Procedure> {
        self.procedures.iter().filter(move |one| one.begins.iter().any(|begins| begins == state))
    }

    /// The register of that code.
    #[must_use]
    pub fn register(&self, code: &str) -> Option<&Register> {
        self.registers.iter().find(|one| one.code == code)
    }

    /// The field of that code, of the household or of a person.
    ///
    /// # Errors
    /// When there is none.
    pub fn field(&self, of: Of, code: &str) -> Result<&Field, ValueError> {
        let found = self.fields.iter().find(|one| one.of == of && one.code == code);
        found.ok_or_else(|| ValueError::Unknown(code.to_owned()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
