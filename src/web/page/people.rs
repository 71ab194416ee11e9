//! 管理: people, what they may do and how far; organisations. Nothing here reads
//! a file.

use super::Page;
use super::frame::{Entry, Frame};
use super::me::{SessionRow, TokenRow};
use super::part::State;
use crate::model::access::Right;
use crate::web::lang::Lang;
use crate::web::{filters, keys};
use askama::Template;

/// The list of people.
#[derive(Debug, Template)]
#[template(path = "people.html")]
pub struct People {
    /// The frame.
    pub frame: Frame,
    /// People, by organisation and login.
    pub rows: Vec<PersonRow>,
    /// How many of those shown have no role.
    pub without: u64,
    /// Where an account can be.
    pub organisations: Vec<Choice>,
    /// What was typed as name of a new account.
    pub name: String,
    /// What was typed as its login.
    pub login: String,
    /// Why it was not made, as a sentence; else empty.
    pub wrong: String,
    /// What was done, as a sentence.
    pub status: Option<String>,
    /// Where the list goes on.
    pub next: Option<String>,
}

/// One person of the list.
#[derive(Debug)]
pub struct PersonRow {
    /// 姓名
    pub name: String,
    /// The login.
    pub login: String,
    /// Roles, in words; empty without any.
    pub roles: String,
    /// What they may do, in words.
    pub rights: String,
    /// The name of the organisation.
    pub organisation: String,
    /// Whether the account is closed.
    pub disabled: bool,
}

impl PersonRow {
    /// Shape and colour.
    pub fn state(&self) -> State {
        match (self.disabled, self.roles.is_empty()) {
            (true, _) => State::None,
            (_, true) => State::Due,
            _ => State::Ok,
        }
    }

    /// Its name.
    pub fn word(&self, lang: Lang) -> &'static str {
        match (self.disabled, self.roles.is_empty()) {
            (true, _) => lang.t("停用", "Closed"),
            (_, true) => lang.t("等授权", "No role yet"),
            _ => lang.t("在用", "Open"),
        }
    }
}

/// An organisation to choose.
#[derive(Debug)]
pub struct Choice {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A role to tick.
#[derive(Debug)]
pub struct RoleChoice {
    /// Its word.
    pub word: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Whether the person has it.
    pub given: bool,
}

/// One person.
#[derive(Debug, Template)]
#[template(path = "person.html")]
pub struct Person {
    /// The frame.
    pub frame: Frame,
    /// 姓名
    pub name: String,
    /// The login.
    pub login: String,
    /// The name of the organisation.
    pub organisation: String,
    /// What the person may do, in words; empty: nothing.
    pub rights: String,
    /// Roles.
    pub roles: Vec<RoleChoice>,
    /// Where the account can be.
    pub organisations: Vec<Choice>,
    /// Whether the account is closed.
    pub disabled: bool,
    /// Whether it is one's own.
    pub own: bool,
    /// Whether there is a password.
    pub password: bool,
    /// A code that was issued just now, shown once; else empty.
    pub code: String,
    /// Where the code is used, to be handed over with it.
    pub link: String,
    /// Until when the code is good, as a time; empty without any.
    pub code_until: String,
    /// Whether a second factor is in force.
    pub second_factor: bool,
    /// Where the person is signed in.
    pub sessions: Vec<SessionRow>,
    /// Whether the settings name a provider.
    pub provider_on: bool,
    /// What the person is called there, or empty.
    pub at_provider: String,
    /// Whether that was used already.
    pub tied: bool,
    /// Tokens.
    pub tokens: Vec<TokenRow>,
    /// When somebody was not let in as the person, and from where.
    pub refused: Vec<[String; 2]>,
    /// What was done, as a sentence.
    pub status: Option<String>,
    /// What was not, and why, as a sentence; else empty.
    pub wrong: String,
}

impl Person {
    /// What the person may do, as one sentence.
    fn sentence(&self) -> String {
        let (name, rights) = (&self.name, &self.rights);
        match (self.frame.lang, self.disabled, rights.is_empty()) {
            (Lang::Zh, true, _) => format!("{name}的户头停用了。"),
            (Lang::En, true, _) => format!("The account of {name} is closed."),
            (Lang::Zh, _, true) => format!("{name}还没有授权，什么也不能做。"),
            (Lang::En, _, true) => format!("{name} has no role yet and may do nothing."),
            (Lang::Zh, ..) => format!("{name}可以：{rights}。范围：{}。", self.organisation),
            (Lang::En, ..) => format!("{name} may {rights}, within {}.", self.organisation),
        }
    }

    /// Whether the acting person says what this one is.
    fn grants(&self) -> bool {
        self.frame.may(Right::GrantRoles) && !self.own
    }

    /// Whether the acting person changes this account.
    fn manages(&self) -> bool {
        self.frame.may(Right::ManagePeople) && !self.own
    }
}

/// The tree of organisations.
#[derive(Debug, Template)]
#[template(path = "organisations.html")]
pub struct Organisations {
    /// The frame.
    pub frame: Frame,
    /// Organisations by code, so each stands below the one it belongs to.
    pub rows: Vec<OrganisationRow>,
    /// How many streets there are.
    pub streets: u64,
    /// How many communities.
    pub communities: u64,
    /// What was typed as code.
    pub code: String,
    /// What was typed as name.
    pub name: String,
    /// What was done, as a sentence.
    pub status: Option<String>,
    /// What was not, and why, as a sentence; else empty.
    pub wrong: String,
}

/// One organisation.
#[derive(Debug)]
pub struct OrganisationRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How far below the bureau it stands: 0 to 2.
    pub depth: u8,
}

