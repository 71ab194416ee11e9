//! Rosters as offices have them: which are read, which rows are told.

use jiff::civil::date;
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};

use super::*;
use crate::model::money::Fen;
use crate::model::table::is_english;

const A: &str = "990102195203142149";
const B: &str = "990102197001011019";
const C: &str = "990102198506063038";
const D: &str = "990102196001010011";

const TODAY: Date = date(2026, 11, 28);

fn roster(text: &str) -> Read {
    of(text.as_bytes(), false)
}

fn of(bytes: &[u8], only_open: bool) -> Read {
    let table = Table::filled(bytes, 10_000).unwrap();
    let found = read(table, &Rules::national().unwrap(), TODAY, only_open).unwrap();
    // Whatever is told is told in English too.
    for one in &found.bad.every {
        assert!(is_english(&one.reason_en), "{one:?}");
    }
    found
}

fn bad(found: &Read) -> Vec<(u64, &str)> {
    found.bad.told.iter().map(|one| (one.line, one.reason.as_str())).collect()
}

#[test]
fn persons_of_one_number_are_a_household() {
    let found = roster(&format!(
        "低保花名册\n序号,户号,姓名,与户主关系,身份证号,出生年月,现住址\n\
         1,1,周文,夫,{B},1970-01-01,\n2,1,林秀芳,户主,{A},1952年3月,槐荫里7号\n\
         3,99010200300400123,吴强,户主,{C},1985.6.6,\n"
    ));
    assert_eq!((found.families.len(), found.bad.total), (2, 0), "{:?}", found.bad);
    let names: Vec<_> = found.families[0].persons.iter().map(|one| &one.name[..]).collect();
    assert_eq!(names, ["林秀芳", "周文"]);
    assert_eq!(found.families[0].address, "槐荫里7号");
    assert_eq!(found.families[1].number.as_ref().unwrap().as_str(), "99010200300400123");
}

#[test]
fn without_numbers_a_household_begins_with_its_head() {
    let found =
        roster(&format!("姓名,关系,身份证号\n林秀芳,户主,{A}\n周文,夫,{B}\n吴强,本人,{C}\n"));
    let persons: Vec<_> = found.families.iter().map(|one| one.persons.len()).collect();
    assert_eq!(persons, [2, 1]);
}

#[test]
fn bad_rows_take_their_household_with_them() {
    let found = roster(&format!(
        "户号,姓名,与户主关系,身份证号,出生日期\n\
         1,林秀芳,户主,{A},\n1,周文,夫,990102197001011010,\n\
         2,吴强,户主,{C},1985-02-30\n\
         3,甲,户主,{B},\n4,乙,户主,{B},\n\
         5,丙,妻,{D},\n"
    ));
    assert!(found.families.is_empty(), "{found:?}");
    let lines: Vec<_> = bad(&found).iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
    let reasons = bad(&found);
    for (at, why) in [(0, "同一户"), (1, "校验码"), (2, "出生日期"), (3, "第6行"), (5, "没有户主")]
    {
        assert!(reasons[at].1.contains(why), "{reasons:?}");
    }
}

#[test]
fn old_numbers_become_new_ones() {
    let old = format!("{}{}", &A[..6], &A[8..17]);
    let found = roster(&format!("户主,身份证号\n林秀芳,{old}\n"));
    assert_eq!((found.converted, found.bad.total), (1, 0), "{:?}", found.bad);
    assert_eq!(found.families[0].persons[0].id_number, A);
}

/// What a file says of its columns: its name, and what it is read as, or nothing.
fn told(found: &Read) -> Vec<(&str, &str)> {
    found.columns.iter().map(|one| (one.head.as_str(), one.read.as_str())).collect()
}

const HEADS: &str = "户号,姓名,与户主关系,身份证号,性别,联系电话,家庭人口数,保障人数,月保障金（元）,起始月,家庭类别,备注\n";

