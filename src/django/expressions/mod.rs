//! Expressions of the ORM as the SQL that Django compiles them to: `Q`, `F`, `Value`, functions, and constants
//! as psycopg 3 writes them into a statement.
//!
//! What is not covered here is `Err`, for a hole in the statement.

mod address;
mod condition;
mod constant;
mod date_text;
mod datetime;
mod decimal;
mod expression;
mod functions;
mod json;
mod literal;
mod lookup;
mod moment;
mod number;
mod range;
mod scope;
mod uuid;

pub use condition::condition_sql;
pub use constant::{field_constant, python_constant};
pub use expression::{Compiled, compile, exclusion_expression, index_expression};
pub use literal::{Constant, quote_name};
pub use moment::value_of_the_moment;
pub use scope::Scope;
