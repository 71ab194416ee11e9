//! 遮盖: which lines of a page are covered before somebody sees it, from what
//! was read on it and where. What was not read cannot be covered, so a page
//! without lines is not shown at all.

use super::lookup::LookupKey;

/// A line of text as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Read<'t> {
    /// The characters.
    pub text: &'t str,
    /// Its box, `[x, y, width, height]` in pixels of the upright page.
    pub bbox: [u32; 4],
    /// How sure the reading is, from 0 to 1.
    pub confidence: f32,
}

/// What is covered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Covered {
    /// Nothing.
    #[default]
    Nothing,
    /// Every number of an identity card, a bank account or a telephone.
    Numbers,
    /// Whatever is of others: their names, and every number that is not known
    /// to be the reader's own.
    Others {
        /// What the reader is called.
        own: String,
        /// What the others are called.
        names: Vec<String>,
        /// Numbers of the reader: of the identity card, of the household.
        numbers: Own,
    },
}

/// Numbers that are known by their digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    key: LookupKey,
    digests: Vec<String>,
}

impl Own {
    /// The numbers that have these digests under `key`.
    #[must_use]
    pub fn new(key: LookupKey, digests: Vec<String>) -> Self {
        Self { key, digests }
    }

    fn has(&self, number: &str) -> bool {
        self.key.digest(number).is_some_and(|digest| self.digests.contains(&digest))
    }
}

/// So many digits in a row are no date and no amount: telephones have 10 or
/// more, identity cards 15 or 18, bank accounts 16 to 19.
const NUMBER: usize = 10;
/// A line that was read less surely may hold anything.
const SURE: f32 = 0.5;

