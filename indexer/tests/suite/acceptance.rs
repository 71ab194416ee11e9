//! Six papers, and the questions other systems answer wrongly: every row with what must be found
//! and what must be marked.

use crate::harness::{all, index_of, numbers, paper, pieces};
use yidang_indexer::{Index, PageEntry};

const PAPERS: [&str; 6] = [
    "城市居民最低生活保障待遇申请审批表 申请人王小明 家庭住址泊头市解放街",
    "城 市 居 民 最 低 生 活 保 障 待 遇 申 请 审 批 表 申 请 人 王 小 明",
    "城市居民最低生活保障待遇申請審批表 申請人王小明",
    "入户调查表 户主李四 低保金停发通知书",
    "保障生活最低 居民市城 人申请 明小王",
    "家庭收入证明 张三丰 身份证110101\n199003074514",
];

fn index() -> Index {
    let papers: Vec<PageEntry> =
        (1..).zip(PAPERS).map(|(number, text)| paper(number, text)).collect();
    index_of(&papers)
}

/// Asks, and checks what is found, that every hit is marked, and that nothing is marked but `marks`
/// (blanks aside).
fn row(query: &str, right: &[u64], marks: &[&str]) {
    let index = index();
    let answer = all(&index, query);
    assert_eq!(numbers(&answer), right, "{query} was read as {}", answer.read_as);
    assert_eq!(answer.total, right.len() as u64);
    for hit in &answer.hits {
        let page = &hit.pages[0];
        let text = PAPERS[hit.document as usize - 1];
        let marked = pieces(text, &page.matches);
        assert_eq!(marked.is_empty(), marks.is_empty(), "{query} on {}", hit.document);
        for piece in marked {
            let piece = piece.replace([' ', '\n'], "");
            assert!(marks.contains(&piece.as_str()), "{query} marked {piece} on {}", hit.document);
        }
        let shown = pieces(&page.snippet.text, &page.snippet.marks);
        assert_eq!(shown.len(), page.matches.len(), "these papers fit into a snippet");
    }
}

#[test]
fn a_name_is_found_however_the_scan_spaced_it() {
    row("王小明", &[1, 2, 3], &["王小明"]);
    row("\"王 小 明\"", &[1, 2, 3], &["王小明"]);
}

#[test]
fn one_character_is_found_inside_a_run() {
    row("李", &[4], &["李"]);
    row("王", &[1, 2, 3, 5], &["王"]);
}

#[test]
fn a_word_is_found_in_both_spacings_and_both_scripts() {
    for query in ["申请", "申請"] {
        row(query, &[1, 2, 3, 5], &["申请", "申請"]);
    }
    row("\"申請審批表\"", &[1, 2, 3], &["申请审批表", "申請審批表"]);
}

#[test]
fn not_is_not_dropped() {
    row("王小明 AND NOT 李四", &[1, 2, 3], &["王小明"]);
    row("王小明 NOT 泊头市", &[2, 3], &["王小明"]);
    row("审批表 -泊头市", &[2, 3], &["审批表", "審批表"]);
    row("审批表 OR 通知书 -泊头市", &[1, 2, 3, 4], &["审批表", "審批表", "通知书"]);
    row("(审批表 OR 通知书) -泊头市", &[2, 3, 4], &["审批表", "審批表", "通知书"]);
    row("-王", &[4, 6], &[]);
}

#[test]
fn an_unwanted_run_of_early_pages_is_not_asked_of_late_ones() {
    // One segment: the runs end at page 1, are passed over at 3 and 5, and end before the last.
    let texts = ["甲乙丙", "甲丁", "甲乙", "甲戊", "丙乙甲", "甲己", "甲庚"];
    let index =
        index_of(&(1..).zip(texts).map(|(number, text)| paper(number, text)).collect::<Vec<_>>());
    for (query, right) in [
        ("甲 NOT 甲乙丙", vec![2, 3, 4, 5, 6, 7]),
        ("甲 NOT 甲乙", vec![2, 4, 5, 6, 7]),
        ("甲 NOT (甲乙丙 OR 丙乙甲)", vec![2, 3, 4, 6, 7]),
        ("甲 NOT (甲乙丙 AND 甲)", vec![2, 3, 4, 5, 6, 7]),
    ] {
        assert_eq!(numbers(&all(&index, query)), right, "{query}");
    }
}

#[test]
fn an_exact_run_is_not_found_scrambled() {
    row("\"最低生活保障\"", &[1, 2, 3], &["最低生活保障"]);
    row("最低生活保障", &[1, 2, 3], &["最低生活保障"]);
    row("最低 生活 保障", &[1, 2, 3, 5], &["最低", "生活", "保障", "最低生活保障", "最低生活"]);
}

#[test]
fn a_name_with_one_wrong_character_is_found_near() {
    row("王小朋", &[1, 2, 3], &["王小明"]);
    assert_eq!(all(&index(), "王小朋").near, 3);
    row("\"王小朋\"", &[], &[]);
}

#[test]
fn a_number_broken_by_the_line_end_is_found_whole_and_in_parts() {
    row("110101199003074514", &[6], &["110101199003074514"]);
    row("4514", &[6], &["4514"]);
    row("14", &[6], &["14"]);
    row("0119", &[6], &["0119"]);
    row("１１０１０１１９９００３０７４５１４", &[6], &["110101199003074514"]);
}

#[test]
fn a_run_that_stands_nowhere_is_read_as_its_words_and_says_so() {
    let index = index();
    let answer = all(&index, "低保金入户调查");
    assert_eq!(numbers(&answer), [4]);
    let term = &answer.read_as.must[0];
    assert!(term.words.len() > 1, "{:?}", term.words);
    assert_eq!(term.words.concat(), "低保金入户调查");
    assert!(answer.read_as.to_string().contains("nowhere in one run"));
    let marked = pieces(PAPERS[3], &answer.hits[0].pages[0].matches);
    assert!(marked.iter().all(|piece| term.words.contains(piece)), "{marked:?}");

    assert_eq!(numbers(&all(&index, "\"低保金入户调查\"")), [0; 0], "in quotes it stays a run");
    assert_eq!(
        numbers(&all(&index, "李四 -低保金入户调查")),
        [4],
        "what must not occur is never widened"
    );
    assert!(all(&index, "低保金停发").read_as.must[0].words.is_empty());
}
