//! Is this embedded text to be trusted? Pure functions over strings.
//!
//! A text layer is often missing, short, or garbage that no error announces: a font without a map to characters, or a map that
//! one reader follows and another does not. So it has to look like text, and two readers have to agree on it.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

/// Fewer characters than this are a page number or a stamp, not the text of a page.
const FEW: usize = 20;
/// Fewer than this over a picture that fills the page are what a scanner app adds to a scan.
const FEW_OVER_PICTURE: usize = 200;
/// The share of a page from which pictures are the page.
const MAINLY_PICTURE: f64 = 0.5;
/// The share of characters that forms are made of. The rest is room for a rare name or sign.
const KNOWN: f64 = 0.95;
/// The share of characters that two readers must have in common.
const AGREEMENT: f64 = 0.9;

/// The judgement on the embedded text of one page.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// To be used.
    Sound,
    /// Not to be used: the page is to be recognised, for this reason.
    Unsound(String),
}

/// Judges `positioned`, the text as drawn, beside `plain`, the text as the second reader gives it.
///
/// `picture` is the share of the page that pictures cover. Reasons are English sentences.
pub(super) fn judge(
    positioned: &str,
    plain: impl FnOnce() -> Result<String, String>,
    picture: f64,
) -> Verdict {
    let text = essence(positioned);
    let count = text.chars().count();
    if count == 0 {
        return Verdict::Unsound("The page has no embedded text.".into());
    }
    if text.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Verdict::Unsound("The embedded text has characters without meaning.".into());
    }
    let known = text.chars().filter(|c| is_known(*c)).count();
    if (known as f64) < KNOWN * count as f64 {
        return Verdict::Unsound(format!(
            "The embedded text does not look like text: {} of {count} characters are not of a form.",
            count - known
        ));
    }
    let plain = match plain() {
        Ok(plain) => essence(&plain),
        Err(reason) => {
            return Verdict::Unsound(format!(
                "The embedded text could not be read twice: {reason}."
            ));
        }
    };
    let agreement = agreement(&text, &plain);
    if agreement < AGREEMENT {
        return Verdict::Unsound(format!(
            "Two readers of the embedded text agree on {:.0} % of it only.",
            (agreement * 100.0).floor()
        ));
    }
    if picture >= MAINLY_PICTURE && count < FEW_OVER_PICTURE {
        return Verdict::Unsound(format!(
            "The page is a picture with {count} characters of embedded text."
        ));
    }
    if count < FEW {
        return Verdict::Unsound(format!("The page has {count} characters of embedded text only."));
    }
    Verdict::Sound
}

/// What is compared and counted: compatibility forms folded, blanks left out.
fn essence(text: &str) -> String {
    fold(text).nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// The share of characters that two texts have in common, from 0 to 1, whatever their order: readers order lines differently.
fn agreement(one: &str, other: &str) -> f64 {
    let mut counts: HashMap<char, i64> = HashMap::new();
    for c in one.chars() {
        *counts.entry(c).or_default() += 1;
    }
    let mut common = 0;
    let mut total = one.chars().count();
    for c in other.chars() {
        total += 1;
        if let Some(count) = counts.get_mut(&c).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    if total == 0 { 1.0 } else { 2.0 * f64::from(common) / total as f64 }
}

/// Whether forms are made of this character: Chinese, letters, digits, punctuation and the signs of check boxes and tables.
fn is_known(c: char) -> bool {
    matches!(c,
        ' '..='~'
        | '\u{A5}' | '\u{A7}' | '\u{A9}' | '\u{AE}' | '\u{B0}' | '\u{B1}' | '\u{B7}' | '\u{D7}' | '\u{F7}'
        // Tone marks of pinyin.
        | 'à' | 'á' | 'è' | 'é' | 'ê' | 'ì' | 'í' | 'ò' | 'ó' | 'ù' | 'ú' | 'ü' | '\u{100}'..='\u{1DC}'
        | '\u{391}'..='\u{3C9}' | '\u{401}'..='\u{451}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{20AC}'
        | '\u{2100}'..='\u{22FF}' | '\u{2460}'..='\u{27BF}'
        | '\u{3001}'..='\u{303F}' | '\u{3041}'..='\u{30FF}' | '\u{3105}'..='\u{312F}' | '\u{3220}'..='\u{33FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FFE6}' | '\u{20000}'..='\u{323AF}'
    )
}

/// Replaces characters that only fonts bring into a PDF by the ones people type: radicals, ligatures, presentation forms.
///
/// Full-width punctuation, circled numbers and the like stay: they are on the paper, and the recogniser gives them too.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2E80}'..='\u{2EF3}' | '⼾' => folded.push(radical(c)),
            '\u{2F00}'..='\u{2FD5}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{2F800}'..='\u{2FA1F}'
            | '\u{FB00}'..='\u{FB06}'
            | '\u{FE10}'..='\u{FE4F}' => {
                decompose_compatible(c, |part| folded.push(part));
            }
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' => folded.push(' '),
            // Marks without width: joiners, soft hyphens, direction marks.
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => {}
            c => folded.push(c),
        }
    }
    folded
}

