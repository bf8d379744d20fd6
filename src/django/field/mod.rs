//! Fields: reading them from values, what columns they make, and when two are the same.

mod arguments;
mod choices;
mod class;
mod class_table;
mod compare;
mod db_type;
mod made;
mod read;
mod relation;
mod same;

pub use compare::*;
pub use db_type::*;
pub use read::*;
pub use relation::*;
pub use same::*;

pub(in crate::django) use arguments::{Argument, Arguments, optional_text, truth};
pub(in crate::django) use class::{FieldClass, field_class};
pub(in crate::django) use class_table::django_field_class;
