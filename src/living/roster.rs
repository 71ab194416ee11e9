//! 花名册导入: opening the households of an existing roster. Bad rows are told with their
//! line and reason, and the others kept only if that is said.

mod kept;

use bytes::Bytes;
use futures::StreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use super::LivingError;
use crate::app::App;
use crate::catalog::Refusal;
use crate::catalog::{evidence, households};
use crate::filing::{self, FilingError, NewHousehold};
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Member;
use crate::model::id::{Digest, HouseholdNo, OrganisationCode};
use crate::model::roster_file::{self, Family, RosterSource};
use crate::model::table::{self, BadRow, BadRows, SheetError, Table};
use crate::record::RecordError;

pub use self::kept::{has_original, original};

/// How many households are opened at a time: acts that wait together are made durable
/// together.
const AT_ONCE: usize = 512;

/// A roster as it is given.
#[derive(Debug, Clone)]
pub struct GivenRoster {
    /// The community that gives numbers to households that have none of 17 digits.
    pub community: Option<OrganisationCode>,
    /// What is in it.
    pub bytes: Bytes,
    /// Keeps the households that are in order although others are not.
    pub partly: bool,
}

/// What became of a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RosterImported)]
pub struct Imported {
    /// How many households were opened.
    pub households: u64,
    /// One of them, by which the roster can be taken along again; none when none was.
    pub one: Option<HouseholdNo>,
    /// How many persons they have.
    pub persons: u64,
    /// How many numbers of 15 digits were made the 18 they became.
    pub converted: u64,
    /// How many cells have a formula, of which the last result was taken.
    pub formulas: u64,
    /// The rows that could not be taken in, at most 200.
    pub bad: Vec<BadRow>,
    /// How many of those there are.
    pub bad_total: u64,
    /// All of them, to be taken along.
    #[serde(skip)]
    pub every_bad: Vec<BadRow>,
}

/// Opens the households of a roster. `done` is told how many are open, of how many.
///
/// # Errors
/// When it is no roster, or the community is not the actor's.
pub async fn import(
    app: &App,
    actor: &Actor,
    given: GivenRoster,
    done: &(dyn Fn(u64, u64) + Sync),
) -> Result<Imported, LivingError> {
    actor.must(Right::File)?;
    let GivenRoster { community, bytes, partly } = given;
    let visible = scope(actor);
    let elsewhere = LivingError::Told {
        zh: "社区是本机构或下面的，代码12位。",
        en: "the community is the own organisation, or below it",
    };
    if community.as_ref().is_some_and(|code| !visible.covers(code.as_str())) {
        return Err(elsewhere);
    }
    let file = bytes.clone();
    let read = move || {
        let table = Table::read(&bytes, table::MOST_ROWS)?;
        let formulas = table.formulas;
        Ok::<_, SheetError>((roster_file::read(table)?, formulas))
    };
    let read = tokio::task::spawn_blocking(read).await.map_err(|_| SheetError::Text)?;
    let (roster_file::Read { families, mut bad, converted }, formulas) = read?;
    if families.is_empty() && bad.total == 0 {
        return Err(SheetError::Empty.into());
    }
    let mut tx = app.db.read().await?;
    let persons = evidence::persons(&mut tx, &visible).await?;
    let mut good = Vec::new();
    for family in families {
        let known = family.persons.iter().find(|one| {
            app.lookup.digest(&one.id_number).is_some_and(|digest| persons.contains_key(&digest))
        });
        let first = family.persons.first().map_or(0, |one| one.line);
        match (&family.number, known) {
            (_, Some(one)) => bad.add(one.line, "身份证号已经在另一户".to_owned()),
            (Some(no), _) if !visible.covers(no.organisation().as_str()) => {
                bad.add(first, "户号不是本机构的".to_owned());
            }
            (Some(no), _) if households::exists(&mut tx, no).await? => {
                bad.add(first, "这个户号已经立户".to_owned());
            }
            (None, _) if community.is_none() => {
                bad.add(first, "没有17位户号，也没有说是哪个社区".to_owned());
            }
            _ => good.push(family),
        }
    }
    let mut serial = match &community {
        Some(code) => households::next_serial(&mut tx, code.as_str()).await?,
        None => 0,
    };
    drop(tx);
    let mut imported = Imported { converted, formulas, ..Imported::default() };
    if bad.total == 0 || partly {
        let total = good.len() as u64;
        let mut numbered = Vec::new();
        for family in good {
            let no = match (&family.number, &community) {
                (Some(no), _) => Some(no.clone()),
                (None, Some(code)) => {
                    serial += 1;
                    format!("{code}{:05}", serial - 1).parse().ok()
                }
                (None, None) => None,
            };
            numbered.push((family, no));
        }
        done(0, total);
        let community = community.as_ref();
        // 原件 is durable before a household says that it stands in it.
        let source = RosterSource {
            file: Digest::of(&file),
            bytes: file.len() as u64,
            mime: table::mime(&file).to_owned(),
            line: 0,
        };
        if !numbered.is_empty() {
            app.vault.put(file).await?;
        }
        let opening = numbered.into_iter().map(|(family, no)| {
            let line = family.persons.first().map_or(0, |one| one.line);
            let source = RosterSource { line, ..source.clone() };
            open(app, actor, community, (family, no), source)
        });
        let mut opening = futures::stream::iter(opening).buffered(AT_ONCE);
        while let Some(opened) = opening.next().await {
            match opened? {
                Ok((no, persons)) => {
                    imported.households += 1;
                    imported.persons += persons;
                    imported.one.get_or_insert(no);
                    done(imported.households, total);
                }
                Err(bad_row) => bad.add(bad_row.line, bad_row.reason),
            }
        }
    }
    let BadRows { told, total, every } = bad;
    (imported.bad, imported.bad_total, imported.every_bad) = (told, total, every);
    Ok(imported)
}

