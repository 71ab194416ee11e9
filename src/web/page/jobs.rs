//! 作业: long work, and work that has stopped and waits for a person.

use super::Page;
use super::frame::{Entry, Frame};
use super::part::State;
use super::search::told;
use crate::search::Renewal;
use crate::web::lang::Lang;
use crate::web::{filters, keys};
use askama::Template;

/// The jobs page.
#[derive(Debug, Template)]
#[template(path = "jobs.html")]
pub struct Jobs {
    /// The frame.
    pub frame: Frame,
    /// Stopped first, then running, then waiting.
    pub rows: Vec<JobRow>,
    /// Jobs that have given up, in all.
    pub failed: u64,
    /// Jobs that run, in all.
    pub running: u64,
    /// Jobs that wait, in all.
    pub waiting: u64,
    /// What was done last, as a sentence in the language of the page.
    pub status: Option<String>,
    /// That the search is being renewed, as a sentence.
    pub renewal: Option<String>,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// It has given up.
    Failed,
    /// It failed and will be tried again by itself.
    Retrying,
    /// It runs.
    Running,
    /// It waits.
    Waiting,
}

impl JobState {
    /// Shape and colour.
    pub fn state(self) -> State {
        match self {
            JobState::Failed => State::Late,
            JobState::Retrying => State::Due,
            JobState::Running => State::Run,
            JobState::Waiting => State::None,
        }
    }

    /// Its name.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            JobState::Failed => lang.t("停了", "Stopped"),
            JobState::Retrying => lang.t("会再试", "Will retry"),
            JobState::Running => lang.t("在做", "Running"),
            JobState::Waiting => lang.t("排着", "Waiting"),
        }
    }
}

/// One job.
#[derive(Debug)]
pub struct JobRow {
    /// What names the job.
    pub id: String,
    /// Where it stands.
    pub state: JobState,
    /// What kind of work, as a word in the language of the page.
    pub kind: String,
    /// The document it works on, if any.
    pub document: Option<u64>,
    /// Title or file name of what it works on.
    pub about: String,
    /// Why it failed last; empty when it did not.
    pub reason: String,
    /// How often it was tried.
    pub tries: u64,
    /// Pages done.
    pub done: u64,
    /// Pages in all; 0 while that is not known.
    pub total: u64,
}

super::page!(Jobs, Some(Entry::Overview), keys::JOBS, examples);

fn row(id: u64, state: JobState, about: &str, reason: &str, tries: u64) -> JobRow {
    JobRow {
        id: format!("read:{id}"),
        state,
        kind: "识别".to_owned(),
        document: Some(184_000 + id),
        about: about.to_owned(),
        reason: reason.to_owned(),
        tries,
        done: if state == JobState::Running { 3 } else { 0 },
        total: 12,
    }
}

fn examples() -> Vec<Jobs> {
    let frame = Frame { here: "/jobs".to_owned(), ..Frame::sample() };
    let usual = Jobs {
        frame: frame.clone(),
        rows: vec![
            row(107, JobState::Failed, "a-0417.tif", "文件尾部缺2,048字节，请从扫描仪重取。", 3),
            row(112, JobState::Failed, "户口簿复印件", "第7页读不出，已试3次。可以人工录入。", 3),
            row(118, JobState::Retrying, "入户调查表", "磁盘忙，过2分钟再试。", 1),
            row(201, JobState::Running, "扫描0007.jpg", "", 1),
            row(202, JobState::Waiting, "扫描0008.jpg", "", 0),
        ],
        failed: 2,
        running: 1,
        waiting: 1,
        status: None,
        renewal: Some(told(Lang::Zh, &Renewal { done: 43, of: 100, former: false })),
    };
    let empty = Jobs {
        frame,
        rows: Vec::new(),
        failed: 0,
        running: 0,
        waiting: 0,
        status: Some("已重新排队。".to_owned()),
        renewal: None,
    };
    let long = "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告";
    let extreme = Jobs {
        frame: Frame::extreme(),
        rows: vec![JobRow {
            document: None,
            ..row(1_234_567_890, JobState::Failed, long, long, 1_000)
        }],
        failed: 1_000_000,
        running: 1_000,
        waiting: 1_000_000,
        status: None,
        renewal: None,
    };
    vec![usual, empty, extreme]
}
