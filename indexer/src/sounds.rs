//! How names sound: 王小明 is found by `wangxiaoming` and by `wxm`.
//!
//! The sound of every name of a document's persons is a term with the name behind it, so the list of
//! terms answers what names a sound may mean, and their pages say who may see them.

use pinyin::ToPinyin;
use tantivy::{Searcher, Term as Token};

use crate::normalise::Normal;
use crate::schema::Fields;

/// Longest name with a sound, in characters.
const LONGEST: usize = 8;
/// Most readings of one name, of which several characters have more than one.
const READINGS: usize = 8;
/// Characters that sound otherwise where they are a surname.
const SURNAMES: &str = "单shan 仇qiu 曾zeng 解xie 查zha 区ou 任ren 盖ge 朴piao 翟zhai 尉yu 缪miao 覃qin 秘bi 冼xian 员yun 宓fu 纪ji 那na 哈ha 种chong 繁po 逄pang";
/// Characters that are read in two ways in given names.
const GIVEN: &str = "乐yue 乐le 行hang 行xing 长chang 长zhang 重chong 重zhong 朝zhao 朝chao 茜xi 茜qian 柏bo 柏bai 强jiang 强qiang 盛cheng 盛sheng 曾zeng 曾ceng";
/// Most names that one sound is read as.
pub(crate) const NAMES: usize = 20;

/// The terms of a name: whole sound and initials, each with the name; none unless all of its
/// characters have a sound.
pub(crate) fn terms(name: &str) -> Vec<String> {
    let name: String = Normal::of(name).chars.into_iter().collect();
    if !(2..=LONGEST).contains(&name.chars().count()) {
        return Vec::new();
    }
    let mut sounds = vec![(String::new(), String::new())];
    for c in name.chars().filter(|c| *c != '·') {
        let table = if sounds[0].0.is_empty() { SURNAMES } else { GIVEN };
        let mut syllables: Vec<&str> =
            table.split(' ').filter_map(|entry| entry.strip_prefix(c)).collect();
        let Some(usual) = c.to_pinyin() else { return Vec::new() };
        if !syllables.contains(&usual.plain()) {
            syllables.push(usual.plain());
        }
        sounds = sounds
            .iter()
            .flat_map(|(whole, initials)| {
                syllables.iter().map(move |syllable| {
                    let initial = syllable.get(..1).unwrap_or_default();
                    (format!("{whole}{syllable}"), format!("{initials}{initial}"))
                })
            })
            .take(READINGS)
            .collect();
    }
    let mut terms: Vec<String> = sounds
        .into_iter()
        .flat_map(|(whole, initials)| [whole, initials])
        .map(|sound| format!("{sound} {name}"))
        .collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// How a name sounds as a whole, in one of its readings; none when not all of its characters have a
/// sound.
pub(crate) fn whole(name: &[char]) -> Option<Vec<char>> {
    let terms = terms(&name.iter().collect::<String>());
    let sounds = terms.iter().filter_map(|term| term.split(' ').next());
    sounds.max_by_key(|sound| sound.len()).map(|sound| sound.chars().collect())
}

/// Whether a folded text may be a sound.
pub(crate) fn is_sound(chars: &[char]) -> bool {
    (2..=40).contains(&chars.len()) && chars.iter().all(char::is_ascii_lowercase)
}

/// Whether a folded text is the name of a person of some document.
pub(crate) fn is_name(
    searcher: &Searcher,
    fields: &Fields,
    chars: &[char],
) -> tantivy::Result<bool> {
    let terms = terms(&chars.iter().collect::<String>());
    let Some(term) = terms.first() else { return Ok(false) };
    Ok(searcher.doc_freq(&Token::from_field_text(fields.sounds, term))? > 0)
}

/// Names that sound like `typed`, those that sound like it as a whole before those that only begin
/// so; at most `most` of each. They may be of documents that not everybody may see.
pub(crate) fn names(
    searcher: &Searcher,
    fields: &Fields,
    typed: &[char],
    most: usize,
) -> tantivy::Result<Vec<String>> {
    let typed: String = typed.iter().collect();
    let (mut whole, mut begun) = (Vec::new(), Vec::new());
    for reader in searcher.segment_readers() {
        let index = reader.inverted_index(fields.sounds)?;
        // A blank comes before all letters, so whole sounds come first.
        let mut terms = index.terms().range().ge(&typed).lt(format!("{typed}{{")).into_stream()?;
        let mut looked_at = 0;
        while let Some((term, _)) = terms.next() {
            let Some((sound, name)) =
                std::str::from_utf8(term).ok().and_then(|t| t.split_once(' '))
            else {
                continue;
            };
            let list = if sound == typed { &mut whole } else { &mut begun };
            if !list.iter().any(|known| known == name) {
                list.push(name.to_owned());
            }
            looked_at += 1;
            if looked_at >= most {
                break;
            }
        }
    }
    begun.retain(|name| !whole.contains(name));
    begun.truncate(most);
    whole.extend(begun);
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_whole_sound_and_initials() {
        assert_eq!(terms("王小明"), ["wangxiaoming 王小明", "wxm 王小明"]);
        assert!(terms("單雄").iter().any(|term| term == "shanxiong 单雄"), "{:?}", terms("單雄"));
        assert!(terms("买买提·艾力").iter().any(|term| term.starts_with("mmtal ")));
        assert!(terms("李").is_empty() && terms("A公司").is_empty() && terms("").is_empty());
        assert!(terms("朝朝朝朝朝朝朝朝").len() <= 2 * READINGS);
    }

    #[test]
    fn sounds_are_letters_alone() {
        let is = |text: &str| is_sound(&Normal::of(text).chars);
        assert!(is("wxm") && is("WangXiaoming"));
        assert!(!is("w") && !is("w1") && !is("王") && !is(""));
    }
}
