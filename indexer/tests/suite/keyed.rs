//! What people keyed from a page.

use yidang_indexer::{
    Answer, Error, Filter, Index, KeyedHit, KeyedValue, PageEntry, Query, Window,
};

use crate::harness::{all, fill, index_of, numbers, paper, pieces};

fn keyed(field: &str, text: &str) -> KeyedValue {
    KeyedValue { field: field.to_owned(), text: text.to_owned(), ..KeyedValue::default() }
}

/// A page on which 纺 was misread, another that has the words elsewhere.
fn papers() -> Vec<PageEntry> {
    let employer = KeyedValue {
        bbox: Some([10, 20, 30, 40]),
        ..keyed("check.employer", "市第一纺织厂")
    };
    let account = KeyedValue {
        signs: vec!["abc1".to_owned()],
        ..keyed("check.account", "6222***********4455")
    };
    let minor = KeyedValue { by_field: true, ..keyed("check.minor", "是") };
    vec![
        PageEntry {
            keyed: vec![
                employer,
                keyed("check.post", "工人"),
                keyed("check.amount", "1860.00元"),
                keyed("check.on", "2026-03-09"),
                account,
                minor,
            ],
            ..paper(1, "工作单位市第一访织厂")
        },
        PageEntry {
            keyed: vec![keyed("visit.seen", "其子在纺织厂工作")], ..paper(2, "入户调查")
        },
        paper(3, "住纺织厂宿舍"),
    ]
}

/// What is found where the fields of the forms are known by these names.
fn asked(index: &Index, text: &str) -> Result<Answer, Error> {
    let names = [
        ("工作单位", "check.employer"),
        ("账号", "check.account"),
        ("未成年", "check.minor"),
        ("金额数", "check.amount"),
        ("在", "check.on"),
    ];
    let query = Query::read_with(text, &|name| names.iter().any(|(known, _)| *known == name))?;
    let query = query.with_fields(&mut |mut asked| {
        let code = |name: &String| names.iter().find(|(known, _)| known == name);
        asked.codes =
            asked.codes.iter().filter_map(code).map(|(_, code)| code.to_string()).collect();
        if asked.text.starts_with('#') {
            asked.signs = vec![asked.text[1..].to_owned()];
        }
        Query::Field(asked)
    });
    index.ask(query, &Filter::everything(), &Window { offset: 0, limit: 100 })
}

#[test]
fn what_was_keyed_is_found_and_told_with_its_field() {
    let index = index_of(&papers());
    let answer = all(&index, "\"第一纺织厂\"");
    assert_eq!(numbers(&answer), [1]);
    let page = &answer.hits[0].pages[0];
    assert!(page.matches.is_empty(), "the page itself was misread");
    let hit = KeyedHit {
        field: "check.employer".to_owned(),
        text: "市第一纺织厂".to_owned(),
        marks: std::iter::once(1..6).collect(),
        bbox: Some([10, 20, 30, 40]),
    };
    assert_eq!(page.keyed, [hit]);
    assert_eq!(numbers(&all(&index, "纺织厂")), [1, 2, 3]);
    assert_eq!(numbers(&all(&index, "2026年3月9日")), [1]);
    assert_eq!(numbers(&all(&index, "金额:>1800")), [1]);
    assert_eq!(numbers(&all(&index, "\"厂工\"")), [2], "no run goes over two values");
    assert_eq!(numbers(&all(&index, "织厂宿舍 OR 工人")), [1, 3]);
}

#[test]
fn a_field_is_asked_by_itself() {
    let index = index_of(&papers());
    for (query, right) in [
        ("工作单位:纺织厂", vec![1]),
        ("工作单位:厂", vec![1]),
        ("工作单位:\"第一 纺织厂\"", vec![1]),
        ("工作单位:工人", vec![]),
        ("工作单位:宿舍", vec![]),
        ("-工作单位:纺织厂", vec![2, 3]),
        ("纺织厂 -工作单位:纺织厂", vec![2, 3]),
        ("金额数:1860", vec![1]),
        ("金额数:一千八百六十元", vec![1]),
        ("在:2026.3.9", vec![1]),
        ("未成年:是", vec![1]),
        ("是", vec![]),
        ("账号:4455", vec![1]),
        ("账号:#abc1", vec![1]),
        ("账号:#abc2", vec![]),
        ("工作单位:#abc1", vec![]),
    ] {
        assert_eq!(numbers(&asked(&index, query).unwrap()), right, "{query}");
    }
    let answer = asked(&index, "账号:#abc1").unwrap();
    let hit = &answer.hits[0].pages[0].keyed[0];
    assert_eq!(pieces(&hit.text, &hit.marks), ["6222***********4455"]);
    let answer = asked(&index, "在:2026.3.9").unwrap();
    let hit = &answer.hits[0].pages[0].keyed[0];
    assert_eq!(
        (hit.field.as_str(), pieces(&hit.text, &hit.marks)),
        ("check.on", vec!["2026-03-09".to_owned()])
    );
}

#[test]
fn the_page_to_open_is_the_one_it_was_keyed_from() {
    let second = PageEntry { page: 2, ..papers().remove(0) };
    let index = index_of(&[paper(1, "封面"), second]);
    let answer = all(&index, "\"第一纺织厂\"");
    assert_eq!(answer.hits[0].opens_at().map(|page| page.page), Some(2));
}

#[test]
fn what_is_keyed_anew_takes_the_place_of_what_was() {
    let index = index_of(&papers());
    let again = PageEntry {
        keyed: vec![keyed("check.employer", "市第二毛纺厂")],
        ..paper(1, "工作单位市第一访织厂")
    };
    fill(&index, &[again]);
    assert_eq!(numbers(&asked(&index, "工作单位:纺织厂").unwrap()), Vec::<u64>::new());
    assert_eq!(numbers(&all(&index, "毛纺厂")), [1]);
    assert_eq!(numbers(&all(&index, "\"第一纺织厂\"")), Vec::<u64>::new());
}
