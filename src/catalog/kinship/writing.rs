//! The rows of a split or merge: the new household, the values of who moved, the link.

use std::collections::{BTreeMap, BTreeSet};

use crate::args;
use crate::catalog::apply::{ApplyError, Refusal};
use crate::catalog::facts::{self, WHOLE};
use crate::catalog::households::{self, Household};
use crate::db::{DbError, Tx};
use crate::model::codes::{household, member};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::kinship::{Kin, Linking, NewFile, Successor};

/// What is written of an act beside its link.
pub(super) struct Writing<'a> {
    pub(super) entry: EntryNo,
    pub(super) on: String,
    pub(super) document: i64,
    pub(super) author: &'a str,
    /// How many values were written.
    pub(super) written: i64,
    /// Whose values they are.
    pub(super) touched: BTreeSet<(String, i64, String)>,
}

/// A value as it is carried over.
pub(super) struct Carried {
    member: i64,
    field: String,
    value: String,
    from_day: String,
    proof: Option<i64>,
}

impl Writing<'_> {
    pub(super) fn stated(&self, member: i64, field: &str, value: &str) -> Carried {
        Carried {
            member,
            field: field.to_owned(),
            value: value.to_owned(),
            from_day: self.on.clone(),
            proof: Some(self.document),
        }
    }

    /// The remark stands with the link: who sees one household is not told of the other.
    pub(super) async fn write(
        &mut self,
        tx: &mut Tx,
        no: &HouseholdNo,
        one: Carried,
    ) -> Result<(), DbError> {
        tx.run(
            "INSERT INTO fact (entry, place, household, member, field, value, from_day, proof,
                               words, author, voided)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, NULL)",
            args![
                self.entry,
                self.written,
                no.as_str(),
                one.member,
                &one.field,
                &one.value,
                &one.from_day,
                one.proof,
                self.author,
            ],
        )
        .await?;
        self.written += 1;
        self.touched.insert((no.to_string(), one.member, one.field));
        Ok(())
    }
}

/// Writes the household that a split opens, with what it begins with.
pub(super) async fn open(
    tx: &mut Tx,
    writing: &mut Writing<'_>,
    no: &HouseholdNo,
    new: &NewFile,
) -> Result<(), ApplyError> {
    if households::exists(tx, no).await? {
        return Err(Refusal::HouseholdExists(no.clone()).into());
    }
    let organisation = no.organisation().to_string();
    tx.run(
        "INSERT INTO household (no, head, id_number, address, organisation, opened, volume,
                                last_entry)
         VALUES ($1, '', '', $2, $3, $4, $5, $4)",
        args![no.as_str(), &new.address, &organisation, writing.entry, &new.volume],
    )
    .await?;
    for (field, value) in [
        (household::HEAD, "0"),
        (household::ORGANISATION, organisation.as_str()),
        (household::ADDRESS, &new.address),
    ] {
        if !value.is_empty() {
            let fact = writing.stated(WHOLE, field, value);
            writing.write(tx, no, fact).await?;
        }
    }
    Ok(())
}

/// Whether what is known of a person goes along: not how the person is related to another
/// head, and not why the person left.
pub(super) fn of_person(field: &str) -> bool {
    !matches!(field, member::RELATION | member::LEFT)
}

/// Writes what is known of a household as a whole and goes along into the new one. Its
/// head and its community are its own, and so is an address that was given.
pub(super) async fn take_along(
    tx: &mut Tx,
    writing: &mut Writing<'_>,
    (from, to): (&HouseholdNo, &HouseholdNo),
    new: &NewFile,
) -> Result<(), DbError> {
    let goes = |field: &str| {
        let own = match field {
            household::HEAD | household::ORGANISATION => true,
            household::ADDRESS => !new.address.is_empty(),
            _ => false,
        };
        !own && new.along.iter().any(|one| one == field)
    };
    carry_over(tx, writing, (from, WHOLE), (to, WHOLE), goes).await
}

