//! Numbers that look random and come again with the seed (SplitMix64).

/// A row of numbers.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The numbers of something: `of` parts what is drawn for one purpose from others.
    pub fn new(seed: u64, of: u64) -> Self {
        let mut dice = Self(seed ^ of.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is above zero.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// As [`Dice::below`], to be a place.
    pub fn place(&mut self, end: usize) -> usize {
        usize::try_from(self.below(end as u64)).unwrap_or(0)
    }

    /// One of them; they are not none.
    pub fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all.get(self.place(all.len().max(1))).copied().unwrap_or_default()
    }
}
