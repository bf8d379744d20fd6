//! `ALTER TABLE`: each action is a change; RENAME and SET SCHEMA stand alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::constraint::{self, Added, Attributes};
use super::unmodelled::{balanced_rest, opaque_change, relations, without_effect};
use super::{alter_column, column, create_table, drop, if_exists, if_not_exists};
use crate::schema::{
    Change, ColumnAction, ConstraintDefinition, ConstraintKind, Identifier, IfExists, IfNotExists,
    KeyKind, Touches, WrittenName,
};
use crate::sql::cursor::{Cursor, Parsed};

/// After `ALTER TABLE`.
pub(super) fn statement(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    if cursor.eat("ALL IN TABLESPACE") {
        balanced_rest(cursor)?;
        return without_effect("ALTER TABLE ALL", Vec::new());
    }
    // Where the table is absent the whole statement does nothing: `Statement::needs`.
    let if_table_exists = if_exists(cursor);
    cursor.eat("ONLY");
    let table = cursor.name()?;
    cursor.eat_symbol("*");
    if cursor.eat("RENAME") {
        let change = rename(cursor, table, if_table_exists)?;
        cursor.expect_end()?;
        return Ok(vec![change]);
    }
    if cursor.eat("SET SCHEMA") {
        let to = cursor.identifier()?;
        cursor.expect_end()?;
        return Ok(vec![Change::SetTableSchema { table, to }]);
    }
    let mut changes = Vec::new();
    loop {
        action(cursor, &table, &mut changes)?;
        if !cursor.eat_symbol(",") {
            break;
        }
    }
    cursor.expect_end()?;
    changes.sort_by_key(pass);
    Ok(changes)
}

/// The passes over the actions of one ALTER TABLE, in the order in which the server makes them, whatever the order in
/// which they are written (`ATPrepCmd` and `ATParseTransformCmd` in `tablecmds.c`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pass {
    Drop,
    AlterType,
    SetExpression,
    AddColumn,
    ColumnAttributes,
    AddIndexConstraint,
    AddOtherConstraint,
    Miscellaneous,
}

fn pass(change: &Change) -> Pass {
    match change {
        Change::DropColumn { .. } | Change::DropConstraint { .. } => Pass::Drop,
        Change::AddColumn { .. } => Pass::AddColumn,
        Change::AlterColumn { action, .. } => match action {
            ColumnAction::DropNotNull
            | ColumnAction::DropDefault
            | ColumnAction::DropIdentity { .. }
            | ColumnAction::DropExpression { .. } => Pass::Drop,
            ColumnAction::SetType { .. } => Pass::AlterType,
            ColumnAction::SetExpression(_) => Pass::SetExpression,
            ColumnAction::SetNotNull | ColumnAction::SetIdentity(_) => Pass::ColumnAttributes,
            ColumnAction::SetDefault(_) | ColumnAction::AddIdentity(_) => Pass::AddOtherConstraint,
            ColumnAction::SetStorage(_) => Pass::Miscellaneous,
        },
        Change::AddConstraintUsingIndex { .. } => Pass::AddIndexConstraint,
        Change::AddConstraint { constraint, .. } => match constraint.kind {
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Exclusion(_) => Pass::AddIndexConstraint,
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check(_) => Pass::AddOtherConstraint,
        },
        _ => Pass::Miscellaneous,
    }
}

fn rename(cursor: &mut Cursor<'_>, table: WrittenName, if_exists: IfExists) -> Parsed<Change> {
    if cursor.eat("TO") {
        let to = cursor.identifier()?;
        return Ok(Change::RenameTable {
            table,
            to,
            if_exists,
        });
    }
    if cursor.eat("CONSTRAINT") {
        let constraint = cursor.identifier()?;
        cursor.expect("TO")?;
        return Ok(Change::RenameConstraint {
            table,
            constraint,
            to: cursor.identifier()?,
        });
    }
    cursor.eat("COLUMN");
    let column = cursor.identifier()?;
    cursor.expect("TO")?;
    Ok(Change::RenameColumn {
        table,
        column,
        to: cursor.identifier()?,
    })
}

