//! What a rule is, what a finding is, and the linter that brings them together.

mod base_branch;
mod checked_out;
mod compared_with;
mod finding;
mod git;
mod linter;
mod missed;
mod near_miss;
mod newness;
mod page;
mod related;
mod report;
mod rule;
mod rule_book;
mod selection;
mod suppression;

pub use checked_out::checked_out;
pub use finding::*;
pub use git::GitError;
pub use linter::*;
pub use missed::*;
pub use near_miss::*;
pub use newness::*;
pub use page::*;
pub use report::*;
pub use rule::*;
pub use rule_book::*;
pub use selection::*;
pub use suppression::*;
