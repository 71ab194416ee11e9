use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::keying::{self, Keying, Sheet, Stating, TypedValue};
use crate::looks;
use crate::model::access::{Actor, Right};
use crate::model::id::DocumentId;

/// 录入字段: keys the form that a paper is, and states what it says of the household.
#[derive(Debug, Args)]
pub(super) struct Form {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Shows the fields of the form with what was keyed, or else what was read.
    Show {
        /// The document.
        document: DocumentId,
    },
    /// Keeps a new version of the fields.
    Key {
        /// The document.
        document: DocumentId,
        /// FIELD=VALUE; can be given several times.
        #[arg(value_name = "FIELD=VALUE", value_parser = value)]
        values: Vec<TypedValue>,
        /// Takes what was keyed before, or else what was read, for the other fields.
        #[arg(long)]
        accept: bool,
    },
    /// Lists the versions of the fields, newest first.
    Versions {
        /// The document.
        document: DocumentId,
    },
    /// Lists what the paper says that is not known so of the household; with --state,
    /// states it.
    Facts {
        /// The document.
        document: DocumentId,
        /// States the value of this field; can be given several times.
        #[arg(long = "state", value_name = "FIELD")]
        fields: Vec<String>,
        /// From this day on; that of the paper when left out.
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
    },
}

fn value(text: &str) -> Result<TypedValue, String> {
    let (field, value) = text.split_once('=').ok_or("a value is FIELD=VALUE")?;
    Ok(TypedValue { field: field.trim().to_owned(), value: value.to_owned() })
}

impl What {
    const fn document(&self) -> DocumentId {
        match self {
            Self::Show { document }
            | Self::Key { document, .. }
            | Self::Versions { document }
            | Self::Facts { document, .. } => *document,
        }
    }
}

impl Form {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let right = match &self.what {
            What::Versions { .. } => Right::Look,
            _ => Right::File,
        };
        let actor = common.acting(&app, right).await?;
        let no = looks::household_of(&app, &actor, self.what.document()).await?;
        common.because(&app, &actor, no.as_ref()).await?;
        self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(Outcome::Done)
    }
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<(), Failure> {
        let entry = match self {
            Self::Show { document } => {
                return tell(&keying::sheet(app, actor, document).await?, common.json);
            }
            Self::Versions { document } => {
                let versions = keying::versions(app, actor, document).await?;
                if common.json {
                    return print_json(&versions);
                }
                for version in versions {
                    println!("entry {}  {}  {}", version.entry, version.author, version.time);
                    for one in version.values {
                        println!("  {}={}", one.field, one.value);
                    }
                }
                return Ok(());
            }
            Self::Facts { document, fields, .. } if fields.is_empty() => {
                let offers = keying::offers(app, actor, document).await?;
                if common.json {
                    return print_json(&offers);
                }
                for one in offers.facts {
                    let line = format!(
                        "{}  {}  {}: {} -> {}  {}",
                        one.field, one.who, one.name, one.known, one.value, one.obstacle
                    );
                    println!("{}", line.trim_end());
                }
                return Ok(());
            }
            Self::Facts { document, fields, from } => {
                let stating = Stating { fields, from, seen: None };
                keying::state(app, actor, document, stating).await?.no
            }
            Self::Key { document, values, accept } => {
                let said = Keying { seen: None, values, accept };
                keying::save(app, actor, document, said).await?.no
            }
        };
        if common.json {
            return print_json(&serde_json::json!({ "entry": entry }));
        }
        println!("done, entry {entry}");
        Ok(())
    }
}

fn tell(sheet: &Sheet, json: bool) -> Result<(), Failure> {
    if json {
        return print_json(sheet);
    }
    for section in &sheet.sections {
        println!("{}", section.name);
        for one in &section.fields {
            let sure = match one.sure {
                Some(sure) if one.value == one.proposed => format!("{sure:3}"),
                _ => "   ".to_owned(),
            };
            println!("  {sure}  {}={}  {}", one.field, one.value, one.name);
        }
    }
    if !sheet.former.is_empty() {
        println!("no longer on the form");
    }
    for one in &sheet.former {
        println!("       {}={}", one.field, one.value);
    }
    for one in &sheet.findings {
        println!("{}: {}", one.field, one.message);
    }
    Ok(())
}
