//! Tables as offices hand them in: encodings, formulas, merged cells, what is too large.

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::*;

/// A row, as lines and cells, `!` where it cannot be read.
fn shown(table: &Table) -> Vec<(u64, String)> {
    let one = |row: &Row| match &row.cells {
        Ok(cells) => (row.line, cells.join("|")),
        Err(why) => {
            assert!(is_english(&why.en), "{why:?}");
            (row.line, format!("!{}", why.zh))
        }
    };
    table.rows.iter().map(one).collect()
}

#[test]
fn a_text_is_read_in_three_encodings_below_its_title() {
    let text = "低保花名册\n姓名,身份证号\n周桂兰,'990102195203142148\n,\n㐂,=\"1\"\n";
    let wanted = vec![(3, "周桂兰|990102195203142148".to_owned()), (5, "㐂|1".to_owned())];
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        encoding_rs::GB18030.encode(text).0.into_owned(),
    ] {
        let table = Table::read(&bytes, 10).unwrap();
        assert_eq!(table.heads, ["姓名", "身份证号"]);
        assert_eq!(shown(&table), wanted);
        assert_eq!(table.place(&["公民身份号码", "身份证号"]), Some(1));
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let rows = |count: usize| format!("姓名,金额\n{}", "甲,1\n".repeat(count));
    let read = |text: &str, most| Table::read(text.as_bytes(), most).map(|one| one.rows.len());
    assert_eq!(read(&rows(10), 10), Ok(10));
    assert_eq!(read(&rows(11), 10), Err(SheetError::Rows(10)));
    assert_eq!(read(&rows(1_000_000), 50_000), Err(SheetError::Rows(50_000)));
    let said = SheetError::Rows(100_000).to_string();
    assert!(said.contains("100000 rows"), "{said}");
    assert_eq!(read(&",".repeat(64), 10), Err(SheetError::Columns));
    let long = format!("姓名,金额\n{},1\n乙,2\n", "长".repeat(501));
    let table = Table::read(long.as_bytes(), 10).unwrap();
    assert_eq!(shown(&table)[0], (2, "!有一格超过500字".to_owned()));
    assert_eq!(table.rows.len(), 2);
    assert_eq!(Table::read(&vec![b'a'; MOST_BYTES + 1], 10), Err(SheetError::Large));
    assert_eq!(Table::read(b"\xff\xfe\x00", 10), Err(SheetError::Text));
    // Before the cells of such a row are told apart.
    let wide = format!("{},\"\n\"", ",".repeat(60)).repeat(400);
    assert_eq!(read(&wide, 10), Err(SheetError::Columns));
}

#[test]
fn a_cell_of_many_megabytes_is_a_bad_row() {
    let text = format!("姓名,金额\n\"{}\",1\n乙,2\n", "长\n,".repeat(1 << 20));
    let table = Table::read(text.as_bytes(), 10);
    assert_eq!(table, Err(SheetError::Columns), "so many commas are no cell");
    let text = format!("姓名,金额\n\"{}\",1\n乙,2\n", "长\n".repeat(1 << 20));
    let table = Table::read(text.as_bytes(), 10).unwrap();
    assert_eq!(shown(&table)[0], (2, "!有一格超过500字".to_owned()));
    assert_eq!(shown(&table)[1], ((1 << 20) + 3, "乙|2".to_owned()));
    let open = format!("姓名,金额\n\"{}", "长".repeat(1 << 20));
    assert_eq!(Table::read(open.as_bytes(), 10).unwrap().rows.len(), 1);
}

#[test]
fn one_text_in_many_cells_of_a_workbook_is_bounded() {
    // 500 characters that stand once in the file, and in 70,000 cells.
    let bytes = book(|sheet| {
        let text = "长".repeat(CELL);
        for row in 0..1_400 {
            for column in 0..50 {
                sheet.write_string(row, column, &text).unwrap();
            }
        }
    });
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    assert_eq!(Table::read(&bytes, 10_000), Err(SheetError::Large));
}

