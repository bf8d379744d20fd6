//! A rule is a page and a file of one name, and stands in the register; a page has all of its parts.

use std::collections::BTreeSet;
use std::fs;

use hhschema::lint::Claims;
use hhschema::rules::RULES;
use libtest_mimic::{Failed, Trial};

use crate::block::{Block, Role, blocks, cases};
use crate::environment::{left_out, repository};
use crate::{claims, live};

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
        Trial::test("harness::a_wrong_mark_on_a_database_is_noticed", || {
            wrong_marks_are_noticed().map_err(Failed::from)
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

/// What somebody ran by hand is marked wrongly in each of these ways, and that is noticed.
fn wrong_marks_are_noticed() -> Result<(), String> {
    let given = "```python given\n# file: shop/migrations/0001_initial.py\n\
                 from django.db import migrations, models\n\
                 class Migration(migrations.Migration):\n    operations = [migrations.CreateModel(\"Order\", [\
                 (\"id\", models.BigAutoField(primary_key=True))])]\n```\n";
    let added = "ALTER TABLE shop_order ADD COLUMN note text;";
    for wrong in [
        added.to_owned(),
        format!("{added} -- error"),
        format!("{added} -- warning: other words"),
        "SELECT 1; -- warning".to_owned(),
    ] {
        let page = format!("{given}```sql database\n{wrong}\n```\n");
        let case = cases(&blocks(&page)).remove(0);
        if live::gives_what_it_marks("column-without-field", &case).is_ok() {
            return Err(format!("`{wrong}` is taken for right"));
        }
    }
    Ok(())
}

/// Rules whose findings no folder of files can show: what they need is tested elsewhere.
const WITHOUT_BLOCKS: [(&str, &str); 4] = [
    (
        "edited-migration",
        "it needs a history of git: tests/edited_migration.rs",
    ),
    (
        "invalid-index",
        "no statement makes an index INVALID that succeeds: tests/drift_faults.rs",
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
    let is_exempt = WITHOUT_BLOCKS.iter().any(|(exempt, _)| *exempt == rule);
    let (of_files, live) = judged(rule);
    for (role, word) in [(Role::Fail, "fail"), (Role::Pass, "pass")] {
        let has = blocks.iter().any(|block| block.role == role);
        if of_files && !is_exempt && !has {
            missing.push(format!("a `{word}` block"));
        }
    }
    for (marked, word) in [(true, "with a mark"), (false, "without a mark")] {
        let has = blocks
            .iter()
            .any(|block| block.role == Role::Database && block.is_marked() == marked);
        if live && !is_exempt && !has {
            missing.push(format!("a `database` block {word}"));
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

/// Whether a rule judges files, and whether it judges live databases.
fn judged(rule: &str) -> (bool, bool) {
    let known = RULES.iter().find(|known| known.name.as_str() == rule);
    let checks = known.map_or(&[][..], |known| known.checks);
    (
        checks.iter().any(|check| !check.is_live()),
        checks.iter().any(|check| check.is_live()),
    )
}
