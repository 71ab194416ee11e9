//! 规则: procedures, fields and holidays, read from `schemas/rules/` and checked
//! against each other.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::codes;
use super::evidence::EvidenceRules;
use super::field::{Field, Of, ValueError};
use super::procedure::{Category, HouseholdState, OFFICE, Procedure, StepRule};
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

/// Rules that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A text is not TOML of the right shape.
    #[error("the rules cannot be read: {}", in_one_line(.0))]
    Unreadable(#[from] toml::de::Error),
    /// Something is there twice.
    #[error("the rules have {0} twice")]
    Twice(String),
    /// Something names what is not there.
    #[error("{place} names {what}, which the rules have not")]
    Unknown {
        /// Where.
        place: String,
        /// What it names.
        what: String,
    },
    /// What several departments sign, one after another, can be no turning point.
    #[error(
        "{0} is signed by several departments: it names them once, in at most {OFFICE} characters, \
         ends no case, and decides nothing"
    )]
    Signed(String),
    /// Behind a step the usual way has none that can be taken.
    #[error(
        "the usual way of the case {case} goes no further behind {step} and does not end: what is \
         not aside waits for nothing that is"
    )]
    DeadEnd {
        /// The code of the case.
        case: String,
        /// Of the step; of the case where it cannot begin.
        step: String,
    },
    /// Something is not there that the program asks for by its code.
    #[error("there is no {0}, which the program asks for by this code")]
    Lacking(String),
    /// Any of these, in a file.
    #[error("{file}: {cause}")]
    File {
        /// Which, of [`Rules::FILES`].
        file: &'static str,
        /// What is wrong with it.
        cause: Box<RulesError>,
    },
}

/// What is wrong with a TOML text, and in which line.
fn in_one_line(error: &toml::de::Error) -> String {
    let (place, why) = (error.to_string(), error.message().replace('\n', " "));
    match place.lines().next() {
        Some(place) if error.span().is_some() => format!("{place}: {why}"),
        _ => why,
    }
}

