//! Fields: reading them from values, what columns they make, and when two are the same.

mod class_table;
mod db_type;
mod made;
mod same;

pub use db_type::*;
pub use same::*;
