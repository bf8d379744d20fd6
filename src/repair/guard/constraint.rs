//! Constraints, found by their table and structure.

mod structure;

use self::structure::Structure;

use super::look_up::column_is;
use super::{GuardError, Guarded, Situation, plain};
use crate::postgres::render;
use crate::repair::quote::{block, indented, literal, name_literal, quoted, regclass};
use crate::schema::{
    Change, ConstraintDefinition, ConstraintKind, DropBehavior, Identifier, IfExists, Key, KeyKind,
    KeyPart, NullsDistinct, Schema, Validity, WrittenName,
};

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
        Change::ValidateConstraint { table, constraint } => {
            validate(change, (table, constraint), situation)
        }
        Change::AlterConstraint {
            table, constraint, ..
        } if situation.goes => {
            let gone = format!("NOT {}", exists(table, &named(constraint)));
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
    if let (Some(column), Some(name)) = (situation.proves, &constraint.name) {
        let proven = proven(table, column, &exists(table, &named(name)));
        return Ok(Guarded::one(super::unless(&proven, &render(change)?)).done_when(proven));
    }
    let structure = Structure::of(table, constraint)?;
    let there = already(table, constraint, &structure.condition, situation.before);
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

/// Whether a constraint of this structure is there, under whatever name: one more than the schema has, since people
/// do have the same constraint twice.
fn already(
    table: &WrittenName,
    constraint: &ConstraintDefinition,
    condition: &str,
    before: &Schema,
) -> String {
    let twins = before
        .constraints_of(&before.resolve(table))
        .filter(|(name, known)| structure::is_same(constraint, name, known, (table, before)))
        .count();
    if twins == 0 {
        return exists(table, condition);
    }
    let several = format!(
        "(SELECT count(*) FROM pg_constraint k WHERE k.conrelid = {} AND {condition}) > {twins}",
        regclass(table)
    );
    match &constraint.name {
        Some(name) => format!(
            "({several} OR {})",
            exists(table, &format!("{} AND {condition}", named(name)))
        ),
        None => format!("({several})"),
    }
}

/// A proof is known by its name, which is the repair's own, and is not needed once the column is NOT NULL.
fn proven(table: &WrittenName, column: &Identifier, there: &str) -> String {
    format!("({} OR {there})", column_is(table, column, "attnotnull"))
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
    let condition = structure::of_unique(kind, &own, *deferral);
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
    let structure = match Structure::known(table, name, situation)? {
        Some(structure) if situation.proves.is_none() => structure,
        Some(_) | None => return plain(&skipping),
    };
    let there = exists(
        table,
        &format!("{} AND {}", named(name), structure.condition),
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
    let structure =
        Structure::known(table, from, situation)?.unwrap_or_else(|| Structure::named(from));
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
    change: &Change,
    (table, name): (&WrittenName, &Identifier),
    situation: Situation<'_>,
) -> Result<Guarded, GuardError> {
    let valid = |condition: &str| exists(table, &format!("k.convalidated AND {condition}"));
    if let Some(column) = situation.proves {
        let there = exists(table, &format!("NOT k.convalidated AND {}", named(name)));
        let done = proven(table, column, &valid(&named(name)));
        let validate = render(change)?;
        let body = format!("IF {there} THEN\n  {validate};\nEND IF;");
        return Ok(Guarded::one(block("", &body)).done_when(done));
    }
    let structure =
        Structure::known(table, name, situation)?.unwrap_or_else(|| Structure::named(name));
    let done = valid(&structure.condition);
    let missing = format!("there is no constraint like {name} on {table}");
    let validation = validation(table, &structure.condition);
    let body = if situation.goes {
        validation
    } else {
        let stop = situation.not_found(&missing);
        format!("{validation}\nIF NOT {done} THEN\n  {stop}\nEND IF;")
    };
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

fn named(name: &Identifier) -> String {
    format!("k.conname = {}", name_literal(name))
}

fn exists(table: &WrittenName, condition: &str) -> String {
    format!(
        "EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = {}\n  AND {condition})",
        regclass(table)
    )
}
