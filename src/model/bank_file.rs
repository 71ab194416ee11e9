//! 回盘文件: reading the table that a bank hands back. Rows that cannot be
//! read are listed with the reason, and no row is guessed.

use super::payment::ReturnRow;
pub use super::table::{BadRow, MOST_BYTES, SheetError};
use super::table::{BadRows, Table, Why};

/// The most rows that are read.
const MOST_ROWS: usize = 200_000;

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

/// The names a column may have.
const HOUSEHOLD: [&str; 4] = ["户号", "家庭编号", "户编号", "household"];
const AMOUNT: [&str; 5] = ["金额", "实发金额", "发放金额", "月保障金", "amount"];
const RESULT: [&str; 4] = ["结果", "处理结果", "状态", "result"];
const WORDS: [&str; 4] = ["原因", "失败原因", "备注", "reason"];
/// The most characters of a reason.
const CELL: usize = 200;

/// The kind of a file that is called so.
#[must_use]
pub fn mime(name: &str) -> &'static str {
    if name.to_ascii_lowercase().ends_with(".xlsx") { super::table::XLSX } else { "text/csv" }
}

/// The rows of a bank's file: 户号, 金额, 结果 (成功 or 失败) and, where it is there,
/// 原因, in any order.
///
/// # Errors
/// When it is no such file at all.
pub fn read(bytes: &[u8]) -> Result<Read, SheetError> {
    let table = Table::read(bytes, MOST_ROWS)?;
    let household = table.place(&HOUSEHOLD).ok_or(SheetError::Column("户号"))?;
    let amount = table.place(&AMOUNT).ok_or(SheetError::Column("金额"))?;
    let result = table.place(&RESULT).ok_or(SheetError::Column("结果"))?;
    let words = table.place(&WORDS);
    if table.rows.is_empty() {
        return Err(SheetError::Empty);
    }
    let (mut rows, mut bad) = (Vec::new(), BadRows::default());
    for row in table.rows {
        let read = row.cells.and_then(|cells| {
            let cell = |place: usize| cells.get(place).cloned().unwrap_or_default();
            one(cell(household), &cell(amount), &cell(result), words.map(cell).unwrap_or_default())
        });
        match read {
            Ok(one) => rows.push(one),
            Err(why) => bad.add(row.line, why),
        }
    }
    Ok(Read { rows, bad: bad.told, bad_total: bad.total })
}

fn one(household: String, amount: &str, result: &str, words: String) -> Result<ReturnRow, Why> {
    let number = household.replace(' ', "");
    let no = number.parse().map_err(|_| {
        Why::shown("户号不是17位", "not a household number of 17 digits", &household)
    })?;
    let paid = amount.replace([',', '￥', '¥', '元'], "");
    let paid = paid.parse().map_err(|_| Why::shown("金额看不懂", "not an amount", amount))?;
    let done = match result {
        "成功" | "已发放" | "发放成功" | "1" | "success" => true,
        "失败" | "未发放" | "发放失败" | "0" | "failed" => false,
        other => {
            let en = "the result is neither success nor failed";
            return Err(Why::shown("结果不是成功或失败", en, other));
        }
    };
    if words.chars().count() > CELL {
        let en = format!("the reason has more than {CELL} characters");
        return Err(Why::new(format!("原因超过{CELL}字"), en));
    }
    Ok(ReturnRow { household: no, amount: paid, paid: done, words })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::money::Fen;
    use crate::model::table::is_english;

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
        let english = found.bad.iter().all(|bad| is_english(&bad.reason_en));
        assert!(english, "{:?}", found.bad);
        assert_eq!(found.bad[0].reason_en, "not a household number of 17 digits: \"1\"");
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
