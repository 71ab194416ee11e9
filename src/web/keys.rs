//! Every key, declared once for each screen.
//!
//! The table binds the keys (the help dialog carries it into the page, where
//! `app.js` reads it), prints the `kbd` hints, and is the help. A key therefore
//! cannot be listed and not work, or work and not be listed.

/// One key: what is pressed, how it is printed, what it does.
#[derive(Debug)]
pub struct Key {
    /// The act it stands for: the element with this `data-act` is pressed or
    /// focused, or the script function registered under this name is called.
    pub act: &'static str,
    /// Names of keys as the browser tells them; `|` parts alternatives, a blank
    /// parts the presses of a sequence.
    pub press: &'static str,
    /// What is printed, one `kbd` each.
    pub show: &'static [&'static str],
    /// What it does, in Chinese.
    pub zh: &'static str,
    /// What it does, in English.
    pub en: &'static str,
}

/// Shortens the tables below.
const fn key(
    act: &'static str,
    press: &'static str,
    show: &'static [&'static str],
    zh: &'static str,
    en: &'static str,
) -> Key {
    Key { act, press, show, zh, en }
}

/// Puts the cursor into the search field.
pub const SEARCH: Key = key("search", "/", &["/"], "检索", "Search");
/// Opens the list of keys.
pub const HELP: Key = key("help", "?", &["?"], "本页键位", "Keys of this screen");
/// Adds papers.
pub const ADD: Key = key("add", "u", &["U"], "收件", "Add papers");
/// Closes one layer or leaves a field.
pub const BACK: Key = key("back", "Escape", &["Esc"], "收起、离开输入框", "Close, leave the field");
/// Goes to the overview.
pub const GO_OVERVIEW: Key = key("go-overview", "g o", &["G", "O"], "去总览", "Go to overview");
/// Goes to the intake desk.
pub const GO_INTAKE: Key = key("go-intake", "g i", &["G", "I"], "去收件台", "Go to intake");
/// Goes to the search page.
pub const GO_SEARCH: Key = key("go-search", "g s", &["G", "S"], "去检索", "Go to search");
/// Goes to the household files.
pub const GO_HOUSEHOLDS: Key =
    key("go-households", "g h", &["G", "H"], "去户档", "Go to households");
/// Goes to the volumes.
pub const GO_VOLUMES: Key = key("go-volumes", "g v", &["G", "V"], "去案卷", "Go to volumes");
/// Goes to the calendar of reviews.
pub const GO_REVIEWS: Key =
    key("go-reviews", "g r", &["G", "R"], "去复审日历", "Go to the reviews");
/// Goes to the payments.
pub const GO_PAYMENTS: Key = key("go-payments", "g m", &["G", "M"], "去发放", "Go to the payments");
/// Goes to the lendings.
pub const GO_LENDING: Key = key("go-lending", "g l", &["G", "L"], "去借阅", "Go to lending");
/// Goes to the registers.
pub const GO_REGISTERS: Key =
    key("go-registers", "g d", &["G", "D"], "去台账", "Go to the registers");
/// Goes to the audit page.
pub const GO_AUDIT: Key = key("go-audit", "g a", &["G", "A"], "去审计", "Go to audit");

/// Goes to people and organisations.
pub const GO_PEOPLE: Key = key("go-people", "g p", &["G", "P"], "去管理", "Go to people");
/// Goes to encryption.
pub const GO_ENCRYPTION: Key =
    key("go-encryption", "g e", &["G", "E"], "去加密", "Go to encryption");

/// The keys that work on every screen.
pub const EVERYWHERE: &[&Key] = &[
    &SEARCH,
    &ADD,
    &GO_OVERVIEW,
    &GO_INTAKE,
    &GO_SEARCH,
    &GO_HOUSEHOLDS,
    &GO_VOLUMES,
    &GO_REVIEWS,
    &GO_PAYMENTS,
    &GO_REGISTERS,
    &GO_LENDING,
    &GO_AUDIT,
    &GO_PEOPLE,
    &GO_ENCRYPTION,
    &BACK,
    &HELP,
];

