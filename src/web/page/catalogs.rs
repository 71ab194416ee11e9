//! 检索目录: the three catalogs that records are looked up in by field.

mod sample;

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::search::{ReadAs, Refused};
use crate::model::file_state::FileState;
use crate::search::catalogs::{Asked, Catalog, Order, Row};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};

/// A part of a catalog.
#[derive(Debug, Template)]
#[template(path = "catalogs.html")]
pub struct Catalogs {
    /// The frame.
    pub frame: Frame,
    /// Which catalog.
    pub catalog: Catalog,
    /// By what it is narrowed, as it was typed.
    pub asked: Asked,
    /// How what was typed was read; none where nothing was.
    pub read_as: Option<ReadAs>,
    /// Why nothing was looked up.
    pub refused: Option<Refused>,
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: u64,
    /// Where the next part begins.
    pub next: Option<String>,
}

/// A catalog as it is printed: A4 landscape.
#[derive(Debug, Template)]
#[template(path = "catalogs_print.html")]
pub struct CatalogPrint {
    /// The frame.
    pub frame: Frame,
    /// Which catalog.
    pub catalog: Catalog,
    /// By what it is narrowed.
    pub asked: Asked,
    /// Every row.
    pub rows: Vec<Row>,
    /// How many more there are than are printed.
    pub left_out: u64,
    /// When it was printed, `YYYY-MM-DD HH:MM`.
    pub printed: String,
}

/// The names of the columns in a language.
fn columns(catalog: Catalog, lang: Lang) -> Vec<(&'static str, bool)> {
    let columns = catalog.columns().iter().enumerate();
    let name = |(zh, en): (&'static str, &'static str)| if lang == Lang::Zh { zh } else { en };
    columns.map(|(at, pair)| (name(*pair), catalog.is_number(at))).collect()
}

/// A value of a row, whether it is a number, and where it leads, or empty.
type Cell = (String, bool, String);

/// The cells of a row: the number of the household leads to its file, 档号 to its volume,
/// a value to the paper that proves it, or to where the roster is that says it.
fn cells(catalog: Catalog, lang: Lang, row: &Row) -> Vec<Cell> {
    let lead = |at: usize, value: &str| {
        let name = catalog.columns().get(at).map_or("", |(_, en)| en);
        let proof = row.proofs.iter().find(|proof| proof.column == at);
        match (name, proof) {
            _ if value.is_empty() => String::new(),
            ("Household no.", _) => format!("/household/{}", row.household),
            ("Reference code", _) if row.bound => format!("/volume/{}", row.household),
            (_, Some(proof)) => format!("/doc/{}", proof.document),
            // There its roster is taken along.
            ("By", None) if row.roster => format!("/household/{}", row.household),
            _ => String::new(),
        }
    };
    let read = |at: usize, value: &str| match catalog.is_amount(at) {
        true => text::stated_yuan(value),
        false => {
            let english = row.english.iter().find(|one| one.column == at);
            lang.t(value, english.map_or(value, |one| &one.value)).to_owned()
        }
    };
    let values = row.values.iter().enumerate();
    values.map(|(at, value)| (read(at, value), catalog.is_number(at), lead(at, value))).collect()
}

impl Catalogs {
    /// Its columns, each with whether it holds numbers.
    pub fn columns(&self) -> Vec<(&'static str, bool)> {
        columns(self.catalog, self.lang())
    }

    /// The cells of a row.
    pub fn cells(&self, row: &Row) -> Vec<Cell> {
        cells(self.catalog, self.lang(), row)
    }

    /// Address of a catalog with the same narrowing, below its path.
    pub fn address(&self, catalog: &Catalog, below: &str) -> String {
        self.narrowed(catalog, below, &self.asked)
    }

    fn narrowed(&self, catalog: &Catalog, below: &str, asked: &Asked) -> String {
        let path = format!("/catalogs/{}{below}", catalog.as_str());
        match asked.to_address().as_str() {
            "" => path,
            asked => format!("{path}?{asked}"),
        }
    }

