//! A roster of households that are not known yet, which comes from elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::ops::Range;

use super::dice::Dice;
use super::family::{Person, persons};
use super::faults::{Fault, Kind};
use super::{District, Failed, Plan, numbers};

/// Numbers of persons of the roster begin here.
const AFTER: u64 = 200_000;
/// Serials of households of the roster begin here.
const SERIAL: usize = 80_000;
/// In so many of its households faults can be planted.
const SPOILT: usize = 200;

/// The family at that place of the roster.
fn family(plan: &Plan, at: usize) -> Result<(String, Vec<Person>), Failed> {
    let mut dice = Dice::new(plan.seed ^ 2, at as u64);
    let communities = plan.communities();
    let no = format!("{}{:05}", plan.community(at % communities), SERIAL + at / communities);
    let count = 1 + dice.place(5);
    Ok((no, persons(plan.seed, AFTER + at as u64, count, &mut dice)?))
}

/// A roster of the families at these places, in which nothing is wrong, with the allowance
/// that each of them gets already; and what all of them get a month, in 分.
///
/// # Errors
/// When a number is not one.
pub fn carried_file(district: &District, families: Range<usize>) -> Result<(String, u64), Failed> {
    let plan = &district.plan;
    let since = plan.first();
    let mut text = "户号,姓名,与户主关系,身份证号,现住址,保障金额,起始月,类别\n".to_owned();
    let mut sum = 0;
    for at in families {
        let (no, persons) = family(plan, at)?;
        let yuan = 300 + at as u64 % 700;
        sum += yuan * 100;
        for (place, one) in persons.iter().enumerate() {
            let allowance = if place == 0 { format!("{yuan},{since},B") } else { ",,".into() };
            let relation = if place == 0 { "户主" } else { one.relation.as_str() };
            let (name, number) = (&one.name, &one.id_number);
            let _ = writeln!(text, "{no},{name},{relation},{number},新住址{at}号,{allowance}");
        }
    }
    Ok((text, sum))
}

/// The last person of a family of the roster in which nothing is wrong yet.
pub fn free(
    plan: &Plan,
    dice: &mut Dice,
    used: &mut BTreeSet<usize>,
) -> Option<(String, Option<u32>)> {
    for _ in 0..SPOILT * 20 {
        let at = dice.place(SPOILT);
        let (no, persons) = family(plan, at).ok()?;
        if persons.len() > 1 && used.insert(at) {
            return Some((no, u32::try_from(persons.len() - 1).ok()));
        }
    }
    None
}

/// A roster, and what has to become of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterFile {
    /// The file.
    pub text: String,
    /// The lines that are bad, and why.
    pub bad: BTreeMap<u64, String>,
    /// The households that are to be opened.
    pub sound: BTreeSet<String>,
    /// How many numbers of 15 digits become longer in these.
    pub converted: u64,
}

/// A roster of `families` households (200 at least) that are not known yet, with the
/// faults of the district's list that are of a file.
///
/// # Errors
/// When a fault names nobody of it.
pub fn roster_file(district: &District, families: usize) -> Result<RosterFile, Failed> {
    let plan = &district.plan;
    let faults = district.faults.iter().filter(|one| one.kind.is_of_a_file());
    let faults: HashMap<&str, &Fault> = faults.map(|one| (one.household.as_str(), one)).collect();
    let mut all = Vec::new();
    let mut lines: HashMap<(String, usize), u64> = HashMap::new();
    for at in 0..families.max(SPOILT) {
        let (no, persons) = family(plan, at)?;
        for place in 0..persons.len() {
            lines.insert((no.clone(), place), lines.len() as u64 + 2);
        }
        all.push((no, persons));
    }
    let line = |no: &str, place: Option<u32>| {
        let place = place? as usize;
        lines.get(&(no.to_owned(), place)).copied()
    };
    let mut file = RosterFile {
        text: "户号,姓名,与户主关系,身份证号,现住址\n".into(),
        ..RosterFile::default()
    };
    // Whose other lines are bad since one is.
    let mut spoilt = BTreeSet::new();
    let mut shut = BTreeSet::new();
    for fault in faults.values() {
        let at = line(&fault.household, fault.person).ok_or("a fault of nobody")?;
        let other = line(&fault.other, fault.other_person);
        let why = match fault.kind {
            Kind::WrongCheckDigit | Kind::ImpossibleDate => {
                "身份证号的校验码或出生日期不对".to_owned()
            }
            Kind::ImpossibleOldNumber => "15位身份证号看不懂".to_owned(),
            Kind::ShortNumber => "身份证号不是18位，是17位".to_owned(),
            Kind::DuplicateInArchive => "身份证号已经在另一户".to_owned(),
            _ => format!("身份证号与第{}行相同", other.ok_or("a fault of nobody")?),
        };
        file.bad.insert(at, why);
        shut.insert(fault.household.as_str());
        if fault.kind != Kind::DuplicateInArchive {
            spoilt.insert(fault.household.as_str());
        }
        if let (Kind::DuplicateInFile, Some(other)) = (fault.kind, other) {
            file.bad.insert(other, format!("身份证号与第{at}行相同"));
            shut.insert(fault.other.as_str());
            spoilt.insert(fault.other.as_str());
        }
    }
    let twin = |fault: &Fault| -> Option<String> {
        let place = fault.other_person? as usize;
        let known = district.household(&fault.other).map(|one| one.persons.as_slice());
        let listed =
            || all.iter().find(|(no, _)| *no == fault.other).map(|(_, all)| all.as_slice());
        Some(known.or_else(listed)?.get(place)?.id_number.clone())
    };
    for (at, (no, persons)) in all.iter().enumerate() {
        let fault = faults.get(no.as_str());
        for (place, one) in persons.iter().enumerate() {
            let here = fault.filter(|fault| fault.person.map(|one| one as usize) == Some(place));
            let is_old = at % 7 == 3 && place == 0;
            let number = match here.map(|fault| (fault.kind, fault)) {
                None if is_old => numbers::old(&one.id_number),
                None => one.id_number.clone(),
                Some((Kind::WrongCheckDigit, _)) => numbers::wrong_check(&one.id_number),
                Some((Kind::ImpossibleDate, _)) => numbers::impossible(&one.id_number),
                Some((Kind::ImpossibleOldNumber, _)) => {
                    numbers::old(&numbers::impossible(&one.id_number))
                }
                Some((Kind::ShortNumber, _)) => {
                    one.id_number.get(1..).unwrap_or_default().to_owned()
                }
                Some((_, fault)) => twin(fault).ok_or("a fault of nobody")?,
            };
            let relation = if place == 0 { "户主" } else { one.relation.as_str() };
            let _ = writeln!(file.text, "{no},{},{relation},{number},新住址{at}号", one.name);
            if spoilt.contains(no.as_str()) {
                let line = line(no, u32::try_from(place).ok()).unwrap_or(0);
                file.bad.entry(line).or_insert_with(|| "同一户有读不出的行".to_owned());
            }
        }
        // What is converted is counted before households that are known are left out.
        if at % 7 == 3 && !spoilt.contains(no.as_str()) {
            file.converted += 1;
        }
        if !shut.contains(no.as_str()) {
            file.sound.insert(no.clone());
        }
    }
    Ok(file)
}
