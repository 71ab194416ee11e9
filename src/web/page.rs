//! A struct for every page, filled by handlers, drawn by templates.
//!
//! Pages hold plain values only. Each knows [`samples`](Page::samples) of itself:
//! an ordinary one, an empty one, an extreme one. One test draws every sample in
//! both languages; `cargo run --example pages` writes them out to be looked at.

pub mod audit;
pub mod catalogs;
pub mod check;
pub mod checks;
pub mod correct;
pub mod doubtful;
pub mod drawing;
pub mod encryption;
pub mod entry;
pub mod error;
pub mod family;
pub mod frame;
pub mod funds;
pub mod history;
pub mod household;
pub mod households;
pub mod intake;
pub mod jobs;
pub mod keying;
pub mod kinship;
pub mod kiosk;
pub mod lending;
pub mod me;
pub mod missing;
pub mod notices;
pub mod numbers;
pub mod overview;
pub mod part;
pub mod payments;
pub mod people;
pub mod reason;
pub mod recoveries;
pub mod registers;
pub mod reviews;
pub mod seal;
pub mod search;
pub mod signin;
pub mod standards;
pub mod statistics;
pub mod suggest;
pub mod uses;
pub mod viewer;
pub mod volume;
pub mod volumes;

#[cfg(test)]
mod tests;

use super::keys::Key;
use super::lang::Lang;
pub use crate::model::access::Right;
use frame::{Entry, Frame};
use std::borrow::Borrow;

/// What every page answers; implemented by the macro below.
pub trait Page: askama::Template + Sized {
    /// The rail entry shown as current; `None` when the page belongs to none.
    const ENTRY: Option<Entry>;
    /// The keys of this screen, beside those that work everywhere.
    const KEYS: &'static [&'static Key];

    /// The frame the page is drawn in.
    fn frame(&self) -> &Frame;

    /// The frame, to be changed.
    fn frame_mut(&mut self) -> &mut Frame;

    /// Examples of the page: ordinary, empty, extreme.
    fn samples() -> Vec<Self>;

    /// The language of the page.
    fn lang(&self) -> Lang {
        self.frame().lang
    }

    /// The word of the page's language.
    fn t<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.lang().t(zh, en)
    }

    /// A number with its unit, as [`Lang::count`].
    fn count(&self, n: impl Borrow<u64>, zh: &str, one: &str, many: &str) -> String {
        self.lang().count(n, zh, one, many)
    }

    /// Whether a rail entry is the current one.
    fn is_current(&self, entry: &Entry) -> bool {
        Self::ENTRY == Some(*entry)
    }
}

/// Implements [`Page`] for a struct with a field `frame`, given its rail entry, its
/// keys and the function that makes its samples.
macro_rules! page {
    ($page:ty, $entry:expr, $keys:expr, $samples:path) => {
        impl $crate::web::page::Page for $page {
            const ENTRY: Option<$crate::web::page::frame::Entry> = $entry;
            const KEYS: &'static [&'static $crate::web::keys::Key] = $keys;

            fn frame(&self) -> &$crate::web::page::frame::Frame {
                &self.frame
            }

            fn frame_mut(&mut self) -> &mut $crate::web::page::frame::Frame {
                &mut self.frame
            }

            fn samples() -> Vec<Self> {
                $samples()
            }
        }
    };
}
pub(crate) use page;

/// One drawn sample: file name, language, HTML.
#[derive(Debug)]
pub struct Drawn {
    /// `name-number-language`, e.g. `search-2-zh`.
    pub name: String,
    /// The whole page.
    pub html: String,
    /// The language it is drawn in.
    pub lang: Lang,
}

