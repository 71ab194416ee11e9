//! What filters and counts need of every document, kept in memory.
//!
//! The pages of a document lie side by side in one segment, because the writer hands them over in
//! one batch and merging keeps the order. So a table of a segment is a list of documents and, for
//! each page, its place in that list: grouping pages is a walk, and what belongs to the document is
//! looked at once and not once for each page. About 4 bytes a page and 56 a document.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

use crate::Error;
use crate::filter::Band;
use crate::order::natural;
use crate::schema::Fields;

/// What documents are counted by, in the order of [`Row::labels`].
pub(crate) const TYPE: usize = 0;
pub(crate) const YEAR: usize = 1;
pub(crate) const HOUSEHOLD: usize = 2;
pub(crate) const ORGANISATION: usize = 3;
pub(crate) const STATE: usize = 4;
pub(crate) const BAND: usize = 5;
pub(crate) const STANDING: usize = 6;
pub(crate) const CATEGORY: usize = 7;
/// How many things documents are counted by.
pub(crate) const COUNTED: usize = 8;
/// By reference code they are sorted and not counted.
pub(crate) const REFERENCE: usize = COUNTED;

/// One document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) document: u64,
    /// YYYYMMDD, 0 for none.
    pub(crate) date: u32,
    /// Its place in the volume, from 1; 0 while it is not bound.
    pub(crate) place: u32,
    /// Numbers of its type, year, household, organisation, state, confidence, standing, category and
    /// reference code in [`Labels`].
    pub(crate) labels: [u32; COUNTED + 1],
}

/// The documents of one segment.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) documents: Vec<Row>,
    /// For each page the place of its document in `documents`.
    pub(crate) of_page: Vec<u32>,
}

/// Names by number, for each thing documents are counted by. Number 0 is the empty name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Labels {
    kinds: [Names; COUNTED + 1],
}

#[derive(Debug, Clone)]
pub(crate) struct Names {
    list: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    /// The numbers in the order of their names as reference codes, and for each number its place
    /// there; made when it is asked for.
    sorted: OnceLock<(Vec<u32>, Vec<u32>)>,
}

impl Default for Names {
    fn default() -> Self {
        let none: Arc<str> = Arc::from("");
        let numbers = HashMap::from([(none.clone(), 0)]);
        Names { list: vec![none], numbers, sorted: OnceLock::new() }
    }
}

impl Names {
    /// All names in the order of their numbers.
    pub(crate) fn list(&self) -> &[Arc<str>] {
        &self.list
    }

    /// For each number whether its name passes; the empty name never does.
    pub(crate) fn those(&self, passes: impl Fn(&str) -> bool) -> Vec<bool> {
        self.list.iter().map(|name| !name.is_empty() && passes(name)).collect()
    }

    /// The number of `name`, if any document has it.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The place of a number among all names in order: even, and 0 for the empty name.
    pub(crate) fn place_of(&self, number: u32) -> u32 {
        self.sorted().1.get(number as usize).map_or(0, |place| place * 2)
    }

    /// The place of a name: that of its number, or between those of its neighbours when no
    /// document has it any more.
    pub(crate) fn place(&self, name: &str) -> u32 {
        if let Some(number) = self.number(name) {
            return self.place_of(number);
        }
        let before = |number: &u32| natural(&self.list[*number as usize]) < natural(name);
        let smaller = self.sorted().0.partition_point(before) as u32;
        (smaller * 2).saturating_sub(1)
    }

    fn sorted(&self) -> &(Vec<u32>, Vec<u32>) {
        self.sorted.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.list.len() as u32).collect();
            order.sort_unstable_by(|a, b| {
                natural(&self.list[*a as usize]).cmp(&natural(&self.list[*b as usize]))
            });
            let mut places = vec![0; order.len()];
            for (place, number) in (0..).zip(&order) {
                places[*number as usize] = place;
            }
            (order, places)
        })
    }
}

impl Labels {
    /// The names of one kind.
    pub(crate) fn kind(&self, kind: usize) -> &Names {
        &self.kinds[kind]
    }
}

/// Makes the tables, and keeps those of segments that stay.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    tables: HashMap<SegmentId, Arc<Table>>,
    labels: Arc<Labels>,
}

