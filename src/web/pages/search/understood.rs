//! How the words of a search were understood, in words.

use crate::search::{Field, FieldTerm, FoundLabel, Label, NearBy, ReadAs as Read, Term, Why};
use crate::web::lang::Lang;
use crate::web::page::search::ReadAs;

/// How many runs are named that count for a word.
const NAMED: usize = 8;
/// So many digits in a row are a number of something.
const NUMBER: usize = 6;

/// A reading as flat lists of words.
pub(in crate::web::pages) fn read_as(lang: Lang, read: &Read) -> ReadAs {
    let mut flat = ReadAs {
        // Quotes around everything mean that nothing was interpreted.
        literal: !read.must.is_empty() && read.must.iter().all(|term| term.quoted),
        fields: read.fields.iter().map(|asked| typed(lang, asked)).collect(),
        notes: read.must.iter().flat_map(|term| notes(lang, term)).collect(),
        wider: wider(read),
        ..ReadAs::default()
    };
    flat.notes.extend(read.asked().into_iter().filter_map(|asked| sounding(lang, asked)));
    for term in &read.must {
        match term.words.as_slice() {
            [] => flat.all.push(term.text.clone()),
            words => flat.all.extend(words.iter().cloned()),
        }
    }
    for group in &read.any_of {
        flat.any.push(group.iter().map(|read| in_words(lang, read)).collect());
    }
    flat.not = read.must_not.iter().map(|read| in_words(lang, read)).collect();
    flat
}

/// A reading inside another one, as it would be typed.
fn in_words(lang: Lang, read: &Read) -> String {
    let mut words: Vec<String> = read.must.iter().map(|term| term.text.clone()).collect();
    words.extend(read.fields.iter().map(|asked| typed(lang, asked)));
    for group in &read.any_of {
        let group: Vec<String> = group.iter().map(|read| in_words(lang, read)).collect();
        words.push(format!("({})", group.join(" OR ")));
    }
    words.extend(read.must_not.iter().map(|not| format!("-{}", in_words(lang, not))));
    words.join(" ")
}

/// What is asked of a field, as it can be typed on a page in this language.
fn typed(lang: Lang, asked: &FieldTerm) -> String {
    asked.typed(lang == Lang::En)
}

/// That a head is found by its sound, and which names are.
fn sounding(lang: Lang, asked: &FieldTerm) -> Option<String> {
    let names = asked.sounding();
    let (said, named) = (lang.quote(&asked.text), named(lang, names.iter().map(String::as_str)));
    (!names.is_empty()).then(|| match lang {
        Lang::Zh => format!("{said}按读音查：{named}。"),
        Lang::En => format!("{said} is found by its sound: {named}."),
    })
}

/// The first of these runs in quotes.
fn named<'t>(lang: Lang, runs: impl Iterator<Item = &'t str>) -> String {
    let mut quoted: Vec<String> = runs.take(NAMED + 1).map(|run| lang.quote(run)).collect();
    let is_cut = quoted.len() > NAMED;
    quoted.truncate(NAMED);
    let more = if is_cut { lang.t("等", " and others") } else { "" };
    format!("{}{more}", quoted.join(lang.t("、", ", ")))
}

/// What may help where nothing was found; empty where nothing would.
pub(super) fn hint(lang: Lang, read: &Read) -> &'static str {
    let (terms, asked) = (read.terms(), read.asked());
    let mut cards = asked.iter().filter(|one| one.field == Field::Id).peekable();
    let is_none = |one: &&FieldTerm| one.signs.is_empty() && one.codes.is_empty();
    let asks_card = cards.peek().is_some();
    if cards.any(is_none) {
        return lang.t(
            "身份证号按整号或者前四位、后四位查。",
            "The number of an identity card is found whole, or by its first or last four characters.",
        );
    }
    if asks_card || terms.iter().any(|term| is_number(term)) {
        return lang.t(
            "证件号码按整号或者前四位、后四位查；户号、电话写完整。",
            "Numbers of papers are found whole, or by their first or last four characters; write numbers of households and telephones in full.",
        );
    }
    match terms.iter().any(|term| term.text.chars().nth(1).is_some()) {
        true => lang.t("少写一两个字再试，也许能查到。", "Try with a character fewer."),
        false => "",
    }
}