/// The next row of a list.
pub const ROW_NEXT: Key = key("row-next", "j|ArrowDown", &["J"], "下一行", "Next row");
/// The row before.
pub const ROW_PREV: Key = key("row-prev", "k|ArrowUp", &["K"], "上一行", "Previous row");
/// Opens the selected row.
pub const ROW_OPEN: Key = key("row-open", "Enter", &["↵"], "打开", "Open");
/// Prints what is on the screen.
pub const PRINT: Key = key("print", "p", &["P"], "打印", "Print");

/// Overview.
pub const OVERVIEW: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN];

/// Files the paper and shows the next.
pub const FILE: Key = key("file", "Enter", &["↵"], "归入并看下一件", "File and next");
/// Chooses a candidate household.
pub const CANDIDATE: Key =
    key("candidate", "1|2|3|4|5|6|7|8|9", &["1", "9"], "选一户", "Choose a household");
/// Changes the document type.
pub const TYPE: Key = key("type", "t", &["T"], "改件种", "Change the type");
/// Leaves the paper for later.
pub const LATER: Key = key("later", "l", &["L"], "稍后", "Later");
/// Joins the paper to the one before.
pub const JOIN: Key = key("join", "m", &["M"], "并入上件", "Join to previous");
/// Sends the paper back.
pub const RETURN: Key = key("return", "x", &["X"], "退回", "Send back");
/// The next paper of the pile.
pub const PILE_NEXT: Key = key("pile-next", "j|ArrowDown", &["J"], "下一件", "Next paper");
/// The paper before in the pile.
pub const PILE_PREV: Key = key("pile-prev", "k|ArrowUp", &["K"], "上一件", "Previous paper");
/// The next page.
pub const PAGE_NEXT: Key = key("page-next", ".", &["."], "下一页", "Next page");
/// The page before.
pub const PAGE_PREV: Key = key("page-prev", ",", &[","], "上一页", "Previous page");

/// Intake.
pub const INTAKE: &[&Key] = &[
    &FILE, &LATER, &CANDIDATE, &TYPE, &PILE_NEXT, &PILE_PREV, &PAGE_NEXT, &PAGE_PREV, &JOIN,
    &RETURN,
];

/// Opens a new household file.
pub const OPEN_FILE: Key = key("open-file", "o", &["O"], "立新户", "Open a file");

/// Makes an account.
pub const ADD_PERSON: Key = key("add-person", "n", &["N"], "开户头", "Make an account");

/// List of people.
pub const PEOPLE: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN, &ADD_PERSON];

/// List of households.
pub const HOUSEHOLDS: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN, &OPEN_FILE];

/// Goes to the volume of the household.
pub const TO_VOLUME: Key = key("to-volume", "v", &["V"], "看案卷", "See the volume");
/// Opens the binding dialog.
pub const BIND: Key = key("bind", "b", &["B"], "装订", "Bind");

/// Household file.
pub const HOUSEHOLD: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN, &TO_VOLUME, &BIND];

/// List of volumes.
pub const VOLUMES: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN];

/// Opens the list of versions.
pub const VERSIONS: Key = key("versions", "v", &["V"], "各版", "Versions");
/// Goes to the household of the volume.
pub const TO_HOUSEHOLD: Key = key("to-household", "h", &["H"], "看户档", "See the household");

/// Volume.
pub const VOLUME: &[&Key] = &[&PRINT, &VERSIONS, &TO_HOUSEHOLD];

