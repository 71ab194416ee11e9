//! 代码: what the program asks for by name in rules that are data. A bureau that has rules
//! of its own calls these as it likes on the screen, and keeps their codes: without one a
//! list, a register or a figure would be empty and nobody would know why.

use super::evidence::{EvidenceRules, Unit};
use super::field::Of;
use super::rules::Rules;

/// 状态 of households.
pub mod state {
    /// 未申请: that in which a household is opened.
    pub const NONE: &str = "none";
    /// 在保
    pub const RECEIVING: &str = "receiving";
    /// 停保
    pub const STOPPED: &str = "stopped";
    /// 不予确认
    pub const REFUSED: &str = "refused";
    /// 已并户: of a household that went into another.
    pub const MERGED: &str = "merged";
    /// 已作废: of a household whose split was taken back.
    pub const VOID: &str = "void";
}

/// 程序 and a step of one.
pub mod procedure {
    /// 申请: the cases whose time the statistics tell apart.
    pub const APPLICATION: &str = "application";
    /// 存量接收: of a household that received the allowance before its file was opened.
    pub const CARRIED_OVER: &str = "carried_over";
    /// Its step.
    pub const CARRY: &str = "carry";
}

/// 字段 of the household.
pub mod household {
    /// 户主: the place of a person.
    pub const HEAD: &str = "head";
    /// 所在社区
    pub const ORGANISATION: &str = "organisation";
    /// 现住址
    pub const ADDRESS: &str = "address";
    /// 户籍地址
    pub const REGISTERED_ADDRESS: &str = "registered_address";
    /// 联系电话
    pub const PHONE: &str = "phone";
    /// 致贫原因
    pub const CAUSE: &str = "cause";
    /// 住房情况
    pub const HOUSING: &str = "housing";
    /// 房屋状况
    pub const HOUSE_CONDITION: &str = "house_condition";
    /// 家庭月收入
    pub const INCOME: &str = "income";
    /// 近亲属备案：工作人员
    pub const NEAR_RELATIVE: &str = "near_relative";
    /// 工作人员单位
    pub const STAFF_UNIT: &str = "staff_unit";
    /// 工作人员职务
    pub const STAFF_POST: &str = "staff_post";
    /// 与工作人员的关系
    pub const STAFF_RELATION: &str = "staff_relation";
    /// 工作人员身份证号
    pub const STAFF_ID_NUMBER: &str = "staff_id_number";
    /// 工作人员电话
    pub const STAFF_PHONE: &str = "staff_phone";
    /// 低保证编号
    pub const CERTIFICATE_NO: &str = "certificate_no";
    /// 分类施保
    pub const SUPPLEMENT: &str = "supplement";
    /// 物价等补贴
    pub const SUBSIDY: &str = "subsidy";
    /// 花名册备注
    pub const ROSTER_REMARKS: &str = "roster_remarks";
    /// 开户行
    pub const BANK: &str = "bank";
    /// 账号
    pub const ACCOUNT: &str = "account";
}

/// 字段 of a person.
pub mod member {
    /// 姓名
    pub const NAME: &str = "name";
    /// 与户主关系
    pub const RELATION: &str = "relation";
    /// 身份证号
    pub const ID_NUMBER: &str = "id_number";
    /// 性别
    pub const SEX: &str = "sex";
    /// 出生日期
    pub const BIRTH: &str = "birth";
    /// 健康状况
    pub const HEALTH: &str = "health";
    /// 残疾类别等级
    pub const DISABILITY: &str = "disability";
    /// 从业状况
    pub const EMPLOYMENT: &str = "employment";
    /// 劳动能力
    pub const ABILITY: &str = "ability";
    /// 户口性质
    pub const REGISTRATION: &str = "registration";
    /// 月收入
    pub const INCOME: &str = "income";
    /// 离户原因
    pub const LEFT: &str = "left";
}

/// 离户原因 that the program goes by.
pub mod left {
    /// 死亡: alone it is no reason for another head, and what is due then is told.
    pub const DEATH: &str = "死亡";
}

