//! A comment that suppresses a rule which finds nothing there. The linter itself finds it.

use crate::lint::{Check, Rule, UNUSED_SUPPRESSION};

pub(super) const RULE: Rule = Rule {
    name: UNUSED_SUPPRESSION,
    page: include_str!("../../rules/unused-suppression.md"),
    checks: &[Check::Suppression],
};
