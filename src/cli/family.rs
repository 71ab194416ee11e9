use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::completeness;
use crate::living::statements::{self, Family as Known, Stating};
use crate::model::access::{Actor, Right};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::living::Fact;

/// 记载: what is known of a household and its persons, on any day; and what its
/// file lacks.
#[derive(Debug, Args)]
pub(super) struct Family {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Shows what is known; with --on and --known, what was known when.
    Show {
        /// 户号
        household: HouseholdNo,
        /// On this day; today when left out.
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
        /// As it was known after this entry.
        #[arg(long, value_name = "ENTRY")]
        known: Option<EntryNo>,
    },
    /// States something from a day on.
    State {
        /// 户号
        household: HouseholdNo,
        /// FIELD=VALUE of the household, or PLACE.FIELD=VALUE of a person; can be
        /// given several times. Of what a household can have several of, the second is
        /// FIELD.2, as in near_relative.2.
        #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = fact)]
        facts: Vec<Fact>,
        /// From this day on; today when left out.
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// The document that proves it.
        #[arg(long, value_name = "DOCUMENT")]
        proof: Option<DocumentId>,
        /// 更正: the entry of a statement that was wrong.
        #[arg(long, value_name = "ENTRY")]
        instead_of: Option<EntryNo>,
        /// A remark.
        #[arg(long, value_name = "WORDS", default_value = "")]
        why: String,
    },
    /// Lists the papers that files lack.
    Missing {
        /// Only of this organisation: its code or the beginning.
        #[arg(long, value_name = "CODE", default_value = "")]
        organisation: String,
        /// Only what this level owes: community, street or bureau.
        #[arg(long, default_value = "")]
        level: String,
        /// That organisation itself, without those below it.
        #[arg(long)]
        own: bool,
        /// Only papers of this type.
        #[arg(long = "type", value_name = "CODE", default_value = "")]
        kind: String,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Sends a filed paper back to whoever collects it.
    SendBack {
        /// The document.
        document: DocumentId,
        /// Why.
        #[arg(long, value_name = "WORDS")]
        why: String,
    },
}

fn fact(text: &str) -> Result<Fact, String> {
    let (field, value) = text.split_once('=').ok_or("a value is FIELD=VALUE")?;
    // What a household can have several of has its number behind it: near_relative.2.
    let of_person = field.split_once('.').filter(|(_, rest)| rest.parse::<u32>().is_err());
    let (member, field) = match of_person {
        Some((place, field)) => {
            let place = place.parse().map_err(|_| format!("{place:?} is no place of a person"))?;
            (Some(place), field)
        }
        None => (None, field),
    };
    Ok(Fact { member, field: field.to_owned(), value: value.to_owned() })
}

impl Family {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::State { .. } | What::SendBack { .. } => Right::File,
            What::Show { .. } | What::Missing { .. } => Right::Look,
        };
        let actor = common.acting(&app, needed).await?;
        self.what.run(common, &app, &actor).await?;
        app.settle().await?;
        Ok(Outcome::Done)
    }
}

impl What {
    async fn run(self, common: &Common, app: &App, actor: &Actor) -> Result<(), Failure> {
        let entry = match self {
            Self::Show { household, on, known } => {
                common.because(app, actor, Some(&household)).await?;
                let found = statements::on_day(app, actor, &household, on, known).await?;
                return tell(&found, common.json);
            }
            Self::Missing { organisation, level, own, kind, limit } => {
                let after = String::new();
                let asked = completeness::Asked { organisation, level, kind, after, own };
                let limit = limit.clamp(1, 1000);
                let found = completeness::lacking(app, actor, &asked, limit).await?;
                if common.json {
                    return print_json(&found);
                }
                for one in found {
                    let line = format!(
                        "{}  {}  {}  {}  since {}  {}",
                        one.household,
                        one.head,
                        one.type_code,
                        one.collector,
                        one.since,
                        one.reason
                    );
                    println!("{}", line.trim_end());
                }
                return Ok(());
            }
            Self::State { household, facts, from, proof, instead_of, why } => {
                let seen = None;
                let stating = Stating { from, proof, words: why, facts, instead_of, seen };
                statements::state(app, actor, &household, stating).await?.no
            }
            Self::SendBack { document, why } => {
                completeness::send_back(app, actor, document, &why).await?.no
            }
        };
        if common.json {
            return print_json(&serde_json::json!({ "entry": entry }));
        }
        println!("done, entry {entry}");
        Ok(())
    }
}

fn tell(found: &Known, json: bool) -> Result<(), Failure> {
    if json {
        return print_json(found);
    }
    for one in &found.household {
        println!("{}  {}  {}", one.field, one.value, one.from);
    }
    for person in &found.persons {
        let mark = match (person.head, person.left) {
            (true, _) => " head",
            (_, true) => " left",
            _ => "",
        };
        println!("person {}{mark}", person.place);
        for one in &person.facts {
            println!("  {}.{}  {}  {}", person.place, one.field, one.value, one.from);
        }
    }
    Ok(())
}
