//! The register of rules: a plain slice, handed to the linter.

mod unknown_suppression;
mod unused_suppression;

use crate::lint::Rule;

/// Every rule, in order of its name.
pub const RULES: &[&Rule] = &[&unknown_suppression::RULE, &unused_suppression::RULE];

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
