//! Fields: reading them from values, what columns they make, and when two are the same.

mod arguments;
mod choices;
mod class;
mod class_table;
mod compare;
mod constructed;
mod db_type;
mod init;
mod made;
mod read;
mod relation;
mod same;

pub use compare::*;
pub use db_type::*;
pub use read::*;
pub use relation::*;
pub use same::*;

pub(in crate::django) use arguments::{optional_text, truth};
pub(in crate::django) use class::field_class;
pub(in crate::django) use class_table::django_field_class;

use crate::django::project_state::FieldKind;

/// The kind of one of Django's field classes by its public path: `django.db.models.BigAutoField`.
pub fn django_field_kind(path: &str) -> Option<FieldKind> {
    django_field_class(path)
        .filter(|class| !class.is_bare)
        .map(|class| class.kind)
}
