//! Order, grouping, windows and the pages of a hit.

use yidang_indexer::{Filter, PageEntry, Window};

use crate::harness::{all, index_of, numbers, paper, pieces, ranked};

#[test]
fn terms_that_stand_in_a_row_come_first() {
    let often = "申请，低保，".repeat(30);
    let once = format!("{}低保申请{}", "空".repeat(300), "白".repeat(300));
    let index = index_of(&[paper(1, &once), paper(2, &often), paper(3, "申请低保")]);
    let answer = all(&index, "低保 申请");
    assert_eq!(answer.total, 3);
    assert_eq!(ranked(&answer)[0], 1);
}

#[test]
fn a_title_counts_more_than_the_page_where_the_page_has_it_too() {
    let titled = |document, text: &str| PageEntry {
        title: "低保申请表".into(),
        ..paper(document, text)
    };
    let far = format!("{}，有一份申请表，{}", "空白".repeat(200), "空白".repeat(200));
    let index = index_of(&[
        titled(1, "王小明家住柳桥街道，一切属实"),
        titled(2, "王小明的低保申请表"),
        paper(3, "王小明的低保申请表"),
        paper(4, &far),
    ]);
    let answer = all(&index, "申请表");
    assert_eq!(ranked(&answer), [2, 3, 4, 1], "what stands on no page comes last");
    assert!(answer.hits[3].pages[0].matches.is_empty(), "the title has no place on the page");
    assert_eq!(answer.hits[3].pages[0].snippet.text, "王小明家住柳桥街道，一切属实");
    assert_eq!(ranked(&all(&index, "\"低保申请表\""))[2..], [1], "in quotes as well");
    assert_eq!(ranked(&all(&index, "申请"))[3..], [1], "a word of two characters as well");
}

#[test]
fn a_name_on_the_page_comes_before_the_name_of_the_head_alone() {
    let of = |document, text: &str| PageEntry {
        head: "周桂兰".into(),
        household: "99010200300400001".into(),
        ..paper(document, text)
    };
    let long = |names: usize| format!("{}{}", "周桂兰".repeat(names), "一切属实，".repeat(60));
    let index = index_of(&[
        of(1, "同意"),
        of(2, &long(1)),
        of(3, ""),
        of(4, &long(4)),
        paper(5, &long(1)),
        paper(6, "别的"),
    ]);
    let order = ranked(&all(&index, "周桂兰"));
    assert_eq!(order[..3].iter().filter(|one| [2, 4, 5].contains(*one)).count(), 3, "{order:?}");
    assert_eq!(order[3..], [3, 1], "{order:?}");
    assert_eq!(ranked(&all(&index, "桂兰 属实")).len(), 3);
}

#[test]
fn a_few_digits_are_not_looked_for_in_household_numbers() {
    let of = |document, household: &str, title: &str, text: &str| PageEntry {
        household: household.into(),
        title: title.into(),
        ..paper(document, text)
    };
    let index = index_of(&[
        of(1, "99010200300400127", "", "2003年12月"),
        of(2, "99010200300400127", "", "同意"),
        of(3, "99010200300400127", "2003年度审批表", "同意"),
        of(4, "", "", "2003年"),
        of(5, "99010200300400128", "", "编号2003003，2003年"),
    ]);
    for (query, found) in [
        ("2003", vec![1, 3, 4, 5]),
        ("\"2003\"", vec![1, 3, 4, 5]),
        ("003", vec![1, 3, 4, 5]),
        ("12", vec![1]),
        ("7", vec![]),
        ("同意 -2003", vec![2]),
        ("00127", vec![1, 2, 3]),
        ("99010200300400128", vec![5]),
    ] {
        assert_eq!(numbers(&all(&index, query)), found, "{query}");
    }
    assert_eq!(*ranked(&all(&index, "2003")).last().unwrap(), 3, "the title alone comes last");
}

#[test]
fn head_and_household_number_lead_to_the_document() {
    let page = PageEntry {
        head: "周桂兰".into(),
        household: "99010200300400001".into(),
        ..paper(7, "同意")
    };
    let index = index_of(&[page, paper(8, "周桂")]);
    assert_eq!(ranked(&all(&index, "周桂兰")), [7]);
    assert_eq!(ranked(&all(&index, "99010200300400001")), [7]);
    assert_eq!(ranked(&all(&index, "00001 同意 桂兰")), [7], "label and page together");
}

