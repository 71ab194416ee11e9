use std::io::BufRead;

use clap::{Args, Subcommand};

use super::session::{ended, named, short};
use super::{Common, Failure, Outcome, print_json};
use crate::model::access::{Right, Role};
use crate::model::id::OrganisationCode;
use crate::model::people::Person as Account;
use crate::people::access::{self, Standing};
use crate::people::{self, Changed, NewPerson};

/// Makes and changes the accounts of people, and says what they may do.
#[derive(Debug, Args)]
pub(super) struct Person {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes an account, with roles if they are named.
    Add {
        /// 姓名
        name: String,
        /// What is typed to sign in.
        #[arg(long)]
        login: String,
        /// Its region code of 12 digits; that of the operator when left out.
        #[arg(long, value_name = "CODE")]
        organisation: Option<OrganisationCode>,
        /// clerk, archivist, reader, approver, auditor, administrator,
        /// security_officer; with commas.
        #[arg(long, value_delimiter = ',', value_name = "ROLE")]
        roles: Vec<Role>,
    },
    /// Says what a person is from now on; nothing takes every right away.
    Grant {
        /// Whose.
        login: String,
        /// All roles, with commas.
        #[arg(long, value_delimiter = ',', value_name = "ROLE")]
        roles: Vec<Role>,
    },
    /// Changes what a person is called and where they work; closes or opens the
    /// account.
    Change {
        /// Whose.
        login: String,
        /// 姓名
        #[arg(long)]
        name: Option<String>,
        /// A region code of 12 digits.
        #[arg(long, value_name = "CODE")]
        organisation: Option<OrganisationCode>,
        /// Closes the account.
        #[arg(long, conflicts_with = "enable")]
        disable: bool,
        /// Opens it again.
        #[arg(long)]
        enable: bool,
    },
    /// Sets a password, read from standard input.
    Password {
        /// Whose.
        login: String,
    },
    /// Issues a one-time code, with which the person sets a password at
    /// /signin/code. It works for three days, and once.
    Code {
        /// Whose.
        login: String,
        /// Takes the second factor away too.
        #[arg(long)]
        telephone_lost: bool,
    },
    /// Says what a person is called at the provider of the settings; nothing
    /// takes it away.
    Provider {
        /// Whose.
        login: String,
        /// The name there.
        #[arg(default_value = "")]
        name: String,
    },
    /// Shows a person: roles, and how they come in.
    Show {
        /// Whose.
        login: String,
    },
    /// Ends the sessions of a person, all of them or one.
    SignOut {
        /// Whose.
        login: String,
        /// Only this one: what names it in `person show`; its beginning is enough.
        #[arg(long, value_name = "ID")]
        session: Option<String>,
    },
    /// Lists people.
    List,
}

impl Person {
    pub(super) async fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let app = common.open().await?;
        let actor = common.acting(&app, Right::SeePeople).await?;
        match self.what {
            What::Add { name, login, organisation, roles } => {
                let organisation = organisation.unwrap_or_else(|| actor.organisation.clone());
                // Roles that cannot be are refused before there is an account.
                if let Some(why) = crate::model::access::conflict(&roles) {
                    return Err(Failure::usage(format!("these roles cannot be given: {why}"), ""));
                }
                let new = NewPerson { login, name, organisation };
                let mut person = people::add(&app, &actor, new).await?;
                if !roles.is_empty() {
                    person = people::grant(&app, &actor, &person.login, roles).await?;
                }
                tell(common, &person)?;
            }
            What::Grant { login, roles } => {
                tell(common, &people::grant(&app, &actor, &login, roles).await?)?;
            }
            What::Change { login, name, organisation, disable, enable } => {
                let now = people::get(&app, &actor, &login).await?;
                let changed = Changed {
                    name: name.unwrap_or(now.name),
                    organisation: organisation.unwrap_or(now.organisation),
                    disabled: disable || (now.disabled && !enable),
                };
                tell(common, &people::change(&app, &actor, &login, changed).await?)?;
            }
            What::Password { login } => {
                let mut line = String::new();
                std::io::stdin().lock().read_line(&mut line)?;
                let password = line.trim_end_matches(['\r', '\n']);
                people::set_password(&app, &actor, &login, password).await?;
                println!("the password of {login} is set; their sessions have ended");
            }
            What::Code { login, telephone_lost } => {
                let (code, ends) = access::issue_code(&app, &actor, &login, telephone_lost).await?;
                if common.json {
                    let ends = ends.to_string();
                    print_json(&serde_json::json!({ "code": code, "ends": ends }))?;
                } else {
                    println!("{code}  for {login}, once, at /signin/code, until {ends}");
                }
            }
            What::Provider { login, name } => {
                access::name_at_provider(&app, &actor, &login, &name).await?;
                println!("noted");
            }
            What::Show { login } => {
                let person = people::get(&app, &actor, &login).await?;
                let stands = access::standing(&app, &actor, &login).await?;
                match common.json {
                    true => print_json(&serde_json::json!({ "person": person, "access": stands }))?,
                    false => show(&person, &stands),
                }
            }
            What::SignOut { login, session: None } => {
                ended(common, people::sign_out(&app, &actor, &login).await?)?;
            }
            What::SignOut { login, session: Some(id) } => {
                let stands = access::standing(&app, &actor, &login).await?;
                let id = named(stands.sessions.iter().map(|one| one.id.as_str()), &id)?;
                access::end_session(&app, &actor, &login, id).await?;
                ended(common, 1)?;
            }
            What::List => {
                let all = people::list(&app, &actor, None, u32::MAX).await?;
                if common.json {
                    print_json(&all)?;
                } else {
                    all.iter().for_each(say);
                }
            }
        }
        app.settle().await?;
        Ok(Outcome::Done)
    }
}

fn show(person: &Account, stands: &Standing) {
    say(person);
    let is = |is: bool| if is { "yes" } else { "no" };
    println!("password: {}", is(stands.password));
    println!("second factor: {}", is(stands.second_factor));
    if !stands.at_provider.is_empty() {
        println!("at the provider: {}", stands.at_provider);
    }
    let at = |ms| jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string());
    for one in &stands.sessions {
        let seen = at(one.seen).unwrap_or_default();
        println!("session {}, last used {seen}  {}", short(&one.id), one.agent);
    }
    for one in &stands.tokens {
        println!("token {}  {}, until {}", one.id, one.name, at(one.ends).unwrap_or_default());
    }
}

fn tell(common: &Common, person: &Account) -> Result<(), Failure> {
    if common.json {
        return print_json(person);
    }
    say(person);
    Ok(())
}

fn say(person: &Account) {
    let roles: Vec<&str> = person.roles.iter().map(|role| role.en()).collect();
    let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") };
    let closed = if person.disabled { "; closed" } else { "" };
    println!("{:<20} {} of {}: {roles}{closed}", person.login, person.name, person.organisation);
}
