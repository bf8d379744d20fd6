//! Constraints, found by their table and structure.

use super::look_up::{column_is, names_of};
use super::{GuardError, Guarded, Situation, plain};
use crate::postgres::render;
use crate::repair::quote::{block, indented, literal, name_literal, quoted, regclass, text_array};
use crate::schema::{
    Change, Constraint, ConstraintDefinition, ConstraintKind, Deferral, DropBehavior, ForeignKey,
    Identifier, IfExists, Key, KeyKind, KeyPart, NullsDistinct, ReferentialAction, Validity,
    WrittenName,
};

/// How a constraint is told from the others of its table: a condition on `pg_constraint k`.
struct Structure {
    condition: String,
    /// Statements of PL/pgSQL that find out how this server writes the definition: into `wanted`.
    finding_out: Option<String>,
}

pub(super) fn guard(change: &Change, situation: Situation<'_>) -> Result<Guarded, GuardError> {
    match change {
        Change::AddConstraint { table, constraint } => add(change, table, constraint, situation),
        Change::AddConstraintUsingIndex { .. } => using_index(change, situation),
        Change::DropConstraint {
            table,
            constraint,
            behavior,
            ..
        } => drop(table, constraint, *behavior, situation),
        Change::RenameConstraint {
            table,
            constraint,
            to,
        } => rename(table, constraint, to, situation),
        Change::ValidateConstraint { table, constraint } => validate(table, constraint, situation),
        Change::AlterConstraint {
            table, constraint, ..
        } if situation.goes => {
            let gone = format!(
                "NOT {}",
                exists(table, &format!("k.conname = {}", name_literal(constraint)))
            );
            Ok(Guarded::one(super::unless(&gone, &render(change)?)))
        }
        _ => plain(change),
    }
}

fn add(
    change: &Change,
    table: &WrittenName,
    constraint: &ConstraintDefinition,
    situation: Situation<'_>,
) -> Result<Guarded, GuardError> {
    let structure = of_definition(table, constraint)?;
    let mut there = exists(table, &structure.condition);
    if let Some(column) = situation.proves {
        let proven = column_is(table, column, "attnotnull");
        there = format!("({proven} OR {there})");
    }
    let mut body = format!(
        "IF NOT {there} THEN\n{};\nEND IF;",
        indented(&render(change)?)
    );
    let validated = matches!(
        constraint.kind,
        ConstraintKind::ForeignKey(_) | ConstraintKind::Check(_)
    );
    if validated && constraint.validity == Validity::Valid {
        body.push('\n');
        body.push_str(&validation(table, &structure.condition));
    }
    Ok(structure.guarded(&body, there))
}

fn using_index(change: &Change, situation: Situation<'_>) -> Result<Guarded, GuardError> {
    let Change::AddConstraintUsingIndex {
        table,
        index,
        key,
        deferral,
        ..
    } = change
    else {
        return plain(change);
    };
    let name = situation.before.resolve(table).sibling(index.clone());
    let Some(known) = situation.before.index_named(&name).found() else {
        return plain(change);
    };
    let columns: Vec<Identifier> = known
        .definition
        .keys
        .iter()
        .filter_map(|key| match &key.part {
            KeyPart::Column(name) => Some(name.clone()),
            KeyPart::Expression(_) => None,
        })
        .collect();
    let own = Key {
        columns,
        include: known.definition.include.clone(),
        nulls: NullsDistinct::Distinct,
    };
    let kind = match key {
        KeyKind::PrimaryKey => "p",
        KeyKind::Unique => "u",
    };
    let condition = format!("{} AND {}", of_key(kind, &own), of_deferral(*deferral));
    let there = exists(table, &condition);
    Ok(Guarded::one(super::unless(&there, &render(change)?)).done_when(there))
}

fn drop(
    table: &WrittenName,
    name: &Identifier,
    behavior: DropBehavior,
    situation: Situation<'_>,
) -> Result<Guarded, GuardError> {
    let skipping = Change::DropConstraint {
        table: table.clone(),
        constraint: name.clone(),
        if_exists: IfExists::Yes,
        behavior,
    };
    let Some(structure) = known(table, name, situation)? else {
        return plain(&skipping);
    };
    let there = exists(
        table,
        &format!(
            "k.conname = {} AND {}",
            name_literal(name),
            structure.condition
        ),
    );
    let body = format!(
        "IF {there} THEN\n{};\nEND IF;",
        indented(&render(&skipping)?)
    );
    Ok(structure.guarded(&body, format!("NOT {there}")))
}

fn rename(
    table: &WrittenName,
    from: &Identifier,
    to: &Identifier,
    situation: Situation<'_>,
) -> Result<Guarded, GuardError> {
    let named = |name: &Identifier| format!("k.conname = {}", name_literal(name));
    let structure = known(table, from, situation)?.unwrap_or(Structure {
        condition: named(from),
        finding_out: None,
    });
    let oid = regclass(table);
    let done = exists(table, &named(to));
    let missing = format!("there is no constraint to rename to {to} on {table}");
    let body = format!(
        "IF NOT {done} THEN\n  SELECT k.conname INTO target FROM pg_constraint k\n  WHERE k.conrelid = {oid} AND {}\n  \
         ORDER BY {} DESC, k.conname LIMIT 1;\n  IF target IS NULL THEN\n    {}\n  ELSE\n    \
         EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', {}, target, {});\n  END IF;\nEND IF;",
        structure.condition,
        named(from),
        situation.not_found(&missing),
        literal(&quoted(table)),
        name_literal(to)
    );
    Ok(structure.with_variables("target name;", &body, done))
}

