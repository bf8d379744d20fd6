use super::{because, finding, whose};
use crate::drift::{Cause, Difference, Hurt, What};
use crate::lint::{Context, Finding, Level};
use crate::schema::TableDifference;

pub(in crate::rules) fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let level = match difference.hurt {
        Hurt::Silent | Hurt::Cosmetic | Hurt::Pending => Level::Warning,
        Hurt::InsertFails | Hurt::QueryFails | Hurt::WriteFails | Hurt::MigrateFails => {
            Level::Error
        }
    };
    let help = match difference.cause {
        Cause::Models => {
            "no migration creates it: run `makemigrations`, or remove it from the model"
        }
        Cause::Diverged(_) | Cause::Pending(_) => {
            "was it dropped by hand, or was the migration edited after it had been applied? Bring it back as the migration \
             makes it"
        }
    };
    let finding = finding(difference, message(difference)?);
    Some(finding.at_level(level).help(help))
}

fn message(difference: &Difference) -> Option<String> {
    let object = difference.object();
    let whose = whose(difference);
    let why = because(difference);
    Some(match &difference.what {
        What::MissingTable => format!(
            "every query of {whose} fails: there is no table `{object}` (SQLSTATE 42P01); {why}"
        ),
        What::MissingView => format!(
            "every query of `{object}` fails: there is no such view (SQLSTATE 42P01); {why}"
        ),
        What::Part(TableDifference::MissingColumn(_)) if difference.hurt == Hurt::QueryFails => {
            format!(
                "every query of {whose} fails: there is no column `{object}` (SQLSTATE 42703); {why}"
            )
        }
        What::Part(TableDifference::MissingColumn(_)) => {
            format!("there is no column `{object}`, and no model asks for it; {why}")
        }
        What::Part(TableDifference::ColumnName { expected, actual }) => format!(
            "every query of {whose} fails: the column `{}.{expected}` is called `{actual}` here (SQLSTATE 42703); {why}",
            difference.table
        ),
        _ => return None,
    })
}
