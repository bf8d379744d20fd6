//! Folders of SQL migrations: which tool's they are by their names and marks, in which order it runs them, what of each
//! runs forward, and in which transaction.
//!
//! - Flyway (documentation, "Migrations"): `V1.2__what.sql` in order of version, then `R__what.sql` in order of name;
//!   `U1.2__what.sql` takes one back. Each in a transaction, unless a statement of it cannot run in one.
//! - dbmate (README, "Creating Migrations" and "Migration Options"): `-- migrate:up`, `-- migrate:down`, and
//!   `transaction:false` behind them.
//! - goose (documentation, "SQL annotations"): `-- +goose Up`, `-- +goose Down`, `-- +goose NO TRANSACTION`. What stands
//!   between `StatementBegin` and `StatementEnd` is cut at its semicolons by the grammar itself.
//! - sqlx (`sqlx-cli` README; `sqlx::migrate`): `1_what.up.sql` and `1_what.down.sql`, and `-- no-transaction` at the top.
//! - anything else: in order of the number that the name begins with, each statement in a transaction of its own.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::history::{Script, TransactionContext};
use crate::source::{self, EntryKind, SourceFile, Span};

/// The scripts of a folder in the order in which they run forward; `None` for a folder that is none of SQL migrations:
/// one with Python in it, or with other folders, may be a project.
pub(super) fn scripts(folder: &Path) -> Option<Vec<PathBuf>> {
    let entries = source::entries(folder).ok()?;
    let is_flat = entries.iter().all(|entry| entry.kind == EntryKind::File);
    let files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path).collect();
    let has = |kind: &str| files.iter().any(|file| is_of(file, kind));
    if !is_flat || !has("sql") || has("py") {
        return None;
    }
    let mut scripts: Vec<(Order, PathBuf)> = files
        .into_iter()
        .filter(|file| is_of(file, "sql") && !takes_back(file))
        .map(|file| (Order::of(name(&file)), file))
        .collect();
    scripts.sort();
    Some(scripts.into_iter().map(|(_, file)| file).collect())
}

/// Whether the whole file is what takes a migration back.
pub(super) fn takes_back(file: &Path) -> bool {
    name(file).ends_with(".down.sql") || flyway(name(file)).is_some_and(|(kind, _)| kind == 'U')
}

/// What of a file runs forward, and how.
pub(super) fn forward(file: &Arc<SourceFile>) -> Script {
    let marks = Marks::of(file.text());
    let name = name(file.path());
    let runs_in_block = match &marks.up {
        Some(up) => !up.is_outside_transaction,
        None if name.ends_with(".up.sql") => !file.text().starts_with("-- no-transaction"),
        None => flyway(name).is_some() && !has_statement_outside(file.text()),
    };
    Script {
        file: Arc::clone(file),
        forward: marks.forward(file.text()),
        transaction: if runs_in_block {
            TransactionContext::Block
        } else {
            TransactionContext::Own
        },
    }
}

fn is_of(file: &Path, kind: &str) -> bool {
    file.extension().is_some_and(|known| known == kind)
}

fn name(file: &Path) -> &str {
    file.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

/// The kind of a file by Flyway's names, and what follows it: `('V', "1.2__what.sql")`.
fn flyway(name: &str) -> Option<(char, &str)> {
    let mut letters = name.chars();
    let kind = letters.next().filter(|kind| "VUR".contains(*kind))?;
    let rest = letters.as_str();
    let (version, _) = rest.split_once("__")?;
    let is_version = !version.is_empty()
        && version
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.' || letter == '_');
    let is_known = if kind == 'R' {
        version.is_empty()
    } else {
        is_version
    };
    is_known.then_some((kind, rest))
}

/// Flyway looks for such statements itself, and opens no transaction for a migration that has one.
fn has_statement_outside(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [
        "concurrently",
        "vacuum",
        "alter system",
        "create database",
        "tablespace",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// The place of a script among the others of its folder.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Versioned(Vec<Number>, String),
    Named(String),
    Repeatable(String),
}

/// A number of any length, without the zeros before it: longer is greater.
#[derive(Debug, PartialEq, Eq)]
struct Number(String);

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Number {
    fn of(digits: &str) -> Self {
        Self(digits.trim_start_matches('0').to_owned())
    }
}

impl Order {
    fn of(name: &str) -> Self {
        let own = name.to_owned();
        match flyway(name) {
            Some(('R', _)) => return Self::Repeatable(own),
            Some((_, rest)) => {
                let (version, _) = rest.split_once("__").unwrap_or_default();
                let mut numbers: Vec<Number> = version.split(['.', '_']).map(Number::of).collect();
                // To Flyway 1.0 is 1.
                while numbers.last().is_some_and(|last| last.0.is_empty()) {
                    numbers.pop();
                }
                return Self::Versioned(numbers, own);
            }
            None => {}
        }
        let digits = name.len()
            - name
                .trim_start_matches(|letter: char| letter.is_ascii_digit())
                .len();
        match name.get(..digits) {
            Some(digits) if !digits.is_empty() => Self::Versioned(vec![Number::of(digits)], own),
            _ => Self::Named(own),
        }
    }
}

/// The marks of dbmate or goose in a file that has both ways.
#[derive(Debug, Default)]
struct Marks {
    up: Option<Up>,
    down: Option<usize>,
}

#[derive(Debug)]
struct Up {
    start: usize,
    is_outside_transaction: bool,
}

impl Marks {
    fn of(text: &str) -> Self {
        let mut marks = Self::default();
        let mut is_outside_transaction = false;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            let mut words = line
                .trim()
                .strip_prefix("--")
                .unwrap_or_default()
                .split_whitespace();
            let first = words.next().unwrap_or_default().to_ascii_lowercase();
            let rest = words.collect::<Vec<_>>().join(" ").to_ascii_lowercase();
            match (first.as_str(), rest.as_str()) {
                ("+goose", "no transaction") => is_outside_transaction = true,
                ("+goose", "up") | ("migrate:up", _) if marks.up.is_none() => {
                    let is_outside_transaction = rest.contains("transaction:false");
                    marks.up = Some(Up {
                        start: end,
                        is_outside_transaction,
                    });
                }
                ("+goose", "down") | ("migrate:down", _) if marks.down.is_none() => {
                    marks.down = Some(start);
                }
                _ => {}
            }
            start = end;
        }
        if let Some(up) = &mut marks.up {
            up.is_outside_transaction |= is_outside_transaction;
        }
        marks
    }

    /// From the one mark to the other; the whole of a file that has none.
    fn forward(&self, text: &str) -> Span {
        let start = self.up.as_ref().map_or(0, |up| up.start);
        let down = self.down.filter(|down| *down >= start);
        let offset = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Span::new(offset(start), offset(down.unwrap_or(text.len())))
    }
}
