#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::ReadAs;
use proptest::prelude::*;

fn parsed(text: &str) -> Result<Query, SyntaxError> {
    parse(text, &|name| matches!(name, "工作单位" | "work_unit" | "户主"))
}

/// How a query is told back.
fn read(text: &str) -> String {
    ReadAs::of(&parsed(text).unwrap()).to_string()
}

fn flaw(text: &str) -> (usize, Flaw) {
    let error = parsed(text).unwrap_err();
    (error.at, error.flaw)
}

#[test]
fn blanks_operators_and_groups() {
    assert_eq!(read(""), "everything");
    assert_eq!(read(" 　\u{feff}"), "everything");
    assert_eq!(read("王小明 低保"), "王小明 AND 低保");
    assert_eq!(read("王小明　AND 低保"), "王小明 AND 低保");
    assert_eq!(read("a OR b c"), "(a OR (b AND c))");
    assert_eq!(read("(a OR b) c"), "c AND (a OR b)");
    assert_eq!(read("（a OR b）c"), "c AND (a OR b)");
    assert_eq!(read("a OR(b c)"), "(a OR (b AND c))");
    assert_eq!(read("and or not android ORx"), "and AND or AND not AND android AND ORx");
}

#[test]
fn not_is_never_dropped() {
    for text in [
        "王小明 NOT 李四",
        "王小明 AND NOT 李四",
        "王小明 -李四",
        "-李四 王小明",
        "NOT 李四 AND 王小明",
        "王小明 －李四",
    ] {
        assert_eq!(read(text), "王小明 AND NOT 李四", "{text}");
    }
    assert_eq!(read("NOT 李四"), "NOT 李四");
    assert_eq!(read("-(a OR b)"), "NOT a AND NOT b");
    assert_eq!(read("-(a b)"), "NOT (a AND b)");
    assert_eq!(read("a OR -b"), "(a OR NOT b)");
    assert_eq!(read("NOT -a"), "a");
    assert_eq!(read("2024-05-01"), "2024-05-01", "a hyphen inside a word is part of it");
}

#[test]
fn quotes_of_all_kinds() {
    for text in [
        "\"最低 保障\"",
        "“最低 保障”",
        "“最低 保障“",
        "「最低 保障」",
        "『最低 保障』",
        "＂最低 保障＂",
    ] {
        assert_eq!(read(text), "“最低 保障”", "{text}");
    }
    assert_eq!(read("a\"b\"c"), "a AND “b” AND c");
    assert_eq!(read("\"NOT -(\""), "“NOT -(”");
}

#[test]
fn a_parenthesis_inside_a_word_belongs_to_it() {
    assert_eq!(read("审批表（一）王"), "审批表（一）王");
    assert_eq!(read("(审批表(一) 王)"), "审批表(一) AND 王");
    assert_eq!(flaw("审批表(一 王"), (3, Flaw::UnclosedGroup));
}

#[test]
fn flaws_say_where() {
    assert_eq!(flaw("王 \"小明"), (2, Flaw::UnclosedQuote));
    assert_eq!(flaw("\"\""), (0, Flaw::EmptyQuote));
    assert_eq!(flaw("a 「 　」"), (2, Flaw::EmptyQuote));
    assert_eq!(flaw("(a"), (0, Flaw::UnclosedGroup));
    assert_eq!(flaw("a ("), (2, Flaw::UnclosedGroup));
    assert_eq!(flaw("a ()"), (2, Flaw::EmptyGroup));
    assert_eq!(flaw("a)"), (1, Flaw::UnopenedGroup));
    assert_eq!(flaw(")"), (0, Flaw::UnopenedGroup));
    assert_eq!(flaw("OR a"), (0, Flaw::NothingBefore("OR")));
    assert_eq!(flaw("(AND a)"), (1, Flaw::NothingBefore("AND")));
    assert_eq!(flaw("a OR"), (2, Flaw::NothingAfter("OR")));
    assert_eq!(flaw("a AND OR b"), (2, Flaw::NothingAfter("AND")));
    assert_eq!(flaw("a NOT"), (2, Flaw::NothingAfter("NOT")));
    assert_eq!(flaw("a - "), (2, Flaw::NothingAfter("-")));
    assert_eq!(
        parsed("a OR").unwrap_err().to_string(),
        "at character 3: OR needs something after it"
    );
}

