//! What of the life of a file could not be done, in the words of a clerk.

use axum::http::StatusCode;

use super::Failure;
use crate::living::LivingError;
use crate::model::access::Denied;
use crate::model::bank_file::SheetError;
use crate::model::benefit::BenefitRule;
use crate::model::evidence::EvidenceRule;
use crate::model::field::ValueError;
use crate::model::fund::FundRule;
use crate::model::kinship::KinRule;
use crate::model::living::LivingRule;
use crate::model::procedure::MoveError;
use crate::model::profile::Collector;
use crate::view::ViewError;

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Where a rule stands: `art. 19` is 第19条.
fn written(rule: &str) -> (String, String) {
    match rule.strip_prefix("art. ") {
        Some(articles) => {
            let zh = articles.replace(" and ", "、");
            (format!("审核确认办法第{zh}条"), format!("article {articles} of the rules of 2021"))
        }
        None => ("本地规定".to_owned(), "local rule".to_owned()),
    }
}

impl From<LivingRule> for Failure {
    fn from(rule: LivingRule) -> Self {
        let (zh, en) = match &rule {
            LivingRule::StatedMeanwhile(_) => (
                "刚才有人先改了这一户的情况，您的还没有存。".to_owned(),
                "Somebody else changed what is known of this household first; yours is not stored."
                    .to_owned(),
            ),
            LivingRule::SteppedMeanwhile(_) => (
                "刚才有人先办了一步，您的还没有存。".to_owned(),
                "Somebody else took a step first; yours is not stored.".to_owned(),
            ),
            LivingRule::NotYet(day) => {
                (format!("{day}还没有到。"), format!("{day} has not come yet."))
            }
            LivingRule::NotInFile(..) => (
                "这一件不在这一户的卷里，或者已经退回补正了。".to_owned(),
                "This paper is not in the file of the household, or was sent back already."
                    .to_owned(),
            ),
            LivingRule::NoPerson(..) => (
                "这一户没有这个人，或者他已经不在这一户。".to_owned(),
                "The household has no such person, or the person has left it.".to_owned(),
            ),
            LivingRule::HeadLeaves(_) => (
                "户主要离开：先在全户的「户主」里选新的户主；家里没有别人的，去世的记「死亡」，其余的办停保。".to_owned(),
                "The head leaves: state first who is the head from now on; where nobody else lives there, state a death as one, or stop the allowance."
                    .to_owned(),
            ),
            LivingRule::NoPlace(_, typed) => (
                format!("「{typed}」不是这一户哪个人的序号。"),
                format!("{typed:?} is no place of a person of this household."),
            ),
            LivingRule::NoStatement(..) => (
                "没有这条记载，或者它已经更正过。".to_owned(),
                "There is no such statement, or it was corrected already.".to_owned(),
            ),
            LivingRule::UnknownPlace(code) => (
                format!("没有登记过机构{code}。"),
                format!("No organisation {code} is registered."),
            ),
            LivingRule::Listed(_, month) => (
                format!("刚才有人先做了{month}的名册。"),
                format!("Somebody else made the roster of {month} first."),
            ),
            LivingRule::Fund(rule) => fund(rule),
            LivingRule::Evidence(EvidenceRule::Taken(called)) => (
                format!("这个文件已经作为「{called}」导入过，没有再存。"),
                "This file was taken in already; nothing was stored.".to_owned(),
            ),
            LivingRule::Evidence(EvidenceRule::Closed { author, entry }) => (
                format!("{author}刚才处理了这一条（第{entry}号记录），您的没有存。"),
                format!("{author} closed this finding first (entry {entry}); yours is not stored."),
            ),
            LivingRule::Kin(rule) => kin(rule),
            LivingRule::OtherCase(..) | LivingRule::CaseOver(..) => (
                "这一宗已经办完，或者另有一宗在办。".to_owned(),
                "This case has ended, or another one runs.".to_owned(),
            ),
            LivingRule::KeyedMeanwhile(_) => (
                "刚才有人先录了这一件，您的还没有存。".to_owned(),
                "Somebody else keyed this paper first; yours is not stored.".to_owned(),
            ),
        };
        let status = if rule.is_conflict() { StatusCode::CONFLICT } else { WRONG };
        let failure = Self::new(status, zh, en).stored(false);
        if rule.is_conflict() {
            failure.hint(
                "回到户档看看现在的样子，再改一次。",
                "Go back to the file, see how it stands, and change it again.",
            )
        } else {
            failure
        }
    }
}

