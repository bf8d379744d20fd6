//! `hhschema rules`: all rules in a table.

use crate::lint::RuleBook;

pub(super) fn table(book: &RuleBook) -> String {
    let widest = book.names().map(str::len).max().unwrap_or(0);
    let lines = book.rules().map(|booked| {
        let front = &booked.page.front;
        format!(
            "{:widest$}  {:7}  {:3}  {:11}  {}\n",
            booked.rule.name.as_str(),
            front.level.word(),
            if front.default { "on" } else { "off" },
            front.category.word(),
            booked.page.summary()
        )
    });
    lines.collect::<Vec<_>>().concat()
}
