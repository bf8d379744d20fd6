//! The statement that fails: an INSERT of a model's fields, as the ORM sends it.

use std::collections::BTreeSet;

use crate::database::{DatabaseError, Refusal, Session, StatementError};
use crate::schema::{
    Column, ConstraintKind, Identifier, RelationName, Schema, SqlType, Supply, TypeName,
};

use super::forward::lost;
use super::{Judgement, Verdict};

/// A row of a model, with the columns that it is refused for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insert {
    /// `Order`.
    pub model: String,
    pub table: RelationName,
    /// Those of the model's fields: the ORM names them and no others.
    pub columns: Vec<Given>,
    /// Columns that are NOT NULL, that nothing fills, and that the repair is to fill.
    pub watched: Vec<Identifier>,
}

/// A column that the ORM gives a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub column: Identifier,
    /// A literal of SQL that the field allows, where it does not allow everything that the type does.
    pub value: Option<String>,
}

/// How an INSERT went.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    /// Columns that it was refused for with SQLSTATE 23502, until they were given a value.
    refused: BTreeSet<Identifier>,
    /// What refused it once no column was NULL that must not be.
    other: Option<Box<Refusal>>,
}

const NOT_NULL_VIOLATION: &str = "23502";

/// Tries each INSERT, and leaves nothing of it.
pub(super) fn tried(
    session: &mut Session,
    inserts: &[Insert],
    schema: &Schema,
) -> Result<Vec<Tried>, DatabaseError> {
    inserts
        .iter()
        .map(|insert| insert.tried(session, schema))
        .collect()
}

impl Insert {
    /// The server names one column at a time: each that it names gets a value, until all of them are known.
    fn tried(&self, session: &mut Session, schema: &Schema) -> Result<Tried, DatabaseError> {
        let mut refused = BTreeSet::new();
        let rounds = schema.columns_of(&self.table).count() + 1;
        let mut other = None;
        for _ in 0..rounds {
            other = attempt(session, &self.sql(schema, &refused))?;
            let column = other.as_ref().and_then(|refusal| self.named(refusal));
            match column {
                Some(column) if refused.insert(column.clone()) => {}
                _ => break,
            }
        }
        Ok(Tried { refused, other })
    }

    /// The column of this table that was refused for being NULL.
    fn named(&self, refusal: &Refusal) -> Option<Identifier> {
        let is_own = refusal.sqlstate == NOT_NULL_VIOLATION
            && refusal.table.as_deref() == Some(self.table.name.as_str());
        let column = refusal.column.as_deref().filter(|_| is_own)?;
        Some(Identifier::quoted(column))
    }

    fn sql(&self, schema: &Schema, also: &BTreeSet<Identifier>) -> String {
        let mut columns = Vec::new();
        let mut values = Vec::new();
        for column in schema.columns_of(&self.table) {
            let is_generated = matches!(column.supply, Supply::Generated(_));
            let given = self
                .columns
                .iter()
                .find(|given| given.column == column.name);
            let must_stand = also.contains(&column.name);
            let is_given = given.is_some() && !self.watched.contains(&column.name) || must_stand;
            if is_given && !is_generated {
                let own = given.and_then(|given| given.value.clone());
                let value = own.unwrap_or_else(|| self.value(column, schema, must_stand));
                columns.push(column.name.to_sql());
                values.push(value);
            }
        }
        let table = format!(
            "{}.{}",
            self.table.schema.to_sql(),
            self.table.name.to_sql()
        );
        if columns.is_empty() {
            return format!("INSERT INTO {table} DEFAULT VALUES");
        }
        format!(
            "INSERT INTO {table} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
            columns.join(", "),
            values.join(", ")
        )
    }

    /// A value that the type takes. The ORM leaves numbering to the server; here a number is given, so that no
    /// sequence moves.
    fn value(&self, column: &Column, schema: &Schema, must_stand: bool) -> String {
        if let Some(parent) = self.parent(column, schema).filter(|_| !must_stand) {
            return parent;
        }
        let SqlType::Known(data_type) = &column.data_type else {
            return "NULL".to_owned();
        };
        let numbers_itself = match &column.supply {
            Supply::Identity(_) | Supply::Serial => true,
            Supply::Default(expr) => expr.sequence().is_some(),
            Supply::Nothing | Supply::Generated(_) => false,
        };
        if !column.is_not_null() && !must_stand {
            return "NULL".to_owned();
        }
        value_of(data_type, numbers_itself).to_owned()
    }

