//! The fields of the index.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};

use tantivy::tokenizer::RAW_TOKENIZER_NAME;

use crate::analysis::tokens::Cut;
use crate::{Error, version};

/// The fields by name. One index document is one page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Number of the document.
    pub(crate) document: Field,
    /// Page number, kept to be handed back.
    pub(crate) page: Field,
    /// Text as it came, kept to be shown.
    pub(crate) text: Field,
    /// Names of the signs of the page.
    pub(crate) signs: Field,
    /// The same with their places, kept to be marked.
    pub(crate) sign_places: Field,
    /// Bytes of the caller.
    pub(crate) payload: Field,
    /// Single characters of text and labels (title, head, household number).
    pub(crate) chars: Field,
    /// Grams with positions of text and labels.
    pub(crate) grams: Field,
    /// Grams with a character that the recogniser also thought of, around the places where it did.
    pub(crate) near: Field,
    /// What people keyed, by field (see `keyed.rs`).
    pub(crate) keyed: Field,
    /// The same, each value kept to be marked.
    pub(crate) keyed_values: Field,
    /// Days and amounts of the text, whatever their form (see `values.rs`).
    pub(crate) values: Field,
    /// Amounts of the text in 分.
    pub(crate) amounts: Field,
    /// Sounds of the names of the document's persons (see `sounds.rs`).
    pub(crate) sounds: Field,
    /// Characters and grams of one label each.
    pub(crate) head: Field,
    pub(crate) title: Field,
    /// What the recogniser also thought of, kept to be marked.
    pub(crate) alternatives: Field,
    /// Date as the number YYYYMMDD, 0 for none.
    pub(crate) date: Field,
    /// What is filtered and counted by.
    pub(crate) type_code: Field,
    pub(crate) household: Field,
    pub(crate) organisation: Field,
    pub(crate) state: Field,
    /// Mean confidence of the reading in per mille.
    pub(crate) confidence: Field,
    /// Reference code of the volume and place in it, to sort by.
    pub(crate) reference: Field,
    pub(crate) place: Field,
    /// How the household stands, and its category; none in an index of version 5.
    pub(crate) standing: Option<Field>,
    pub(crate) category: Option<Field>,
}

impl Fields {
    /// The fields of an index by name.
    ///
    /// # Errors
    /// [`Error::OtherVersion`] when it lacks one that the oldest readable version has.
    pub(crate) fn of(schema: &Schema) -> Result<Self, Error> {
        let younger = |name| schema.get_field(name).ok();
        let field = |name| younger(name).ok_or_else(|| version::other("with other fields"));
        Ok(Fields {
            document: field("document")?,
            page: field("page")?,
            text: field("text")?,
            signs: field("signs")?,
            sign_places: field("sign_places")?,
            payload: field("payload")?,
            chars: field("chars")?,
            grams: field("grams")?,
            near: field("near")?,
            keyed: field("keyed")?,
            keyed_values: field("keyed_values")?,
            values: field("values")?,
            amounts: field("amounts")?,
            sounds: field("sounds")?,
            head: field("head")?,
            title: field("title")?,
            alternatives: field("alternatives")?,
            date: field("date")?,
            type_code: field("type_code")?,
            household: field("household")?,
            organisation: field("organisation")?,
            state: field("state")?,
            confidence: field("confidence")?,
            reference: field("reference")?,
            place: field("place")?,
            standing: younger("standing"),
            category: younger("category"),
        })
    }
}

/// The schema of this version.
pub(crate) fn schema() -> Schema {
    let mut builder = Schema::builder();
    let cut = |cut: Cut, option| {
        let indexing = TextFieldIndexing::default().set_tokenizer(cut.name());
        TextOptions::default().set_indexing_options(indexing.set_index_option(option))
    };
    let named = || {
        let indexing = TextFieldIndexing::default().set_tokenizer(RAW_TOKENIZER_NAME);
        let indexing = indexing.set_fieldnorms(false).set_index_option(IndexRecordOption::Basic);
        TextOptions::default().set_indexing_options(indexing)
    };
    let label = || cut(Cut::Label, IndexRecordOption::WithFreqsAndPositions);
    let fast = || TextOptions::default().set_fast(RAW_TOKENIZER_NAME);
    builder.add_u64_field("document", INDEXED | FAST);
    builder.add_u64_field("page", STORED);
    builder.add_text_field("text", STORED);
    builder.add_text_field("signs", named());
    builder.add_text_field("sign_places", STORED);
    builder.add_bytes_field("payload", STORED);
    builder.add_text_field("chars", cut(Cut::Chars, IndexRecordOption::WithFreqs));
    builder.add_text_field("grams", cut(Cut::Grams, IndexRecordOption::WithFreqsAndPositions));
    builder.add_text_field("near", cut(Cut::Grams, IndexRecordOption::WithFreqsAndPositions));
    builder.add_text_field("keyed", cut(Cut::Grams, IndexRecordOption::WithFreqsAndPositions));
    builder.add_text_field("keyed_values", STORED);
    builder.add_text_field("values", named());
    builder.add_u64_field("amounts", FAST);
    builder.add_text_field("sounds", named());
    builder.add_text_field("head", label());
    builder.add_text_field("title", label());
    builder.add_text_field("alternatives", STORED);
    builder.add_u64_field("date", FAST);
    builder.add_text_field("type_code", fast());
    builder.add_text_field("household", fast());
    builder.add_text_field("organisation", fast());
    builder.add_text_field("state", fast());
    builder.add_u64_field("confidence", FAST);
    builder.add_text_field("reference", fast());
    builder.add_u64_field("place", FAST);
    builder.add_text_field("standing", fast());
    builder.add_text_field("category", fast());
    builder.build()
}
