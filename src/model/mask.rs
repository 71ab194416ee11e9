//! Numbers of persons covered: identity cards, bank accounts, mobile phones.
//! What leaves the archive as text shows their ends alone; the whole number is
//! shown to whoever gives a reason (PIPL arts 28 and 51).

use jiff::civil::Date;

use super::act::{Act, Body};
use super::codes::household::{ACCOUNT, STAFF_ID_NUMBER};
use super::codes::member::ID_NUMBER;
use super::document::Description;
use super::field;
use super::lending::Borrower;
use super::living::{Fact, Step};
use super::look::{Look, LookBody};
use super::money::Fen;
use super::number;
use super::propose::Proposal;

/// The text with every number of a person covered, character for character,
/// so that what was found in it stays where it was: of a mobile phone the first
/// three digits and the last four stay, of everything else the first and the last
/// four. What a number is, is said at [`number::found`].
#[must_use]
pub fn numbers(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for place in number::covered(&chars) {
        chars[place] = '*';
    }
    chars.into_iter().collect()
}

/// A text that is the number of somebody's papers, covered whatever its form is: a
/// passport, or a number that was typed wrongly. At most the first and the last
/// four characters stay.
#[must_use]
pub fn card(text: &str) -> String {
    let covered = numbers(text);
    let count = covered.chars().count();
    if covered.contains('*') || count <= 4 {
        return covered;
    }
    let before = if count >= 12 { 4 } else { 0 };
    let stays = |at: usize| at < before || at + 4 >= count;
    covered.chars().enumerate().map(|(at, c)| if stays(at) { c } else { '*' }).collect()
}

/// A value of which nobody says any more what it is, covered as by [`card`] where it could
/// be the number of somebody's papers: seven digits or more together that are no day and
/// no amount.
#[must_use]
pub fn unnamed(text: &str) -> String {
    let joined = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-');
    let digits = |run: &str| run.chars().filter(char::is_ascii_digit).count();
    let is_long = text.split(|c| !joined(c)).any(|run| digits(run) >= 7);
    match is_long && text.parse::<Date>().is_err() && text.parse::<Fen>().is_err() {
        true => card(text),
        false => numbers(text),
    }
}

/// What was done, with the numbers of persons covered, as the database has it. When
/// something was, the salt is covered too: with it the digest that the log has would
/// tell who guesses that the guess was right.
#[must_use]
pub fn body(mut body: Body) -> Body {
    let before = body.act.clone();
    act(&mut body.act);
    if body.act != before {
        body.salt = covered_salt(&body.salt);
    }
    body
}

/// As [`body`], of a look.
#[must_use]
pub fn look_body(body: LookBody) -> LookBody {
    let covered = look(body.look.clone());
    if covered == body.look {
        return body;
    }
    LookBody { salt: covered_salt(&body.salt), look: covered, ..body }
}

/// A look, with the numbers in what was asked for and why covered.
#[must_use]
pub fn look(mut look: Look) -> Look {
    look.title = numbers(&look.title);
    if let Some(reason) = &mut look.reason {
        reason.words = numbers(&reason.words);
    }
    look
}

/// What a paper seems to be, with the numbers in it covered.
#[must_use]
pub fn proposal(mut proposal: Proposal) -> Proposal {
    for text in [&mut proposal.title, &mut proposal.issuer, &mut proposal.document_no] {
        *text = numbers(text);
    }
    proposal
}

fn covered_salt(salt: &str) -> String {
    "*".repeat(salt.len())
}

