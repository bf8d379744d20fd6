//! Columns: brought back, renamed, given their type, nullability and default; or let go.

use super::Remedy;
use super::declared::makemigrations;
use crate::drift::Cause;
use crate::repair::{Probe, Repair, Safety, Step, set_not_null};
use crate::schema::{
    Change, Column, ColumnAction, DropBehavior, Identifier, IfExists, IfNotExists, Nullability,
    Supply, TableDifference,
};

impl Remedy<'_> {
    /// A NOT NULL column that no code fills: its default first, that ends the outage.
    pub(super) fn nobody_fills(&self, column: &Column) -> Vec<Repair> {
        let name = &column.name;
        let mut repairs = Vec::new();
        let diverged = matches!(self.difference.cause, Cause::Diverged(Some(_)));
        if let Ok(value) = self.value_for(name) {
            let text = value.text().unwrap_or_default().to_owned();
            let repair = Repair::new(
                "set-default",
                format!("Give the column `{name}` the default {text}"),
                vec![self.alter(name, ColumnAction::SetDefault(value))],
            );
            repairs.push(if diverged {
                self.restores(repair)
            } else {
                self.evolves(repair.warning(
                    "Django does not know this default: the next `AlterField` of the column drops it.",
                ))
            });
        }
        repairs.push(
            self.evolves(
                Repair::new(
                    "drop-not-null",
                    format!("Let the column `{name}` be NULL"),
                    vec![self.alter(name, ColumnAction::DropNotNull)],
                )
                .warning("Rows that are written meanwhile hold NULL there."),
            ),
        );
        repairs.push(
            self.evolves(
                Repair::new(
                    "drop-column",
                    format!("Drop the column `{name}` with its values"),
                    vec![self.drop_column(name)],
                )
                .of_safety(Safety::Unsafe)
                .warning("Its values are lost, and code that reads it fails."),
            ),
        );
        repairs
    }

    pub(super) fn column(&self, part: &TableDifference) -> Vec<Repair> {
        match part {
            TableDifference::MissingColumn(column) => self.missing_column(column),
            TableDifference::ExtraColumn(column)
                if matches!(self.difference.cause, Cause::Diverged(_)) =>
            {
                let change = self.drop_column(&column.name);
                vec![
                    self.restores(
                        Repair::new(
                            "drop-column",
                            format!("Drop the column `{}` with its values", column.name),
                            vec![change],
                        )
                        .of_safety(Safety::Unsafe)
                        .warning("Its values are lost, and code that reads it fails."),
                    ),
                ]
            }
            TableDifference::ExtraColumn(_) => Vec::new(),
            TableDifference::ColumnName { expected, actual } => vec![self.restores(Repair::new(
                "rename-column",
                format!("Rename the column `{actual}` to `{expected}`"),
                vec![Step::Run(Change::RenameColumn {
                    table: self.written(),
                    column: actual.clone(),
                    to: expected.clone(),
                })],
            ))],
            TableDifference::Type { column, .. } | TableDifference::Collation { column, .. } => {
                self.column_type(column).into_iter().collect()
            }
            TableDifference::Nullability {
                column, expected, ..
            } => {
                vec![self.nullability(column, *expected)]
            }
            TableDifference::Supply {
                column,
                expected,
                actual,
            } => self.supply(column, expected, actual).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn drop_column(&self, column: &Identifier) -> Step {
        Step::Run(Change::DropColumn {
            table: self.written(),
            column: column.clone(),
            if_exists: IfExists::No,
            behavior: DropBehavior::Restrict,
        })
    }

    /// As the recorded migrations made it, with what stands on it. Without them it is `makemigrations` that knows.
    fn missing_column(&self, column: &Column) -> Vec<Repair> {
        if !matches!(self.difference.cause, Cause::Diverged(_)) {
            return vec![makemigrations()];
        }
        let name = &column.name;
        let mut added = column.clone();
        let mut steps = Vec::new();
        let value = Self::needs_value(column).then(|| self.value_for(name));
        match value {
            None => steps.push(self.add_column(added)),
            Some(Ok(value)) => {
                added.supply = Supply::Default(value);
                steps.push(self.add_column(added));
                steps.push(self.alter(name, ColumnAction::DropDefault));
            }
            // No value is made up: what stands there gets NULL.
            Some(Err(_)) => {
                added.nullability = Nullability::Nullable;
                steps.push(self.add_column(added));
            }
        }
        steps.extend(self.objects_on(name));
        let repair = Repair::new(
            "add-column",
            format!("Add the column `{name}` as its migration does"),
            steps,
        )
        .warning("The values that it held are not brought back.");
        let repair = match Self::needs_value(column).then(|| self.value_for(name)) {
            Some(Err(why)) => repair.of_safety(Safety::Unsafe).warning(format!(
                "It is added without NOT NULL, as no value for the rows that stand there is known ({why}): fill it, then SET NOT NULL."
            )),
            _ => repair,
        };
        vec![self.restores(repair)]
    }

    fn add_column(&self, column: Column) -> Step {
        Step::Run(Change::AddColumn {
            table: self.written(),
            column,
            if_not_exists: IfNotExists::No,
        })
    }

    fn column_type(&self, column: &Identifier) -> Option<Repair> {
        let expected = self.expected_column(column)?;
        let crate::schema::SqlType::Known(data_type) = &expected.data_type else {
            return None;
        };
        let mut steps = Vec::new();
        let widens = self.difference.hurt == crate::drift::Hurt::WriteFails;
        if !widens && let Some(probe) = self.too_long(column, data_type) {
            steps.push(Step::Probe(probe));
        }
        steps.push(self.alter(
            column,
            ColumnAction::SetType {
                data_type: expected.data_type.clone(),
                using: None,
                collation: expected.collation.clone(),
            },
        ));
        let repair = Repair::new(
            "set-type",
            format!("Give the column `{column}` the type `{data_type}`"),
            steps,
        );
        Some(self.in_step(repair))
    }

    /// Rows that a shorter text type would refuse.
    fn too_long(&self, column: &Identifier, data_type: &crate::schema::TypeName) -> Option<Probe> {
        let is_text = matches!(&*data_type.name, "character varying" | "character");
        let length = data_type.modifiers.first().filter(|_| is_text)?;
        Some(Probe {
            table: self.table.name.clone(),
            violators: format!("char_length({}) > {length}", column.to_sql()),
            shown: vec![column.clone()],
            what: format!("a value of `{column}` has more than {length} characters"),
        })
    }

    /// What the recorded migrations say of a column, else what the models do.
    pub(super) fn expected_column(&self, column: &Identifier) -> Option<Column> {
        let sides = self.table.sides;
        let of_models = || {
            let models = sides.history.models.as_ref()?;
            models.expected.column(self.table.name, column).found()
        };
        match self.difference.cause {
            Cause::Diverged(_) => sides.recorded.column(self.table.name, column).found(),
            Cause::Models | Cause::Pending(_) => of_models(),
        }
        .cloned()
    }

    fn nullability(&self, column: &Identifier, expected: Nullability) -> Repair {
        match expected {
            Nullability::Nullable => self.in_step(Repair::new(
                "drop-not-null",
                format!("Let the column `{column}` be NULL"),
                vec![self.alter(column, ColumnAction::DropNotNull)],
            )),
            Nullability::NotNull => self.in_step(Repair::new(
                "set-not-null",
                format!("Make the column `{column}` NOT NULL, without a scan under a lock"),
                self.not_null_steps(column),
            )),
        }
    }

    /// Where a value is known the NULLs are filled, else they are counted.
    fn not_null_steps(&self, column: &Identifier) -> Vec<Step> {
        let mut steps = set_not_null(self.table.name, column);
        if let (Ok(value), Some(first)) = (self.value_for(column), steps.first_mut()) {
            *first = Step::Fill {
                table: self.table.name.clone(),
                column: column.clone(),
                value,
            };
        }
        steps
    }

    /// Default and identity as the migrations gave them. What is generated comes with the column alone.
    fn supply(&self, column: &Identifier, expected: &Supply, actual: &Supply) -> Option<Repair> {
        let leave = match actual {
            Supply::Nothing => None,
            Supply::Default(_) => Some(ColumnAction::DropDefault),
            Supply::Identity(_) => Some(ColumnAction::DropIdentity {
                if_exists: IfExists::No,
            }),
            Supply::Generated(_) => Some(ColumnAction::DropExpression {
                if_exists: IfExists::No,
            }),
            Supply::Serial => return None,
        };
        let enter = match expected {
            Supply::Nothing => None,
            Supply::Default(expr) => Some(ColumnAction::SetDefault(expr.clone())),
            Supply::Identity(identity) => Some(ColumnAction::AddIdentity(*identity)),
            Supply::Generated(_) | Supply::Serial => return None,
        };
        let actions: Vec<ColumnAction> = match (leave, enter) {
            (
                Some(ColumnAction::DropIdentity { .. }),
                Some(ColumnAction::AddIdentity(identity)),
            ) => {
                vec![ColumnAction::SetIdentity(identity)]
            }
            // A default is replaced at once.
            (Some(ColumnAction::DropDefault), Some(set @ ColumnAction::SetDefault(_))) => vec![set],
            (leave, enter) => leave.into_iter().chain(enter).collect(),
        };
        let steps = actions
            .into_iter()
            .map(|action| self.alter(column, action))
            .collect();
        let title = match expected {
            Supply::Nothing => format!("Drop the default of `{column}`, as its migration does"),
            Supply::Default(_) => format!("Give the column `{column}` its default again"),
            _ => format!("Give the column `{column}` its numbers again"),
        };
        Some(self.restores(Repair::new("restore-default", title, steps)))
    }
}