    /// Some row of the table that the column refers to.
    fn parent(&self, column: &Column, schema: &Schema) -> Option<String> {
        let table = schema.table_named(&self.table).found()?;
        table.constraints.iter().find_map(|(_, constraint)| {
            let ConstraintKind::ForeignKey(key) = &constraint.value.kind else {
                return None;
            };
            let ([own], [referenced]) = (key.columns.as_slice(), key.referenced_columns.as_slice())
            else {
                return None;
            };
            (*own == column.name).then(|| {
                format!(
                    "(SELECT {} FROM {}.{} LIMIT 1)",
                    referenced.to_sql(),
                    key.references.schema.to_sql(),
                    key.references.name.to_sql()
                )
            })
        })
    }
}

/// A value of a type, as a literal that the server reads as one; `NULL` for types that only their makers know.
fn value_of(data_type: &TypeName, numbers_itself: bool) -> &'static str {
    if data_type.dimensions > 0 {
        return "'{}'";
    }
    match &*data_type.name {
        "smallint" | "integer" | "bigint" if numbers_itself => "-1",
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => "1",
        "boolean" => "false",
        "character varying" | "character" | "text" | "citext" | "bytea" | "hstore" | "tsvector" => {
            "''"
        }
        "json" | "jsonb" => "'{}'",
        "uuid" => "gen_random_uuid()",
        "date" | "timestamp with time zone" | "timestamp without time zone" => "now()",
        "time with time zone" | "time without time zone" => "'00:00'",
        "interval" => "'0'",
        "inet" | "cidr" => "'127.0.0.1'",
        "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" => "'empty'",
        _ => "NULL",
    }
}

fn attempt(session: &mut Session, sql: &str) -> Result<Option<Box<Refusal>>, DatabaseError> {
    let place = Identifier::quoted("hhschema_insert");
    session.savepoint(&place).map_err(lost)?;
    let inserted = session
        .execute(sql)
        .and_then(|_| session.execute("SET CONSTRAINTS ALL IMMEDIATE"));
    session.rollback_to(&place).map_err(lost)?;
    session.release(&place).map_err(lost)?;
    match inserted {
        Ok(_) => Ok(None),
        Err(StatementError::Refused(refusal)) => Ok(Some(refusal)),
        Err(error) => Err(lost(error)),
    }
}

/// Judges each watched column by how the INSERT went before and after the plan.
pub(super) fn judge(
    inserts: &[Insert],
    (before, after): (&[Tried], &[Tried]),
    schema: &Schema,
    verdict: &mut Verdict,
) {
    for (insert, (before, after)) in inserts.iter().zip(before.iter().zip(after)) {
        for column in &insert.watched {
            let what = format!("INSERT of `{}`: {}.{column}", insert.model, insert.table);
            let judgement = insert.judgement(column, (before, after), schema);
            verdict.add(what, judgement);
        }
    }
}

impl Insert {
    fn judgement(
        &self,
        column: &Identifier,
        (before, after): (&Tried, &Tried),
        schema: &Schema,
    ) -> Judgement {
        if after.refused.contains(column) {
            return Judgement::Failed("still refused (SQLSTATE 23502)".to_owned());
        }
        if let Some(refusal) = &after.other
            && self.is_about(refusal, column, schema)
        {
            return Judgement::Failed(format!("the new value is refused: {refusal}"));
        }
        if !before.refused.contains(column) {
            let why = match &before.other {
                Some(refusal) => format!("it fails before for another reason: {refusal}"),
                None => "it works before, too".to_owned(),
            };
            return Judgement::NotVerified(why);
        }
        match &after.other {
            None if after.refused.is_empty() => {
                Judgement::Verified("refused before (23502), works after".to_owned())
            }
            None => Judgement::Verified("refused before (23502), not after".to_owned()),
            Some(refusal) if comes_after_not_null(&refusal.sqlstate) => {
                Judgement::Verified(format!(
                    "refused before (23502), not after; the made-up row fails for another reason: {refusal}"
                ))
            }
            Some(refusal) => Judgement::NotVerified(format!("it cannot be tried: {refusal}")),
        }
    }

    /// Whether a refusal is for a constraint on the column.
    fn is_about(&self, refusal: &Refusal, column: &Identifier, schema: &Schema) -> bool {
        if refusal.column.as_deref() == Some(column.as_str()) {
            return true;
        }
        let Some(name) = &refusal.constraint else {
            return false;
        };
        let constraint = schema.constraint(&self.table, &Identifier::quoted(name));
        constraint
            .found()
            .is_some_and(|constraint| constraint.kind.columns().contains(&column))
    }
}

/// NOT NULL is checked before CHECKs, keys and unique indexes (`ExecConstraints`, then `ExecInsertIndexTuples`), but after
/// the values were read.
fn comes_after_not_null(sqlstate: &str) -> bool {
    sqlstate.starts_with("23") && sqlstate != NOT_NULL_VIOLATION
}
