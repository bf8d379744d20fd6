//! What PostgreSQL does to carry a [`Change`](crate::schema::Change) out: locks, scans, rewrites; and how a change is written.
//!
//! Facts of the server live here, every `if version` included; what to make of them is for the rules.

mod cost;
mod lock;
mod version;

pub use cost::*;
pub use lock::*;
pub use version::*;
