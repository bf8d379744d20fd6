//! How a constraint is told from the others of its table.

use super::{GuardError, Guarded, Situation};
use crate::postgres::render;
use crate::repair::guard::look_up::{asked_of_an_empty_table, names_of};
use crate::repair::quote::{block, name_literal, regclass, text_array};
use crate::schema::{
    Change, Constraint, ConstraintDefinition, ConstraintKind, Deferral, ForeignKey, Identifier,
    Key, NullsDistinct, ReferentialAction, RelationName, Schema, Validity, WrittenName,
};

/// A condition on `pg_constraint k`.
pub(super) struct Structure {
    pub condition: String,
    /// Statements of PL/pgSQL that find out how this server writes the definition: into `wanted`.
    finding_out: Option<String>,
}

impl Structure {
    /// By its name alone, where nothing else is known of it.
    pub(super) fn named(name: &Identifier) -> Self {
        Self {
            condition: format!("k.conname = {}", name_literal(name)),
            finding_out: None,
        }
    }

    /// Of a constraint that the schema knows.
    pub(super) fn known(
        table: &WrittenName,
        name: &Identifier,
        situation: Situation<'_>,
    ) -> Result<Option<Self>, GuardError> {
        let relation = situation.before.resolve(table);
        let Some(constraint) = situation.before.constraint(&relation, name).found() else {
            return Ok(None);
        };
        let written = as_written(name, constraint, table, situation.before);
        Self::of(table, &written).map(Some)
    }

    pub(super) fn of(
        table: &WrittenName,
        constraint: &ConstraintDefinition,
    ) -> Result<Self, GuardError> {
        let deferral = constraint.deferral;
        let condition = match &constraint.kind {
            ConstraintKind::PrimaryKey(key) => of_unique("p", key, deferral),
            ConstraintKind::Unique(key) => of_unique("u", key, deferral),
            ConstraintKind::ForeignKey(key) => {
                format!("{}\n  AND {}", of_foreign_key(key), of_deferral(deferral))
            }
            ConstraintKind::Check(_) => return as_server_writes(table, constraint, CHECK),
            ConstraintKind::Exclusion(_) => return as_server_writes(table, constraint, EXCLUSION),
        };
        Ok(Self {
            condition,
            finding_out: None,
        })
    }

    pub(super) fn guarded(&self, body: &str, done: String) -> Guarded {
        self.with_variables("target name;", body, done)
    }

    pub(super) fn with_variables(&self, variables: &str, body: &str, done: String) -> Guarded {
        match &self.finding_out {
            None => Guarded::one(block(variables, body)).done_when(done),
            Some(finding_out) => Guarded::one(block(
                &format!("{variables}\nwanted text;\nagain text;"),
                &format!("{finding_out}\n{body}"),
            )),
        }
    }
}

/// Whether a constraint that the schema has is like the written one but for its name and its validity.
pub(super) fn is_same(
    wanted: &ConstraintDefinition,
    name: &Identifier,
    known: &Constraint,
    (table, before): (&WrittenName, &Schema),
) -> bool {
    let known = as_written(name, known, table, before);
    let kinds = match (&wanted.kind, &known.kind) {
        (ConstraintKind::ForeignKey(one), ConstraintKind::ForeignKey(other)) => {
            let resolved = |key: &ForeignKey<WrittenName>| ForeignKey {
                references: WrittenName::from(&before.resolve(&key.references)),
                ..key.clone()
            };
            resolved(one) == resolved(other)
        }
        (one, other) => one == other,
    };
    kinds && wanted.deferral == known.deferral
}

fn as_written(
    name: &Identifier,
    constraint: &Constraint,
    table: &WrittenName,
    before: &Schema,
) -> ConstraintDefinition {
    let is_apart =
        |name: &RelationName| table.schema.is_some() || before.resolve(table).schema != name.schema;
    let kind = constraint.kind.written(|name| WrittenName {
        schema: is_apart(name).then(|| name.schema.clone()),
        name: name.name.clone(),
    });
    ConstraintDefinition {
        name: Some(name.clone()),
        kind,
        validity: constraint.validity,
        deferral: constraint.deferral,
    }
}

/// A primary key (`p`) or unique constraint (`u`).
pub(super) fn of_unique(kind: &str, key: &Key, deferral: Deferral) -> String {
    format!("{}\n  AND {}", of_key(kind, key), of_deferral(deferral))
}

