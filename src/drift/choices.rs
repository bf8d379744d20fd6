//! CHECKs of the database that list other values than the choices of the models.

use super::{Cause, Choices, Difference, Table, What};
use crate::history::{ChoicesMismatch, ModelTable, choices_mismatches};
use crate::schema::{ObjectName, Schema, TableDifference};

impl Table<'_> {
    /// Adds what the CHECKs refuse or allow beside the choices, in the place of a difference on the same CHECK that only
    /// says that its text is another.
    pub(super) fn put_choices(&self, differences: &mut Vec<Difference>) {
        let models: Vec<&ModelTable> = self.models.to_vec();
        for mismatch in choices_mismatches(self.sides.database, models.iter().copied()) {
            let same = |schema: &Schema| {
                choices_mismatches(schema, models.iter().copied())
                    .iter()
                    .any(|other| is_same(other, &mismatch))
            };
            let object = ObjectName::Constraint(self.name.clone(), mismatch.constraint.clone());
            let told = differences.iter().position(|other| {
                other.object() == object
                    && matches!(other.what, What::Part(TableDifference::Constraint { .. }))
            });
            let cause = if let Some(at) = told {
                if mismatch.refused.is_empty() {
                    continue;
                }
                differences.remove(at).cause
            } else if !same(self.sides.recorded) {
                Cause::Diverged(self.made(&object))
            } else {
                self.mended_by(same).map_or(Cause::Models, Cause::Pending)
            };
            differences.push(self.difference(What::Choices(choices(&mismatch)), cause));
        }
    }
}

fn choices(mismatch: &ChoicesMismatch<'_>) -> Choices {
    Choices {
        constraint: mismatch.constraint.clone(),
        column: mismatch.column.column.clone(),
        field: format!(
            "{}.{}",
            mismatch.model.model.name, mismatch.column.field_name
        ),
        refused: mismatch.refused.clone(),
        extra: mismatch.extra.clone(),
        declared: mismatch.column.field.origin.clone(),
    }
}

fn is_same(one: &ChoicesMismatch<'_>, other: &ChoicesMismatch<'_>) -> bool {
    one.constraint == other.constraint && one.refused == other.refused && one.extra == other.extra
}
