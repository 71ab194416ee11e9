//! The JSON Schemas in `schemas/json/` against what the program really writes:
//! every value validates, and every small alteration of it does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jsonschema::Validator;
use serde_json::{Value, json};
use yidang::ledger;
use yidang::model::access::{Actor, Role};
use yidang::model::act::{
    Act, Body, Coverage, FindingClass, FixityResult, Found, Link, LogFinding, Member, Repair, Side,
    Source,
};
use yidang::model::benefit::{Benefit, Departure, Effect};
use yidang::model::correction::{CORRECTION_FORMAT, CheckedLine, Correction};
use yidang::model::document::{Description, StoredFile};
use yidang::model::draw::{DrawOrder, DrawSample, Drawn};
use yidang::model::evidence::{Closing, Evidence, EvidenceRow, Mapping, Outcome as CameTo};
use yidang::model::form::{Forms, KeyedFrom, KeyedValue};
use yidang::model::fund::{Booking, FundKind, Recovery, SettledBy, Settlement};
use yidang::model::id::{Digest, DocumentId, HouseholdNo, OrganisationCode, PersonId};
use yidang::model::keying::{KEYED_FORMAT, KeyFields, Keyed};
use yidang::model::kinship::{Kin, Linking, Moved, NewFile, Related, Successor, Unlinking};
use yidang::model::lending::{Borrower, Cover, Manner, Purpose};
use yidang::model::living::{Fact, NextStep, Owed, SendBack, Statement, Step};
use yidang::model::look::{Kind, Look, LookBody, Outcome, Reason, Standing};
use yidang::model::money::Fen;
use yidang::model::notice::NoticeKind;
use yidang::model::payment::{BankReturn, ReturnRow, Roster, RosterRow};
use yidang::model::profile::{Collector, Profile};
use yidang::model::register::{Cell, Entered, Sealed};
use yidang::model::roster_file::RosterSource;
use yidang::model::standard::{Method, Standard, Tier, Unit};
use yidang::model::volume::{Bindable, MANIFEST_FORMAT, Manifest, arrange};

/// The schema of that name in the repository.
pub(crate) fn schema(name: &str) -> Validator {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/json");
    let text = std::fs::read_to_string(format!("{folder}/{name}.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{name} is not a JSON Schema");
    jsonschema::validator_for(&schema).unwrap()
}

fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    validator
        .iter_errors(value)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect()
}

/// Keys that acts of before do not have.
const LATER: [&str; 11] = [
    "sm3",
    "scope",
    "beside",
    "destroyed",
    "person",
    "others",
    "asked",
    "departs",
    "along",
    "facts",
    "carried",
];

/// Every value that differs from `value` in one place: a key is gone, a key is
/// new, a leaf is of another type.
fn altered(value: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    match value {
        Value::Object(fields) => {
            let mut more = fields.clone();
            more.insert("extra".into(), Value::Null);
            all.push(("a new key".to_owned(), Value::Object(more)));
            for (key, inner) in fields {
                let mut less = fields.clone();
                less.remove(key);
                // A person is left out of an actor, not of an act about one; what asked for
                // it only out of a destruction; a roster only where a file is opened;
                // another head only out of a split; the names of columns only out of results.
                let act = fields.get("act").and_then(Value::as_str);
                let later = key == "copies"
                    || (act == Some("open_household") && key == "source")
                    || (act == Some("link_households") && key == "successor")
                    || (act == Some("take_evidence") && key == "heads")
                    || LATER.contains(&key.as_str())
                        && (act.is_none() || (act == Some("destroy_keys") && key == "asked"));
                if !later {
                    all.push((format!("without {key}"), Value::Object(less)));
                }
                for (how, changed) in altered(inner) {
                    let mut other = fields.clone();
                    other.insert(key.clone(), changed);
                    all.push((format!("{key}: {how}"), Value::Object(other)));
                }
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                for (how, changed) in altered(inner) {
                    let mut other = items.clone();
                    other[at] = changed;
                    all.push((format!("[{at}] {how}"), Value::Array(other)));
                }
            }
            all.push(("not a list".to_owned(), Value::Bool(true)));
        }
        Value::Bool(_) => all.push((format!("7 instead of {value}"), Value::from(7))),
        _ => all.push((format!("true instead of {value}"), Value::Bool(true))),
    }
    all
}

