//! What was established, step by step.

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was checked, and it is right.
    Sound,
    /// It was checked, and it is wrong.
    Wrong,
    /// It was not checked: there was nothing to check it by, or nobody asked.
    Open,
    /// It could not be looked at.
    Unseen,
}

/// The steps of a verification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Each with a sentence.
    pub steps: Vec<(Verdict, String)>,
}

impl Report {
    /// Notes a step.
    pub fn say(&mut self, verdict: Verdict, sentence: impl Into<String>) {
        self.steps.push((verdict, sentence.into()));
    }

    /// The exit status: 0 sound, 1 not, 3 could not look.
    #[must_use]
    pub fn status(&self) -> u8 {
        let any = |verdict| self.steps.iter().any(|(one, _)| *one == verdict);
        match () {
            () if any(Verdict::Wrong) => 1,
            () if any(Verdict::Unseen) => 3,
            () => 0,
        }
    }

    /// The steps as lines for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (verdict, sentence) in &self.steps {
            let mark = match verdict {
                Verdict::Sound => "right      ",
                Verdict::Wrong => "WRONG      ",
                Verdict::Open => "not checked",
                Verdict::Unseen => "NOT SEEN   ",
            };
            text.push_str(&format!("{mark}  {sentence}\n"));
        }
        text.push_str(match self.status() {
            0 => "sound\n",
            1 => "NOT SOUND\n",
            _ => "COULD NOT LOOK\n",
        });
        text
    }

    /// The steps as a JSON value.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let name = |verdict: &Verdict| match verdict {
            Verdict::Sound => "right",
            Verdict::Wrong => "wrong",
            Verdict::Open => "not checked",
            Verdict::Unseen => "not seen",
        };
        let steps: Vec<_> = self
            .steps
            .iter()
            .map(|(verdict, said)| serde_json::json!({ "result": name(verdict), "what": said }))
            .collect();
        serde_json::json!({ "sound": self.status() == 0, "status": self.status(), "steps": steps })
    }
}
