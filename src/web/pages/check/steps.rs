//! What the auditor's program says, in the language of the page. A sentence
//! that is not known here stays in English, as that program says it.

use crate::check::{Report, Verdict};
use crate::web::lang::Lang;
use crate::web::page::check::Step;
use crate::web::page::part::State;

/// Sentences with what they hold: `{}` is any text.
const KNOWN: [(&str, &str); 54] = [
    ("{} files are as they were packed", "包里的{}份文件与装包时一样"),
    ("the log {} has signed its {} entries", "日志{}签过它的{}条"),
    ("enough witnesses have signed: {}", "见证者签够了：{}"),
    (
        "whether the log shows others another history: the policy asks for no witness, {} have signed",
        "日志有没有给别人看另一份历史：策略没有要求见证，有{}方签过",
    ),
    (
        "{} entries stand in the log, and what they commit to is here",
        "{}条都在日志里，它们认下的正文都在包里",
    ),
    ("{} papers and manifests are those that the entries name", "{}份原文和清单正是这些条目写明的"),
    ("document {} is here as it was taken in", "第{}号件与收下时一样"),
    ("everything of household {} that these entries name is here", "{}户在这些条目里的材料都在"),
    ("the volume {}, version {}, is here with its {} papers", "案卷{}第{}版连同{}件都在"),
    (
        "nothing else was recorded about this file up to entry {}",
        "到第{}条为止，关于这一户没有别的记录",
    ),
    (
        "entries {} are about the same household's file and not in this bag",
        "第{}条也是关于这一户的，不在这个包里",
    ),
    ("whether anything came later: the bag does not show it", "后来还有没有别的：这个包没有说明"),
    ("the body of entry {} is not the one it commits to", "第{}条的正文不是它认下的那一份"),
    ("entry {} is not in the log: {}", "第{}条不在日志里（{}）"),
    ("the history in the bag is not that of the log", "包里的历史不是日志的历史"),
    ("the bag holds back entries about this file: {}", "包里瞒下了关于这一户的条目：{}"),
    ("the history of the file has a gap before entry {}", "这一户的历史在第{}条之前缺了"),
    ("the entries in the bag are not those it says it has", "包里的条目与它自己说的不一样"),
    ("the file {} is missing from the bag", "包里少了文件{}"),
    ("{} is named by no entry", "{}没有哪一条提到过"),
    ("{} is not as it was packed", "{}与装包时不一样"),
    ("entry {} is a look at records: {}, {}", "第{}条是一次查阅：{}，{}"),
    (
        "the files that entries {} name are about others too, and not in this bag",
        "第{}条指明的文件也关系到别人，不在这个包里",
    ),
    (
        "documents {} stand in the catalog and were put into another file since: they are not in this bag",
        "卷内目录里的第{}号件后来归进了别的户，不在这个包里",
    ),
    (
        "what README.html and the small pictures show: they are for people, and prove nothing",
        "README.html和小图上写了什么：给人看的，不作证明",
    ),
    (
        "entry {} puts document {} into the file, and the bag does not show how it was taken in",
        "第{}条把第{}号件归进了这一户，包里没有它是怎么收下的",
    ),
    ("the history in the bag is not that of the file it is about", "包里的历史不是这一户的"),
    ("entry {} is not about the file the bag is about", "第{}条不是关于这一户的"),
    ("the history in the bag begins after entry {}", "包里的历史从第{}条之后才开始"),
    ("entry {} of the history is cut off", "历史里的第{}条不完整"),
    ("entry {} and its body name different files", "第{}条和它的正文指的不是同样的文件"),
    ("the proof of entry {} is to another checkpoint", "第{}条的证明对的是另一个检查点"),
    ("no entry shows how the file {} was taken in", "没有哪一条写明文件{}是怎么收下的"),
    ("the bag does not show how the file of {} was opened", "包里没有{}户是怎么立户的"),
    ("the bag does not show how document {} was taken in", "包里没有第{}号件是怎么收下的"),
    ("the bag does not show how the volume {} was bound", "包里没有案卷{}是怎么立卷的"),
    ("the bag does not show that nothing came later", "包里没有说明后来还有没有别的"),
    ("the manifest {} is missing from the bag", "包里少了清单{}"),
    ("the manifest of entry {} has another {}", "第{}条的清单里{}不一样"),
    ("{} is missing from the bag", "包里少了{}"),
    ("{} is in the bag and in none of its manifests", "{}在包里，清单上没有"),
    ("{} is no part of a proof", "核验包里不该有{}"),
    ("{} is not in the catalog of the volume", "{}不在卷内目录里"),
    ("{} is not named as the kind of file it was taken in as", "{}的名字不是收下时那种文件的名字"),
    ("the manifest of entry {} lists no document", "第{}条的清单里有一件没有件号"),
    ("{} has the digest {}", "{}的摘要其实是{}"),
    ("the signature of {} is not right for this checkpoint", "{}的签名与这个检查点对不上"),
    (
        "the quorum {} is not met by this checkpoint of {} entries, too few witnesses have signed it: {}; ask for a newer bundle, or judge this one by the policy of its day, and its data/checkpoint as OLD by `yidang-verify consistency OLD NEW --path FILE --policy FILE`, with a newer checkpoint that has the quorum as NEW",
        "见证不够：要{}，这个有{}条的检查点上签了的是{}。请另打一个新的核验包；或用当时的策略核验这一个，再用`yidang-verify consistency OLD NEW --path FILE --policy FILE`核验一致性：OLD是包里的data/checkpoint，NEW是见证已够的较新的检查点",
    ),
    (
        "the checkpoint is of the log {}, and the policy trusts {}",
        "检查点是日志{}的，策略信任的是{}",
    ),
    ("no key of {} that the policy trusts has signed{}", "策略信任的{}的密钥没有签过{}"),
    (
        "when the log had its first {} entries: name the authority by --tsa",
        "日志的前{}条是什么时候有的：要用时间戳机构的证书核验（--tsa）",
    ),
    ("the timestamp does not cover the entries of the bag", "时间戳没有盖住包里的条目"),
    ("the bag does not show one look at records", "包里没有写明是哪一次查阅"),
    ("{} is missing: this is no bag", "少了{}，这不是核验包"),
];

