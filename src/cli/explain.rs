//! `hhschema explain <rule>`: the rule's page.

use super::{Stop, because};
use crate::lint::RuleBook;

/// The page, under a line that says what its front matter says.
pub(super) fn text(rule: &str, book: &RuleBook) -> Result<String, Stop> {
    let booked = book
        .find(rule)
        .map_err(|unknown| because(format!("{unknown}\n`hhschema rules` lists all rules")))?;
    let front = &booked.page.front;
    let default = if front.default { "on" } else { "off" };
    Ok(format!(
        "{}: {}, {default} by default, in category {}\n\n{}\n",
        booked.rule.name,
        front.level.word(),
        front.category.word(),
        booked.page.body.trim_end()
    ))
}
