//! Constraints of tables, and the indexes that back them.

use super::indexes::Indexes;
use super::loader::Names;
use super::scope::Scope;
use super::written::only_change;
use super::{Load, NotRead};
use crate::database::{Row, Session};
use crate::schema::{
    Assembly, Change, Check, Constraint, ConstraintKind, Deferral, Exclusion, Expr, ForeignKey,
    Identifier, Index, Key, NameOrigin, NullsDistinct, ReferentialAction, RelationName, Uniqueness,
    Validity, Why,
};
use crate::sql;

/// Puts indexes and constraints.
pub(super) fn load(
    session: &mut Session,
    scope: &Scope,
    (names, mut indexes, assembly): (&Names, Indexes, &mut Assembly),
) -> Load<Vec<NotRead>> {
    let mut not_read = Vec::new();
    let query = scope.query(include_str!("queries/constraints.sql"));
    let mut found = Vec::new();
    for row in session.rows(&query)? {
        let table_oid: u32 = row.number(0)?;
        let Some(table) = names.relations.get(&table_oid) else {
            continue;
        };
        let name = Identifier::quoted(row.text(1)?);
        let told = not_modelled(&row)?.into_iter();
        not_read.extend(told.map(|kind| NotRead::new(kind, table.clone(), Some(&name))));
        // NOT NULL is a property of the column here.
        if row.letter(2)? == 'n' {
            continue;
        }
        let index = backing(&row, &name, &mut indexes)?;
        match kind(&row, table_oid, (names, index))? {
            Ok(kind) => found.push((table, name, constraint(&row, kind)?)),
            Err(why) => assembly.has_unread_part(table, why),
        }
    }
    for (_, (name, index)) in indexes {
        assembly.index(name, index);
    }
    for (table, name, constraint) in found {
        assembly.constraint(table, name, constraint);
    }
    Ok(not_read)
}

/// Properties that a constraint of a schema has no place for.
fn not_modelled(row: &Row) -> Load<Vec<&'static str>> {
    let kind = row.letter(2)?;
    let marks = [
        ("NOT NULL never validated", kind == 'n'),
        ("NO INHERIT", kind == 'c' && row.flag(16)?),
        ("MATCH FULL", kind == 'f' && row.letter(17)? == 'f'),
        ("ON DELETE of single columns", row.flag(18)?),
        ("WITHOUT OVERLAPS or PERIOD", row.flag(19)?),
    ];
    let marked = marks.into_iter().filter(|(_, stands)| *stands);
    Ok(marked.map(|(kind, _)| kind).collect())
}

/// The index that a key or an exclusion rests on, noted as backing it; the index of a foreign key is the parent's.
fn backing<'a>(
    row: &Row,
    name: &Identifier,
    indexes: &'a mut Indexes,
) -> Load<Option<&'a mut Index>> {
    if !matches!(row.letter(2)?, 'p' | 'u' | 'x') {
        return Ok(None);
    }
    Ok(indexes.get_mut(&row.number(6)?).map(|(_, index)| {
        index.backs = Some(name.clone());
        index
    }))
}

fn constraint(row: &Row, kind: ConstraintKind<RelationName>) -> Load<Constraint> {
    Ok(Constraint {
        kind,
        validity: match (row.flag(12)?, row.flag(3)?) {
            (false, _) => Validity::NotEnforced,
            (true, true) => Validity::Valid,
            (true, false) => Validity::NotValid,
        },
        deferral: match (row.flag(4)?, row.flag(5)?) {
            (false, _) => Deferral::NotDeferrable,
            (true, false) => Deferral::InitiallyImmediate,
            (true, true) => Deferral::InitiallyDeferred,
        },
        name_origin: NameOrigin::Given,
    })
}

type Kind = Result<ConstraintKind<RelationName>, Why>;