fn fund(rule: &FundRule) -> (String, String) {
    let zh = match rule {
        FundRule::NotYet(day) => format!("{day}还没有到。"),
        FundRule::NoBooking(_) => "没有这笔账，或者它已经更正过。".to_owned(),
        FundRule::NoRecovery(..) => "这一户没有这笔追缴。".to_owned(),
        FundRule::More(open) => format!("还剩{open}元没有退回，不能再多。"),
        FundRule::NoFile(month) => format!("{month}没有这份回盘，或者它已经换过。"),
    };
    (zh, format!("{rule}."))
}

fn kin(rule: &KinRule) -> (String, String) {
    let zh = match rule {
        KinRule::Itself(_) => "一户不能并入自己。".to_owned(),
        KinRule::Gone(_, Some(there)) => {
            format!("这个户号下已经没有人，人都在{there}：请到那一户办。")
        }
        KinRule::Gone(_, None) => {
            "这个户号下已经没有人：并入了另一户，或者立错了。户档上写着去哪一户。".to_owned()
        }
        KinRule::HeadStays(_) => "户主要留下，或者选留下的人里谁当户主；全走的办并户。".to_owned(),
        KinRule::NotAll(_) => "并户时在户的人都要去，每人一次。".to_owned(),
        KinRule::TooMany => "一户最多100人。".to_owned(),
        KinRule::Before(day) => format!("{day}以后这两户已经有别的记载，日期要往后。"),
        KinRule::IsLink(_) => "这是分户或并户记下的：整个更正，或者再办一次反方向的。".to_owned(),
        KinRule::NoLink(..) => "没有这次分户、并户，或者已经更正过。".to_owned(),
        KinRule::Since(_) => {
            "后来已经有别的记载或材料，不能再更正：请办一次反方向的分户或并户。".to_owned()
        }
        KinRule::Away(..) => "这个人随分户、并户去了另一户，要回来再办一次分户或并户。".to_owned(),
        KinRule::Unpaid(_) => "名册上还有这一户没有发成的钱，先办清，再并户。".to_owned(),
        KinRule::AskedBack(_) => "这一户还有追缴没有办完，先办完，再并户。".to_owned(),
    };
    (zh, format!("{rule}."))
}

fn moved(error: &MoveError) -> (String, String) {
    match error {
        MoveError::Unknown(step) => {
            (format!("没有「{step}」这个环节。"), format!("There is no step {step:?}."))
        }
        MoveError::Over => ("这一宗已经办完。".to_owned(), "The case has ended.".to_owned()),
        MoveError::Twice(step) => {
            (format!("「{}」已经办过了。", step.zh), format!("“{}” has been done.", step.en))
        }
        MoveError::First { step, first, rule } => {
            let (zh, en) = written(rule);
            (
                format!("要先办「{}」，才能办「{}」（{zh}）。", first.zh, step.zh),
                format!("“{}” comes before “{}” ({en}).", first.en, step.en),
            )
        }
        MoveError::Unsigned { step, first, offices, rule } => (
            format!("「{}」要等{offices}「{}」（{rule}）。", step.zh, first.zh),
            format!("“{}” waits for “{}” by {offices} ({rule}).", step.en, first.en),
        ),
        MoveError::TooLate { step, then, rule } => {
            let (zh, en) = written(rule);
            (
                format!("「{}」已经办了，不能再办「{}」（{zh}）。", then.zh, step.zh),
                format!("“{}” was done: it is too late for “{}” ({en}).", then.en, step.en),
            )
        }
        MoveError::TooEarly { step, from, rule } => {
            let (zh, en) = written(rule);
            (
                format!("「{}」最早{from}才能办（{zh}）。", step.zh),
                format!("“{}” cannot be done before {from} ({en}).", step.en),
            )
        }
        MoveError::Backwards { step, first, on } => (
            format!("「{}」的日期不能早于「{}」的{on}。", step.zh, first.zh),
            format!("“{}” cannot be earlier than “{}” on {on}.", step.en, first.en),
        ),
        MoveError::Sooner { step, behind, on } => (
            format!("「{}」的日期不能早于{on}（{}）。", step.zh, behind.zh()),
            format!("“{}” cannot be earlier than {on}, when {behind}.", step.en),
        ),
    }
}

