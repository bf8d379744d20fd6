//! The configuration, good and bad.

use std::path::PathBuf;

use super::*;
use crate::rules::RULES;

struct Project(tempfile::TempDir);

impl Project {
    fn with(name: &str, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn config(&self) -> Result<Config, ConfigError> {
        Config::find(self.0.path(), &RuleBook::read(RULES).unwrap())
    }
}

fn refusal(text: &str) -> String {
    let project = Project::with("hhschema.toml", text);
    let error = project.config().unwrap_err().to_string();
    let folder = project.0.path().display().to_string();
    error.replace(&folder, "").replace("/hhschema.toml", "file")
}

#[test]
fn every_key_is_read_and_paths_are_counted_from_the_file() {
    let project = Project::with(
        "pyproject.toml",
        r#"
[project]
name = "shop"

[tool.hhschema]
select = ["hygiene"]
ignore = ["unused-suppression"]
levels = { unknown-suppression = "error" }
per-path = { "legacy/**" = ["unknown-suppression"] }
fail-on = "warning"
deploy = "downtime"
since = "v1"
after = { shop = "0042" }
settings = "shop/settings.py"
python-path = ["lib"]
django = "4.2"
postgres = "13"

[tool.other]
key = 1
"#,
    );
    let config = project.config().unwrap();
    let unknown = crate::lint::UNKNOWN_SUPPRESSION;
    assert_eq!(config.file, Some(project.file("pyproject.toml")));
    assert!(config.lint.selection.is_on(unknown));
    assert!(!config.lint.selection.is_on(crate::lint::UNUSED_SUPPRESSION));
    assert!(
        config
            .lint
            .selection
            .is_on_in(unknown, &project.file("shop/a.py"))
    );
    assert!(
        !config
            .lint
            .selection
            .is_on_in(unknown, &project.file("legacy/b/a.py"))
    );
    assert_eq!(config.fail_on, FailOn::Warning);
    assert_eq!(config.lint.deploy, Deploy::Downtime);
    assert_eq!(config.since.as_deref(), Some("v1"));
    assert_eq!(config.after.get("shop").map(String::as_str), Some("0042"));
    assert_eq!(config.settings, Some(project.file("shop/settings.py")));
    assert_eq!(config.python_path, [project.file("lib")]);
    assert_eq!(config.django.as_deref(), Some("4.2"));
    assert_eq!(config.lint.postgres, Version::V13);
}

#[test]
fn the_nearest_file_upward_that_speaks_of_us_is_taken() {
    let project = Project::with("hhschema.toml", "since = \"outer\"\n");
    let inner = project.file("app/deep");
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::write(
        project.file("app/pyproject.toml"),
        "[project]\nname = \"x\"\n",
    )
    .unwrap();
    let book = RuleBook::read(RULES).unwrap();
    let config = Config::find(&inner, &book).unwrap();
    assert_eq!(config.since.as_deref(), Some("outer"));
}

#[test]
fn without_a_file_the_defaults_hold() {
    let config = Config::of_defaults(&RuleBook::read(RULES).unwrap());
    assert!(config.lint.selection.is_on(crate::lint::UNUSED_SUPPRESSION));
    assert_eq!(config.fail_on, FailOn::Error);
}

#[test]
fn unknown_keys_are_refused_with_the_place_and_what_may_be_meant() {
    assert_eq!(
        refusal("since = \"v1\"\n\nfail_on = \"error\"\n"),
        "file:3:1: there is no key `fail_on`; did you mean `fail-on`?"
    );
    assert!(
        refusal("colour = true\n")
            .starts_with("file:1:1: there is no key `colour`; the keys are select, ")
    );
}

#[test]
fn unknown_rules_are_refused_with_the_place_and_what_may_be_meant() {
    assert_eq!(
        refusal("ignore = [\n  \"unused-supression\",\n]\n"),
        "file:2:3: there is no rule `unused-supression`; did you mean `unused-suppression`?"
    );
    assert_eq!(
        refusal("[levels]\nunused-suppresion = \"note\"\n"),
        "file:2:1: there is no rule `unused-suppresion`; did you mean `unused-suppression`?"
    );
    assert_eq!(
        refusal("[per-path]\n\"a/**\" = [\"hygene\"]\n"),
        "file:2:11: there is no rule `hygene`; did you mean `hygiene`?"
    );
}

#[test]
fn wrong_types_and_values_are_refused_with_the_place() {
    assert_eq!(
        refusal("select = \"hygiene\"\n"),
        "file:1:10: invalid type: string \"hygiene\", expected a sequence"
    );
    assert_eq!(
        refusal("\nfail-on = \"warnings\"\n"),
        "file:2:11: `warnings` is no value of this key; did you mean `warning`?"
    );
    assert_eq!(
        refusal("postgres = \"9.6\"\n"),
        "file:1:12: `9.6` is not a supported PostgreSQL version; write one of 13, 14, 15, 16, 17, 18"
    );
    assert_eq!(
        refusal("django = \"new\"\n"),
        "file:1:10: `new` is not a version of Django; write it as `4.2`"
    );
    assert!(refusal("[per-path]\n\"a[\" = []\n").starts_with("file:2:1: "));
    assert!(refusal("select = [\n").starts_with("file:"));
}
