//! A year of a household is played on the pages, from the application to the stop:
//! steps, facts, reviews, missing papers and money, as clerks do it.

use fantoccini::Locator;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde_json::json;

use super::{Desk, HOUSEHOLD, browser_is_here, sample};

/// The day so many days ago, in China.
fn ago(days: i64) -> Date {
    yidang::model::lending::day_of(Timestamp::now()).checked_sub(Span::new().days(days)).unwrap()
}

/// A step as it is typed: `procedure/step`, how many days ago, and the other fields.
struct Step<'a>(&'a str, i64, &'a [(&'a str, &'a str)]);

impl Desk {
    /// Fills fields of the form that is sent to an address ending like this, and sends
    /// it.
    async fn fill(&self, action: &str, nth: usize, fields: &[(&str, &str)]) {
        let script = "const [action, nth, fields] = arguments; \
            const form = document.querySelectorAll(`form[action$='${action}']`)[nth]; \
            const box = form.closest('details'); if (box) box.open = true; \
            for (const [name, value] of fields) { \
                const field = form.querySelector(`[name='${name}']`); \
                field.value = value; \
                if (field.value !== value) throw new Error(`${name} is not ${value}`); } \
            form.querySelector('button').click();";
        let fields: Vec<_> = fields.iter().map(|(name, value)| json!([name, value])).collect();
        self.client.execute(script, vec![json!(action), json!(nth), json!(fields)]).await.unwrap();
    }

    async fn step(&self, step: &Step<'_>) {
        let Step(step, days, more) = step;
        self.goto(&format!("/household/{HOUSEHOLD}")).await;
        self.says(&["办下一步"]).await;
        let day = ago(*days).to_string();
        let mut fields = vec![("step", *step), ("on", day.as_str())];
        fields.extend(more.iter().copied());
        self.fill("/steps", 0, &fields).await;
        self.says(&["这一步记下了"]).await;
    }

    /// Uploads a sample of this type, and files it in the household as a paper of a day.
    async fn files(&self, kind: &str, title: &str, days: i64) {
        self.goto("/intake").await;
        let input = self.at("input[type=file]").await;
        input.send_keys(sample(kind).to_str().unwrap()).await.unwrap();
        self.says(&["已收下", "件在等"]).await;
        let read = |text: &str| text.contains("待确认") || text.contains("有疑问");
        self.until("/intake", "the reading", read).await;
        self.click("li.other label").await;
        self.types("input[name=other]", HOUSEHOLD).await;
        self.at("#proposal [name=type]").await.select_by_value(kind).await.unwrap();
        self.types("#proposal [name=title]", title).await;
        self.types("#proposal [name=date]", &ago(days).to_string()).await;
        self.click("#proposal button.go").await;
        self.says(&["已归入"]).await;
    }

    /// Chooses a file of the bank on the page of a month, and sends it.
    async fn bank(&self, text: &str) {
        let path = self.folder.path().join("回盘.csv");
        std::fs::write(&path, text).unwrap();
        let form = "form[action^='/payments/return']";
        let css = format!("{form} [type=file]");
        let file = self.client.find(Locator::Css(&css)).await.unwrap();
        file.send_keys(path.to_str().unwrap()).await.unwrap();
        let css = format!("{form} button");
        self.client.find(Locator::Css(&css)).await.unwrap().click().await.unwrap();
    }

