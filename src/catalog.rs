//! 目录: the projection of the log in SQL, by noun.
//!
//! [`apply()`] is the only place where an act becomes rows; the live path and
//! the rebuild call the same one. Everything else here reads, or keeps what is
//! expendable: jobs, readings, the feed of the index.

mod apply;
pub mod books;
pub mod cases;
pub mod chains;
pub mod clock;
pub mod corrections;
pub mod destroyed;
pub mod destructions;
pub mod documents;
pub mod draws;
pub mod due;
pub mod dump;
pub mod effects;
pub mod entries;
pub mod evidence;
pub mod facts;
pub mod failures;
pub mod feed;
pub mod funds;
pub mod guests;
pub mod half_ways;
pub mod households;
pub mod id_digests;
pub mod invitations;
pub mod jobs;
pub mod keyed;
pub mod keying_drafts;
pub mod keys;
pub mod kinship;
pub mod leases;
pub mod lendings;
pub mod looks;
pub mod notices;
pub mod organisations;
pub mod owed;
pub mod payments;
pub mod people;
pub mod provider_accounts;
pub mod published;
pub mod readings;
mod receiving;
pub mod registers;
pub mod retrieval;
pub mod saved_searches;
pub mod second_factors;
pub mod sessions;
pub mod settings;
pub mod standards;
pub mod statistics;
pub mod sweeps;
pub mod tokens;
mod unbound;
pub mod volumes;
pub mod witnesses;

pub use self::apply::{ApplyError, Refusal, apply};

use crate::args;
use crate::db::{DbError, Tx};

/// Empties every table that is made from the log or the store, the expendable ones too. Looks
/// that wait to be published stay, and what is nowhere else: how people come in, their drafts and
/// saved searches.
///
/// # Errors
/// When the database refuses.
pub async fn clear(tx: &mut Tx) -> Result<(), DbError> {
    for sql in [
        "DELETE FROM setting",
        "DELETE FROM entry",
        "DELETE FROM organisation",
        "DELETE FROM household",
        "DELETE FROM member",
        "DELETE FROM fact",
        "DELETE FROM present_fact",
        "DELETE FROM case_file",
        "DELETE FROM case_step",
        "DELETE FROM owed",
        "DELETE FROM benefit",
        "DELETE FROM payment",
        "DELETE FROM bank_return",
        "DELETE FROM bank_paid",
        "DELETE FROM standard",
        "DELETE FROM booking",
        "DELETE FROM recovery",
        "DELETE FROM settlement",
        "DELETE FROM id_digest",
        "DELETE FROM document",
        "DELETE FROM document_file",
        "DELETE FROM blob",
        "DELETE FROM volume",
        "DELETE FROM correction",
        "DELETE FROM destroyed",
        "DELETE FROM destruction",
        "DELETE FROM batch",
        "DELETE FROM bodies",
        "UPDATE tree SET size = 0, frontier = ''",
        "DELETE FROM job",
        "DELETE FROM reading",
        "DELETE FROM doubtful_page",
        "DELETE FROM feed",
        "DELETE FROM witness",
        "DELETE FROM sweep",
        "DELETE FROM published",
        "DELETE FROM remade",
        // A look that waits is nowhere else.
        "DELETE FROM look WHERE no IS NOT NULL",
        "DELETE FROM look_batch",
        "UPDATE look_tree SET size = 0, frontier = ''",
        "DELETE FROM look_reason",
        "DELETE FROM access_seal",
        "DELETE FROM person",
        "DELETE FROM person_name",
        "DELETE FROM lending",
        "DELETE FROM lending_step",
        "DELETE FROM lending_effect",
        "DELETE FROM notice",
        "DELETE FROM keyed",
        "DELETE FROM register_row",
        "DELETE FROM register_line",
        "DELETE FROM draw_order",
        "DELETE FROM evidence_file",
        "DELETE FROM evidence",
        "DELETE FROM closed_finding",
        "DELETE FROM household_link",
        "DELETE FROM moved_person",
    ] {
        tx.run(sql, args![]).await?;
    }
    Ok(())
}
