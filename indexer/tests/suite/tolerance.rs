//! What is found although it does not stand there: below what does, and with the reason.

use yidang_indexer::{Answer, Filter, Index, Near, PageEntry, Why, Window};

use crate::harness::{all, index_of, numbers, paper, pieces, ranked};

fn reasons(answer: &Answer, document: u64) -> Vec<(String, Why)> {
    let hit = answer.hits.iter().find(|hit| hit.document == document).unwrap();
    let near = hit.pages[0].near.iter();
    near.map(|Near { text, why }| (text.clone(), *why)).collect()
}

fn named(document: u64, name: &str, text: &str) -> PageEntry {
    PageEntry { names: vec![name.to_owned()], head: name.to_owned(), ..paper(document, text) }
}

#[test]
fn what_the_recogniser_also_thought_of_is_found_below_what_it_read() {
    let read = |document, text: &str, at, other| PageEntry {
        alternatives: vec![(at, other)],
        ..paper(document, text)
    };
    let texts = ["申请人王小月，村民", "申请人王小明，村民", "户主季四", "户主李四"];
    let papers = [
        read(1, texts[0], 5, '明'),
        paper(2, texts[1]),
        read(3, texts[2], 2, '李'),
        paper(4, texts[3]),
    ];
    let index = index_of(&papers);

    let answer = all(&index, "王小明");
    assert_eq!(ranked(&answer), [2, 1]);
    assert_eq!((answer.total, answer.near), (2, 1));
    assert!(answer.hits[1].near && !answer.hits[0].near);
    assert_eq!(reasons(&answer, 1), [("王小月".to_owned(), Why::Recogniser)]);
    assert_eq!(pieces(texts[0], &answer.hits[1].pages[0].matches), ["王小月"]);
    assert!(reasons(&answer, 2).is_empty());

    assert_eq!(ranked(&all(&index, "李")), [4, 3], "one character as well");
    assert_eq!(ranked(&all(&index, "申请人王小明，村民")), [2, 1]);
    assert_eq!(ranked(&all(&index, "王小月")), [1]);
    assert_eq!(ranked(&all(&index, "\"王小明\"")), [2], "in quotes only what was read");
    assert_eq!(numbers(&all(&index, "村民 -王小明")), [1], "what must not occur is never widened");
}

#[test]
fn a_page_with_every_term_stands_above_one_that_has_one_nearly() {
    let often = "低保".repeat(200);
    let index = index_of(&[paper(1, &format!("王小朋 {often}")), paper(2, "王小明 低保")]);
    let answer = all(&index, "王小明 低保");
    assert_eq!(ranked(&answer), [2, 1]);
    assert_eq!(answer.near, 1);
}

#[test]
fn what_is_near_in_a_household_that_has_the_name_comes_before_strangers() {
    let of = |document, household: &str, text: &str| PageEntry {
        household: household.to_owned(),
        ..paper(document, text)
    };
    let index = index_of(&[
        of(1, "99010200300400001", "户主王小明"),
        of(2, "99010200300400001", "户主王小朋"),
        of(3, "99010200300400002", "户主王小朋"),
        of(4, "", "户主王小朋"),
    ]);
    assert_eq!(ranked(&all(&index, "王小明")), [1, 2, 4, 3]);
    assert_eq!(all(&index, "王小明").near, 3);
}

#[test]
fn a_persons_name_is_found_one_character_off_among_the_papers_of_the_household() {
    let of = |document, household: &str, text: &str| PageEntry {
        household: household.to_owned(),
        names: vec!["周桂兰".to_owned()],
        ..paper(document, text)
    };
    let index = index_of(&[
        of(1, "99010200300400001", "户主周桂兰"),
        of(2, "99010200300400001", "户主周佳蓝，收入"),
        of(3, "99010200300400001", "户主周梓兰"),
        of(4, "99010200300400002", "户主周梓兰"),
        of(5, "", "户主周梓兰"),
    ]);
    let answer = all(&index, "周桂兰");
    assert_eq!(ranked(&answer), [1, 3], "{}", answer.read_as);
    assert_eq!(ranked(&all(&index, "周桂兰~")), [1, 3, 5, 4]);
    assert_eq!(ranked(&all(&index, "\"周桂兰\"")), [1]);
    assert_eq!(ranked(&all(&index, "户主 -周桂兰")).len(), 4);
}

