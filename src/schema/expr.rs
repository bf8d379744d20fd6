//! SQL expressions as the catalog holds them: a text to print, and a form to compare.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::{Identifier, Why};

/// A default, a CHECK condition, an index expression or predicate, a generation expression.
///
/// Equality is that of the canonical form: spacing, letter case of key words, redundant
/// parentheses and the spelling of casts do not count. `sql::expression` makes them.
#[derive(Debug, Clone)]
pub enum Expr {
    Known(KnownExpr),
    /// Part of it could not be read. Equal to another unknown for the same reason only.
    Unknown(Why),
}

#[derive(Debug, Clone)]
pub struct KnownExpr {
    /// As it was written, for messages and for rendering.
    pub text: Arc<str>,
    pub canonical: Arc<[ExprPart]>,
}

/// A piece of a canonical expression; references to columns of its table stand apart, so that a
/// renamed column is renamed here too, and a dropped one finds what depended on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExprPart {
    Text(Arc<str>),
    Column(Identifier),
}

impl Expr {
    /// The columns that it names, in order of appearance; empty when it is unknown.
    pub fn columns(&self) -> impl Iterator<Item = &Identifier> {
        let parts: &[ExprPart] = match self {
            Self::Known(known) => &known.canonical,
            Self::Unknown(_) => &[],
        };
        parts.iter().filter_map(|part| match part {
            ExprPart::Column(name) => Some(name),
            ExprPart::Text(_) => None,
        })
    }

    /// An expression of these parts; its text is the parts one after another.
    pub fn from_parts(parts: Vec<ExprPart>) -> Self {
        let text: String = parts
            .iter()
            .map(|part| match part {
                ExprPart::Text(text) => text.to_string(),
                ExprPart::Column(name) => name.to_sql(),
            })
            .collect();
        Self::Known(KnownExpr {
            text: text.into(),
            canonical: parts.into(),
        })
    }

    /// What the catalog holds after a column that it names was renamed.
    #[must_use]
    pub fn with_column_renamed(&self, from: &Identifier, to: &Identifier) -> Self {
        match self {
            Self::Known(known) if self.columns().any(|column| column == from) => Self::from_parts(
                known
                    .canonical
                    .iter()
                    .map(|part| match part {
                        ExprPart::Column(name) if name == from => ExprPart::Column(to.clone()),
                        ExprPart::Column(_) | ExprPart::Text(_) => part.clone(),
                    })
                    .collect(),
            ),
            Self::Known(_) | Self::Unknown(_) => self.clone(),
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Known(known) => Some(&known.text),
            Self::Unknown(_) => None,
        }
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(one), Self::Known(two)) => one.canonical == two.canonical,
            (Self::Unknown(one), Self::Unknown(two)) => one == two,
            (Self::Known(_), Self::Unknown(_)) | (Self::Unknown(_), Self::Known(_)) => false,
        }
    }
}

impl Eq for Expr {}

impl Hash for Expr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Known(known) => known.canonical.hash(state),
            Self::Unknown(why) => why.hash(state),
        }
    }
}
