//! Silence has to mean that nothing is wrong: fields of real packages are taken out of the models, lengthened, and
//! added, all at once, and each of them has to be found.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use environment::corpora::Corpus;
use regex::{Captures, Regex};
use serde_json::Value;

/// A package, and the file of its models below the package.
const MODELS: [(&str, &str); 4] = [
    ("django-celery-beat", "django_celery_beat/models.py"),
    ("django-oauth-toolkit", "oauth2_provider/models.py"),
    (
        "django-machina",
        "machina/apps/forum_permission/abstract_models.py",
    ),
    ("django-oscar", "oscar/apps/order/abstract_models.py"),
];

/// What lint says of a package: rule and object of each finding.
fn findings(corpus: &Corpus, root: &Path) -> BTreeSet<(String, String)> {
    let package = corpus.lint[0].file_name().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--all", "--format", "json", "--settings"])
        .arg(corpus.settings())
        .arg("--python-path")
        .arg(corpus.site_packages())
        .arg(root.join(package))
        .current_dir(root)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}: {output:?}", corpus.name));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (text(&finding["rule"]), text(&finding["object"])))
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.path().extension().is_some_and(|kind| kind == "py") {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Changes every match, and tells the names of the fields (the first group).
fn changed(
    text: &str,
    pattern: &str,
    change: impl Fn(&Captures<'_>) -> String,
) -> (String, Vec<String>) {
    let pattern = Regex::new(pattern).unwrap();
    let names = pattern
        .captures_iter(text)
        .map(|found| found[1].to_owned())
        .collect();
    (pattern.replace_all(text, change).into_owned(), names)
}

/// A field more beside each.
fn added(text: &str, pattern: &str) -> (String, Vec<String>) {
    let (edited, names) = changed(text, pattern, |found| {
        format!(
            "    more_{0} = models.IntegerField()\n    {0} = {1}",
            &found[1], &found[2]
        )
    });
    (
        edited,
        names.iter().map(|name| format!("more_{name}")).collect(),
    )
}

/// The names of which no finding of these rules has a column.
fn missed(names: &[String], new: &[&(String, String)], rules: &[&str]) -> Vec<String> {
    let found: BTreeSet<&str> = new
        .iter()
        .filter(|(rule, _)| rules.contains(&rule.as_str()))
        .filter_map(|(_, object)| object.rsplit('.').next())
        .collect();
    names
        .iter()
        // Django adds a key of that name where no field is one.
        .filter(|name| *name != "id")
        .filter(|name| {
            !found.contains(name.as_str()) && !found.contains(format!("{name}_id").as_str())
        })
        .cloned()
        .collect()
}

#[test]
fn every_field_that_is_changed_in_the_models_is_found() {
    if environment::left_out("the sensitivity on real packages") {
        return;
    }
    let field = r"(?m)^    (\w+) = (models\.(?:ForeignKey|OneToOneField|[A-LN-Z]\w*Field)\()";
    let mut missing = Vec::new();
    for (name, file) in MODELS {
        let corpus = Corpus::named(name);
        let folder = tempfile::tempdir().unwrap();
        let package = corpus.lint[0].file_name().unwrap();
        copy(&corpus.lint[0], &folder.path().join(package));
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        let before = findings(&corpus, folder.path());
        let mutations: [(&str, (String, Vec<String>), &[&str]); 3] = [
            (
                "taken out",
                changed(&text, field, |found| {
                    format!("    {} = None and {}", &found[1], &found[2])
                }),
                &["insert-fails", "column-without-field"],
            ),
            (
                "longer",
                changed(
                    &text,
                    r"(?m)^    (\w+) = (models\.CharField\([^)]*?max_length=)(\d+)",
                    |found| format!("    {} = {}{}7", &found[1], &found[2], &found[3]),
                ),
                &["column-type-mismatch"],
            ),
            ("added", added(&text, field), &["field-without-column"]),
        ];
        for (what, (edited, names), rules) in mutations {
            assert!(!names.is_empty(), "{name}: {what}");
            fs::write(&path, edited).unwrap();
            let after = findings(&corpus, folder.path());
            let new: Vec<_> = after.difference(&before).collect();
            let missed = missed(&names, &new, rules);
            println!(
                "{name}: {} fields {what}, {} not found",
                names.len(),
                missed.len()
            );
            missing.extend(
                missed
                    .into_iter()
                    .map(|field| format!("{name}: {field} {what}")),
            );
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
