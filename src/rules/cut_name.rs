use super::page;
use crate::django::migration::Ownership;
use crate::history::Cut;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{LONGEST_IDENTIFIER, Schema};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("cut-name"),
    page: page!("cut-name"),
    checks: &[Check::History(check)],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .history
        .cuts
        .iter()
        .filter(|cut| cut.ownership == Ownership::Project)
        .filter(|cut| is_alive(cut, &context.history.end))
        .map(|cut| {
            let written = &cut.name.written;
            let stored = &cut.name.stored;
            Finding::at(
                cut.place.clone(),
                format!(
                    "the name `{written}` has {} bytes, PostgreSQL keeps {LONGEST_IDENTIFIER}: it stores `{stored}` \
                     without a word",
                    written.len()
                ),
            )
            .named(stored.to_string())
            .help(format!("give it a name of at most {LONGEST_IDENTIFIER} bytes"))
        })
        .collect()
}

/// A name that a later statement dropped or renamed is nobody's concern any more.
fn is_alive(cut: &Cut, end: &Schema) -> bool {
    let name = &cut.name.stored;
    end.relations().any(|(relation, _)| relation.name == *name)
        || end.tables().any(|(_, table)| {
            table.constraints.contains_key(name)
                || table
                    .columns
                    .iter()
                    .any(|column| column.value.name == *name)
        })
}
