//! Data types as a statement writes them, to the spelling of `format_type`.

use std::sync::Arc;

use super::cursor::{Cursor, Parsed, identifier};
use super::lexer::{Kind, lex};
use crate::schema::{SqlType, TypeName, Why};

/// A type in a column definition: the pseudo-types `serial` and the like are types with a supply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ColumnType {
    Plain(SqlType),
    Serial(SqlType),
}

/// Reads a type from text, such as Django's `db_type` or the server's `format_type` gives.
pub fn data_type(text: &str) -> SqlType {
    let lexed = lex(text, 0);
    let generic = |_| Why::new("the type is not known");
    let mut cursor = Cursor::new(text, &lexed.lexemes, &generic);
    let parsed = parse_type(&mut cursor).and_then(|found| cursor.expect_end().map(|()| found));
    match (parsed, lexed.broken) {
        (Ok(found), None) => found,
        (Err(why), _) => SqlType::Unknown(why),
        (Ok(_), Some((_, message))) => SqlType::Unknown(Why::new(message)),
    }
}

/// A type of a column definition, pseudo-types included (`transformColumnDefinition` in
/// `parse_utilcmd.c` names them).
pub(super) fn column_type(cursor: &mut Cursor<'_>) -> Parsed<ColumnType> {
    let serial = cursor
        .peek()
        .filter(|next| next.kind == Kind::Word)
        .and_then(|next| match next.text.to_ascii_lowercase().as_str() {
            "smallserial" | "serial2" => Some("smallint"),
            "serial" | "serial4" => Some("integer"),
            "bigserial" | "serial8" => Some("bigint"),
            _ => None,
        });
    if let Some(name) = serial {
        cursor.advance();
        return Ok(ColumnType::Serial(SqlType::Known(TypeName::builtin(name))));
    }
    parse_type(cursor).map(ColumnType::Plain)
}

pub(super) fn parse_type(cursor: &mut Cursor<'_>) -> Parsed<SqlType> {
    cursor.eat("SETOF");
    if let Some(why) = cursor.eat_hole() {
        skip_hole_suffix(cursor);
        return Ok(SqlType::Unknown(why));
    }
    let mut found = base_type(cursor)?;
    found.dimensions = dimensions(cursor)?;
    Ok(SqlType::Known(found))
}

/// What may follow a type that is not known, such as the brackets of an array.
fn skip_hole_suffix(cursor: &mut Cursor<'_>) {
    if cursor.at_symbol("(") {
        // An unclosed parenthesis is found by whoever reads on.
        let _ = cursor.parenthesised();
    }
    let _ = dimensions(cursor);
}

fn base_type(cursor: &mut Cursor<'_>) -> Parsed<TypeName> {
    let Some(first) = cursor.peek().filter(|next| next.is_name()) else {
        return Err(cursor.unexpected("a data type"));
    };
    let qualified = cursor.peek_at(1).is_some_and(|next| next.is_symbol("."));
    if first.kind == Kind::Delimited || qualified {
        return named_type(cursor);
    }
    cursor.advance();
    let word = first.text.to_ascii_lowercase();
    match word.as_str() {
        "double" => {
            cursor.expect("PRECISION")?;
            Ok(TypeName::builtin("double precision"))
        }
        "national" => {
            if !cursor.eat("CHARACTER") {
                cursor.expect("CHAR")?;
            }
            character(cursor)
        }
        "character" | "char" | "nchar" => character(cursor),
        "varchar" => modified(cursor, "character varying"),
        "bit" => {
            let name = if cursor.eat("VARYING") {
                "bit varying"
            } else {
                "bit"
            };
            let mut found = modified(cursor, name)?;
            if name == "bit" && found.modifiers.is_empty() {
                found.modifiers.push("1".into());
            }
            Ok(found)
        }
        "time" | "timestamp" => zoned(cursor, &word),
        "timetz" => modified(cursor, "time with time zone"),
        "timestamptz" => modified(cursor, "timestamp with time zone"),
        "interval" => interval(cursor),
        "decimal" | "dec" | "numeric" => numeric(cursor),
        "float" => float(cursor),
        _ => modified(cursor, canonical_name(&word).unwrap_or(&word)),
    }
}

/// The spelling of `format_type` for the internal and short names of built-in types.
fn canonical_name(word: &str) -> Option<&'static str> {
    Some(match word {
        "int" | "int4" | "integer" => "integer",
        "int2" | "smallint" => "smallint",
        "int8" | "bigint" => "bigint",
        "float4" | "real" => "real",
        "float8" => "double precision",
        "bool" | "boolean" => "boolean",
        "varbit" => "bit varying",
        _ => return None,
    })
}

/// A quoted or qualified name: the short names are the names of `pg_catalog` still.
fn named_type(cursor: &mut Cursor<'_>) -> Parsed<TypeName> {
    let written = cursor.name()?;
    let in_catalog = written
        .schema
        .as_ref()
        .is_none_or(|schema| schema.as_str() == "pg_catalog");
    let schema = written.schema.filter(|_| !in_catalog);
    let name = written.name.as_str();
    let known = match name {
        "varchar" => Some("character varying"),
        "timestamptz" => Some("timestamp with time zone"),
        "timestamp" => Some("timestamp without time zone"),
        "timetz" => Some("time with time zone"),
        "time" => Some("time without time zone"),
        "char" => Some("\"char\""),
        name => canonical_name(name).filter(|known| name != "int" && !known.is_empty()),
    };
    let spelled = known.filter(|_| in_catalog).unwrap_or(name);
    let mut found = modified(cursor, spelled)?;
    found.schema = schema;
    Ok(found)
}