    /// Opens each page, which says each of its words.
    async fn all_say(&self, pages: &[(String, &[&str])]) {
        for (path, words) in pages {
            self.goto(path).await;
            let text = self.text().await;
            for word in *words {
                assert!(text.contains(word), "{path} does not say {word}: {text}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_a_household_is_played_on_the_pages() {
    if !browser_is_here() {
        return;
    }
    let desk = Desk::open().await;
    desk.goto("/households").await;
    let fields = [("household_no", HOUSEHOLD), ("head", "周桂兰"), ("address", "槐荫里12号")];
    desk.fill("/household/open", 0, &fields).await;
    desk.says(&["为什么看这一户", "卷内文件"]).await;
    if desk.text().await.contains("为什么看这一户") {
        desk.client.find(Locator::Css("body")).await.unwrap().send_keys("1").await.unwrap();
    }
    desk.says(&["卷内文件"]).await;
    // Of the household, of its head, and then of somebody who joins.
    desk.goto(&format!("/household/{HOUSEHOLD}/family")).await;
    let day = ago(371).to_string();
    let fields = [("field.name", "周小满"), ("field.relation", "孙女"), ("from", &day[..])];
    desk.fill("/facts", 2, &fields).await;
    desk.says(&["周小满，孙女"]).await;

    desk.files("A01", "低保申请书", 370).await;
    for step in [
        Step("application/apply", 370, &[]),
        Step("/accept", 369, &[]),
        Step("/check", 368, &[]),
        Step("/visit", 367, &[("people", "赵玉梅、李建国")]),
        Step("/opinion", 366, &[]),
    ] {
        desk.step(&step).await;
    }
    // What is proposed is put up in the community before the step of it is taken.
    desk.goto(&format!("/household/{HOUSEHOLD}")).await;
    let day = ago(360).to_string();
    desk.fill("/steps", 0, &[("step", "/notice"), ("on", &day)]).await;
    desk.says(&["那一天没有挂着的「初审公示」"]).await;
    desk.goto(&format!("/household/{HOUSEHOLD}")).await;
    desk.fill("/notices", 0, &[("kind", "proposed"), ("amount", "1120"), ("from", &day)]).await;
    desk.says(&["已公示，到"]).await;
    desk.step(&Step("/notice", 360, &[])).await;
    // A step out of turn is refused with the rule, and nothing is recorded.
    desk.goto(&format!("/household/{HOUSEHOLD}")).await;
    let early = ago(359).to_string();
    let fields = [("step", "/confirm"), ("on", &early), ("amount", "1120"), ("category", "B")];
    desk.fill("/steps", 0, &fields).await;
    desk.says(&["最早"]).await;
    let grant = [("amount", "1120"), ("category", "B"), ("persons", "2")];
    desk.step(&Step("/confirm", 350, &grant)).await;
    desk.step(&Step("/notify", 349, &[])).await;
    desk.files("A02", "城市低保审批表", 350).await;
    desk.goto(&format!("/household/{HOUSEHOLD}")).await;
    assert!(desk.text().await.contains("在保"), "{}", desk.text().await);

    // The first month is listed, and agrees.
    let month = yidang::model::month::Month::of(ago(350)).next();
    desk.goto(&format!("/payments?month={month}")).await;
    desk.fill("/payments", 0, &[]).await;
    desk.says(&["名册做好了，1户，1,120.00元"]).await;
    desk.bank(&format!("户号,金额,结果,原因\n{HOUSEHOLD},1120.00,成功,\n")).await;
    desk.says(&["应发、名册、实发都对得上"]).await;
    // The review is late; it is done, and the allowance raised.
    desk.goto("/reviews").await;
    desk.says(&["1户过了复审的日子"]).await;
    desk.step(&Step("review/visit", 190, &[("people", "赵玉梅、李建国")])).await;
    desk.step(&Step("/opinion", 189, &[("words", "孙女升学")])).await;
    desk.step(&Step("/raise", 188, &[("words", "孙女升学"), ("amount", "1280.50")])).await;
    // What is known changes from a day on, and is known for any other day.
    desk.goto(&format!("/household/{HOUSEHOLD}/family")).await;
    let day = ago(100).to_string();
    desk.fill("/facts", 0, &[("field.income", "2600"), ("from", &day)]).await;
    desk.says(&["家庭月收入 2,600.00"]).await;
    desk.goto(&format!("/household/{HOUSEHOLD}/family?on={}", ago(101))).await;
    assert!(!desk.text().await.contains("家庭月收入 2,600.00"), "{}", desk.text().await);
    desk.step(&Step("change/report", 90, &[("words", "孙女就业")])).await;
    desk.step(&Step("/verify", 89, &[])).await;
    desk.step(&Step("/stop", 88, &[("words", "收入超过标准")])).await;
    let file = desk.text().await;
    for word in ["停保", "办理：家庭变化：停发", "停发审批表"] {
        assert!(file.contains(word), "{word}: {file}");
    }
    // Nothing is paid any more, nothing is to be reviewed, and every step has left its
    // papers to be filed.
    let after = yidang::model::month::Month::of(ago(88)).next();
    desk.goto(&format!("/payments?month={after}")).await;
    desk.says(&["还没有做名册"]).await;
    assert!(!desk.text().await.contains("做名册，"), "{}", desk.text().await);
    desk.goto("/reviews").await;
    desk.says(&["这一周没有要复审的"]).await;
    desk.goto("/missing?level=bureau").await;
    let missing = desk.text().await;
    for paper in ["信息核对报告", "增发审批表", "停发审批表"] {
        assert!(missing.contains(paper), "{paper}: {missing}");
    }
    // But for those that were uploaded and filed.
    desk.goto("/missing").await;
    let missing = desk.text().await;
    for (kind, title) in [("申请书", "低保申请书"), ("申请审批表", "城市低保审批表")]
    {
        assert!(!missing.contains(kind), "{kind}: {missing}");
        desk.goto(&format!("/household/{HOUSEHOLD}")).await;
        assert!(desk.text().await.contains(title), "{title}: {}", desk.text().await);
    }
    // Timeline, catalogs, registers, statistics and the fund say the same, to the 分.
    let (last, year) = (yidang::model::month::Month::of(ago(188)), month.first().year());
    let file = format!("/household/{HOUSEHOLD}");
    let changed = format!("/registers/changes?period={}", ago(188).year());
    desk.all_say(&[
        (file, &["1,120.00", "1,280.50", "收入超过标准"]),
        ("/catalogs/hardship".to_owned(), &["周桂兰"]),
        ("/catalogs/payment".to_owned(), &["周桂兰", "停发", "1,120.00"]),
        (changed, &["增发", "1,280.50", "停发"]),
        (format!("/statistics?period={month}"), &["在保1户2人", "新增1户", "1,120.00"]),
        (format!("/statistics?period={}", last.next()), &["在保1户2人", "1,280.50"]),
        (format!("/statistics?period={after}"), &["在保0户0人，新增0户，退出1户"]),
        (format!("/fund?year={year}"), &["1,120.00"]),
    ])
    .await;
    for path in ["", "/family"] {
        desk.client.set_window_size(390, 844).await.unwrap();
        desk.goto(&format!("/household/{HOUSEHOLD}{path}")).await;
        assert!(desk.overhang().await <= 0, "{path} is wider than a telephone");
    }
}
