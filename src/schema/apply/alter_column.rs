//! ALTER COLUMN: type, NOT NULL, default, identity, generation.

use super::casts::{self, IsEnum};
use super::{Application, Step, Stop, reject};
use crate::schema::{
    Column, ColumnAction, Expr, Generated, Identifier, Identity, IfExists, Nullability, ObjectName,
    RelationName, SequencePurpose, SqlState, SqlType, Supply, TypeName, Why, WrittenName,
};

impl Application {
    pub(super) fn alter_column(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        action: &ColumnAction,
    ) -> Step {
        match action {
            ColumnAction::SetType {
                data_type,
                using,
                collation,
            } => {
                self.check_cast(table, column, (data_type, using.is_some()))?;
                self.set_type(table, column, (data_type, collation.as_ref()))
            }
            ColumnAction::SetNotNull => {
                self.set_not_null(table, std::slice::from_ref(column));
                Ok(())
            }
            ColumnAction::DropNotNull => self.drop_not_null(table, column),
            ColumnAction::SetDefault(expr) => self.set_default(table, column, Some(expr)),
            ColumnAction::DropDefault => self.set_default(table, column, None),
            ColumnAction::AddIdentity(identity) => self.add_identity(table, column, *identity),
            ColumnAction::SetIdentity(identity) => self.set_identity(table, column, *identity),
            ColumnAction::DropIdentity { if_exists } => {
                self.drop_identity(table, column, *if_exists)
            }
            ColumnAction::DropExpression { if_exists } => {
                self.drop_expression(table, column, *if_exists)
            }
            ColumnAction::SetExpression(expression) => {
                self.set_expression(table, column, expression)
            }
            ColumnAction::SetStorage(_) => Ok(()),
        }
    }

    fn set_type(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        (data_type, collation): (&SqlType, Option<&WrittenName>),
    ) -> Step {
        self.check_not_inherited(table, column)?;
        if self.is_generated_from(table, column) || self.has_trigger_on(table, column) {
            return refuse(SqlState::FeatureNotSupported, table, column);
        }
        let view = self
            .schema
            .views_on(table)
            .chain(&self.schema.unread_views)
            .next()
            .cloned();
        if let Some(view) = view {
            self.unsure(Why::new(format!(
                "the view {view} may use {table}.{column}: the server then refuses another type"
            )));
        }
        self.with_column(table, column, |column| {
            column.data_type = data_type.clone();
            column.collation = collation.cloned();
        });
        let integral = matches!(data_type, SqlType::Known(name)
            if matches!(&*name.name, "smallint" | "integer" | "bigint"));
        if integral {
            // An identity sequence follows its column (`ATExecAlterColumnType`, through ALTER SEQUENCE AS).
            for sequence in self.owned_sequences(table, Some(column)) {
                self.schema.alter_sequence(&sequence, |sequence| {
                    if sequence.purpose == SequencePurpose::Identity {
                        sequence.data_type = data_type.clone();
                    }
                });
            }
        }
        Ok(())
    }

    /// The values, and the default even with USING, are cast as in an assignment.
    fn check_cast(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        (data_type, using): (&SqlType, bool),
    ) -> Step {
        let refused = self
            .schema
            .column(table, column)
            .found()
            .is_some_and(|known| {
                let cast = !using || known.default().is_some();
                cast && self.assignment(&known.data_type, data_type) == casts::Cast::Refused
            });
        if refused && !self.is_generated_from(table, column) {
            return refuse(SqlState::DatatypeMismatch, table, column);
        }
        if self.is_identity(table, column) && !casts::may_be_identity(data_type) {
            return refuse(SqlState::InvalidParameterValue, table, column);
        }
        Ok(())
    }

    fn assignment(&self, from: &SqlType, to: &SqlType) -> casts::Cast {
        let (SqlType::Known(one), SqlType::Known(other)) = (from, to) else {
            return casts::Cast::Allowed;
        };
        match (self.is_enum(one), self.is_enum(other)) {
            (IsEnum::No, IsEnum::No) => casts::assignment(from, to),
            kinds => casts::assignment_of_enum((one, kinds.0), (other, kinds.1)),
        }
    }

    fn is_enum(&self, name: &TypeName) -> IsEnum {
        let written = WrittenName {
            schema: name.schema.clone(),
            name: Identifier::quoted(&name.name),
        };
        if self.schema.enum_labels(&written).is_found() {
            IsEnum::Yes
        } else {
            IsEnum::No
        }
    }

    fn is_generated_from(&self, table: &RelationName, column: &Identifier) -> bool {
        self.schema.columns_of(table).any(|other| {
            matches!(&other.supply, Supply::Generated(generated)
                if generated.expression.columns().any(|named| named == column))
        })
    }

    /// Whether a trigger fires at an update of this column (`RememberAllDependentForRebuilding` in `tablecmds.c`).
    fn has_trigger_on(&self, table: &RelationName, column: &Identifier) -> bool {
        let known = self.schema.known_table(table);
        let now = self.schema.now(known.map(AsRef::as_ref));
        known.is_some_and(|known| {
            let mut certain = known
                .triggers
                .values()
                .filter(|trigger| trigger.stamp == now);
            certain.any(|trigger| trigger.value.fires_on(column))
        })
    }