#[test]
fn a_word_counts_more_than_the_same_characters_across_words() {
    // Both pages have the characters; in 人民|生活 they belong to two words.
    let index = index_of(&[paper(1, "关注民生问题"), paper(2, "改善人民生活")]);
    let answer = all(&index, "民生");
    assert_eq!(ranked(&answer), [1, 2], "of equal pages the newer one would come first");
}

#[test]
fn pages_of_a_document_are_one_hit_in_order() {
    let page = |number, text: &str| PageEntry { page: number, ..paper(5, text) };
    let pages = [page(3, "低保三"), page(1, "封面"), page(2, "低保二"), page(10, "低保十")];
    let index = index_of(&pages);
    let answer = all(&index, "低保");
    assert_eq!((answer.total, answer.total_pages), (1, 3));
    let hit = &answer.hits[0];
    assert_eq!(hit.pages.iter().map(|page| page.page).collect::<Vec<_>>(), [2, 3, 10]);
    assert_eq!(pieces(&hit.pages[0].snippet.text, &hit.pages[0].snippet.marks), ["低保"]);
}

#[test]
fn a_hit_opens_at_the_first_page_with_a_mark() {
    let page = |number, text: &str| PageEntry {
        page: number,
        title: "低保申请表".into(),
        ..paper(5, text)
    };
    let index = index_of(&[page(1, "封面"), page(2, "申请表正文")]);
    let answer = all(&index, "申请表");
    assert_eq!(answer.hits[0].page_count, 2);
    assert_eq!(answer.hits[0].opens_at().unwrap().page, 2);
}

#[test]
fn a_long_document_gives_its_first_pages_and_the_rest_on_demand() {
    let pages: Vec<PageEntry> = (1..=50)
        .map(|number| PageEntry { page: number, payload: vec![number as u8], ..paper(9, "低保") })
        .collect();
    let index = index_of(&pages);
    let hit = &all(&index, "低保").hits[0];
    assert_eq!((hit.page_count, hit.pages.len()), (50, 20));
    let every = index.pages("低保", &Filter::everything(), 9).unwrap();
    assert_eq!(
        every.iter().map(|page| page.page).collect::<Vec<_>>(),
        (1..=50).collect::<Vec<_>>()
    );
    assert_eq!(every[49].payload, [50]);
    assert_eq!(every[0].matches, vec![0..2]);
    assert!(index.pages("低保", &Filter::default(), 9).unwrap().is_empty(), "rights bind here too");
    assert!(index.pages("低保", &Filter::everything(), 8).unwrap().is_empty());
}

#[test]
fn paging_reaches_the_end_and_repeats_nothing() {
    let pages: Vec<PageEntry> = (0..537)
        .map(|number| paper(number, if number % 3 == 0 { "低保低保" } else { "低保 王小明" }))
        .collect();
    let index = index_of(&pages);
    let whole = ranked(&all(&index, "低保"));
    assert_eq!(whole.len(), 537);
    let mut stepped = Vec::new();
    for offset in (0..600).step_by(20) {
        let window = Window { offset, limit: 20 };
        let answer = index.search("低保", &Filter::everything(), &window).unwrap();
        assert_eq!(answer.total, 537);
        stepped.extend(ranked(&answer));
    }
    assert_eq!(stepped, whole);
    let beyond = Window { offset: usize::MAX, limit: usize::MAX };
    assert!(index.search("低保", &Filter::everything(), &beyond).unwrap().hits.is_empty());
    let none = Window { offset: 0, limit: 0 };
    let counted = index.search("低保", &Filter::everything(), &none).unwrap();
    assert_eq!((counted.total, counted.hits.len()), (537, 0));
}

#[test]
fn only_what_speaks_for_a_page_is_marked() {
    let index = index_of(&[paper(1, "王小明 低保 李四"), paper(2, "王小明 张三")]);
    let answer = all(&index, "王小明 -(张三 低保) (低保 OR 张三 OR NOT 李四)");
    assert_eq!(answer.total, 2);
    for hit in &answer.hits {
        let text = &hit.pages[0].snippet.text;
        let marked = pieces(text, &hit.pages[0].snippet.marks);
        assert!(!marked.contains(&"李四".to_owned()), "{marked:?}");
        assert!(marked.contains(&"王小明".to_owned()));
    }
}
