#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::model::access::{Actor, Role};

fn person(seed: u8) -> PersonId {
    PersonId::of([seed; 8])
}

fn party(seed: u8, name: &str) -> Party {
    Party { person: Some(person(seed)), name: name.into(), alike: Vec::new() }
}

fn actor(seed: u8, name: &str, role: Role) -> Actor {
    let organisation = "990102003000".parse().unwrap();
    Actor { person: Some(person(seed)), ..Actor::new(name, organisation, role) }
}

fn facts(manner: Manner, stage: Stage) -> Facts {
    Facts {
        household: "99010200300400127".parse().unwrap(),
        asker: party(1, "钱文斌"),
        borrower: party(1, "钱文斌"),
        manner,
        until: "2026-11-30".parse().unwrap(),
        stage,
        pages: 12,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn nobody_decides_for_oneself_under_any_name_or_role() {
    let now = at("2026-11-24T00:00:00Z");
    let lent = facts(Manner::Look, Stage::Asked);
    let decided = |by: &Actor| lent.decided(by, true, now);
    assert_eq!(decided(&actor(1, "钱文斌", Role::Approver)), Err(Rule::OwnRequest));
    assert_eq!(decided(&actor(1, "钱改名", Role::Approver)), Err(Rule::OwnRequest), "renamed");
    assert_eq!(
        decided(&actor(9, "钱 文斌", Role::Approver)),
        Err(Rule::OwnRequest),
        "two accounts"
    );
    assert_eq!(decided(&actor(2, "邓文彬", Role::Approver)), Ok(Stage::Agreed));
    let alike = Party { alike: vec![person(9)], ..party(1, "钱文斌") };
    let twice = Facts { asker: alike, ..lent.clone() };
    let by = actor(9, "钱又改名", Role::Approver);
    assert_eq!(twice.decided(&by, true, now), Err(Rule::OwnRequest), "once of one name");
    let nameless = Actor { person: None, ..actor(1, "钱文斌", Role::Approver) };
    assert_eq!(decided(&nameless), Err(Rule::OwnRequest), "without the account");

    // Noted by a clerk for another: neither of them decides.
    let noted = Facts { asker: party(3, "赵玉梅"), ..facts(Manner::Look, Stage::Asked) };
    for by in [actor(3, "赵玉梅", Role::Approver), actor(1, "钱文斌", Role::Approver)] {
        assert_eq!(noted.decided(&by, false, now), Err(Rule::OwnRequest));
    }
    // Nor does somebody get it from the own hands, or take it back from them.
    let own = facts(Manner::Borrow, Stage::HandedOver);
    assert_eq!(own.returned(&actor(1, "钱文斌", Role::Archivist), 1), Err(Rule::OwnRequest));
}

#[test]
fn a_last_day_ends_at_midnight_in_china() {
    assert_eq!(end_of("2026-11-30".parse().unwrap()), at("2026-11-30T16:00:00Z"));
    let lent = facts(Manner::Look, Stage::Agreed);
    assert_eq!(lent.standing(at("2026-11-30T15:59:59.999Z")), Standing::Open);
    assert_eq!(lent.standing(at("2026-11-30T16:00:00Z")), Standing::Lapsed);
    let out = facts(Manner::Borrow, Stage::HandedOver);
    assert_eq!(out.standing(at("2026-11-30T16:00:00Z")), Standing::Overdue);
    assert_eq!(term("2026-11-24".parse().unwrap(), at("2026-11-24T15:59:00Z")), Ok(()));
    assert_eq!(term("2026-11-24".parse().unwrap(), at("2026-11-24T16:00:00Z")), Err(Rule::Term));
    assert_eq!(term("2026-12-24".parse().unwrap(), at("2026-11-24T00:00:00Z")), Ok(()));
    assert_eq!(term("2026-12-25".parse().unwrap(), at("2026-11-24T00:00:00Z")), Err(Rule::Term));
    assert_eq!(end_of(Date::MAX), end_of(Date::MAX), "the end of time is no panic");
}

#[test]
fn reasons_are_one_line_of_some_length() {
    assert_eq!(words(" 复审抽查 ").unwrap(), "复审抽查");
    for bad in ["", "  ", "一\n二", "\u{7}", &"字".repeat(201)] {
        assert_eq!(words(bad), Err(Rule::Words), "{bad:?}");
    }
    assert!(words(&"字".repeat(200)).is_ok() && remark("").is_ok());
    assert!(outsider("孙立", "青石县审计局", "", "工作证 0417").is_ok());
    assert_eq!(outsider("孙立", "青石县审计局", "", ""), Err(Rule::Borrower));
    assert_eq!(outsider("孙立\r\nX: y", "局", "", "证"), Err(Rule::Borrower));
}

fn any_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    (0..all.len()).prop_map(move |at| all[at])
}

proptest! {
    /// Whatever is tried in whatever order: a file is open only after an
    /// agreement by somebody else, and only until its last day is over.
    #[test]
    fn what_is_open_was_agreed_to_by_another_and_has_not_ended(
        manner in any_of(Manner::ALL),
        outside in any::<bool>(),
        steps in proptest::collection::vec((0..5_u8, 1..4_u8, 0..20_i64, any::<bool>()), 0..12),
    ) {
        let mut lent = facts(manner, Stage::Asked);
        if outside {
            lent.borrower = Party { person: None, name: "孙立".into(), alike: Vec::new() };
        }
        let begun = at("2026-11-24T00:00:00Z");
        let (mut agreed_by, mut over) = (None, false);
        let names = ["", "钱文斌", "赵玉梅", "邓文彬"];
        for (step, who, days, yes) in steps {
            let by = actor(who, names[usize::from(who)], Role::Approver);
            let now = begun + jiff::SignedDuration::from_hours(24 * days);
            let next = match step {
                0 => lent.decided(&by, yes, now),
                1 => lent.handed_over(&by, now),
                2 => lent.returned(&by, 3),
                _ => lent.ended(),
            };
            if let Ok(next) = next {
                prop_assert!(!over, "nothing follows an end");
                if next == Stage::Agreed {
                    agreed_by = Some(who);
                }
                over = matches!(next, Stage::Refused | Stage::Returned | Stage::Ended);
                lent.stage = next;
            }
            let standing = lent.standing(now);
            if standing == Standing::Open {
                prop_assert!(agreed_by.is_some_and(|who| who != 1), "{agreed_by:?}");
                prop_assert!(now < end_of(lent.until) && manner == Manner::Look && !over);
            }
            prop_assert!(!over || standing.is_over());
            // What has ended by itself stays so as time goes on.
            let later = lent.standing(now + jiff::SignedDuration::from_hours(24 * 60));
            prop_assert!(!matches!(later, Standing::Open | Standing::Waiting | Standing::Ready));
            prop_assert!(!standing.is_over() || later == standing);
        }
    }
}