fn validate(
    table: &WrittenName,
    name: &Identifier,
    situation: Situation<'_>,
) -> Result<Guarded, GuardError> {
    let structure = known(table, name, situation)?.unwrap_or_else(|| Structure {
        condition: format!("k.conname = {}", name_literal(name)),
        finding_out: None,
    });
    let valid = exists(
        table,
        &format!("k.convalidated AND {}", structure.condition),
    );
    let done = match situation.proves {
        Some(column) => format!("({} OR {valid})", column_is(table, column, "attnotnull")),
        None => valid,
    };
    let missing = format!("there is no constraint like {name} on {table}");
    let body = format!(
        "{}\nIF NOT {done} THEN\n  {}\nEND IF;",
        validation(table, &structure.condition),
        situation.not_found(&missing)
    );
    Ok(structure.guarded(&body, done))
}

/// Validates what matches and is not valid yet.
fn validation(table: &WrittenName, condition: &str) -> String {
    format!(
        "FOR target IN SELECT k.conname FROM pg_constraint k\n  WHERE k.conrelid = {} AND NOT k.convalidated AND {condition}\nLOOP\n  \
         EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', {}, target);\nEND LOOP;",
        regclass(table),
        literal(&quoted(table))
    )
}

fn exists(table: &WrittenName, condition: &str) -> String {
    format!(
        "EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = {} AND {condition})",
        regclass(table)
    )
}

impl Structure {
    fn guarded(&self, body: &str, done: String) -> Guarded {
        self.with_variables("target name;", body, done)
    }

    fn with_variables(&self, variables: &str, body: &str, done: String) -> Guarded {
        match &self.finding_out {
            None => Guarded::one(block(variables, body)).done_when(done),
            Some(finding_out) => Guarded::one(block(
                &format!("{variables}\nwanted text;\nagain text;"),
                &format!("{finding_out}\n{body}"),
            )),
        }
    }
}

/// The structure of a constraint that the schema knows.
fn known(
    table: &WrittenName,
    name: &Identifier,
    situation: Situation<'_>,
) -> Result<Option<Structure>, GuardError> {
    let relation = situation.before.resolve(table);
    let Some(constraint) = situation.before.constraint(&relation, name).found() else {
        return Ok(None);
    };
    of_definition(table, &as_written(name, constraint)).map(Some)
}

fn as_written(name: &Identifier, constraint: &Constraint) -> ConstraintDefinition {
    let kind = match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => ConstraintKind::PrimaryKey(key.clone()),
        ConstraintKind::Unique(key) => ConstraintKind::Unique(key.clone()),
        ConstraintKind::ForeignKey(key) => ConstraintKind::ForeignKey(ForeignKey {
            columns: key.columns.clone(),
            references: WrittenName::from(&key.references),
            referenced_columns: key.referenced_columns.clone(),
            on_delete: key.on_delete,
            on_update: key.on_update,
        }),
        ConstraintKind::Check(check) => ConstraintKind::Check(check.clone()),
        ConstraintKind::Exclusion(exclusion) => ConstraintKind::Exclusion(exclusion.clone()),
    };
    ConstraintDefinition {
        name: Some(name.clone()),
        kind,
        validity: constraint.validity,
        deferral: constraint.deferral,
    }
}

fn of_definition(
    table: &WrittenName,
    constraint: &ConstraintDefinition,
) -> Result<Structure, GuardError> {
    let deferral = of_deferral(constraint.deferral);
    let condition = match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => format!("{} AND {deferral}", of_key("p", key)),
        ConstraintKind::Unique(key) => format!("{} AND {deferral}", of_key("u", key)),
        ConstraintKind::ForeignKey(key) => format!("{} AND {deferral}", of_foreign_key(key)),
        ConstraintKind::Check(_) => return as_server_writes(table, constraint, CHECK),
        ConstraintKind::Exclusion(_) => return as_server_writes(table, constraint, EXCLUSION),
    };
    Ok(Structure {
        condition,
        finding_out: None,
    })
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
        "k.contype = '{kind}' AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = k.conindid AND i.indnkeyatts = {} \
         AND {} = {} AND coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = '{nulls}')",
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
    let mut condition = format!(
        "k.contype = 'f' AND k.confrelid = {} AND {} = {} AND k.confdeltype = '{}' AND k.confupdtype = '{}'",
        regclass(&key.references),
        names_of("k.conkey", "k.conrelid"),
        names(&key.columns),
        letter(key.on_delete),
        letter(key.on_update)
    );
    if !key.referenced_columns.is_empty() {
        condition.push_str(&format!(
            " AND {} = {}",
            names_of("k.confkey", "k.confrelid"),
            names(&key.referenced_columns)
        ));
    }
    condition
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
        finding_out: Some(super::look_up::asked_of_an_empty_table(
            table, &asked, &read,
        )),
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
