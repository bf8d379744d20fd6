use super::{because, finding, whose};
use crate::drift::{Cause, Difference, What};
use crate::lint::{Context, Finding, Level};
use crate::schema::TableDifference;

pub(in crate::rules) fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let What::Part(TableDifference::ExtraColumn(_)) = &difference.what else {
        return None;
    };
    let object = difference.object();
    let message = match difference.cause {
        Cause::Models => format!(
            "the column `{object}` is in no field of {}: the next `makemigrations` drops it with its data",
            whose(difference)
        ),
        Cause::Diverged(_) | Cause::Pending(_) => {
            format!(
                "the column `{object}` is in the database alone: {}",
                because(difference)
            )
        }
    };
    Some(
        finding(difference, message)
            .at_level(Level::Warning)
            .help("write a migration that knows it, or drop it once nothing reads it"),
    )
}