fn value(error: &ValueError) -> (String, String) {
    let zh = match error {
        ValueError::Unknown(field) => format!("没有「{field}」这一项。"),
        ValueError::Long(name) => format!("「{name}」最多200字。"),
        ValueError::Date(name) => format!("「{name}」写成2026-11-28这样，不能是以后的日子。"),
        ValueError::Money(name) => format!("「{name}」写元，最多两位小数。"),
        ValueError::Whole(name) => format!("「{name}」写一个整数。"),
        ValueError::Choice(name, choices) => format!("「{name}」只能是：{choices}。"),
        ValueError::IdNumber(name) => format!("「{name}」不对：18位，末位是校验码，请对照证件。"),
        ValueError::Digits(name) => format!("「{name}」只写数字，5到30位。"),
        ValueError::Place(name) => format!("「{name}」写12位机构代码。"),
    };
    (zh, format!("{error}."))
}

fn benefit(rule: BenefitRule) -> (String, String) {
    let zh = match rule {
        BenefitRule::Nothing => "要写保障人数和金额；停发不写金额。".to_owned(),
        BenefitRule::NotMore(paid) => format!("增发以后要多于现在的{paid}元。"),
        BenefitRule::NotLess(paid) => format!("减发以后要少于现在的{paid}元。"),
        BenefitRule::Persons(people) => format!("这一户现有{people}人，保障人数不能再多。"),
        BenefitRule::Month => "起始月不能早于决定当月，也不能晚于一年以后。".to_owned(),
        BenefitRule::PhaseOut(months) => {
            format!("渐退期前后一共1到{months}个月，要写最后一个月；别的决定不写。")
        }
    };
    (zh, format!("{rule}."))
}

impl Failure {
    /// A value that does not fit.
    pub(super) fn of_value(error: &ValueError) -> Self {
        let (zh, en) = value(error);
        Self::new(WRONG, zh, en).stored(false)
    }
}