/// Radicals that fonts map characters to and Unicode folds not at all, or to the traditional form.
fn radical(c: char) -> char {
    match c {
        // Unicode says 戶; fonts of simplified Chinese draw the 户 of every 户主 with it.
        '⼾' => '户',
        '⺠' => '民',
        '⺩' => '王',
        '⺼' => '肉',
        '⻁' => '虎',
        '⻄' => '西',
        '⻅' => '见',
        '⻆' => '角',
        '⻉' => '贝',
        '⻋' => '车',
        '⻓' => '长',
        '⻔' => '门',
        '⻘' => '青',
        '⻙' => '韦',
        '⻚' => '页',
        '⻛' => '风',
        '⻜' => '飞',
        '⻝' => '食',
        '⻢' => '马',
        '⻣' => '骨',
        '⻤' => '鬼',
        '⻥' => '鱼',
        '⻦' => '鸟',
        '⻧' => '卤',
        '⻨' => '麦',
        '⻩' => '黄',
        '⻬' => '齐',
        '⻮' => '齿',
        '⻰' => '龙',
        '⺟' => '母',
        '⻳' => '龟',
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    const FORM: &str =
        "最低生活保障申请表 户主姓名 周桂兰 身份证号码 99010219560412001X 家庭人口 3 人";

    fn verdict(text: &str, plain: &str, picture: f64) -> Verdict {
        judge(text, || Ok(plain.to_owned()), picture)
    }

    fn reason(verdict: Verdict) -> String {
        match verdict {
            Verdict::Sound => panic!("judged sound"),
            Verdict::Unsound(reason) => reason,
        }
    }

    #[test]
    fn a_form_is_sound_whatever_the_order_of_its_lines() {
        let other =
            "家庭人口 3 人\n身份证号码 99010219560412001X\n户主姓名 周桂兰\n最低生活保障申请表";
        assert_eq!(verdict(FORM, other, 0.0), Verdict::Sound);
    }

    #[test]
    fn radicals_of_fonts_are_the_characters() {
        assert_eq!(fold("⼈⼝⺠⾝⼾⼤⻓⻅ﬁ"), "人口民身户大长见fi");
        assert_eq!(fold("（１）①，"), "（１）①，");
        let drawn = FORM.replace('人', "⼈").replace('户', "⼾").replace('民', "⺠");
        assert_eq!(verdict(&drawn, FORM, 0.0), Verdict::Sound);
    }

    #[test]
    fn garbage_is_told_from_text() {
        assert!(reason(verdict("", "", 0.0)).contains("no embedded text"));
        let unmapped = FORM.replace('户', "\u{FFFD}");
        assert!(reason(verdict(&unmapped, FORM, 0.0)).contains("without meaning"));
        let mojibake = "ÖÜ¹ðÀ¼»§Ö÷ÐÕÃûÉí·ÝÖ¤ºÅÂë¼ÒÍ¥ÈË¿Ú";
        assert!(reason(verdict(mojibake, mojibake, 0.0)).contains("does not look like text"));
        let private: String = FORM.chars().map(|_| '\u{E123}').collect();
        assert!(reason(verdict(&private, &private, 0.0)).contains("does not look like text"));
    }

    #[test]
    fn readers_that_disagree_are_not_believed() {
        assert!(
            reason(verdict(FORM, "完全是另外一些字，与这一页毫无关系，只是长度差不多罢了", 0.0))
                .contains("agree on")
        );
        let failed = judge(FORM, || Err("no font".into()), 0.0);
        assert!(reason(failed).contains("no font"));
    }

    #[test]
    fn a_little_text_is_not_the_text_of_a_scan() {
        assert_eq!(verdict(FORM, FORM, 0.2), Verdict::Sound);
        assert!(matches!(verdict(FORM, FORM, 0.95), Verdict::Unsound(_)));
        assert!(matches!(verdict("第 3 页", "第 3 页", 0.0), Verdict::Unsound(_)));
        let long = FORM.repeat(6);
        assert_eq!(verdict(&long, &long, 0.95), Verdict::Sound);
    }
}
