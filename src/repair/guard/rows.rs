//! Statements on rows: filling NULLs, and counting what a later step would stumble over.

use super::{GuardError, Guarded, Statement};
use crate::postgres::RenderError;
use crate::repair::quote::{block, literal, quoted};
use crate::repair::{Probe, Record, RecordState};
use crate::schema::{Expr, Identifier, WrittenName};

/// Rows that are written before each COMMIT.
const BATCH: u32 = 10_000;

/// How many different values of violators are shown.
const SHOWN: u32 = 10;

/// Gives the rows that hold NULL a value, some thousands at a time, each batch in its own transaction, so that no
/// row stays locked for long.
pub(in crate::repair) fn fill(
    table: &WrittenName,
    column: &Identifier,
    value: &Expr,
) -> Result<Guarded, GuardError> {
    let value = match value {
        Expr::Known(known) => known.text.to_string(),
        Expr::Unknown(why) => return Err(RenderError::Unknown(why.clone()).into()),
    };
    let (table, column) = (quoted(table), column.to_sql());
    // A value that is NULL would never come to an end.
    let empty = format!("{column} IS NULL AND ({value}\n) IS NOT NULL");
    let update = format!("UPDATE {table} SET {column} = {value}\nWHERE {empty}");
    let body = format!(
        "LOOP\n  {update}\n  AND ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {empty} LIMIT {BATCH}));\n  \
         EXIT WHEN NOT FOUND;\n  COMMIT;\nEND LOOP;"
    );
    Ok(Guarded::many(vec![Statement::outside(
        block("", &body),
        update,
    )]))
}

/// Stops with the number of violators and their values when there are any.
pub(in crate::repair) fn probe(probe: &Probe, table: &WrittenName) -> Guarded {
    let found = format!(
        "SELECT count(*) FROM {} WHERE (\n{}\n)",
        quoted(table),
        probe.violators
    );
    let shown = shown_values(probe, table);
    let message = literal(&format!(
        "%s of the rows of {} are in the way: {}%s",
        probe.table.to_string().replace('%', "%%"),
        probe.what.replace('%', "%%")
    ));
    let body = format!(
        "violators := ({found});\nIF violators > 0 THEN\n  {shown}RAISE EXCEPTION USING ERRCODE = 'check_violation',\n    \
         MESSAGE = format({message}, violators, examples),\n    \
         HINT = 'Give these rows values that fit, then run this again.';\nEND IF;"
    );
    Guarded::one(block("violators bigint;\nexamples text := '';", &body))
}

/// Collects the values that the violators have, the most frequent first.
fn shown_values(probe: &Probe, table: &WrittenName) -> String {
    if probe.shown.is_empty() {
        return String::new();
    }
    let values: Vec<String> = probe
        .shown
        .iter()
        .map(|column| format!("coalesce({}::text, 'NULL')", column.to_sql()))
        .collect();
    format!(
        "examples := (SELECT ': ' || string_agg(format('%s (%s)', shown, times), ', ' ORDER BY times DESC, shown) FROM (\n    \
         SELECT concat_ws(', ', {}) AS shown, count(*) AS times FROM {} WHERE (\n{}\n    ) \
         GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {SHOWN}) AS held);\n  ",
        values.join(", "),
        quoted(table),
        probe.violators
    )
}

/// A row of Django's recorder, put in where it is not yet, or taken out.
pub(in crate::repair) fn record(record: &Record, table: &WrittenName) -> Guarded {
    let table = quoted(table);
    let (app, name) = (
        literal(&record.migration.app_label),
        literal(&record.migration.name),
    );
    let there = format!("EXISTS (SELECT FROM {table} WHERE app = {app} AND name = {name})");
    match record.state {
        RecordState::Applied => Guarded::one(format!(
            "INSERT INTO {table} (app, name, applied) SELECT {app}, {name}, now() WHERE NOT {there}"
        ))
        .done_when(there),
        RecordState::NotApplied => Guarded::one(format!(
            "DELETE FROM {table} WHERE app = {app} AND name = {name}"
        ))
        .done_when(format!("NOT {there}")),
    }
}
