//! Statements as they are handed over: several joined to one text, and those about many rows.

use std::borrow::Cow;

use super::Arg;

/// A statement and its arguments.
pub type Statement = (Cow<'static, str>, Vec<Arg>);

/// So many rows: as many as the facts of a large family.
pub(super) const KEPT_ROWS: usize = 32;

/// The statements as one text, their placeholders numbered through.
pub(super) fn joined(statements: Vec<Statement>) -> (String, Vec<Arg>) {
    let (mut text, mut all) = (String::new(), Vec::new());
    for (sql, args) in statements {
        let mut parts = sql.split('$');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.chars().take_while(char::is_ascii_digit).count();
            let number: usize = part[..digits].parse().unwrap_or(0);
            text.push_str(&format!("${}{}", all.len() + number, &part[digits..]));
        }
        text.push_str(";\n");
        all.extend(args);
    }
    (text, all)
}

/// The most rows that one statement writes: with the most columns that a table has it
/// stays below the number of arguments that both databases take.
pub(super) const ROWS: usize = 500;

/// A statement about many rows: what stands before and behind them. Both count the
/// arguments they have in common from `$1`.
pub type Around = (&'static str, &'static str);

/// The statements about `rows`, which all have as many values, some hundred of them each;
/// none where there are no rows.
pub fn about_rows(around: Around, common: &[Arg], rows: &[Vec<Arg>]) -> Vec<Statement> {
    let about = |part: &[Vec<Arg>]| {
        let width = part.first().map_or(0, Vec::len);
        let text = with_rows(around, common.len(), part.len(), width);
        let args = common.iter().chain(part.iter().flatten()).cloned().collect();
        (Cow::Owned(text), args)
    };
    rows.chunks(ROWS).map(about).collect()
}

/// The statement with `count` rows of `width` values, of which the first is numbered
/// after `common`.
fn with_rows((before, behind): Around, common: usize, count: usize, width: usize) -> String {
    let mut text = before.to_owned();
    for row in 0..count {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for value in 1..=width {
            let number = common + row * width + value;
            text.push_str(&format!("{}${number}", if value == 1 { "" } else { ", " }));
        }
        text.push(')');
    }
    text.push_str(behind);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        let statements = vec![
            ("INSERT INTO a VALUES ($1, $2)".into(), vec![Arg::Int(1), Arg::Int(2)]),
            ("UPDATE b SET c = $2 WHERE d = $1 OR e = $1".into(), vec![Arg::Int(3), Arg::Int(4)]),
        ];
        let (text, args) = joined(statements);
        assert_eq!(
            text,
            "INSERT INTO a VALUES ($1, $2);\nUPDATE b SET c = $4 WHERE d = $3 OR e = $3;\n"
        );
        assert_eq!(args.len(), 4);
        let around = ("INSERT INTO a SELECT $1, v.column1 FROM (VALUES ", ") AS v");
        assert_eq!(
            with_rows(around, 1, 2, 2),
            "INSERT INTO a SELECT $1, v.column1 FROM (VALUES ($2, $3), ($4, $5)) AS v"
        );
    }
}
