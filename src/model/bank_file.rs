//! 回盘文件: reading the table that a bank hands back, as CSV in UTF-8 or GBK. Rows
//! that cannot be read are listed with the reason, and no row is guessed.

use serde::Serialize;
use utoipa::ToSchema;

use super::payment::ReturnRow;

/// The most bytes of a file.
pub const MOST_BYTES: usize = 32 << 20;
/// The most rows that are read.
const MOST_ROWS: usize = 200_000;
/// The most characters of a cell.
const CELL: usize = 200;
/// The most bad rows that are told.
const TOLD: usize = 200;

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BadRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// The rows that are in order.
    pub rows: Vec<ReturnRow>,
    /// The others, at most 200.
    pub bad: Vec<BadRow>,
    /// How many of the others there are.
    pub bad_total: u64,
}

/// Why a file is no return.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// It is too large.
    #[error("the file is larger than {} MB, or has more than {MOST_ROWS} rows", MOST_BYTES >> 20)]
    Large,
    /// It is no text.
    #[error("the file is no CSV in UTF-8 or GBK")]
    Text,
    /// A column is missing.
    #[error("the first row names no column {0}")]
    Column(&'static str),
    /// There is nothing in it.
    #[error("the file has no rows")]
    Empty,
}

/// The names a column may have.
const HOUSEHOLD: [&str; 4] = ["户号", "家庭编号", "户编号", "household"];
const AMOUNT: [&str; 5] = ["金额", "实发金额", "发放金额", "月保障金", "amount"];
const RESULT: [&str; 4] = ["结果", "处理结果", "状态", "result"];
const WORDS: [&str; 4] = ["原因", "失败原因", "备注", "reason"];

/// The rows of a bank's file: 户号, 金额, 结果 (成功 or 失败) and, where it is there,
/// 原因, in any order.
///
/// # Errors
/// When it is no such file at all.
pub fn read(bytes: &[u8]) -> Result<Read, SheetError> {
    if bytes.len() > MOST_BYTES {
        return Err(SheetError::Large);
    }
    let text = decoded(bytes)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|_| SheetError::Text)?.clone();
    let place = |names: &[&str]| {
        heads.iter().position(|head| names.contains(&super::text::plain(head).as_str()))
    };
    let household = place(&HOUSEHOLD).ok_or(SheetError::Column("户号"))?;
    let amount = place(&AMOUNT).ok_or(SheetError::Column("金额"))?;
    let result = place(&RESULT).ok_or(SheetError::Column("结果"))?;
    let words = place(&WORDS);
    let mut found = Read::default();
    for (row, number) in reader.records().zip(2_u64..) {
        if found.rows.len() >= MOST_ROWS {
            return Err(SheetError::Large);
        }
        let line = row.as_ref().ok().and_then(|row| row.position()).map_or(number, |at| at.line());
        let cells = row.map_err(|_| "读不出这一行".to_owned());
        let read = cells.and_then(|row| {
            let cell = |place: usize| super::text::plain(row.get(place).unwrap_or_default());
            one(cell(household), &cell(amount), &cell(result), words.map(cell).unwrap_or_default())
        });
        match read {
            Ok(row) => found.rows.push(row),
            Err(reason) => {
                found.bad_total += 1;
                if found.bad.len() < TOLD {
                    found.bad.push(BadRow { line, reason });
                }
            }
        }
    }
    if found.rows.is_empty() && found.bad.is_empty() {
        return Err(SheetError::Empty);
    }
    Ok(found)
}

fn one(household: String, amount: &str, result: &str, words: String) -> Result<ReturnRow, String> {
    let typed = |what: &str, text: &str| {
        let start: String = text.chars().take(20).collect();
        format!("{what}「{start}」")
    };
    // A table program hands numbers on as ="…" or with a quote in front.
    let number = household.trim_matches(['=', '"', '\'']).replace(' ', "");
    let no = number.parse().map_err(|_| typed("户号不是17位：", &household))?;
    let paid = amount.replace([',', '￥', '¥', '元'], "");
    let paid = paid.parse().map_err(|_| typed("金额看不懂：", amount))?;
    let done = match result {
        "成功" | "已发放" | "发放成功" | "1" | "success" => true,
        "失败" | "未发放" | "发放失败" | "0" | "failed" => false,
        other => return Err(typed("结果不是成功或失败：", other)),
    };
    if words.chars().count() > CELL {
        return Err(format!("原因超过{CELL}字"));
    }
    Ok(ReturnRow { household: no, amount: paid, paid: done, words })
}

/// The text of a file in UTF-8, with or without its mark, or in GBK.
fn decoded(bytes: &[u8]) -> Result<String, SheetError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(SheetError::Text);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, _, wrong) = encoding_rs::GBK.decode(bytes);
    if wrong { Err(SheetError::Text) } else { Ok(text.into_owned()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::money::Fen;

    const SOUND: &str = "户号,户主,金额,结果,原因\n\
        99010200300400001,周桂兰,\"1,120.00\",成功,\n\
        =\"99010200300400002\",马素琴,￥560,失败,账号不符\n";

    #[test]
    fn a_file_is_read_in_both_encodings() {
        let read_it = read(SOUND.as_bytes()).unwrap();
        assert_eq!((read_it.rows.len(), read_it.bad_total), (2, 0));
        assert_eq!(read_it.rows[0].amount, Fen::new(112_000));
        assert_eq!((read_it.rows[1].paid, read_it.rows[1].words.as_str()), (false, "账号不符"));
        let (gbk, ..) = encoding_rs::GBK.encode(SOUND);
        assert_eq!(read(&gbk), Ok(read_it.clone()));
        let marked = format!("\u{feff}{SOUND}");
        assert_eq!(read(marked.as_bytes()), Ok(read_it));
    }

    #[test]
    fn bad_rows_are_told_with_their_line() {
        let text = "金额,户号,结果\n560,99010200300400001,成功\n560,1,成功\n-1,99010200300400001,成功\n\
                    560,99010200300400001,大概\n";
        let found = read(text.as_bytes()).unwrap();
        assert_eq!(found.rows.len(), 1);
        let lines: Vec<_> = found.bad.iter().map(|bad| bad.line).collect();
        assert_eq!((lines, found.bad_total), (vec![3, 4, 5], 3));
        assert!(found.bad[0].reason.contains("17位"), "{:?}", found.bad);
    }

    #[test]
    fn what_is_no_return_is_refused() {
        for (bytes, error) in [
            (&b"\xff\xfe\x00"[..], SheetError::Text),
            (b"", SheetError::Column("户号")),
            ("户号,金额\n".as_bytes(), SheetError::Column("结果")),
            ("户号,金额,结果\n".as_bytes(), SheetError::Empty),
        ] {
            assert_eq!(read(bytes), Err(error));
        }
        assert_eq!(read(&vec![b'a'; MOST_BYTES + 1]), Err(SheetError::Large));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
            let mut table = "户号,金额,结果\n".as_bytes().to_vec();
            table.extend(bytes);
            let _ = read(&table);
        }
    }
}
