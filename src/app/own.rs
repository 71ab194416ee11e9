//! The bureau's own rules: what stands in the folder that the settings name.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::OpenError;
use crate::config::Config;
use crate::model::form::{Forms, MOST_BYTES, OwnForms, file_of, is_name};
use crate::model::rules::{OwnRules, Rules};

/// The folder of forms, in the folder of rules.
const FORMS: &str = "forms";

/// The rules and forms of the program, and in their place those of the bureau.
pub(super) fn rules(config: &Config) -> Result<(Rules, Forms), OpenError> {
    let (mut own, mut forms) = (OwnRules::new(), OwnForms::new());
    if !config.rules.as_os_str().is_empty() {
        let folder = config.data.join(&config.rules);
        std::fs::read_dir(&folder).map_err(unreadable(&folder))?;
        for name in Rules::FILES {
            let path = folder.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => drop(own.insert(name, text)),
                Err(cause) if cause.kind() == ErrorKind::NotFound => {}
                Err(cause) => return Err(unreadable(&path)(cause)),
            }
        }
        for name in named(&folder)? {
            let text = text(&folder.join(file_of(&name)))?;
            forms.insert(name, text);
        }
    }
    let rules = Rules::with(&own)?;
    let forms = Forms::with(&forms, &rules)?;
    Ok((rules, forms))
}

/// The files that have rules and forms of the bureau's own, by their paths as the settings
/// begin them: those that [`rules`] reads.
///
/// # Errors
/// When the folder of forms cannot be read.
pub(crate) fn files(config: &Config) -> std::io::Result<Vec<PathBuf>> {
    if config.rules.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    let folder = config.data.join(&config.rules);
    let forms: Vec<String> = listed(&folder)?.iter().filter_map(|file| name(file)).collect();
    let all = Rules::FILES.into_iter().map(ToOwned::to_owned);
    let all = all.chain(forms.iter().map(|name| file_of(name)));
    Ok(all.filter(|file| folder.join(file).exists()).map(|file| config.rules.join(file)).collect())
}

/// The names of the forms in a folder of rules.
fn named(folder: &Path) -> Result<Vec<String>, OpenError> {
    let files = listed(folder).map_err(unreadable(&folder.join(FORMS)))?;
    let of = |file: &String| name(file).ok_or_else(|| OpenError::NoForm(format!("{FORMS}/{file}")));
    files.iter().map(of).collect()
}

/// The name of the form in a file, if there can be one in it.
fn name(file: &str) -> Option<String> {
    file.strip_suffix(".json").filter(|name| is_name(name)).map(ToOwned::to_owned)
}

/// The files in the folder of forms, if there is one. What begins with a point is nobody's
/// form.
fn listed(folder: &Path) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder.join(FORMS)) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        files.push(entry?.file_name().to_string_lossy().into_owned());
    }
    files.retain(|file| !file.starts_with('.'));
    files.sort_unstable();
    Ok(files)
}

/// The text of a form, which is small.
fn text(path: &Path) -> Result<String, OpenError> {
    let (mut text, file) = (String::new(), File::open(path).map_err(unreadable(path))?);
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(unreadable(path))?;
    match text.len() as u64 > MOST_BYTES {
        true => Err(OpenError::LargeForm(path.display().to_string())),
        false => Ok(text),
    }
}

fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> OpenError {
    let folder = path.display().to_string();
    move |cause| OpenError::Folder { folder: folder.clone(), cause }
}