fn holds(validator: &Validator, value: &Value) {
    assert_eq!(errors(validator, value), Vec::<String>::new(), "{value}");
    for (how, other) in altered(value) {
        assert!(!validator.is_valid(&other), "accepted although altered ({how}): {value}");
    }
}

fn household() -> HouseholdNo {
    "99010200300400001".parse().unwrap()
}

fn organisation() -> OrganisationCode {
    "990102003004".parse().unwrap()
}

fn stored() -> StoredFile {
    StoredFile {
        sha256: Digest::of(b"scan"),
        name: "扫描0330.jpg".into(),
        bytes: 4,
        mime: "image/jpeg".into(),
        pages: 2,
        sm3: None,
    }
}

fn description(date: Option<&str>) -> Description {
    Description {
        type_code: "A02".into(),
        title: "审批表".into(),
        responsible: "柳桥街道办事处".into(),
        document_no: "青民发〔2026〕3号".into(),
        date: date.map(|date| date.parse().unwrap()),
        remarks: String::new(),
    }
}

fn lending() -> String {
    "0f".repeat(16)
}

fn ask(borrower: Borrower) -> Act {
    Act::AskLending {
        lending: lending(),
        household: household(),
        borrower,
        manner: Manner::Look,
        purpose: Purpose::Audit,
        reason: "专项审计".into(),
        until: "2026-12-01".parse().unwrap(),
        cover: Cover::Numbers,
    }
}

fn linked(kind: Kin) -> Act {
    let split = kind == Kin::Split;
    Act::LinkHouseholds(Linking {
        kind,
        from: household(),
        to: "99010200300400002".parse().unwrap(),
        on: "2026-11-02".parse().unwrap(),
        document: DocumentId(9),
        words: String::new(),
        moved: vec![Moved { place: 1, to: 0, relation: "女".into() }],
        opened: split.then(|| NewFile {
            address: "槐荫里9号".into(),
            volume: "0f".repeat(16),
            along: vec!["phone".into()],
        }),
        successor: split.then(|| Successor {
            place: 2,
            relations: vec![Related { place: 3, relation: "女".into() }],
        }),
        seen: split.then_some(7),
        seen_there: (!split).then_some(8),
        stepped: split.then_some(9),
    })
}

fn phased_out() -> Benefit {
    Benefit {
        effect: Effect::PhaseOut,
        category: "B".into(),
        persons: 2,
        amount: Fen::new(112_000),
        from: "2026-12".parse().unwrap(),
        until: Some("2027-02".parse().unwrap()),
        departs: Some(Departure { computed: Fen::new(120_000), words: "按渐退".into() }),
    }
}

/// Every act, with what may be left out given and left out.
fn step(benefit: Option<Benefit>) -> Act {
    Act::TakeStep(taken(benefit))
}

fn taken(benefit: Option<Benefit>) -> Step {
    let decided = benefit.is_some();
    Step {
        household: household(),
        case: 1,
        procedure: "application".into(),
        step: "accept".into(),
        called: "申请：受理".into(),
        on: "2026-03-09".parse().unwrap(),
        people: vec!["赵玉梅".into()],
        office: String::new(),
        words: String::new(),
        paper: decided.then_some(DocumentId(9)),
        seen: decided.then_some(12),
        state: decided.then(|| "receiving".to_owned()),
        owed: vec![Owed { type_code: "A14".into(), collector: Collector::Street }],
        next: (!decided).then(|| NextStep {
            step: "check".into(),
            level: Collector::Bureau,
            due: Some("2026-03-12".parse().unwrap()),
        }),
        case_due: (!decided).then(|| "2026-04-21".parse().unwrap()),
        benefit,
        review: decided.then(|| "2026-09-09".parse().unwrap()),
        kept_until: decided.then(|| "2030-02-28".parse().unwrap()),
    }
}

