//! Pages that `tools/trial.sh` draws from a seed.

use std::path::PathBuf;

use crate::Failed;

/// Which pages are drawn.
pub(crate) struct Drawing {
    pub(crate) seed: String,
    pub(crate) pages: usize,
    /// Sheets of characters without sense, instead of forms.
    pub(crate) characters: bool,
    /// By how many degrees every sheet lies crooked, and how finely it is scanned; by lot without.
    pub(crate) angle: Option<String>,
    pub(crate) dpi: Option<String>,
}

impl Drawing {
    /// The folder of the pages; they are drawn when they are not there yet.
    pub(crate) fn folder(&self) -> Result<PathBuf, Failed> {
        let mut name = self.seed.clone();
        let mut options = Vec::new();
        if self.characters {
            name = format!("characters-{name}");
            options.push("--characters".to_owned());
        }
        for (option, value) in [("angle", &self.angle), ("dpi", &self.dpi)] {
            if let Some(value) = value {
                name = format!("{name}-{option}-{value}");
                options.extend([format!("--{option}"), value.clone()]);
            }
        }
        let folder = PathBuf::from(".local/trial").join(name);
        let there = std::fs::read_to_string(folder.join("trial.jsonl")).unwrap_or_default();
        if there.lines().count() != self.pages {
            eprintln!("drawing {} pages …", self.pages);
            let mut command = std::process::Command::new("tools/trial.sh");
            command.arg(&self.seed).arg(self.pages.to_string()).arg(&folder).args(options);
            if !command.status()?.success() {
                return Err("the pages could not be drawn".into());
            }
        }
        Ok(folder)
    }
}