/// Writes who is the head of the household that is left, and how the others who stay are
/// related to that person.
pub(super) async fn succeed(
    tx: &mut Tx,
    writing: &mut Writing<'_>,
    no: &HouseholdNo,
    successor: &Successor,
) -> Result<(), DbError> {
    let head = writing.stated(WHOLE, household::HEAD, &successor.place.to_string());
    writing.write(tx, no, head).await?;
    let own = writing.stated(successor.place.into(), member::RELATION, "");
    writing.write(tx, no, own).await?;
    for one in &successor.relations {
        let relation = writing.stated(one.place.into(), member::RELATION, &one.relation);
        writing.write(tx, no, relation).await?;
    }
    Ok(())
}

/// Writes what is known of a person, or of the household, in the other one: what held on
/// the day from the day on, what was stated of later as it was, each with its proof; of
/// the fields that go along.
pub(super) async fn carry_over(
    tx: &mut Tx,
    writing: &mut Writing<'_>,
    (from, place): (&HouseholdNo, i64),
    (to, there): (&HouseholdNo, i64),
    goes: impl Fn(&str) -> bool,
) -> Result<(), DbError> {
    let known: Vec<(String, String, String, Option<i64>)> = tx
        .all(
            "SELECT field, value, from_day, proof FROM fact
             WHERE household = $1 AND member = $2 AND voided IS NULL
             ORDER BY from_day, entry, place",
            args![from.as_str(), place],
        )
        .await?;
    let (held, later): (Vec<_>, Vec<_>) = known
        .into_iter()
        .filter(|(field, ..)| goes(field))
        .partition(|(_, _, from_day, _)| *from_day <= writing.on);
    let mut last = BTreeMap::new();
    for (field, value, _, proof) in held {
        last.insert(field, (value, proof));
    }
    let on = writing.on.clone();
    let held = last
        .into_iter()
        .filter(|(_, (value, _))| !value.is_empty())
        .map(|(field, (value, proof))| (field, value, on.clone(), proof));
    for (field, value, from_day, proof) in held.chain(later) {
        let one = Carried { member: there, field, value, from_day, proof };
        writing.write(tx, to, one).await?;
    }
    Ok(())
}

pub(super) async fn settle(
    tx: &mut Tx,
    touched: &BTreeSet<(String, i64, String)>,
) -> Result<(), ApplyError> {
    let mut of: BTreeMap<&String, BTreeSet<(i64, String)>> = BTreeMap::new();
    for (household, member, field) in touched {
        of.entry(household).or_default().insert((*member, field.clone()));
    }
    for (household, touched) in of {
        let no: HouseholdNo = household.parse().map_err(|_| DbError::Corrupt(household.clone()))?;
        facts::settle(tx, &no, touched).await?;
    }
    Ok(())
}

pub(super) async fn write_link(
    tx: &mut Tx,
    writing: &Writing<'_>,
    said: &Linking,
    source: &Household,
    names: &[String],
) -> Result<(), DbError> {
    let was = if said.kind == Kin::Merge { source.state.as_str() } else { "" };
    tx.run(
        "INSERT INTO household_link (entry, kind, source, target, on_day, document, words, author,
                                     was, voided, why)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, '')",
        args![
            writing.entry,
            said.kind.as_str(),
            said.from.as_str(),
            said.to.as_str(),
            &writing.on,
            writing.document,
            &said.words,
            writing.author,
            was,
        ],
    )
    .await?;
    for ((one, name), place) in said.moved.iter().zip(names).zip(0_i64..) {
        tx.run(
            "INSERT INTO moved_person (entry, place, source_place, target_place, name)
             VALUES ($1, $2, $3, $4, $5)",
            args![writing.entry, place, i64::from(one.place), i64::from(one.to), name],
        )
        .await?;
    }
    Ok(())
}

/// Nobody lives under this number any more; the file stays, called by its last head.
pub(super) async fn close(tx: &mut Tx, no: &HouseholdNo, state: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM member WHERE household = $1", args![no.as_str()]).await?;
    let sql = "UPDATE household SET state = $2, review_due = '' WHERE no = $1";
    tx.run(sql, args![no.as_str(), state]).await?;
    Ok(())
}