/// The next found word.
pub const HIT_NEXT: Key = key("hit-next", "n", &["N"], "下一处", "Next hit");
/// The found word before.
pub const HIT_PREV: Key = key("hit-prev", "N", &["⇧N"], "上一处", "Previous hit");
/// The next document.
pub const DOC_NEXT: Key = key("doc-next", "]", &["]"], "下一件", "Next document");
/// The document before.
pub const DOC_PREV: Key = key("doc-prev", "[", &["["], "上一件", "Previous document");
/// Makes the page larger.
pub const ZOOM_IN: Key = key("zoom-in", "+|=", &["+"], "放大", "Larger");
/// Makes the page smaller.
pub const ZOOM_OUT: Key = key("zoom-out", "-", &["-"], "缩小", "Smaller");
/// Shows the whole page.
pub const ZOOM_PAGE: Key = key("zoom-page", "0", &["0"], "整页", "Whole page");
/// Shows the page at the width of its place.
pub const ZOOM_WIDTH: Key = key("zoom-width", "w", &["W"], "适宽", "Fit width");
/// Downloads the file.
pub const DOWNLOAD: Key = key("download", "d", &["D"], "下载", "Download");
/// Shows where the document comes from.
pub const PROVENANCE: Key = key("provenance", "i", &["I"], "来历", "Provenance");
/// Starts a correction.
pub const CORRECT: Key = key(
    "correct",
    "e",
    &["E"],
    "录字段；没有表单的更正著录",
    "Key the fields; correct where there is no form",
);

/// Document viewer.
pub const VIEWER: &[&Key] = &[
    &HIT_NEXT,
    &HIT_PREV,
    &PAGE_NEXT,
    &PAGE_PREV,
    &DOC_NEXT,
    &DOC_PREV,
    &ZOOM_IN,
    &ZOOM_OUT,
    &ZOOM_PAGE,
    &ZOOM_WIDTH,
    &CORRECT,
    &PROVENANCE,
    &DOWNLOAD,
    &PRINT,
];

/// Keeps what was corrected.
pub const CORRECT_KEEP: Key = key("correct-keep", "s", &["S"], "存下", "Keep");
/// Goes to the next page and keeps nothing.
pub const CORRECT_SKIP: Key = key("correct-skip", "l", &["L"], "先跳过", "Skip");

/// Correcting a page.
pub const CORRECTING: &[&Key] = &[&CORRECT_KEEP, &CORRECT_SKIP];

/// A list with nothing beside it.
pub const LIST: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN];

/// Searches within what was found. `⇧/` is the key of [`HELP`].
pub const WITHIN: Key = key("within", "w", &["W"], "在结果里查", "Search within");

/// Search.
pub const RESULTS: &[&Key] =
    &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN, &HIT_NEXT, &HIT_PREV, &WITHIN, &EXPORT];

/// The retrieval catalogs.
pub const CATALOGS: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN, &FILTER, &EXPORT, &PRINT];

/// Goes to the page that checks a file, or chooses another there.
pub const CHECK: Key = key("check", "c", &["C"], "核验一份文件", "Verify a file");
/// Starts the verification of everything.
pub const VERIFY: Key = key("verify", "v", &["V"], "现在清点", "Sweep now");
/// Goes to the first thing that does not match.
pub const DIFFERENCE: Key = key("difference", "x", &["X"], "第一处不符", "First difference");
/// Prints the checkpoint.
pub const SEAL: Key = key("seal", "p", &["P"], "打印封条", "Print the seal");
/// Downloads the proof bundle.
pub const BUNDLE: Key = key("bundle", "d", &["D"], "下载核验包", "Download the bundle");
/// The next entry of the log.
pub const ENTRY_NEXT: Key = key("entry-next", "]", &["]"], "后一条", "Next entry");
/// The entry before.
pub const ENTRY_PREV: Key = key("entry-prev", "[", &["["], "前一条", "Previous entry");
/// Back to what the page is about.
pub const UP: Key = key("up", "o", &["O"], "回去", "Back to it");

/// Audit.
pub const AUDIT: &[&Key] = &[&CHECK, &VERIFY, &DIFFERENCE, &SEAL, &ROW_NEXT, &ROW_PREV, &ROW_OPEN];

/// One entry of the log.
pub const ENTRY: &[&Key] = &[&CHECK, &DIFFERENCE, &SEAL, &BUNDLE, &ENTRY_NEXT, &ENTRY_PREV];

/// History of a household's file or of a document.
pub const HISTORY: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN, &BUNDLE, &UP];

/// Checking a file.
pub const CHECKING: &[&Key] = &[&CHECK, &DIFFERENCE, &SEAL];

/// Jobs.
pub const JOBS: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN];

