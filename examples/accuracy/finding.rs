//! Whether pages that were really read are found: ten kinds of questions out of what stands on them, asked as exact runs, which
//! is what there was before tolerance, and as they are typed. Right is what the paper says, whatever was read.

use std::collections::BTreeSet;

use pinyin::ToPinyin;
use yidang::extract::PageReading;
use yidang::model::text::squeeze;
use yidang::rendition;
use yidang_indexer::{Filter, Index, PageEntry, Window};

use crate::Failed;
use crate::trial::Truth;

/// At most so many questions of a kind.
const EACH: usize = 60;
/// Characters that stand in no name of the generated households.
const STRANGE: [char; 8] = ['宾', '柔', '蕴', '祺', '骏', '绮', '璇', '翱'];

/// A question.
struct Question {
    /// As it is typed.
    typed: String,
    /// What stands on the pages that are right, all of it.
    stands: Vec<String>,
}

/// A page: what stands on it, and what was read of it.
pub(crate) struct Page {
    pub(crate) truth: Truth,
    pub(crate) read: PageReading,
}

impl Page {
    fn says(&self, what: &str) -> bool {
        squeeze(&self.truth.lines.concat()).contains(&squeeze(what))
    }
}

/// Prints the table of what is found of these pages.
pub(crate) fn print(pages: &[Page]) -> Result<(), Failed> {
    let index = Index::in_memory()?;
    let mut writer = index.writer()?;
    for (number, page) in (1..).zip(pages) {
        let entry = PageEntry {
            document: number,
            page: 1,
            household: page.truth.household.clone(),
            names: vec![page.truth.head.clone()],
            text: page.read.text(),
            alternatives: rendition::alternatives(&page.read),
            ..PageEntry::default()
        };
        writer.replace(number, &[entry])?;
    }
    writer.commit(1)?;
    println!(
        "\n| kind | questions | recall@10 in quotes | as typed | precision@10 in quotes | as typed |"
    );
    println!("|---|---|---|---|---|---|");
    let mut count = 0;
    for (name, questions) in kinds(pages) {
        let quoted = |text: &str| {
            let words: Vec<String> = text.split(' ').map(|word| format!("\"{word}\"")).collect();
            words.join(" ")
        };
        let exact = Sums::of(&index, pages, &questions, quoted)?;
        let typed = Sums::of(&index, pages, &questions, str::to_owned)?;
        count += questions.len();
        println!(
            "| {name} | {} | {} | {} | {} | {} |",
            questions.len(),
            exact.recall(),
            typed.recall(),
            exact.precision(),
            typed.precision()
        );
    }
    println!("\n{count} questions about {} pages", pages.len());
    Ok(())
}

fn kinds(pages: &[Page]) -> Vec<(&'static str, Vec<Question>)> {
    let one = |typed: &str| Question { typed: typed.to_owned(), stands: vec![typed.to_owned()] };
    let as_typed =
        |typed: String, stands: &str| Question { typed, stands: vec![stands.to_owned()] };
    let of = |some: fn(&Truth) -> &[String]| -> Vec<&String> {
        let all: BTreeSet<&String> = pages.iter().flat_map(|page| some(&page.truth)).collect();
        spread(all.into_iter().collect())
    };
    let (names, places) = (of(|truth| &truth.names), of(|truth| &truth.places));
    let misread = |name: &&String| {
        pages
            .iter()
            .any(|page| page.says(name) && !squeeze(&page.read.text()).contains(name.as_str()))
    };
    let every: BTreeSet<&String> = pages.iter().flat_map(|page| &page.truth.names).collect();
    let mistyped = names.iter().enumerate().map(|(at, name)| {
        let mut typed: Vec<char> = name.chars().collect();
        let place = at % typed.len().max(1);
        if let Some(c) = typed.get_mut(place) {
            *c = STRANGE[at % STRANGE.len()];
        }
        as_typed(typed.into_iter().collect(), name)
    });
    let titled = pages.iter().filter(|page| !page.truth.title.is_empty());
    let titled = titled.filter_map(|page| {
        let words: String = page.truth.title.chars().take(4).collect();
        let name = page.truth.names.first()?;
        let stands = vec![words.clone(), name.clone()];
        Some(Question { typed: format!("{words} {name}"), stands })
    });
    vec![
        ("full name", names.iter().map(|name| one(name)).collect()),
        (
            "surname",
            names.iter().filter_map(|name| Some(one(&name.chars().next()?.to_string()))).collect(),
        ),
        (
            "name the reader misread somewhere",
            every.into_iter().filter(misread).take(EACH).map(|name| one(name)).collect(),
        ),
        ("name typed with one wrong character", mistyped.collect()),
        ("place", places.iter().map(|place| one(place)).collect()),
        ("amount", of(|truth| &truth.amounts).into_iter().map(|amount| one(amount)).collect()),
        (
            "date",
            of(|truth| &truth.dates)
                .into_iter()
                .map(|day| as_typed(day.replace(['年', '月'], ".").replace('日', ""), day))
                .collect(),
        ),
        ("ID tail", of(|truth| &truth.id_tails).into_iter().map(|tail| one(tail)).collect()),
        ("title words and name", titled.take(EACH).collect()),
        (
            "traditional spelling",
            names.iter().map(|name| as_typed(traditional(name), name)).collect(),
        ),
        ("pinyin", names.iter().map(|name| as_typed(sound(name), name)).collect()),
    ]
}