fn of_key(kind: &str, key: &Key) -> String {
    let columns: Vec<&str> = key.columns.iter().map(Identifier::as_str).collect();
    let included: Vec<&str> = key.include.iter().map(Identifier::as_str).collect();
    let all = [columns, included].concat();
    let nulls = match key.nulls {
        NullsDistinct::Distinct => "false",
        NullsDistinct::NotDistinct => "true",
    };
    // The column of PostgreSQL 15 is asked for by name, so that the question can be put to 13 and 14, too.
    format!(
        "k.contype = '{kind}'\n  AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = k.conindid AND i.indnkeyatts = {}\n    \
         AND {} = {}\n    AND coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = '{nulls}')",
        key.columns.len(),
        names_of("i.indkey", "i.indrelid"),
        text_array(&all)
    )
}

fn of_foreign_key(key: &ForeignKey<WrittenName>) -> String {
    let names = |columns: &[Identifier]| {
        let names: Vec<&str> = columns.iter().map(Identifier::as_str).collect();
        text_array(&names)
    };
    let letter = |action: ReferentialAction| match action {
        ReferentialAction::NoAction => 'a',
        ReferentialAction::Restrict => 'r',
        ReferentialAction::Cascade => 'c',
        ReferentialAction::SetNull => 'n',
        ReferentialAction::SetDefault => 'd',
    };
    let referenced = if key.referenced_columns.is_empty() {
        String::new()
    } else {
        format!(
            "\n  AND {} = {}",
            names_of("k.confkey", "k.confrelid"),
            names(&key.referenced_columns)
        )
    };
    format!(
        "k.contype = 'f' AND k.confrelid = {} AND k.confdeltype = '{}' AND k.confupdtype = '{}'\n  AND {} = {}{referenced}",
        regclass(&key.references),
        letter(key.on_delete),
        letter(key.on_update),
        names_of("k.conkey", "k.conrelid"),
        names(&key.columns)
    )
}

fn of_deferral(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::NotDeferrable => "NOT k.condeferrable",
        Deferral::InitiallyImmediate => "k.condeferrable AND NOT k.condeferred",
        Deferral::InitiallyDeferred => "k.condeferred",
    }
}

const CHECK: (&str, &str) = ("c", "pg_get_expr(k.conbin, k.conrelid)");
const EXCLUSION: (&str, &str) = ("x", "pg_get_constraintdef(k.oid)");

/// The server alone knows how it writes an expression: it is asked by means of an empty table of the same columns,
/// which is undone at once. Without the right to make one, the name decides.
fn as_server_writes(
    table: &WrittenName,
    constraint: &ConstraintDefinition,
    (kind, definition): (&str, &str),
) -> Result<Structure, GuardError> {
    let probe = WrittenName::bare(Identifier::quoted("hhschema_probe"));
    let asked = render(&Change::AddConstraint {
        table: WrittenName::in_schema(Identifier::quoted("pg_temp"), probe.name.clone()),
        constraint: ConstraintDefinition {
            name: Some(probe.name.clone()),
            validity: Validity::Valid,
            ..constraint.clone()
        },
    })?;
    let read = format!(
        "SELECT {definition} INTO wanted FROM pg_constraint k\n\
         WHERE k.conrelid = 'pg_temp.hhschema_probe'::regclass AND k.conname = 'hhschema_probe';"
    );
    let (named, read) = match &constraint.name {
        Some(name) => (
            format!("k.conname = {}", name_literal(name)),
            format!("{read}\n{}", written_again(table, name, (kind, definition))),
        ),
        None => ("false".to_owned(), read),
    };
    Ok(Structure {
        condition: format!(
            "k.contype = '{kind}' AND CASE WHEN wanted IS NULL THEN {named} \
             ELSE {definition} = wanted OR ({named} AND again = wanted) END"
        ),
        finding_out: Some(asked_of_an_empty_table(table, &asked, &read)),
    })
}

/// The server does not read everything that it writes as the same thing (of `IN` on a varchar it writes casts of an
/// array, of which it then writes casts of the values): what stands under the name is put to it once more, into `again`.
fn written_again(
    table: &WrittenName,
    name: &Identifier,
    (kind, definition): (&str, &str),
) -> String {
    format!(
        "SELECT pg_get_constraintdef(k.oid) INTO again FROM pg_constraint k\n\
         WHERE k.conrelid = {} AND k.conname = {} AND k.contype = '{kind}';\n\
         IF again IS NOT NULL THEN\n  \
         EXECUTE 'ALTER TABLE pg_temp.hhschema_probe ADD CONSTRAINT hhschema_again ' || again;\n  \
         SELECT {definition} INTO again FROM pg_constraint k\n  \
         WHERE k.conrelid = 'pg_temp.hhschema_probe'::regclass AND k.conname = 'hhschema_again';\n\
         END IF;",
        regclass(table),
        name_literal(name)
    )
}
