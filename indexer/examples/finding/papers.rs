//! Papers of invented households, and as a recogniser would read them.

use fastrand::Rng;
use yidang_indexer::PageEntry;

const SURNAMES: &str = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文华建国玉梅红春生海波志永成小东亮凤云龙飞辉玲燕淑珍金福林德荣根长贵发宝清庆友祥胜学才义广安田良全新有松柏山岩石水泉河湖江雨雪晴阳光星月天地";
const TOWNS: &str =
    "柳桥 南门 石泉 青溪 白沙 长岭 东湖 双河 云台 金沙 新民 红旗 龙潭 凤山 永安 太平";
const STREETS: &str = "解放街 人民路 建设巷 幸福里 和平街 新华路 胜利巷 光明街 劳动路 团结里";
const TITLES: [&str; 10] = [
    "最低生活保障申请书",
    "家庭经济状况核对授权书",
    "入户调查表",
    "民主评议记录",
    "审核确认表",
    "保障金发放通知书",
    "家庭收入证明",
    "残疾人证复印件",
    "半年复审表",
    "停发通知书",
];

/// A paper as it was written.
pub(crate) struct Paper {
    pub(crate) number: u64,
    pub(crate) household: String,
    pub(crate) head: String,
    pub(crate) title: &'static str,
    pub(crate) place: String,
    /// In 元.
    pub(crate) amount: u32,
    pub(crate) day: (u32, u32, u32),
    /// 18 characters.
    pub(crate) id: String,
    pub(crate) text: String,
}

/// Papers of households out of a seed, eight of each.
pub(crate) fn papers(random: &mut Rng, households: usize) -> Vec<Paper> {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let pick = |random: &mut Rng, chars: &[char]| chars[random.usize(..chars.len())];
    let word = |random: &mut Rng, words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        words[random.usize(..words.len())].to_owned()
    };
    let mut papers = Vec::new();
    for household in 0..households {
        let head: String =
            [pick(random, &surnames), pick(random, &given), pick(random, &given)].iter().collect();
        let place =
            format!("{}街道{}{}号", word(random, TOWNS), word(random, STREETS), random.u32(1..300));
        let id = format!(
            "990102{}{:02}{:02}{:03}{}",
            random.u32(1940..2005),
            random.u32(1..13),
            random.u32(1..29),
            random.u32(1..999),
            random.u32(0..10)
        );
        let no = format!("990102003004{household:05}");
        for _ in 0..8 {
            let amount = random.u32(200..3000);
            let day = (random.u32(2016..2027), random.u32(1..13), random.u32(1..29));
            let title = TITLES[random.usize(..TITLES.len())];
            let clerk: String =
                [pick(random, &surnames), pick(random, &given), pick(random, &given)]
                    .iter()
                    .collect();
            // The name stands once, so one wrong character hides it.
            let text = format!(
                "{title}\n户主姓名：{head}　公民身份号码：{id}\n家庭住址：{place}\n经调查，该家庭共有{}口人，\
                 主要靠务农和打零工维持生活。每月保障金{}，自{}起发放。\n经办人：{clerk}\n{}",
                random.u32(1..6),
                money(random, amount),
                date(random, day),
                date(random, day),
            );
            let number = papers.len() as u64 + 1;
            let (household, head, place, id) =
                (no.clone(), head.clone(), place.clone(), id.clone());
            papers.push(Paper { number, household, head, title, place, amount, day, id, text });
        }
    }
    papers
}

/// An amount as one of the papers would have it.
fn money(random: &mut Rng, yuan: u32) -> String {
    match random.u8(..3) {
        0 => format!("{yuan}元"),
        1 => format!("¥{yuan}.00"),
        _ => format!("人民币{}元整", capital(yuan)),
    }
}

/// A number below ten thousand in capital numerals.
fn capital(number: u32) -> String {
    let digits: Vec<char> = "零壹贰叁肆伍陆柒捌玖".chars().collect();
    let mut text = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
        }
        gap = false;
        text.push(digits[digit as usize]);
        text.push_str(name);
    }
    text
}

fn date(random: &mut Rng, (year, month, day): (u32, u32, u32)) -> String {
    let words: Vec<char> = "〇一二三四五六七八九".chars().collect();
    let small = |number: u32| {
        let (tens, ones) = (number / 10, number % 10);
        let tens = match tens {
            0 => String::new(),
            1 => "十".to_owned(),
            tens => format!("{}十", words[tens as usize]),
        };
        if ones == 0 { tens } else { format!("{tens}{}", words[ones as usize]) }
    };
    match random.u8(..3) {
        0 => format!("{year}年{month}月{day}日"),
        1 => format!("{year}-{month:02}-{day:02}"),
        _ => {
            let year: String =
                year.to_string().chars().map(|c| words[c.to_digit(10).unwrap() as usize]).collect();
            format!("{year}年{}月{}日", small(month), small(day))
        }
    }
}

/// How well a page is read.
#[derive(Clone, Copy)]
pub(crate) struct Recogniser {
    /// Share of characters that are read wrong.
    pub(crate) error: f64,
    /// Share of the wrong ones for which the right one was among what was also thought of.
    pub(crate) thought_of: f64,
}

impl Recogniser {
    /// The page of a paper as it is read. Wrong characters are look-alikes where there are any.
    pub(crate) fn read(self, random: &mut Rng, paper: &Paper, pairs: &[(char, char)]) -> PageEntry {
        let given: Vec<char> = GIVEN.chars().collect();
        let mut alternatives = Vec::new();
        let text: String = paper
            .text
            .chars()
            .enumerate()
            .map(|(at, c)| {
                if c.is_whitespace() || random.f64() >= self.error {
                    return c;
                }
                let alike: Vec<char> = pairs
                    .iter()
                    .filter_map(|&(a, b)| if a == c { Some(b) } else { (b == c).then_some(a) })
                    .collect();
                let wrong = match alike.as_slice() {
                    [] => given[random.usize(..given.len())],
                    alike => alike[random.usize(..alike.len())],
                };
                if random.f64() < self.thought_of {
                    alternatives.push((at, c));
                }
                wrong
            })
            .collect();
        PageEntry {
            document: paper.number,
            page: 1,
            household: paper.household.clone(),
            head: String::new(),
            names: vec![paper.head.clone()],
            organisation: "990102003004".to_owned(),
            date: format!("{}-{:02}-{:02}", paper.day.0, paper.day.1, paper.day.2),
            text,
            alternatives,
            ..PageEntry::default()
        }
    }
}
