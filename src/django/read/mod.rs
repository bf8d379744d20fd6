//! From Python values to Django's data: options, indexes, constraints, operations, migrations.

mod constraint;
mod custom_operation;
mod index;
mod migration;
mod operation;
mod operation_arguments;
mod options;
mod signature;
mod sql;

pub use migration::*;
pub use operation::*;

pub(in crate::django) use options::{OptionSource, read_options};