#[test]
fn long_deep_and_many_are_refused() {
    assert_eq!(flaw(&"王".repeat(1001)).1, Flaw::TooLong(1000));
    assert_eq!(flaw(&"王 ".repeat(65)).1, Flaw::TooMany(64));
    assert_eq!(flaw(&format!("{}a{}", "(".repeat(200), ")".repeat(200))).1, Flaw::TooDeep(16));
    assert_eq!(flaw(&format!("{}a", "-".repeat(900))).1, Flaw::TooDeep(16));
    assert!(parsed(&format!("{}a{}", "(".repeat(16), ")".repeat(16))).is_ok());
}

#[test]
fn what_is_told_back_can_be_typed_again() {
    for text in ["a OR b c", "王小明 -李四 (低保 OR “最低 保障”)", "-(a b) 户主:周", "ａ ＯＲ ｂ"]
    {
        assert_eq!(parsed(&read(text)).map(|query| ReadAs::of(&query).to_string()), Ok(read(text)));
    }
}

#[test]
fn operators_may_be_in_full_width() {
    assert_eq!(read("a ＯＲ b"), "(a OR b)");
    assert_eq!(read("a ＡＮＤ b ＮＯＴ c"), "a AND b AND NOT c");
    assert_eq!(flaw("a ＯＲ"), (2, Flaw::NothingAfter("OR")));
    assert_eq!(read("ＡＢ"), "ＡＢ");
}

#[test]
fn a_field_takes_one_word_or_one_quote() {
    for text in
        ["户主:周桂兰", "户主: 周桂兰", "户主：　周桂兰", "户主:周桂兰*", "户主: \"周桂兰\""]
    {
        assert_eq!(read(text), "户主:周桂兰", "{text}");
    }
    assert_eq!(read("户主: 周桂兰 收入"), "收入 AND 户主:周桂兰");
    assert_eq!(read("(户主: 周 OR 工作单位: 纺织厂)"), "(户主:周 OR 工作单位:纺织厂)");
    assert_eq!(flaw("a 户主:(周 OR 王)"), (5, Flaw::FieldGroup(Field::Head)));
    assert_eq!(flaw("户主: （周）"), (4, Flaw::FieldGroup(Field::Head)));
    for text in ["户主: ", "户主: AND 周", "户主: -周", "户主: 日期:2024", "(户主:)"]
    {
        assert!(matches!(flaw(text).1, Flaw::EmptyField(Field::Head)), "{text}");
    }
    assert_eq!(flaw("日期:2025..2024"), (3, Flaw::Reversed));
    assert_eq!(flaw("金额: 500..300"), (4, Flaw::Reversed));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_at_a_place_within(text in "[ ()（）\"“”「」ab王-]{0,30}|( |AND|OR|NOT|a|\\(|\\)|\"){0,12}|.{0,40}") {
        if let Err(error) = parsed(&text) {
            prop_assert!(error.at < text.chars().count());
        }
    }
}

#[test]
fn a_field_of_a_form_is_asked_where_one_is_called_so() {
    let field = |text: &str| match parsed(text) {
        Ok(Query::Field(asked)) => Some((asked.field, asked.name, asked.text)),
        _ => None,
    };
    let keyed = |name: &str, text: &str| Some((Field::Keyed, name.to_owned(), text.to_owned()));
    assert_eq!(field("工作单位:纺织厂"), keyed("工作单位", "纺织厂"));
    assert_eq!(field("work_unit：\"第一 纺织厂\""), keyed("work_unit", "第一 纺织厂"));
    let head = Some((Field::Head, String::new(), "周".to_owned()));
    assert_eq!(field("户主:周"), head, "a field of the index comes first");
    assert_eq!(field("政治面貌:群众"), None);
    assert_eq!(read("工作单位:纺织厂 -性别:男"), "工作单位:纺织厂 AND NOT 性别:男");
    assert_eq!(flaw("周 工作单位:"), (2, Flaw::EmptyField(Field::Keyed)));
    assert_eq!(field(":纺织厂"), None);
}
