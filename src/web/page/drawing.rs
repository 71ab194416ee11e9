//! The proof as a drawing: the tree from the paper up to the seal. Own way in
//! ink, given neighbours blue, the rest hairlines; where it breaks, vermilion.
//! A pure function from the shape of a way to SVG; colours are classes of the
//! style sheet.

use std::fmt::Write;

use crate::web::lang::Lang;

/// The width of the drawing in its own units.
const WIDTH: u32 = 472;
/// The height of the drawing.
const HEIGHT: u32 = 256;
/// The height of a box.
const BOX: u32 = 32;
/// Where the boxes of the papers stand, from the top.
const GROUND: u32 = HEIGHT - BOX - 3;
/// Where the seal stands.
const TOP: u32 = 3;
/// How many steps are drawn; what lies above the first two is then one.
const DRAWN: usize = 3;

/// One step of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Whether the neighbour stands on the left.
    pub left: bool,
    /// How many entries are below the neighbour.
    pub beside: u64,
}

/// A way from an entry to the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The steps, from the entry upwards.
    pub turns: Vec<Turn>,
    /// Where what was computed first differs from what was published: 0 is the
    /// entry, 1 the first step; none when nothing does.
    pub differs: Option<usize>,
}

/// A box or a line of the drawing, and what it is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The entry itself.
    Entry,
    /// What was computed.
    Own,
    /// What the log gave.
    Given,
    /// What is there beside.
    Rest,
    /// The seal.
    Seal,
    /// Where it breaks.
    Broken,
}

impl Part {
    fn class(self) -> &'static str {
        match self {
            Self::Entry => "me",
            Self::Own => "own",
            Self::Given => "by",
            Self::Rest => "rest",
            Self::Seal => "set",
            Self::Broken => "bad",
        }
    }
}

/// A place in the drawing: how many steps above the ground, and which from the
/// left.
#[derive(Clone, Copy)]
struct At {
    row: usize,
    slot: u32,
}

struct Canvas {
    svg: String,
    rows: usize,
}

impl Canvas {
    /// The middle of a box, from the left.
    fn x(&self, at: At) -> u32 {
        // A small tree does not spread over the whole width.
        let (leaves, pitch) = match self.rows {
            0 => (1, WIDTH),
            1 => (2, 150),
            2 => (4, 100),
            _ => (8, WIDTH / 8),
        };
        let start = (WIDTH - leaves * pitch) / 2;
        let span = pitch << at.row;
        start + span * at.slot + span / 2
    }

    /// The upper edge of a box.
    fn y(&self, row: usize) -> u32 {
        let rows = u32::try_from(self.rows).unwrap_or(1).max(1);
        GROUND - (GROUND - TOP) * u32::try_from(row).unwrap_or(0) / rows
    }

    fn half_width(&self, at: At) -> u32 {
        match at.row {
            row if row == self.rows => 76,
            0 => 24,
            1 => 31,
            _ => 38,
        }
    }

    fn frame(&mut self, at: At, part: Part, word: &str) {
        let (x, y, half) = (self.x(at), self.y(at.row), self.half_width(at));
        let (left, width, class) = (x - half, half * 2, part.class());
        // Writing to a String does not fail.
        let _ = write!(
            self.svg,
            "<rect class=\"{class}\" x=\"{left}\" y=\"{y}\" width=\"{width}\" height=\"{BOX}\" rx=\"2\"></rect>"
        );
        if !word.is_empty() {
            let line = y + BOX / 2 + 5;
            let _ =
                write!(self.svg, "<text class=\"{class}\" x=\"{x}\" y=\"{line}\">{word}</text>");
        }
    }

    /// A line from a box up to the one above it.
    fn line(&mut self, from: At, part: Part, dashed: bool) {
        let to = At { row: from.row + 1, slot: from.slot / 2 };
        let (x, y, up, high) = (self.x(from), self.y(from.row), self.x(to), self.y(to.row) + BOX);
        let bend = (y + high) / 2;
        let (class, dash) = (part.class(), if dashed { " dash" } else { "" });
        let _ = write!(
            self.svg,
            "<path class=\"{class}{dash}\" d=\"M{x} {y}V{bend}H{up}V{high}\"></path>"
        );
    }

