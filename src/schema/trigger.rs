//! Triggers, as far as they decide which rows a table takes.

use std::sync::Arc;

use super::Identifier;

/// A trigger without its name and its table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Trigger {
    /// What stands before `ON`: `BEFORE INSERT OR UPDATE OF total`.
    pub events: Arc<str>,
    /// What stands after the table: `FOR EACH ROW EXECUTE FUNCTION fill()`.
    pub action: Arc<str>,
}

impl Trigger {
    /// Whether it may put values into a row that is being inserted (`CREATE TRIGGER` in the documentation: of the
    /// triggers of a table only a BEFORE trigger of a row can).
    pub fn may_fill_rows(&self) -> bool {
        has(&self.events, "BEFORE")
            && has(&self.events, "INSERT")
            && (has(&self.action, "ROW") && !has(&self.action, "STATEMENT"))
    }

    /// Whether it names the column in `UPDATE OF a, b`, as far as that stands without quotes or in plain ones.
    pub fn fires_on(&self, column: &Identifier) -> bool {
        let mut words = self
            .events
            .split(|letter: char| letter.is_whitespace() || letter == ',')
            .filter(|word| !word.is_empty());
        words.by_ref().find(|word| word.eq_ignore_ascii_case("OF"));
        words
            .take_while(|word| !word.eq_ignore_ascii_case("OR"))
            .any(|word| match word.strip_prefix('"') {
                Some(rest) => Identifier::quoted(rest.trim_end_matches('"')) == *column,
                None => Identifier::unquoted(word) == *column,
            })
    }

    /// Whether it is a constraint trigger by what follows its table: only such a one has a deferral, and the server
    /// writes one for each (`pg_get_triggerdef_worker` in `ruleutils.c`).
    pub fn is_constraint(&self) -> bool {
        let mut words = self.action.split_whitespace();
        let first = words.next().unwrap_or_default();
        ["FROM", "DEFERRABLE", "NOT", "INITIALLY"]
            .iter()
            .any(|word| first.eq_ignore_ascii_case(word))
    }
}

fn has(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .any(|found| found.eq_ignore_ascii_case(word))
}
