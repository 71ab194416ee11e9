//! How the words of a search were understood, in words.

use crate::search::{NearBy, ReadAs as Read, Term, Why};
use crate::web::lang::Lang;
use crate::web::page::search::ReadAs;

/// A reading as flat lists of words.
pub(super) fn read_as(lang: Lang, read: &Read) -> ReadAs {
    let mut flat = ReadAs {
        // Quotes around everything mean that nothing was interpreted.
        literal: !read.must.is_empty() && read.must.iter().all(|term| term.quoted),
        fields: read.fields.iter().map(ToString::to_string).collect(),
        notes: read.must.iter().flat_map(|term| notes(lang, term)).collect(),
        wider: wider(read),
        ..ReadAs::default()
    };
    for term in &read.must {
        match term.words.as_slice() {
            [] => flat.all.push(term.text.clone()),
            words => flat.all.extend(words.iter().cloned()),
        }
    }
    for group in &read.any_of {
        flat.any.push(group.iter().map(in_words).collect());
    }
    flat.not = read.must_not.iter().map(in_words).collect();
    flat
}

/// A reading inside another one, as it would be typed.
fn in_words(read: &Read) -> String {
    let mut words: Vec<String> = read.must.iter().map(|term| term.text.clone()).collect();
    words.extend(read.fields.iter().map(ToString::to_string));
    for group in &read.any_of {
        let group: Vec<String> = group.iter().map(in_words).collect();
        words.push(format!("({})", group.join(" OR ")));
    }
    words.extend(read.must_not.iter().map(|not| format!("-{}", in_words(not))));
    words.join(" ")
}

/// How a term was taken other than as it stands.
fn notes(lang: Lang, term: &Term) -> Vec<String> {
    let mut notes = Vec::new();
    let said = lang.quote(&term.text);
    if let Some(value) = &term.value {
        notes.push(match lang {
            Lang::Zh => format!("{said}也按{}查，不论怎么写。", lang.quote(value)),
            Lang::En => format!("{said} is also found as {value}, however it is written."),
        });
    }
    if !term.words.is_empty() {
        notes.push(match lang {
            Lang::Zh => format!("没有一处连着写有{said}，所以分成几个词查。"),
            Lang::En => format!("{said} stands nowhere in one run, so its words are searched."),
        });
    }
    for why in [Why::LookAlike, Why::OneCharacter, Why::Sound] {
        let near = term.near.iter().filter(|near| near.why == why);
        let near: Vec<String> = near.map(|near| lang.quote(&near.text)).collect();
        if near.is_empty() {
            continue;
        }
        let (near, reason) = (near.join(lang.t("、", ", ")), reason(lang, why));
        notes.push(match lang {
            Lang::Zh => format!("也列出近似{said}的：{near}（{reason}）。"),
            Lang::En => format!("Near {said}: {near} ({reason})."),
        });
    }
    notes
}

/// What stands on a page instead of a word, and why it counts.
pub(super) fn near(lang: Lang, near: &[NearBy]) -> Vec<String> {
    let one = |one: &NearBy| match lang {
        Lang::Zh => format!("这里读作{}（{}）", lang.quote(&one.text), reason(lang, one.why)),
        Lang::En => format!("read here: {} ({})", one.text, reason(lang, one.why)),
    };
    near.iter().map(one).collect()
}

fn reason(lang: Lang, why: Why) -> &'static str {
    match why {
        Why::Recogniser => lang.t("识别时也想到过要查的字", "the reader also thought of the word"),
        Why::LookAlike => lang.t("字形相近", "looks alike"),
        Why::OneCharacter => lang.t("差一个字", "one character off"),
        Why::Sound => lang.t("读音相合", "sounds so"),
    }
}

/// The query with one character off asked for as well, where it is words alone and
/// one of them is as long as a name.
fn wider(read: &Read) -> String {
    let is_name =
        |term: &Term| !term.quoted && !term.wide && (3..=4).contains(&term.text.chars().count());
    let plain = read.any_of.is_empty() && read.must_not.is_empty() && read.fields.is_empty();
    if !plain || !read.must.iter().any(is_name) {
        return String::new();
    }
    let word = |term: &Term| match (term.quoted, is_name(term)) {
        (true, _) => format!("\"{}\"", term.text),
        (false, true) => format!("{}~", term.text),
        (false, false) => term.text.clone(),
    };
    read.must.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Near;

    fn read(terms: Vec<Term>) -> ReadAs {
        read_as(Lang::Zh, &Read { must: terms, ..Read::default() })
    }

    #[test]
    fn what_was_not_taken_as_it_stands_is_said() {
        let near = vec![Near { text: "王小朋".into(), why: Why::LookAlike }];
        let flat = read(vec![Term { near, ..Term::plain("王小明") }]);
        assert_eq!(flat.notes, ["也列出近似「王小明」的：「王小朋」（字形相近）。"]);
        let value = Some("860元".to_owned());
        let flat = read(vec![Term { value, ..Term::plain("捌佰陆拾元") }]);
        assert_eq!(flat.notes, ["「捌佰陆拾元」也按「860元」查，不论怎么写。"]);
        assert!(read(vec![Term::plain("王小明")]).notes.is_empty());
    }

    #[test]
    fn names_can_be_asked_for_with_one_character_off() {
        assert_eq!(read(vec![Term::plain("王小明"), Term::plain("收入")]).wider, "王小明~ 收入");
        assert_eq!(read(vec![Term::exact("王小明")]).wider, "");
        assert_eq!(read(vec![Term { wide: true, ..Term::plain("王小明") }]).wider, "");
        assert_eq!(read(vec![Term::plain("收入")]).wider, "");
    }
}
