//! What the rest of the program calls: inspect a file, read it, draw a page of it.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;

use super::sandbox::Child;
use super::wire::{Answer, Drawn, Request, Task};
use super::{
    Alternative, Error, Inspected, Kind, Limits, Line, Overlay, PageReading, Reading, Source,
    header, sniff,
};

/// After so many pages in a row that cost a child its life, the rest of the file is left unread.
const PATIENCE: u32 = 3;

/// Reads files. Cheap to clone; clones share the bound on child processes.
#[derive(Clone)]
pub struct Reader {
    /// What a file may cost.
    pub limits: Limits,
    /// The program to start as child process: one whose `main` begins with [`super::child::main`]. By default this one.
    pub program: PathBuf,
    /// A font for Chinese text in PDFs that do not embed theirs, as scans of old systems do not.
    /// By default the first found of those that Debian installs; without one such text is blank on page images.
    pub fallback_font: Option<PathBuf>,
    /// The recogniser; without one only embedded text is read.
    pub engine: Option<Arc<yidang_ocr::Engine>>,
    /// Settings of the recogniser.
    pub ocr: yidang_ocr::Settings,
    children: Arc<Semaphore>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Which page was just finished, for progress bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Pages finished.
    pub done: u32,
    /// Pages of the file.
    pub pages: u32,
}

impl Reader {
    /// A reader without recogniser; set the public fields for more.
    pub fn new(limits: Limits) -> Self {
        Reader {
            program: own_program(),
            fallback_font: installed_font(),
            engine: None,
            ocr: yidang_ocr::Settings::default(),
            children: Arc::new(Semaphore::new(limits.children.max(1))),
            limits,
        }
    }

    /// This reader with another recogniser, or none.
    #[must_use]
    pub fn with_engine(&self, engine: Option<Arc<yidang_ocr::Engine>>) -> Self {
        Reader { engine, ..self.clone() }
    }

    /// Kind and page count of a file, without decoding it; a PDF is opened in a child process.
    ///
    /// Refuses what is empty, too large, no document, cut off, a pixel bomb, of too many pages, or locked.
    pub async fn inspect(&self, path: &Path) -> Result<Inspected, Error> {
        let (file, limits) = (open(path)?, self.limits.clone());
        let (kind, pages) =
            spawn_blocking(move || look(file, &limits)).await.map_err(Error::machine)??;
        if let Some(pages) = pages {
            return Ok(Inspected { kind, pages });
        }
        let (_permit, mut child) = self.child(path, kind, Task::Count).await?;
        match child.next().await? {
            (Answer::Opened { pages }, _) => Ok(Inspected { kind, pages }),
            (other, _) => Err(unexpected(&other)),
        }
    }

    /// The text of every page. Embedded text where it is sound, else recognised; a page that cannot be read is in the result
    /// with its reason, and only a file of which nothing can be opened is an error.
    ///
    /// `progress` is called after each page. Dropping the future stops the reading, at once but for a page that is just
    /// being recognised, whose result is thrown away.
    pub async fn read(
        &self,
        path: &Path,
        kind: Kind,
        mut progress: impl FnMut(Progress) + Send,
    ) -> Result<Reading, Error> {
        let mut reading = Reading::default();
        let mut total = None;
        let mut deaths = 0;
        loop {
            let first = reading.pages.len() as u32 + 1;
            let task = Task::Read { first, ocr: self.engine.is_some() };
            let (_permit, mut child) = self.child(path, kind, task).await?;
            // Pages come in order until the child is done or has died of one; then the next child goes on behind it.
            let death = loop {
                let page = reading.pages.len() as u32 + 1;
                let answer = match child.next().await {
                    Ok((Answer::Opened { pages }, _)) => {
                        total = Some(pages);
                        continue;
                    }
                    Ok((Answer::Done, _)) => return Ok(reading),
                    Ok((Answer::Page(page), _)) => page,
                    Ok((Answer::Pixels { width, height, reason, .. }, body)) => {
                        self.recognise(page, (width, height), body, reason).await
                    }
                    Ok((other, _)) => return Err(unexpected(&other)),
                    Err(error) => break error,
                };
                deaths = 0;
                reading.pages.push(answer);
                progress_of(&reading, total, &mut progress);
            };
            let Some(pages) = total else {
                return Err(death);
            };
            if death.may_pass() {
                return Err(death);
            }
            deaths += 1;
            let page = reading.pages.len() as u32 + 1;
            reading.pages.push(PageReading::unread(page, (0, 0), death.en()));
            if deaths == PATIENCE {
                let reason = format!("Left unread after {PATIENCE} pages in a row failed.");
                let rest = page + 1..=pages;
                reading
                    .pages
                    .extend(rest.map(|page| PageReading::unread(page, (0, 0), reason.clone())));
            }
            progress_of(&reading, total, &mut progress);
            if reading.pages.len() as u32 >= pages {
                return Ok(reading);
            }
        }
    }

