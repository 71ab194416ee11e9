use clap::Args;

use super::{Common, Failure, Outcome, print_json};
use crate::follow;
use crate::model::access::Right;
use crate::search::{self, Contract, Found, Narrowed};

/// Finds every page that has the words.
#[derive(Debug, Args)]
pub(super) struct Find {
    /// Words, "exact text", AND, OR, NOT, -word, parentheses.
    #[arg(required = true, num_args = 1.., value_name = "QUERY")]
    query: Vec<String>,
    /// 户号: only this household.
    #[arg(long, value_name = "NUMBER")]
    household: Vec<String>,
    /// 件种: only this type.
    #[arg(long = "type", value_name = "CODE")]
    types: Vec<String>,
    /// Only papers of this day or later.
    #[arg(long, value_name = "DATE", default_value = "")]
    from: String,
    /// Only papers of this day or earlier.
    #[arg(long, value_name = "DATE", default_value = "")]
    to: String,
    /// Only this organisation and those below it: a region code or its beginning.
    #[arg(long, value_name = "CODE", default_value = "")]
    organisation: String,
    /// How many documents.
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// How many documents to pass over.
    #[arg(long, default_value_t = 0)]
    offset: usize,
}

impl Find {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::Look).await?;
        // What was read and not yet indexed would be missed in silence.
        follow::until_current(&app).await?;
        let narrowed = Narrowed {
            households: self.household,
            types: self.types,
            organisation: self.organisation,
            from: self.from,
            to: self.to,
        };
        let query = self.query.join(" ");
        let limit = self.limit.min(1000);
        let answer = search::find(&app, &actor, &query, &narrowed, self.offset, limit).await?;
        app.close(false).await?;
        let total = answer.total;
        if common.json {
            print_json(&Contract::from(answer))?;
        } else {
            println!(
                "{} documents, {} pages; read as: {}",
                answer.total, answer.total_pages, answer.read_as
            );
            for found in &answer.found {
                print(found);
            }
        }
        Ok(if total > 0 { Outcome::Done } else { Outcome::Findings })
    }
}

fn print(found: &Found) {
    println!("\ndocument {}  {}  {}", found.document, found.type_code, found.title);
    if let Some(no) = &found.household {
        println!("  {} {no}  {}", found.head, found.volume.as_deref().unwrap_or("not bound"));
    }
    for page in &found.pages {
        println!("  p. {}  {}", page.page, marked(&page.snippet, &page.marks));
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
