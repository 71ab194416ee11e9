//! What each role may do: the one matrix of roles and rights. `docs/access.md`
//! prints it, and a test compares the two.

mod right;
mod role;

pub use self::right::Right;
pub use self::role::Role;

impl Role {
    /// What the role may do.
    #[must_use]
    pub const fn rights(self) -> &'static [Right] {
        use Right as R;
        match self {
            Self::Clerk => &[
                R::Look,
                R::Export,
                R::Upload,
                R::File,
                R::AskLending,
                R::OpenCounter,
                R::Reveal,
                R::RunJobs,
                R::Own,
            ],
            Self::Archivist => &[
                R::Look,
                R::Export,
                R::Upload,
                R::File,
                R::Bind,
                R::Verify,
                R::ReadLog,
                R::ReadUse,
                R::AskLending,
                R::HandOver,
                R::OpenCounter,
                R::Reveal,
                R::RunJobs,
                R::Own,
            ],
            Self::Reader => &[R::Look, R::AskLending, R::Own],
            Self::Approver => &[
                R::Look,
                R::ReadUse,
                R::AskLending,
                R::DecideLending,
                R::Reveal,
                R::DecideDestruction,
                R::Own,
            ],
            Self::Auditor => &[
                R::Look,
                R::Export,
                R::Verify,
                R::ReadLog,
                R::ReadUse,
                R::Reveal,
                R::SeePeople,
                R::Own,
            ],
            Self::Administrator => &[R::SeePeople, R::ManagePeople, R::ManageKeys, R::Own],
            Self::SecurityOfficer => &[R::ReadUse, R::SeePeople, R::GrantRoles, R::Own],
            // Whoever has the machine has its files; what needs a second person does too.
            Self::Operator => &[
                R::Look,
                R::Export,
                R::Upload,
                R::File,
                R::Bind,
                R::Verify,
                R::ReadLog,
                R::ReadUse,
                R::RunJobs,
                R::SeePeople,
                R::ManagePeople,
                R::GrantRoles,
                R::ManageKeys,
                R::Found,
                R::Own,
            ],
            Self::Guest => &[R::Visit],
            Self::System => &[R::Look, R::Verify, R::RunJobs, R::ManageKeys],
        }
    }

    /// Whether the role may do `right`.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        self.rights().contains(&right)
    }

    /// Whether it is one of the three that nobody has beside another role:
    /// 三员分立, as the protection of classified systems has it. Who makes
    /// accounts does not say what they may do, and neither watches over it.
    #[must_use]
    pub const fn stands_alone(self) -> bool {
        matches!(self, Self::Administrator | Self::SecurityOfficer)
    }
}

/// Why nobody can have these roles together; none when a person can.
#[must_use]
pub fn conflict(roles: &[Role]) -> Option<&'static str> {
    let alone = roles.iter().filter(|role| role.stands_alone()).count();
    let audits = roles.contains(&Role::Auditor);
    if roles.iter().any(|role| !Role::GIVEN.contains(role)) {
        Some("operators and guests are nobody's roles")
    } else if alone > 0 && roles.len() > 1 {
        Some("administrators and security officers have no other role (三员分立)")
    } else if audits && roles.iter().any(|role| !matches!(role, Role::Auditor | Role::Reader)) {
        Some("auditors have no other role but that of a reader: nobody audits the own work")
    } else {
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_three_officers_are_three_persons() {
        use Role::*;
        for good in [
            vec![],
            vec![Clerk],
            vec![Clerk, Archivist, Reader, Approver],
            vec![Auditor],
            vec![Auditor, Reader],
            vec![Administrator],
            vec![SecurityOfficer],
        ] {
            assert_eq!(conflict(&good), None, "{good:?}");
        }
        for bad in [
            vec![Administrator, SecurityOfficer],
            vec![Administrator, Auditor],
            vec![SecurityOfficer, Auditor],
            vec![Administrator, Reader],
            vec![SecurityOfficer, Clerk],
            vec![Auditor, Archivist],
            vec![Operator],
            vec![System, Clerk],
            vec![Guest],
        ] {
            assert!(conflict(&bad).is_some(), "{bad:?}");
        }
    }

    #[test]
    fn who_manages_accounts_or_rights_sees_no_record() {
        for role in [Role::Administrator, Role::SecurityOfficer] {
            for right in [Right::Look, Right::Export, Right::Reveal, Right::ReadLog] {
                assert!(!role.may(right), "{role:?} {right:?}");
            }
        }
        assert!(!Role::Administrator.may(Right::GrantRoles));
        assert!(!Role::SecurityOfficer.may(Right::ManagePeople));
    }

    #[test]
    fn names_are_read_back() {
        for role in Role::GIVEN {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert!("system".parse::<Role>().is_err());
        assert!("operator".parse::<Role>().is_err());
        let mut seen = std::collections::BTreeSet::new();
        assert!(Right::ALL.iter().all(|right| seen.insert(right.as_str())));
        for right in Right::ALL {
            assert_eq!(serde_json::to_value(right).unwrap(), right.as_str());
        }
    }
}
