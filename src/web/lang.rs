//! The two languages of the screen.
//!
//! Templates write both words side by side, `lang.t("收件台", "Intake")`, so a
//! missing translation does not compile.

use super::text;
use std::borrow::Borrow;

/// The language a page is shown in; Chinese unless asked otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The word of this language.
    pub fn t<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The language tag for `<html lang>`.
    pub fn tag(self) -> &'static str {
        self.t("zh-CN", "en")
    }

    /// The short code used in `/lang/…` and in the cookie: `zh` or `en`.
    pub fn code(self) -> &'static str {
        self.t("zh", "en")
    }

    /// The language named by a short code; `None` for anything else.
    pub fn from_code(code: &str) -> Option<Lang> {
        match code {
            "zh" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The language the switch in the frame leads to.
    pub fn other(self) -> Lang {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }

    /// A number with its unit: `3件`, `3 documents`, `1 document`.
    ///
    /// No blank stands between a Chinese character and a digit; the style sheet
    /// sets that gap.
    pub fn count(self, n: impl Borrow<u64>, zh: &str, one: &str, many: &str) -> String {
        let n = *n.borrow();
        let number = text::number(n);
        match self {
            Lang::Zh => format!("{number}{zh}"),
            Lang::En if n == 1 => format!("{number} {one}"),
            Lang::En => format!("{number} {many}"),
        }
    }

    /// A quoted word: 「周桂兰」 or “周桂兰”.
    pub fn quote(self, word: &str) -> String {
        match self {
            Lang::Zh => format!("「{word}」"),
            Lang::En => format!("“{word}”"),
        }
    }

    /// Items as one list: `甲、乙` or `a, b`.
    pub fn list<T: AsRef<str>>(self, items: &[T]) -> String {
        let parts: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        parts.join(self.t("、", ", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_follow_the_grammar_of_the_language() {
        assert_eq!(Lang::Zh.count(1200, "件", "document", "documents"), "1,200件");
        assert_eq!(Lang::En.count(1, "件", "document", "documents"), "1 document");
        assert_eq!(Lang::En.count(0, "件", "document", "documents"), "0 documents");
    }

    #[test]
    fn codes_round_trip() {
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(Lang::from_code(lang.code()), Some(lang));
            assert_ne!(lang.other(), lang);
        }
        assert_eq!(Lang::from_code("fr"), None);
    }
}