    /// The orders, each with whether it is the present one, its name and address.
    pub fn orders(&self) -> Vec<(bool, &'static str, String)> {
        let order = |sort, zh, en| {
            let asked = Asked { sort, ..self.asked.clone() };
            let name = if self.lang() == Lang::Zh { zh } else { en };
            (self.asked.sort == sort, name, self.narrowed(&self.catalog, "", &asked))
        };
        vec![
            order(Order::Number, "按户号", "By number"),
            order(Order::Head, "按户主", "By head"),
            order(Order::Reference, "按档号", "By code"),
        ]
    }

    /// Address of the next part.
    pub fn more(&self, next: &str) -> String {
        let address = self.address(&self.catalog, "");
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}after={}", text::query_value(next))
    }

    /// Other readings one click away, each with its address and name: several words as
    /// alternatives.
    pub fn again(&self, read_as: &ReadAs) -> Vec<(String, &'static str)> {
        let any = read_as.as_any().map(|part| {
            let asked = Asked { part, ..self.asked.clone() };
            let name = self.lang().t("改成任一即可", "Match any");
            (self.narrowed(&self.catalog, "", &asked), name)
        });
        any.into_iter().collect()
    }

    /// Address of a search of the papers with the same words.
    pub fn searching(&self) -> String {
        text::address("/search", &[("q", &self.asked.part)])
    }

    /// Whether a catalog is the one that is shown.
    pub fn is_this(&self, catalog: &Catalog) -> bool {
        self.catalog == *catalog
    }

    /// Address of the catalog without narrowing.
    pub fn plain(&self) -> String {
        format!("/catalogs/{}", self.catalog.as_str())
    }

    /// Address it is exported at.
    pub fn export(&self) -> String {
        format!("/catalogs/{}/export", self.catalog.as_str())
    }

    /// The order as a field of a form; empty for the usual one.
    pub fn sorted(&self) -> String {
        let fields = self.fields().into_iter();
        fields.filter(|(name, _)| name == "sort").map(|(_, value)| value).collect()
    }

    /// The states to choose from.
    pub fn states(&self) -> [FileState; 2] {
        FileState::ALL
    }

    /// The narrowing as fields of a form.
    pub fn fields(&self) -> Vec<(String, String)> {
        serde_html_form::from_str(&self.asked.to_address()).unwrap_or_default()
    }

    /// What the catalog does not hold yet, as a sentence.
    pub fn lacks(&self) -> &'static str {
        lacks(self.catalog, self.lang())
    }
}

fn lacks(catalog: Catalog, lang: Lang) -> &'static str {
    match catalog {
        Catalog::Archive => lang.t(
            "一户一卷，一卷一行；还没装订的户也列着，档号空着。",
            "One volume a household, one row a volume; households without one have no code.",
        ),
        Catalog::Hardship => lang.t(
            "记载的原因、收入和健康，点开是证明它的那一件；没有记载的空着。",
            "Cause, income and health as stated, each opens the paper that proves it.",
        ),
        Catalog::Payment => lang.t(
            "按最后一次决定、名册和银行回盘；还没有决定的，列公示、公布的人数和金额。",
            "By the last decision, rosters and banks; without a decision, what was put up.",
        ),
    }
}

impl CatalogPrint {
    /// Its columns, each with whether it holds numbers.
    pub fn columns(&self) -> Vec<(&'static str, bool)> {
        columns(self.catalog, self.lang())
    }

    /// The cells of a row.
    pub fn cells(&self, row: &Row) -> Vec<Cell> {
        cells(self.catalog, self.lang(), row)
    }

    /// What the catalog does not hold yet, as a sentence.
    pub fn lacks(&self) -> &'static str {
        lacks(self.catalog, self.lang())
    }
}

super::page!(Catalogs, Some(Entry::Search), keys::CATALOGS, sample::examples);
super::page!(CatalogPrint, Some(Entry::Search), keys::CATALOGS, sample::printed);
