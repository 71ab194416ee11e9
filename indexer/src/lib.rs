//! Full text of scanned pages: any run of characters that stands on a page is found.
//!
//! One index document per page, hits grouped by the document the page belongs to. The crate knows
//! its own types and its own folder, nothing of the archive; whoever feeds it decides what a
//! document is and may throw the folder away and feed it again.
//!
//! How the parts hang together, in reading order:
//!
//! | file | holds |
//! |---|---|
//! | [`PageEntry`] (`entry.rs`) | what is put in |
//! | `normalise.rs` | text as it is compared, with the way back to the original characters |
//! | `script.rs` | traditional characters as the simplified ones |
//! | `analysis.rs`, `analysis/` | grams for certainty, words for ranking; their tantivy form |
//! | `values.rs`, `values/` | days and amounts, whatever form they are written in |
//! | `alternatives.rs` | what the recogniser also thought of |
//! | `keyed.rs` | values that people keyed from a page, by field |
//! | `sounds.rs`, `look_alikes.rs` | how names sound; what is read for what |
//! | `schema.rs`, `version.rs` | the fields; the version written beside the index |
//! | `index.rs`, `writer.rs` | opening, committing, seeing commits |
//! | `indexes.rs` | the former index answers while this one is filled |
//! | `rows.rs` | what filters and counts need of every document, in memory |
//! | `query.rs`, `query/` | the query as a tree, from text, and told back |
//! | `settle.rs` | what a term can be found as on this index |
//! | `compile.rs`, `among.rs`, `tiers.rs`, `forward.rs` | the tree in tantivy's terms |
//! | `standing.rs` | whether a run stands on a page or in a label of its document alone |
//! | `kin.rs` | the households that have every term itself |
//! | `filter.rs`, `collect.rs`, `search.rs` | who may be seen; one walk over the matches; the answer |
//! | `order.rs`, `beside.rs`, `chain.rs` | in which order, and where a part begins; what stands beside a document; within what was found |
//! | `more_like.rs` | documents that share the rarest words of one |
//! | `suggest.rs`, `spelling.rs` | names while they are typed, in characters or letters |
//! | `marks.rs`, `highlight.rs` | what of the query stands on a page, and the piece of text to show |
//!
//! # Why it is exact
//!
//! A page is compared as the sequence of its characters after folding (`normalise.rs`):
//! blanks and line ends dropped, letters in lower case, full and half width, traditional and simplified made equal. Every pair
//! of neighbouring characters is a term with its position, so a run of two or more characters
//! stands on a page exactly when pairs that cover it stand at the right distances: a phrase query,
//! with no false hit and none missed. A single character is a term of a second field. Four
//! letters or digits in a row are one term more, because there are only a hundred pairs of digits
//! and a number of eighteen digits would otherwise be the slowest question of all.
//!
//! Words (jieba) are used to rank, never to decide: a word list does not know every name, and cuts
//! the same characters differently in different company. A gram that is a word where it stands
//! counts twice, one in a title three times. That puts the whole ranking into the term's own
//! frequency, so a run is one question to the engine and not one for each way of counting. A page
//! that has a run in its title, head or household number alone comes after those on which it stands
//! (`standing.rs`).
//!
//! # What is found although it is not there
//!
//! A scan is read with mistakes, and names are typed with some. What counts for a term without being
//! it stands below every page on which all terms are (`tiers.rs`), by steps: what the recogniser also
//! thought of, what looks like it, and, when there is nothing of these, what sounds so or has one
//! character off. The answer says what was read for what, and how many documents are near only.
//! In quotes, and where something must not occur, a run is exactly that run.

mod alternatives;
mod among;
mod analysis;
mod beside;
mod chain;
mod collect;
mod compile;
mod entry;
mod error;
mod filter;
mod forward;
mod highlight;
mod index;
mod indexes;
mod keyed;
mod kin;
mod look_alikes;
mod marks;
mod more_like;
mod normalise;
mod order;
mod query;
mod rows;
mod schema;
mod script;
mod search;
mod settle;
mod sounds;
mod spelling;
mod standing;
mod suggest;
mod tiers;
mod values;
mod version;
mod writer;

pub use collect::{Facets, Window};
pub use entry::{PageEntry, Sign};
pub use error::Error;
pub use filter::{Band, Filter};
pub use highlight::Snippet;
pub use index::{Index, Setup};
pub use indexes::Indexes;
pub use keyed::{KeyedHit, KeyedValue};
pub use more_like::Alike;
pub use normalise::folded;
pub use order::{Cursor, Order, Sort};
pub use query::bounds::Bounds;
pub use query::field::{Field, FieldTerm};
pub use query::near::{Near, Why};
pub use query::read_as::ReadAs;
pub use query::syntax::{Flaw, SyntaxError};
pub use query::{Query, Term};
pub use search::{Answer, DocumentHit, PageHit};
pub use spelling::is_spelled;
pub use suggest::{Name, Names};
pub use writer::{Budget, Writer};
