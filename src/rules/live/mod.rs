//! The rules on a live database: what the same rule finds in files, found again where it hurts.

pub(super) mod choices_mismatch;
pub(super) mod column_type_mismatch;
pub(super) mod column_without_field;
pub(super) mod constraint_mismatch;
pub(super) mod field_without_column;
pub(super) mod index_mismatch;
pub(super) mod insert_fails;
pub(super) mod nullability_mismatch;

use crate::drift::{Cause, Difference, Hurt};
use crate::lint::Finding;

/// A finding at the object of a difference, with the model of its table and the migration that made the object.
pub(super) fn finding(difference: &Difference, message: String) -> Finding {
    let mut finding = Finding::in_database(difference.object(), message);
    if let Cause::Diverged(Some(made)) = &difference.cause {
        let text = match &made.migration {
            Some(key) => format!("{key} is recorded as applied, and makes it here"),
            None => "made here".to_owned(),
        };
        finding = finding.labelled(made.origin.clone(), text);
    }
    // Where running code fails, it is the model's code that does.
    match &difference.model {
        Some(model) if difference.hurt <= Hurt::WriteFails => {
            finding.labelled(model.origin.clone(), "the model of this table")
        }
        Some(_) | None => finding,
    }
}

/// What else must be said, by where the difference comes from.
pub(super) fn because(difference: &Difference) -> &'static str {
    match difference.cause {
        Cause::Diverged(Some(_)) => "the database is not what its recorded migrations made",
        Cause::Diverged(None) => "no recorded migration made it",
        Cause::Models => "the migrations say so too: it is the models that differ",
        Cause::Pending(_) => "a migration that is not applied yet changes it",
    }
}

/// The model's name, else the table's.
pub(super) fn whose(difference: &Difference) -> String {
    match &difference.model {
        Some(model) => format!("`{}`", model.name),
        None => format!("`{}`", difference.table),
    }
}
