//! The names that we make against those that real Django made: `tests/django_names/generate.py`, the same
//! file with Django 4.2, 5.2 and 6.0.

#![allow(clippy::panic, reason = "a failure here is a failure of the test")]

use hhschema::django::names::{
    NameSuffix, OrderedColumn, create_index_name, model_index_name, names_digest, truncate_name,
};

#[derive(serde::Deserialize)]
struct Case {
    kind: String,
    #[serde(default)]
    table: String,
    #[serde(default)]
    columns: Vec<String>,
    #[serde(default)]
    suffix: String,
    #[serde(default)]
    to_table: String,
    #[serde(default)]
    to_column: String,
    name: String,
}

impl Case {
    fn suffix(&self) -> NameSuffix {
        match self.suffix.as_str() {
            "" => NameSuffix::FieldIndex,
            "_idx" => NameSuffix::Index,
            "_like" => NameSuffix::Like,
            "_uniq" => NameSuffix::Unique,
            "_check" => NameSuffix::Check,
            "_pk" => NameSuffix::PrimaryKey,
            "_fk" => NameSuffix::RecreatedForeignKey,
            other => panic!("the suffix `{other}` is not one of Django's"),
        }
    }

    fn made(&self) -> String {
        let columns = self.columns.iter().map(String::as_str).collect::<Vec<_>>();
        match self.kind.as_str() {
            "create_index_name" => create_index_name(&self.table, &columns, &self.suffix()),
            "foreign_key" => {
                let suffix = NameSuffix::ForeignKey {
                    to_table: self.to_table.clone(),
                    to_column: self.to_column.clone(),
                };
                create_index_name(&self.table, &columns, &suffix)
            }
            "model_index_name" => {
                let keys = columns
                    .iter()
                    .map(|column| OrderedColumn {
                        column: column.trim_start_matches('-'),
                        descending: column.starts_with('-'),
                    })
                    .collect::<Vec<_>>();
                model_index_name(&self.table, &keys, &self.suffix)
            }
            "truncate_name" => truncate_name(&self.table, 63),
            "names_digest" => names_digest(&columns, 8),
            other => panic!("the case `{other}` is not known"),
        }
    }
}

#[test]
fn names_are_those_that_django_makes() {
    let cases = include_str!("django_names/names.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<Case>(line).expect("a case of the generated file"))
        .collect::<Vec<_>>();
    assert!(cases.len() >= 500, "only {} cases", cases.len());
    let wrong = cases
        .iter()
        .filter(|case| case.made() != case.name)
        .map(|case| format!("{}: Django {} / we {}", case.kind, case.name, case.made()))
        .collect::<Vec<_>>();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
