//! The forms of a bureau, in the place of the program's and beside them.

use std::collections::BTreeMap;

use super::{Form, FormError, Forms, sound};
use crate::model::rules::Rules;

/// Forms of a bureau: JSON texts by the name of the form.
pub type OwnForms = BTreeMap<String, String>;

/// The most forms of a bureau.
pub const MOST_OWN: usize = 100;
/// The most bytes of the file of one.
pub const MOST_BYTES: u64 = 256 << 10;

/// Forms of the program, each with its name.
macro_rules! of_program {
    ($($name:literal)*) => {
        [$(($name, include_str!(concat!("../../../schemas/forms/", $name, ".json")))),*]
    };
}

/// The forms that come with the program, in the order of the profile.
pub(super) const PROGRAM: [(&str, &str); 14] = of_program!(
    "application" "approval" "authorisation" "declaration" "visit" "hearing" "notice" "check"
    "confirmation" "change" "stop_notice" "review" "income" "phase_out"
);

/// The file of a form in a folder of rules.
#[must_use]
pub fn file_of(name: &str) -> String {
    format!("forms/{name}.json")
}

/// Whether a form, a field or a table can be called so: the names stand in acts, in
/// addresses and in sums.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    begins && text.len() <= 32 && text.bytes().all(plain)
}

impl Forms {
    /// The forms that come with the program. One of a type that the profile of a bureau
    /// has not is not used there.
    ///
    /// # Errors
    /// Never, unless a file in `schemas/` was spoilt; a test holds that.
    pub fn national() -> Result<Self, FormError> {
        let parsed = PROGRAM.iter().map(|(name, source)| Form::parse(name, source));
        parsed.collect::<Result<_, _>>().map(Self)
    }

    /// The forms that come with the program, in the place of those of the same name those
    /// of a bureau, and behind them what it has more.
    ///
    /// # Errors
    /// When one cannot be read, or does not go with the others or with the rules.
    pub fn with(own: &OwnForms, rules: &Rules) -> Result<Self, FormError> {
        if own.len() > MOST_OWN {
            return Err(FormError::Many(own.len()));
        }
        let of_program = PROGRAM
            .iter()
            .map(|(name, usual)| (*name, own.get(*name).map_or(*usual, String::as_str)));
        let is_more = |name: &str| PROGRAM.iter().all(|(known, _)| *known != name);
        let more = own.iter().filter(|(name, _)| is_more(name));
        let sources = of_program.chain(more.map(|(name, text)| (name.as_str(), text.as_str())));
        let parsed = sources.map(|(name, source)| Form::parse(name, source));
        let forms = Self(parsed.collect::<Result<_, _>>()?);
        sound::check(&forms, rules)?;
        Ok(forms)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn with(own: &[(&str, String)]) -> Result<Forms, FormError> {
        let own = own.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        Forms::with(&own, &Rules::national().unwrap())
    }

    fn source(name: &str) -> String {
        PROGRAM.iter().find(|(known, _)| *known == name).unwrap().1.to_owned()
    }

    #[test]
    fn a_bureau_replaces_forms_and_has_forms_more() {
        assert_eq!(with(&[]).unwrap().all().len(), PROGRAM.len(), "they go together");
        let visit = source("visit").replace("\"入户调查", "\"本县入户调查");
        let more = source("income").replace("\"income\"", "\"wage_slip\"");
        let more = more.replacen("\"$id\": \"income\"", "\"$id\": \"wage_slip\"", 1);
        let more = more.replace(r#""x-types": ["A08"]"#, r#""x-types": ["A09"]"#);
        let forms = with(&[("visit", visit), ("wage_slip", more)]).unwrap();
        assert_eq!(forms.all().len(), PROGRAM.len() + 1);
        assert!(forms.of_type("A16").unwrap().name.starts_with("本县"));
        assert_eq!(forms.of_type("A09").unwrap().code, "wage_slip");
        assert_eq!(forms.all().last().unwrap().code, "wage_slip", "it stands behind");
    }

    #[test]
    fn a_form_that_says_what_cannot_be_is_refused_and_its_file_named() {
        let (name, usual) = ("approval", source("approval"));
        for (right, wrong) in [
            (r#""$id": "approval""#, r#""$id": "other""#),
            (r#""standard - per_head""#, r#""standard - nothing""#),
            (r#""fields": ["income""#, r#""fields": ["incomes""#),
            (r#"["reason", "community""#, r#"["community""#),
            (r#""required": ["head""#, r#""required": ["nobody""#),
            (r#""household.income""#, r#""village.income""#),
            (r#""household.income""#, r#""household.riches""#),
            (r#""x-kind": "money""#, r#""x-kind": "gold""#),
            (r#""x-kind": "money", "type": "integer""#, r#""x-kind": "money", "type": "string""#),
            (r#""type": "array""#, r#""type": "string""#),
            (r#""maxItems": 20"#, r#""maxItems": 21"#),
            (r#""maxLength": 200"#, r#""maxLength": 20000"#),
            (r#""enum": ["男", "女"], "#, ""),
            (r#""x-enum-en": ["Male", "Female"]"#, r#""x-enum-en": ["Male"]"#),
            (r#""enum": ["A", "B", "C"]"#, r#""enum": ["A", "D"]"#),
            (r#""x-nth": 1"#, r#""x-nth": 0"#),
            (r#""x-gives": "amount""#, r#""x-gives": "people""#),
            (r#""x-gives": "amount""#, r#""x-gives": "from""#),
            (r#""x-types": ["A02"]"#, r#""x-types": ["A16"]"#),
            (r#""x-types": ["A02"]"#, r#""x-types": ["A02", "A02"]"#),
            (r#""x-fact": "head.name""#, r#""x-fact": "member.name""#),
        ] {
            assert!(usual.contains(right), "{right}");
            let told = with(&[(name, usual.replacen(right, wrong, 1))]).unwrap_err().to_string();
            assert!(told.contains("forms/") && !told.contains('\n'), "{wrong}: {told}");
        }
        let renamed = usual.replace("gap", "Gap");
        assert!(with(&[(name, renamed)]).unwrap_err().to_string().contains("Gap"));
        assert!(matches!(with(&[(name, "{".into())]), Err(FormError::Unreadable { .. })));
        let many = (0..=MOST_OWN).map(|n| (format!("f{n}"), String::new())).collect();
        let many = Forms::with(&many, &Rules::national().unwrap());
        assert!(matches!(many, Err(FormError::Many(_))));
    }

    #[test]
    fn names_are_plain() {
        for good in ["visit", "visit_2", "a"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "2", "_a", "Visit", "a.b", "a/b", "家", &"a".repeat(33)] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
