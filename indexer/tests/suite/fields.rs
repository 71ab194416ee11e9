//! Questions about one field.

use yidang_indexer::{Error, Field, FieldTerm, Filter, Flaw, Index, PageEntry, Query, Window};

use crate::harness::{all, index_of, numbers, paper, pieces};

const TEXTS: [&str; 3] =
    ["申请人周桂兰，月保障金860元", "王小明代周桂兰领取1,200.00", "周桂兰户入户调查"];

fn index() -> Index {
    let rows = [
        (
            "周桂兰",
            "99010200300400001",
            "F001-DB·2026-D10-001",
            "A01",
            "2024-03-09",
            "990102003004",
        ),
        (
            "王小明",
            "99010200300400002",
            "F001-DB·2026-D10-002",
            "A02",
            "2025-06-30",
            "990102003005",
        ),
        ("李四", "99010200500100001", "", "A02", "", "990102005001"),
    ];
    let papers: Vec<PageEntry> = (1..)
        .zip(rows)
        .map(|(document, (head, household, reference, type_code, date, organisation))| PageEntry {
            head: head.to_owned(),
            names: vec![head.to_owned(), "林小满".to_owned()],
            household: household.to_owned(),
            reference: reference.to_owned(),
            type_code: type_code.to_owned(),
            date: date.to_owned(),
            organisation: organisation.to_owned(),
            title: format!("{head}的申请表"),
            ..paper(document, TEXTS[document as usize - 1])
        })
        .collect();
    index_of(&papers)
}

#[test]
fn each_field_is_asked_by_itself() {
    let index = index();
    for (query, right) in [
        ("周桂兰", vec![1, 2, 3]),
        ("户主:周桂兰", vec![1]),
        ("户主：桂", vec![1]),
        ("head:\"周 桂兰\"", vec![1]),
        ("户主: 周桂兰", vec![1]),
        ("户主:周桂蘭", vec![1]),
        ("户主:zgl", vec![1]),
        ("head:ZhouGuilan", vec![1]),
        ("户主:wxm OR 户主:zgl", vec![1, 2]),
        ("户主:lxm", vec![]),
        ("题名:李四", vec![3]),
        ("户号:990102003", vec![1, 2]),
        ("户号:99010200300400002", vec![2]),
        ("档号:D10-001", vec![1]),
        ("类型:A02", vec![2, 3]),
        ("街道:990102003", vec![1, 2]),
        ("日期:2024..2025", vec![1, 2]),
        ("日期:2025", vec![2]),
        ("日期:>2024", vec![2]),
        ("date:2024-03", vec![1]),
        ("金额:>500", vec![1, 2]),
        ("金额:860", vec![1]),
        ("金额:1000..2000", vec![2]),
        ("周桂兰 类型:A02", vec![2, 3]),
        ("周桂兰 -类型:A02", vec![1]),
        ("类型:A02 NOT 日期:2025", vec![3]),
        ("户主:李四 OR 日期:2024", vec![1, 3]),
        ("金额:>500 户主:王", vec![2]),
        ("类型:A99", vec![]),
        ("周桂*", vec![1, 2, 3]),
    ] {
        let answer = all(&index, query);
        assert_eq!(numbers(&answer), right, "{query} was read as {}", answer.read_as);
    }
}

#[test]
fn what_was_asked_is_marked_where_it_stands() {
    let index = index();
    let marked = |query: &str| pieces(TEXTS[0], &all(&index, query).hits[0].pages[0].matches);
    assert_eq!(marked("户主:周桂兰"), ["周桂兰"]);
    assert_eq!(marked("金额:>500 日期:2024"), ["860元"]);
}

#[test]
fn the_reading_can_be_typed_again() {
    let index = index();
    let text = "周桂兰 户主:\"周 桂兰\" 日期:2024..2025 金额:>500";
    let answer = all(&index, text);
    let said = answer.read_as.to_string();
    assert_eq!(said, "周桂兰 AND 户主:\"周 桂兰\" AND 日期:2024..2025 AND 金额:>500");
    assert_eq!(Query::read(&said).unwrap(), Query::read(text).unwrap());
}

#[test]
fn what_cannot_be_asked_is_said_with_its_place() {
    let flaw = |text: &str| match Query::read(text) {
        Err(Error::Syntax(error)) => (error.at, error.flaw),
        other => panic!("{text}: {other:?}"),
    };
    assert!(matches!(flaw("周 户主:"), (2, Flaw::EmptyField(_))));
    assert!(matches!(flaw("户主:\"\""), (3, Flaw::EmptyQuote)));
    assert_eq!(flaw("周 日期:明天"), (5, Flaw::NoDay));
    assert_eq!(flaw("金额：很多"), (3, Flaw::NoAmount));
    assert!(Query::read("备注:明天 http://x").is_ok(), "a colon alone is nothing special");
}

#[test]
fn a_head_that_was_typed_by_its_sound_is_told_with_the_names() {
    let answer = all(&index(), "户主:zgl");
    assert_eq!(answer.read_as.to_string(), "户主:zgl (sounds so: 周桂兰)");
    assert_eq!(answer.read_as.fields[0].sounding(), ["周桂兰"]);
    assert_eq!(answer.read_as.fields[0].typed(true), "head:zgl");
    assert_eq!(pieces(TEXTS[0], &answer.hits[0].pages[0].matches), ["周桂兰"]);
}

#[test]
fn the_number_of_a_person_is_found_by_what_stands_beside_the_stars() {
    let texts = [
        "证1101**********9284，电话138****9284，每月捌佰陆拾元整",
        "证3405** ******** 0013",
        "账号6222***********9284",
        "账号9284***********3445，9284元",
        "证9284**-********-0013",
    ];
    let papers: Vec<_> = (1..).zip(texts).map(|(number, text)| paper(number, text)).collect();
    let index = index_of(&papers);
    let ask = |codes: &[&str], signs: &[&str]| {
        let text = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        let asked = FieldTerm::new(Field::Id, "9284".to_owned()).unwrap();
        let query = Query::Field(FieldTerm { codes: text(codes), signs: text(signs), ..asked });
        index.ask(query, &Filter::everything(), &Window::default()).unwrap()
    };
    let answer = ask(&["?**********9284", "9284**********?", "9284**-********-"], &[]);
    assert_eq!(numbers(&answer), [1, 5]);
    assert_eq!(answer.read_as.to_string(), "身份证:9284");
    let first = answer.hits.iter().find(|hit| hit.document == 1).unwrap();
    assert_eq!(pieces(texts[0], &first.pages[0].matches), ["9284"]);
    let places: Vec<usize> = first.pages[0].matches.iter().map(|one| one.start).collect();
    assert_eq!(places, [15], "and not the end of the telephone");
    assert_eq!(numbers(&ask(&["?**********0013"], &[])), [2], "however it is grouped");
    assert_eq!(numbers(&ask(&[], &["甲"])), [0; 0]);
    assert_eq!(numbers(&ask(&[], &[])), [0; 0], "what is no number finds nothing");
}
