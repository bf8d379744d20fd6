//! `ALTER TABLE ... ALTER COLUMN`.

use super::column::identity_kind;
use super::if_exists;
use crate::schema::{Change, ColumnAction, Identity, Why, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::expression::{self, Extent};
use crate::sql::types;

/// After `ALTER [COLUMN]`.
pub(super) fn action(cursor: &mut Cursor<'_>, table: &WrittenName) -> Parsed<Change> {
    let column = cursor.identifier()?;
    let action = if cursor.eat("TYPE") || cursor.eat("SET DATA TYPE") {
        set_type(cursor)?
    } else if cursor.eat("SET") {
        set(cursor)?
    } else if cursor.eat("DROP") {
        drop(cursor)?
    } else if cursor.eat("ADD GENERATED") {
        let identity =
            identity_kind(cursor).ok_or_else(|| cursor.unexpected("`ALWAYS` or `BY DEFAULT`"))?;
        cursor.expect("AS IDENTITY")?;
        if cursor.at_symbol("(") {
            cursor.parenthesised()?;
        }
        ColumnAction::AddIdentity(identity)
    } else if cursor.at("RESTART") || cursor.at("RESET") || cursor.at("OPTIONS") {
        storage(cursor)?
    } else {
        return Err(cursor.unexpected("an action of ALTER COLUMN"));
    };
    Ok(Change::AlterColumn {
        table: table.clone(),
        column,
        action,
    })
}

fn set_type(cursor: &mut Cursor<'_>) -> Parsed<ColumnAction> {
    let data_type = types::parse_type(cursor)?;
    let collation = if cursor.eat("COLLATE") {
        Some(cursor.name()?)
    } else {
        None
    };
    let using = if cursor.eat("USING") {
        Some(expression::prefix(cursor, Extent::Full)?)
    } else {
        None
    };
    Ok(ColumnAction::SetType {
        data_type,
        using,
        collation,
    })
}

fn set(cursor: &mut Cursor<'_>) -> Parsed<ColumnAction> {
    if cursor.eat("NOT NULL") {
        return Ok(ColumnAction::SetNotNull);
    }
    if cursor.eat("DEFAULT") {
        let default = expression::prefix(cursor, Extent::Full)?;
        return Ok(ColumnAction::SetDefault(default));
    }
    if cursor.eat("EXPRESSION AS") {
        let inside = cursor.parenthesised()?;
        let expression = expression::whole(&cursor.within(inside));
        return Ok(ColumnAction::SetExpression(expression));
    }
    if cursor.eat("GENERATED") {
        return set_identity(cursor);
    }
    storage_after(cursor, "SET")
}

/// `SET GENERATED ALWAYS`, and options of its sequence beside it.
fn set_identity(cursor: &mut Cursor<'_>) -> Parsed<ColumnAction> {
    let identity: Identity =
        identity_kind(cursor).ok_or_else(|| Why::new("expected `ALWAYS` or `BY DEFAULT`"))?;
    if cursor.at("SET") || cursor.at("RESTART") {
        storage(cursor)?;
    }
    Ok(ColumnAction::SetIdentity(identity))
}

fn drop(cursor: &mut Cursor<'_>) -> Parsed<ColumnAction> {
    if cursor.eat("NOT NULL") {
        return Ok(ColumnAction::DropNotNull);
    }
    if cursor.eat("DEFAULT") {
        return Ok(ColumnAction::DropDefault);
    }
    if cursor.eat("IDENTITY") {
        let if_exists = if_exists(cursor);
        return Ok(ColumnAction::DropIdentity { if_exists });
    }
    if cursor.eat("EXPRESSION") {
        let if_exists = if_exists(cursor);
        return Ok(ColumnAction::DropExpression { if_exists });
    }
    Err(cursor.unexpected("what to drop of the column"))
}

fn storage(cursor: &mut Cursor<'_>) -> Parsed<ColumnAction> {
    storage_after(cursor, "")
}

/// STATISTICS, STORAGE, COMPRESSION, attribute options, options of an identity's sequence.
fn storage_after(cursor: &mut Cursor<'_>, verb: &str) -> Parsed<ColumnAction> {
    let known = [
        "STATISTICS",
        "STORAGE",
        "COMPRESSION",
        "RESTART",
        "RESET",
        "OPTIONS",
        "START",
        "INCREMENT",
        "MINVALUE",
        "MAXVALUE",
        "CACHE",
        "CYCLE",
        "NO",
        "SET",
    ];
    if !cursor.at_symbol("(") && !known.iter().any(|word| cursor.at(word)) {
        return Err(cursor.unexpected("what to set of the column"));
    }
    let start = cursor.position();
    while !cursor.is_at_end() && !cursor.at_symbol(",") {
        if cursor.at_symbol("(") {
            cursor.parenthesised()?;
        } else {
            cursor.advance();
        }
    }
    let rest = cursor.text_between(start, cursor.position());
    Ok(ColumnAction::SetStorage(
        format!("{verb} {rest}").trim().into(),
    ))
}
