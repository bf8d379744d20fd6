//! All rules with their pages read: what may be selected, suppressed and explained.

use std::collections::BTreeMap;

use super::{Page, PageError, Rule, RuleName, did_you_mean};

/// The register of rules, by name.
#[derive(Debug, Clone)]
pub struct RuleBook {
    entries: BTreeMap<RuleName, BookedRule>,
}

#[derive(Debug, Clone)]
pub struct BookedRule {
    pub rule: &'static Rule,
    pub page: Page,
}

/// A name that no rule has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{written}`{suggestion}")]
pub struct UnknownRule {
    pub written: String,
    /// Empty, or `; did you mean ..?`.
    pub suggestion: String,
}

impl RuleBook {
    /// Reads the page of every rule of the register.
    ///
    /// # Errors
    /// When a page cannot be read, or two rules have one name.
    pub fn read(register: &[&'static Rule]) -> Result<Self, PageError> {
        let mut entries = BTreeMap::new();
        for rule in register {
            let page = Page::read(rule)?;
            if entries
                .insert(rule.name, BookedRule { rule, page })
                .is_some()
            {
                return Err(PageError::Twice { rule: rule.name });
            }
        }
        Ok(Self { entries })
    }

    /// In order of their names.
    pub fn rules(&self) -> impl Iterator<Item = &BookedRule> {
        self.entries.values()
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.entries.keys().map(|name| name.as_str())
    }

    pub fn rule(&self, name: RuleName) -> Option<&BookedRule> {
        self.entries.get(&name)
    }

    /// The rule that a person wrote.
    ///
    /// # Errors
    /// When there is none of that name; the error says which one may be meant.
    pub fn find(&self, written: &str) -> Result<&BookedRule, UnknownRule> {
        self.rules()
            .find(|booked| booked.rule.name.as_str() == written)
            .ok_or_else(|| UnknownRule {
                written: written.to_owned(),
                suggestion: did_you_mean(written, self.names()),
            })
    }
}
