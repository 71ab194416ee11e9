//! People come in: by password, code, provider, token; and what others try.

mod account;
mod attacks;
mod provider;
pub mod visitor;

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::Value;
use yidang::credentials::totp::Secret;
use yidang::keys;
use yidang::model::access::{Actor, Right, Role};
use yidang::own::{self, Me, NewToken};
use yidang::people::{self, NewPerson, access};

use crate::harness::{Archive, Sql, Store, ZHOU, for_all};
use visitor::{SETTINGS, Visitor};

const PASSWORD: &str = "the willow bends in march";
const OFFICE: &str = "203.0.113.9";

fn day(hours: u64) -> Duration {
    Duration::from_secs(hours * 3600)
}

/// Makes a person with these roles and [`PASSWORD`]; there has to be the proxy
/// of [`SETTINGS`].
async fn person(archive: &Archive, login: &str, roles: &[Role]) {
    let operator = archive.bureau();
    let organisation = match roles {
        [Role::Clerk] => "990102003000",
        _ => "990102000000",
    };
    let new = NewPerson {
        login: login.into(),
        name: format!("{login}某"),
        organisation: organisation.parse().unwrap(),
    };
    people::add(&archive.app, &operator, new).await.unwrap();
    people::grant(&archive.app, &operator, login, roles.to_vec()).await.unwrap();
    people::set_password(&archive.app, &operator, login, PASSWORD).await.unwrap();
}

/// An archive behind a proxy, with a clerk who signs in as `zhao`.
async fn archive_with_zhao() -> Archive {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    behind_a_proxy(&mut archive).await;
    person(&archive, "zhao", &[Role::Clerk]).await;
    archive
}

async fn behind_a_proxy(archive: &mut Archive) {
    std::fs::write(archive.data().join("yidang.toml"), SETTINGS).unwrap();
    archive.reopen().await.unwrap();
}

/// What the telephone of a person shows now, once the second factor was set up.
async fn telephone(archive: &Archive, typed: &str) -> String {
    let plain = typed.replace(' ', "");
    let key = keys::second_factors(&archive.app.config).unwrap();
    // The telephone has the secret, so find the salt that leads to it.
    let mut tx = archive.app.db.read().await.unwrap();
    let salts: Vec<(String,)> = tx.all("SELECT salt FROM second_factor", &[]).await.unwrap();
    let secret = salts.iter().map(|(salt,)| Secret::of(&key, salt));
    let secret = secret.into_iter().find(|one| one.typed().replace(' ', "") == plain).unwrap();
    secret.at(archive.app.now())
}