fn roster() -> RosterSource {
    let fact = |member, field: &str| Fact { member, field: field.into(), value: "女".into() };
    RosterSource {
        file: Digest::of(b"roster"),
        bytes: 6,
        mime: "text/csv".into(),
        line: 2,
        facts: vec![fact(None, "near_relative.2"), fact(Some(1), "sex")],
        carried: Some(Box::new(taken(Some(phased_out())))),
    }
}

fn key_fields(seen: Option<i64>) -> Act {
    let (document, keyed) = (DocumentId(7), Digest::of(b"k"));
    Act::KeyFields(KeyFields { document, form: "approval".into(), keyed, bytes: 400, seen })
}

#[test]
fn keyed_fields_are_as_their_schema_says() {
    let value = |field: &str, value: &str, from| KeyedValue {
        field: field.into(),
        value: value.into(),
        from,
    };
    let kept = Keyed {
        format: KEYED_FORMAT.into(),
        salt: "0f".repeat(32),
        document: DocumentId(7),
        form: "approval".into(),
        values: vec![
            value("income", "1260.00", KeyedFrom::Read),
            value("members.1.name", "周桂兰", KeyedFrom::Typed),
        ],
    };
    holds(&schema("keyed"), &serde_json::to_value(kept).unwrap());
}

/// Values of every kind, as they are kept, as a form has them.
fn of_kind(kind: &str) -> &'static str {
    match kind {
        "date" => "2026-03-09",
        "month" => "2026-04",
        "money" => "1995.50",
        "whole" => "3",
        "yes_no" => "no",
        "id_number" => "11010519491231002X",
        "phone" => "0999-0000112",
        "account" => "6222 0200 0000 0001",
        _ => "槐荫里社区",
    }
}

#[test]
fn every_form_is_a_schema_of_what_can_be_keyed_from_it() {
    let forms = Forms::national().unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/forms");
    let mut files = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(jsonschema::meta::is_valid(&schema), "{path:?}");
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let form = forms.get(schema["$id"].as_str().unwrap()).unwrap();
        assert_eq!(path.file_stem().unwrap().to_str().unwrap(), form.code);
        files += 1;
        // Two rows of every table, and every field with a value of its kind.
        let names = form.names(|_| 2);
        let today = "2026-11-28".parse().unwrap();
        let value = |name: &String| {
            let field = form.field(name).unwrap();
            let kind = serde_json::to_value(field.kind).unwrap();
            let value = match field.choices.first() {
                Some(choice) => choice.clone(),
                None => of_kind(kind.as_str().unwrap()).to_owned(),
            };
            assert_eq!(field.value(&value, today), Ok(value.clone()), "{name}");
            (name.clone(), value)
        };
        let values: Vec<(String, String)> = names.iter().map(value).collect();
        let pairs = values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let object = form.object(pairs);
        let found = errors(&validator, &object);
        assert_eq!(found, Vec::<String>::new(), "{}: {object}", form.code);
        // Money is whole 分, and what is of another kind is refused.
        for (key, other) in object.as_object().unwrap() {
            let mut wrong = object.clone();
            wrong[key] = if other.is_boolean() { json!(7) } else { json!(true) };
            assert!(!validator.is_valid(&wrong), "{}: {key}", form.code);
        }
        let mut more = object.clone();
        more["more"] = json!("x");
        assert!(!validator.is_valid(&more), "{}", form.code);
    }
    assert_eq!(files, forms.all().len());
}

