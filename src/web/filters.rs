//! The words templates use to write values: `{{ n|num }}`, `{{ no|short_no }}`.
//!
//! Each is one function of [`text`](super::text) made reachable from a template.

// The attribute writes public items of its own into this private module.
#![allow(unreachable_pub)]

use super::text;
use askama::Values;

/// A whole number with thousands marks.
#[askama::filter_fn]
pub(crate) fn num(n: &u64, _: &dyn Values) -> askama::Result<String> {
    let written = text::number(*n);
    Ok(written)
}

/// A size in bytes with its unit.
#[askama::filter_fn]
pub(crate) fn size(bytes: &u64, _: &dyn Values) -> askama::Result<String> {
    let written = text::size(*bytes);
    Ok(written)
}

/// A household number shortened to its last groups.
#[askama::filter_fn]
pub(crate) fn short_no(no: &str, _: &dyn Values) -> askama::Result<String> {
    let written = text::short_no(no);
    Ok(written)
}

/// A household number in full, in groups.
#[askama::filter_fn]
pub(crate) fn grouped_no(no: &str, _: &dyn Values) -> askama::Result<String> {
    let written = text::grouped_no(no);
    Ok(written)
}

/// A date as printed in catalogs.
#[askama::filter_fn]
pub(crate) fn compact_date(date: &str, _: &dyn Values) -> askama::Result<String> {
    let written = text::compact_date(date);
    Ok(written)
}

/// Month and day of a date.
#[askama::filter_fn]
pub(crate) fn month_day(date: &str, _: &dyn Values) -> askama::Result<String> {
    let written = text::month_day(date).to_owned();
    Ok(written)
}

/// The first 16 digits of a digest, in groups.
#[askama::filter_fn]
pub(crate) fn digest_head(hex: &str, _: &dyn Values) -> askama::Result<String> {
    let written = text::digest_head(hex);
    Ok(written)
}

/// A whole digest, in groups.
#[askama::filter_fn]
pub(crate) fn digest(hex: &str, _: &dyn Values) -> askama::Result<String> {
    let written = text::digest(hex);
    Ok(written)
}

/// An amount of yuan that is kept as text, with commas.
#[askama::filter_fn]
pub(crate) fn yuan(amount: &str, _: &dyn Values) -> askama::Result<String> {
    let written = text::stated_yuan(amount);
    Ok(written)
}

/// A page range, a dash when there is none.
#[askama::filter_fn]
pub(crate) fn page_range(range: &Option<(u64, u64)>, _: &dyn Values) -> askama::Result<String> {
    let written = text::pages(*range);
    Ok(written)
}
