//! Samples of an entry: ordinary, outside the scope, the only one, broken.

use super::*;

const DIGEST: &str = "7c1e9a40d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9";
const OTHER: &str = "03bd51f7d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9";

/// The way of entry `index` in a log of `size`.
pub(super) fn proof(index: u64, size: u64) -> Proof {
    let (mut from, mut end, mut steps) = (0, size, Vec::new());
    while end - from > 1 {
        let middle = from + (end - from).next_power_of_two() / 2;
        let left = index >= middle;
        let beside = if left { (from, middle - 1) } else { (middle, end - 1) };
        let hash = || Some(DIGEST.to_owned());
        steps.push(Step { left, beside, neighbour: hash(), computed: hash() });
        if left { from = middle } else { end = middle }
    }
    steps.reverse();
    Proof {
        index,
        size,
        origin: "archive.example.gov.cn/j016".to_owned(),
        leaf: DIGEST.to_owned(),
        steps,
        computed: Some(DIGEST.to_owned()),
        published: DIGEST.to_owned(),
        differs: None,
    }
}

pub(super) fn examples() -> Vec<EntryPage> {
    let told = |what: &str| Told {
        what: what.to_owned(),
        who: "赵玉梅".to_owned(),
        role: "经办人".to_owned(),
        organisation: "柳桥街道办事处".to_owned(),
        document: Some((120_002, "定期核查（复审）表".to_owned())),
        household: Some(HouseholdRef::new("99010200300400127", "周桂兰")),
        changes: history::Change::samples(),
    };
    let entry = |no: u64, size, told, proof| EntryPage {
        frame: Frame { here: format!("/audit/entry/{no}"), log_position: size, ..Frame::sample() },
        no,
        when: "2026-11-23 11:31:07".to_owned(),
        event_type: "metadata modification".to_owned(),
        told,
        leaf: format!(
            "{{\"body\":\"{DIGEST}\",\"no\":{no},\"objects\":[],\"time\":\"2026-11-23T03:31:07Z\",\"type\":\"metadata modification\",\"v\":1,\"volumes\":[]}}"
        ),
        body: DIGEST.to_owned(),
        body_matches: true,
        objects: vec![OTHER.to_owned()],
        proof,
        bundle: "/doc/120002/bundle".to_owned(),
    };
    let broken = |differs| {
        let mut proof = proof(184_218, 184_220);
        proof.differs = Some(differs);
        proof.computed = Some(OTHER.to_owned());
        Standing::Drawn(proof)
    };
    let mut missing = proof(184_218, 184_220);
    missing.differs = Some(4);
    missing.computed = None;
    for step in missing.steps.iter_mut().skip(3) {
        (step.neighbour, step.computed) = (None, None);
    }
    vec![
        entry(
            184_218,
            184_220,
            Some(told("更正：定期核查（复审）表")),
            Standing::Drawn(proof(184_218, 184_220)),
        ),
        EntryPage {
            objects: Vec::new(),
            bundle: String::new(),
            ..entry(3, 7, None, Standing::Drawn(proof(3, 7)))
        },
        entry(0, 1, Some(told("建库")), Standing::Drawn(proof(0, 1))),
        entry(184_218, 184_220, Some(told("更正")), broken(2)),
        entry(184_218, 184_220, Some(told("更正")), broken(0)),
        EntryPage {
            body_matches: false,
            ..entry(184_218, 184_220, None, Standing::Drawn(missing))
        },
        EntryPage {
            frame: Frame::extreme(),
            ..entry(
                1_234_567_889,
                1_234_567_890,
                Some(told(
                    "更正：关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告",
                )),
                Standing::NotYet,
            )
        },
        entry(5, 9, Some(told("归入")), Standing::Unseen("存储没有应答".to_owned())),
    ]
}
