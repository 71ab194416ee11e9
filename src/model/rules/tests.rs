//! The rules that come with the program, those of a bureau, and what spoilt ones are refused for.

use super::*;
use crate::model::procedure::OFFICE;
use crate::model::profile::Profile;

#[test]
fn the_rules_that_come_with_the_program_are_sound() {
    let profile = Profile::national_2008().unwrap();
    let rules = Rules::national().unwrap();
    assert_eq!(rules.beginning("none").count(), 2);
    // Every paper that a file must have is left by a step of the application.
    let application = rules.procedure("application").unwrap();
    let left: Vec<_> = application.steps.iter().flat_map(|step| &step.papers).collect();
    for kind in profile.required() {
        assert!(left.contains(&&kind.code), "{}", kind.code);
    }
    let papers = rules.procedures.iter().flat_map(|case| &case.steps).flat_map(|one| &one.papers);
    for paper in papers {
        assert!(profile.type_of(paper).is_some(), "{paper}");
    }
    // So that no case is stuck: whatever is taken, some step ends it.
    for case in &rules.procedures {
        assert!(case.steps.iter().any(|step| step.ends), "{}", case.code);
    }
}

#[test]
fn a_bureau_replaces_the_files_it_has_rules_of_its_own_for() {
    let usual = include_str!("../../../schemas/rules/procedures.toml");
    let own = usual.replacen("phase_out = 6", "phase_out = 3", 1).replacen(
        "\nmonths = 3",
        "\nmonths = 4",
        1,
    );
    let rules = Rules::with(&OwnRules::from([("procedures.toml", own)])).unwrap();
    let national = Rules::national().unwrap();
    assert_eq!((national.phase_out, rules.phase_out), (6, 3));
    assert_eq!(rules.category("C").map(|one| one.months), Some(4));
    assert_eq!(rules.fields.len(), national.fields.len());
    for name in Rules::FILES {
        let broken = OwnRules::from([(name, "nothing = true".to_owned())]);
        let told = Rules::with(&broken).unwrap_err().to_string();
        let in_line = told.starts_with(name) && told.contains("line 1");
        assert!(in_line && told.contains("nothing") && !told.contains('\n'), "{told}");
    }
}

#[test]
fn rules_that_name_what_is_not_there_are_refused() {
    let source = include_str!("../../../schemas/rules/procedures.toml");
    let fields = include_str!("../../../schemas/rules/fields.toml");
    let holidays = include_str!("../../../schemas/rules/holidays.toml");
    for (right, wrong) in [
        (r#"after = ["notice"]"#, r#"after = ["nothing"]"#),
        (r#"state = "refused""#, r#"state = "elsewhere""#),
        (r#"since = "confirm""#, r#"since = "never""#),
    ] {
        let source = source.replacen(right, wrong, 1);
        let told = Rules::parse(&source, fields, holidays).unwrap_err().to_string();
        assert!(told.starts_with("procedures.toml: ") && told.contains(" names "), "{told}");
    }
    let signed =
        source.replacen("code = \"confirm\"", "code = \"confirm\"\noffices = [\"公安局\"]", 1);
    let told = Rules::parse(&signed, fields, holidays).unwrap_err().to_string();
    assert!(told.contains("is signed by several departments"), "{told}");
    let departments = "code = \"cosign\"\noffice = true\noffices = [\"公安局\"]";
    for wrong in ["", " 公安局", "公安局\", \"公安局", &"局".repeat(OFFICE + 1)] {
        let own = departments.replace("公安局", wrong);
        let other = source.replacen("office = true\n", "", 1);
        let own = other.replacen("code = \"cosign\"", &own, 1);
        let told = Rules::parse(&own, fields, holidays).unwrap_err().to_string();
        assert!(told.contains("is signed by several departments"), "{wrong}: {told}");
    }
    // A way that waits for what it goes past, one in a circle, one that never ends.
    for (right, wrong, step) in [
        ("after = [\"check\", \"visit\"]", "after = [\"cosign\"]", "visit"),
        ("after = [\"opinion\"]", "after = [\"confirm\"]", "opinion"),
        ("ends = true\npapers = [\"A23\"]", "papers = [\"A23\"]", "notify"),
    ] {
        let own = source.replacen(right, wrong, 1);
        let told = Rules::parse(&own, fields, holidays).unwrap_err().to_string();
        let behind = format!("application goes no further behind {step} ");
        assert!(told.contains(&behind), "{told}");
    }
    let evidence = include_str!("../../../schemas/rules/evidence.toml");
    for (right, wrong) in [
        (r#"field = "deposits""#, r#"field = "riches""#),
        (r#"finding = "dead""#, r#"finding = "alive""#),
    ] {
        let parsed = Rules::national().unwrap().with_evidence(&evidence.replace(right, wrong));
        assert!(matches!(parsed, Err(RulesError::Unknown { .. })), "{wrong}");
    }
    let twice = source.replace(r#"code = "accept""#, r#"code = "apply""#);
    let told = Rules::parse(&twice, fields, holidays).unwrap_err().to_string();
    assert_eq!(told, "procedures.toml: the rules have application apply twice");
}