/// The steps of a report.
pub(super) fn told(lang: Lang, report: &Report) -> Vec<Step> {
    let step = |(verdict, sentence): &(Verdict, String)| {
        let (state, word) = match verdict {
            Verdict::Sound => (State::Ok, lang.t("对", "right")),
            Verdict::Wrong => (State::Late, lang.t("不对", "wrong")),
            Verdict::Open => (State::Due, lang.t("没有查", "not checked")),
            Verdict::Unseen => (State::Due, lang.t("没看成", "not seen")),
        };
        Step { state, word: word.to_owned(), sentence: sentence_in(lang, sentence) }
    };
    report.steps.iter().map(step).collect()
}

fn sentence_in(lang: Lang, sentence: &str) -> String {
    let chinese = || {
        KNOWN.iter().find_map(|(english, chinese)| Some(filled(chinese, &held(english, sentence)?)))
    };
    match lang {
        Lang::En => sentence.to_owned(),
        Lang::Zh => chinese().unwrap_or_else(|| sentence.to_owned()),
    }
}

/// What a sentence has in the places of a pattern; none when it is another.
fn held<'a>(pattern: &str, sentence: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = sentence.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    for part in parts {
        let at = if part.is_empty() { rest.len() } else { rest.find(part)? };
        found.push(&rest[..at]);
        rest = &rest[at + part.len()..];
    }
    rest.is_empty().then_some(found)
}

fn filled(pattern: &str, with: &[&str]) -> String {
    let mut text = String::new();
    let mut with = with.iter();
    for (i, part) in pattern.split("{}").enumerate() {
        if i > 0 {
            text.push_str(with.next().unwrap_or(&""));
        }
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_sentence_is_told_in_chinese_and_another_as_it_is() {
        let say = |sentence| sentence_in(Lang::Zh, sentence);
        assert_eq!(say("116 files are as they were packed"), "包里的116份文件与装包时一样");
        assert_eq!(
            say("the volume J016-DB·2026-D10-001, version 1, is here with its 2 papers"),
            "案卷J016-DB·2026-D10-001第1版连同2件都在"
        );
        assert_eq!(
            say("data/objects/a.html is not named as the kind of file it was taken in as"),
            "data/objects/a.html的名字不是收下时那种文件的名字"
        );
        let lacking = "the quorum two is not met by this checkpoint of 12 entries, too few witnesses have signed it: one; ask for a newer bundle, or judge this one by the policy of its day, and its data/checkpoint as OLD by `yidang-verify consistency OLD NEW --path FILE --policy FILE`, with a newer checkpoint that has the quorum as NEW";
        assert!(say(lacking).starts_with("见证不够：要two，这个有12条的检查点上签了的是one。"));
        assert_eq!(
            say("when the log had its first 160 entries: name the authority by --tsa"),
            "日志的前160条是什么时候有的：要用时间戳机构的证书核验（--tsa）"
        );
        assert_eq!(say("the moon is full"), "the moon is full");
        assert_eq!(
            sentence_in(Lang::En, "116 files are as they were packed"),
            "116 files are as they were packed"
        );
    }

    #[test]
    fn a_translation_holds_as_much_as_its_sentence() {
        for (english, chinese) in KNOWN {
            assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{english}");
        }
    }
}