fn kind(row: &Row, table: u32, (names, index): (&Names, Option<&mut Index>)) -> Load<Kind> {
    let columns = names.columns(table, &row.numbers(7)?);
    Ok(Ok(match row.letter(2)? {
        'p' => ConstraintKind::PrimaryKey(key(columns, index.as_deref())),
        'u' => ConstraintKind::Unique(key(columns, index.as_deref())),
        'c' => ConstraintKind::Check(Check {
            condition: condition(row.text(13)?),
        }),
        'f' => ConstraintKind::ForeignKey(foreign_key(row, columns, names)?),
        _ => match exclusion(row.text(13)?) {
            Ok(exclusion) => {
                if let Some(index) = index {
                    index.definition = exclusion.index();
                }
                ConstraintKind::Exclusion(exclusion)
            }
            Err(why) => return Ok(Err(why)),
        },
    }))
}

fn key(columns: Vec<Identifier>, index: Option<&Index>) -> Key {
    let definition = index.map(|index| &index.definition);
    Key {
        columns,
        include: definition
            .map(|index| index.include.clone())
            .unwrap_or_default(),
        nulls: match definition.map(|index| index.uniqueness) {
            Some(Uniqueness::Unique(nulls)) => nulls,
            Some(Uniqueness::NotUnique) | None => NullsDistinct::Distinct,
        },
    }
}

fn foreign_key(
    row: &Row,
    columns: Vec<Identifier>,
    names: &Names,
) -> Load<ForeignKey<RelationName>> {
    let parent: u32 = row.number(9)?;
    let referenced_columns = match row.optional(20)? {
        Some(_) => row
            .list(20)?
            .iter()
            .map(|name| Identifier::quoted(name))
            .collect(),
        None => names.columns(parent, &row.numbers(8)?),
    };
    let references = RelationName::new(
        Identifier::quoted(row.text(14)?),
        Identifier::quoted(row.text(15)?),
    );
    Ok(ForeignKey {
        columns,
        references,
        referenced_columns,
        on_update: action(row.letter(10)?),
        on_delete: action(row.letter(11)?),
    })
}

fn action(letter: char) -> ReferentialAction {
    match letter {
        'r' => ReferentialAction::Restrict,
        'c' => ReferentialAction::Cascade,
        'n' => ReferentialAction::SetNull,
        'd' => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}

/// `EXCLUDE USING gist (...)`, with what follows it, is read as part of a statement.
fn exclusion(text: &str) -> Result<Exclusion, Why> {
    match only_change(&format!("ALTER TABLE t ADD {text}")) {
        Some(Change::AddConstraint { constraint, .. }) => match constraint.kind {
            ConstraintKind::Exclusion(exclusion) => Ok(exclusion),
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Check(_) => Err(Why::new("an exclusion constraint was expected")),
        },
        _ => Err(Why::new("an exclusion constraint could not be read")),
    }
}

/// A condition as it is to be written again.
///
/// The server does not read everything that it prints as the same thing: of `status IN ('a', 'b')` on a varchar it prints
/// `(status)::text = ANY ((ARRAY['a'::character varying, ...])::text[])`, which read again has its casts in other places.
fn condition(printed: &str) -> Expr {
    let read = sql::expression(printed);
    let Some((column, values)) = sql::check_values(&read) else {
        return read;
    };
    let quoted: Vec<String> = values
        .iter()
        .map(|value| format!("'{}'", value.replace('\'', "''")))
        .collect();
    let cast: Vec<String> = quoted
        .iter()
        .map(|value| format!("{value}::character varying"))
        .collect();
    let of_list = |name: &str| {
        let list = cast.join(", ");
        format!("(({name})::text = ANY ((ARRAY[{list}])::text[]))")
    };
    let is_list = [column.as_str().to_owned(), column.to_sql()]
        .iter()
        .any(|name| of_list(name) == printed);
    if is_list {
        sql::expression(&format!("{} IN ({})", column.to_sql(), quoted.join(", ")))
    } else {
        read
    }
}