fn action(cursor: &mut Cursor<'_>, table: &WrittenName, changes: &mut Vec<Change>) -> Parsed<()> {
    if cursor.eat("ADD") {
        return add(cursor, table, changes);
    }
    let change = if cursor.eat("DROP CONSTRAINT") {
        Change::DropConstraint {
            if_exists: if_exists(cursor),
            table: table.clone(),
            constraint: cursor.identifier()?,
            behavior: drop::behavior(cursor),
        }
    } else if cursor.eat("DROP") {
        cursor.eat("COLUMN");
        Change::DropColumn {
            if_exists: if_exists(cursor),
            table: table.clone(),
            column: cursor.identifier()?,
            behavior: drop::behavior(cursor),
        }
    } else if cursor.eat("VALIDATE CONSTRAINT") {
        Change::ValidateConstraint {
            table: table.clone(),
            constraint: cursor.identifier()?,
        }
    } else if cursor.eat("ALTER CONSTRAINT") {
        let constraint = cursor.identifier()?;
        altered_constraint(cursor, table, constraint)?
    } else if cursor.eat("ALTER") {
        cursor.eat("COLUMN");
        alter_column::action(cursor, table)?
    } else if let Some(change) = partition(cursor, table)? {
        change
    } else {
        no_effect(cursor, table)?
    };
    changes.push(change);
    Ok(())
}

fn altered_constraint(
    cursor: &mut Cursor<'_>,
    table: &WrittenName,
    constraint: Identifier,
) -> Parsed<Change> {
    if cursor.eat("INHERIT") || cursor.eat("NO INHERIT") {
        return Ok(Change::NoEffect {
            what: "ALTER TABLE ALTER CONSTRAINT".into(),
            relations: vec![table.clone()],
        });
    }
    let start = cursor.position();
    let deferral = Attributes::read(cursor)?.deferral;
    let end = cursor.position();
    if end == start {
        return Err(cursor.unexpected("an attribute of a constraint"));
    }
    if cursor
        .previous()
        .is_some_and(|last| last.is_word("ENFORCED"))
    {
        let touches = relations([table.clone()]);
        return Ok(opaque_change(cursor, "ALTER CONSTRAINT ENFORCED", touches));
    }
    Ok(Change::AlterConstraint {
        table: table.clone(),
        constraint,
        deferral,
    })
}

/// The actions that tie a table to another one.
fn partition(cursor: &mut Cursor<'_>, table: &WrittenName) -> Parsed<Option<Change>> {
    let forms = [
        "ATTACH PARTITION",
        "DETACH PARTITION",
        "INHERIT",
        "NO INHERIT",
    ];
    let Some(form) = forms.into_iter().find(|form| cursor.eat(form)) else {
        return Ok(None);
    };
    let other = cursor.name()?;
    match form {
        "ATTACH PARTITION" => create_table::partition_bound(cursor)?,
        "DETACH PARTITION" => {
            let _ = cursor.eat("CONCURRENTLY") || cursor.eat("FINALIZE");
        }
        _ => {}
    }
    let touches = relations([table.clone(), other]);
    Ok(Some(opaque_change(
        cursor,
        &format!("ALTER TABLE {form}"),
        touches,
    )))
}

fn add(cursor: &mut Cursor<'_>, table: &WrittenName, changes: &mut Vec<Change>) -> Parsed<()> {
    if cursor.at("CONSTRAINT") || constraint::at_table_constraint(cursor) {
        return add_constraint(cursor, table, changes);
    }
    cursor.eat("COLUMN");
    let if_not_exists = if_not_exists(cursor);
    let defined = column::definition(cursor)?;
    changes.push(Change::AddColumn {
        table: table.clone(),
        column: defined.column,
        if_not_exists,
    });
    let unmodelled = defined.unmodelled.iter();
    changes.extend(unmodelled.map(|constraint| constraint.change(cursor, table)));
    if if_not_exists == IfNotExists::Yes {
        let constraints = defined.constraints.iter();
        changes
            .extend(constraints.map(|constraint| only_with_the_column(cursor, table, constraint)));
        return Ok(());
    }
    let constraints = defined.constraints.into_iter();
    changes.extend(constraints.map(|constraint| Change::AddConstraint {
        table: table.clone(),
        constraint,
    }));
    Ok(())
}