fn acts() -> Vec<Act> {
    let (document, sha256) = (DocumentId(7), Digest::of(b"x"));
    let bind = |version: i64, previous| Act::BindVolume {
        household: household(),
        manifest: sha256,
        bytes: 900,
        version,
        reference_code: "J016-DB·2026-D10-001".into(),
        previous,
        title: "周桂兰户低保档案".into(),
        items: 1,
        pages: 2,
    };
    let accept =
        |household| Act::AcceptDocument { file: stored(), household, organisation: organisation() };
    let file = |date| Act::FileDocument {
        document,
        household: household(),
        description: description(date),
    };
    let found = |side| Found {
        code: "copy.blob.missing".into(),
        class: FindingClass::Missing,
        side,
        path: "obj/sha256/ab/x".into(),
        reason: String::new(),
    };
    let repair = |quarantine| Act::RepairObject {
        repair: Repair {
            side: Side::Store,
            path: "obj/sha256/ab/x".into(),
            sha256,
            class: FindingClass::Changed,
            source: Source::Copy,
            quarantine,
        },
    };
    let member = Member { name: "周明".into(), relation: "子".into(), id_number: String::new() };
    vec![
        Act::CreateArchive {
            fonds: "J016".into(),
            fonds_name: "青石县民政局".into(),
            profile: "national-2008".into(),
        },
        Act::RegisterOrganisation { code: organisation(), name: "槐荫里社区".into() },
        Act::AddPerson {
            person: PersonId::of([7; 8]),
            login: "zhao.yumei".into(),
            name: "赵玉梅".into(),
            organisation: organisation(),
        },
        Act::ChangePerson {
            person: PersonId::of([7; 8]),
            name: "赵玉梅".into(),
            organisation: organisation(),
            disabled: true,
        },
        Act::GrantRoles { person: PersonId::of([7; 8]), roles: vec![Role::Clerk, Role::Archivist] },
        Act::GrantRoles { person: PersonId::of([7; 8]), roles: Vec::new() },
        Act::IssueCode { person: PersonId::of([7; 8]), telephone_lost: false },
        Act::IssueCode { person: PersonId::of([7; 8]), telephone_lost: true },
        Act::NameAtProvider {
            person: PersonId::of([7; 8]),
            issuer: "https://id.example.gov.cn".into(),
            name: "zhao.yumei".into(),
        },
        Act::OpenHousehold {
            household: household(),
            head: "周桂兰".into(),
            id_number: String::new(),
            address: "槐荫里12号".into(),
            members: vec![member.clone()],
            volume: "0f".repeat(16),
            source: None,
        },
        Act::OpenHousehold {
            household: household(),
            head: "周桂兰".into(),
            id_number: String::new(),
            address: String::new(),
            members: vec![member.clone()],
            volume: "0f".repeat(16),
            source: Some(RosterSource { facts: Vec::new(), carried: None, ..roster() }),
        },
        Act::OpenHousehold {
            household: household(),
            head: "周桂兰".into(),
            id_number: String::new(),
            address: String::new(),
            members: vec![member],
            volume: "0f".repeat(16),
            source: Some(roster()),
        },
        ask(Borrower::Person {
            person: PersonId::of([7; 8]),
            name: "钱文斌".into(),
            organisation: organisation(),
        }),
        ask(Borrower::Outsider {
            name: "孙立".into(),
            body: "青石县审计局".into(),
            contact: String::new(),
            certificate: "工作证 0417".into(),
        }),
        Act::DecideLending {
            lending: lending(),
            household: household(),
            agreed: true,
            reason: String::new(),
        },
        Act::HandOverLending { lending: lending(), household: household(), pages: 12, copies: 0 },
        Act::HandOverLending { lending: lending(), household: household(), pages: 3, copies: 2 },
        Act::ReturnLending {
            lending: lending(),
            household: household(),
            pages: 12,
            condition: "完好".into(),
        },
        Act::EndLending { lending: lending(), household: household(), reason: "不用了".into() },
        Act::NoteEffect {
            lending: lending(),
            household: household(),
            date: "2026-12-02".parse().unwrap(),
            content: "收入证明".into(),
            effect: "追回低保金三千元".into(),
        },
        Act::OpenCounter {
            household: household(),
            visitor: "周桂兰".into(),
            id_card: "002X".into(),
            allowance: "低保证 0127".into(),
        },
        Act::PostNotice {
            household: household(),
            kind: NoticeKind::Proposed,
            applicant: "周桂兰".into(),
            members: 2,
            amount: Fen::new(112_000),
            from: "2026-11-24".parse().unwrap(),
            until: Some("2026-12-01".parse().unwrap()),
        },
        Act::PostNotice {
            household: household(),
            kind: NoticeKind::Confirmed,
            applicant: "周桂兰".into(),
            members: 2,
            amount: Fen::new(112_000),
            from: "2026-11-24".parse().unwrap(),
            until: None,
        },
        Act::CorrectText {
            document: DocumentId(9),
            file: Digest::of(b"a"),
            page: 2,
            correction: Digest::of(b"c"),
            bytes: 900,
            previous: None,
        },
        Act::CorrectText {
            document: DocumentId(9),
            file: Digest::of(b"a"),
            page: 2,
            correction: Digest::of(b"d"),
            bytes: 901,
            previous: Some(12),
        },
        Act::StateFacts(Statement {
            household: household(),
            from: "2026-03-09".parse().unwrap(),
            proof: Some(document),
            words: "收入证明".into(),
            facts: vec![
                Fact { member: None, field: "income".into(), value: "640.00".into() },
                Fact { member: Some(1), field: "left".into(), value: "迁出".into() },
            ],
            instead_of: None,
            seen: None,
        }),
        Act::StateFacts(Statement {
            household: household(),
            from: "2026-03-09".parse().unwrap(),
            proof: None,
            words: String::new(),
            facts: Vec::new(),
            instead_of: Some(7),
            seen: Some(7),
        }),
        step(None),
        step(Some(phased_out())),
        Act::SendBack(SendBack { household: household(), document, reason: "看不清".into() }),
        Act::MakeRoster(Roster {
            month: "2026-12".parse().unwrap(),
            organisation: organisation(),
            rows: vec![RosterRow { household: household(), persons: 2, amount: Fen::new(112_000) }],
        }),
        Act::TakeBankReturn(BankReturn {
            month: "2026-12".parse().unwrap(),
            file: Digest::of(b"r"),
            bytes: 90,
            name: "回盘.csv".into(),
            instead_of: Some(Digest::of(b"q")),
            rows: vec![ReturnRow {
                household: household(),
                amount: Fen::new(112_000),
                paid: false,
                words: "账号不符".into(),
            }],
        }),
        Act::SetStandard(Standard {
            organisation: organisation(),
            from: "2026-07".parse().unwrap(),
            amount: Fen::new(108_500),
            method: Method::Tiers,
            tiers: vec![Tier { category: "A".into(), amount: Fen::new(70_000) }],
            unit: Unit::Yuan,
            words: "青民发〔2026〕12号".into(),
        }),
        Act::BookFund(Booking {
            organisation: organisation(),
            on: "2026-12-03".parse().unwrap(),
            kind: FundKind::Received,
            amount: Fen::new(120_000_000_000 / 2),
            words: "财社〔2026〕31号".into(),
            instead_of: Some(12),
        }),
        Act::Recover(Recovery {
            household: household(),
            amount: Fen::new(168_000),
            from: "2026-09".parse().unwrap(),
            until: "2026-11".parse().unwrap(),
            words: "就业后未报告".into(),
            paper: Some(DocumentId(7)),
        }),
        Act::SettleRecovery(Settlement {
            household: household(),
            recovery: 44,
            by: SettledBy::Waived,
            amount: Fen::new(84_000),
            on: "2026-12-11".parse().unwrap(),
            words: "无力退回".into(),
            paper: None,
        }),
        Act::TakeEvidence(Evidence {
            organisation: organisation(),
            kind: "deposits".into(),
            called: "存款".into(),
            as_of: "2026-11-20".parse().unwrap(),
            file: Digest::of(b"e"),
            bytes: 90,
            mime: "text/csv".into(),
            name: "存款.csv".into(),
            mapping: Mapping { id_number: 2, name: Some(1), date: None, value: Some(3) },
            heads: Some(Digest::of(b"h")),
            part: 0,
            unknown: 4,
            bad: 1,
            rows: vec![EvidenceRow {
                household: household(),
                member: 1,
                line: 17,
                on: "2026-11-20".parse().unwrap(),
                value: "48120.55".into(),
                amount: 4_812_055,
            }],
        }),
        Act::CloseFinding(Closing {
            household: household(),
            finding: "deposits".into(),
            called: "存款不符".into(),
            member: None,
            mark: "1204".into(),
            declared: "5000.00".into(),
            found: "48120.55".into(),
            outcome: CameTo::Explained,
            document,
            words: "已核实".into(),
        }),
        linked(Kin::Split),
        linked(Kin::Merge),
        Act::UnlinkHouseholds(Unlinking {
            link: 12,
            from: household(),
            to: "99010200300400002".parse().unwrap(),
            words: "登错了户".into(),
        }),
        key_fields(None),
        key_fields(Some(12)),
        Act::TakeDownNotice { household: household(), notice: 7, reason: "金额写错了".into() },
        accept(Some(household())),
        accept(None),
        Act::AcceptDocument {
            file: StoredFile { sm3: Some(sha256), ..stored() },
            household: None,
            organisation: organisation(),
        },
        file(Some("2026-03-09")),
        file(None),
        Act::JoinDocument { document, into: DocumentId(0) },
        Act::ReturnDocument { document, reason: "看不清".into() },
        bind(1, None),
        bind(2, Some(sha256)),
        Act::RotateKey {
            old: "log.example+0f0f0f0f+AQ==".into(),
            new: "log.example+1f0f0f0f+AQ==".into(),
        },
        Act::RetireKey { key: "log.example+0f0f0f0f+AQ==".into() },
        Act::TimestampCheckpoint {
            size: 7,
            root: yidang::tlog::Frontier::default().root().to_string(),
            token: sha256,
            bytes: 900,
            authority: "http://tsa.example".into(),
            confirmed: "2026-11-23T08:00:00Z".parse().unwrap(),
        },
        Act::SealAccessLog {
            origin: "log.example/access".into(),
            size: 7,
            root: yidang::tlog::Frontier::default().root().to_string(),
        },
        Act::CheckFixity {
            result: FixityResult {
                checked: 3,
                bytes: 900,
                changed: vec![sha256],
                missing: vec![sha256],
                untracked: vec!["obj/sha256/ab/x".into()],
                unread: vec![(sha256, "the disk failed".into())],
                log: vec![LogFinding {
                    path: "log/checkpoint".into(),
                    class: FindingClass::Changed,
                    reason: "changed".into(),
                }],
                scope: Some(Coverage {
                    shards: 3,
                    of: 512,
                    copies: 2,
                    files: 9,
                    log: true,
                    catalog: false,
                }),
                beside: vec![found(Some(Side::Copy)), found(None)],
                destroyed: vec![(45, 12)],
            },
        },
        Act::CheckFixity { result: FixityResult::default() },
        repair(Some("quarantine/x-20261123T080000.000Z".into())),
        repair(None),
        Act::BeginEncryption { keys: "0f".repeat(8) },
        Act::EncryptBlobs { side: Side::Store, files: 7, bytes: 900 },
        Act::DestroyKeys {
            household: household(),
            objects: vec![sha256],
            reason: "保管期满，销毁清册2026-3号".into(),
            asked: None,
        },
        Act::AskDestruction { household: household(), reason: "保管期满".into() },
        Act::RefuseDestruction { household: household(), asked: 7, reason: "案子没结".into() },
        Act::DestroyKeys {
            household: household(),
            objects: vec![sha256],
            reason: "保管期满".into(),
            asked: Some(7),
        },
        entered(true),
        entered(false),
        ordered(Some(25)),
        ordered(None),
        Act::DrawSample(DrawSample {
            order: 12,
            organisation: organisation(),
            register: "spot_checks".into(),
            stage: "drawn".into(),
            tree_size: 13,
            root: sha256,
            population: 482,
            population_sha256: sha256,
            drawn: vec![Drawn { household: household(), number: "2026-001".parse().unwrap() }],
            next: waits(true),
        }),
    ]
}