/// 核查发现
pub mod finding {
    /// 已死亡仍在户: nobody is paid for whom it is of.
    pub const DEAD: &str = "dead";
}

/// 台账
pub mod register {
    /// 抽检登记册: its rows are begun by draws.
    pub const SPOT_CHECKS: &str = "spot_checks";
    /// 领取金签字表登记: its rows are begun by printing.
    pub const SIGN_OFFS: &str = "sign_offs";
    /// The columns of a sheet that are filled as it is printed: 月份, 户数, 金额.
    pub const OF_SHEET: [&str; 3] = ["month", "households", "amount"];
}

/// The states.
pub const STATES: [&str; 6] = {
    use state::{MERGED, NONE, RECEIVING, REFUSED, STOPPED, VOID};
    [NONE, RECEIVING, STOPPED, REFUSED, MERGED, VOID]
};

/// The fields of the household.
pub const OF_HOUSEHOLD: [&str; 21] = {
    use household::*;
    [
        HEAD,
        ORGANISATION,
        ADDRESS,
        REGISTERED_ADDRESS,
        PHONE,
        CAUSE,
        HOUSING,
        HOUSE_CONDITION,
        INCOME,
        NEAR_RELATIVE,
        STAFF_UNIT,
        STAFF_POST,
        STAFF_RELATION,
        STAFF_ID_NUMBER,
        STAFF_PHONE,
        CERTIFICATE_NO,
        SUPPLEMENT,
        SUBSIDY,
        ROSTER_REMARKS,
        BANK,
        ACCOUNT,
    ]
};

/// The fields of a person.
pub const OF_MEMBER: [&str; 12] = {
    use member::*;
    [
        NAME,
        RELATION,
        ID_NUMBER,
        SEX,
        BIRTH,
        HEALTH,
        DISABILITY,
        EMPLOYMENT,
        ABILITY,
        REGISTRATION,
        INCOME,
        LEFT,
    ]
};

/// Choices of fields of a person that are counted or written by name.
const CHOICES: [(&str, &str); 9] = [
    (member::SEX, "女"),
    (member::HEALTH, "重病"),
    (member::EMPLOYMENT, "无劳动能力"),
    (member::ABILITY, "部分丧失"),
    (member::ABILITY, "完全丧失"),
    (member::REGISTRATION, "非农业"),
    (member::LEFT, left::DEATH),
    (member::LEFT, "分户"),
    (member::LEFT, "并户"),
];