#[test]
fn a_look_alike_is_found_with_its_reason() {
    let index = index_of(&[paper(1, "申请人王小朋"), paper(2, "申请人王小刚")]);
    let answer = all(&index, "王小明");
    assert_eq!(ranked(&answer), [1]);
    assert_eq!(reasons(&answer, 1), [("王小朋".to_owned(), Why::LookAlike)]);
    assert!(answer.read_as.to_string().contains("王小朋 looks like it"), "{}", answer.read_as);
}

#[test]
fn one_character_off_is_tried_when_nothing_stands_there() {
    let texts = ["户主周桂兰", "户主欧阳修文", "收入"];
    let papers: Vec<_> = (1..).zip(texts).map(|(number, text)| paper(number, text)).collect();
    let index = index_of(&papers);
    for query in ["周贵兰", "周桂蓝", "邹桂兰", "周兰桂兰", "周桂花"] {
        let answer = all(&index, query);
        assert_eq!(ranked(&answer), [1], "{query}: {}", answer.read_as);
        assert!(answer.hits[0].near && !answer.hits[0].pages[0].matches.is_empty(), "{query}");
    }
    assert_eq!(ranked(&all(&index, "欧阳秀文")), [2]);
    assert!(ranked(&all(&index, "赵贵花")).is_empty());
    assert!(ranked(&all(&index, "\"周贵兰\"")).is_empty());
}

#[test]
fn one_character_off_can_be_asked_for() {
    let index = index_of(&[paper(1, "户主周桂兰"), paper(2, "户主周贵兰"), paper(3, "户主王桂花")]);
    assert_eq!(ranked(&all(&index, "周桂兰")), [1]);
    for query in ["周桂兰~", "周桂兰～"] {
        let answer = all(&index, query);
        assert_eq!(ranked(&answer), [1, 2], "{query}");
        assert_eq!((answer.near, answer.read_as.must[0].text.as_str()), (1, "周桂兰"));
    }
    assert!(ranked(&all(&index, "~")).is_empty());
}

#[test]
fn a_name_is_found_by_its_sound() {
    let index = index_of(&[
        named(1, "王小明", "申请人王小明"),
        named(2, "王晓敏", "入户调查"),
        named(3, "單雄", "审批表"),
        paper(4, "经办人王小明"),
    ]);
    assert_eq!(ranked(&all(&index, "wangxiaoming")), [4, 1]);
    let mut both = ranked(&all(&index, "wxm"));
    both.sort_unstable();
    assert_eq!(both, [1, 2, 4]);
    assert_eq!(ranked(&all(&index, "wangxiao"))[..1], [4], "the beginning of a sound");
    assert_eq!(ranked(&all(&index, "SHANXIONG")), [3], "a surname has a sound of its own");
    assert!(ranked(&all(&index, "zzz")).is_empty());
    assert_eq!(ranked(&all(&index, "wxm 调查")), [2]);
}

#[test]
fn nobody_learns_of_what_may_not_be_seen() {
    let of = |document, organisation: &str, name: &str, text: &str| PageEntry {
        organisation: organisation.to_owned(),
        ..named(document, name, text)
    };
    let index = index_of(&[
        of(1, "990102001", "王小朋", "户主王小朋"),
        of(2, "990102002", "周桂兰", "户主周桂兰"),
    ]);
    let other = Filter::within("990102002");
    for query in ["王小明", "王晓朋", "wxp", "wangxiaopeng"] {
        let answer = index.search(query, &other, &Window::default()).unwrap();
        assert_eq!(answer.total, 0, "{query}");
        assert!(
            !answer.read_as.to_string().contains('朋') || query.contains('朋'),
            "{}",
            answer.read_as
        );
        assert!(all(&index, query).total > 0, "{query} is near for whoever may see it");
    }
}

