//! Python values, as far as they can be known without running Python.
//!
//! The only place that knows ruff's parser; its syntax tree ends here. [`Python`] loads modules and evaluates
//! their names when they are asked for: literals, names, imports, choices classes, operators on known values, loops and helper
//! functions that can be followed. Anything else is [`ValueKind::Unknown`], and says why.

pub(in crate::django) mod ancestry;
mod app_conf;
mod app_settings;
mod assignment;
mod base_call;
mod blocks;
mod bound_names;
mod builtins;
mod calls;
mod changes;
mod choices;
mod class_hook;
mod class_statement;
mod compare;
mod comprehensions;
mod constructor;
mod delegated;
mod engine;
mod evaluate;
mod expressions;
mod format;
mod frame;
mod function_access;
mod function_sql;
mod growth;
mod imported;
mod imports;
mod inspect;
mod instances;
mod known_calls;
mod leaves;
mod literals;
mod methods;
mod module;
mod names;
mod operators;
mod parse;
mod reader;
mod returned;
mod search_path;
mod skim;
mod statements;
mod subscript;
mod text;
mod text_methods;
mod tree;
mod value;

pub use ancestry::{Ancestor, ancestry};
pub use constructor::Constructor;
pub(in crate::django) use format::float_repr;
pub use function_sql::{
    BaseCalls, Counters, Decision, FunctionSql, MethodSql, SentText, Surroundings, TableExists,
    TableNames,
};
pub use leaves::Leaves;
pub use module::{Comment, Module};
pub use parse::SyntaxProblem;
pub use reader::Python;
pub use search_path::{FoundModule, SearchPath, import_root};
pub use value::*;

#[cfg(test)]
mod tests;