#[test]
fn the_allowance_of_a_household_is_read_with_it() {
    let found = roster(&format!(
        "{HEADS}1,林秀芳,户主,{A},女,13800000000,2,1,\"1,120.50\",2024年5月,B类,住院\n\
         1,周文,夫,{B},男,,,,,,,\n2,吴强,户主,{C},,0571-87654321,1人,,560,202612,a,\n"
    ));
    assert_eq!((found.rows, found.bad.total, found.decides), (3, 0, true), "{:?}", found.bad);
    let [one, two] = &found.families[..] else { panic!("{found:?}") };
    let benefit = one.benefit.clone().unwrap();
    assert_eq!((benefit.amount, benefit.persons), (Fen::new(112_050), 1));
    assert_eq!((benefit.category.as_str(), benefit.from.to_string()), ("B", "2024-05".to_owned()));
    assert_eq!(decided_on(benefit.from, TODAY), date(2024, 5, 1));
    let fact = |member, field: &str, value: &str| Fact {
        member,
        field: field.to_owned(),
        value: value.to_owned(),
    };
    let known = [
        fact(None, "phone", "13800000000"),
        fact(Some(0), "sex", "女"),
        fact(Some(1), "sex", "男"),
    ];
    assert_eq!(one.facts, known);
    let benefit = two.benefit.clone().unwrap();
    assert_eq!((benefit.persons, benefit.from.to_string()), (1, "2026-12".to_owned()));
    assert_eq!(decided_on(benefit.from, TODAY), TODAY, "what is decided has been");
    let names = told(&found);
    assert_eq!(names[8], ("月保障金(元)", "月保障金"));
    assert_eq!(names[11], ("备注", ""), "what is passed over is told");
    assert!(names[..11].iter().all(|(_, read)| !read.is_empty()), "{names:?}");

    // Only opened, and without an amount: nothing is decided, and what is passed over told.
    let text = format!("户号,姓名,身份证号,类别,起始月\n1,林秀芳,{A},没有,没有\n");
    let found = roster(&text);
    assert_eq!((found.bad.total, found.decides), (0, false), "{:?}", found.bad);
    assert_eq!(told(&found)[3..], [("类别", ""), ("起始月", "")]);
    let text = format!("户号,姓名,身份证号,保障金额\n1,林秀芳,{A},很多\n");
    assert_eq!(of(text.as_bytes(), true).families[0].benefit, None);
    assert_eq!(roster(&text).bad.total, 1);
}

#[test]
fn a_bad_head_spoils_no_other_household() {
    let wrong = format!("{}0", &B[..17]);
    let text =
        format!("姓名,与户主关系,身份证号\n林秀芳,户主,{A}\n周文,户主,{wrong}\n吴强,妻,{C}\n");
    let found = roster(&text);
    assert_eq!(found.families.len(), 1, "{:?}", found.bad);
    assert_eq!(found.families[0].persons[0].name, "林秀芳");
    let bad: Vec<u64> = found.bad.told.iter().map(|one| one.line).collect();
    assert_eq!(bad, [3, 4], "{:?}", found.bad);
}

#[test]
fn a_household_without_a_number_begins_with_its_head() {
    // The column is there, and nothing in it; one with a number stands between.
    let text =
        format!("户号,姓名,与户主关系,身份证号\n,林秀芳,户主,{A}\n,周文,夫,{B}\n7,吴强,户主,{C}\n");
    let found = roster(&text);
    let sizes: Vec<usize> = found.families.iter().map(|one| one.persons.len()).collect();
    assert_eq!((sizes, found.bad.total), (vec![2, 1], 0), "{:?}", found.bad);
    // Whose the others are is not guessed.
    let text = format!("户号,姓名,与户主关系,身份证号\n7,吴强,户主,{C}\n,周文,夫,{B}\n");
    let bad = roster(&text).bad;
    assert!(bad.told.iter().any(|one| one.line == 3 && one.reason == "没有户号"), "{bad:?}");
    // What was meant to be a number of 17 digits is not passed over.
    let text = format!("户号,姓名,与户主关系,身份证号\n9901020030040000X,吴强,户主,{C}\n");
    let bad = roster(&text).bad;
    assert_eq!(bad.told[0].reason, "户号不是17位数字：「9901020030040000X」", "{bad:?}");
}

#[test]
fn what_does_not_agree_is_told_and_nothing_is_guessed() {
    let line = |row: &str| {
        format!("{HEADS}1,林秀芳,户主,{A},女,13800000000,{row}\n1,周文,夫,{B},男,,,,,,,\n")
    };
    assert_eq!(roster(&line("2,2,560,2024-05,B,")).bad.total, 0);
    for (row, why) in [
        ("3,2,560,2024-05,B,", "家庭人口数是3，名册上这一户有2人"),
        ("两,2,560,2024-05,B,", "家庭人口数看不懂"),
        ("2,3,560,2024-05,B,", "保障人数是3"),
        ("2,0,560,2024-05,B,", "保障人数看不懂"),
        ("2,2,,2024-05,B,", "没有保障金额"),
        ("2,2,0,2024-05,B,", "大于0"),
        ("2,2,5.605,2024-05,B,", "保障金额看不懂：「5.605」"),
        ("2,2,560,,B,", "没有起始月"),
        ("2,2,560,2027-01,B,", "起始月不能晚于下月"),
        ("2,2,560,5月,B,", "起始月看不懂"),
        ("2,2,560,2024-05,,", "没有类别"),
        ("2,2,560,2024-05,Z,", "没有这个类别"),
    ] {
        let found = roster(&line(row));
        assert!(found.families.is_empty(), "{row}");
        let reasons = bad(&found);
        assert_eq!(reasons[1], (3, "同一户有读不出的行"), "{row}");
        assert!(reasons[0].0 == 2 && reasons[0].1.contains(why), "{row}: {reasons:?}");
    }
    for (row, why) in [
        (format!("1,周文,夫,{B},女,,,,,,,"), "性别与身份证号不一致"),
        (format!("1,周文,夫,{B},M,,,,,,,"), "性别不是男或女"),
        (format!("1,周文,夫,{B},男,,,,561,,,"), "同一户的月保障金不一样"),
    ] {
        let found = roster(&format!("{HEADS}1,林秀芳,户主,{A},,,,,560,2024-05,B,\n{row}\n"));
        assert!(bad(&found).iter().any(|(_, told)| told.contains(why)), "{row}: {found:?}");
    }
    let found = roster(&format!("户号,姓名,身份证号,电话\n1,林秀芳,{A},没有\n"));
    assert!(bad(&found)[0].1.contains("联系电话只写数字"), "{found:?}");
}

