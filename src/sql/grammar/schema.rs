//! `CREATE SCHEMA`, with what is made in it at once, and `ALTER SCHEMA`.

use std::collections::BTreeSet;

use super::unmodelled::{opaque, opaque_change, without_effect};
use super::{if_not_exists, statement};
use crate::schema::{Change, Identifier, Touches, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::opaque::touched_by;

/// After `CREATE SCHEMA`.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let if_not_exists = if_not_exists(cursor);
    let named = if cursor.at("AUTHORIZATION") {
        None
    } else {
        Some(cursor.identifier()?)
    };
    let owner = if cursor.eat("AUTHORIZATION") {
        Some(cursor.identifier()?)
    } else {
        None
    };
    // Without a name it has that of its owner.
    let of_owner = owner.filter(|owner| {
        !["current_user", "session_user", "current_role", "user"].contains(&owner.as_str())
    });
    let Some(schema) = named.or(of_owner) else {
        return opaque(
            cursor,
            "a schema named after who runs it",
            Touches::Anything,
        );
    };
    let mut changes = vec![Change::CreateSchema {
        schema: schema.clone(),
        if_not_exists,
    }];
    if !cursor.is_at_end() {
        let touches = elements(cursor, &schema)?;
        changes.push(opaque_change(cursor, "what CREATE SCHEMA makes", touches));
    }
    Ok(changes)
}

/// `OptSchemaEltList`: statements without semicolons, whose bare names are of the new schema.
fn elements(cursor: &mut Cursor<'_>, schema: &Identifier) -> Parsed<Touches> {
    let mut touched = BTreeSet::new();
    while !cursor.is_at_end() {
        let element = element(cursor)?;
        for change in statement(&element)? {
            match touched_by(&change) {
                Touches::Nothing => {}
                Touches::Relations(names) | Touches::Grows(names) => {
                    touched.extend(names.into_iter().map(|name| within(name, schema)));
                }
                Touches::Anything => return Ok(Touches::Anything),
            }
        }
    }
    Ok(Touches::Relations(touched))
}

/// The tokens up to the next CREATE or GRANT.
fn element<'a>(cursor: &mut Cursor<'a>) -> Parsed<Cursor<'a>> {
    let rest = cursor.rest();
    if !cursor.at("CREATE") && !cursor.at("GRANT") {
        return Err(cursor.unexpected("CREATE or GRANT"));
    }
    let start = cursor.position();
    cursor.advance();
    while !cursor.is_at_end() && !cursor.at("CREATE") && !cursor.at("GRANT") {
        if cursor.at_symbol("(") {
            cursor.parenthesised()?;
        } else {
            cursor.advance();
        }
    }
    let length = cursor.position() - start;
    Ok(cursor.within(rest.get(..length).unwrap_or_default()))
}

fn within(name: WrittenName, schema: &Identifier) -> WrittenName {
    WrittenName {
        schema: name.schema.or_else(|| Some(schema.clone())),
        name: name.name,
    }
}

/// After `ALTER SCHEMA`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.identifier()?;
    if cursor.eat("OWNER TO") {
        cursor.identifier()?;
        cursor.expect_end()?;
        return without_effect("ALTER SCHEMA", Vec::new());
    }
    cursor.expect("RENAME TO")?;
    cursor.identifier()?;
    cursor.expect_end()?;
    opaque(cursor, "ALTER SCHEMA RENAME", Touches::Anything)
}
