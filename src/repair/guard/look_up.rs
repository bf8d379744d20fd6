//! Questions to the catalog, as boolean expressions of SQL.

use crate::repair::quote::{name_literal, regclass};
use crate::schema::{Identifier, WrittenName};

pub(super) fn column_exists(table: &WrittenName, column: &Identifier) -> String {
    column_is(table, column, "NOT attisdropped")
}

/// Whether the table has the column and `condition` holds of its row in `pg_attribute`.
pub(super) fn column_is(table: &WrittenName, column: &Identifier, condition: &str) -> String {
    format!(
        "EXISTS (SELECT FROM pg_attribute WHERE attrelid = {} AND attname = {} AND {condition})",
        regclass(table),
        name_literal(column)
    )
}

pub(super) fn relation_exists(relation: &WrittenName) -> String {
    format!("({} IS NOT NULL)", regclass(relation))
}

/// The columns that an array of attribute numbers means, by name and in order.
pub(super) fn names_of(numbers: &str, table: &str) -> String {
    format!(
        "ARRAY(SELECT a.attname::text FROM unnest({numbers}) WITH ORDINALITY n(attnum, place) \
         JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = n.attnum ORDER BY n.place)"
    )
}

/// PL/pgSQL that makes an empty table of the same columns, runs a statement on it, reads what the server made of it,
/// and undoes all of that: variables keep their values when a block is rolled back.
///
/// What the statement is refused with (class 42: a column that is not there, no right to make temporary tables)
/// leaves the variable NULL.
pub(super) fn asked_of_an_empty_table(table: &WrittenName, asked: &str, read: &str) -> String {
    let table = crate::repair::quote::quoted(table);
    format!(
        "BEGIN\n  CREATE TEMPORARY TABLE hhschema_probe (LIKE {table});\n{};\n{}\n  \
         RAISE SQLSTATE 'HH000';\nEXCEPTION\n  WHEN SQLSTATE 'HH000' OR syntax_error_or_access_rule_violation THEN NULL;\nEND;",
        crate::repair::quote::indented(asked),
        crate::repair::quote::indented(read)
    )
}