/// Whether a term is a number: digits alone, or one that is looked up by its digest.
fn is_number(term: &Term) -> bool {
    let digits = term.text.chars().filter(|c| c.is_numeric()).count();
    let is_part = |c: char| c.is_numeric() || matches!(c, '-' | ' ');
    term.sign.is_some() || digits >= NUMBER && term.text.chars().all(is_part)
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
        let near = named(lang, near.map(|near| near.text.as_str()));
        if near.is_empty() {
            continue;
        }
        let reason = reason(lang, why);
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

/// Which label of a document has what was searched, where none of its pages has it.
pub(super) fn labels(lang: Lang, labels: &[FoundLabel]) -> Vec<String> {
    let one = |FoundLabel { label, text }: &FoundLabel| match (lang, label) {
        (Lang::Zh, Label::Head) => format!("户档记着：户主 {text}"),
        (Lang::En, Label::Head) => format!("the file's head is {text}"),
        (Lang::Zh, Label::Household) => format!("户档记着：户号 {text}"),
        (Lang::En, Label::Household) => format!("the household number is {text}"),
        (_, Label::Title) => lang.t("题名里有", "in the title").to_owned(),
    };
    labels.iter().map(one).collect()
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
    fn fields_are_told_as_they_are_typed_in_the_language_of_the_page() {
        let Ok(asked) = FieldTerm::new(Field::Head, "zgl".into()) else { return };
        let fields = vec![FieldTerm { codes: vec!["周桂兰".into()], ..asked }];
        let read = Read { fields, ..Read::default() };
        let (zh, en) = (read_as(Lang::Zh, &read), read_as(Lang::En, &read));
        assert_eq!((zh.fields, en.fields), (vec!["户主:zgl".into()], vec!["head:zgl".into()]));
        assert_eq!(zh.notes, ["「zgl」按读音查：「周桂兰」。"]);
    }

    #[test]
    fn what_may_help_depends_on_what_was_asked() {
        let hint = |terms: Vec<Term>, fields: Vec<FieldTerm>| {
            hint(Lang::Zh, &Read { must: terms, fields, ..Read::default() })
        };
        let shorter = "少写一两个字再试，也许能查到。";
        assert_eq!(hint(vec![Term::plain("残疾证")], Vec::new()), shorter);
        for number in ["138123456", "990102003004001", "138-1234-567"] {
            assert!(
                hint(vec![Term::plain(number)], Vec::new()).starts_with("证件号码"),
                "{number}"
            );
        }
        assert!(hint(vec![Term::signed("x", "y")], Vec::new()).starts_with("证件号码"));
        assert_eq!(hint(vec![Term::plain("王")], Vec::new()), "");
        let asked = |field| FieldTerm::new(field, "860".into()).into_iter().collect::<Vec<_>>();
        assert_eq!(hint(Vec::new(), asked(Field::Type)), "");
        assert!(hint(Vec::new(), asked(Field::Id)).starts_with("证件号码"));
        let none = asked(Field::Id).into_iter().map(|one| FieldTerm { codes: Vec::new(), ..one });
        assert_eq!(hint(Vec::new(), none.collect()), "身份证号按整号或者前四位、后四位查。");
    }

    #[test]
    fn names_can_be_asked_for_with_one_character_off() {
        assert_eq!(read(vec![Term::plain("王小明"), Term::plain("收入")]).wider, "王小明~ 收入");
        assert_eq!(read(vec![Term::exact("王小明")]).wider, "");
        assert_eq!(read(vec![Term { wide: true, ..Term::plain("王小明") }]).wider, "");
        assert_eq!(read(vec![Term::plain("收入")]).wider, "");
    }
}