fn waits(dated: bool) -> Option<NextStep> {
    Some(NextStep {
        step: "checked".into(),
        level: Collector::Street,
        due: dated.then(|| "2026-12-18".parse().unwrap()),
    })
}

/// A row that is entered, with what may be left out given or left out.
fn entered(all: bool) -> Act {
    Act::EnterRow(Entered {
        register: "tips".into(),
        stage: "received".into(),
        called: "群众举报登记册：登记".into(),
        organisation: organisation(),
        number: "2026-001".parse().unwrap(),
        on: "2026-11-20".parse().unwrap(),
        other: all.then(|| "990102003000".parse().unwrap()),
        household: all.then(household),
        in_file: !all,
        values: vec![Cell { column: "manner".into(), value: "来电".into() }],
        sealed: all.then(|| Sealed { sha256: Digest::of(b"s"), bytes: 90 }),
        paper: all.then_some(DocumentId(9)),
        next: if all { waits(false) } else { None },
        instead_of: all.then_some(11),
        seen: all.then_some(12),
    })
}

fn ordered(count: Option<u32>) -> Act {
    Act::OrderDraw(DrawOrder {
        organisation: organisation(),
        month: "2026-12".parse().unwrap(),
        state: "receiving".into(),
        category: String::new(),
        count,
        per_cent: if count.is_some() { None } else { Some(5) },
        population: "槐荫里社区及以下，在保，各类，以本条入日志时为准".into(),
        words: String::new(),
    })
}

