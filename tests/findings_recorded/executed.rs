//! What real `migrate` executed of one migration, and which of it makes tables wait that stood before.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// The statements of one migration.
pub(crate) struct Executed {
    app: String,
    name: String,
    pub texts: Vec<String>,
    pub waits: Vec<Wait>,
}

/// A statement about a table of an earlier migration, of which a rule must speak.
pub(crate) struct Wait {
    pub rule: &'static str,
    /// The index, constraint or column.
    pub object: String,
    pub text: String,
}

fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?s){text}")).unwrap()
}

/// Each with its rule: the first group is what the finding names, the second the table.
static WAITS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    vec![
        (
            "blocking-index",
            pattern(r#"^CREATE (?:UNIQUE )?INDEX "(?<object>[^"]+)" ON "(?<table>[^"]+)""#),
        ),
        (
            "validating-constraint",
            pattern(
                r#"ALTER TABLE "(?<table>[^"]+)" ADD CONSTRAINT "(?<object>[^"]+)" (?:UNIQUE|CHECK|FOREIGN KEY|EXCLUDE)"#,
            ),
        ),
        (
            "validating-constraint",
            pattern(
                r#"ALTER TABLE "(?<table>[^"]+)" ADD COLUMN "(?<object>[^"]+)" .* (?:UNIQUE|CHECK|PRIMARY KEY)\b"#,
            ),
        ),
        (
            "default-dropped",
            pattern(
                r#"ALTER TABLE "(?<table>[^"]+)" ADD COLUMN "(?<object>[^"]+)" .* DEFAULT .* NOT NULL"#,
            ),
        ),
    ]
});

static CREATED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)^\s*CREATE TABLE (?:IF NOT EXISTS )?(?:"([^"]+)"|(\w+))"#));

static RENAMED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^ALTER TABLE "([^"]+)" RENAME TO "([^"]+)""#));

impl Executed {
    /// All that was recorded, in order.
    pub(crate) fn read(recorded: &Path) -> Vec<Self> {
        let text = std::fs::read_to_string(recorded).unwrap();
        let migrations: Vec<Value> = serde_json::from_str(&text).unwrap();
        migrations.iter().map(Self::of).collect()
    }

    fn of(migration: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let operations = migration["operations"].as_array().unwrap().iter();
        let sent = operations.flat_map(|operation| {
            let sent = operation["sent"].as_array().unwrap();
            let own = operation["statements"].as_array().unwrap();
            if sent.is_empty() { own } else { sent }
        });
        let deferred = migration["deferred"].as_array().unwrap().iter();
        let texts: Vec<String> = sent
            .map(text)
            .chain(deferred.map(|one| text(&one["statement"])))
            .collect();
        Self {
            app: text(&migration["app"]),
            name: text(&migration["name"]),
            waits: waits(&texts),
            texts,
        }
    }

    pub(crate) fn is_of(&self, app: &str, name: &str) -> bool {
        self.app == app && self.name == name
    }
}

fn waits(texts: &[String]) -> Vec<Wait> {
    let mut created = BTreeSet::new();
    let mut found = Vec::new();
    for (position, text) in texts.iter().enumerate() {
        if let Some(table) = CREATED.captures(text) {
            created.extend(
                table
                    .iter()
                    .skip(1)
                    .flatten()
                    .map(|name| name.as_str().to_owned()),
            );
        }
        if let Some(renamed) = RENAMED.captures(text)
            && created.contains(&renamed[1])
        {
            created.insert(renamed[2].to_owned());
        }
        let later = texts.get(position..).unwrap_or_default();
        found.extend(waiting(text, &created, later));
    }
    found
}

fn waiting(text: &str, created: &BTreeSet<String>, later: &[String]) -> Vec<Wait> {
    let matching = WAITS.iter().filter_map(|(rule, pattern)| {
        let groups = pattern.captures(text)?;
        // `db_default` stays; a column that is renamed at once is found under no name.
        let column = format!(r#"COLUMN "{}""#, &groups["object"]);
        let follows = |words: &str| {
            later
                .iter()
                .any(|one| one.contains(&format!("{column} {words}")))
        };
        let goes = *rule != "default-dropped"
            || follows("DROP DEFAULT")
                && !later
                    .iter()
                    .any(|one| one.contains(&format!("RENAME {column}")));
        let is_older = !created.contains(&groups["table"]) && !text.contains("NOT VALID");
        (goes && is_older).then(|| Wait {
            rule,
            object: groups["object"].to_owned(),
            text: text.to_owned(),
        })
    });
    matching.collect()
}
