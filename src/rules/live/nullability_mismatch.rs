use super::{because, finding, whose};
use crate::drift::{Difference, What};
use crate::lint::{Context, Finding, Level};
use crate::schema::{Nullability, TableDifference};

pub(in crate::rules) fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let What::Part(TableDifference::Nullability { actual, .. }) = &difference.what else {
        return None;
    };
    let object = difference.object();
    let why = because(difference);
    let (message, level) = match actual {
        Nullability::NotNull => (
            format!(
                "saving None through {} fails: the column `{object}` is NOT NULL (SQLSTATE 23502); {why}",
                whose(difference)
            ),
            Level::Error,
        ),
        Nullability::Nullable => (
            format!("the column `{object}` allows NULL: nothing but Django keeps NULLs out; {why}"),
            Level::Warning,
        ),
    };
    Some(finding(difference, message).at_level(level))
}