/// The boxes to be covered; none when the page must not be shown, because
/// nothing was read on it.
#[must_use]
pub fn blocks(lines: &[Read<'_>], covered: &Covered) -> Option<Vec<[u32; 4]>> {
    if *covered == Covered::Nothing {
        return Some(Vec::new());
    }
    if lines.is_empty() {
        return None;
    }
    let mut hit: Vec<bool> = lines.iter().map(|line| line.confidence < SURE).collect();
    // Numbers and names are written into cells too, so a row is read as one.
    for row in rows(lines) {
        let mut digits = Run::default();
        let mut chars: Vec<char> = Vec::new();
        for &at in &row {
            for c in lines[at].text.chars() {
                match digit(c) {
                    Some(digit) => digits.push(digit, at),
                    // Numbers are written in groups.
                    None if c.is_whitespace() || matches!(c, '-' | '－' | '—') => {}
                    None => digits.end(covered, &mut hit),
                }
                if !c.is_whitespace() {
                    chars.push(c);
                }
            }
        }
        digits.end(covered, &mut hit);
        if let Covered::Others { own, names, .. } = covered {
            for name in names {
                // What stands beside the name of another is of that other too.
                if has_name(&chars, name, own) {
                    row.iter().for_each(|&line| hit[line] = true);
                }
            }
        }
    }
    let boxes = lines.iter().zip(&hit).filter(|(_, hit)| **hit).map(|(line, _)| grown(line.bbox));
    Some(boxes.collect())
}

/// What stands on an identity card once. Twice on a page, it is of two cards.
const LABELS: [&str; 4] = ["公民身份号", "姓名", "住址", "出生"];

/// Whether a page is, or may be, of the identity card of another: it is of a card, as its kind
/// (`is_card`) or its words say, and not of the reader's alone. Face, birth date and address of a
/// card stand beside no name and no number, so where a card of another is on a page nothing tells
/// whose they are, and the page is not shown at all. One on which the reader's own number was not
/// read is taken for one of another, too.
#[must_use]
pub fn is_card_of_others(lines: &[Read<'_>], is_card: bool, covered: &Covered) -> bool {
    let Covered::Others { numbers, .. } = covered else { return false };
    let text: String = lines.iter().flat_map(|line| line.text.chars()).collect();
    let text = super::text::squeeze(&text);
    if !is_card && !text.contains(LABELS[0]) {
        return false;
    }
    let two = LABELS.iter().any(|label| text.matches(label).count() > 1);
    let chars: Vec<char> = text.chars().collect();
    let own = chars.chunk_by(|a, b| digit(*a).is_some() == digit(*b).is_some()).any(|run| {
        let number: String = run.iter().filter_map(|c| digit(*c)).collect();
        matches!(number.len(), 15 | 18) && numbers.has(&number)
    });
    let clean = blocks(lines, covered).is_some_and(|blocks| blocks.is_empty());
    two || !own || !clean
}

/// A text beside the pages, such as a title, with the names of others shortened
/// and numbers struck out.
#[must_use]
pub fn text(text: &str, covered: &Covered) -> String {
    let mut text = text.to_owned();
    if let Covered::Others { own, names, .. } = covered {
        for name in names.iter().filter(|name| !name.is_empty() && *name != own) {
            text = text.replace(name.as_str(), &masked_name(name));
        }
    }
    if *covered == Covered::Nothing {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for run in chars.chunk_by(|a, b| digit(*a).is_some() == digit(*b).is_some()) {
        let digits: String = run.iter().filter_map(|c| digit(*c)).collect();
        let own = matches!(covered, Covered::Others { numbers, .. } if numbers.has(&digits));
        if digits.len() >= NUMBER && !own {
            out.extend(run.iter().map(|_| '＊'));
        } else {
            out.extend(run);
        }
    }
    out
}

/// A name of others as it stands in a list: the first character alone.
#[must_use]
pub fn masked_name(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(String::from).unwrap_or_default();
    format!("{first}{}", "＊".repeat(chars.count().clamp(1, 4)))
}

/// Digits that follow each other, with the lines they stand in.
#[derive(Default)]
struct Run {
    digits: String,
    lines: Vec<usize>,
}

impl Run {
    fn push(&mut self, digit: char, line: usize) {
        self.digits.push(digit);
        self.lines.push(line);
    }

    fn end(&mut self, covered: &Covered, hit: &mut [bool]) {
        let own = matches!(covered, Covered::Others { numbers, .. }
            if numbers.has(&self.digits));
        if self.digits.len() >= NUMBER && !own {
            self.lines.iter().for_each(|&line| hit[line] = true);
        }
        self.digits.clear();
        self.lines.clear();
    }
}

/// The digit that a character is, or may be: readings take some letters for
/// others, and a full-width digit is one too.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        'O' | 'o' | '〇' | '○' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        'X' | 'x' | 'Ｘ' | '×' | '*' | '＊' => Some('X'),
        _ => None,
    }
}

/// Whether `name` stands in a row, also with one character misread when it has
/// three or more; but not what is exactly the reader's own.
fn has_name(chars: &[char], name: &str, own: &str) -> bool {
    let squeeze =
        |text: &str| -> Vec<char> { text.chars().filter(|c| !c.is_whitespace()).collect() };
    let (name, own) = (squeeze(name), squeeze(own));
    if name.is_empty() {
        return false;
    }
    let misread = usize::from(name.len() >= 3);
    chars.windows(name.len()).any(|window| {
        let same = window.iter().zip(&name).filter(|(c, of)| c == of).count();
        same == name.len() || (same + misread >= name.len() && *window != own)
    })
}

/// The lines by rows, each from left to right: a line belongs to a row when its
/// middle is inside the box that began it.
fn rows(lines: &[Read<'_>]) -> Vec<Vec<usize>> {
    let middle = |at: usize| {
        let [_, y, _, height] = lines[at].bbox;
        y.saturating_add(height / 2)
    };
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|&at| middle(at));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for at in order {
        let fits = rows.last().and_then(|row| row.first()).is_some_and(|&first| {
            let [_, y, _, height] = lines[first].bbox;
            (y..=y.saturating_add(height)).contains(&middle(at))
        });
        match rows.last_mut() {
            Some(row) if fits => row.push(at),
            _ => rows.push(vec![at]),
        }
    }
    for row in &mut rows {
        row.sort_by_key(|&at| lines[at].bbox[0]);
    }
    rows
}

/// A box with a margin, since strokes stand out of the boxes of readings.
fn grown([x, y, width, height]: [u32; 4]) -> [u32; 4] {
    let by = height / 5 + 2;
    let (left, top) = (x.saturating_sub(by), y.saturating_sub(by));
    let right = x.saturating_add(width).saturating_add(by);
    let bottom = y.saturating_add(height).saturating_add(by);
    [left, top, right - left, bottom - top]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(text: &str, x: u32, y: u32) -> Read<'_> {
        Read { text, bbox: [x, y, 100, 20], confidence: 0.9 }
    }

    fn own(numbers: &[&str]) -> Own {
        let key = LookupKey::new([7; 32]);
        let digests = numbers.iter().filter_map(|number| key.digest(number)).collect();
        Own::new(key, digests)
    }

    fn zhou() -> Covered {
        Covered::Others {
            own: "周桂兰".into(),
            names: vec!["周桂英".into(), "王强".into()],
            numbers: own(&["99010219550312002X", "99010200300400001"]),
        }
    }

    /// Which of the lines are covered.
    fn hit(lines: &[Read<'_>], covered: &Covered) -> Vec<usize> {
        let boxes = blocks(lines, covered).unwrap();
        let is_hit = |line: &Read<'_>| boxes.contains(&grown(line.bbox));
        (0..lines.len()).filter(|&at| is_hit(&lines[at])).collect()
    }

    #[test]
    fn numbers_are_covered_in_every_spelling() {
        for text in [
            "身份证号990102198001010011",
            "9901 0219 8001 0100 11",
            "９９０１０２１９８００１０１００１１",
            "99O1O2198OO1O1OO11",
            "电话13800138000",
            "138-0013-8000",
            "账号6228480402564890018",
            "99010219800101****",
        ] {
            assert_eq!(hit(&[line(text, 0, 0)], &Covered::Numbers), [0], "{text}");
        }
        for text in ["2026年3月9日", "20260309", "1,995.00元", "共12页", "槐荫里12号"] {
            assert_eq!(hit(&[line(text, 0, 0)], &Covered::Numbers), [0; 0], "{text}");
        }
        // In cells of one row, and not over the border of one.
        let cells = ["990102", "19800101", "0011"].map(|text| text);
        let row: Vec<Read<'_>> =
            cells.iter().zip([0, 120, 240]).map(|(text, x)| line(text, x, 7)).collect();
        assert_eq!(hit(&row, &Covered::Numbers), [0, 1, 2]);
        let column: Vec<Read<'_>> =
            cells.iter().zip([0, 120, 240]).map(|(text, y)| line(text, 0, y)).collect();
        assert_eq!(hit(&column, &Covered::Numbers), [0; 0]);
    }

    #[test]
    fn what_is_of_others_is_covered_and_the_own_is_not() {
        let lines = [
            line("申请人：周桂兰", 0, 0),
            line("身份证号99010219550312002X", 0, 50),
            line("户号 9901 0200 3004 00001", 0, 100),
            line("女儿 周 桂 英", 0, 150),
            line("女儿周挂英", 0, 200),
            line("丈夫王强", 0, 250),
            line("王", 0, 300),
            line("强", 110, 302),
            line("电话13800138000", 0, 350),
            line("月退休金八百元", 0, 400),
        ];
        assert_eq!(hit(&lines, &zhou()), [3, 4, 5, 6, 7, 8]);
        // Age and income of another stand in the row of the name.
        let row =
            [line("王强", 0, 0), line("41", 120, 3), line("1260", 240, 5), line("八百元", 0, 40)];
        assert_eq!(hit(&row, &zhou()), [0, 1, 2]);
    }

    #[test]
    fn a_line_that_was_hardly_read_is_covered_and_a_page_without_lines_not_shown() {
        let unsure = Read { confidence: 0.3, ..line("?", 0, 0) };
        assert_eq!(hit(&[unsure], &zhou()), [0]);
        assert_eq!(blocks(&[], &zhou()), None);
        assert_eq!(blocks(&[], &Covered::Numbers), None);
        assert_eq!(blocks(&[], &Covered::Nothing), Some(Vec::new()));
    }

    #[test]
    fn a_card_is_shown_to_its_holder_alone() {
        let card = |name, number| {
            [
                line(name, 0, 0),
                line("住址槐荫里7号", 0, 50),
                line("公民身份号码", 0, 100),
                line(number, 150, 103),
            ]
        };
        let mine = card("姓名周桂兰", "99010219550312002X");
        let daughters = card("姓名周桂英", "990102198001010011");
        assert!(!is_card_of_others(&mine, true, &zhou()));
        assert!(!is_card_of_others(&mine, false, &zhou()));
        assert!(is_card_of_others(&daughters, false, &zhou()), "the words say that it is a card");
        // Of one whose number or name was not read, nothing says whose it is.
        assert!(is_card_of_others(&daughters[..2], true, &zhou()));
        assert!(is_card_of_others(&[line("签发机关青石县公安局", 0, 0)], true, &zhou()));
        assert!(is_card_of_others(&mine[..3], true, &zhou()), "no number");
        // Two on one page, also when hardly anything was read of the second.
        let half = [&mine[..], &[line("住址", 0, 300)]].concat();
        assert!(is_card_of_others(&half, true, &zhou()));
        let both = [&mine[..], &daughters[3..]].concat();
        assert!(is_card_of_others(&both, true, &zhou()));
        // Other papers, and other readers, have nothing to do with it.
        assert!(!is_card_of_others(&daughters[..2], false, &zhou()));
        assert!(!is_card_of_others(&daughters, true, &Covered::Numbers));
    }

    #[test]
    fn a_name_in_a_list_keeps_its_first_character() {
        assert_eq!(masked_name("周桂英"), "周＊＊");
        assert_eq!(masked_name("王"), "王＊");
        assert_eq!(masked_name("阿卜杜勒艾则孜"), "阿＊＊＊＊");
    }

    #[test]
    fn a_title_names_no_other() {
        assert_eq!(
            text("周桂英的收入证明13800138000", &zhou()),
            "周＊＊的收入证明＊＊＊＊＊＊＊＊＊＊＊"
        );
        assert_eq!(text("周桂兰 99010219550312002X", &zhou()), "周桂兰 99010219550312002X");
        assert_eq!(text("13800138000", &Covered::Nothing), "13800138000");
    }

    proptest! {
        /// Whatever stands around it, a number of others is inside a block, and
        /// nothing overflows.
        #[test]
        fn no_number_of_others_stays(
            before in "[周桂兰：a-z ]{0,8}", number in "[1-9][0-9]{9,18}", after in "[元年a-z]{0,8}",
            bbox in any::<[u32; 4]>(),
        ) {
            let text = format!("{before}{number}{after}");
            let read = [Read { text: &text, bbox, confidence: 1.0 }];
            let own = ["99010219550312002X", "99010200300400001"].contains(&number.as_str());
            prop_assert_eq!(blocks(&read, &zhou()).unwrap().len(), usize::from(!own));
        }

        /// No arrangement of lines is a panic.
        #[test]
        fn any_page_is_answered(
            lines in proptest::collection::vec((".{0,12}", any::<[u32; 4]>(), 0.0..1.0_f32), 0..12)
        ) {
            let read: Vec<Read<'_>> = lines
                .iter()
                .map(|(text, bbox, confidence)| Read { text, bbox: *bbox, confidence: *confidence })
                .collect();
            prop_assert_eq!(blocks(&read, &zhou()).is_some(), !read.is_empty());
        }
    }
}
