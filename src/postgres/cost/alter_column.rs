//! The cost of ADD COLUMN and ALTER COLUMN.

use super::column_type::{self, TypeChange};
use super::new_values::{self, Values};
use super::volatility::{self, Volatility};
use super::{Costing, LockMode, Offending, RewriteReason, RowError};
use crate::schema::{
    Column, ColumnAction, ConstraintKind, Expr, ExprPart, GeneratedKind, Identifier, Index,
    IndexState, KeyPart, RelationName, SqlType, Supply, Validity, Why, WrittenName,
};

impl Costing<'_> {
    pub(super) fn add_column(&mut self, table: &WrittenName, column: &Column) {
        let name = self.lock_with_partitions(table, LockMode::AccessExclusive);
        if self.before.column(&name, &column.name).is_found() {
            return;
        }
        self.new_column_may_violate(&name, column);
        match &column.supply {
            Supply::Nothing => {}
            Supply::Default(expr) => match volatility::volatility(expr) {
                Volatility::OnceForAll => {}
                Volatility::ForEachRow => {
                    self.rewrite(&name, RewriteReason::VolatileDefault);
                }
                Volatility::NotKnown => {
                    self.unsure(Why::new(format!(
                        "whether the default of {} is the same for every row",
                        column.name
                    )));
                    self.rewrite(&name, RewriteReason::VolatileDefault);
                }
            },
            Supply::Identity(_) | Supply::Serial => {
                self.rewrite(&name, RewriteReason::ComputedColumn);
            }
            Supply::Generated(generated) => match generated.kind {
                GeneratedKind::Stored => self.rewrite(&name, RewriteReason::ComputedColumn),
                GeneratedKind::Virtual => {}
            },
        }
        // A domain with constraints makes the server check each row.
        if self.cost.rewrites.is_empty()
            && column_type::may_be_domain(&column.data_type, self.before)
        {
            self.unsure(Why::new(format!(
                "whether {} is a domain with constraints",
                column.data_type
            )));
            self.rewrite(&name, RewriteReason::ConstrainedDomain);
        }
    }

    pub(super) fn alter_column(
        &mut self,
        table: &WrittenName,
        column: &Identifier,
        action: &ColumnAction,
    ) {
        let mode = match action {
            ColumnAction::SetStorage(what) => storage_lock(what),
            ColumnAction::SetType { .. }
            | ColumnAction::SetNotNull
            | ColumnAction::DropNotNull
            | ColumnAction::SetDefault(_)
            | ColumnAction::DropDefault
            | ColumnAction::AddIdentity(_)
            | ColumnAction::SetIdentity(_)
            | ColumnAction::DropIdentity { .. }
            | ColumnAction::DropExpression { .. }
            | ColumnAction::SetExpression(_) => LockMode::AccessExclusive,
        };
        let name = self.lock_with_partitions(table, mode);
        match action {
            ColumnAction::SetNotNull => self.set_not_null(&name, column),
            ColumnAction::SetType {
                data_type,
                using,
                collation,
            } => {
                let wanted = Wanted {
                    data_type,
                    using: using.as_ref(),
                    collation: collation.as_ref(),
                };
                self.set_type(&name, column, &wanted);
            }
            ColumnAction::SetExpression(_) => self.set_expression(&name, column),
            ColumnAction::DropNotNull
            | ColumnAction::SetDefault(_)
            | ColumnAction::DropDefault
            | ColumnAction::AddIdentity(_)
            | ColumnAction::SetIdentity(_)
            | ColumnAction::DropIdentity { .. }
            | ColumnAction::DropExpression { .. }
            | ColumnAction::SetStorage(_) => {}
        }
    }

    /// PostgreSQL 17; a virtual column has nothing stored.
    fn set_expression(&mut self, table: &RelationName, column: &Identifier) {
        let is_virtual = self
            .before
            .column(table, column)
            .found()
            .is_some_and(|known| {
                matches!(&known.supply, Supply::Generated(generated)
                if generated.kind == GeneratedKind::Virtual)
            });
        if !is_virtual {
            self.rewrite(table, RewriteReason::ComputedColumn);
        }
    }

    fn set_type(&mut self, table: &RelationName, column: &Identifier, wanted: &Wanted<'_>) {
        let before = self.before;
        let what = format!("{table}.{column}");
        match self.needs(before.column(table, column), &what) {
            Some(known) => self.set_known_type(table, known, wanted),
            None => self.rewrite(table, RewriteReason::TypeChange),
        }
    }

    fn set_known_type(&mut self, table: &RelationName, column: &Column, wanted: &Wanted<'_>) {
        if let Some(view) = self.before.views_on(table).next() {
            self.unsure(Why::new(format!(
                "the view {view} may use {table}.{}: the server then refuses another type",
                column.name
            )));
        }
        let mut change = column_type::change(&column.data_type, wanted.data_type, self.before);
        // A cast to a type that is not known cannot be told from another expression.
        if !matches!(change, TypeChange::NotKnown(_))
            && wanted
                .using
                .is_some_and(|using| !is_plain_cast(using, &column.name))
        {
            change = TypeChange::Rewrite;
        }
        let recollated = column.collation.as_ref() != wanted.collation;
        self.set_values(table, column, wanted);
        match change {
            // Even the type that it has: what depends on the column is made again all the same.
            TypeChange::Same | TypeChange::SameStorage => {
                self.rebuild_indexes(table, column, Rebuilt::Incompatible { recollated });
                self.rescan_checks(table, &column.name);
            }
            TypeChange::OtherOperators => {
                self.rebuild_indexes(table, column, Rebuilt::All);
                self.rescan_checks(table, &column.name);
            }
            TypeChange::Rewrite => self.rewrite(table, RewriteReason::TypeChange),
            TypeChange::RewriteUnlessUtc => {
                self.unsure(Why::new(
                    "whether the session's TimeZone is UTC: then the table is not rewritten",
                ));
                self.rewrite(table, RewriteReason::TypeChange);
            }
            TypeChange::NotKnown(why) => {
                self.unsure(why);
                self.rewrite(table, RewriteReason::TypeChange);
            }
        }
        self.foreign_keys_again(table, &column.name);
    }

    fn set_values(&mut self, table: &RelationName, column: &Column, wanted: &Wanted<'_>) {
        let computed = wanted
            .using
            .is_some_and(|using| !is_plain_cast(using, &column.name));
        let values = new_values::values(&column.data_type, wanted.data_type);
        if computed || values == Values::Refused {
            self.may_violate(table, RowError::Value, Offending::Some);
        }
        let recollated = column.collation.as_ref() != wanted.collation;
        if computed || recollated || values != Values::Kept {
            self.other_values_may_violate(table, &column.name, computed);
        }
    }

    /// Foreign keys of and to a column of a changed type are dropped and made again
    /// (`ATPostAlterTypeCleanup`).
    fn foreign_keys_again(&mut self, table: &RelationName, column: &Identifier) {
        self.lock_references_of(table, Some(column), LockMode::AccessExclusive);
        let children = self.lock_referencing(table, Some(column));
        if !self.cost.rewrites.is_empty() {
            for child in children {
                self.scan(&child);
            }
        }
    }

    /// An index with a predicate or an expression is never taken over (`CheckIndexCompatible`).
    fn rebuild_indexes(&mut self, table: &RelationName, column: &Column, rebuilt: Rebuilt) {
        let before = self.before;
        for (name, index) in before.indexes_of(table) {
            let involved = index.definition.columns().any(|own| *own == column.name);
            let again = match rebuilt {
                Rebuilt::All => true,
                Rebuilt::Incompatible { recollated } => {
                    is_never_taken_over(index)
                        || (recollated && follows_collation(index, &column.name))
                }
            };
            if involved && again {
                self.build(name);
            }
        }
    }

    fn rescan_checks(&mut self, table: &RelationName, column: &Identifier) {
        let rescanned = self.before.constraints_of(table).any(|(_, constraint)| {
            constraint.validity == Validity::Valid
                && matches!(constraint.kind, ConstraintKind::Check(_))
                && constraint.kind.columns().contains(&column)
        });
        if rescanned {
            self.scan(table);
        }
    }
}

