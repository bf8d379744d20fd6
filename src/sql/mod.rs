//! SQL text in, statements out: split, parse, lower to [`Change`](crate::schema::Change)s.
//!
//! The only module that knows `sqlparser`; its tokens end in `lexer.rs`. Nothing here fails or panics: what
//! is not understood is [`Change::Opaque`](crate::schema::Change::Opaque), with what it may touch.

mod cursor;
mod dump;
mod expression;
mod grammar;
mod lexer;
mod opaque;
mod plain;
mod plpgsql;
mod read;
mod relations;
mod split;
mod statement;
mod types;

pub use dump::read_dump;
pub use expression::{check_values, expression};
pub use lexer::Comment;
pub use opaque::touched_by;
pub use read::{Parameters, Reading, read, read_with};
pub use split::comments;
pub use statement::*;
pub use types::data_type;

#[cfg(test)]
mod tests;
