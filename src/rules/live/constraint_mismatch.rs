use super::{because, finding};
use crate::drift::{Difference, Hurt, What};
use crate::lint::{Context, Finding, Level};
use crate::schema::{Deferral, TableDifference};

pub(in crate::rules) fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let table = &difference.table;
    let why = because(difference);
    let message = match &difference.what {
        What::Part(TableDifference::MissingConstraint(name, constraint)) => format!(
            "there is no {} `{name}` on `{table}`: nothing in the database holds it; {why}",
            constraint.kind.term()
        ),
        What::Part(TableDifference::ExtraConstraint(name, constraint)) => format!(
            "the {} `{name}` refuses rows of `{table}` that the models allow; {why}",
            constraint.kind.term()
        ),
        What::Part(TableDifference::Constraint {
            name,
            expected,
            actual,
        }) => format!(
            "the {} `{name}` on `{table}` is another than the {} that the migrations made; {why}",
            actual.kind.term(),
            expected.kind.term()
        ),
        What::Part(TableDifference::Deferral {
            name,
            expected,
            actual,
        }) => format!(
            "the constraint `{name}` on `{table}` is {}, not {}; {why}",
            words(*actual),
            words(*expected)
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

fn words(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::NotDeferrable => "NOT DEFERRABLE",
        Deferral::InitiallyImmediate => "DEFERRABLE INITIALLY IMMEDIATE",
        Deferral::InitiallyDeferred => "DEFERRABLE INITIALLY DEFERRED",
    }
}
