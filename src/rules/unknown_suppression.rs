//! A comment that asks to suppress a rule that does not exist. The linter itself finds it.

use crate::lint::{Check, Rule, UNKNOWN_SUPPRESSION};

pub(super) const RULE: Rule = Rule {
    name: UNKNOWN_SUPPRESSION,
    page: include_str!("../../rules/unknown-suppression.md"),
    checks: &[Check::Suppression],
};
