use super::enumeration::Enumeration;
use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::schema::{
    Change, Column, ColumnAction, ObjectName, Outcome, RelationName, SqlState, SqlType, WrittenName,
};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("type-change"),
    page: page!("type-change"),
    checks: &[Check::Change(check)],
};

fn check(moment: &Moment, _: &Context<'_>) -> Vec<Finding> {
    let Change::AlterColumn {
        table,
        column,
        action:
            ColumnAction::SetType {
                data_type,
                collation,
                ..
            },
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
    let change = changed(
        &format!("{table}.{column}"),
        from,
        (data_type, collation.as_ref()),
    );
    let finding = match (refusal(moment), work(moment, &table)) {
        (Some(why), _) => Finding::at(moment.origin(), format!("{change} fails: {why}"))
            .at_level(Level::Error)
            .help("drop what uses it before, and create it again after, in the same migration"),
        (None, Some((work, help))) => Finding::at(
            moment.origin(),
            format!("{change} {work} while every query on the table waits"),
        )
        .help(help),
        (None, None) => return Vec::new(),
    };
    vec![finding.about(ObjectName::Column(table, column.clone()))]
}

/// What becomes another: the type, the collation, or with neither of them the values, by USING.
fn changed(
    name: &str,
    from: Option<&Column>,
    (data_type, collation): (&SqlType, Option<&WrittenName>),
) -> String {
    let Some(from) = from else {
        return format!("changing `{name}` to {data_type}");
    };
    let old_type = &from.data_type;
    let in_words = |collation: Option<&WrittenName>| {
        collation.map_or("the default".to_owned(), |name| format!("`{name}`"))
    };
    let (old, new) = (in_words(from.collation.as_ref()), in_words(collation));
    match (old_type == data_type, from.collation.as_ref() == collation) {
        (false, true) => format!("changing `{name}` from {old_type} to {data_type}"),
        (true, false) => format!("changing the collation of `{name}` from {old} to {new}"),
        (false, false) => format!(
            "changing `{name}` from {old_type} to {data_type}, and its collation from {old} to {new},"
        ),
        (true, true) => format!("changing the values of `{name}`, of type {data_type},"),
    }
}

fn refusal(moment: &Moment) -> Option<String> {
    match &moment.outcome {
        Outcome::Rejected(rejection) if rejection.state == SqlState::FeatureNotSupported => {
            Some(format!(
                "PostgreSQL does not change the type of a column that a view, a generated column or a trigger uses ({})",
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
    let builds = Enumeration::of_names(&cost.index_builds);
    if !builds.is_empty() {
        let index = builds.fitting("index", "indexes");
        let holds_constraint = cost.index_builds.iter().any(|index| {
            let index = moment.before.index_named(index).found();
            index.is_some_and(|index| index.backs.is_some())
        });
        let help = if holds_constraint {
            "add a column that has it from the start, let the code write both, fill it in batches, and swap them in a \
             later release: the index of a constraint cannot be dropped and built CONCURRENTLY"
        } else {
            builds.fitting(
                "drop the index CONCURRENTLY before, and build it CONCURRENTLY after",
                "drop the indexes CONCURRENTLY before, and build them CONCURRENTLY after",
            )
        };
        return Some((
            format!("builds {index} {} of `{table}` again", builds.shortened()),
            help,
        ));
    }
    cost.scans.contains(table).then(|| {
        (
            format!("reads every row of `{table}`"),
            "drop the CHECK before, add it NOT VALID after, and VALIDATE it on its own",
        )
    })
}
