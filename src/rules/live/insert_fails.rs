use super::{finding, whose};
use crate::drift::{Cause, Difference, Hurt, What};
use crate::lint::{Context, Finding, Level};
use crate::schema::TableDifference;

pub(in crate::rules) fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let object = difference.object();
    let message = match &difference.what {
        What::ColumnNobodyFills(_) => format!(
            "every INSERT through {} fails: the column `{object}` is NOT NULL, has no default, and is in no model of its \
             table (SQLSTATE 23502)",
            whose(difference)
        ),
        What::Part(TableDifference::Supply { .. }) if difference.hurt == Hurt::InsertFails => {
            format!(
                "every INSERT through {} fails: the column `{object}` has lost what numbers its rows (SQLSTATE 23502)",
                whose(difference)
            )
        }
        _ => return None,
    };
    let help = match difference.cause {
        Cause::Models => {
            "give the column a default in the database first; then restore the field in the model, or drop the column in a \
             migration"
        }
        Cause::Diverged(None) => {
            "give the column a default in the database first; no migration here knows it: is the code older than the \
             database?"
        }
        Cause::Diverged(Some(_)) | Cause::Pending(_) => {
            "give the column what the migrations gave it"
        }
    };
    Some(
        finding(difference, message)
            .at_level(Level::Error)
            .help(help),
    )
}