    fn drop_not_null(&mut self, table: &RelationName, column: &Identifier) -> Step {
        let in_primary_key = self
            .schema
            .known_table(table)
            .and_then(|known| known.primary_key())
            .is_some_and(|(_, key)| key.columns.contains(column));
        if self.is_identity(table, column) {
            return refuse(SqlState::SyntaxError, table, column);
        }
        if in_primary_key {
            return refuse(SqlState::InvalidTableDefinition, table, column);
        }
        self.with_column(table, column, |column| {
            column.nullability = Nullability::Nullable;
        });
        Ok(())
    }

    fn set_default(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        default: Option<&Expr>,
    ) -> Step {
        let supplied = self.known_column(table, column).is_some_and(|known| {
            matches!(known.supply, Supply::Identity(_) | Supply::Generated(_))
        });
        if supplied {
            return refuse(SqlState::SyntaxError, table, column);
        }
        self.unlink_default(table, column);
        self.with_column(table, column, |column| {
            column.supply = default
                .cloned()
                .map_or(Supply::Nothing, Supply::Default)
                .without_null_default();
        });
        self.link_default(table, column);
        Ok(())
    }

    fn add_identity(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        identity: Identity,
    ) -> Step {
        let Some(known) = self.known_column(table, column).cloned() else {
            return Ok(());
        };
        if !casts::may_be_identity(&known.data_type) {
            return refuse(SqlState::InvalidParameterValue, table, column);
        }
        let fits = known.is_not_null() && known.supply == Supply::Nothing;
        if !fits {
            return refuse(SqlState::ObjectNotInPrerequisiteState, table, column);
        }
        self.with_column(table, column, |column| {
            column.supply = Supply::Identity(identity);
        });
        self.own_sequence(table, column, (known.data_type, SequencePurpose::Identity));
        Ok(())
    }

    fn set_identity(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        identity: Identity,
    ) -> Step {
        if self.known_column(table, column).is_some() && !self.is_identity(table, column) {
            return refuse(SqlState::ObjectNotInPrerequisiteState, table, column);
        }
        self.with_column(table, column, |column| {
            column.supply = Supply::Identity(identity);
        });
        Ok(())
    }

    fn drop_identity(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        if_exists: IfExists,
    ) -> Step {
        if !self.is_identity(table, column) {
            return self.no_such_supply(table, column, if_exists);
        }
        self.with_column(table, column, |column| column.supply = Supply::Nothing);
        for sequence in self.owned_sequences(table, Some(column)) {
            let identity = self
                .known_sequence(&sequence)
                .is_some_and(|known| known.purpose == SequencePurpose::Identity);
            if identity {
                self.dropped(ObjectName::Relation(sequence.clone()));
                self.remove_sequence(&sequence);
            }
        }
        Ok(())
    }

    fn drop_expression(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        if_exists: IfExists,
    ) -> Step {
        let generated = self
            .known_column(table, column)
            .is_some_and(|known| matches!(known.supply, Supply::Generated(_)));
        if !generated {
            return self.no_such_supply(table, column, if_exists);
        }
        self.with_column(table, column, |column| column.supply = Supply::Nothing);
        Ok(())
    }

    fn set_expression(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        expression: &Expr,
    ) -> Step {
        let kind = self
            .known_column(table, column)
            .and_then(|known| match &known.supply {
                Supply::Generated(generated) => Some(generated.kind),
                Supply::Nothing | Supply::Default(_) | Supply::Identity(_) | Supply::Serial => None,
            });
        let Some(kind) = kind else {
            return self.no_such_supply(table, column, IfExists::No);
        };
        self.check_generation(table, expression)?;
        self.with_column(table, column, |column| {
            column.supply = Supply::Generated(Generated {
                expression: expression.clone(),
                kind,
            });
        });
        Ok(())
    }

    /// The column is no identity or generated column.
    fn no_such_supply(
        &self,
        table: &RelationName,
        column: &Identifier,
        if_exists: IfExists,
    ) -> Step {
        if self.known_column(table, column).is_none() {
            return Ok(());
        }
        match if_exists {
            IfExists::Yes => Err(Stop::Skipped),
            IfExists::No => refuse(SqlState::ObjectNotInPrerequisiteState, table, column),
        }
    }

    fn is_identity(&self, table: &RelationName, column: &Identifier) -> bool {
        self.known_column(table, column)
            .is_some_and(|known| matches!(known.supply, Supply::Identity(_)))
    }

    fn known_column(&self, table: &RelationName, column: &Identifier) -> Option<&Column> {
        let known = self.schema.known_table(table)?.column(column)?;
        Some(&known.value)
    }

    fn with_column(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        change: impl FnOnce(&mut Column),
    ) {
        self.schema.alter_table(table, |known| {
            if let Some(column) = known.column_mut(column) {
                change(column);
            }
        });
    }
}

fn refuse(state: SqlState, table: &RelationName, column: &Identifier) -> Step {
    reject(state, ObjectName::Column(table.clone(), column.clone()))
}
