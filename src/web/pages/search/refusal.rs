//! Why a query cannot be read, and what to do, in words.

use crate::search::{Flaw, SyntaxError};
use crate::web::lang::Lang;
use crate::web::page::search::Refused;

/// Why a query cannot be read, at the place.
pub(crate) fn refused(lang: Lang, query: &str, error: &SyntaxError) -> Refused {
    let (message, hint) = match error.flaw {
        Flaw::UnclosedQuote => (
            lang.t("引号没有成对。", "The quote does not end."),
            lang.t("在末尾补上引号，或者去掉它。", "End it, or leave it out."),
        ),
        Flaw::EmptyQuote => (
            lang.t("引号里没有字。", "There is nothing in the quotes."),
            lang.t("写上字，或者去掉引号。", "Fill them, or leave them out."),
        ),
        Flaw::UnclosedGroup => (
            lang.t("括号没有成对。", "The parenthesis is not closed."),
            lang.t("补上右括号，或者去掉它。", "Close it, or leave it out."),
        ),
        Flaw::UnopenedGroup => (
            lang.t("多了一个右括号。", "There is no opening parenthesis for this one."),
            lang.t("去掉它，或者补上左括号。", "Leave it out, or open one."),
        ),
        Flaw::EmptyGroup => (
            lang.t("括号里没有字。", "There is nothing in the parentheses."),
            lang.t("写上字，或者去掉括号。", "Fill them, or leave them out."),
        ),
        Flaw::NothingBefore(_) | Flaw::NothingAfter(_) => (
            lang.t(
                "AND、OR、NOT和减号两边要有字。",
                "AND, OR, NOT and minus need words beside them.",
            ),
            lang.t(
                "要查这几个字母本身，请加引号。",
                "To find these letters themselves, quote them.",
            ),
        ),
        Flaw::EmptyField(_) => (
            lang.t("冒号后面没有字。", "There is nothing after the colon."),
            lang.t("写上要查的，如 户主:周桂兰。", "Fill it, as in head:周桂兰."),
        ),
        Flaw::FieldGroup(_) => (
            lang.t(
                "一个字段只查一个词，或者引号里的几个词。",
                "A field is asked for one word, or for several in quotes.",
            ),
            lang.t(
                "写成 户主:周桂兰 或 户主:\"周 桂兰\"；两个都要就写两遍。",
                "Write head:周桂兰 or head:\"周 桂兰\"; to ask two, write the field twice.",
            ),
        ),
        Flaw::Reversed => (
            lang.t("起止颠倒了。", "The range ends before it begins."),
            lang.t(
                "小的、早的写在前面，如 2024..2025。",
                "Write the lesser or earlier first, as in 2024..2025.",
            ),
        ),
        Flaw::NoDay => (
            lang.t("这不是日期。", "This is no date."),
            lang.t(
                "写成 2026-03-09、2026.3、2024..2025 或 >2024。",
                "Write 2026-03-09, 2026.3, 2024..2025 or >2024.",
            ),
        ),
        Flaw::NoAmount => (
            lang.t("这不是金额。", "This is no amount."),
            lang.t("写成 860、>500 或 300..500。", "Write 860, >500 or 300..500."),
        ),
        Flaw::TooLong(_) | Flaw::TooMany(_) | Flaw::TooDeep(_) => (
            lang.t("写得太长了。", "The query is too long."),
            lang.t("留下最要紧的几个词。", "Keep the words that matter most."),
        ),
    };
    let chars: Vec<char> = query.chars().collect();
    let at = error.at.min(chars.len());
    let text = |part: &[char]| part.iter().collect::<String>();
    Refused {
        message: message.to_owned(),
        hint: hint.to_owned(),
        before: text(&chars[..at]),
        at: text(&chars[at..(at + 1).min(chars.len())]),
        after: text(&chars[(at + 1).min(chars.len())..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_query_is_shown_with_its_place() {
        let error = SyntaxError { at: 3, flaw: Flaw::UnclosedQuote };
        let shown = refused(Lang::Zh, "周桂 \"收入", &error);
        assert_eq!(
            (shown.before.as_str(), shown.at.as_str(), shown.after.as_str()),
            ("周桂 ", "\"", "收入")
        );
        let end = refused(Lang::En, "a OR", &SyntaxError { at: 4, flaw: Flaw::NothingAfter("OR") });
        assert_eq!((end.before.as_str(), end.at.as_str()), ("a OR", ""));
    }
}
