use super::{because, finding};
use crate::drift::{Difference, Hurt, What};
use crate::lint::{Context, Finding, Level};
use crate::schema::TableDifference;

pub(in crate::rules) fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let table = &difference.table;
    let why = because(difference);
    let message = match &difference.what {
        What::Part(TableDifference::MissingIndex(name, _)) => {
            format!(
                "there is no index `{name}` on `{table}`: queries that it would serve read the whole table; {why}"
            )
        }
        What::Part(TableDifference::ExtraIndex(name, index)) if index.definition.is_unique() => {
            format!(
                "the unique index `{name}` refuses rows of `{table}` that the models allow (SQLSTATE 23505); {why}"
            )
        }
        What::Part(TableDifference::ExtraIndex(name, _)) => {
            format!(
                "the index `{name}` on `{table}` is in the database alone: every write keeps it up to date; {why}"
            )
        }
        What::Part(TableDifference::Index { name, .. }) => {
            format!(
                "the index `{name}` on `{table}` has other columns or options than the migrations gave it; {why}"
            )
        }
        _ => return None,
    };
    let level = if difference.hurt == Hurt::WriteFails {
        Level::Error
    } else {
        Level::Warning
    };
    Some(finding(difference, message).at_level(level))
}
