//! A rule is a page and a file of one name, and stands in the register; a page has all of its parts.

use std::collections::BTreeSet;
use std::fs;

use hhschema::rules::RULES;
use libtest_mimic::{Failed, Trial};

use crate::block::{Block, Role};
use crate::environment::repository;

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("register::every_page_is_a_rule_and_every_rule_has_a_page", || {
            pages_are_rules().map_err(Failed::from)
        }),
        Trial::test("register::every_rule_has_a_file_of_its_name", || {
            rules_have_files().map_err(Failed::from)
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

/// Whether a page says what, why and what instead, and shows a case of each kind.
///
/// # Errors
/// With all that is missing.
pub fn page_is_whole(body: &str, blocks: &[Block]) -> Result<(), String> {
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
        if !blocks.iter().any(|block| block.role == role) {
            missing.push(format!("a `{word}` block"));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("the page lacks {}", missing.join(", ")))
}