/// At most [`EACH`] of them, from everywhere.
fn spread<T: Copy>(all: Vec<T>) -> Vec<T> {
    let step = all.len().div_ceil(EACH).max(1);
    all.into_iter().step_by(step).collect()
}

/// Traditional forms of characters that names here have.
fn traditional(name: &str) -> String {
    const PAIRS: &str = "张張刘劉陈陳杨楊黄黃赵趙吴吳孙孫马馬罗羅郑鄭谢謝许許韩韓冯馮邓鄧萧蕭于於蒋蔣叶葉苏蘇吕呂卢盧钟鐘谭譚陆陸范範贾賈韦韋邹鄒龙龍贺賀顾顧龚龔万萬钱錢严嚴汤湯丽麗强強兰蘭刚剛华華国國红紅东東凤鳳云雲辉輝庆慶义義广廣贵貴银銀钢鋼厚厚远遠达達运運进進连連怜憐锋鋒蜂蜂栋棟晓曉静靜齐齊乔喬温溫齐齊";
    let chars: Vec<char> = PAIRS.chars().collect();
    let one = |c: char| chars.chunks(2).find(|pair| pair[0] == c).map_or(c, |pair| pair[1]);
    name.chars().map(one).collect()
}

fn sound(name: &str) -> String {
    name.to_pinyin().flatten().map(pinyin::Pinyin::plain).collect()
}

/// What questions of one kind found among the first ten.
#[derive(Default)]
struct Sums {
    found: usize,
    findable: usize,
    shown: usize,
}

impl Sums {
    fn of(
        index: &Index,
        pages: &[Page],
        questions: &[Question],
        typed: impl Fn(&str) -> String,
    ) -> Result<Self, Failed> {
        let mut sums = Self::default();
        for question in questions {
            let is_right = |page: &Page| question.stands.iter().all(|what| page.says(what));
            let right: BTreeSet<u64> =
                (1..).zip(pages).filter(|(_, page)| is_right(page)).map(|(n, _)| n).collect();
            let window = Window { limit: 10, ..Window::default() };
            let answer = index.search(&typed(&question.typed), &Filter::everything(), &window)?;
            sums.found += answer.hits.iter().filter(|hit| right.contains(&hit.document)).count();
            sums.findable += right.len().min(10);
            sums.shown += answer.hits.len();
        }
        Ok(sums)
    }

    fn recall(&self) -> String {
        percent(self.found, self.findable)
    }

    fn precision(&self) -> String {
        percent(self.found, self.shown)
    }
}

#[allow(clippy::cast_precision_loss)]
fn percent(part: usize, whole: usize) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => format!("{:.1} %", 100.0 * part as f64 / whole as f64),
    }
}
