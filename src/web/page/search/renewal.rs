//! That the search is being renewed, as a sentence.

use crate::search::Renewal;
use crate::web::lang::Lang;

/// How far it is, and what that means for whoever searches.
pub fn told(lang: Lang, renewal: &Renewal) -> String {
    let share = renewal.percent();
    match (lang, renewal.former) {
        (Lang::Zh, true) => {
            format!("检索正在更新，已完成{share}%：件照常查得到，新添的筛选要等更新完。")
        }
        (Lang::Zh, false) => {
            format!("检索正在更新，已完成{share}%：还没轮到的件暂时查不到，没查到不等于没有。")
        }
        (Lang::En, true) => format!(
            "The search is being renewed, {share}% done: papers are found as before, new ways to \
             narrow wait until then."
        ),
        (Lang::En, false) => format!(
            "The search is being renewed, {share}% done: papers that are not in yet are not found; \
             not found is not absent."
        ),
    }
}
