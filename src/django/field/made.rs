//! Fields that Django makes itself: automatic keys, links to parents, `_order`, the sides of a many-to-many table.

use std::sync::Arc;

use crate::django::project_state::{Field, FieldDetail, FieldKind, FieldRelation, ModelKey};
use crate::django::python::{Call, DottedName, Static, Text, Value, ValueKind};
use crate::source::{Origin, SourceMap};

impl Field {
    /// A field of one of Django's classes with all that Django takes when nothing is said.
    pub fn plain(kind: FieldKind, origin: &Origin) -> Self {
        let callee = Value {
            kind: ValueKind::Name(DottedName::new(kind.class_path())),
            origin: origin.clone(),
        };
        let call = Call {
            callee,
            arguments: Vec::new(),
            keywords: Vec::new(),
            unknown_arguments: None,
        };
        Self {
            class: kind.class_path().into(),
            kind: Ok(kind),
            db_type: None,
            null: Ok(false),
            blank: Ok(false),
            primary_key: Ok(false),
            unique: Ok(kind == FieldKind::OneToOne),
            db_index: Ok(kind.is_indexed_by_default()),
            max_length: Ok(kind.default_max_length()),
            max_digits: Ok(None),
            decimal_places: Ok(None),
            auto_now: Ok(false),
            db_column: Ok(None),
            db_collation: Ok(None),
            db_tablespace: Ok(None),
            db_comment: Ok(None),
            default: None,
            db_default: None,
            choices: None,
            relation: None,
            detail: FieldDetail::Plain,
            call: Arc::new(call),
            origin: origin.clone(),
        }
    }

    /// `id`, as `Options._prepare` adds it.
    /// The key of a class that may not be known: whatever it is, it is an identity; only its type is not known.
    pub(in crate::django) fn automatic_key_of(kind: &Static<FieldKind>, origin: &Origin) -> Self {
        match kind {
            Ok(kind) => Self::automatic_key(*kind, origin),
            Err(why) => Self {
                db_type: Some(Err(why.clone())),
                ..Self::automatic_key(FieldKind::BigAuto, origin)
            },
        }
    }

    pub(in crate::django) fn automatic_key(kind: FieldKind, origin: &Origin) -> Self {
        let field = Self {
            primary_key: Ok(true),
            unique: Ok(true),
            blank: Ok(true),
            ..Self::plain(kind, origin)
        };
        field.with_keywords([
            ("verbose_name", text("ID", origin)),
            ("primary_key", truth(true, origin)),
            ("auto_created", truth(true, origin)),
            ("serialize", truth(false, origin)),
        ])
    }

    /// `parent_ptr`, as `ModelBase.__new__` adds it for multi-table inheritance.
    pub(in crate::django) fn parent_link(parent: &ModelKey, origin: &Origin) -> Self {
        let relation = FieldRelation {
            parent_link: true,
            ..FieldRelation::to(parent.clone())
        };
        let field = Self {
            relation: Some(relation),
            primary_key: Ok(true),
            unique: Ok(true),
            ..Self::plain(FieldKind::OneToOne, origin)
        };
        field.with_keywords([
            ("parent_link", truth(true, origin)),
            ("auto_created", truth(true, origin)),
            ("primary_key", truth(true, origin)),
            ("serialize", truth(false, origin)),
            ("to", text(&parent.to_string(), origin)),
        ])
    }

    /// One side of the table of a many-to-many field (`create_many_to_many_intermediary_model`).
    pub(in crate::django) fn through_side(
        to: &ModelKey,
        db_constraint: bool,
        origin: &Origin,
    ) -> Self {
        let relation = FieldRelation {
            db_constraint: Ok(db_constraint),
            ..FieldRelation::to(to.clone())
        };
        let field = Self {
            relation: Some(relation),
            ..Self::plain(FieldKind::ForeignKey, origin)
        };
        field.with_keywords([
            ("db_constraint", truth(db_constraint, origin)),
            ("to", text(&to.to_string(), origin)),
        ])
    }

    /// `_order`, of a model with `order_with_respect_to` (`django/db/models/fields/proxy.py`).
    pub(in crate::django) fn order(origin: &Origin) -> Self {
        Self {
            class: "OrderWrt".into(),
            ..Self::plain(FieldKind::Integer, origin)
        }
    }

    fn with_keywords<const N: usize>(mut self, keywords: [(&str, Value); N]) -> Self {
        let mut call = (*self.call).clone();
        call.keywords.extend(
            keywords
                .into_iter()
                .map(|(name, value)| (name.into(), value)),
        );
        self.call = Arc::new(call);
        self
    }
}

impl FieldRelation {
    /// A relation to a model with nothing else said.
    pub fn to(target: ModelKey) -> Self {
        Self {
            to: Ok(target),
            to_setting: None,
            to_field: Ok(None),
            db_constraint: Ok(true),
            through: Ok(None),
            db_table: Ok(None),
            parent_link: false,
        }
    }
}

fn truth(value: bool, origin: &Origin) -> Value {
    Value {
        kind: ValueKind::Bool(value),
        origin: origin.clone(),
    }
}

fn text(value: &str, origin: &Origin) -> Value {
    let text = Text {
        text: value.into(),
        map: Arc::new(SourceMap::generated(origin.clone())),
    };
    Value {
        kind: ValueKind::Str(text),
        origin: origin.clone(),
    }
}