/// Covers every text of an act that people wrote. What somebody signs in with and
/// what programs wrote stays.
fn act(act: &mut Act) {
    let texts: Vec<&mut String> = match act {
        Act::OpenHousehold { head, id_number, address, members, source, .. } => {
            *id_number = card(id_number);
            let mut texts = vec![head, address];
            for member in members {
                member.id_number = card(&member.id_number);
                texts.extend([&mut member.name, &mut member.relation]);
            }
            if let Some(source) = source {
                texts.extend(stated(&mut source.facts));
                texts.extend(source.carried.iter_mut().flat_map(|one| taken(one)));
            }
            texts
        }
        Act::AcceptDocument { file, .. } => vec![&mut file.name],
        Act::FileDocument { description, .. } => {
            let Description { title, responsible, document_no, remarks, .. } = description;
            vec![title, responsible, document_no, remarks]
        }
        Act::BindVolume { title, .. } => vec![title],
        Act::AskLending { borrower, reason, .. } => match borrower {
            Borrower::Person { .. } => vec![reason],
            Borrower::Outsider { name, body, contact, certificate } => {
                vec![reason, name, body, contact, certificate]
            }
        },
        Act::ReturnDocument { reason, .. }
        | Act::DecideLending { reason, .. }
        | Act::EndLending { reason, .. }
        | Act::TakeDownNotice { reason, .. }
        | Act::DestroyKeys { reason, .. }
        | Act::AskDestruction { reason, .. }
        | Act::RefuseDestruction { reason, .. } => vec![reason],
        Act::ReturnLending { condition, .. } => vec![condition],
        Act::OpenCounter { visitor, allowance, .. } => vec![visitor, allowance],
        Act::PostNotice { applicant, .. } => vec![applicant],
        Act::StateFacts(said) => {
            stated(&mut said.facts).into_iter().chain([&mut said.words]).collect()
        }
        Act::TakeStep(step) => taken(step),
        Act::SendBack(sent) => vec![&mut sent.reason],
        Act::TakeBankReturn(said) => {
            said.rows.iter_mut().map(|row| &mut row.words).chain([&mut said.name]).collect()
        }
        Act::SetStandard(said) => vec![&mut said.words],
        Act::BookFund(said) => vec![&mut said.words],
        Act::Recover(said) => vec![&mut said.words],
        Act::SettleRecovery(said) => vec![&mut said.words],
        Act::NoteEffect { content, effect, .. } => vec![content, effect],
        Act::EnterRow(said) => said.values.iter_mut().map(|cell| &mut cell.value).collect(),
        Act::OrderDraw(order) => vec![&mut order.words],
        Act::TakeEvidence(said) => {
            // An amount of many digits is no number of a person.
            let words = said.rows.iter_mut().map(|row| &mut row.value);
            let words = words.filter(|value| value.parse::<f64>().is_err());
            words.chain([&mut said.name]).collect()
        }
        Act::CloseFinding(said) => vec![&mut said.words],
        Act::LinkHouseholds(said) => {
            let relations = said.moved.iter_mut().map(|one| &mut one.relation);
            let address = said.opened.iter_mut().map(|one| &mut one.address);
            let stay = said.successor.iter_mut().flat_map(|one| &mut one.relations);
            let related = stay.map(|one| &mut one.relation);
            relations.chain(address).chain(related).chain([&mut said.words]).collect()
        }
        Act::UnlinkHouseholds(said) => vec![&mut said.words],
        Act::CreateArchive { .. }
        | Act::RegisterOrganisation { .. }
        | Act::AddPerson { .. }
        | Act::ChangePerson { .. }
        | Act::GrantRoles { .. }
        | Act::IssueCode { .. }
        | Act::NameAtProvider { .. }
        | Act::JoinDocument { .. }
        | Act::MakeRoster(_)
        | Act::CorrectText { .. }
        | Act::HandOverLending { .. }
        | Act::RotateKey { .. }
        | Act::RetireKey { .. }
        | Act::TimestampCheckpoint { .. }
        | Act::SealAccessLog { .. }
        | Act::CheckFixity { .. }
        | Act::RepairObject { .. }
        | Act::BeginEncryption { .. }
        | Act::EncryptBlobs { .. }
        | Act::DrawSample(_)
        // What it says of persons is in a blob.
        | Act::KeyFields(_) => return,
    };
    for text in texts {
        *text = numbers(text);
    }
}