#[test]
fn a_day_and_an_amount_are_found_in_every_form() {
    let texts =
        ["自二〇二六年三月九日起每月捌佰陆拾元整", "2026-03-09 实发 860.00", "2026年3月10日 800元"];
    let papers: Vec<_> = (1..).zip(texts).map(|(number, text)| paper(number, text)).collect();
    let index = index_of(&papers);
    let found = |query: &str| -> (Vec<u64>, Vec<Vec<String>>) {
        let answer = all(&index, query);
        let marked = answer
            .hits
            .iter()
            .map(|hit| pieces(texts[hit.document as usize - 1], &hit.pages[0].matches));
        (numbers(&answer), marked.collect())
    };
    for query in ["2026年3月9日", "20260309", "2026.3.9", "二〇二六年三月九日", "3月9日"]
    {
        let (papers, marked) = found(query);
        assert_eq!(papers, [1, 2], "{query}");
        assert!(marked.iter().all(|pieces| pieces.len() == 1), "{query}: {marked:?}");
    }
    for query in ["860元", "捌佰陆拾元", "860", "¥860.00"] {
        assert_eq!(found(query).0, [1, 2], "{query}");
    }
    assert_eq!(found("2026年3月").0, [1, 2, 3]);
    assert_eq!(found("\"860元\"").0, [0; 0], "in quotes it is only a run");
    assert_eq!(found("2026年 -860元").0, [3], "what must not occur is so in every form");
    assert_eq!(all(&index, "捌佰陆拾元").read_as.must[0].value.as_deref(), Some("860元"));
}

#[test]
fn no_alternative_makes_the_index_fail() {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    let text = "王 小明".repeat(300);
    let alternatives = (0..2000).flat_map(|at| ['李', '\n', '㎡', '王'].map(|c| (at, c))).collect();
    writer.replace(1, &[PageEntry { alternatives, ..paper(1, &text) }]).unwrap();
    writer.commit(1).unwrap();
    assert_eq!(all(&index, "李小明").total, 1);
}

#[test]
fn another_character_comes_before_a_missing_one_wherever_it_stands() {
    let index = index_of(&[
        named(1, "周桂兰", "户主周桂兰，经办周桂的"),
        paper(2, "周桂在"),
        named(3, "王芳", "户主王芳"),
        named(4, "欧阳修文", "户主欧阳修文"),
    ]);
    for (query, near) in [
        ("周桂栏", "周桂兰"),
        ("邹桂兰", "周桂兰"),
        ("周贵兰", "周桂兰"),
        ("王方", "王芳"),
        ("欧阳修雯", "欧阳修文"),
        ("殴阳修文", "欧阳修文"),
    ] {
        let answer = all(&index, query);
        let read: Vec<&str> =
            answer.read_as.must[0].near.iter().map(|near| near.text.as_str()).collect();
        assert_eq!(read, [near], "{query}: {}", answer.read_as);
        assert_eq!(answer.total, 1, "{query}");
    }
    assert_eq!(
        ranked(&all(&index, "周阿桂兰")),
        [1],
        "what is missing is tried when nothing else is"
    );
    assert!(ranked(&all(&index, "王量")).is_empty(), "half a name is not left open");
    assert_eq!(ranked(&all(&index, "王量~")), [3], "unless it is asked for");
    let texts: Vec<_> = all(&index, "周桂栏~").read_as.must[0].near.clone();
    assert!(texts.iter().any(|near| near.text == "周桂在"), "{texts:?}");
}

#[test]
fn where_the_term_itself_stands_nothing_is_read_instead_of_it() {
    let texts = ["小明，户主王小明", "小明经办"];
    let index = index_of(&[paper(1, texts[0]), paper(2, texts[1])]);
    let answer = all(&index, "王小明~");
    assert_eq!(ranked(&answer), [1, 2], "{}", answer.read_as);
    assert!(reasons(&answer, 1).is_empty());
    assert_eq!(pieces(texts[0], &answer.hits[0].pages[0].matches), ["王小明"]);
    assert_eq!(reasons(&answer, 2), [("小明".to_owned(), Why::OneCharacter)]);
}

#[test]
fn a_sound_may_be_typed_in_several_words() {
    let index = index_of(&[
        named(1, "周桂兰", "户主周桂兰"),
        paper(2, "zhou gui, a note"),
        named(3, "兰桂", "兰桂"),
    ]);
    for query in ["zhouguilan", "zhou guilan", "Zhou Guilan", "zhou gui lan", "zhou gui lan 户主"]
    {
        let answer = all(&index, query);
        assert_eq!(ranked(&answer), [1], "{query}: {}", answer.read_as);
        assert_eq!(answer.read_as.must[0].text, "zhouguilan", "{query}");
        assert_eq!(answer.read_as.must[0].near[0].text, "周桂兰", "{query}");
    }
    assert_eq!(ranked(&all(&index, "zhou gui")), [2], "words that stand on a page are words");
    assert!(ranked(&all(&index, "\"zhou\" \"guilan\"")).is_empty());
}