impl From<LivingError> for Failure {
    fn from(error: LivingError) -> Self {
        let en = format!("{error}.");
        let (zh, en) = match &error {
            LivingError::UnknownHousehold(no) => {
                return ViewError::UnknownHousehold(no.clone()).into();
            }
            LivingError::UnknownDocument(id) => return ViewError::UnknownDocument(*id).into(),
            LivingError::Denied(Denied(right)) => return Self::denied(*right),
            LivingError::Value(error) => value(error),
            LivingError::Identity(rule) => (rule.zh(), en),
            LivingError::Move(error) => moved(error),
            LivingError::BenefitRule(rule) => benefit(*rule),
            LivingError::NoFacts => {
                ("没有填任何一项。".to_owned(), "Nothing was filled in.".into())
            }
            LivingError::NoProcedure(_) => ("没有这种程序。".to_owned(), en),
            LivingError::NotNow { procedure, state } => {
                (format!("这一户现在是「{state}」，不能开始「{procedure}」。"), en)
            }
            LivingError::Runs(no) => (format!("第{no}宗还没有办完，先办完它。"), en),
            LivingError::NoCase => ("现在没有在办的，先选一种程序。".to_owned(), en),
            LivingError::OtherLevel(level) => {
                let who = match level {
                    Collector::Bureau => "民政局",
                    Collector::Street => "街道或民政局",
                    Collector::Community => "居委会、街道或民政局",
                };
                (format!("这个环节由{who}办。"), en)
            }
            LivingError::People(0 | 1) => ("经办人写姓名，最多10人，各不超过40字。".to_owned(), en),
            LivingError::People(people) => (format!("要写{people}个人的姓名，各不超过40字。"), en),
            LivingError::Office => ("要写是哪个部门的意见，不超过40字。".to_owned(), en),
            LivingError::OtherOffice(offices) => (format!("这一步由这些部门签：{offices}。"), en),
            LivingError::Paper => ("要指出依据的那件材料。".to_owned(), en),
            LivingError::NotPutUp(kind) => {
                (format!("那一天没有挂着的「{}」：先公示，或指出公示的那件材料。", kind.zh()), en)
            }
            LivingError::TakenDown { kind, days } => {
                (format!("「{}」要挂满{days}天：提前撤下的不算，请重新公示。", kind.zh()), en)
            }
            LivingError::Words => ("要写理由或意见，最多500字。".to_owned(), en),
            LivingError::Benefit(_) => {
                ("类别、人数和金额看不懂：金额写元，类别写A、B或C。".to_owned(), en)
            }
            LivingError::Sheet(error) => (
                match error {
                    SheetError::Large => "文件太大：最大32MB，解开最大96MB。".to_owned(),
                    SheetError::Rows(most) => {
                        format!("行数太多：一个文件最多{most}行，请分成几个文件。")
                    }
                    SheetError::Columns => "列太多，最多64列。".to_owned(),
                    SheetError::Text => {
                        "看不懂这个文件：要CSV（UTF-8或GBK编码）或XLSX。".to_owned()
                    }
                    SheetError::Column(name) => format!("第一行没有「{name}」这一列。"),
                    SheetError::Empty => "文件里没有一行。".to_owned(),
                },
                en,
            ),
            LivingError::TakenAlready(month) => {
                (format!("这个文件已经存作{month}的回盘，没有再存。"), en)
            }
            LivingError::NotPaid(left) => {
                (format!("这几个月发过、还没有追缴的只有{left}元，不能追得更多。"), en)
            }
            LivingError::NobodyToList => ("该发的都在名册上了。".to_owned(), en),
            LivingError::Told { zh, .. } => ((*zh).to_owned(), en),
            LivingError::UnreadableIncome(income) => (
                format!("收入写的是「{income}」，不是金额，没法测算：先更正家庭情况，再决定。"),
                en,
            ),
            LivingError::Departs { decided, computed } => {
                (format!("决定{decided}元，测算{computed}元：要写不一样的原因，2到500字。"), en)
            }
            LivingError::Asked(_) => ("筛选看不懂：机构是数字，件种如A08。".to_owned(), en),
            LivingError::Record(_)
            | LivingError::Look(_)
            | LivingError::Db(_)
            | LivingError::Vault(_) => {
                return match error {
                    LivingError::Record(error) => error.into(),
                    LivingError::Look(error) => ViewError::from(error).into(),
                    LivingError::Db(error) => error.into(),
                    LivingError::Vault(error) => error.into(),
                    other => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "", "").detail(other),
                };
            }
        };
        let status = match &error {
            LivingError::Move(MoveError::Unknown(_)) => WRONG,
            LivingError::Move(_)
            | LivingError::NotNow { .. }
            | LivingError::Runs(_)
            | LivingError::NoCase
            | LivingError::NobodyToList
            | LivingError::TakenAlready(_)
            | LivingError::OtherLevel(_)
            | LivingError::NotPutUp(_)
            | LivingError::TakenDown { .. } => StatusCode::CONFLICT,
            _ => WRONG,
        };
        Self::new(status, zh, en).stored(false)
    }
}