/// Draws every sample of every page in both languages.
///
/// # Errors
/// When a template fails to draw.
pub fn gallery() -> askama::Result<Vec<Drawn>> {
    let mut drawn = Vec::new();
    draw::<overview::Overview>("overview", &mut drawn)?;
    draw::<intake::Intake>("intake", &mut drawn)?;
    draw::<search::Search>("search", &mut drawn)?;
    draw::<catalogs::Catalogs>("catalogs", &mut drawn)?;
    draw::<catalogs::CatalogPrint>("print-catalog", &mut drawn)?;
    draw::<households::Households>("households", &mut drawn)?;
    draw::<household::Household>("household", &mut drawn)?;
    draw::<reason::ReasonPage>("reason", &mut drawn)?;
    draw::<numbers::Numbers>("numbers", &mut drawn)?;
    draw::<volumes::Volumes>("volumes", &mut drawn)?;
    draw::<volume::Volume>("volume", &mut drawn)?;
    draw::<volume::VolumePrint>("print", &mut drawn)?;
    draw::<viewer::Viewer>("viewer", &mut drawn)?;
    draw::<doubtful::Doubtful>("doubtful", &mut drawn)?;
    draw::<correct::Correct>("correct", &mut drawn)?;
    draw::<audit::Audit>("audit", &mut drawn)?;
    draw::<entry::EntryPage>("entry", &mut drawn)?;
    draw::<history::History>("history", &mut drawn)?;
    draw::<check::Check>("check", &mut drawn)?;
    draw::<seal::SealPrint>("print-seal", &mut drawn)?;
    draw::<uses::UsesPage>("uses", &mut drawn)?;
    draw::<uses::UsesPrint>("print-uses", &mut drawn)?;
    draw::<jobs::Jobs>("jobs", &mut drawn)?;
    draw::<signin::SignIn>("signin", &mut drawn)?;
    draw::<signin::SecondStep>("signin-second", &mut drawn)?;
    draw::<signin::WithCode>("signin-code", &mut drawn)?;
    draw::<signin::Going>("signin-going", &mut drawn)?;
    draw::<me::Me>("me", &mut drawn)?;
    draw::<me::Setup>("me-setup", &mut drawn)?;
    draw::<me::Codes>("me-codes", &mut drawn)?;
    draw::<people::People>("people", &mut drawn)?;
    draw::<people::Person>("person", &mut drawn)?;
    draw::<people::Organisations>("organisations", &mut drawn)?;
    draw::<encryption::Encryption>("encryption", &mut drawn)?;
    draw::<lending::Lendings>("lendings", &mut drawn)?;
    draw::<lending::one::Lending>("lending", &mut drawn)?;
    draw::<lending::ask::Ask>("lending-ask", &mut drawn)?;
    draw::<lending::read::Lent>("lending-read", &mut drawn)?;
    draw::<lending::register::Register>("lending-register", &mut drawn)?;
    draw::<lending::effects::Effects>("lending-effects", &mut drawn)?;
    draw::<lending::certificate::Certificate>("print-certificate", &mut drawn)?;
    draw::<notices::Notices>("notices", &mut drawn)?;
    draw::<notices::Sheet>("print-notices", &mut drawn)?;
    draw::<family::FamilyPage>("family", &mut drawn)?;
    draw::<reviews::Reviews>("reviews", &mut drawn)?;
    draw::<reviews::VisitSheet>("print-reviews", &mut drawn)?;
    draw::<missing::MissingPage>("missing", &mut drawn)?;
    draw::<payments::Payments>("payments", &mut drawn)?;
    draw::<payments::SignOff>("print-payments", &mut drawn)?;
    draw::<standards::Standards>("standards", &mut drawn)?;
    draw::<funds::Funds>("fund", &mut drawn)?;
    draw::<recoveries::Recoveries>("recoveries", &mut drawn)?;
    draw::<missing::Reminder>("print-missing", &mut drawn)?;
    draw::<kiosk::Kiosk>("kiosk", &mut drawn)?;
    draw::<registers::Registers>("registers", &mut drawn)?;
    draw::<registers::RegisterRow>("register-row", &mut drawn)?;
    draw::<registers::RegisterPrint>("print-register", &mut drawn)?;
    draw::<registers::SignSheet>("print-sheet", &mut drawn)?;
    draw::<error::ErrorPage>("error", &mut drawn)?;
    draw::<keying::Keying>("keying", &mut drawn)?;
    draw::<keying::Versions>("keyed", &mut drawn)?;
    draw::<keying::Offers>("keyed-facts", &mut drawn)?;
    draw::<checks::Checks>("checks", &mut drawn)?;
    draw::<checks::Findings>("findings", &mut drawn)?;
    draw::<statistics::StatisticsPage>("statistics", &mut drawn)?;
    draw::<statistics::StatisticsPrint>("print-statistics", &mut drawn)?;
    draw::<statistics::StatisticsList>("statistics-list", &mut drawn)?;
    Ok(drawn)
}

fn draw<P: Page>(name: &str, drawn: &mut Vec<Drawn>) -> askama::Result<()> {
    for lang in [Lang::Zh, Lang::En] {
        for (i, mut page) in P::samples().into_iter().enumerate() {
            page.frame_mut().lang = lang;
            let html = page.render()?;
            drawn.push(Drawn { name: format!("{name}-{}-{}", i + 1, lang.code()), html, lang });
        }
    }
    Ok(())
}
