//! How far the reader understands a statement, and how many of a family it does.

use std::ops::AddAssign;

use hhschema::schema::{Change, Touches};
use hhschema::source::{Origin, SourceFile, SourceMap, Span};
use hhschema::sql::{Statement, read};

/// From what the schema models to what the grammar does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Understanding {
    /// Every effect is one that the schema models.
    Modelled,
    /// Read whole: it changes nothing that the schema models.
    WithoutEffect,
    /// Read whole: the schema does not model what it does, and it names all that it touches.
    Named,
    /// Not understood, or anything may be different afterwards.
    None(String),
}

/// What is read of a text.
pub(crate) fn statements(text: &str) -> Vec<Statement> {
    let file = SourceFile::new("statement.sql", text);
    let end = u32::try_from(text.len()).unwrap();
    let map = SourceMap::generated(Origin::new(&file, Span::new(0, end)));
    read(text, &map)
}

pub(crate) fn understanding(text: &str) -> Understanding {
    let mut found = Understanding::WithoutEffect;
    for statement in statements(text) {
        if let Some(why) = &statement.unread {
            return Understanding::None(why.to_string());
        }
        for change in &statement.changes {
            match change {
                Change::Opaque { why, touches, .. } if *touches == Touches::Anything => {
                    return Understanding::None(format!("touches anything: {why}"));
                }
                Change::Opaque { .. } => found = Understanding::Named,
                Change::NoEffect { .. } => {}
                _ if found == Understanding::WithoutEffect => found = Understanding::Modelled,
                _ => {}
            }
        }
    }
    found
}

/// How many statements of a family are understood, and how.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Share {
    pub(crate) refused: usize,
    modelled: usize,
    without_effect: usize,
    named: usize,
    none: usize,
}

impl Share {
    pub(crate) const HEADER: &str = "family              accepted modelled no-effect opaque(exact) not-understood | refused by this version";

    pub(crate) fn count(&mut self, how: &Understanding) {
        match how {
            Understanding::Modelled => self.modelled += 1,
            Understanding::WithoutEffect => self.without_effect += 1,
            Understanding::Named => self.named += 1,
            Understanding::None(_) => self.none += 1,
        }
    }

    pub(crate) fn row(&self, name: &str) -> String {
        format!(
            "{name:<20}{:>8}{:>9}{:>10}{:>14}{:>15} | {}",
            self.modelled + self.without_effect + self.named + self.none,
            self.modelled,
            self.without_effect,
            self.named,
            self.none,
            self.refused
        )
    }
}

impl AddAssign for Share {
    fn add_assign(&mut self, other: Self) {
        self.refused += other.refused;
        self.modelled += other.modelled;
        self.without_effect += other.without_effect;
        self.named += other.named;
        self.none += other.none;
    }
}