fn bodies() -> Vec<Body> {
    let acts = acts().into_iter().zip(Role::ALL.into_iter().cycle());
    acts.map(|(act, role)| {
        let mut actor = Actor::new("赵玉梅", organisation(), role);
        if Role::GIVEN.contains(&role) {
            actor.person = Some(PersonId::of([7; 8]));
            actor.others = vec![Role::Reader];
        }
        Body::new(actor, act)
    })
    .collect()
}

#[test]
fn bodies_are_as_their_schema_says() {
    let schema = schema("body");
    for body in bodies() {
        holds(&schema, &serde_json::to_value(&body).unwrap());
    }
}

/// Entries of no household's file, of a new one, of one, and of two.
fn links(no: i64) -> Vec<Link> {
    let link = |volume: &str, prev| Link { volume: volume.repeat(16), prev };
    let all = [link("0a", None), link("0b", Some(no)), link("0c", Some(0))];
    match no % 4 {
        0 => Vec::new(),
        1 => all[..1].to_vec(),
        2 => all[1..2].to_vec(),
        _ => all[1..].to_vec(),
    }
}

#[test]
fn log_entries_are_as_their_schema_says() {
    let schema = schema("entry");
    for (no, body) in (0..).zip(bodies()) {
        let time = "2026-11-23T08:00:00.123456Z".parse().unwrap();
        let written = ledger::write(no, time, links(no), ledger::Draft::of(body).unwrap()).unwrap();
        holds(&schema, &serde_json::from_slice(&written.leaf).unwrap());
    }
}

