//! How the words of a search were understood.

use crate::web::lang::Lang;

/// How the words were understood.
#[derive(Clone, Debug, Default)]
pub struct ReadAs {
    /// Words that must occur.
    pub all: Vec<String>,
    /// Groups of which one word must occur.
    pub any: Vec<Vec<String>>,
    /// Words that must not occur.
    pub not: Vec<String>,
    /// What is asked of single fields, as it is typed.
    pub fields: Vec<String>,
    /// How a word was taken other than as it stands, one sentence each.
    pub notes: Vec<String>,
    /// The words with one character off asked for as well; empty where that is
    /// so already, or says nothing.
    pub wider: String,
    /// Whether blanks between characters count (they do not, as a rule).
    pub literal: bool,
}

impl ReadAs {
    /// The words joined as a sentence says them: 「周桂兰」和「收入」.
    pub fn words(&self, lang: Lang) -> String {
        let mut words: Vec<String> = self.all.iter().map(|word| lang.quote(word)).collect();
        for group in &self.any {
            let group: Vec<String> = group.iter().map(|word| lang.quote(word)).collect();
            words.push(group.join(lang.t("或", " or ")));
        }
        words.join(lang.t("和", " and "))
    }

    /// Whether nothing is asked of a page.
    pub fn is_empty(&self) -> bool {
        let Self { all, any, not, fields, .. } = self;
        all.is_empty() && any.is_empty() && not.is_empty() && fields.is_empty()
    }

    /// Whether nothing is asked but that words occur.
    pub fn is_words_alone(&self) -> bool {
        self.fields.is_empty()
            && self.not.is_empty()
            && !(self.all.is_empty() && self.any.is_empty())
    }

    /// The words as alternatives, as a query, where there are several and nothing else.
    pub fn as_any(&self) -> Option<String> {
        let is_plain = self.any.is_empty() && self.not.is_empty() && self.fields.is_empty();
        (is_plain && self.all.len() > 1).then(|| self.all.join(" OR "))
    }

    /// Whether several words must stand on one page.
    pub fn several(&self) -> bool {
        self.all.len() + self.any.len() > 1
    }
}
