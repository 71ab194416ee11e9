//! Why a row of a table cannot be read, in both languages.

/// The most characters that are shown of what was typed.
const SHOWN: usize = 20;

/// Why a row cannot be read, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Why {
    /// A reason in both languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// A reason with the beginning of what was typed behind it.
    #[must_use]
    pub fn shown(zh: &str, en: &str, typed: &str) -> Self {
        let start: String = typed.chars().take(SHOWN).collect();
        Self { zh: format!("{zh}：「{start}」"), en: format!("{en}: \"{start}\"") }
    }
}

/// Whether a reason in English is one, and is Chinese nowhere but in what was typed.
#[cfg(test)]
pub(crate) fn is_english(en: &str) -> bool {
    let said = en.split_once(": \"").map_or(en, |(said, _)| said);
    !said.is_empty() && said.is_ascii() && !said.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_and_not_all_of_it() {
        let why = Why::shown("金额看不懂", "not an amount", "五百");
        let wanted = Why::new("金额看不懂：「五百」", "not an amount: \"五百\"");
        assert_eq!(why, wanted);
        let long = Why::shown("日期看不懂", "not a day", &"长".repeat(21));
        assert_eq!(long.zh, format!("日期看不懂：「{}」", "长".repeat(20)));
        assert!(is_english(&long.en) && !is_english(&long.zh) && !is_english(""), "{long:?}");
    }
}
