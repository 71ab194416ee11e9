//! 检索目录 in SQL: the three catalogs that records are looked up in by field, one
//! row for each household.

mod known;

use sqlx::FromRow;

pub use self::known::{Known, known};

use super::households::Wanted;
use crate::args;
use crate::db::{Arg, DbError, Tx};
use crate::model::access::Scope;

/// What a catalog is narrowed to. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Which households: a part of number, name or 档号, or the digest of a number.
    pub wanted: Wanted,
    /// The beginning of an organisation code.
    pub organisation: String,
    /// `open`, `bound`, or empty.
    pub state: String,
}

/// In which order its rows come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// 户号
    #[default]
    Number,
    /// 户主, then 户号.
    Head,
    /// 档号; those without one at the end, by 户号.
    Reference,
}

/// What the catalog holds of a household.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Entry {
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// Where it lives, or empty.
    pub address: String,
    /// The name of its community, or the code while that is not registered.
    pub organisation: String,
    /// How many people it has, with the head.
    pub people: i64,
    /// 档号, or empty while nothing was bound.
    pub reference: String,
    /// 案卷题名, or empty.
    pub title: String,
    /// The version of the volume, 0 without one.
    pub version: i64,
    /// 件数 of the volume.
    pub items: i64,
    /// 页数 of the volume.
    pub pages: i64,
    /// The first date on its papers, or empty.
    pub first: String,
    /// The last date on its papers, or empty.
    pub last: String,
    /// The codes of the types that are filed, parted by commas.
    pub kinds: String,
    /// 保障人数 as it was put up last, 0 when it never was.
    pub covered: i64,
    /// 月保障金 as it was put up last, in 分.
    pub amount: i64,
    /// Which notice that was, or empty.
    pub notice: String,
    /// From which day, or empty.
    pub from_day: String,
    /// By what its place in the order is told.
    pub place: String,
}

/// The newest version of the volume of a household.
macro_rules! newest {
    () => {
        "LEFT JOIN volume v ON v.household = h.no AND v.version =
           (SELECT MAX(w.version) FROM volume w WHERE w.household = h.no)"
    };
}

/// Which households: $1 the scope, $2 the organisation, $3 the part, $4 the digest, $5 the
/// state.
macro_rules! narrowed {
    () => {
        "h.organisation LIKE $1 AND h.organisation LIKE $2
           AND ($3 = '%%' OR h.no LIKE $3 OR h.head LIKE $3 OR v.reference_code LIKE $3
             OR h.no IN (SELECT household FROM member WHERE name LIKE $3)
             OR h.no IN (SELECT household FROM id_digest WHERE digest = $4))
           AND ($5 = '' OR ($5 = 'bound' AND v.version IS NOT NULL)
             OR ($5 = 'open' AND v.version IS NULL))"
    };
}

/// Chosen first, as [`narrowed!`] says, $6 and $7 where the part begins, $8 how many; what
/// the catalog holds is looked up for those alone.
macro_rules! entries {
    ($place:literal) => {
        concat!(
            "SELECT h.no, h.head, h.address,
               COALESCE((SELECT o.name FROM organisation o WHERE o.code = h.organisation),
                 h.organisation) AS organisation,
               (SELECT COUNT(*) FROM member m WHERE m.household = h.no) + 1 AS people,
               COALESCE(v.reference_code, '') AS reference, COALESCE(v.title, '') AS title,
               COALESCE(v.version, 0) AS version, COALESCE(v.items, 0) AS items,
               COALESCE(v.pages, 0) AS pages,
               COALESCE((SELECT MIN(d.date) FROM document d WHERE d.household = h.no
                 AND d.state = 'filed' AND d.date <> ''), '') AS first,
               COALESCE((SELECT MAX(d.date) FROM document d WHERE d.household = h.no
                 AND d.state = 'filed' AND d.date <> ''), '') AS last,
               COALESCE((SELECT STRING_AGG(d.type, ',') FROM document d
                 WHERE d.household = h.no AND d.state = 'filed'), '') AS kinds,
               COALESCE(n.members, 0) AS covered, COALESCE(n.amount, 0) AS amount,
               COALESCE(n.kind, '') AS notice, COALESCE(n.from_day, '') AS from_day,
               chosen.place
             FROM (
               SELECT h.no, ",
            $place,
            " AS place FROM household h ",
            newest!(),
            " WHERE ",
            narrowed!(),
            " AND (",
            $place,
            " > $6 OR (",
            $place,
            " = $6 AND h.no > $7)) ORDER BY 2, 1 LIMIT $8
             ) AS chosen
             JOIN household h ON h.no = chosen.no ",
            newest!(),
            " LEFT JOIN notice n ON n.entry = (SELECT MAX(p.entry) FROM notice p
               WHERE p.household = h.no AND p.taken_down IS NULL)
             ORDER BY chosen.place, chosen.no"
        )
    };
}

/// A text without the signs that LIKE takes for any character.
fn plain(text: &str) -> String {
    text.replace(['%', '_'], "")
}

fn narrowing(scope: &Scope, narrowed: &Narrowed) -> [Arg; 5] {
    let Narrowed { wanted, organisation, state } = narrowed;
    [
        Arg::from(format!("{}%", scope.prefix())),
        Arg::from(format!("{}%", plain(organisation))),
        Arg::from(format!("%{}%", plain(&wanted.part))),
        Arg::from(&wanted.digest),
        Arg::from(state),
    ]
}

/// What the catalog holds of the households in the scope, in order, behind the
/// place and number `after`, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    narrowed: &Narrowed,
    by: By,
    after: (&str, &str),
    limit: u32,
) -> Result<Vec<Entry>, DbError> {
    let mut args = narrowing(scope, narrowed).to_vec();
    args.extend_from_slice(args![after.0, after.1, limit]);
    let sql = match by {
        By::Number => entries!("h.no"),
        By::Head => entries!("h.head"),
        // After every code comes `~`.
        By::Reference => entries!("COALESCE(v.reference_code, '~')"),
    };
    tx.all(sql, &args).await
}

/// How many households [`list`] would bring without a limit.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx, scope: &Scope, narrowed: &Narrowed) -> Result<i64, DbError> {
    tx.number(
        concat!("SELECT COUNT(*) FROM household h ", newest!(), " WHERE ", narrowed!()),
        &narrowing(scope, narrowed),
    )
    .await
}
