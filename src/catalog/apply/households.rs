//! The acts that open an archive, its organisations and its households, and bind volumes.

use super::super::{cases, facts, feed};
use super::{Refusal, Result, keeping};
use crate::args;
use crate::db::{Statement, Tx};
use crate::model::act::{Act, Body, LogEntry};
use crate::model::id::{HouseholdNo, OrganisationCode};
use crate::model::lending::day_of;
use crate::model::living::{LivingRule, Step};

pub(super) async fn create_archive(
    tx: &mut Tx,
    fonds: &str,
    name: &str,
    profile: &str,
) -> Result<()> {
    if tx.number("SELECT COUNT(*) FROM setting", args![]).await? > 0 {
        return Err(Refusal::ArchiveExists.into());
    }
    for (key, value) in [("fonds", fonds), ("fonds_name", name), ("profile", profile)] {
        tx.run("INSERT INTO setting (key, value) VALUES ($1, $2)", args![key, value]).await?;
    }
    Ok(())
}

pub(super) async fn register_organisation(
    tx: &mut Tx,
    code: &OrganisationCode,
    name: &str,
) -> Result<()> {
    tx.run(
        "INSERT INTO organisation (code, name) VALUES ($1, $2)
         ON CONFLICT (code) DO UPDATE SET name = excluded.name",
        args![code.as_str(), name],
    )
    .await?;
    Ok(())
}

/// What a household is opened with, `digests` too: written together in one trip to the
/// database, since a roster opens thousands.
pub(super) async fn open_household(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    digests: Vec<Statement>,
) -> Result<()> {
    let Act::OpenHousehold { household, head, id_number, address, members, volume, source } =
        &body.act
    else {
        return Ok(());
    };
    let no = entry.no;
    let step = source.as_ref().and_then(|one| one.carried.as_deref());
    let opened = args![
        household.as_str(),
        head,
        id_number,
        address,
        household.organisation().as_str(),
        no,
        volume,
    ];
    let file = source.as_ref().map(|one| keeping(no, one.file, one.bytes, &one.mime));
    let mut all: Vec<Statement> = file.into_iter().collect();
    all.push((
        "INSERT INTO household (no, head, id_number, address, organisation, opened, volume,
                                last_entry, stepped, state, category, review_due, owed, lacks,
                                lacks_community, lacks_street, lacks_bureau)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8, $9, $10, $11, $12, $12, $13, $14, $15)"
            .into(),
        [opened.as_slice(), &cases::standing(no, step)].concat(),
    ));
    let rows = members
        .iter()
        .zip(1_i64..)
        .map(|(one, place)| args![place, &one.name, &one.relation, &one.id_number].to_vec());
    all.extend(super::super::households::writing_members(household, rows.collect()));
    let known = [head, id_number, address, &body.actor.name].map(String::as_str);
    let told = source.as_ref().map(|one| one.facts.as_slice()).unwrap_or_default();
    all.extend(facts::opening(no, household, known, members, told));
    if let Some(step) = step {
        carried(entry, household, step)?;
        all.extend(cases::carrying_over(no, body, step));
    }
    all.extend(digests);
    match tx.run_all(all).await {
        Err(error) if error.is_taken("household", "no") => {
            Err(Refusal::HouseholdExists(household.clone()).into())
        }
        written => Ok(written?),
    }
}

/// Refuses a step that is not the first of the household it opens, or is still to come.
fn carried(entry: &LogEntry, household: &HouseholdNo, step: &Step) -> Result<()> {
    if step.household != *household || step.case != 1 || step.seen.is_some() || step.paper.is_some()
    {
        return Err(LivingRule::CaseOver(household.clone(), step.case.into()).into());
    }
    if step.on > day_of(entry.time) {
        return Err(LivingRule::NotYet(step.on).into());
    }
    Ok(())
}

pub(super) async fn bind(tx: &mut Tx, entry: &LogEntry, body: &Body) -> Result<()> {
    let Act::BindVolume {
        household,
        manifest,
        bytes,
        version,
        reference_code,
        previous,
        title,
        items,
        pages,
    } = &body.act
    else {
        return Ok(());
    };
    known_household(tx, household).await?;
    let current = super::super::volumes::current(tx, household).await?;
    let now = current.as_ref().map(|volume| volume.manifest.clone());
    if now != previous.map(|digest| digest.to_string()) {
        let current = current.map_or(0, |volume| volume.version);
        return Err(Refusal::VolumeMoved { household: household.clone(), current }.into());
    }
    let holder: Option<(String,)> = tx
        .one(
            "SELECT household FROM volume WHERE reference_code = $1 AND household <> $2 LIMIT 1",
            args![reference_code, household.as_str()],
        )
        .await?;
    if holder.is_some() {
        return Err(Refusal::CodeTaken(reference_code.clone()).into());
    }
    tx.run_all(vec![keeping(entry.no, *manifest, *bytes, "application/json")]).await?;
    tx.run(
        "INSERT INTO volume (household, version, reference_code, title, manifest, items, pages,
                             bound_at, bound_by, entry)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            household.as_str(),
            *version,
            reference_code,
            title,
            manifest.to_string(),
            *items,
            *pages,
            entry.time.to_string(),
            &body.actor.name,
            entry.no,
        ],
    )
    .await?;
    super::super::unbound::count(tx, household.as_str()).await?;
    // Its papers have a reference code and places now.
    feed::touch_file_of(tx, household).await?;
    Ok(())
}

/// The organisation in charge of a household.
pub(super) async fn in_charge(tx: &mut Tx, household: &HouseholdNo) -> Result<String> {
    let sql = "SELECT organisation FROM household WHERE no = $1";
    let found: Option<(String,)> = tx.one(sql, args![household.as_str()]).await?;
    let (organisation,) = found.ok_or_else(|| Refusal::UnknownHousehold(household.clone()))?;
    Ok(organisation)
}

pub(super) async fn known_household(tx: &mut Tx, household: &HouseholdNo) -> Result<()> {
    if super::super::households::exists(tx, household).await? {
        Ok(())
    } else {
        Err(Refusal::UnknownHousehold(household.clone()).into())
    }
}