impl Rows {
    /// The tables of the searcher's segments, in their order, and the names they refer to.
    pub(crate) fn of(
        &mut self,
        searcher: &Searcher,
        fields: &Fields,
    ) -> Result<(Vec<Arc<Table>>, Arc<Labels>), Error> {
        let mut kept = HashMap::new();
        let mut tables = Vec::new();
        for reader in searcher.segment_readers() {
            let id = reader.segment_id();
            let table = match self.tables.get(&id) {
                Some(table) => table.clone(),
                None => Arc::new(self.read(searcher, reader, fields)?),
            };
            kept.insert(id, table.clone());
            tables.push(table);
        }
        self.tables = kept;
        Ok((tables, self.labels.clone()))
    }

    fn read(
        &mut self,
        searcher: &Searcher,
        reader: &SegmentReader,
        fields: &Fields,
    ) -> Result<Table, Error> {
        let name = |field| searcher.schema().get_field_name(field);
        let numbers = |field| reader.fast_fields().column_first_or_default::<u64>(name(field));
        let (documents, dates) = (numbers(fields.document)?, numbers(fields.date)?);
        let (places, confidences) = (numbers(fields.place)?, numbers(fields.confidence)?);
        let types = self.column(reader, Some(name(fields.type_code)), TYPE)?;
        let households = self.column(reader, Some(name(fields.household)), HOUSEHOLD)?;
        let organisations = self.column(reader, Some(name(fields.organisation)), ORGANISATION)?;
        let states = self.column(reader, Some(name(fields.state)), STATE)?;
        let standings = self.column(reader, fields.standing.map(name), STANDING)?;
        let categories = self.column(reader, fields.category.map(name), CATEGORY)?;
        let references = self.column(reader, Some(name(fields.reference)), REFERENCE)?;

        let mut table = Table::default();
        for page in 0..reader.max_doc() {
            let document = documents.get_val(page);
            if table.documents.last().is_none_or(|last| last.document != document) {
                let date = u32::try_from(dates.get_val(page)).unwrap_or(0);
                let year = match date / 10_000 {
                    0 => 0,
                    year => self.number(YEAR, &format!("{year:04}")),
                };
                let confidence = u16::try_from(confidences.get_val(page)).unwrap_or(0);
                let band = self.number(BAND, Band::of(confidence).as_str());
                let place = u32::try_from(places.get_val(page)).unwrap_or(0);
                let labels = [
                    types(page),
                    year,
                    households(page),
                    organisations(page),
                    states(page),
                    band,
                    standings(page),
                    categories(page),
                    references(page),
                ];
                table.documents.push(Row { document, date, place, labels });
            }
            table.of_page.push(table.documents.len() as u32 - 1);
        }
        Ok(table)
    }

    /// A function from page to label number, for one column of names; a former index may lack it.
    fn column(
        &mut self,
        reader: &SegmentReader,
        name: Option<&str>,
        kind: usize,
    ) -> Result<impl Fn(u32) -> u32 + use<>, Error> {
        let column = name.map(|name| reader.fast_fields().str(name)).transpose()?.flatten();
        let mut numbers = Vec::new();
        if let Some(column) = &column {
            let mut text = String::new();
            for ord in 0..column.num_terms() as u64 {
                text.clear();
                column.ord_to_str(ord, &mut text)?;
                numbers.push(self.number(kind, &text));
            }
        }
        Ok(move |page| {
            let ord = column.as_ref().and_then(|column| column.ords().first(page));
            ord.and_then(|ord| numbers.get(ord as usize).copied()).unwrap_or(0)
        })
    }

    fn number(&mut self, kind: usize, name: &str) -> u32 {
        if let Some(number) = self.labels.kinds[kind].number(name) {
            return number;
        }
        // Copies the names once when a view still uses them.
        let names = &mut Arc::make_mut(&mut self.labels).kinds[kind];
        let name: Arc<str> = Arc::from(name);
        let number = names.list.len() as u32;
        names.list.push(name.clone());
        names.numbers.insert(name, number);
        names.sorted = OnceLock::new();
        number
    }
}
