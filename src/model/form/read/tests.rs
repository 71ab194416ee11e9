use jiff::civil::date;

use super::*;
use crate::model::form::Forms;

const TODAY: Date = date(2026, 11, 28);

/// A line of characters 20 pixels wide and high.
fn line(text: &str, x: u32, y: u32) -> SeenLine {
    let mut chars = Vec::new();
    let (mut apart, mut at) = (false, x);
    for c in text.chars() {
        if c != ' ' {
            let bbox = [at, y, 20, 20];
            chars.push(Seen { c, bbox, sure: 0.98, others: Vec::new(), apart });
        }
        apart = c == ' ';
        at += 20;
    }
    let width = at - x;
    SeenLine { page: 1, bbox: [x, y, width, 20], chars }
}

fn found(kind: &str, lines: &[SeenLine]) -> Vec<(String, String, u8)> {
    let forms = Forms::national().unwrap();
    let found = read(forms.of_type(kind).unwrap(), lines, TODAY);
    found.into_iter().map(|one| (one.field, one.value, one.sure)).collect()
}

fn value<'a>(found: &'a [(String, String, u8)], name: &str) -> &'a str {
    found.iter().find(|(field, ..)| field == name).map_or("", |(_, value, _)| value)
}

#[test]
fn values_stand_in_the_cells_right_of_their_labels() {
    let lines = [
        line("户 主 姓 名", 0, 0),
        line("周桂兰", 200, 2),
        line("性别", 300, 0),
        line("女", 380, 1),
        line("年龄", 440, 0),
        line("68", 520, 0),
        line("家庭月总收入:1,260.00元", 0, 40),
        line("月人均收人", 400, 40),
        line("420元", 600, 40),
    ];
    let found = found("A02", &lines);
    assert_eq!(value(&found, "head"), "周桂兰");
    assert_eq!(value(&found, "sex"), "女");
    assert_eq!(value(&found, "age"), "68");
    assert_eq!(value(&found, "income"), "1260.00");
    // One character of the label was misread: it is found, and looked at.
    let (_, per_head, sure) = found.iter().find(|(field, ..)| field == "per_head").unwrap();
    assert_eq!(per_head, "420.00");
    assert!(*sure < DOUBTFUL, "{sure}");
}

#[test]
fn a_sentence_goes_on_in_the_next_line() {
    let lines = [
        line("申请人周桂兰，性别女，身份证号11010519491231002X，户籍地址", 0, 0),
        line("青石县柳桥街道，联系电话19900000127，家庭人口数3人，", 0, 30),
        line("申请理由：", 0, 60),
        line("女儿打零工，收入不稳；外孙在校。", 20, 90),
        line("申请日期：2026年3月9日", 0, 300),
    ];
    let found = found("A01", &lines);
    for (field, wanted) in [
        ("name", "周桂兰"),
        ("sex", "女"),
        ("id_number", "11010519491231002X"),
        ("registered_address", "青石县柳桥街道"),
        ("phone", "19900000127"),
        ("people", "3"),
        ("reason", "女儿打零工，收入不稳；外孙在校"),
        ("applied_on", "2026-03-09"),
    ] {
        assert_eq!(value(&found, field), wanted, "{field}: {found:?}");
    }
}

#[test]
fn a_table_is_read_row_by_row_until_the_next_label() {
    let lines = [
        line("姓名", 100, 0),
        line("称谓", 260, 0),
        line("月收入(元)", 420, 0),
        line("家庭", 0, 20),
        line("周桂兰", 100, 40),
        line("户主", 260, 40),
        line("760", 440, 40),
        line("成员", 0, 45),
        line("陈晓梅", 100, 80),
        line("女儿", 260, 80),
        line("500", 440, 80),
        line("家庭月总收入", 0, 120),
        line("1260元", 200, 120),
    ];
    let found = found("A02", &lines);
    assert_eq!(value(&found, "members.1.name"), "周桂兰");
    assert_eq!(value(&found, "members.2.relation"), "女儿");
    assert_eq!(value(&found, "members.2.income"), "500.00");
    assert_eq!(value(&found, "members.3.name"), "");
    assert_eq!(value(&found, "income"), "1260.00");
    assert!(found.iter().all(|(_, _, sure)| *sure >= DOUBTFUL), "{found:?}");
}

#[test]
fn values_stand_below_the_head_of_a_notice() {
    let lines = [
        line("申请人姓名", 0, 0),
        line("家庭人口", 150, 0),
        line("拟保障金额(元/月)", 300, 0),
        line("周桂兰", 10, 50),
        line("3人", 170, 50),
        line("1995", 350, 50),
    ];
    let found = found("A20", &lines);
    assert_eq!(value(&found, "applicant"), "周桂兰");
    assert_eq!(value(&found, "people"), "3");
    assert_eq!(value(&found, "amount"), "1995.00");
}

