//! Who can sign in to the demonstration.

use serde::Serialize;

use super::{DemoError, at};
use crate::app::App;
use crate::model::access::Role;
use crate::model::id::IdError;
use crate::people::{self, NewPerson};

/// Somebody who can sign in to the demonstration.
#[derive(Debug, Clone, Serialize)]
pub struct SignIn {
    /// The role.
    pub role: Role,
    /// 姓名
    pub name: &'static str,
    /// What is typed to sign in.
    pub login: &'static str,
    /// The password: of this demonstration alone.
    pub password: String,
}

/// The people of the demonstration: role, name, login, organisation; the street
/// 柳桥 has a clerk and a reader of its own.
const PEOPLE: [(Role, &str, &str, &str); 7] = [
    (Role::Clerk, "赵玉梅", "zhao", "990102003000"),
    (Role::Archivist, "宋青", "song", "990102000000"),
    (Role::Reader, "何立新", "he", "990102003000"),
    (Role::Approver, "邓文彬", "deng", "990102000000"),
    (Role::Auditor, "吴敏", "wu", "990102000000"),
    (Role::Administrator, "韩冰", "han", "990102000000"),
    (Role::SecurityOfficer, "罗琳", "luo", "990102000000"),
];

/// Makes one person for each role.
pub(super) async fn enlist(app: &App) -> Result<Vec<SignIn>, DemoError> {
    let (actor, failed) = (app.operator(), "people");
    let mut all = Vec::new();
    for (role, name, login, code) in PEOPLE {
        let organisation = code.parse().map_err(at::<IdError>(failed))?;
        let new = NewPerson { login: login.into(), name: name.into(), organisation };
        people::add(app, &actor, new).await.map_err(at(failed))?;
        people::grant(app, &actor, login, vec![role]).await.map_err(at(failed))?;
        let password = format!("demo-{}", hex::encode(rand::random::<[u8; 4]>()));
        people::set_password(app, &actor, login, &password).await.map_err(at(failed))?;
        all.push(SignIn { role, name, login, password });
    }
    Ok(all)
}
