use super::{finding, whose};
use crate::drift::{Cause, Difference, Hurt, What};
use crate::lint::{Context, Finding, Level};
use crate::schema::{Supply, TableDifference};

pub(in crate::rules) fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let object = difference.object();
    let message = match &difference.what {
        What::ColumnNobodyFills(_) => format!(
            "every INSERT through {} fails: the column `{object}` is NOT NULL, has no default, and is in no model of its \
             table (SQLSTATE 23502)",
            whose(difference)
        ),
        What::Part(TableDifference::Supply { expected, .. })
            if difference.hurt == Hurt::InsertFails =>
        {
            let lost = match expected {
                Supply::Default(expr) if expr.sequence().is_none() => {
                    "its default, which the model leaves to the database"
                }
                _ => "what numbers its rows",
            };
            format!(
                "every INSERT through {} fails: the column `{object}` has lost {lost} (SQLSTATE 23502)",
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