#[test]
fn labels_that_stand_several_times_are_told_apart_by_their_order() {
    let lines = [
        line("社区", 0, 0),
        line("意见", 0, 24),
        line("情况属实，同意上报。", 100, 0),
        line("负责人：李建国2026年3月13日", 150, 40),
        line("街道", 0, 150),
        line("审核", 0, 174),
        line("建议纳入保障。", 100, 150),
        line("负责人：何国平2026年3月26日", 150, 190),
    ];
    let found = found("A02", &lines);
    assert_eq!(value(&found, "community"), "情况属实，同意上报");
    assert_eq!(value(&found, "community_by"), "李建国");
    assert_eq!(value(&found, "street_by"), "何国平");
    assert_eq!(value(&found, "street_on"), "2026-03-26");
    assert_eq!(value(&found, "street"), "建议纳入保障");
}

#[test]
fn a_number_is_put_right_only_where_one_digit_alone_can_be_meant() {
    let mut number = line("11010519491231007X", 200, 0);
    number.chars[16].others = vec!['2'];
    let read = |number: &SeenLine| found("A01", &[line("身份证号", 0, 0), number.clone()]);
    let right = read(&number);
    assert_eq!(value(&right, "id_number"), "11010519491231002X");
    assert!(right[0].2 < DOUBTFUL);
    number.chars[16].others.clear();
    let wrong = read(&number);
    assert_eq!(value(&wrong, "id_number"), "11010519491231007X");
    assert!(wrong[0].2 <= 60, "{wrong:?}");
}

#[test]
fn what_was_ticked_is_taken_and_nothing_is_guessed() {
    let ticked = found("A16", &[line("调查结论", 0, 0), line("☑符合 □不符合", 200, 0)]);
    assert_eq!(value(&ticked, "conclusion"), "符合");
    assert!(ticked[0].2 < DOUBTFUL);
    let unclear = found("A16", &[line("调查结论", 0, 0), line("口符合 口不符合", 200, 0)]);
    assert_eq!(unclear, []);
}

#[test]
fn what_does_not_add_up_is_in_doubt() {
    let lines = [
        line("保障标准", 0, 0),
        line("1085元", 100, 0),
        line("月人均收入", 300, 0),
        line("420元", 450, 0),
        line("保障人口", 0, 40),
        line("3人", 100, 40),
        line("户月保障金额", 300, 40),
        line("1895元", 450, 40),
    ];
    let found = found("A02", &lines);
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|(_, _, sure)| *sure <= 60), "{found:?}");
}

proptest::proptest! {
    #[test]
    fn no_page_makes_it_panic(
        texts in proptest::collection::vec(("[户主姓名月人均收入元0-9：，]{0,12}", 0_u32..2000, 0_u32..2000), 0..20),
    ) {
        let lines: Vec<SeenLine> = texts.iter().map(|(text, x, y)| line(text, *x, *y)).collect();
        for form in Forms::national().unwrap().all() {
            for one in read(form, &lines, TODAY) {
                let field = form.field(&one.field).unwrap();
                proptest::prop_assert_eq!(field.value(&one.value, TODAY), Ok(one.value.clone()));
                proptest::prop_assert!(one.sure <= 100);
            }
        }
    }
}

#[test]
fn a_value_ends_where_its_sentence_or_parenthesis_does() {
    let wide = "你户（身份证号11010519491231002X，家庭编号99010200300400127）的最低生活保障申请";
    let confirmed = found("A23", &[line(wide, 0, 0)]);
    assert_eq!(value(&confirmed, "household_no"), "99010200300400127");

    // Below its label stands a sentence, as wide as the text, and no cell.
    let lines = [
        line("户籍地址", 0, 0),
        line("青石县柳桥街道槐荫里12号院，联系电话19900000127，家庭人口数3人", 0, 30),
    ];
    let applied = found("A01", &lines);
    assert_eq!(value(&applied, "registered_address"), "青石县柳桥街道槐荫里12号院");
    assert_eq!(value(&applied, "people"), "3");
}

#[test]
fn a_label_in_a_sentence_or_a_title_is_asked_last() {
    let sentence = line("未成年人由法定代理人代签，法定代理人：陈晓梅", 0, 0);
    assert_eq!(value(&found("A04", &[sentence]), "guardian"), "陈晓梅");
    let remark = line("法定代理人（代签）：陈晓梅", 0, 0);
    assert_eq!(value(&found("A04", &[remark]), "guardian"), "陈晓梅");

    let lines =
        [line("住房与财产", 0, 0), line("住房", 0, 40), line("自有砖木平房48平方米", 200, 40)];
    assert_eq!(value(&found("A16", &lines), "housing"), "自有砖木平房48平方米");
}
