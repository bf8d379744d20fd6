use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::schema::{Change, ColumnAction, ObjectName, Outcome, RelationName, SqlState};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("type-change"),
    page: page!("type-change"),
    checks: &[Check::Change(check)],
};

fn check(moment: &Moment, _: &Context<'_>) -> Vec<Finding> {
    let Change::AlterColumn {
        table,
        column,
        action: ColumnAction::SetType { data_type, .. },
    } = &moment.change
    else {
        return Vec::new();
    };
    let Some(table) = moment.table_in_use(table) else {
        return Vec::new();
    };
    if moment.created_here.has_column(&table, column) {
        return Vec::new();
    }
    let from = moment.before.column(&table, column).found();
    let from = from.map_or(String::new(), |column| {
        format!(" from {}", column.data_type)
    });
    let change = format!("changing `{table}.{column}`{from} to {data_type}");
    let finding = match (refusal(moment), work(moment, &table)) {
        (Some(why), _) => Finding::at(moment.origin(), format!("{change} fails: {why}"))
            .at_level(Level::Error)
            .help("drop the view before, and create it again after, in the same migration"),
        (None, Some((work, help))) => Finding::at(
            moment.origin(),
            format!("{change} {work} while every query on the table waits"),
        )
        .help(help),
        (None, None) => return Vec::new(),
    };
    vec![finding.about(ObjectName::Column(table, column.clone()))]
}

fn refusal(moment: &Moment) -> Option<String> {
    match &moment.outcome {
        Outcome::Rejected(rejection) if rejection.state == SqlState::FeatureNotSupported => {
            Some(format!(
                "PostgreSQL does not change the type of a column that a view uses ({})",
                rejection.state
            ))
        }
        Outcome::Rejected(_) | Outcome::Applied { .. } | Outcome::Skipped | Outcome::Unsure(_) => {
            None
        }
    }
}

/// What the server does to the table, the heaviest alone, and how to do without.
fn work(moment: &Moment, table: &RelationName) -> Option<(String, &'static str)> {
    let cost = moment.certain_cost()?;
    if cost.rewrites.iter().any(|rewrite| rewrite.table == *table) {
        return Some((
            format!("rewrites `{table}` and all of its indexes"),
            "add a column of the new type, let the code write both, fill it in batches, and swap them in a later release",
        ));
    }
    if let [first, rest @ ..] = cost.index_builds.as_slice() {
        let more = if rest.is_empty() { "" } else { " and others" };
        return Some((
            format!("builds index `{first}`{more} of `{table}` again"),
            "drop the index CONCURRENTLY before, and build it CONCURRENTLY after",
        ));
    }
    cost.scans.contains(table).then(|| {
        (
            format!("reads every row of `{table}`"),
            "drop the CHECK before, add it NOT VALID after, and VALIDATE it on its own",
        )
    })
}