fn book(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_as_text() {
    let bytes = book(|sheet| {
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let date = ExcelDateTime::parse_from_str("2026-03-09").unwrap();
        for (head, at) in ["姓名", "身份证号", "余额", "日期"].iter().zip(0..) {
            sheet.write_string(0, at, *head).unwrap();
        }
        sheet.write_string(1, 0, "周桂兰").unwrap();
        sheet.write_string(1, 1, "990102195203142148").unwrap();
        sheet.write_number(1, 2, 1120.05).unwrap();
        sheet.write_datetime_with_format(1, 3, &date, &day).unwrap();
        sheet.write_string(2, 0, "马素琴").unwrap();
        sheet.write_number(2, 1, 990_102_195_203_142_148.0).unwrap();
        sheet.write_formula(2, 2, Formula::new("=1+1").set_result("2")).unwrap();
    });
    let table = Table::read(&bytes, 10).unwrap();
    assert_eq!(table.heads.len(), 4);
    let rows = shown(&table);
    assert_eq!(rows[0], (2, "周桂兰|990102195203142148|1120.05|2026-03-09".to_owned()));
    // The last digits of that number are lost, and that can be seen.
    let cells = table.rows[1].cells.clone().unwrap();
    assert!(lost_digits(&cells[1]), "{cells:?}");
    assert_eq!((cells[2].as_str(), table.formulas), ("2", 1));
    assert_eq!(mime(&bytes).len() > 20, mime(b"a,b") == "text/csv");
}

#[test]
fn merged_rows_are_told() {
    let bytes = book(|sheet| {
        for (head, at) in ["姓名", "身份证号"].iter().zip(0..) {
            sheet.write_string(0, at, *head).unwrap();
            sheet.write_string(3, at, "丙").unwrap();
        }
        sheet.merge_range(1, 0, 2, 0, "甲", &Format::new()).unwrap();
        sheet.write_string(1, 1, "1").unwrap();
        sheet.write_string(2, 1, "2").unwrap();
    });
    let table = Table::read(&bytes, 10).unwrap();
    let rows = shown(&table);
    assert!(rows[0].1.contains("合并") && rows[1].1.contains("合并"), "{rows:?}");
    assert_eq!(rows[2], (4, "丙|丙".to_owned()));
}

#[test]
fn what_is_merged_down_stands_in_every_row() {
    let bytes = book(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 2, "低保花名册", &plain).unwrap();
        for (head, at) in ["户主", "姓名", "金额"].iter().zip(0..) {
            sheet.write_string(1, at, *head).unwrap();
        }
        sheet.merge_range(2, 0, 3, 0, "甲", &plain).unwrap();
        sheet.merge_range(2, 2, 3, 2, "", &plain).unwrap();
        sheet.write_number(2, 2, 560.5).unwrap();
        sheet.write_string(2, 1, "甲").unwrap();
        sheet.write_string(3, 1, "乙").unwrap();
        sheet.merge_range(4, 0, 4, 1, "丙", &plain).unwrap();
        sheet.merge_range(5, 0, 6, 1, "丁", &plain).unwrap();
        sheet.write_string(6, 2, "1").unwrap();
        sheet.write_string(7, 0, "戊").unwrap();
    });
    let table = Table::filled(&bytes, 10).unwrap();
    assert_eq!(table.heads, ["户主", "姓名", "金额"]);
    let rows = shown(&table);
    assert_eq!(rows[..2], [(3, "甲|甲|560.5".to_owned()), (4, "甲|乙|560.5".to_owned())]);
    assert_eq!(table.rows[1].merged, [(0, 3), (2, 3)]);
    for (row, line) in rows[2..5].iter().zip(5..) {
        assert!(row.0 == line && row.1.contains("跨列"), "{row:?}");
    }
    assert_eq!((rows[5].0, table.rows[5].merged.len()), (8, 0), "{rows:?}");
    // Who cannot say what it means there does not read it.
    let table = Table::read(&bytes, 10).unwrap();
    assert!(shown(&table)[0].1.contains("跨行"), "{table:?}");
}

