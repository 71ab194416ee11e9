//! What the use of lent files led to is written down, and copies leave with a
//! certificate.

use yidang::lending::effects::{self, New};
use yidang::uses::export::Shape;

use super::*;

fn new(content: &str, effect: &str) -> New {
    New { date: None, content: content.into(), effect: effect.into() }
}

/// Copies of the file of 周桂兰 for somebody of another body, asked for.
async fn copies(archive: &Archive) -> (Actor, Actor, String) {
    let clerk = somebody(archive, "赵玉梅", LIUQIAO, &[Role::Clerk]).await;
    let archivist = somebody(archive, "何桂珍", LIUQIAO, &[Role::Archivist]).await;
    let approver = somebody(archive, "邓文彬", LIUQIAO, &[Role::Approver]).await;
    let asked = Wanted { borrower: outsider(), manner: Manner::Copy, ..wanted() };
    let id = lending::ask(&archive.app, &clerk, asked).await.unwrap();
    (archivist, approver, id)
}

#[tokio::test]
async fn what_a_use_led_to_is_in_the_register_and_in_the_log() {
    for_all(async |archive| {
        let app = &archive.app;
        let (archivist, approver, id) = copies(archive).await;
        let note = async |new| effects::note(app, &archivist, &id, new).await;
        let good = || new("=1+1", "追回低保金三千元");
        assert_eq!(ruled(note(good()).await), Rule::Effect, "nobody has agreed");
        lending::decide(app, &approver, &id, true, "").await.unwrap();
        let handed = Handed { pages: 12, copies: 2 };
        lending::hand_over(app, &archivist, &id, handed).await.unwrap();

        let tomorrow = New { date: "2026-11-24".parse().ok(), ..good() };
        assert_eq!(ruled(note(tomorrow).await), Rule::Effect);
        let before = New { date: "2026-11-22".parse().ok(), ..good() };
        assert_eq!(ruled(note(before).await), Rule::Effect);
        for (content, effect) in
            [("", "好"), ("好", " "), ("好", "a\nb"), (&*"字".repeat(201), "好")]
        {
            assert_eq!(ruled(note(new(content, effect)).await), Rule::Words);
        }
        let denied = effects::note(app, &approver, &id, good()).await;
        assert!(matches!(denied, Err(LendingError::Denied(_))));
        let far = somebody(archive, "吴小满", NANMEN, &[Role::Archivist]).await;
        assert!(unknown(effects::note(app, &far, &id, good()).await));
        // Past the use case, the door of the log refuses too.
        let forged = yidang::model::act::Act::NoteEffect {
            lending: id.clone(),
            household: household(CHEN),
            date: "2026-11-23".parse().unwrap(),
            content: "甲".into(),
            effect: "乙".into(),
        };
        let recorded = app.recorder.record(&archivist, forged).await;
        assert!(matches!(recorded, Err(RecordError::Refused(Refusal::Lending(Rule::Household)))));

        let shown = note(good()).await.unwrap();
        assert_eq!(shown.effects[0].effect, "追回低保金三千元");
        assert_eq!(shown.effects[0].date, "2026-11-23");
        archive.hands.advance(DAY * 90);
        let late = New { date: "2026-12-24".parse().ok(), ..new("全卷", "判决引用") };
        note(late).await.unwrap();
        let rows = effects::register(app, &archivist, None, 10).await.unwrap();
        let told: Vec<_> = rows.iter().map(|one| one.effect.effect.as_str()).collect();
        assert_eq!(told, ["判决引用", "追回低保金三千元"], "long after it was over, too");
        assert_eq!((rows[0].borrower.as_str(), rows[0].body.as_str()), ("孙立", "青石县审计局"));
        let first = effects::register(app, &archivist, Some(rows[0].effect.entry), 10).await;
        assert_eq!(first.unwrap().len(), 1);
        assert!(effects::register(app, &far, None, 10).await.unwrap().is_empty());
        let clerk = somebody(archive, "赵玉梅", LIUQIAO, &[]).await;
        assert!(effects::register(app, &clerk, None, 10).await.is_err());

        let csv = effects::export(app, &archivist, Shape::Csv).await.unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.contains(",'=1+1,追回低保金三千元,何桂珍"), "{csv}");
        assert!(effects::export(app, &archivist, Shape::Xlsx).await.unwrap().starts_with(b"PK"));
        let taken = uses::Asked { kind: "export".into(), ..uses::Asked::default() };
        let taken = uses::register(app, &archive.bureau(), &taken, None, 10).await.unwrap();
        assert_eq!(taken.uses.len(), 2, "that it was taken along is noted");

        let before = archive.dump().await;
        assert!(before.iter().any(|line| line.contains("\"table\":\"lending_effect\"")));
        yidang::rebuild::rebuild(app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, before);
    })
    .await;
}

#[tokio::test]
async fn copies_leave_with_a_certificate_and_what_they_led_to_is_on_a_page() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (_, _, id) = copies(&archive).await;
    let app = archive.app.clone();
    let mut approver = Browser::of(app.clone(), "邓文彬", LIUQIAO, &[Role::Approver]).await;
    let mut archivist = Browser::of(app.clone(), "何桂珍", LIUQIAO, &[Role::Archivist]).await;
    let mut other = Browser::of(app.clone(), "吴小满", NANMEN, &[Role::Archivist]).await;
    let at = format!("/lending/{id}");
    let certificate = format!("{at}/certificate");
    assert_eq!(archivist.get(&certificate).await.status, StatusCode::NOT_FOUND, "not handed over");
    approver.post(&format!("{at}/decide"), &[("agreed", "yes")]).await;
    assert!(archivist.get(&at).await.text().contains("name=\"copies\""));
    archivist.post(&format!("{at}/handover"), &[("pages", "12"), ("copies", "2")]).await;
    assert!(archivist.get(&at).await.text().contains(&certificate));
    let sheet = archivist.get(&certificate).await.text();
    for part in
        ["复制证明", ZHOU, "2份", "12页", "核对：两个街道一起核对", "何桂珍", "盖章", "2026-11-23"]
    {
        assert!(sheet.contains(part), "{part} is on it: {sheet}");
    }
    assert_eq!(other.get(&certificate).await.status, StatusCode::NOT_FOUND);
    assert_eq!(approver.get(&certificate).await.status, StatusCode::FORBIDDEN);

    let script = "<script>alert(1)</script>";
    let fields = [("date", "2026-11-23"), ("content", script), ("effect", "追回三千元")];
    let noted = archivist.post(&format!("{at}/effect"), &fields).await;
    assert_eq!(noted.header("location"), at);
    for wrong in ["2026-11-24", "gestern"] {
        let fields = [("date", wrong), ("content", "甲"), ("effect", "乙")];
        let refused = archivist.post(&format!("{at}/effect"), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    for page in [at.as_str(), "/lending/effects"] {
        let text = archivist.get(page).await.text();
        assert!(text.contains("追回三千元") && !text.contains(script), "{page}");
    }
    let csv = archivist.get("/lending/effects/register.csv").await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"effects.csv\"");
    assert!(csv.text().contains("追回三千元"));
    let none = archivist.get("/lending/effects/register.exe").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(!other.get("/lending/effects").await.text().contains("追回三千元"));
}
