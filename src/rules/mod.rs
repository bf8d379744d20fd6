//! The register of rules, a plain slice, handed to the linter; each rule is a file here and a page of the same stem in `rules/`.

mod absent_names;
mod applied_out_of_order;
mod blocking_index;
mod blocking_index_drop;
mod broken_reverse;
mod choices_mismatch;
mod column_type_mismatch;
mod column_without_field;
mod concurrently_in_transaction;
mod constraint_mismatch;
mod counterpart;
mod created_twice;
mod cut_name;
mod default_dropped;
mod default_mismatch;
mod dependency_cycle;
mod dropped_column;
mod dropped_table;
mod edited_migration;
mod enumeration;
mod field_without_column;
mod foreign_key_parent;
mod impossible_operation;
mod index_mismatch;
mod insert_fails;
mod invalid_index;
mod live;
mod long_index_name;
mod long_index_name_in_migration;
mod migrate_fails;
mod migration_gone;
mod missing_dependency;
mod name_collision;
mod name_mismatch;
mod not_null_without_database_default;
mod not_null_without_default;
mod nullability_mismatch;
mod pending_migration;
mod recorded_not_applied;
mod refused_statement;
mod renamed_column;
mod renamed_table;
mod rewriting_column;
mod set_not_null;
mod several_leaves;
mod trigger_mismatch;
mod type_change;
mod unknown_name;
mod unknown_suppression;
mod unrecorded_migration;
mod unused_suppression;
mod unvalidated_constraint;
mod validating_constraint;

use crate::lint::Rule;

/// Every rule, in order of its name.
pub const RULES: &[&Rule] = &[
    &applied_out_of_order::RULE,
    &blocking_index::RULE,
    &blocking_index_drop::RULE,
    &broken_reverse::RULE,
    &choices_mismatch::RULE,
    &column_type_mismatch::RULE,
    &column_without_field::RULE,
    &concurrently_in_transaction::RULE,
    &constraint_mismatch::RULE,
    &created_twice::RULE,
    &cut_name::RULE,
    &default_dropped::RULE,
    &default_mismatch::RULE,
    &dependency_cycle::RULE,
    &dropped_column::RULE,
    &dropped_table::RULE,
    &edited_migration::RULE,
    &field_without_column::RULE,
    &foreign_key_parent::RULE,
    &impossible_operation::RULE,
    &index_mismatch::RULE,
    &insert_fails::RULE,
    &invalid_index::RULE,
    &long_index_name::RULE,
    &long_index_name_in_migration::RULE,
    &migrate_fails::RULE,
    &migration_gone::RULE,
    &missing_dependency::RULE,
    &name_collision::RULE,
    &name_mismatch::RULE,
    &not_null_without_database_default::RULE,
    &not_null_without_default::RULE,
    &nullability_mismatch::RULE,
    &pending_migration::RULE,
    &recorded_not_applied::RULE,
    &refused_statement::RULE,
    &renamed_column::RULE,
    &renamed_table::RULE,
    &rewriting_column::RULE,
    &set_not_null::RULE,
    &several_leaves::RULE,
    &trigger_mismatch::RULE,
    &type_change::RULE,
    &unknown_name::RULE,
    &unknown_suppression::RULE,
    &unrecorded_migration::RULE,
    &unused_suppression::RULE,
    &unvalidated_constraint::RULE,
    &validating_constraint::RULE,
];

/// The page of a rule, by its stem.
macro_rules! page {
    ($name:literal) => {
        include_str!(concat!("../../rules/", $name, ".md"))
    };
}
use page;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::RuleBook;

    #[test]
    fn every_page_can_be_read_and_says_in_a_sentence_what_the_rule_finds() {
        let book = RuleBook::read(RULES).unwrap();
        for booked in book.rules() {
            let summary = booked.page.summary();
            assert!(summary.len() > 20, "{}: {summary}", booked.rule.name);
        }
    }

    #[test]
    fn the_register_is_in_order() {
        assert!(RULES.is_sorted_by_key(|rule| rule.name));
    }
}