#[test]
fn what_is_merged_with_the_heads_is_no_row() {
    let bytes = book(|sheet| {
        sheet.write_string(0, 0, "户主").unwrap();
        sheet.merge_range(0, 1, 1, 1, "姓名", &Format::new()).unwrap();
        sheet.write_string(1, 0, "甲").unwrap();
        sheet.write_string(2, 0, "乙").unwrap();
    });
    let rows = shown(&Table::filled(&bytes, 10).unwrap());
    assert!(rows[0].1.contains("表头") && rows[1].1 == "乙", "{rows:?}");
}

/// A workbook with this text in the first of three columns of so many rows, and these
/// cells merged; as no program of ours would write it.
fn raw(text: &str, rows: u32, merged: &[String]) -> Vec<u8> {
    use std::io::Write;
    let cell = |at: &str, row: u32, text: &str| {
        format!("<c r=\"{at}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let row = |at: u32| {
        let first = if at == 2 { cell("C", at, text) } else { String::new() };
        let (a, b) = (cell("A", at, "甲"), cell("B", at, "乙"));
        format!("<row r=\"{at}\">{a}{b}{first}</row>")
    };
    let rows: String = (1..=rows).map(row).collect();
    let merged: String = merged.iter().map(|one| format!("<mergeCell ref=\"{one}\"/>")).collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" \
                 Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\"><sheets><sheet name=\"S\" \
                 sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" \
                 Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData>\
                 <mergeCells>{merged}</mergeCells></worksheet>"
            ),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_merge_of_a_million_rows_makes_none() {
    let last = 1_048_576;
    let bytes = raw("丙", 4, &[format!("C2:C{last}")]);
    let table = Table::filled(&bytes, 10).unwrap();
    assert_eq!(shown(&table)[2], (4, "甲|乙|丙".to_owned()));
    assert_eq!(table.rows.len(), 3);
    // What is merged twice is whose, nobody can say; what it would fill is bounded.
    let bytes = raw("丙", 4, &[format!("C2:C{last}"), "C3:C4".to_owned()]);
    let rows = shown(&Table::filled(&bytes, 10).unwrap());
    assert!(rows.iter().all(|row| row.1.contains("跨列")), "{rows:?}");
    let bytes = raw(&"长".repeat(CELL), 70_000, &[format!("C2:C{last}")]);
    assert_eq!(Table::filled(&bytes, 100_000), Err(SheetError::Large));
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let part = vec![b' '; 1 << 20];
    for _ in 0..=(MOST_UNPACKED >> 20) {
        zip.write_all(&part).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    assert_eq!(Table::read(&bytes, 10), Err(SheetError::Large));
    assert_eq!(Table::read(b"PK\x03\x04 and no more", 10), Err(SheetError::Text));
}

#[test]
fn powers_of_ten_are_told_from_words() {
    for lost in ["9.90102E+17", "1E15", "9.9e17"] {
        assert!(lost_digits(lost), "{lost}");
    }
    for fine in ["990102195203142148", "E12345678", "", "1.5", "9.9E", "Ee", "冀E12345"] {
        assert!(!lost_digits(fine), "{fine}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        begins in proptest::sample::select(vec![&b""[..], b"PK\x03\x04", b"\xef\xbb\xbf"]),
        rest in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let bytes = [begins, &rest].concat();
        if let Ok(table) = Table::read(&bytes, 100) {
            for cells in table.rows.iter().filter_map(|row| row.cells.as_ref().ok()) {
                prop_assert!(cells.len() <= MOST_COLUMNS);
                prop_assert!(cells.iter().all(|cell| cell.chars().count() <= CELL));
            }
        }
    }

    #[test]
    fn a_spoilt_workbook_does_no_harm(places in prop::collection::vec((0..4000_usize, any::<u8>()), 1..8)) {
        let mut bytes = book(|sheet| {
            for row in 0..20 {
                sheet.write_string(row, 0, "姓名").unwrap();
                sheet.write_number(row, 1, 1.5).unwrap();
            }
        });
        for (at, byte) in places {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        let _ = (Table::read(&bytes, 100), Table::filled(&bytes, 100));
    }
}
