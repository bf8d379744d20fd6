//! Steps that take several statements to be safe under load.

use crate::schema::{
    Change, Check, ColumnAction, ConstraintDefinition, ConstraintKind, Deferral, DropBehavior,
    Expr, ExprPart, Identifier, IfExists, RelationName, Validity, WrittenName,
};

use super::{Probe, Step};

/// `SET NOT NULL` on a column of a table with rows: count the NULLs, prove by a CHECK that there are none and will be
/// none, validate it while writes go on, set, and drop the proof (PostgreSQL 12 and later spare the scan then;
/// documentation of ALTER TABLE, SET NOT NULL).
pub fn set_not_null(table: &RelationName, column: &Identifier) -> Vec<Step> {
    let written = WrittenName::from(table);
    let proof = Identifier::quoted(&format!("hhschema_{column}_not_null"));
    let condition = Expr::from_parts(vec![
        ExprPart::Column(column.clone()),
        ExprPart::Text(" IS NOT NULL".into()),
    ]);
    let mut steps = vec![Step::Probe(Probe {
        table: table.clone(),
        violators: format!("{} IS NULL", column.to_sql()),
        shown: Vec::new(),
        what: format!("{column} is NULL"),
    })];
    steps.extend(validated_later(
        table,
        &proof,
        ConstraintKind::Check(Check { condition }),
        Deferral::NotDeferrable,
    ));
    steps.push(Step::Run(Change::AlterColumn {
        table: written.clone(),
        column: column.clone(),
        action: ColumnAction::SetNotNull,
    }));
    steps.push(Step::Run(Change::DropConstraint {
        table: written,
        constraint: proof,
        if_exists: IfExists::No,
        behavior: DropBehavior::Restrict,
    }));
    steps
}

/// A CHECK or a foreign key on a table with rows: `NOT VALID` first, which holds new rows to it without a look at the
/// old ones, then `VALIDATE`, which lets writes through.
pub fn validated_later(
    table: &RelationName,
    name: &Identifier,
    kind: ConstraintKind<WrittenName>,
    deferral: Deferral,
) -> Vec<Step> {
    let written = WrittenName::from(table);
    vec![
        Step::Run(Change::AddConstraint {
            table: written.clone(),
            constraint: ConstraintDefinition {
                name: Some(name.clone()),
                kind,
                validity: Validity::NotValid,
                deferral,
            },
        }),
        Step::Run(Change::ValidateConstraint {
            table: written,
            constraint: name.clone(),
        }),
    ]
}
