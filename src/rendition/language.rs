//! In which language a page is written, told by its characters: for programs that read it aloud or hyphenate it.

use serde::Serialize;
use utoipa::ToSchema;

/// The language of a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    Zh,
    /// Another one with Latin letters: English, as far as anybody knows.
    En,
    /// No letters, or none that say anything.
    #[default]
    Und,
}

impl Language {
    /// Its tag after BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
            Self::Und => "und",
        }
    }
}

/// The language of what stands in these lines: Chinese where there are as many Chinese characters as words in Latin
/// letters, which a page of numbers and a stray word is not.
pub fn of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Language {
    let (mut chinese, mut words) = (0_usize, 0_usize);
    for line in lines {
        chinese += line.chars().filter(|c| is_chinese(*c)).count();
        let parts = line.split(|c: char| !c.is_ascii_alphabetic());
        words += parts.filter(|part| part.len() > 1).count();
    }
    match (chinese, words) {
        (0, 0) => Language::Und,
        _ if chinese >= words => Language::Zh,
        _ => Language::En,
    }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_in_the_language_of_most_of_it() {
        assert_eq!(of(["申请书", "身份证号 990102195402117626"]), Language::Zh);
        assert_eq!(of(["Yidang 一档 OCR", "低保申请表"]), Language::Zh);
        assert_eq!(of(["Certificate of employment", "issued to 王小明"]), Language::En);
        assert_eq!(of(["2026-11-29", "1,280.50"]), Language::Und);
        assert_eq!(of([]), Language::Und);
        assert_eq!(of(["𠮷"]).tag(), "zh-CN");
    }
}