super::page!(People, Some(Entry::People), keys::PEOPLE, peoples);
super::page!(Person, Some(Entry::People), keys::NONE, persons);
super::page!(Organisations, Some(Entry::People), keys::NONE, trees);

const LONG: &str = "青石县柳桥街道槐荫里第一社区居民委员会";
const RIGHTS: &str = "查看、带出、收件、归户、提请借阅、本人查阅、显示号码、管作业、管自己的登录";

fn choices() -> Vec<Choice> {
    vec![
        Choice { code: "990102000000".into(), name: "青石县民政局".into(), chosen: false },
        Choice { code: "990102003000".into(), name: "柳桥街道办事处".into(), chosen: true },
    ]
}

fn peoples() -> Vec<People> {
    let row = |name: &str, login: &str, roles: &str, disabled| PersonRow {
        name: name.into(),
        login: login.into(),
        roles: roles.into(),
        rights: RIGHTS.into(),
        organisation: "柳桥街道办事处".into(),
        disabled,
    };
    let page = |frame: Frame, rows: Vec<PersonRow>| People {
        frame: Frame { here: "/people".into(), ..frame },
        without: rows.iter().filter(|row| row.roles.is_empty()).count() as u64,
        rows,
        organisations: choices(),
        name: String::new(),
        login: String::new(),
        wrong: String::new(),
        status: None,
        next: None,
    };
    let rows = vec![
        row("赵玉梅", "zhao.yumei", "经办人", false),
        row("邓文彬", "deng.wenbin", "", false),
        row("许立群", "xu.liqun", "查阅人", true),
    ];
    let long = PersonRow {
        organisation: LONG.into(),
        ..row("阿卜杜勒艾则孜吾买尔江", &"a".repeat(32), "经办人、档案员、查阅人、审批人", false)
    };
    vec![
        page(Frame::sample(), rows),
        page(Frame::sample(), Vec::new()),
        People {
            name: "赵玉梅".into(),
            login: "zhao".into(),
            wrong: "这个登录名有人用了。".into(),
            next: Some("/people?after=a".into()),
            ..page(Frame::extreme(), vec![long])
        },
    ]
}

fn persons() -> Vec<Person> {
    let role = |word, name, given| RoleChoice { word, name, given };
    let place = |id: &str, agent: &str| SessionRow {
        id: id.into(),
        agent: agent.into(),
        made: "2026-11-23 08:04".into(),
        seen: "2026-11-23 09:41".into(),
        this: false,
    };
    let page = |frame| Person {
        frame,
        name: "赵玉梅".into(),
        login: "zhao.yumei".into(),
        organisation: "柳桥街道办事处".into(),
        rights: RIGHTS.into(),
        roles: vec![
            role("clerk", "经办人", true),
            role("archivist", "档案员", false),
            role("security_officer", "安全保密管理员", false),
        ],
        organisations: choices(),
        disabled: false,
        own: false,
        password: true,
        code: String::new(),
        link: String::new(),
        code_until: String::new(),
        second_factor: true,
        sessions: vec![place("a1", "Firefox · Windows"), place("b2", "curl 8.5")],
        provider_on: false,
        at_provider: String::new(),
        tied: false,
        tokens: Vec::new(),
        refused: Vec::new(),
        status: None,
        wrong: String::new(),
    };
    let token = TokenRow {
        id: "5f0c9a1be2d37846".into(),
        name: "二楼扫描仪".into(),
        rights: "查看、收件".into(),
        ends: "2027-03-01".into(),
        over: false,
        seen: "2026-11-23 09:40".into(),
    };
    vec![
        Person {
            tokens: vec![token],
            refused: vec![["2026-11-24 08:12".to_owned(), "198.51.100.7".to_owned()]],
            ..page(Frame::sample())
        },
        Person {
            rights: String::new(),
            roles: vec![role("clerk", "经办人", false)],
            password: false,
            second_factor: false,
            sessions: Vec::new(),
            code: "7K3M-Q2XP-9DVT-HW4C".into(),
            link: "yidang.example.gov.cn/signin/code?code=7K3M-Q2XP-9DVT-HW4C".into(),
            code_until: "2026-11-26 09:40".into(),
            ..page(Frame::sample())
        },
        Person {
            name: "阿卜杜勒艾则孜吾买尔江".into(),
            organisation: LONG.into(),
            provider_on: true,
            at_provider: "a".repeat(255),
            tied: true,
            own: true,
            wrong: "自己的账户和权限要由别人来改。".into(),
            ..page(Frame::extreme())
        },
    ]
}

fn trees() -> Vec<Organisations> {
    let row = |code: &str, name: &str, depth| OrganisationRow {
        code: code.into(),
        name: name.into(),
        depth,
    };
    let page = |frame, rows: Vec<OrganisationRow>| Organisations {
        frame,
        streets: rows.iter().filter(|row| row.depth == 1).count() as u64,
        communities: rows.iter().filter(|row| row.depth == 2).count() as u64,
        rows,
        code: String::new(),
        name: String::new(),
        status: None,
        wrong: String::new(),
    };
    let rows = vec![
        row("990102000000", "青石县民政局", 0),
        row("990102003000", "柳桥街道办事处", 1),
        row("990102003004", "槐荫里社区居民委员会", 2),
    ];
    vec![
        page(Frame::sample(), rows),
        page(Frame::sample(), Vec::new()),
        Organisations {
            code: "99010200".into(),
            name: LONG.into(),
            wrong: "代码要12位数字。".into(),
            ..page(Frame::extreme(), vec![row("990102003004", LONG, 2)])
        },
    ]
}
