//! Expressions of the ORM as the SQL that Django compiles them to: `Q`, `F`, `Value`, functions, lookups, and
//! constants as psycopg 3 writes them into a statement.
//!
//! The shape is Django's own: every part becomes SQL with places for parameters, parameters, and a type, from the
//! inside out; the parameters are merged in at the end. What is not covered here is `Err`, for a hole in the statement.

mod address;
mod callee;
mod case;
mod combined;
mod compiler;
mod condition;
mod constant;
mod date_text;
mod datetime;
mod decimal;
mod definition;
mod differences;
mod expr;
mod expression;
mod extract;
mod function;
mod function_class;
mod index_key;
mod json;
mod json_function;
mod json_key;
mod lexeme;
mod list_items;
mod literal;
mod lookup;
mod lookup_class;
mod lookup_postgres;
mod lookup_right;
mod moment;
mod number;
mod outcome;
mod output;
mod range;
mod scope;
mod search;
mod template;
mod transform;
mod uuid;
mod where_node;
mod year;
mod zone;

pub use condition::condition_sql;
pub use constant::{field_constant, python_constant};
pub use definition::{database_default, generated_expression};
pub use index_key::{Compiled, exclusion_expression, index_expression};
pub use literal::{Constant, quote_name};
pub use moment::value_of_the_moment;
pub use scope::Scope;
