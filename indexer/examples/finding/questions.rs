//! Eleven kinds of questions about papers, with the papers that are right.

use fastrand::Rng;

use super::papers::Paper;

/// A question.
pub(crate) struct Question {
    /// As it is typed.
    pub(crate) text: String,
    /// Numbers of the papers that are right, in order.
    pub(crate) right: Vec<u64>,
}

/// The kinds of questions, each with its questions.
pub(crate) fn kinds(
    random: &mut Rng,
    papers: &[Paper],
    read: &[String],
    each: usize,
) -> Vec<(&'static str, Vec<Question>)> {
    let some: Vec<&Paper> = (0..each).map(|_| &papers[random.usize(..papers.len())]).collect();
    let those = |is_right: &dyn Fn(&Paper) -> bool| -> Vec<u64> {
        papers.iter().filter(|paper| is_right(paper)).map(|paper| paper.number).collect()
    };
    let with = |text: &str| those(&|paper| paper.text.contains(text));
    let asked = |text: String, right: Vec<u64>| Question { text, right };
    let misread = |name: &str| {
        let wrong = |paper: &Paper| {
            paper.text.contains(name) && !read[paper.number as usize - 1].contains(name)
        };
        those(&wrong)
    };
    let names_misread: Vec<Question> = papers
        .chunk_by(|a, b| a.household == b.household)
        .map(|household| &household[0].head)
        .map(|name| asked(name.clone(), misread(name)))
        .filter(|question| !question.right.is_empty())
        .take(each * 3)
        .collect();
    let kind = |of: &dyn Fn(&Paper) -> Question| some.iter().map(|paper| of(paper)).collect();
    vec![
        ("full name", kind(&|paper| asked(paper.head.clone(), with(&paper.head)))),
        (
            "surname",
            kind(&|paper| {
                let surname: String = paper.head.chars().take(1).collect();
                asked(surname.clone(), with(&surname))
            }),
        ),
        ("name with one misread character", names_misread),
        (
            "name typed with one wrong character",
            some.iter()
                .map(|paper| {
                    let mut name: Vec<char> = paper.head.chars().collect();
                    let at = random.usize(..name.len());
                    let other: Vec<char> = "宾朗柔蕴祺骏绮璇".chars().collect();
                    name[at] = other[random.usize(..other.len())];
                    asked(name.into_iter().collect(), with(&paper.head))
                })
                .collect(),
        ),
        ("place", kind(&|paper| asked(paper.place.clone(), with(&paper.place)))),
        (
            "amount",
            kind(&|paper| {
                asked(format!("{}元", paper.amount), those(&|other| other.amount == paper.amount))
            }),
        ),
        (
            "date",
            kind(&|paper| {
                let (year, month, day) = paper.day;
                asked(format!("{year}.{month}.{day}"), those(&|other| other.day == paper.day))
            }),
        ),
        (
            "ID tail",
            kind(&|paper| {
                let tail = &paper.id[12..];
                asked(tail.to_owned(), with(tail))
            }),
        ),
        (
            "title words and name",
            kind(&|paper| {
                let words: String = paper.title.chars().take(4).collect();
                let right =
                    those(&|other| other.text.contains(&words) && other.text.contains(&paper.head));
                asked(format!("{words} {}", paper.head), right)
            }),
        ),
        (
            "traditional spelling",
            kind(&|paper| {
                let name = traditional(&paper.head);
                asked(format!("{name} 戶主姓名"), with(&format!("户主姓名：{}", paper.head)))
            }),
        ),
        ("pinyin", kind(&|paper| asked(sound(&paper.head), with(&paper.head)))),
    ]
}

/// Traditional forms of characters that names here have.
fn traditional(text: &str) -> String {
    let pairs = "张張刘劉陈陳杨楊黄黃赵趙吴吳孙孫马馬罗羅郑鄭谢謝许許韩韓冯馮邓鄧萧蕭董董袁袁于於蒋蔣叶葉苏蘇吕呂卢盧钟鐘谭譚陆陸范範贾賈韦韋邹鄒龙龍黎黎贺賀顾顧龚龔万萬钱錢严嚴戴戴汤湯伟偉丽麗强強军軍艳艷杰傑娟娟涛濤兰蘭刚剛华華建建国國红紅东東凤鳳云雲飞飛辉輝珍珍发發宝寶庆慶胜勝学學义義广廣长長贵貴阳陽";
    let chars: Vec<char> = pairs.chars().collect();
    let one = |c: char| chars.chunks(2).find(|pair| pair[0] == c).map_or(c, |pair| pair[1]);
    text.chars().map(one).collect()
}

fn sound(name: &str) -> String {
    use pinyin::ToPinyin;
    name.to_pinyin().flatten().map(pinyin::Pinyin::plain).collect()
}
