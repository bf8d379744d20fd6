//! What PostgreSQL does to carry a [`Change`](crate::schema::Change) out: locks, scans, rewrites; and how a change is written.
//!
//! Facts of the server live here, every `if version` included; what to make of them is for the rules.

mod builtin;
mod cost;
mod lock;
mod render;
mod sequence;
mod type_range;
mod version;

pub use cost::*;
pub use lock::*;
pub use render::*;
pub use sequence::SequenceOptions;
pub use type_range::holds_all_of;
pub use version::*;
