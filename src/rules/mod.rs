//! The register of rules, a plain slice; each rule is a file here and a page of the same stem in `rules/`.

mod blocking_index;
mod default_dropped;
mod not_null_without_default;

use crate::lint::Rule;

/// All rules, in the order in which `hhschema rules` lists them: what breaks first, then what hurts.
pub static ALL: &[&Rule] = &[
    &not_null_without_default::RULE,
    &default_dropped::RULE,
    &blocking_index::RULE,
];

/// The page of a rule, by its stem.
macro_rules! page {
    ($name:literal) => {
        include_str!(concat!("../../rules/", $name, ".md"))
    };
}
use page;
