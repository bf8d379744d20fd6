//! The shared model of a PostgreSQL database: what stands in its catalog, and the changes to it.
//!
//! Pure data and pure functions. Every source (Django, SQL text, a live catalog) ends here, and every
//! rule and repair begins here.

mod apply;
mod assemble;
mod change;
mod column;
mod compare;
mod constraint;
mod diff;
mod doubt;
mod expr;
mod index;
mod inverse;
mod lookup;
mod names;
mod outcome;
mod relation;
mod store;
mod trigger;
mod types;

pub use apply::{default_operator_class, is_default_operator_class};
pub use assemble::*;
pub use change::*;
pub use column::*;
pub use compare::*;
pub use constraint::*;
pub use diff::*;
pub use doubt::*;
pub use expr::*;
pub use index::*;
pub use inverse::*;
pub use names::*;
pub use outcome::*;
pub use relation::*;
pub use trigger::*;
pub use types::*;