/// `char`, `char(10)`, `char varying(10)`: `char` alone is one character long.
fn character(cursor: &mut Cursor<'_>) -> Parsed<TypeName> {
    if cursor.eat("VARYING") {
        return modified(cursor, "character varying");
    }
    let mut found = modified(cursor, "character")?;
    if found.modifiers.is_empty() {
        found.modifiers.push("1".into());
    }
    Ok(found)
}

fn zoned(cursor: &mut Cursor<'_>, word: &str) -> Parsed<TypeName> {
    let modifiers = modifiers(cursor)?;
    let zone = if cursor.eat("WITH TIME ZONE") {
        "with time zone"
    } else {
        cursor.eat("WITHOUT TIME ZONE");
        "without time zone"
    };
    Ok(TypeName {
        schema: None,
        name: format!("{word} {zone}").into(),
        modifiers,
        dimensions: 0,
    })
}

/// The field of an interval that comes next.
pub(super) fn interval_field(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    const FIELDS: [&str; 6] = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];
    FIELDS.into_iter().find(|field| cursor.eat(field))
}

/// `interval day to second (3)`: the fields belong to the name, as `format_type` prints them.
fn interval(cursor: &mut Cursor<'_>) -> Parsed<TypeName> {
    let mut name = "interval".to_owned();
    let field = interval_field;
    if let Some(from) = field(cursor) {
        name = format!("{name} {}", from.to_ascii_lowercase());
        if cursor.eat("TO") {
            let to = field(cursor).ok_or_else(|| cursor.unexpected("a field of an interval"))?;
            name = format!("{name} to {}", to.to_ascii_lowercase());
        }
    }
    modified(cursor, &name)
}

/// `numeric(10)` has a scale of 0, as `format_type` prints it.
fn numeric(cursor: &mut Cursor<'_>) -> Parsed<TypeName> {
    let mut found = modified(cursor, "numeric")?;
    if found.modifiers.len() == 1 {
        found.modifiers.push("0".into());
    }
    Ok(found)
}

/// `float(n)` is `real` up to 24 bits of precision (documentation section 8.1.3).
fn float(cursor: &mut Cursor<'_>) -> Parsed<TypeName> {
    let precision = modifiers(cursor)?;
    let bits = precision.first().and_then(|bits| bits.parse::<u8>().ok());
    Ok(TypeName::builtin(match bits {
        Some(..=24) => "real",
        _ => "double precision",
    }))
}

fn modified(cursor: &mut Cursor<'_>, name: &str) -> Parsed<TypeName> {
    Ok(TypeName {
        schema: None,
        name: name.into(),
        modifiers: modifiers(cursor)?,
        dimensions: 0,
    })
}

/// `(10, 2)`, `(Point, 4326)`.
fn modifiers(cursor: &mut Cursor<'_>) -> Parsed<Vec<Arc<str>>> {
    if !cursor.eat_symbol("(") {
        return Ok(Vec::new());
    }
    let found = cursor.list(|cursor| {
        let sign = if cursor.eat_symbol("-") { "-" } else { "" };
        let Some(next) = cursor.advance() else {
            return Err(cursor.unexpected("a type modifier"));
        };
        match next.kind {
            Kind::Number | Kind::String => Ok(format!("{sign}{}", next.text).into()),
            Kind::Word => Ok(identifier(next).as_str().into()),
            Kind::Delimited | Kind::Parameter | Kind::Symbol => {
                Err(Why::new(format!("`{}` is no type modifier", next.text)))
            }
        }
    })?;
    cursor.expect_symbol(")")?;
    Ok(found)
}

/// `[]`, `[3][3]`, `ARRAY`, `ARRAY[4]`.
fn dimensions(cursor: &mut Cursor<'_>) -> Parsed<u8> {
    let worded = cursor.eat("ARRAY");
    let mut count = 0_u8;
    while cursor.eat_symbol("[") {
        if cursor.peek().is_some_and(|next| next.kind == Kind::Number) {
            cursor.advance();
        }
        cursor.expect_symbol("]")?;
        count = count.saturating_add(1);
    }
    Ok(count.max(u8::from(worded)))
}

/// A built-in type name, for casts in expressions.
pub(super) fn is_textual(found: &SqlType) -> bool {
    match found {
        SqlType::Known(name) => {
            name.schema.is_none()
                && name.modifiers.is_empty()
                && matches!(&*name.name, "text" | "character varying" | "character")
        }
        SqlType::Unknown(_) => false,
    }
}

/// Whether a type holds numbers, so that a quoted constant of it is a number.
pub(super) fn is_numeric(found: &SqlType) -> bool {
    match found {
        SqlType::Known(name) => {
            name.schema.is_none()
                && name.dimensions == 0
                && matches!(
                    &*name.name,
                    "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision"
                )
        }
        SqlType::Unknown(_) => false,
    }
}
