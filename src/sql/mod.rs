//! SQL text in, statements out: split, parse, lower to [`Change`](crate::schema::Change)s.
//!
//! The only module that knows `sqlparser`; its syntax tree ends here.

mod statement;

pub use statement::*;
