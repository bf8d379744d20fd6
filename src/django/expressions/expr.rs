//! A compiled expression: its SQL with places for parameters, and what the expressions around it ask of it.

use std::sync::Arc;

use super::literal::Constant;
use super::outcome::{Outcome, Stop};
use crate::django::project_state::{Field, FieldKind};
use crate::source::Origin;

/// `(sql, params)` of `as_sql`, and the attributes of the expression that others look at.
#[derive(Debug, Clone)]
pub(super) struct Expr {
    /// With `%s` for each parameter and `%%` for a percent sign, as Django passes it on.
    pub sql: String,
    pub params: Vec<Constant>,
    /// The columns that it names.
    pub columns: Vec<Arc<str>>,
    pub output: Output,
    /// The type is known before names are resolved: a lookup on it then converts its right side.
    pub is_typed_early: bool,
    pub form: Form,
}

/// `output_field`.
#[derive(Debug, Clone)]
pub(super) enum Output {
    Known(Arc<Field>),
    /// Of a list, of NULL: Django has no type for it.
    None,
    /// Types that do not go together: Django raises where the type is asked for.
    Mixed,
}

/// Kinds of expressions that others treat in a way of their own.
#[derive(Debug, Clone)]
pub(super) enum Form {
    Other,
    Column,
    /// A `Value`.
    Constant {
        is_null: bool,
    },
    Cast,
    Lookup,
    Case,
    /// `data -> 'a'`: a path into JSON, from what it starts at.
    JsonKey {
        start: Box<Expr>,
        keys: Vec<String>,
    },
    /// The year of a date: comparisons with it become ranges.
    Year {
        date: Box<Expr>,
        is_iso: bool,
    },
    /// Ends with a transform that the right side of a lookup goes through, too: `UNACCENT(name)`.
    Bilateral {
        function: &'static str,
    },
    SearchVector {
        config: Option<Box<Expr>>,
    },
    SearchQuery,
}

impl Expr {
    pub(super) fn text(sql: impl Into<String>, output: Output) -> Self {
        Self {
            sql: sql.into(),
            params: Vec::new(),
            columns: Vec::new(),
            output,
            is_typed_early: false,
            form: Form::Other,
        }
    }

    /// One parameter.
    pub(super) fn parameter(constant: Constant) -> Self {
        let mut whole = Self::text("%s", Output::None);
        whole.params.push(constant);
        whole
    }

    /// The columns and parameters of a part, whose text goes where the caller puts it. To be called in the order
    /// in which the parts stand in the text.
    pub(super) fn take(&mut self, part: Self) -> String {
        self.columns.extend(part.columns);
        self.params.extend(part.params);
        part.sql
    }

    pub(super) fn take_ref(&mut self, part: &Self) -> String {
        self.columns.extend(part.columns.iter().cloned());
        self.params.extend(part.params.iter().cloned());
        part.sql.clone()
    }

    /// The same expression in other words.
    #[must_use]
    pub(super) fn rewritten(mut self, write: impl FnOnce(&str) -> String) -> Self {
        self.sql = write(&self.sql);
        self.form = Form::Other;
        self
    }

    #[must_use]
    pub(super) fn with_output(mut self, output: Output) -> Self {
        self.output = output;
        self
    }

    #[must_use]
    pub(super) fn with_form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    pub(super) fn is_constant(&self) -> bool {
        matches!(self.form, Form::Constant { .. })
    }

    /// `conditional`.
    pub(super) fn is_conditional(&self) -> Outcome<bool> {
        match &self.output {
            Output::Known(field) => {
                let kind = field.kind.clone()?;
                Ok(matches!(kind, FieldKind::Boolean | FieldKind::NullBoolean))
            }
            Output::None | Output::Mixed => Ok(false),
        }
    }
}

impl Output {
    /// A field of a class, with nothing said.
    pub(super) fn of(kind: FieldKind, origin: &Origin) -> Self {
        Self::Known(Arc::new(Field::plain(kind, origin)))
    }

    pub(super) fn field(&self) -> Outcome<&Arc<Field>> {
        match self {
            Self::Known(field) => Ok(field),
            Self::None => Err(Stop::why("Django cannot tell the type of the expression")),
            Self::Mixed => Err(Stop::why("the types of the expression are mixed")),
        }
    }

    pub(super) fn kind(&self) -> Outcome<FieldKind> {
        Ok(self.field()?.kind.clone()?)
    }

    /// The kind where there is one; other than [`Self::kind`] this is no error where Django has none.
    pub(super) fn kind_or_none(&self) -> Outcome<Option<FieldKind>> {
        match self {
            Self::Known(field) => Ok(Some(field.kind.clone()?)),
            Self::None | Self::Mixed => Ok(None),
        }
    }
}
