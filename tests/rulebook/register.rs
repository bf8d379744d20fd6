//! A rule is a page and a file of one name, and stands in the register; a page has all of its parts.

use std::collections::BTreeSet;
use std::fs;

use hhschema::lint::Claims;
use hhschema::rules::RULES;
use libtest_mimic::{Failed, Trial};

use crate::block::{Block, Role, blocks, cases};
use crate::claims;
use crate::environment::{left_out, repository};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test(
            "register::every_page_is_a_rule_and_every_rule_has_a_page",
            || pages_are_rules().map_err(Failed::from),
        ),
        Trial::test("register::every_rule_has_a_file_of_its_name", || {
            rules_have_files().map_err(Failed::from)
        }),
        Trial::test("harness::a_wrong_claim_is_noticed", || {
            wrong_claims_are_noticed().map_err(Failed::from)
        }),
    ]
}

fn names() -> BTreeSet<String> {
    let names = RULES.iter().map(|rule| rule.name.as_str().to_owned());
    names.collect()
}

fn pages_are_rules() -> Result<(), String> {
    let pages: BTreeSet<String> = fs::read_dir(repository().join("rules"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    if pages == names() {
        return Ok(());
    }
    Err(format!(
        "pages without a rule: {:?}; rules without a page: {:?}",
        pages.difference(&names()).collect::<Vec<_>>(),
        names().difference(&pages).collect::<Vec<_>>()
    ))
}

fn rules_have_files() -> Result<(), String> {
    let missing: Vec<String> = names()
        .into_iter()
        .filter(|name| {
            let file = format!("src/rules/{}.rs", name.replace('-', "_"));
            !repository().join(file).is_file()
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("no file in src/rules for: {missing:?}"))
}

/// The oracle itself: each of these claims is false, and the server says so.
fn wrong_claims_are_noticed() -> Result<(), String> {
    if left_out("wrong claims are noticed") {
        return Ok(());
    }
    let page = "```sql given\nCREATE TABLE t (id bigint, note text);\n```\n\
                ```sql fail\nALTER TABLE t ALTER COLUMN id SET NOT NULL; -- error\n```\n";
    let case = cases(&blocks(page)).remove(0);
    for wrong in [
        "lock = \"SHARE\"",
        "scan = false",
        "rewrite = true",
        "fails = \"42P01\"",
    ] {
        let claims: Claims = toml::from_str(wrong).unwrap();
        if claims::hold(&case, &claims).is_ok() {
            return Err(format!("`{wrong}` is taken for true"));
        }
    }
    Ok(())
}

/// Rules whose findings no folder of files can show: what they need is tested elsewhere.
const WITHOUT_BLOCKS: [(&str, &str); 3] = [
    (
        "edited-migration",
        "it needs a history of git: tests/edited_migration.rs",
    ),
    (
        "unknown-suppression",
        "it needs other rules selected: src/lint/suppression.rs",
    ),
    (
        "unused-suppression",
        "it needs other rules selected: src/lint/suppression.rs",
    ),
];

/// Whether it judges live databases alone: tests/drift_faults.rs.
fn is_live(rule: &str) -> bool {
    let known = RULES.iter().find(|known| known.name.as_str() == rule);
    known.is_some_and(|known| known.checks.iter().all(|check| check.is_live()))
}

/// Whether a page says what, why and what instead, and shows a case of each kind.
///
/// # Errors
/// With all that is missing.
pub(crate) fn page_is_whole(
    rule: &str,
    (body, repairs): (&str, bool),
    blocks: &[Block],
) -> Result<(), String> {
    let headings = ["\n## What\n", "\n## Why\n", "\n## Instead\n"];
    let mut missing: Vec<String> = headings
        .iter()
        .filter(|heading| !body.contains(**heading))
        .map(|heading| heading.trim().to_owned())
        .collect();
    if !body.starts_with("# ") {
        missing.push("a title".to_owned());
    }
    for (role, word) in [(Role::Fail, "fail"), (Role::Pass, "pass")] {
        let is_exempt = WITHOUT_BLOCKS.iter().any(|(exempt, _)| *exempt == rule) || is_live(rule);
        if !is_exempt && !blocks.iter().any(|block| block.role == role) {
            missing.push(format!("a `{word}` block"));
        }
    }
    if repairs != blocks.iter().any(|block| block.role == Role::Fixed) {
        missing.push("a `fixed` block where it says `repairs`, or the other way round".to_owned());
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("the page lacks {}", missing.join(", ")))
}