/// What SET DATA TYPE asks for.
struct Wanted<'a> {
    data_type: &'a SqlType,
    using: Option<&'a Expr>,
    collation: Option<&'a WrittenName>,
}

/// Which indexes of a column whose table is not rewritten are built again.
#[derive(Clone, Copy)]
enum Rebuilt {
    All,
    Incompatible { recollated: bool },
}

fn is_never_taken_over(index: &Index) -> bool {
    index.definition.predicate.is_some()
        || index.state == IndexState::Invalid
        || index
            .definition
            .keys
            .iter()
            .any(|key| matches!(key.part, KeyPart::Expression(_)))
}

/// Whether the column is a key that states no collation of its own.
fn follows_collation(index: &Index, column: &Identifier) -> bool {
    index
        .definition
        .keys
        .iter()
        .any(|key| key.part == KeyPart::Column(column.clone()) && key.collation.is_none())
}

/// `USING column::type`, which Django always writes, is what the server would do without it.
fn is_plain_cast(using: &Expr, column: &Identifier) -> bool {
    let Expr::Known(known) = using else {
        return false;
    };
    let mut named = 0;
    let mut rest = String::new();
    for part in known.canonical.iter() {
        match part {
            ExprPart::Column(name) if name == column => named += 1,
            ExprPart::Column(_) => return false,
            ExprPart::Text(text) => rest.push_str(&text.to_ascii_lowercase()),
        }
    }
    let rest = rest.trim().trim_start_matches('(').trim_start();
    let cast = rest.is_empty()
        || rest.starts_with(')')
        || rest.starts_with("::")
        || rest.starts_with("cast");
    named == 1
        && cast
        && !rest.contains([
            '\'', '+', '-', '*', '/', '|', '<', '>', '=', '#', '&', '%', '!', '~',
        ])
}

/// SET STATISTICS and attribute options lock like VACUUM; SET STORAGE and SET COMPRESSION do not
/// (`AlterTableGetLockLevel`).
fn storage_lock(what: &str) -> LockMode {
    let upper = what.to_ascii_uppercase();
    if upper.contains("STORAGE") || upper.contains("COMPRESSION") {
        LockMode::AccessExclusive
    } else {
        LockMode::ShareUpdateExclusive
    }
}
