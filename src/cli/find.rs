use std::path::PathBuf;

use clap::Args;

use super::status::told;
use super::uses::{shape_of, write_new};
use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::follow;
use crate::model::access::{Actor, Right};
use crate::model::file_state::FileState;
use crate::model::id::DocumentId;
use crate::search::{self, Asked, Band, Contract, Cursor, Found, FoundLabel, Label, Part, Sort};

/// Finds every page that has the words.
#[derive(Debug, Args)]
pub(super) struct Find {
    /// Words, "exact text", AND, OR, NOT, -word, parentheses.
    #[arg(required_unless_present_any = ["like", "saved"], num_args = 1.., value_name = "QUERY")]
    query: Vec<String>,
    /// 递进检索: what else must be found in the same document; several times for more.
    #[arg(long = "in", value_name = "QUERY")]
    within: Vec<String>,
    /// 户号: only this household.
    #[arg(long, value_name = "NUMBER")]
    household: Vec<String>,
    /// 件种: only this type.
    #[arg(long = "type", value_name = "CODE")]
    types: Vec<String>,
    /// 年度: only papers of this year.
    #[arg(long, value_name = "YEAR")]
    year: Vec<String>,
    /// Only files that stand so: open or bound.
    #[arg(long, value_name = "STATE")]
    state: Vec<FileState>,
    /// Only readings this sure: high, middle, low or unread.
    #[arg(long, value_name = "BAND")]
    confidence: Vec<Band>,
    /// 状态: only households that stand so, such as receiving or stopped.
    #[arg(long, value_name = "CODE")]
    standing: Vec<String>,
    /// 类别: only households of this category, such as A.
    #[arg(long, value_name = "CODE")]
    category: Vec<String>,
    /// Only papers of this day or later.
    #[arg(long, value_name = "DATE", default_value = "")]
    from: String,
    /// Only papers of this day or earlier.
    #[arg(long, value_name = "DATE", default_value = "")]
    to: String,
    /// Only this organisation and those below it: a region code or its beginning.
    #[arg(long, value_name = "CODE")]
    organisation: Vec<String>,
    /// The order: relevance, newest, oldest or reference.
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    sort: Sort,
    /// How many documents.
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// How many documents to pass over.
    #[arg(long, default_value_t = 0)]
    offset: usize,
    /// Where the part begins: `next` of the answer before.
    #[arg(long, value_name = "PLACE")]
    after: Option<Cursor>,
    /// Write every document that is found to a new file that ends with .csv or .xlsx.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["after", "offset", "like"])]
    export: Option<PathBuf>,
    /// Find the papers that are like this document instead.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["query", "saved"])]
    like: Option<i64>,
    /// Search again what was saved under this name, and count from now on what comes.
    #[arg(long, value_name = "NAME", conflicts_with = "query")]
    saved: Option<String>,
    /// Save the search under this name.
    #[arg(long, value_name = "NAME")]
    save: Option<String>,
}

