//! The child process that touches what strangers made: limits on itself first, then the file, then bounded answers.
//!
//! It is this program with a hidden verb. It is given the file as standard input, so it needs no name and no folder; it may
//! write to no file, start no process (unless it runs as root) and take no more memory and time than the request allows.
//! A panic is an answer; a crash or a full memory ends the child and is an answer to whoever waits for it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rlimit::Resource;

use super::wire::{Answer, Drawn, Request, Task, send};
use super::{Error, Kind, Limits, PageReading, header, pdf, picture};

/// The hidden verb, as first argument. The request follows as second.
pub(super) const VERB: &str = "page-reader";

/// Does nothing unless this process was started as a child; then it does the child's work and ends the process.
///
/// To be called first in `main`, before threads and runtimes are started and the command line is parsed.
pub fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some(VERB) {
        return;
    }
    let request = arguments.next().and_then(|json| serde_json::from_str::<Request>(&json).ok());
    let Some(request) = request else {
        std::process::exit(2);
    };
    // An answer that nobody takes, because the parent has gone, is the usual way to end early.
    let code = i32::from(work(&request, &mut io::stdout().lock()).is_err());
    std::process::exit(code);
}

/// A page as the child sees it: read without OCR, or pixels to recognise.
pub(super) enum Outcome {
    Page(PageReading),
    Pixels { image: image::RgbImage, reason: String },
}

fn work(request: &Request, out: &mut impl Write) -> io::Result<()> {
    // Messages of panics travel as answers.
    std::panic::set_hook(Box::new(|_| {}));
    // The font is opened while files may be opened.
    let font = request.font.as_ref().and_then(|path| std::fs::read(path).ok());
    let mark = font
        .clone()
        .filter(|_| matches!(&request.task, Task::Picture(drawn) if drawn.overlay.is_marked()));
    confine(&request.limits)?;
    let prepared = guard(|| {
        let file = read_file(&request.limits)?;
        Document::open(request.kind, file, &request.limits, font)
    });
    let document = match prepared {
        Ok(document) => document,
        Err(error) => return send(out, Answer::Failed(error), &[]),
    };
    let pages = document.pages();
    if pages > request.limits.pages {
        let error = Error::TooManyPages { pages: pages.into(), limit: request.limits.pages };
        return send(out, Answer::Failed(error), &[]);
    }
    match &request.task {
        Task::Count => send(out, Answer::Opened { pages }, &[]),
        &Task::Read { first, ocr } => {
            send(out, Answer::Opened { pages }, &[])?;
            for page in first..=pages {
                send_page(out, page, guard(|| document.read(page, ocr)))?;
            }
            send(out, Answer::Done, &[])
        }
        &Task::Picture(Drawn { page, .. }) if page == 0 || page > pages => {
            send(out, Answer::Failed(Error::NoSuchPage { page, pages }), &[])
        }
        Task::Picture(drawn) => {
            let jpeg =
                guard(|| picture::jpeg(document.render(drawn.page)?, drawn, mark.as_deref()));
            match jpeg {
                Ok(jpeg) => send(out, Answer::Picture, &jpeg),
                Err(error) => send(out, Answer::Failed(error), &[]),
            }
        }
    }
}

fn send_page(out: &mut impl Write, page: u32, outcome: Result<Outcome, Error>) -> io::Result<()> {
    match outcome {
        Ok(Outcome::Page(reading)) => send(out, Answer::Page(reading), &[]),
        Ok(Outcome::Pixels { image, reason }) => {
            let answer =
                Answer::Pixels { page, width: image.width(), height: image.height(), reason };
            send(out, answer, image.as_raw())
        }
        Err(error) => send(out, Answer::Page(PageReading::unread(page, (0, 0), error.en())), &[]),
    }
}

/// Gives up, for good, what the work does not need.
fn confine(limits: &Limits) -> io::Result<()> {
    // What the machine's owner already set lower stays: it cannot be raised again, and need not be.
    let set = |resource: Resource, value: u64| {
        let value = value.min(resource.get_hard()?);
        resource.set(value, value)
    };
    set(Resource::CORE, 0)?;
    set(Resource::FSIZE, 0)?;
    set(Resource::NPROC, 0)?;
    set(Resource::AS, limits.child_memory)?;
    // The parent measures each page; this bounds a child whose parent has died.
    let seconds = limits.seconds_per_page.saturating_mul(u64::from(limits.pages).max(1));
    set(Resource::CPU, seconds.max(1))
}

/// The whole of standard input, which is the file.
fn read_file(limits: &Limits) -> Result<Vec<u8>, Error> {
    let input = io::stdin().as_fd().try_clone_to_owned().map_err(Error::machine)?;
    let input = File::from(input);
    let length = input.metadata().map_err(Error::machine)?.len();
    if length > limits.bytes {
        return Err(Error::TooLarge { bytes: length, limit: limits.bytes });
    }
    let mut bytes = Vec::with_capacity(length as usize);
    input.take(limits.bytes).read_to_end(&mut bytes).map_err(Error::machine)?;
    Ok(bytes)
}

/// Turns a panic of a decoder into an error.
fn guard<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Err(Error::unreadable(format!("the decoder gave up: {message}")))
    })
}

/// An opened file.
enum Document {
    Pdf(Box<pdf::Document>),
    Picture(picture::Document),
}

impl Document {
    fn open(
        kind: Kind,
        file: Vec<u8>,
        limits: &Limits,
        font: Option<Vec<u8>>,
    ) -> Result<Self, Error> {
        // The walk is repeated here: the parent may have looked at other bytes, long ago.
        header::walk(kind, io::Cursor::new(&file), limits)?;
        Ok(match kind {
            Kind::Pdf => Document::Pdf(Box::new(pdf::Document::open(file, font)?)),
            _ => Document::Picture(picture::Document::open(kind, file, limits)?),
        })
    }

    fn pages(&self) -> u32 {
        match self {
            Document::Pdf(document) => document.pages(),
            Document::Picture(document) => document.pages(),
        }
    }

    fn read(&self, page: u32, ocr: bool) -> Result<Outcome, Error> {
        match self {
            Document::Pdf(document) => document.read(page, ocr),
            Document::Picture(document) => document.read(page, ocr),
        }
    }

    fn render(&self, page: u32) -> Result<image::RgbImage, Error> {
        match self {
            Document::Pdf(document) => document.render(page),
            Document::Picture(document) => document.render(page),
        }
    }
}
