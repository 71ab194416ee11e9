use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Common, Failure, Outcome, print_json};
use crate::app::App;
use crate::living::kinship::{self, Going, Kinship, Merging, Splitting};
use crate::model::access::{Actor, Right};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};

/// 分户、并户: some of a household become one of their own, or all of one go into another;
/// how households came from each other, and where somebody lived before.
#[derive(Debug, Args)]
pub(super) struct Household {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Some become a household of their own, under the next number of a community.
    Split {
        /// 户号
        household: HouseholdNo,
        /// PLACE or PLACE=RELATION of a person who goes, as `family show` counts them;
        /// can be given several times. The first is the head of the new household.
        #[arg(long = "goes", value_name = "PLACE=RELATION", value_parser = going, required = true)]
        going: Vec<Going>,
        /// The community that gives the number.
        #[arg(long, value_name = "CODE")]
        community: OrganisationCode,
        /// Where the new household lives.
        #[arg(long, value_name = "WORDS", default_value = "")]
        address: String,
        /// What is known of the household as a whole and goes along, by the code of the
        /// field, such as registered_address; can be given several times.
        #[arg(long, value_name = "FIELD")]
        along: Vec<String>,
        /// PLACE of who is the head of those who stay; needed where the head goes.
        #[arg(long, value_name = "PLACE")]
        successor: Option<u32>,
        /// PLACE=RELATION: how a person who stays is related to that head; can be given
        /// several times.
        #[arg(long = "stays", value_name = "PLACE=RELATION", value_parser = going)]
        staying: Vec<Going>,
        /// The document of the household's file that proves it.
        #[arg(long, value_name = "DOCUMENT")]
        proof: DocumentId,
        /// From this day on; today when left out.
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// A remark.
        #[arg(long, value_name = "WORDS", default_value = "")]
        why: String,
    },
    /// Everybody goes into another household.
    Merge {
        /// 户号 of the household that ends.
        household: HouseholdNo,
        /// 户号 of the household that they go into.
        into: HouseholdNo,
        /// PLACE=RELATION: how a person is related to the head there; can be given several
        /// times.
        #[arg(long = "relation", value_name = "PLACE=RELATION", value_parser = going)]
        going: Vec<Going>,
        /// The document that proves it, in one of both files.
        #[arg(long, value_name = "DOCUMENT")]
        proof: DocumentId,
        /// From this day on; today when left out.
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// A remark.
        #[arg(long, value_name = "WORDS", default_value = "")]
        why: String,
    },
    /// Takes a split or merge back that was wrong.
    TakeBack {
        /// 户号 of one of both.
        household: HouseholdNo,
        /// The entry that linked them.
        entry: EntryNo,
        /// Why it was wrong.
        #[arg(long, value_name = "WORDS")]
        why: String,
    },
    /// Shows the splits and merges of a household, and where it goes on.
    Links {
        /// 户号
        household: HouseholdNo,
    },
    /// Says where a person lives, and lived before.
    Lived {
        /// The number of the identity card.
        number: String,
    },
}

fn going(text: &str) -> Result<Going, String> {
    let (place, relation) = text.split_once('=').unwrap_or((text, ""));
    let place = place.parse().map_err(|_| format!("{place:?} is no place of a person"))?;
    Ok(Going { place, relation: relation.to_owned() })
}

impl Household {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let needed = match &self.what {
            What::Links { .. } | What::Lived { .. } => Right::Look,
            _ => Right::File,
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
            Self::Split {
                household,
                going,
                community,
                address,
                along,
                successor,
                staying,
                proof,
                from,
                why,
            } => {
                let splitting = Splitting {
                    head: going.first().map_or(0, |one| one.place),
                    going,
                    community,
                    address,
                    along,
                    successor,
                    staying,
                    on: from,
                    document: proof,
                    words: why,
                    seen: None,
                };
                let split = kinship::split(app, actor, &household, splitting).await?;
                if common.json {
                    return print_json(&split);
                }
                println!("{}, entry {}", split.household, split.entry);
                return Ok(());
            }
            Self::Merge { household, into, going, proof, from, why } => {
                let merging =
                    Merging { into, going, on: from, document: proof, words: why, seen: None };
                kinship::merge(app, actor, &household, merging).await?.no
            }
            Self::TakeBack { household, entry, why } => {
                kinship::take_back(app, actor, &household, entry, &why).await?.no
            }
            Self::Links { household } => {
                common.because(app, actor, Some(&household)).await?;
                let found = kinship::list(app, actor, &household).await?;
                return tell(&found, common.json);
            }
            Self::Lived { number } => {
                let found = kinship::lived(app, actor, &number).await?;
                if common.json {
                    return print_json(&found);
                }
                for one in found {
                    let until =
                        if one.left.is_empty() { "lives there" } else { one.until.as_str() };
                    let line = format!("{}  {}  {until}  {}", one.household, one.head, one.left);
                    println!("{}", line.trim_end());
                }
                return Ok(());
            }
        };
        if common.json {
            return print_json(&serde_json::json!({ "entry": entry }));
        }
        println!("done, entry {entry}");
        Ok(())
    }
}

fn tell(found: &Kinship, json: bool) -> Result<(), Failure> {
    if json {
        return print_json(found);
    }
    let outside =
        |other: &Option<String>| other.clone().unwrap_or_else(|| "(outside the scope)".to_owned());
    if let Some(on) = &found.lives_on {
        println!("{}, goes on as {}  {}", found.gone, outside(&on.household), on.head);
    }
    for one in &found.links {
        let way = if one.out { "to" } else { "from" };
        let back = if one.taken_back { "  taken back" } else { "" };
        println!(
            "{}  {}  {} {way} {}  entry {}{back}",
            one.on,
            one.kind,
            one.moved.join(", "),
            outside(&one.other),
            one.entry
        );
    }
    Ok(())
}