/// Opens a household under its number, or the next free one of the community. Returns its
/// number and how many persons it has, or why it could not be opened.
async fn open(
    app: &App,
    actor: &Actor,
    community: Option<&OrganisationCode>,
    (family, no): (Family, Option<HouseholdNo>),
    source: RosterSource,
) -> Result<Result<(HouseholdNo, u64), BadRow>, LivingError> {
    let has_number = family.number.is_some();
    let count = family.persons.len() as u64;
    let mut persons = family.persons.into_iter();
    let line = source.line;
    let head = persons.next();
    let new = NewHousehold {
        head: head.as_ref().map(|one| one.name.clone()).unwrap_or_default(),
        id_number: head.map(|one| one.id_number).unwrap_or_default(),
        address: family.address,
        members: persons
            .map(|one| Member { name: one.name, relation: one.relation, id_number: one.id_number })
            .collect(),
    };
    let told = |reason: &str| Ok(Err(BadRow { line, reason: reason.to_owned() }));
    let Some(no) = no else { return told("社区的户号用完了") };
    let source = Some(source);
    let opened = filing::open_listed(app, actor, &no, new.clone(), source.clone()).await;
    match (opened, community) {
        (Ok(_), _) => Ok(Ok((no, count))),
        (Err(FilingError::Head), _) => told("户主姓名不对"),
        (Err(FilingError::Record(RecordError::Refused(Refusal::HouseholdExists(_)))), code) => {
            // Somebody else took the number meanwhile; the next one is free.
            match code.filter(|_| !has_number) {
                None => told("这个户号已经立户"),
                Some(code) => match filing::open_next_listed(app, actor, code, new, source).await {
                    Ok(no) => Ok(Ok((no, count))),
                    Err(FilingError::Record(error)) => Err(error.into()),
                    Err(_) => told("没能立户"),
                },
            }
        }
        (Err(FilingError::Record(error)), _) => Err(error.into()),
        (Err(_), _) => told("没能立户"),
    }
}