/// Gives the first reason of the list.
pub const REASON_1: Key = key("reason-1", "1", &["1"], "复审", "Review");
/// Gives the second.
pub const REASON_2: Key = key("reason-2", "2", &["2"], "核对", "Checking");
/// Gives the third.
pub const REASON_3: Key = key("reason-3", "3", &["3"], "信访", "Petition");
/// Gives the fourth.
pub const REASON_4: Key = key("reason-4", "4", &["4"], "审计", "Audit");
/// Goes to the field for another one.
pub const REASON_5: Key = key("reason-5", "5", &["5"], "其他，写明", "Other, in words");

/// Why somebody looks.
pub const REASONS: &[&Key] = &[&REASON_1, &REASON_2, &REASON_3, &REASON_4, &REASON_5];

/// Narrows a list.
pub const FILTER: Key = key("filter", "f", &["F"], "筛选", "Filter");
/// Takes the list along.
pub const EXPORT: Key = key("export", "e", &["E"], "导出", "Export");

/// The use register.
pub const USES: &[&Key] = &[&FILTER, &EXPORT, &PRINT, &ROW_NEXT, &ROW_PREV, &ROW_OPEN];
/// Asks for a file.
pub const ASK: Key = key("ask", "n", &["N"], "提请借阅", "Ask for a file");
/// Agrees to a request.
pub const AGREE: Key = key("agree", "a", &["A"], "同意", "Agree");
/// Refuses a request: goes to its reason.
pub const REFUSE: Key = key("refuse", "d", &["D"], "不同意，写理由", "Refuse, with a reason");
/// Notes that papers came back: goes to their pages.
pub const RETURNED: Key = key("returned", "r", &["R"], "归还", "Returned");

/// Lendings.
pub const LENDINGS: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN, &ASK, &PRINT];

/// The calendar of reviews, and lists of missing papers.
pub const DUE: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN, &PRINT];

/// The public notices.
pub const NOTICES: &[&Key] = &[&ROW_NEXT, &ROW_PREV, &ROW_OPEN, &PRINT];

/// One lending.
pub const LENDING: &[&Key] = &[&AGREE, &REFUSE, &RETURNED];

/// Keeps what was keyed. With Ctrl, so that it works inside a field.
pub const KEY_SAVE: Key =
    key("key-save", "Control+s|Control+Enter", &["Ctrl", "S"], "存为新一版", "Save");
/// Takes a value as it was read and goes to the next in doubt. Inside a field.
pub const KEY_NEXT: Key =
    key("key-next", "Shift+Enter", &["↵"], "认可，看下一处存疑", "Accept, next in doubt");

/// Keying a form.
pub const KEYING: &[&Key] = &[&KEY_NEXT, &KEY_SAVE];
/// The registers.
pub const REGISTERS: &[&Key] = &[&FILTER, &PRINT, &EXPORT, &ROW_NEXT, &ROW_PREV, &ROW_OPEN];

/// A row of a register.
pub const REGISTER_ROW: &[&Key] = &[&UP];

/// The statistics of a period.
pub const STATISTICS: &[&Key] = &[&FILTER, &PRINT, &EXPORT];

/// A page without keys of its own.
pub const NONE: &[&Key] = &[];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_screen_binds_a_key_twice() {
        let screens = [
            OVERVIEW,
            INTAKE,
            HOUSEHOLDS,
            HOUSEHOLD,
            VOLUMES,
            VOLUME,
            VIEWER,
            RESULTS,
            AUDIT,
            ENTRY,
            HISTORY,
            CHECKING,
            JOBS,
            REASONS,
            USES,
            LENDINGS,
            LENDING,
            CORRECTING,
            LIST,
            NONE,
            REGISTERS,
            REGISTER_ROW,
            KEYING,
            STATISTICS,
        ];
        for screen in screens {
            let mut seen = HashSet::new();
            for key in screen.iter().chain(EVERYWHERE) {
                assert!(!key.show.is_empty() && !key.zh.is_empty() && !key.en.is_empty());
                for press in key.press.split('|') {
                    assert!(seen.insert(press), "{press} is bound twice");
                }
            }
        }
    }
}