#[test]
fn looks_are_as_their_schema_says() {
    let schema = schema("look");
    let actor = Actor::new("赵玉梅", organisation(), Role::Clerk);
    let standing = Standing {
        origin: "log.example".into(),
        size: 7,
        root: yidang::tlog::Frontier::default().root().to_string(),
    };
    let reasons = [Reason::new("2", "").unwrap(), Reason::new("5", "户主来电").unwrap()];
    let mut looks: Vec<Look> = Kind::ALL.into_iter().map(Look::new).collect();
    for reason in reasons {
        let look = Look::new(Kind::Open).of(household()).at(DocumentId(7)).titled("收入证明");
        looks.push(Look { reason: Some(reason), ..look.coded("J016-DB", Some(2)).counting(3_u64) });
    }
    looks.push(Look { records: Some(standing), ..Look::new(Kind::Seal) });
    looks.push(Look::new(Kind::Open).of(household()).ending(Outcome::Refused));
    looks.push(Look::new(Kind::Open).at(DocumentId(7)).ending(Outcome::Unknown));
    for look in looks {
        let body = LookBody::new(actor.clone(), look);
        let value = serde_json::to_value(&body).unwrap();
        assert_eq!(errors(&schema, &value), Vec::<String>::new(), "{value}");
        for at in ["", "/look", "/actor"] {
            let mut other = value.clone();
            other.pointer_mut(at).unwrap()["more"] = Value::from(1);
            assert!(!schema.is_valid(&other), "a new key in {at:?}");
        }
        for at in ["/look/kind", "/look/outcome", "/salt", "/v"] {
            let mut other = value.clone();
            *other.pointer_mut(at).unwrap() = Value::from("x");
            assert!(!schema.is_valid(&other), "another {at}");
        }
    }
}