impl Find {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Look).await?;
        // What was read and not yet indexed would be missed in silence.
        follow::until_current(&app).await?;
        let outcome = self.find(common, &app, &actor).await?;
        app.close(false).await?;
        Ok(outcome)
    }

    async fn find(self, common: &Common, app: &App, actor: &Actor) -> Result<Outcome, Failure> {
        let limit = self.limit.min(1000);
        if let Some(id) = self.like {
            return like(common, app, actor, DocumentId(id), limit).await;
        }
        let (export, save) = (self.export.clone(), self.save.clone());
        let part = Part { offset: self.offset, limit, after: self.after.clone() };
        let asked = self.asked(app, actor).await?;
        asked.check_standing(&app.rules)?;
        if let Some(name) = &save {
            search::saved::keep(app, actor, name, &asked).await?;
        }
        if let Some(file) = &export {
            let (shape, reason) = (shape_of(file)?, common.said()?);
            let bytes = search::export::export(app, actor, &asked, shape, reason).await?;
            write_new(file, &bytes)?;
            if !common.json {
                println!("{} bytes written to {}", bytes.len(), file.display());
            }
            return Ok(Outcome::Done);
        }
        let answer = search::find(app, actor, &asked, &part).await?;
        let total = answer.total;
        if let Some(renewal) = &answer.renewal {
            eprintln!("{}", told(renewal));
        }
        if common.json {
            print_json(&Contract::from(answer))?;
        } else {
            println!(
                "{} documents, {} pages; read as: {}",
                answer.total, answer.total_pages, answer.read_as
            );
            if let Some(unread) = answer.unread {
                println!("{unread} pages in scope are unread or unsure; not found is not absent");
            }
            answer.within.iter().for_each(|link| println!("within: {link}"));
            answer.found.iter().for_each(print);
            if let Some(next) = &answer.next {
                println!("\nmore: --after {next}");
            }
        }
        Ok(if total > 0 { Outcome::Done } else { Outcome::Findings })
    }

    /// The search: as it is said, or as it was saved.
    async fn asked(self, app: &App, actor: &Actor) -> Result<Asked, Failure> {
        if let Some(name) = &self.saved {
            let saved = search::saved::list(app, actor).await?;
            let found = saved.into_iter().find(|one| one.name == *name);
            let found = found.ok_or(search::SearchError::Unknown)?;
            return Ok(search::saved::open(app, actor, &found.id).await?);
        }
        Ok(Asked {
            query: self.query.join(" "),
            within: self.within,
            types: self.types,
            organisations: self.organisation,
            years: self.year,
            households: self.household,
            states: self.state,
            bands: self.confidence,
            standings: self.standing,
            categories: self.category,
            from: self.from,
            to: self.to,
            sort: self.sort,
        })
    }
}

/// Finds the papers that are like one.
async fn like(
    common: &Common,
    app: &App,
    actor: &Actor,
    id: DocumentId,
    limit: usize,
) -> Result<Outcome, Failure> {
    let alike = search::alike::alike(app, actor, id, limit).await?;
    let (words, total) = (alike.words, alike.total);
    if common.json {
        let hits: Vec<_> = alike.found.into_iter().map(search::Hit::from).collect();
        print_json(&serde_json::json!({ "words": words, "total": total, "hits": hits }))?;
    } else {
        println!("{total} documents share two of: {}", words.join(" "));
        alike.found.iter().for_each(print);
    }
    Ok(if total > 0 { Outcome::Done } else { Outcome::Findings })
}

fn print(found: &Found) {
    println!("\ndocument {}  {}  {}", found.document, found.type_code, found.title);
    if let Some(no) = &found.household {
        println!("  {} {no}  {}", found.head, found.volume.as_deref().unwrap_or("not bound"));
    }
    for page in &found.pages {
        if page.fields.is_empty() || !page.marks.is_empty() {
            println!("  p. {}  {}", page.page, marked(&page.snippet, &page.marks));
        }
        for FoundLabel { label, text } in &page.labels {
            let label = match label {
                Label::Head => "head of the household",
                Label::Title => "title",
                Label::Household => "household number",
            };
            println!("  p. {}  {label}: {text}", page.page);
        }
        for one in &page.fields {
            let kind = if one.stated { "记载" } else { "字段" };
            let value = marked(&one.snippet, &one.marks);
            println!("  p. {}  {kind}: {}  {value}", page.page, one.name);
        }
    }
}

/// The snippet with the words found in bold on a terminal, in 「」 elsewhere.
fn marked(snippet: &str, marks: &[(usize, usize)]) -> String {
    use std::io::IsTerminal;
    let (open, close) = match std::io::stdout().is_terminal() {
        true => ("\u{1b}[1m", "\u{1b}[0m"),
        false => ("「", "」"),
    };
    let mut text = String::new();
    for (at, c) in snippet.chars().enumerate() {
        if marks.iter().any(|(from, _)| *from == at) {
            text.push_str(open);
        }
        text.push(c);
        if marks.iter().any(|(_, to)| *to == at + 1) {
            text.push_str(close);
        }
    }
    text
}