/// What is wrong with a file, with its name.
fn in_file<E: Into<RulesError>>(file: &'static str) -> impl Fn(E) -> RulesError {
    move |cause| RulesError::File { file, cause: Box::new(cause.into()) }
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

    /// Nothing, when states, categories and procedures go together.
    fn check(&self) -> Result<(), RulesError> {
        once("state", self.states.iter().map(|one| &one.code))?;
        once("category", self.categories.iter().map(|one| &one.code))?;
        once("case", self.procedures.iter().map(|one| &one.code))?;
        for case in &self.procedures {
            once(&case.code, case.steps.iter().map(|one| &one.code))?;
            for state in &case.begins {
                known(&case.code, state, self.state(state).is_some())?;
            }
            if let Some(limit) = &case.limit {
                known(&case.code, &limit.since, case.step(&limit.since).is_some())?;
            }
            for step in &case.steps {
                let place = format!("{} of {}", step.code, case.code);
                let since = step.limit.iter().map(|one| &one.since);
                let wait = step.wait.iter().map(|one| &one.since);
                for other in step.after.iter().chain(&step.before).chain(since).chain(wait) {
                    known(&place, other, case.step(other).is_some())?;
                }
                if !is_signed_well(step) {
                    return Err(RulesError::Signed(place));
                }
                if let Some(state) = &step.state {
                    known(&place, state, self.state(state).is_some())?;
                }
            }
            if let Some(step) = case.dead_end() {
                let (case, step) = (case.code.clone(), step.to_owned());
                return Err(RulesError::DeadEnd { case, step });
            }
        }
        Ok(())
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

/// Whether the departments that have to sign a step can, each once, and it turns nothing.
fn is_signed_well(step: &StepRule) -> bool {
    let turns = step.ends || step.state.is_some() || step.benefit.is_some();
    let written = |office: &String| {
        !office.is_empty() && office.trim() == office && office.chars().count() <= OFFICE
    };
    let once = step.offices.iter().collect::<BTreeSet<_>>().len() == step.offices.len();
    step.offices.is_empty() || step.office && !turns && once && step.offices.iter().all(written)
}

fn once<'a>(what: &str, mut codes: impl Iterator<Item = &'a String>) -> Result<(), RulesError> {
    let mut seen = BTreeSet::new();
    match codes.find(|code| !seen.insert(*code)) {
        Some(code) => Err(RulesError::Twice(format!("{what} {code}"))),
        None => Ok(()),
    }
}

fn known(place: &str, what: &str, there: bool) -> Result<(), RulesError> {
    let unknown = || RulesError::Unknown { place: place.to_owned(), what: what.to_owned() };
    if there { Ok(()) } else { Err(unknown()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::profile::Profile;

    #[test]
    fn the_rules_that_come_with_the_program_are_sound() {
        let profile = Profile::national_2008().unwrap();
        let rules = Rules::national().unwrap();
        assert_eq!(rules.beginning("none").count(), 2);
        // Every paper that a file must have is left by a step of the application.
        let application = rules.procedure("application").unwrap();
        let left: Vec<_> = application.steps.iter().flat_map(|step| &step.papers).collect();
        for kind in profile.required() {
            assert!(left.contains(&&kind.code), "{}", kind.code);
        }
        let papers =
            rules.procedures.iter().flat_map(|case| &case.steps).flat_map(|one| &one.papers);
        for paper in papers {
            assert!(profile.type_of(paper).is_some(), "{paper}");
        }
        // So that no case is stuck: whatever is taken, some step ends it.
        for case in &rules.procedures {
            assert!(case.steps.iter().any(|step| step.ends), "{}", case.code);
        }
    }

    #[test]
    fn a_bureau_replaces_the_files_it_has_rules_of_its_own_for() {
        let usual = include_str!("../../schemas/rules/procedures.toml");
        let own = usual.replacen("phase_out = 6", "phase_out = 3", 1).replacen(
            "\nmonths = 3",
            "\nmonths = 4",
            1,
        );
        let rules = Rules::with(&OwnRules::from([("procedures.toml", own)])).unwrap();
        let national = Rules::national().unwrap();
        assert_eq!((national.phase_out, rules.phase_out), (6, 3));
        assert_eq!(rules.category("C").map(|one| one.months), Some(4));
        assert_eq!(rules.fields.len(), national.fields.len());
        for name in Rules::FILES {
            let broken = OwnRules::from([(name, "nothing = true".to_owned())]);
            let told = Rules::with(&broken).unwrap_err().to_string();
            let in_line = told.starts_with(name) && told.contains("line 1");
            assert!(in_line && told.contains("nothing") && !told.contains('\n'), "{told}");
        }
    }

    #[test]
    fn rules_that_name_what_is_not_there_are_refused() {
        let source = include_str!("../../schemas/rules/procedures.toml");
        let fields = include_str!("../../schemas/rules/fields.toml");
        let holidays = include_str!("../../schemas/rules/holidays.toml");
        for (right, wrong) in [
            (r#"after = ["notice"]"#, r#"after = ["nothing"]"#),
            (r#"state = "refused""#, r#"state = "elsewhere""#),
            (r#"since = "confirm""#, r#"since = "never""#),
        ] {
            let source = source.replacen(right, wrong, 1);
            let told = Rules::parse(&source, fields, holidays).unwrap_err().to_string();
            assert!(told.starts_with("procedures.toml: ") && told.contains(" names "), "{told}");
        }
        let signed =
            source.replacen("code = \"confirm\"", "code = \"confirm\"\noffices = [\"公安局\"]", 1);
        let told = Rules::parse(&signed, fields, holidays).unwrap_err().to_string();
        assert!(told.contains("is signed by several departments"), "{told}");
        let departments = "code = \"cosign\"\noffice = true\noffices = [\"公安局\"]";
        for wrong in ["", " 公安局", "公安局\", \"公安局", &"局".repeat(OFFICE + 1)] {
            let own = departments.replace("公安局", wrong);
            let other = source.replacen("office = true\n", "", 1);
            let own = other.replacen("code = \"cosign\"", &own, 1);
            let told = Rules::parse(&own, fields, holidays).unwrap_err().to_string();
            assert!(told.contains("is signed by several departments"), "{wrong}: {told}");
        }
        // A way that waits for what it goes past, one in a circle, one that never ends.
        for (right, wrong, step) in [
            ("after = [\"check\", \"visit\"]", "after = [\"cosign\"]", "visit"),
            ("after = [\"opinion\"]", "after = [\"confirm\"]", "opinion"),
            ("ends = true\npapers = [\"A23\"]", "papers = [\"A23\"]", "notify"),
        ] {
            let own = source.replacen(right, wrong, 1);
            let told = Rules::parse(&own, fields, holidays).unwrap_err().to_string();
            let behind = format!("application goes no further behind {step} ");
            assert!(told.contains(&behind), "{told}");
        }
        let evidence = include_str!("../../schemas/rules/evidence.toml");
        for (right, wrong) in [
            (r#"field = "deposits""#, r#"field = "riches""#),
            (r#"finding = "dead""#, r#"finding = "alive""#),
        ] {
            let parsed = Rules::national().unwrap().with_evidence(&evidence.replace(right, wrong));
            assert!(matches!(parsed, Err(RulesError::Unknown { .. })), "{wrong}");
        }
        let twice = source.replace(r#"code = "accept""#, r#"code = "apply""#);
        let told = Rules::parse(&twice, fields, holidays).unwrap_err().to_string();
        assert_eq!(told, "procedures.toml: the rules have application apply twice");
    }
}
