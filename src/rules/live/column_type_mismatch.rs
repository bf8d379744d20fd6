use super::{because, finding, whose};
use crate::drift::{Difference, Hurt, What};
use crate::lint::{Context, Finding, Level};
use crate::schema::{TableDifference, WrittenName};

pub(in crate::rules) fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let object = difference.object();
    let why = because(difference);
    let message = match &difference.what {
        What::Part(TableDifference::Type {
            expected, actual, ..
        }) if difference.hurt == Hurt::WriteFails => format!(
            "values that {} allows do not fit: the column `{object}` has the type `{actual}`, not `{expected}`; {why}",
            whose(difference)
        ),
        What::Part(TableDifference::Type {
            expected, actual, ..
        }) => format!("the column `{object}` has the type `{actual}`, not `{expected}`; {why}"),
        What::Part(TableDifference::Collation {
            expected, actual, ..
        }) => format!(
            "the column `{object}` sorts by {}, not by {}; {why}",
            collation(actual.as_ref()),
            collation(expected.as_ref())
        ),
        _ => return None,
    };
    let level = if difference.hurt == Hurt::WriteFails {
        Level::Error
    } else {
        Level::Warning
    };
    Some(finding(difference, message).at_level(level))
}

fn collation(name: Option<&WrittenName>) -> String {
    name.map_or_else(
        || "the default collation".to_owned(),
        |name| format!("the collation `{}`", name.name),
    )
}
