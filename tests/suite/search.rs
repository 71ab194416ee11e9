//! What is taken in is found: while the server runs, and where it stands.

use std::time::{Duration, Instant};

use yidang::{follow, view, worker};

use crate::files::paper;
use crate::harness::{Archive, Sql, Store, ZHOU, for_all};

#[tokio::test]
async fn a_running_server_finds_a_page_within_two_seconds_of_reading_it() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let serving = tokio::spawn({
        let app = archive.app.clone();
        async move { tokio::join!(worker::serve(app.clone()), follow::serve(app)) }
    });
    let mut delays = Vec::new();
    for no in 0..3 {
        let word = format!("编号{no}三七");
        let id = archive
            .take(ZHOU, "a.pdf", &paper(&[&["入户调查表", &word, "签字"]]))
            .await
            .unwrap()
            .document;
        let read = until(async || {
            let shown = view::document(&archive.app, &archive.bureau(), id).await.unwrap();
            shown.pages[0].reading.is_some()
        })
        .await;
        let found = until(async || archive.finds(&word).await == [id]).await;
        delays.push(found - read);
    }
    serving.abort();
    // On a busy machine one of them may have had to wait for its turn.
    delays.sort_unstable();
    assert!(delays[1] <= Duration::from_secs(2), "{delays:?}");
}

/// The moment from which `so` holds.
async fn until(so: impl AsyncFn() -> bool) -> Instant {
    let begun = Instant::now();
    while !so().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "it did not come to pass");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Instant::now()
}

#[tokio::test]
async fn a_hit_opens_at_the_page_with_its_words_boxed() {
    for_all(async |archive| {
        let pages: [&[&str]; 2] = [
            &["最低生活保障申请表", "申请人基本情况", "见下页"],
            &["家庭成员", "户主 周桂兰", "次子 周小军"],
        ];
        let id = archive.take(ZHOU, "form.pdf", &paper(&pages)).await.unwrap().document;
        archive.settle().await;
        // The blank between name and label does not stand in the way.
        let found = archive.find("户主周桂兰").await;
        assert_eq!((found.total, found.total_pages, found.found[0].document), (1, 1, id));
        let hit = &found.found[0].pages[0];
        assert_eq!(hit.page, 2);
        let marked: String = hit
            .marks
            .iter()
            .flat_map(|(from, to)| hit.snippet.chars().skip(*from).take(to - from))
            .filter(|c| !c.is_whitespace())
            .collect();
        assert_eq!(marked, "户主周桂兰");
        // The second line of the page: 36 points below the first, of 842.
        let scale = f64::from(hit.height) / 842.0;
        let [x, y, w, h] = hit.boxes[0].map(|value| f64::from(value) / scale);
        assert!((x - 72.0).abs() < 4.0 && (y - (842.0 - 724.0 - 16.0)).abs() < 6.0, "{x} {y}");
        assert!(h > 12.0 && h < 26.0 && w > 30.0 && w < 130.0, "{w} {h}");
    })
    .await;
}

#[tokio::test]
async fn a_paper_is_found_by_its_title_before_it_is_read() {
    for_all(async |archive| {
        let id =
            archive.take(ZHOU, "残疾证复印件.pdf", &paper(&[&["一", "二", "三"]])).await.unwrap();
        follow::until_current(&archive.app).await.unwrap();
        assert_eq!(archive.finds("残疾证").await, [id.document]);
        assert!(!follow::is_behind(&archive.app).await.unwrap());
    })
    .await;
}