/// A workbook of these rows, with these cells merged: first row and column, last row and
/// column, text.
fn book(rows: &[&[&str]], merged: &[(u32, u16, u32, u16, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, row) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*row) {
            sheet.write_string(at, column, *cell).unwrap();
        }
    }
    for (row, column, last_row, last_column, text) in merged {
        sheet.merge_range(*row, *column, *last_row, *last_column, text, &Format::new()).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn what_is_merged_over_the_rows_of_a_household_is_of_all_of_them() {
    let heads: &[&str] = &["户主", "姓名", "身份证号", "家庭人口数", "保障金额", "起始月", "类别"];
    let rows: &[&[&str]] =
        &[heads, &["", "林秀芳", A], &["", "周文", B], &["吴强", "吴强", C, "1", "300", "", ""]];
    let of_one = [(1, 0, 2, 0, "林秀芳"), (1, 3, 2, 3, "2"), (1, 4, 2, 4, "560.5")];
    // A month and a category may be those of several households.
    let of_all = [(1, 5, 3, 5, "2024-05"), (1, 6, 3, 6, "A")];
    let found = of(&book(rows, &[&of_one[..], &of_all[..]].concat()), false);
    assert_eq!((found.families.len(), found.bad.total), (2, 0), "{:?}", found.bad);
    let amounts: Vec<_> =
        found.families.iter().map(|one| one.benefit.as_ref().unwrap().amount.get()).collect();
    assert_eq!(amounts, [56_050, 30_000]);
    assert_eq!(found.families[0].persons.len(), 2);
    // An amount that two households share would count twice.
    let rows: &[&[&str]] = &[heads, &["林秀芳", "林秀芳", A], &["周文", "周文", B]];
    let both = [(1, 4, 2, 4, "560"), (1, 5, 2, 5, "2024-05"), (1, 6, 2, 6, "A")];
    let found = of(&book(rows, &both), false);
    let why = "月保障金和另一户合并在一格";
    assert_eq!(bad(&found), [(2, why), (3, why)]);
    // Who somebody is stands in a cell of their own; and nothing is merged sideways.
    let found = of(&book(rows, &[(1, 1, 2, 1, "林秀芳")]), true);
    assert!(bad(&found).iter().all(|(_, why)| why.contains("每人一格")), "{found:?}");
    assert_eq!(found.bad.total, 2);
    let found = of(&book(rows, &[(2, 0, 2, 1, "周文")]), true);
    assert!(bad(&found)[1].1.contains("跨列"), "{found:?}");
}

/// A number of an identity card whose check digit is right.
fn number(order: usize) -> String {
    let body = format!("99010219{:02}0101{:03}", order / 1000 % 100, order % 1000);
    let each = "0123456789X".chars().map(|check| format!("{body}{check}"));
    each.into_iter().find(|number| crate::model::text::is_id_number(number)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Of any roster, households that are in order and rows that are told make the whole, and
    /// what is taken in is the sum of the good rows.
    #[test]
    fn what_is_taken_in_is_what_the_good_rows_say(
        families in prop::collection::vec((1..5_usize, 1..200_000_u64, 0..12_u8), 1..30),
    ) {
        let (mut text, mut order, mut right) = (HEADS.to_owned(), 0, Sums::default());
        for (at, (persons, fen, fault)) in families.iter().enumerate() {
            let amount = Fen::new(*fen);
            for place in 0..*persons {
                let relation = if place == 0 { "户主" } else { "子" };
                let (people, amount) = match (place, fault) {
                    (0, 0) => ((persons + 1).to_string(), amount.to_string()),
                    (0, 1) => (persons.to_string(), String::new()),
                    (0, _) => (persons.to_string(), amount.to_string()),
                    _ => (String::new(), String::new()),
                };
                text += &format!(
                    "{at},甲{order},{relation},{},,,{people},,{amount},2024-05,B,\n", number(order)
                );
                order += 1;
            }
            if *fault > 1 {
                right.households += 1;
                right.decisions += 1;
                right.persons += *persons as u64;
                right.amount = Fen::new(right.amount.get() + fen);
            }
        }
        let found = roster(&text);
        let mut sums = Sums::default();
        found.families.iter().for_each(|one| sums.add(one.persons.len(), one.benefit.as_ref()));
        prop_assert_eq!(sums, right);
        prop_assert_eq!(found.rows, sums.persons + found.bad.total);
    }
}