#[test]
fn manifests_are_as_their_schema_says() {
    let schema = schema("manifest");
    let profile = Profile::national_2008().unwrap();
    for (version, previous) in [(1, None), (2, Some(Digest::of(b"one")))] {
        let papers = [Some("2026-03-09"), None].into_iter().zip(5..).map(|(date, no)| Bindable {
            document: DocumentId(no),
            description: description(date),
            files: vec![stored(), stored()],
        });
        let items = arrange(papers.collect(), &profile);
        let manifest = Manifest {
            format: MANIFEST_FORMAT.to_owned(),
            fonds: "J016".into(),
            fonds_name: "青石县民政局".into(),
            reference_code: "J016-DB·2026-D10-001".into(),
            household: household(),
            head: "周桂兰".into(),
            title: "周桂兰户低保档案".into(),
            retention: "10年".into(),
            version,
            previous,
            bound_at: "2026-11-23T08:00:00Z".parse().unwrap(),
            bound_by: "宋青".into(),
            note: "本卷 2 件 8 页，编页无缺号。".into(),
            pages: 8,
            items,
        };
        let value = serde_json::to_value(&manifest).unwrap();
        holds(&schema, &value);
        for (at, wrong) in [
            ("/version", json!(0)),
            ("/household", json!("9901020030040001")),
            ("/format", json!("yidang-manifest/2")),
            ("/bound_at", json!("2026-11-23 08:00")),
            ("/items/0/date", json!("2026-13-01")),
            ("/items/0/files/0/sha256", json!("AB".repeat(32))),
            ("/items/0/files/0/mime", json!("text/html")),
            ("/items", json!([])),
        ] {
            let mut other = value.clone();
            *other.pointer_mut(at).unwrap() = wrong;
            assert!(!schema.is_valid(&other), "{at}");
        }
        let mut other = value.clone();
        other["previous"] = if version == 1 { json!("0".repeat(64)) } else { Value::Null };
        assert!(!schema.is_valid(&other), "the first version has no manifest before it");
    }
}

#[test]
fn corrections_are_as_their_schema_says() {
    let schema = schema("correction");
    let correction = Correction {
        format: CORRECTION_FORMAT.to_owned(),
        salt: "0f".repeat(32),
        file: Digest::of(b"a"),
        page: 2,
        width: 1654,
        height: 2339,
        whole: false,
        lines: vec![CheckedLine::added("户主", [10, 20, 80, 40])],
    };
    let value = serde_json::to_value(&correction).unwrap();
    holds(&schema, &value);
    for (at, wrong) in [
        ("/page", json!(0)),
        ("/salt", json!("0f")),
        ("/lines/0/box", json!([1, 2, 3])),
        ("/lines/0/chars/0/2", json!(-1)),
        ("/format", json!("yidang-correction/2")),
    ] {
        let mut other = value.clone();
        *other.pointer_mut(at).unwrap() = wrong;
        assert!(!errors(&schema, &other).is_empty(), "{at}");
    }
}