/// The values of what is stated; those that are numbers of somebody's papers are covered.
fn stated(facts: &mut [Fact]) -> Vec<&mut String> {
    for fact in facts.iter_mut() {
        if matches!(field::base(&fact.field), ID_NUMBER | STAFF_ID_NUMBER | ACCOUNT) {
            fact.value = card(&fact.value);
        }
    }
    facts.iter_mut().map(|fact| &mut fact.value).collect()
}

/// What people wrote of a step.
fn taken(step: &mut Step) -> Vec<&mut String> {
    let departs = step.benefit.iter_mut().filter_map(|one| one.departs.as_mut());
    let texts = step.people.iter_mut().chain([&mut step.office, &mut step.words]);
    texts.chain(departs.map(|one| &mut one.words)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_numbers_stay() {
        for (open, covered) in [
            ("身份证号110105194912310021。", "身份证号1101**********0021。"),
            ("11010519491231002X", "1101**********002X"),
            ("11010519491231002x,男", "1101**********002x,男"),
            ("110105 19491231 0021", "1101** ******** 0021"),
            ("１１０１０５１９４９１２３１００２１", "１１０１**********００２１"),
            ("账号6222020200112233445", "账号6222***********3445"),
            ("11010519491231002", "1101*********1002"),
            ("6222 0202 0011 2233", "6222 **** **** 2233"),
            ("电话13812345678", "电话138****5678"),
            ("138-1234-5678", "138-****-5678"),
            ("138－1234－5678", "138－****－5678"),
            ("13812345678 2026", "138****5678 2026"),
            ("110105194912310021 13812345678", "1101************** *******5678"),
            ("1101051949\n12310021", "1101051949\n12310021"),
            ("1101051949\n1231002X", "1101******\n****002X"),
        ] {
            assert_eq!(numbers(open), covered);
        }
    }

    #[test]
    fn a_value_that_nobody_names_is_covered_where_it_may_be_a_number() {
        for plain in ["长期在外务工，每月寄回生活费", "2026-03-09", "2026-04", "910.00", "共3人"]
        {
            assert_eq!(unnamed(plain), plain);
        }
        for (open, covered) in [
            ("990102195203142149", "9901**********2149"),
            ("E12345678", "*****5678"),
            ("9901021952031", "9901*****2031"),
            ("电话0999-0000112", "电话09******0112"),
        ] {
            assert_eq!(unnamed(open), covered);
        }
    }

    #[test]
    fn other_numbers_stay_as_they_are() {
        for text in [
            "",
            "户号99010200300400001",
            "2026年3月9日",
            "20260309",
            "青民发〔2026〕3号",
            "退休金1,995.00元",
            "12811112222",
            "第1页 第2页",
            "J016-DB-2026-D10-001",
            "010-8888 9999",
            "2026-03-09 2026-03-10",
            "20260309\n20260310",
        ] {
            assert_eq!(numbers(text), text);
        }
    }

    #[test]
    fn a_number_of_papers_is_covered_whatever_its_form() {
        for (open, covered) in [
            ("", ""),
            ("11010519491231002X", "1101**********002X"),
            ("1101**********002X", "1101**********002X"),
            ("E12345678", "*****5678"),
            ("12345678901234567", "1234*********4567"),
        ] {
            assert_eq!(card(open), covered);
            assert_eq!(card(covered), covered);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_was_found_stays_where_it_was(text in "[0-9xX０-９ \\-周桂兰a]{0,60}") {
            let covered = numbers(&text);
            proptest::prop_assert_eq!(covered.chars().count(), text.chars().count());
            let same = text.chars().zip(covered.chars()).all(|(a, b)| a == b || b == '*');
            proptest::prop_assert!(same);
            // Nothing more is covered the second time.
            proptest::prop_assert_eq!(numbers(&covered), covered);
        }

        #[test]
        fn no_whole_number_is_left(before in "[^0-9]{0,3}", number in "[1-9][0-9]{16}[0-9X]") {
            let covered = numbers(&format!("{before}{number}。"));
            proptest::prop_assert!(!covered.contains(&number));
        }
    }
}
