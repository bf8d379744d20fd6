//! A live PostgreSQL server: where it is, a session on it, and its catalog as a [`Schema`](crate::schema::Schema).
//!
//! The only module that knows `sqlx` and `tokio`; to all other code a session is synchronous. Nothing here
//! writes without being asked to, and no text from here holds a password.

mod address;
mod catalog;
mod failure;
mod row;
mod server;
mod session;

pub use address::*;
pub use catalog::*;
pub use failure::*;
pub use row::Row;
pub use server::*;
pub use session::*;
