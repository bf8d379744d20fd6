//! What a rule is, what a finding is, and the linter that brings them together.

mod finding;
mod rule;

pub use finding::*;
pub use rule::*;