    /// One page as a JPEG: upright (held as the camera noted, then `turned` clockwise, as [`PageReading::turned`] says),
    /// at most `max_width` pixels wide and never enlarged. Boxes fit after scaling by its width over [`PageReading::width`].
    pub async fn page_image(
        &self,
        path: &Path,
        kind: Kind,
        page: u32,
        turned: u16,
        max_width: u32,
    ) -> Result<Vec<u8>, Error> {
        let overlay = Overlay::default();
        self.drawn(path, kind, Drawn { page, turned, width: max_width, overlay }).await
    }

    /// As [`Reader::page_image`], with something laid over it.
    pub async fn drawn(&self, path: &Path, kind: Kind, drawn: Drawn) -> Result<Vec<u8>, Error> {
        let (_permit, mut child) = self.child(path, kind, Task::Picture(drawn)).await?;
        match child.next().await? {
            (Answer::Picture, jpeg) => Ok(jpeg),
            (other, _) => Err(unexpected(&other)),
        }
    }

    /// Starts a child when fewer than the allowed number are at work.
    async fn child(
        &self,
        path: &Path,
        kind: Kind,
        task: Task,
    ) -> Result<(SemaphorePermit<'_>, Child), Error> {
        let permit = self.children.acquire().await.map_err(Error::machine)?;
        let request =
            Request { task, kind, limits: self.limits.clone(), font: self.fallback_font.clone() };
        let child = Child::start(&self.program, &request, open(path)?)?;
        Ok((permit, child))
    }

    /// Recognises one page, away from the threads that answer requests.
    async fn recognise(
        &self,
        page: u32,
        size: (u32, u32),
        rows: Vec<u8>,
        reason: String,
    ) -> PageReading {
        let unread = |reason: String| PageReading::unread(page, size, reason);
        let Some(engine) = self.engine.clone() else {
            return unread(super::picture::NO_MODELS.into());
        };
        let Some(image) = image::RgbImage::from_raw(size.0, size.1, rows) else {
            return unread("The page reader sent too few pixels.".into());
        };
        let mut settings = self.ocr.clone();
        let seconds = Duration::from_secs(self.limits.seconds_to_recognise);
        settings.time_limit.get_or_insert(seconds);
        match spawn_blocking(move || engine.read(&image, &settings)).await {
            Ok(Ok(found)) => PageReading {
                page,
                width: found.width,
                height: found.height,
                turned: found.turned,
                source: Source::Ocr,
                reason,
                missed: found.missed,
                lines: found.lines.into_iter().map(line).collect(),
            },
            Ok(Err(error)) => unread(format!("The page was not recognised: {error}.")),
            Err(_) => unread("The page was not recognised: the recogniser gave up.".into()),
        }
    }
}

fn line(line: yidang_ocr::Line) -> Line {
    let yidang_ocr::Line { text, bbox, confidence, chars, alternatives } = line;
    let alternative =
        |yidang_ocr::Alternative { at, text, probability }| Alternative { at, text, probability };
    let alternatives = alternatives.into_iter().map(alternative).collect();
    Line { text, bbox, confidence, chars, alternatives }
}

fn progress_of(reading: &Reading, total: Option<u32>, progress: &mut impl FnMut(Progress)) {
    let done = reading.pages.len() as u32;
    progress(Progress { done, pages: total.unwrap_or(done) });
}

/// Kind, and page count where the headers tell it.
fn look(mut file: File, limits: &Limits) -> Result<(Kind, Option<u32>), Error> {
    let bytes = file.metadata().map_err(Error::machine)?.len();
    if bytes == 0 {
        return Err(Error::Empty);
    }
    if bytes > limits.bytes {
        return Err(Error::TooLarge { bytes, limit: limits.bytes });
    }
    let mut head = Vec::with_capacity(sniff::HEAD);
    (&mut file).take(sniff::HEAD as u64).read_to_end(&mut head).map_err(Error::machine)?;
    let kind = sniff::sniff(&head).map_err(|found| Error::NotADocument { found: found.into() })?;
    file.rewind().map_err(Error::machine)?;
    let pages = header::walk(kind, BufReader::with_capacity(32 << 10, file), limits)?;
    Ok((kind, pages))
}

fn open(path: &Path) -> Result<File, Error> {
    // The path is not part of the message: it is our own, and says nothing to a clerk.
    File::open(path)
        .map_err(|error| Error::machine(format!("the file could not be opened: {error}")))
}

fn unexpected(answer: &Answer) -> Error {
    Error::machine(format!("the page reader answered something else: {answer:?}"))
}

/// This very program, even when its file has been replaced since it was started.
fn own_program() -> PathBuf {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        return running;
    }
    std::env::current_exe().unwrap_or_else(|_| PathBuf::from("yidang"))
}

/// The first of the Chinese fonts that Debian packages install.
fn installed_font() -> Option<PathBuf> {
    [
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    ]
    .into_iter()
    .map(PathBuf::from)
    .find(|path| path.exists())
}
