//! Types and domains: enums are modelled, of the others the name.

use super::unmodelled::{balanced_rest, opaque, relations, without_effect};
use super::{drop, if_exists, if_not_exists};
use crate::schema::{Change, Touches};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::types;

/// After `CREATE TYPE`.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let name = cursor.name()?;
    if cursor.eat("AS ENUM") {
        cursor.expect_symbol("(")?;
        let labels = if cursor.at_symbol(")") {
            Vec::new()
        } else {
            cursor.list(Cursor::string)?
        };
        cursor.expect_symbol(")")?;
        cursor.expect_end()?;
        return Ok(vec![Change::CreateEnum { name, labels }]);
    }
    // Composite, range, base and shell types.
    let _ = cursor.eat("AS RANGE") || cursor.eat("AS");
    if !cursor.is_at_end() || cursor.previous().is_some_and(|last| last.is_word("AS")) {
        cursor.parenthesised()?;
    }
    cursor.expect_end()?;
    opaque(cursor, "a type that is no enum", relations([name]))
}

/// After `CREATE DOMAIN`.
pub(super) fn create_domain(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let name = cursor.name()?;
    cursor.eat("AS");
    types::parse_type(cursor)?;
    balanced_rest(cursor)?;
    opaque(cursor, "CREATE DOMAIN", relations([name]))
}

/// After `ALTER TYPE`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let name = cursor.name()?;
    if cursor.eat("ADD VALUE") {
        let if_not_exists = if_not_exists(cursor);
        let label = cursor.string()?;
        // The order of labels is not modelled.
        if cursor.eat("BEFORE") || cursor.eat("AFTER") {
            cursor.string()?;
        }
        cursor.expect_end()?;
        return Ok(vec![Change::AddEnumValue {
            name,
            label,
            if_not_exists,
        }]);
    }
    if cursor.eat("RENAME TO") || cursor.eat("SET SCHEMA") {
        return moved(cursor, "ALTER TYPE");
    }
    // The attributes of a composite type are columns only of tables `OF` it, which nothing is known of.
    let actions = ["OWNER TO", "RENAME VALUE", "RENAME ATTRIBUTE", "SET"];
    if actions.iter().any(|action| cursor.eat(action)) {
        balanced_rest(cursor)?;
    } else {
        cursor.list(attribute)?;
        cursor.expect_end()?;
    }
    without_effect("ALTER TYPE", Vec::new())
}

/// An action of `alter_type_cmds`.
fn attribute(cursor: &mut Cursor<'_>) -> Parsed<()> {
    let drops = cursor.eat("DROP ATTRIBUTE");
    if !drops && !cursor.eat("ADD ATTRIBUTE") && !cursor.eat("ALTER ATTRIBUTE") {
        return Err(cursor.unexpected("an action of ALTER TYPE"));
    }
    if_exists(cursor);
    cursor.identifier()?;
    if !drops {
        let _ = cursor.eat("TYPE") || cursor.eat("SET DATA TYPE");
        types::parse_type(cursor)?;
        if cursor.eat("COLLATE") {
            cursor.name()?;
        }
    }
    drop::behavior(cursor);
    Ok(())
}

/// After `ALTER DOMAIN`.
pub(super) fn alter_domain(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.name()?;
    if cursor.eat("RENAME TO") || cursor.eat("SET SCHEMA") {
        return moved(cursor, "ALTER DOMAIN");
    }
    let actions = [
        "SET DEFAULT",
        "SET NOT NULL",
        "DROP DEFAULT",
        "DROP NOT NULL",
        "DROP CONSTRAINT",
        "ADD",
        "RENAME CONSTRAINT",
        "VALIDATE CONSTRAINT",
        "OWNER TO",
    ];
    if !actions.iter().any(|action| cursor.eat(action)) {
        return Err(cursor.unexpected("an action of ALTER DOMAIN"));
    }
    balanced_rest(cursor)?;
    without_effect("ALTER DOMAIN", Vec::new())
}

/// Every column of the type bears its new name.
fn moved(cursor: &mut Cursor<'_>, what: &str) -> Parsed<Vec<Change>> {
    cursor.identifier()?;
    cursor.expect_end()?;
    opaque(
        cursor,
        &format!("{what} RENAME or SET SCHEMA"),
        Touches::Anything,
    )
}

/// After `DROP DOMAIN`.
pub(super) fn drop_domain(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    // Columns of it go with it.
    drop::by_name(cursor, "DROP DOMAIN")
}
