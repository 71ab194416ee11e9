//! Pages out of a seed: words of a Zipf vocabulary, an identity number broken over two lines.

use yidang_indexer::PageEntry;

const CHARS: usize = 400;
const VOCABULARY: usize = 30_000;

/// A question in both languages: as it is typed, and as the words the generator knows it by.
pub(crate) struct Question {
    pub(crate) text: String,
    pub(crate) words: Vec<String>,
}

/// A source of pages and of questions about them; the same seed gives the same pages.
pub(crate) struct Pages {
    random: Random,
    count: u32,
    seed: u64,
    words: Vec<String>,
    /// Running sums of 1/rank.
    weights: Vec<f64>,
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl Pages {
    pub(crate) fn new(seed: u64, count: u32) -> Self {
        let mut random = Random(seed);
        // Characters are used unevenly too: the square of a uniform number prefers the first.
        let mut character = || {
            let place = (random.unit().powi(2) * 3500.0) as u32;
            char::from_u32(0x4e00 + place * 5).unwrap_or('一')
        };
        let words: Vec<String> = (0..VOCABULARY)
            .map(|rank| (0..[2, 2, 1, 3, 2, 2, 4][rank % 7]).map(|_| character()).collect())
            .collect();
        let mut sum = 0.0;
        let weights = (1..=VOCABULARY)
            .map(|rank| {
                sum += 1.0 / rank as f64;
                sum
            })
            .collect();
        Pages { random: Random(seed ^ 0xABCD), count, seed, words, weights }
    }

    /// All documents: one to four pages each, forty or so pages a household.
    pub(crate) fn documents(self) -> impl Iterator<Item = Vec<PageEntry>> {
        let mut page = 0;
        std::iter::from_fn(move || {
            if page >= self.count {
                return None;
            }
            let document = u64::from(page);
            let pages = (document % 4 + 1).min(u64::from(self.count - page)) as u32;
            page += pages;
            let household = document / 40;
            let (street, community) = (household % 50 + 1, household % 7 + 1);
            Some(
                (1..=pages)
                    .map(|number| PageEntry {
                        document,
                        page: number,
                        organisation: format!("990102{street:03}{community:03}"),
                        household: format!("990102{street:03}{community:03}{household:05}"),
                        head: self.words[household as usize % 5000 + 3000].clone(),
                        type_code: format!("A{:02}", document % 23),
                        date: format!("20{:02}-{:02}-11", document % 9 + 16, document % 12 + 1),
                        title: format!("{}申请表", self.words[document as usize % 23 * 10]),
                        text: self.text(document, number).0,
                        state: ["bound", "bound", "open"][household as usize % 3].to_owned(),
                        reference: format!("J016-DB·2026-D10-{household:03}"),
                        place: (document % 40 + 1) as u32,
                        confidence: 700 + (document * 37 % 300) as u16,
                        ..PageEntry::default()
                    })
                    .collect(),
            )
        })
    }

    /// The text of a page and the number that stands in it.
    fn text(&self, document: u64, page: u32) -> (String, String) {
        let mut random = Random(self.seed ^ (document << 8) ^ u64::from(page));
        let mut text = String::with_capacity(CHARS * 3 + 80);
        let mut length = 0;
        let number =
            format!("990102{}{:04}", 19_400_000 + random.below(600_000), random.below(10_000));
        while length < CHARS {
            let word = self.word(&mut random);
            text.push_str(word);
            length += word.chars().count();
            if random.below(8) == 0 {
                text.push_str(["\n", "，", " "][random.below(3)]);
            }
        }
        text.push_str(&number[..10]);
        text.push('\n');
        text.push_str(&number[10..]);
        (text, number)
    }

    fn word(&self, random: &mut Random) -> &str {
        let total = self.weights[VOCABULARY - 1];
        let wanted = random.unit() * total;
        let rank = self.weights.partition_point(|&sum| sum < wanted);
        &self.words[rank.min(VOCABULARY - 1)]
    }

    fn of_rank(&mut self, from: usize, to: usize) -> Question {
        let mut word = String::new();
        while word.chars().count() < 2 {
            word = self.words[from + self.random.below(to - from)].clone();
        }
        Question { text: word.clone(), words: vec![word] }
    }

    pub(crate) fn rare(&mut self) -> Question {
        self.of_rank(10_000, 30_000)
    }

    pub(crate) fn frequent(&mut self) -> Question {
        self.of_rank(0, 60)
    }

    pub(crate) fn character(&mut self) -> Question {
        let rank = self.random.below(3000);
        let text: String = self.words[rank].chars().take(1).collect();
        Question { words: vec![text.clone()], text }
    }

    /// Three words that stand side by side on some page.
    pub(crate) fn phrase(&mut self) -> Question {
        let document = self.first_of(self.count);
        let mut random = Random(self.seed ^ (document << 8) ^ 1);
        let (text, _) = self.text(document, 1);
        let chars: Vec<char> = text.chars().filter(|c| *c > '\u{3000}' && *c != '，').collect();
        let start = random.below(chars.len() - 40);
        let text: String = chars[start..start + 5].iter().collect();
        // The pieces may have a comma between them on the page; then the run is not there.
        Question { words: vec![text.clone()], text }
    }

    /// Two of the most frequent words in a row, in quotes.
    pub(crate) fn frequent_phrase(&mut self) -> Question {
        let (first, second) = (self.of_rank(0, 12).text, self.of_rank(0, 12).text);
        Question { text: format!("\"{first}{second}\""), words: vec![first, second] }
    }

    pub(crate) fn two_words(&mut self) -> Question {
        let (first, second) = (self.of_rank(0, 60).text, self.of_rank(0, 60).text);
        Question { text: format!("{first} {second}"), words: vec![first, second] }
    }

    pub(crate) fn tail(&mut self) -> Question {
        let text = self.number().text[14..].to_owned();
        Question { words: vec![text.clone()], text }
    }

    pub(crate) fn number(&mut self) -> Question {
        let document = self.first_of(self.count);
        let text = self.text(document, 1).1;
        Question { words: vec![text.clone()], text }
    }

    /// The number of some document: each begins where the one before ended.
    fn first_of(&mut self, count: u32) -> u64 {
        let wanted = self.random.below(count as usize) as u64;
        let mut document = 0;
        loop {
            let next = document + document % 4 + 1;
            if next > wanted {
                return document;
            }
            document = next;
        }
    }
}