/// A constraint of `ADD COLUMN IF NOT EXISTS` is made where the column is (`ATExecAddColumn` in `tablecmds.c`, since 13).
fn only_with_the_column(
    cursor: &Cursor<'_>,
    table: &WrittenName,
    constraint: &ConstraintDefinition,
) -> Change {
    let mut tables = BTreeSet::from([table.clone()]);
    if let ConstraintKind::ForeignKey(key) = &constraint.kind {
        tables.insert(key.references.clone());
    }
    let what = "a constraint that is made only where its column is new";
    opaque_change(cursor, what, Touches::Grows(tables))
}

fn add_constraint(
    cursor: &mut Cursor<'_>,
    table: &WrittenName,
    changes: &mut Vec<Change>,
) -> Parsed<()> {
    if let Some(change) = using_index(cursor, table)? {
        changes.push(change);
        return Ok(());
    }
    let table = table.clone();
    changes.push(match constraint::table_constraint(cursor)? {
        Added::Constraint(constraint) => Change::AddConstraint { table, constraint },
        Added::Unmodelled(unmodelled) => unmodelled.change(cursor, &table),
        Added::NotNull(column) => Change::AlterColumn {
            table,
            column,
            action: ColumnAction::SetNotNull,
        },
    });
    Ok(())
}

/// `[CONSTRAINT name] UNIQUE | PRIMARY KEY USING INDEX index`.
fn using_index(cursor: &mut Cursor<'_>, table: &WrittenName) -> Parsed<Option<Change>> {
    let mut ahead = cursor.clone();
    let name = constraint::name(&mut ahead)?;
    let key = if ahead.eat("UNIQUE USING INDEX") {
        KeyKind::Unique
    } else if ahead.eat("PRIMARY KEY USING INDEX") {
        KeyKind::PrimaryKey
    } else {
        return Ok(None);
    };
    let index = ahead.identifier()?;
    let deferral = Attributes::read(&mut ahead)?.deferral;
    *cursor = ahead;
    Ok(Some(Change::AddConstraintUsingIndex {
        table: table.clone(),
        name: name.filter(|name| !name.is_unknown()),
        index,
        key,
        deferral,
    }))
}

/// Actions that change nothing that the schema models.
fn no_effect(cursor: &mut Cursor<'_>, table: &WrittenName) -> Parsed<Change> {
    let forms = [
        "OWNER TO",
        "CLUSTER ON",
        "SET WITHOUT CLUSTER",
        "SET WITHOUT OIDS",
        "SET TABLESPACE",
        "SET LOGGED",
        "SET UNLOGGED",
        "SET ACCESS METHOD",
        "ENABLE",
        "DISABLE",
        "FORCE ROW LEVEL SECURITY",
        "NO FORCE ROW LEVEL SECURITY",
        "REPLICA IDENTITY",
        "NOT OF",
        "OF",
        "OPTIONS",
    ];
    let options = ["SET", "RESET"]
        .into_iter()
        .find(|word| cursor.at(word) && cursor.peek_at(1).is_some_and(|next| next.is_symbol("(")));
    let form = options.or_else(|| forms.into_iter().find(|form| cursor.eat(form)));
    let Some(form) = form else {
        return Err(cursor.unexpected("an action of ALTER TABLE"));
    };
    while !cursor.is_at_end() && !cursor.at_symbol(",") {
        if cursor.at_symbol("(") {
            cursor.parenthesised()?;
        } else {
            cursor.advance();
        }
    }
    Ok(Change::NoEffect {
        what: Arc::from(format!("ALTER TABLE {form}")),
        relations: vec![table.clone()],
    })
}
