use super::*;
use crate::lint::RuleName;
use crate::schema::{Identifier, ObjectName, RelationName};

fn finding(rule: &'static str, column: &str, repairs: &[(&'static str, Safety)]) -> Finding {
    let table = RelationName::new(
        Identifier::quoted("public"),
        Identifier::quoted("shop_order"),
    );
    let object = ObjectName::Column(table, Identifier::quoted(column));
    let mut finding = Finding::in_database(object, "it is so");
    finding.rule = RuleName::new(rule);
    for (name, safety) in repairs {
        let repair = Repair::new(name, "Do it", Vec::new()).of_safety(*safety);
        finding = finding.repaired_by(repair);
    }
    finding
}

fn choices(written: &[&str]) -> Vec<Choice> {
    written.iter().map(|one| one.parse().unwrap()).collect()
}

/// What was decided, in a word for each finding.
fn words(findings: &[Finding], written: &[&str]) -> Vec<String> {
    let decided = decide(findings, &choices(written)).unwrap();
    decided
        .iter()
        .map(|one| match &one.decision {
            Decision::Taken(repair) => repair.name.to_owned(),
            Decision::Open(_) => "open".to_owned(),
            Decision::ByHand(_) => "by hand".to_owned(),
            Decision::LeftOut => "left out".to_owned(),
            Decision::NoRepair => "no repair".to_owned(),
        })
        .collect()
}

const ALTERNATIVES: &[(&str, Safety)] = &[
    ("set-default", Safety::Safe),
    ("drop-column", Safety::Unsafe),
];

#[test]
fn one_safe_repair_is_taken_and_nothing_else_by_itself() {
    let findings = [
        finding("a", "one", &[("set-default", Safety::Safe)]),
        finding("a", "two", ALTERNATIVES),
        finding("a", "three", &[("drop-column", Safety::Unsafe)]),
        finding("a", "four", &[("makemigrations", Safety::DisplayOnly)]),
        finding("a", "five", &[]),
    ];
    assert_eq!(
        words(&findings, &[]),
        ["set-default", "open", "open", "by hand", "no repair"]
    );
}

#[test]
fn a_name_chooses_for_all_and_a_finding_for_itself() {
    let findings = [
        finding("a", "one", ALTERNATIVES),
        finding("a", "two=2:x", ALTERNATIVES),
        finding("b", "one", ALTERNATIVES),
    ];
    assert_eq!(
        words(
            &findings,
            &[
                "set-default",
                "a:shop_order.two=2:x=drop-column",
                "b:shop_order.one=none"
            ]
        ),
        ["set-default", "drop-column", "left out"]
    );
}

#[test]
fn of_names_for_all_the_first_that_a_finding_has_counts() {
    let findings = [
        finding("a", "one", ALTERNATIVES),
        finding("a", "two", &[("drop-column", Safety::Unsafe)]),
    ];
    assert_eq!(
        words(&findings, &["set-default", "drop-column"]),
        ["set-default", "drop-column"]
    );
    assert_eq!(
        words(&findings, &["drop-column", "set-default"]),
        ["drop-column", "drop-column"]
    );
}

#[test]
fn a_choice_that_fits_nothing_is_refused_with_what_may_be_meant() {
    let findings = [finding("a", "one", ALTERNATIVES)];
    let refused = |written: &str| {
        decide(&findings, &choices(&[written]))
            .unwrap_err()
            .to_string()
    };
    assert!(refused("set-defalt").ends_with("did you mean `set-default`?"));
    assert!(refused("a:shop_order.on=set-default").ends_with("did you mean `a:shop_order.one`?"));
    assert!(refused("a:shop_order.one=drop-colum").ends_with("did you mean `drop-column`?"));
    let both = [
        "a:shop_order.one=set-default",
        "a:shop_order.one=drop-column",
    ];
    let both = decide(&findings, &choices(&both));
    assert!(matches!(both, Err(ChoiceError::Both { .. })));
}

#[test]
fn of_two_names_for_all_findings_the_first_that_one_has_is_taken() {
    let findings = [finding("a", "one", ALTERNATIVES)];
    let chosen = |names: &[&str]| words(&findings, names);
    assert_eq!(chosen(&["set-default", "drop-column"]), ["set-default"]);
    assert_eq!(chosen(&["drop-column", "set-default"]), ["drop-column"]);
}

#[test]
fn what_is_neither_form_is_no_choice() {
    for written in ["", "none", "a:b", "a=b", "a:b="] {
        assert!(written.parse::<Choice>().is_err(), "{written}");
    }
}

#[test]
fn a_name_with_a_line_break_can_be_chosen_as_it_is_shown() {
    let findings = [finding("a", "on\ne", ALTERNATIVES)];
    assert_eq!(
        words(&findings, &["a:shop_order.on\\ne=set-default"]),
        ["set-default"]
    );
    assert_eq!(
        words(&findings, &["a:shop_order.on\ne=set-default"]),
        ["set-default"]
    );
}