/// The first thing that is asked for and these rules have not: the file it should stand
/// in, and what it is. None when they have everything.
#[must_use]
pub fn lacking(rules: &Rules) -> Option<(&'static str, String)> {
    use procedure::{APPLICATION, CARRIED_OVER, CARRY};
    use register::{OF_SHEET, SIGN_OFFS, SPOT_CHECKS};
    let mut asked: Vec<(&'static str, String, bool)> = Vec::new();
    let file = "procedures.toml";
    for code in STATES {
        asked.push((file, format!("state {code}"), rules.state(code).is_some()));
    }
    for code in [APPLICATION, CARRIED_OVER] {
        asked.push((file, format!("case {code}"), rules.procedure(code).is_some()));
    }
    let carry = rules.procedure(CARRIED_OVER).and_then(|case| case.step(CARRY));
    asked.push((file, format!("step {CARRY} of {CARRIED_OVER}"), carry.is_some()));
    let file = "fields.toml";
    for code in OF_HOUSEHOLD {
        let has = rules.field(Of::Household, code).is_ok();
        asked.push((file, format!("field {code} of the household"), has));
    }
    for code in OF_MEMBER {
        let has = rules.field(Of::Member, code).is_ok();
        asked.push((file, format!("field {code} of the member"), has));
    }
    for (code, choice) in CHOICES {
        let field = rules.field(Of::Member, code);
        let has = field.is_ok_and(|field| field.choices.iter().any(|one| one == choice));
        asked.push((file, format!("choice {choice} of the member's {code}"), has));
    }
    let file = "registers.toml";
    let drawn = rules.register(SPOT_CHECKS).is_some_and(|one| one.drawn);
    asked.push((file, format!("register {SPOT_CHECKS} with drawn = true"), drawn));
    let sheets = rules.register(SIGN_OFFS).filter(|one| one.printed);
    asked.push((file, format!("register {SIGN_OFFS} with printed = true"), sheets.is_some()));
    for code in OF_SHEET {
        let has = sheets.is_some_and(|one| one.columns().any(|column| column.code == code));
        asked.push((file, format!("column {code} of {SIGN_OFFS}"), has));
    }
    asked.into_iter().find(|(_, _, has)| !has).map(|(file, what, _)| (file, what))
}

/// The same of rules by which results of other departments are set against declarations,
/// which are read when the others have everything.
#[must_use]
pub fn lacking_in(rules: &EvidenceRules) -> Option<String> {
    let dead = rules.finding(finding::DEAD).is_some_and(|one| one.unit == Unit::Date);
    (!dead).then(|| format!("finding {} of a date", finding::DEAD))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::rules::OwnRules;

    /// What is told of rules in which the code that stands so in a file is another.
    fn without(file: &'static str, stands: &str, code: &str) -> String {
        let usual = match file {
            "procedures.toml" => include_str!("../../schemas/rules/procedures.toml"),
            "fields.toml" => include_str!("../../schemas/rules/fields.toml"),
            "evidence.toml" => include_str!("../../schemas/rules/evidence.toml"),
            _ => include_str!("../../schemas/rules/registers.toml"),
        };
        let other = stands.replacen(code, &format!("{code}_own"), 1);
        // Wherever the rules themselves name it they name the other.
        let own = match file {
            "procedures.toml" | "evidence.toml" => {
                usual.replace(&format!("\"{code}\""), &format!("\"{code}_own\""))
            }
            _ => usual.replacen(stands, &other, 1),
        };
        assert_ne!(own, usual, "{stands}");
        let told = Rules::with(&OwnRules::from([(file, own)])).unwrap_err().to_string();
        assert!(told.contains(file) && !told.contains('\n'), "{told}");
        told
    }

    #[test]
    fn the_rules_that_come_with_the_program_have_everything() {
        let rules = Rules::national().unwrap();
        assert_eq!((lacking(&rules), lacking_in(&rules.evidence)), (None, None));
    }

    #[test]
    fn rules_without_a_code_that_is_asked_for_are_refused() {
        let cases = [procedure::APPLICATION, procedure::CARRIED_OVER, procedure::CARRY];
        for code in STATES.into_iter().chain(cases) {
            let told = without("procedures.toml", &format!("code = \"{code}\""), code);
            assert!(told.contains(&format!(" {code}")), "{told}");
        }
        let all = OF_HOUSEHOLD.map(|code| ("household", code)).into_iter();
        for (of, code) in all.chain(OF_MEMBER.map(|code| ("member", code))) {
            let stands = format!("code = \"{code}\"\nof = \"{of}\"");
            let told = without("fields.toml", &stands, code);
            assert!(told.contains(&format!("field {code} of the {of}")), "{told}");
        }
        for (field, choice) in CHOICES {
            let told = without("fields.toml", &format!("\"{choice}\""), choice);
            assert!(told.contains(choice) && told.contains(field), "{told}");
        }
        let told = without("evidence.toml", "code = \"dead\"", finding::DEAD);
        assert!(told.contains("finding dead of a date"), "{told}");
        for code in [register::SPOT_CHECKS, register::SIGN_OFFS] {
            let told = without("registers.toml", &format!("code = \"{code}\""), code);
            assert!(told.contains(&format!("register {code}")), "{told}");
        }
        for code in register::OF_SHEET {
            let told = without("registers.toml", &format!("code = \"{code}\""), code);
            // Another column may be bounded by it: that is told first.
            let bounds = told.contains(&format!("sign_offs names {code}"));
            assert!(bounds || told.contains(&format!("column {code} of sign_offs")), "{told}");
        }
    }
}
