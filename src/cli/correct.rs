use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::correction::{self, Said, SaidLine, Sheet};
use crate::looks;
use crate::model::access::Right;
use crate::model::correction::Rect;
use crate::model::id::DocumentId;

/// Shows a page line by line, or says what stands on it.
///
/// Without --line, --add and --whole the lines are shown, each with its number and
/// how sure the machine is (100: a person has looked at it).
#[derive(Debug, Args)]
pub(super) struct Correct {
    /// The document.
    document: DocumentId,
    /// Its page, from 1.
    page: u32,
    /// Line N reads TEXT; empty: nothing stands there. Can be given several times.
    #[arg(long = "line", value_name = "N=TEXT", value_parser = numbered)]
    lines: Vec<(usize, String)>,
    /// A line that was not read, in the box X,Y,WIDTH,HEIGHT (pixels), reads TEXT.
    #[arg(long = "add", value_name = "BOX=TEXT", value_parser = placed)]
    added: Vec<(Rect, String)>,
    /// That is all that stands on the page.
    #[arg(long)]
    whole: bool,
}

fn numbered(text: &str) -> Result<(usize, String), String> {
    let (number, said) = text.split_once('=').ok_or("a line is N=TEXT")?;
    let number = number.trim().parse().map_err(|_| format!("{number:?} is no number"))?;
    Ok((number, said.to_owned()))
}

fn placed(text: &str) -> Result<(Rect, String), String> {
    let (numbers, said) = text.split_once('=').ok_or("an added line is X,Y,WIDTH,HEIGHT=TEXT")?;
    let numbers: Result<Vec<u32>, _> = numbers.split(',').map(|n| n.trim().parse()).collect();
    let place = numbers.ok().and_then(|numbers| numbers.try_into().ok());
    Ok((place.ok_or("a box is four numbers: X,Y,WIDTH,HEIGHT")?, said.to_owned()))
}

impl Correct {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let shows = self.lines.is_empty() && self.added.is_empty() && !self.whole;
        let right = if shows { Right::Look } else { Right::File };
        let actor = common.acting(&app, right).await?;
        let no = looks::household_of(&app, &actor, self.document).await?;
        common.because(&app, &actor, no.as_ref()).await?;
        let sheet = correction::sheet(&app, &actor, self.document, self.page).await?;
        if shows {
            tell(&sheet, common.json)?;
            return Ok(Outcome::Done);
        }
        let (document, page) = (self.document, self.page);
        let said = self.said(&sheet)?;
        let entry = correction::correct(&app, &actor, document, page, said).await?;
        app.settle().await?;
        if common.json {
            print_json(&serde_json::json!({ "entry": entry }))?;
        } else {
            println!("entry {entry}: page {page} of document {document} is corrected");
        }
        Ok(Outcome::Done)
    }

    /// The lines that were named, and those that people looked at before; or all.
    fn said(self, sheet: &Sheet) -> Result<Said, Failure> {
        let count = sheet.lines.len();
        if let Some((number, _)) = self.lines.iter().find(|(n, _)| !(1..=count).contains(n)) {
            return Err(Failure::usage(
                format!("the page has no line {number}"),
                "`yidang correct DOCUMENT PAGE` shows its lines",
            ));
        }
        let mut lines = Vec::new();
        for (number, line) in (1..).zip(&sheet.lines) {
            // What is said last of a line holds.
            let said = self.lines.iter().rev().find(|(n, _)| *n == number);
            if said.is_some() || line.checked || self.whole {
                let text = said.map_or_else(|| line.text.clone(), |(_, text)| text.clone());
                lines.push(SaidLine { bbox: line.bbox, text });
            }
        }
        for (bbox, text) in self.added {
            // Before the first line that begins below it.
            let at = lines.iter().position(|line| line.bbox[1] > bbox[1]).unwrap_or(lines.len());
            lines.insert(at, SaidLine { bbox, text });
        }
        Ok(Said { seen: sheet.seen, whole: self.whole, lines })
    }
}

fn tell(sheet: &Sheet, json: bool) -> Result<(), Failure> {
    if json {
        return print_json(sheet);
    }
    for (number, line) in (1..).zip(&sheet.lines) {
        let sure = if line.checked { 100 } else { line.confidence / 10 };
        println!("{number:4}  {sure:3}  {}", line.text);
    }
    if let Some(by) = &sheet.by {
        println!("corrected by {}, {}", by.name, by.time);
    }
    Ok(())
}
