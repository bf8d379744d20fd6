use super::enumeration::Enumeration;
use super::page;
use crate::history::{Moment, Replayed};
use crate::lint::{Check, Context, Deploy, Finding, Gathering, Place, Rule, RuleName};
use crate::schema::{Change, Identifier, ObjectName, Outcome, RelationName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("dropped-column"),
    page: page!("dropped-column"),
    checks: &[Check::Gathered(Gathering { subject, finding })],
};

/// So many columns are shown each where it is dropped.
const SHOWN: usize = 5;

/// The table of a column that running code uses, if the table stays.
fn subject(moment: &Moment, replayed: &Replayed<'_>, context: &Context<'_>) -> Option<ObjectName> {
    if context.deploy == Deploy::Downtime || !moment.is_carried_out() {
        return None;
    }
    let (table, column) = dropped(moment)?;
    let is_used = !moment.created_here.has_column(&table, column)
        && moment.running_code_uses(&table, Some(column))
        && !goes_itself(&table, moment, replayed);
    is_used.then_some(ObjectName::Relation(table))
}

/// Whether the table is dropped after a change, by the same migration or script: `dropped-table` says it.
fn goes_itself(table: &RelationName, moment: &Moment, replayed: &Replayed<'_>) -> bool {
    let from_here = replayed
        .moments
        .iter()
        .skip_while(|other| !std::ptr::eq(*other, moment));
    from_here.skip(1).any(|later| match &later.change {
        Change::DropTable(drop) => {
            later.is_carried_out() && later.table_in_use(&drop.name).as_ref() == Some(table)
        }
        _ => false,
    })
}

fn dropped(moment: &Moment) -> Option<(RelationName, &Identifier)> {
    match &moment.change {
        Change::DropColumn { table, column, .. } => Some((moment.table_in_use(table)?, column)),
        _ => None,
    }
}

fn finding(moments: &[&Moment]) -> Option<Finding> {
    let first = moments.first()?;
    let (table, column) = dropped(first)?;
    let drops = moments.iter().filter_map(|moment| dropped(moment));
    let columns = Enumeration::of_names(drops.map(|(_, column)| column));
    let mut message = match moments {
        [_] => format!(
            "dropping `{table}.{column}` breaks the code that is still running: each of its queries that names the column fails \
             (SQLSTATE 42703)"
        ),
        _ => format!(
            "dropping {} columns of `{table}` ({}) breaks the code that is still running: each of its queries that \
             names one of them fails (SQLSTATE 42703)",
            moments.len(),
            columns.shortened()
        ),
    };
    let along = Enumeration::of_names(taken_along(moments));
    if !along.is_empty() {
        let pronoun = columns.fitting("it takes", "they take");
        message = format!("{message}; {pronoun} {along} along");
    }
    let finding = Finding::at(first.origin(), message)
        .help(help(moments, &columns))
        .about(ObjectName::Relation(table));
    Some(shown(finding, moments))
}

fn help(moments: &[&Moment], columns: &Enumeration) -> &'static str {
    if moments.iter().any(|moment| moment.is_django()) {
        columns.fitting(
            "remove the field from the state only (`SeparateDatabaseAndState`) and give its column a default or DROP \
             NOT NULL; drop the column in the release after",
            "remove the fields from the state only (`SeparateDatabaseAndState`) and give their columns a default or \
             DROP NOT NULL; drop the columns in the release after",
        )
    } else {
        columns.fitting(
            "drop it in the release after the one whose code no longer names it",
            "drop them in the release after the one whose code no longer names them",
        )
    }
}

/// Each of a few columns where it is dropped.
fn shown(mut finding: Finding, moments: &[&Moment]) -> Finding {
    if !(2..=SHOWN).contains(&moments.len()) {
        return finding;
    }
    for (position, moment) in moments.iter().enumerate() {
        let (Some((_, column)), origin) = (dropped(moment), moment.origin()) else {
            continue;
        };
        let text = format!("`{column}` is dropped here");
        if position == 0 {
            finding.label = Some(text);
        } else if finding.place != Place::Source(origin.clone()) {
            finding = finding.labelled(origin, text);
        }
    }
    finding
}

/// What goes with the columns and is not theirs alone: views, keys of other tables, indexes over other columns.
fn taken_along<'a>(moments: &'a [&Moment]) -> impl Iterator<Item = &'a ObjectName> {
    let columns: Vec<(RelationName, &Identifier)> = moments
        .iter()
        .filter_map(|moment| dropped(moment))
        .collect();
    let is_own = move |moment: &Moment, object: &ObjectName| match object {
        ObjectName::Relation(relation) => !moment.before.view(&relation.into()).is_found(),
        ObjectName::Constraint(table, _) => columns.iter().any(|(own, _)| own == table),
        ObjectName::Index(index) => moment
            .before
            .index_named(index)
            .found()
            .is_none_or(|index| {
                let mut keys = index.definition.columns();
                keys.all(|name| columns.iter().any(|(_, own)| *own == name))
            }),
        ObjectName::Schema(_) | ObjectName::Column(..) | ObjectName::Type(_) => true,
    };
    let objects = moments.iter().flat_map(|moment| match &moment.outcome {
        Outcome::Applied { dropped_too } => {
            dropped_too.iter().map(|object| (*moment, object)).collect()
        }
        Outcome::Skipped | Outcome::Rejected(_) | Outcome::Unsure(_) => Vec::new(),
    });
    objects
        .filter(move |(moment, object)| !is_own(moment, object))
        .map(|(_, object)| object)
}
