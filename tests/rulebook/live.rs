//! What a rule says of a live database: the catalog is what the given migrations make, and what somebody ran on it by
//! hand; no server is needed.

use std::collections::BTreeSet;
use std::path::Path;

use hhschema::cli::{Live, drift_of, history_of};
use hhschema::django::migration::MigrationKey;
use hhschema::lint::Finding;
use hhschema::schema::{Identifier, Outcome, RelationName, Schema};
use hhschema::source::{SourceFile, SourceMap};
use hhschema::sql::read;

use crate::block::{Case, File, Mark};
use crate::linted::write;

/// Whether the rule says of the database exactly what the case marks.
///
/// # Errors
/// With both, when they differ.
pub(crate) fn gives_what_it_marks(rule: &str, case: &Case) -> Result<(), String> {
    let given = case.given.as_ref().ok_or("no migrations are given")?;
    let files = given.files("given.py");
    let code = tempfile::tempdir().unwrap();
    for file in &files {
        write(code.path(), file);
    }
    let unapplied = case.block.claims.get("unapplied");
    let applied: Vec<&File> = files
        .iter()
        .filter(|file| unapplied.is_none_or(|name| stem(file) != name))
        .collect();
    let made = tempfile::tempdir().unwrap();
    for file in &applied {
        write(made.path(), file);
    }
    let history = history_of(&[made.path().to_owned()], None, Vec::new())?;
    let mut live = Live {
        schema: history.end.as_catalog(),
        recorded: applied.iter().filter_map(|file| key(file)).collect(),
        record: RelationName::new(
            Identifier::quoted("public"),
            Identifier::quoted("django_migrations"),
        ),
    };
    let script = case.block.files("by_hand.sql").remove(0);
    for line in statements(&script) {
        if !recorded(&line, &mut live.recorded) {
            carry_out(&line, &mut live.schema)?;
        }
    }
    live.schema = live.schema.as_catalog();
    let findings = drift_of(&[code.path().to_owned()], None, Vec::new(), &live)?;
    let said: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.rule.as_str() == rule)
        .collect();
    is_marked(&said, script.marks())
}

fn is_marked(said: &[&Finding], marks: Vec<Mark>) -> Result<(), String> {
    let mut left = said.to_vec();
    let shown = || {
        format!(
            "{:#?}",
            said.iter()
                .map(|finding| &finding.message)
                .collect::<Vec<_>>()
        )
    };
    for mark in marks {
        let found = left.iter().position(|finding| {
            finding.level.word() == mark.level && finding.message.contains(&mark.words)
        });
        match found {
            Some(position) => {
                left.remove(position);
            }
            None => return Err(format!("nothing says {mark:?}; said: {}", shown())),
        }
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("not all of it is marked: {}", shown()))
    }
}

fn stem(file: &File) -> &str {
    Path::new(&file.path).file_stem().unwrap().to_str().unwrap()
}

/// `shop/migrations/0001_initial.py` is `shop.0001_initial`.
fn key(file: &File) -> Option<MigrationKey> {
    let (app, name) = file.path.split_once("/migrations/")?;
    Some(MigrationKey::new(app, name.strip_suffix(".py")?))
}

/// A statement ends with a semicolon at the end of its line, before a mark.
fn statements(script: &File) -> Vec<String> {
    let mut statements = vec![String::new()];
    for line in script.text.lines() {
        let code = line.rsplit_once("; -- ").map_or(line, |(code, _)| code);
        let ends = code.len() < line.len() || code.ends_with(';');
        let last = statements.last_mut().unwrap();
        last.push_str(code.trim_end_matches(';'));
        last.push(' ');
        if ends {
            statements.push(String::new());
        }
    }
    let kept = statements.into_iter().map(|one| one.trim().to_owned());
    kept.filter(|one| !one.is_empty() && !one.starts_with("--"))
        .collect()
}

/// Carries out a statement on the record, if it is one.
fn recorded(statement: &str, record: &mut BTreeSet<MigrationKey>) -> bool {
    let words: Vec<&str> = statement.split('\'').collect();
    let [head, app, _, name, _] = words.as_slice() else {
        return false;
    };
    let migration = MigrationKey::new(app, name);
    if head.starts_with("DELETE FROM django_migrations ") {
        assert!(record.remove(&migration), "{migration} was not recorded");
        true
    } else if head.starts_with("INSERT INTO django_migrations ") {
        record.insert(migration)
    } else {
        false
    }
}

fn carry_out(statement: &str, schema: &mut Schema) -> Result<(), String> {
    let file = SourceFile::new("by_hand.sql", statement);
    for read in read(statement, &SourceMap::identity(&file)) {
        for change in &read.changes {
            let outcome = schema.apply(change);
            if !matches!(outcome, Outcome::Applied { .. }) {
                return Err(format!("{statement}: {outcome:?}"));
            }
        }
    }
    Ok(())
}
