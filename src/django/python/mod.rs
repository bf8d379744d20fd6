//! Python values, as far as they can be known without running Python.
//!
//! The only place that knows ruff's parser; its syntax tree ends here.

mod value;

pub use value::*;
