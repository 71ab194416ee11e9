//! Invented names.

use super::dice::Dice;

const SURNAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "高", "罗", "郑", "梁", "谢", "宋",
];
const GIVEN: [&str; 40] = [
    "桂", "兰", "秀", "英", "志", "强", "文", "斌", "玉", "梅", "建", "国", "丽", "华", "素", "琴",
    "明", "德", "春", "生", "晓", "东", "海", "燕", "福", "贵", "金", "凤", "树", "林", "玲", "红",
    "卫", "平", "永", "康", "思", "远", "佳", "宁",
];

/// A surname.
pub fn surname(dice: &mut Dice) -> String {
    dice.of(&SURNAMES).to_owned()
}

/// A name with that surname.
pub fn name(surname: &str, dice: &mut Dice) -> String {
    let second = if dice.below(5) == 0 { "" } else { dice.of(&GIVEN) };
    format!("{surname}{}{second}", dice.of(&GIVEN))
}

/// Another name than that.
pub fn other(name: &str) -> String {
    format!("欧阳{name}")
}