#[tokio::test]
async fn a_person_comes_in_by_a_code_then_by_password_and_telephone() {
    for_all(async |archive| {
        behind_a_proxy(archive).await;
        person(archive, "admin", &[Role::Administrator]).await;
        person(archive, "officer", &[Role::SecurityOfficer]).await;
        let mut admin = Visitor::new(&archive.app, OFFICE);
        assert_eq!(admin.sign_in("admin", PASSWORD).await.to(), "/");
        let fields = [("name", "赵玉梅"), ("login", "zhao"), ("organisation", "990102003000")];
        assert_eq!(admin.post("/people", &fields).await.to(), "/people/zhao");
        let page = admin.post_from("/people/zhao", "/people/zhao/code", &[]).await;
        let code = page.between("class=\"code\">", "<").to_owned();
        assert!(!admin.get("/people/zhao").await.text.contains(&code), "it is shown once");

        let mut zhao = Visitor::new(&archive.app, "203.0.113.20");
        zhao.get(&format!("/signin/code?code={code}")).await.says("赵玉梅，您好");
        let weak = [("code", code.as_str()), ("password", "zhao2026!!"), ("again", "zhao2026!!")];
        zhao.post("/signin/code", &weak).await.says("一猜就中");
        let fields =
            [("code", code.as_str()), ("password", PASSWORD), ("again", "another one, far off")];
        zhao.post("/signin/code", &fields).await.says("两遍");
        let fields = [("code", code.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
        zhao.post("/signin/code", &fields).await.says("密码设好了");
        assert_eq!(
            zhao.sign_in("zhao", PASSWORD).await.status,
            StatusCode::UNAUTHORIZED,
            "no role"
        );
        zhao.post("/signin/code", &fields).await.says("用过了");

        let mut officer = Visitor::new(&archive.app, OFFICE);
        officer.sign_in("officer", PASSWORD).await;
        let roles = [("role", "clerk"), ("role", "reader")];
        officer.post_from("/people/zhao", "/people/zhao/roles", &roles).await.to();
        officer.get("/people/zhao").await.says("赵玉梅可以：查看");
        assert_eq!(zhao.sign_in("zhao", PASSWORD).await.to(), "/");
        assert!(zhao.is_in().await);

        // The telephone.
        let page = zhao.post_from("/me", "/me/second-factor/new", &[]).await;
        assert!(page.text.contains("<svg class=\"qr\""));
        let typed = page.between("class=\"hash\">", "<").to_owned();
        assert!(zhao.get("/me").await.text.contains("没有设"), "it is not in force yet");
        zhao.post_from("/me", "/me/second-factor", &[("code", "000000")]).await.says("六位数不对");
        let code = telephone(archive, &typed).await;
        let page = zhao.post_from("/me", "/me/second-factor", &[("code", &code)]).await;
        let spare: Vec<String> = page
            .text
            .split("<li>")
            .skip(1)
            .map(|one| one[..14].to_owned())
            .filter(|one| one.contains('-'))
            .collect();
        assert_eq!(spare.len(), 10, "{}", page.text);

        let mut again = Visitor::new(&archive.app, "203.0.113.21");
        assert_eq!(again.sign_in("zhao", PASSWORD).await.to(), "/signin/second");
        assert!(!again.is_in().await, "half way is not in");
        let second = "/signin/second";
        again.post(second, &[("code", &code)]).await.says("已经用过");
        archive.hands.advance(Duration::from_secs(60));
        let code = telephone(archive, &typed).await;
        assert_eq!(again.post(second, &[("code", &code)]).await.to(), "/");
        assert!(again.is_in().await);

        let mut lost = Visitor::new(&archive.app, "203.0.113.22");
        lost.sign_in("zhao", PASSWORD).await;
        assert_eq!(lost.post(second, &[("code", &spare[3].to_uppercase())]).await.to(), "/");
        lost.get("/me").await.says("还剩9个备用码");
        let mut twice = Visitor::new(&archive.app, "203.0.113.23");
        twice.sign_in("zhao", PASSWORD).await;
        twice.post(second, &[("code", &spare[3])]).await.says("不对");

        // A lost telephone: a new code takes the second factor away too.
        let issue = [("telephone_lost", "1")];
        let page = admin.post_from("/people/zhao", "/people/zhao/code", &issue).await;
        let code = page.between("class=\"code\">", "<").to_owned();
        let fields = [
            ("code", code.as_str()),
            ("password", "another willow, much taller"),
            ("again", "another willow, much taller"),
        ];
        assert_eq!(lost.post_from("/signin/code", "/signin/code", &fields).await.to(), "/");
        assert!(!again.is_in().await, "everybody who was in as zhao is out");
        // What was done for others is in the log, and nothing secret is.
        let dump = archive.dump().await.join("\n");
        assert!(dump.contains("issue_code") && dump.contains("telephone_lost"));
        for secret in [PASSWORD, code.as_str(), &spare[0], &typed.replace(' ', "")] {
            assert!(!dump.contains(secret), "{secret}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_sees_and_ends_where_one_is_signed_in() {
    let archive = archive_with_zhao().await;
    let mut here = Visitor::new(&archive.app, OFFICE);
    let mut there = Visitor::new(&archive.app, "203.0.113.21");
    there.headers.push(("user-agent", "<b>Netscape</b>".into()));
    for one in [&mut here, &mut there] {
        one.sign_in("zhao", PASSWORD).await;
    }
    let page = here.get("/me").await;
    page.says("&#60;b&#62;Netscape&#60;/b&#62;");
    let id = page.between("name=\"id\" value=\"", "\"");
    // Nobody ends the session of another, also who knows what names it.
    person(&archive, "deng", &[Role::Clerk]).await;
    let mut deng = Visitor::new(&archive.app, OFFICE);
    deng.sign_in("deng", PASSWORD).await;
    let answer = deng.post_from("/me", "/me/sessions/end", &[("id", id)]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(there.is_in().await);
    here.post_from("/me", "/me/sessions/end", &[("id", id)]).await.to();
    assert!(!there.is_in().await && here.is_in().await);

    // An administrator ends one of them too, and not the other.
    there.sign_in("zhao", PASSWORD).await;
    person(&archive, "han", &[Role::Administrator]).await;
    let mut han = Visitor::new(&archive.app, OFFICE);
    han.sign_in("han", PASSWORD).await;
    let page = han.get("/people/zhao").await;
    let row = page.between("&#60;b&#62;Netscape&#60;/b&#62;", "</tr>");
    let id = row.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let end = "/people/zhao/sessions";
    han.post_from("/people/zhao", end, &[("id", id)]).await.to();
    assert!(!there.is_in().await && here.is_in().await);
    let again = han.post_from("/people/zhao", end, &[("id", id)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.says("已经退出");

    there.sign_in("zhao", PASSWORD).await;
    here.post_from("/me", "/me/sessions/end", &[("others", "1")]).await.to();
    assert!(!there.is_in().await && here.is_in().await);

    there.sign_in("zhao", PASSWORD).await;
    let new = "another willow, much taller";
    let change = async |visitor: &mut Visitor, old: &str, new: &str, again: &str| {
        let fields = [("old", old), ("new", new), ("again", again)];
        visitor.post_from("/me", "/me/password", &fields).await
    };
    change(&mut here, "wrong one here", new, new).await.says("现在的密码不对");
    change(&mut here, PASSWORD, new, "x").await.says("两遍");
    change(&mut here, PASSWORD, PASSWORD, PASSWORD).await.says("和原来的一样");
    change(&mut here, PASSWORD, "zhao某2026", "zhao某2026").await.says("密码");
    change(&mut here, PASSWORD, new, new).await.to();
    assert!(!there.is_in().await && here.is_in().await);
    assert_eq!(there.sign_in("zhao", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(there.sign_in("zhao", new).await.to(), "/");
}

#[tokio::test]
async fn a_token_does_its_part_and_no_more() {
    for_all(async |archive| {
        behind_a_proxy(archive).await;
        person(archive, "zhao", &[Role::Clerk]).await;
        person(archive, "admin", &[Role::Administrator]).await;
        let mut zhao = Visitor::new(&archive.app, OFFICE);
        zhao.sign_in("zhao", PASSWORD).await;
        let make = async |zhao: &mut Visitor, rights: &[&str], until: &str| {
            let mut fields = vec![("name", "扫描仪"), ("until", until)];
            fields.extend(rights.iter().map(|right| ("right", *right)));
            zhao.post_from("/me", "/me/tokens", &fields).await
        };
        make(&mut zhao, &["bind"], "2027-03-01").await.says("不能超过");
        make(&mut zhao, &["own"], "2027-03-01").await.says("不能超过");
        make(&mut zhao, &[], "2027-03-01").await.says("至少选一项");
        make(&mut zhao, &["look"], "2028-03-01").await.says("最长用一年");
        make(&mut zhao, &["look"], "").await.says("最长用一年");
        let page = make(&mut zhao, &["look"], "2027-03-01").await;
        let token = page.between("class=\"code\">", "<").to_owned();
        assert!(token.starts_with("yd_"), "{token}");
        assert!(!zhao.get("/me").await.text.contains(&token));

        let mut machine = Visitor::new(&archive.app, "203.0.113.30");
        let path = format!("/api/v1/households/{ZHOU}");
        let read = machine.api(Method::GET, &path, &token, "").await;
        assert_eq!(read.status, StatusCode::OK, "{}", read.text);
        let who = machine.api(Method::GET, "/api/v1/session", &token, "").await;
        assert_eq!(serde_json::from_str::<Value>(&who.text).unwrap()["login"], "zhao");
        for (method, path) in [
            (Method::POST, "/api/v1/documents?name=a.pdf"),
            (Method::GET, "/api/v1/jobs"),
            (Method::GET, "/api/v1/people"),
        ] {
            let refused = machine.api(method, path, &token, "").await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}: {}", refused.text);
        }
        let other =
            machine.api(Method::GET, "/api/v1/households/99010200200100001", &token, "").await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "another street");
        // No page takes it, neither as a cookie nor as a header.
        machine.cookies.insert("__Host-yidang".into(), token.clone());
        machine.headers.push(("authorization", format!("Bearer {token}")));
        assert_eq!(machine.get("/").await.to(), "/signin");
        assert!(!machine.is_in().await);
        (machine.headers, machine.cookies) = Default::default();

        // Who loses a role, the token loses it too; a closed account has none.
        let operator = archive.bureau();
        people::grant(&archive.app, &operator, "zhao", vec![Role::Auditor]).await.unwrap();
        let grown = machine.api(Method::POST, "/api/v1/verifications", &token, "{}").await;
        assert_eq!(grown.status, StatusCode::FORBIDDEN, "it never grows: {}", grown.text);
        people::grant(&archive.app, &operator, "zhao", vec![]).await.unwrap();
        assert_eq!(
            machine.api(Method::GET, &path, &token, "").await.status,
            StatusCode::UNAUTHORIZED
        );
        people::grant(&archive.app, &operator, "zhao", vec![Role::Clerk]).await.unwrap();
        assert_eq!(machine.api(Method::GET, &path, &token, "").await.status, StatusCode::OK);
        // Before it was made by a clock that was set back, after its end, and ended.
        archive.hands.set_back(day(1));
        assert_eq!(
            machine.api(Method::GET, &path, &token, "").await.status,
            StatusCode::UNAUTHORIZED
        );
        archive.hands.advance(day(1 + 24 * 120));
        assert_eq!(
            machine.api(Method::GET, &path, &token, "").await.status,
            StatusCode::UNAUTHORIZED
        );
        archive.hands.set_back(day(24 * 120));
        assert_eq!(
            machine.api(Method::GET, &path, &token, "").await.status,
            StatusCode::UNAUTHORIZED,
            "the clock set back brings it not to life again"
        );
        let mut admin = Visitor::new(&archive.app, OFFICE);
        admin.sign_in("admin", PASSWORD).await;
        let page = admin.get("/people/zhao").await;
        page.says("扫描仪");
        let id = page.between("/people/zhao/tokens\">", "</form>").to_owned();
        let id = id.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        admin.post_from("/people/zhao", "/people/zhao/tokens", &[("id", id)]).await.to();
        assert_eq!(
            machine.api(Method::GET, &path, &token, "").await.status,
            StatusCode::UNAUTHORIZED
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_makes_more_of_a_token() {
    let archive = archive_with_zhao().await;
    let operator = archive.bureau();
    let zhao = people::get(&archive.app, &operator, "zhao").await.unwrap();
    let session = yidang::model::id::Digest::of(b"none");
    let me = Me { person: &zhao, session, address: [127, 0, 0, 1].into() };
    // A machine that acts with a token makes none that may do more.
    let machine: Actor = zhao.actor().unwrap().only(vec![Right::Look]);
    let new = |right| NewToken {
        name: "x".into(),
        rights: vec![right],
        until: "2027-01-01".parse().unwrap(),
    };
    assert!(own::make(&archive.app, me, &machine, new(Right::Upload)).await.is_err());
    assert!(own::make(&archive.app, me, &machine, new(Right::Look)).await.is_ok());
    for right in [Right::ManagePeople, Right::GrantRoles, Right::Own, Right::Found] {
        assert!(own::make(&archive.app, me, &operator, new(right)).await.is_err(), "{right:?}");
    }
}

#[tokio::test]
async fn officers_see_people_and_no_file_and_neither_does_the_others_work() {
    let archive = archive_with_zhao().await;
    person(&archive, "admin", &[Role::Administrator]).await;
    person(&archive, "officer", &[Role::SecurityOfficer]).await;
    let mut admin = Visitor::new(&archive.app, OFFICE);
    admin.sign_in("admin", PASSWORD).await;
    let mut officer = Visitor::new(&archive.app, OFFICE);
    officer.sign_in("officer", PASSWORD).await;
    let mut zhao = Visitor::new(&archive.app, OFFICE);
    zhao.sign_in("zhao", PASSWORD).await;
    let forbidden = StatusCode::FORBIDDEN;
    for one in [&mut admin, &mut officer] {
        assert_eq!(one.get("/people").await.status, StatusCode::OK);
        assert_eq!(one.get("/organisations").await.status, StatusCode::OK);
        assert_eq!(one.get(&format!("/household/{ZHOU}")).await.status, forbidden);
    }
    assert_eq!(zhao.get("/people").await.status, forbidden);
    assert_eq!(zhao.get("/people/admin").await.status, forbidden);
    let roles = [("role", "clerk"), ("role", "approver")];
    let to = "/people/zhao/roles";
    assert_eq!(admin.post_from("/me", to, &roles).await.status, forbidden);
    assert_eq!(zhao.post_from("/me", to, &roles).await.status, forbidden);
    assert_eq!(officer.post_from("/me", "/people/zhao/code", &[]).await.status, forbidden);
    // Nobody helps themselves, and roles that do not go together are refused.
    let own = officer.post_from("/me", "/people/officer/roles", &roles).await;
    assert_eq!(own.status, StatusCode::CONFLICT, "{}", own.text);
    let own = admin.post_from("/me", "/people/admin/code", &[]).await;
    assert_eq!(own.status, StatusCode::CONFLICT, "{}", own.text);
    let both = [("role", "auditor"), ("role", "clerk")];
    officer.post_from("/me", to, &both).await.says("三员分立");

    let fields = [("code", "990102004000"), ("name", "北关街道办事处")];
    admin.post("/organisations", &fields).await.to();
    admin.get("/organisations").await.says("北关街道办事处");
    for (code, name) in [("99", "x"), ("110101000000", "x"), ("990102004000", "")] {
        let answer = admin.post("/organisations", &[("code", code), ("name", name)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
    }
    assert_eq!(officer.post("/organisations", &fields).await.status, forbidden);
    // A closed account is out at once.
    let fields = [("name", "赵玉梅"), ("organisation", "990102003000"), ("disabled", "1")];
    admin.post("/people/zhao", &fields).await.to();
    assert!(!zhao.is_in().await);
    assert_eq!(zhao.sign_in("zhao", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_street_manages_its_own_people_only() {
    let archive = archive_with_zhao().await;
    let operator = archive.bureau();
    let new = |login: &str, organisation: &str| NewPerson {
        login: login.into(),
        name: login.into(),
        organisation: organisation.parse().unwrap(),
    };
    people::add(&archive.app, &operator, new("south", "990102002000")).await.unwrap();
    people::grant(&archive.app, &operator, "south", vec![Role::Administrator]).await.unwrap();
    let south = people::get(&archive.app, &operator, "south").await.unwrap().actor().unwrap();
    assert!(access::issue_code(&archive.app, &south, "zhao", false).await.is_err());
    assert!(access::standing(&archive.app, &south, "zhao").await.is_err());
    let all = people::organisations(&archive.app, &south).await.unwrap();
    assert!(all.iter().all(|one| one.code.starts_with("990102002")), "{all:?}");
}