    /// What lies below a box that was not opened: hairlines, as many as there
    /// are entries, as far as the drawing goes down.
    fn below(&mut self, at: At, entries: u64) {
        if at.row == 0 || entries < 2 {
            return;
        }
        // The largest power of two that is smaller stands on the left.
        let left = entries.next_power_of_two() / 2;
        for (side, entries) in [(0, left), (1, entries - left)] {
            let child = At { row: at.row - 1, slot: at.slot * 2 + side };
            self.line(child, Part::Rest, false);
            self.below(child, entries);
            self.frame(child, Part::Rest, "");
        }
    }
}

/// The drawing of a way, as SVG; `names` is the id of the element whose text
/// says the same.
pub fn svg(lang: Lang, shape: &Shape, names: &str) -> String {
    let steps = shape.turns.len();
    let rows = steps.min(DRAWN);
    let mut canvas = Canvas { svg: String::new(), rows };
    let slot = shape
        .turns
        .iter()
        .take(rows)
        .enumerate()
        .map(|(row, turn)| u32::from(turn.left) << row)
        .sum::<u32>();
    // What is above the steps that are drawn one by one is one line.
    let folded = steps > DRAWN;
    let broken = shape.differs.map(|step| step.min(rows));
    let differs = lang.t("不同", "differs");
    let mut boxes = Vec::new();
    for (row, turn) in shape.turns.iter().take(rows).enumerate() {
        let own = At { row, slot: slot >> row };
        let given = At { row, slot: own.slot ^ 1 };
        let dashed = folded && row + 1 == rows;
        canvas.line(given, Part::Given, dashed);
        canvas.line(own, if broken == Some(row + 1) { Part::Broken } else { Part::Own }, dashed);
        canvas.below(given, turn.beside);
        boxes.push((given, Part::Given, lang.t("邻", "beside")));
    }
    for row in 0..=rows {
        let at = At { row, slot: slot >> row };
        let here = broken == Some(row);
        boxes.push(match row {
            // A log of one entry: the entry is the tree.
            0 if rows == 0 => (
                at,
                if here { Part::Broken } else { Part::Seal },
                lang.t("此条就是封条", "entry = seal"),
            ),
            _ if here && row < rows => (at, Part::Broken, differs),
            0 => (at, Part::Entry, lang.t("此条", "this")),
            _ if row < rows => (at, Part::Own, lang.t("合", "joined")),
            _ if here => (at, Part::Broken, lang.t("与封条不同", "not the seal")),
            // A seal that something below does not lead to proves nothing.
            _ if broken.is_some() => (at, Part::Rest, lang.t("公布的封条", "the seal")),
            _ => (at, Part::Seal, lang.t("公布的封条", "the seal")),
        });
    }
    for (at, part, word) in boxes {
        canvas.frame(at, part, word);
    }
    if folded {
        let word = match lang {
            Lang::Zh => format!("同样再合{}次", steps + 1 - rows),
            Lang::En => format!("{} more times", steps + 1 - rows),
        };
        let top = canvas.x(At { row: rows, slot: 0 });
        let middle = (canvas.y(rows) + BOX + canvas.y(rows - 1)) / 2;
        let (left, high, line) = (top - 64, middle - 11, middle + 5);
        let _ = write!(
            canvas.svg,
            "<rect class=\"veil\" x=\"{left}\" y=\"{high}\" width=\"128\" height=\"22\"></rect>\
             <text class=\"say\" x=\"{top}\" y=\"{line}\">{word}</text>"
        );
    }
    format!(
        "<svg class=\"proof\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{names}\">{}</svg>",
        canvas.svg
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(svg: &str, what: &str) -> usize {
        svg.matches(what).count()
    }

    /// The way of entry `index` in a tree of `size`.
    fn shape(index: u64, size: u64) -> Shape {
        let (mut from, mut end, mut turns) = (0, size, Vec::new());
        while end - from > 1 {
            let middle = from + (end - from).next_power_of_two() / 2;
            let left = index >= middle;
            turns.push(Turn { left, beside: if left { middle - from } else { end - middle } });
            if left { from = middle } else { end = middle }
        }
        turns.reverse();
        Shape { turns, differs: None }
    }

    #[test]
    fn a_tree_of_eight_is_drawn_whole() {
        let svg = svg(Lang::Zh, &shape(2, 8), "steps");
        assert_eq!(count(&svg, "<rect class=\"me\""), 1);
        assert_eq!(count(&svg, "<rect class=\"own\""), 2);
        assert_eq!(count(&svg, "<rect class=\"by\""), 3, "one neighbour a step");
        assert_eq!(count(&svg, "<rect class=\"rest\""), 8, "15 nodes in all");
        assert_eq!(count(&svg, "<rect class=\"set\""), 1);
        assert!(!svg.contains("dash") && !svg.contains("bad") && !svg.contains("再合"));
        assert!(svg.contains("aria-labelledby=\"steps\"") && !svg.contains("style="));
        // The third leaf from the left.
        assert!(svg.contains("<rect class=\"me\" x=\"123\""), "{svg}");
    }

    #[test]
    fn a_tall_tree_folds_what_is_above() {
        let svg = svg(Lang::Zh, &shape(41, 184_220), "steps");
        assert_eq!(shape(41, 184_220).turns.len(), 18);
        assert!(svg.contains("同样再合16次") && svg.contains(" dash"), "{svg}");
    }

    #[test]
    fn an_odd_entry_at_the_edge_has_a_neighbour_taller_than_itself() {
        // The tenth of ten: beside one, then beside eight.
        let drawn = svg(Lang::En, &shape(9, 10), "steps");
        assert_eq!(count(&drawn, "<rect class=\"by\""), 2);
        assert_eq!(count(&drawn, "<rect class=\"rest\""), 2, "as far down as the drawing goes");
        // The third of three has a pair beside it, and no more.
        let drawn = svg(Lang::En, &shape(2, 3), "steps");
        assert_eq!(
            (count(&drawn, "<rect class=\"by\""), count(&drawn, "<rect class=\"rest\"")),
            (1, 0)
        );
        // A single one beside a pair is not drawn with children.
        let drawn = svg(Lang::En, &shape(0, 3), "steps");
        assert_eq!(count(&drawn, "<rect class=\"rest\""), 0);
    }

    #[test]
    fn a_log_of_one_entry_is_its_own_seal() {
        let svg = svg(Lang::Zh, &shape(0, 1), "steps");
        assert_eq!((count(&svg, "<rect"), count(&svg, "<path")), (1, 0));
        assert!(svg.contains("此条就是封条"));
    }

    #[test]
    fn where_it_breaks_is_vermilion_and_nowhere_else() {
        for (differs, word) in
            [(0, "不同"), (1, "不同"), (2, "不同"), (3, "与封条不同"), (9, "与封条不同")]
        {
            let mut way = shape(77, 1000);
            way.differs = Some(differs);
            let svg = svg(Lang::Zh, &way, "steps");
            assert_eq!(count(&svg, "<rect class=\"bad\""), 1, "{differs}");
            assert!(svg.contains(&format!(">{word}</text>")), "{differs}");
            assert_eq!(count(&svg, "<path class=\"bad"), usize::from(differs > 0), "{differs}");
            assert_eq!(count(&svg, "class=\"set\""), 0, "no seal is set over a broken way");
        }
    }

    #[test]
    fn everything_stays_on_the_drawing_whatever_the_size() {
        for size in [1, 2, 3, 5, 8, 13, 255, 256, 257, 1_000_000, u64::MAX / 2] {
            for index in [0, size / 3, size / 2, size - 1] {
                let svg = svg(Lang::En, &shape(index, size), "s");
                for x in svg.split(" x=\"").skip(1) {
                    let x: u32 = x.split('"').next().and_then(|x| x.parse().ok()).unwrap_or(9999);
                    assert!(x < WIDTH, "{index} of {size}");
                }
            }
        }
    }
}
