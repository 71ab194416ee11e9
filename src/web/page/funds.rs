//! 资金台账: a year of the fund, its bookings, and what is asked back.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};

/// A year of the fund.
#[derive(Debug, Template)]
#[template(path = "funds.html")]
pub struct Funds {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why what is asked for cannot be, as a sentence.
    pub wrong: Option<String>,
    /// Which year.
    pub year: i16,
    /// Whether there is a year after it.
    pub has_next: bool,
    /// The organisation: its code or the beginning.
    pub organisation: String,
    /// The months in order.
    pub months: Vec<Month>,
    /// Their sum.
    pub sum: Month,
    /// The bookings, newest day first.
    pub bookings: Vec<Booking>,
    /// What is asked back, what is open first.
    pub recoveries: Vec<Recovery>,
    /// The form, with what was typed.
    pub form: Form,
}

/// A month of the ledger, in yuan.
#[derive(Debug, Clone, Default)]
pub struct Month {
    /// Such as `2026-12`.
    pub month: String,
    /// 上月结余, 拨入, 其他收入, 退回, 发放, 其他支出, 上缴.
    pub moved: [String; 7],
    /// 结余
    pub left: String,
    /// Whether less than nothing is left.
    pub is_short: bool,
    /// How high the bars of what came in and went out are: at most 46.
    pub bars: (u32, u32),
}

/// A booking.
#[derive(Debug, Clone)]
pub struct Booking {
    /// The entry that has it.
    pub entry: u64,
    /// The day.
    pub on: String,
    /// What it is.
    pub kind: String,
    /// Whose fund.
    pub organisation: String,
    /// In yuan.
    pub amount: String,
    /// 凭证号 or what it was for.
    pub words: String,
    /// Who booked it.
    pub by: String,
    /// Whether it counts; else it was taken back.
    pub counts: bool,
}

/// An amount that is asked back.
#[derive(Debug, Clone)]
pub struct Recovery {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// The months that were paid too much.
    pub months: String,
    /// In yuan.
    pub amount: String,
    /// What is still to come back, in yuan; empty when nothing is.
    pub open: String,
    /// Why.
    pub words: String,
}

/// What is to be booked.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The code of an organisation.
    pub organisation: String,
    /// The day.
    pub on: String,
    /// Its kind.
    pub kind: String,
    /// In yuan.
    pub amount: String,
    /// 凭证号
    pub words: String,
    /// The entry of a booking that was wrong, or empty.
    pub instead_of: String,
    /// The kinds there are: code and name.
    pub kinds: Vec<(String, String)>,
}

impl Funds {
    /// The first line.
    pub fn sentence(&self) -> String {
        let (left, lang) = (&self.sum.left, self.frame.lang);
        let first = match lang {
            Lang::Zh => format!("{}年专款结余{left}元。", self.year),
            Lang::En => format!("{}: {left} yuan of the fund are left.", self.year),
        };
        let short: Vec<&str> =
            self.months.iter().filter(|one| one.is_short).map(|one| one.month.as_str()).collect();
        match (short.as_slice(), lang) {
            ([], _) => first,
            ([month, ..], Lang::Zh) => {
                format!("{first}从{month}起出现负数：发出去的比拨进来的多，看看是不是漏记了拨款。")
            }
            ([month, ..], Lang::En) => format!(
                "{first} It is below zero from {month} on: more was paid than had come in; was \
                 something not booked?"
            ),
        }
    }

    /// The address of another year.
    pub fn at(&self, years: i16) -> String {
        let year = self.year.saturating_add(years).to_string();
        text::address("/fund", &[("year", &year), ("organisation", &self.organisation)])
    }

    /// The address of the ledger as a register, to print and to take along.
    pub fn register(&self, code: &str) -> String {
        let year = self.year.to_string();
        let fields = [("period", &year[..]), ("organisation", &self.organisation)];
        text::address(&format!("/registers/{code}"), &fields)
    }

    /// The columns of the ledger.
    pub fn columns(&self) -> [&'static str; 9] {
        [
            ("月份", "Month"),
            ("上月结余", "Before"),
            ("拨入", "Received"),
            ("其他收入", "Other in"),
            ("退回", "Came back"),
            ("发放", "Paid"),
            ("其他支出", "Other out"),
            ("上缴", "Returned"),
            ("结余", "Left"),
        ]
        .map(|(zh, en)| self.frame.lang.t(zh, en))
    }
}

super::page!(Funds, Some(Entry::Payments), keys::DUE, examples);

fn examples() -> Vec<Funds> {
    let zero = || "0.00".to_owned();
    let month = |month: &str, received: &str, paid: &str, left: &str, bars| Month {
        month: month.to_owned(),
        moved: [
            "12,300.00".to_owned(),
            received.to_owned(),
            zero(),
            "420.00".to_owned(),
            paid.to_owned(),
            zero(),
            zero(),
        ],
        left: left.to_owned(),
        is_short: left.starts_with('−'),
        bars,
    };
    let booking = |entry, counts, words: &str| Booking {
        entry,
        on: "2026-12-03".to_owned(),
        kind: "拨入".to_owned(),
        organisation: "青石区民政局".to_owned(),
        amount: "1,200,000.00".to_owned(),
        words: words.to_owned(),
        by: "何国平".to_owned(),
        counts,
    };
    let recovery = |head: &str, open: &str| Recovery {
        household: "99010200300400133".to_owned(),
        head: head.to_owned(),
        organisation: "槐荫里社区".to_owned(),
        months: "2026-09 — 2026-11".to_owned(),
        amount: "1,680.00".to_owned(),
        open: open.to_owned(),
        words: "就业后未及时报告".to_owned(),
    };
    let form = Form {
        organisation: "990102000000".to_owned(),
        on: "2026-12-18".to_owned(),
        kind: "received".to_owned(),
        kinds: vec![("received".to_owned(), "拨入".to_owned())],
        ..Form::default()
    };
    let page = |frame, months: Vec<Month>| Funds {
        frame,
        status: None,
        wrong: None,
        year: 2026,
        has_next: false,
        organisation: String::new(),
        sum: Month {
            month: "2026".to_owned(),
            ..month("", "2,400,000.00", "2,389,020.00", "23,700.00", (0, 0))
        },
        months,
        bookings: vec![booking(1210, true, "财社〔2026〕31号"), booking(1204, false, "记错了一位")],
        recoveries: vec![recovery("马素琴", "840.00"), recovery("林秀芳", "")],
        form: form.clone(),
    };
    let two = || {
        vec![
            month("2026-11", "1,200,000.00", "1,194,100.00", "18,620.00", (46, 45)),
            month("2026-12", "1,200,000.00", "1,194,920.00", "−320.00", (46, 45)),
        ]
    };
    vec![
        page(Frame::sample(), two()),
        Funds {
            bookings: Vec::new(),
            recoveries: Vec::new(),
            sum: Month { left: zero(), ..Month::default() },
            ..page(Frame::sample(), vec![Month { month: "2026-01".to_owned(), ..Month::default() }])
        },
        Funds {
            wrong: Some("2027-01-01还没有到。".to_owned()),
            bookings: vec![booking(9, true, &"长<b>".repeat(90))],
            recoveries: vec![recovery("阿卜杜勒艾则孜吾买尔江", "1.00")],
            ..page(Frame::extreme(), two())
        },
    ]
}
