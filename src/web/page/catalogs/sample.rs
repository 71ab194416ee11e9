//! Samples of the catalogs: each of the three, an empty one, an extreme one.

use super::*;

fn row(values: &[&str]) -> Row {
    Row {
        household: values
            .iter()
            .find(|value| value.len() == 17)
            .map(ToString::to_string)
            .unwrap_or_default(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        bound: values.iter().any(|value| value.starts_with("J016")),
        proofs: Vec::new(),
        roster: false,
        english: Vec::new(),
    }
}

fn rows(catalog: Catalog) -> Vec<Row> {
    match catalog {
        Catalog::Archive => vec![
            row(&[
                "J016-DB·2026-D10-001",
                "99010200300400127",
                "周桂兰",
                "槐荫里社区",
                "周桂兰户最低生活保障档案",
                "2026-03-09–2026-11-20",
                "18",
                "42",
                "停保后3年",
                "第2版",
            ]),
            row(&[
                "",
                "99010200300400128",
                "何桂珍",
                "槐荫里社区",
                "",
                "2026-06-02",
                "",
                "",
                "",
                "还没立卷",
            ]),
        ],
        Catalog::Hardship => vec![
            row(&[
                "99010200300400127",
                "周桂兰",
                "槐荫里社区",
                "槐荫里12号楼3单元",
                "3",
                "低保申请书、申请审批表、收入证明、专用证明",
                "2026-03-09–2026-11-20",
                "因病",
                "1049.50",
                "慢性病、肢体二级",
                "B类，收入不稳定",
                "J016-DB·2026-D10-001",
            ]),
            row(&[
                "99010200300400128",
                "何桂珍",
                "槐荫里社区",
                "",
                "1",
                "低保申请书",
                "2026-06-02",
                "",
                "",
                "",
                "",
                "",
            ]),
        ],
        Catalog::Payment => vec![
            row(&[
                "99010200300400127",
                "周桂兰",
                "槐荫里社区",
                "3",
                "1995.00",
                "增发",
                "2026-05",
                "",
                "2026-11",
                "2026-10",
                "11970.00",
                "J016-DB·2026-D10-001",
            ]),
            row(&["99010200300400128", "何桂珍", "槐荫里社区", "", "", "", "", "", "", "", "", ""]),
        ],
    }
}

fn usual(catalog: Catalog) -> Catalogs {
    Catalogs {
        frame: Frame { here: format!("/catalogs/{}", catalog.as_str()), ..Frame::sample() },
        catalog,
        asked: Asked::default(),
        read_as: None,
        refused: None,
        rows: rows(catalog),
        total: 2,
        next: None,
    }
}

pub(super) fn examples() -> Vec<Catalogs> {
    let asked = Asked { part: "周".to_owned(), state: Some(FileState::Bound), ..Asked::default() };
    let empty =
        Catalogs { asked: asked.clone(), rows: Vec::new(), total: 0, ..usual(Catalog::Archive) };
    let read_as = ReadAs {
        all: vec!["zgl".to_owned()],
        not: vec!["停保".to_owned()],
        fields: vec!["类型:收入证明".to_owned()],
        notes: vec!["也列出近似「zgl」的：「周桂兰」（读音相合）。".to_owned()],
        ..ReadAs::default()
    };
    let words = "zgl 类型:收入证明 -停保".to_owned();
    let read = Catalogs {
        asked: Asked { part: words, ..Asked::default() },
        read_as: Some(read_as),
        ..usual(Catalog::Hardship)
    };
    let refused = Refused {
        message: "档案检索目录没有一栏可以查「金额:>500」。".to_owned(),
        hint: "去掉它，或者在纸面上查。".to_owned(),
        before: String::new(),
        at: "金额:>500".to_owned(),
        after: String::new(),
    };
    let refused = Catalogs {
        asked: Asked { part: "金额:>500".to_owned(), ..Asked::default() },
        refused: Some(refused),
        rows: Vec::new(),
        total: 0,
        ..usual(Catalog::Archive)
    };
    let many = rows(Catalog::Hardship).into_iter().cycle().take(50).collect();
    let extreme = Catalogs {
        frame: Frame::extreme(),
        asked: Asked { sort: Order::Head, ..asked },
        rows: many,
        total: 1_000_000,
        next: Some("周桂兰~99010200300400127".to_owned()),
        ..usual(Catalog::Hardship)
    };
    let mut all: Vec<Catalogs> = Catalog::ALL.into_iter().map(usual).collect();
    all.extend([empty, read, refused, extreme]);
    all
}

pub(super) fn printed() -> Vec<CatalogPrint> {
    let print = |catalog, left_out| CatalogPrint {
        frame: Frame::sample(),
        catalog,
        asked: Asked::default(),
        rows: rows(catalog),
        left_out,
        printed: "2026-11-23 09:12".to_owned(),
    };
    vec![print(Catalog::Archive, 0), print(Catalog::Payment, 998)]
}
