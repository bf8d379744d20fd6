//! The names that Django looks up in the catalog while it writes SQL: `get_constraints` and `get_sequences` in
//! `django/db/backends/postgresql/introspection.py`.

use std::sync::Arc;

use crate::django::names::split_identifier;
use crate::schema::LONGEST_IDENTIFIER;
use crate::schema::{
    ConstraintKind, Identifier, Index, Lookup, Relation, RelationName, Schema, Why, WrittenName,
};

/// What `_constraint_names` is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    ForeignKey,
    /// A unique constraint or a unique index, the primary key left out.
    Unique,
    Check,
    PrimaryKey,
    /// Any index that backs no constraint and is not unique.
    Index,
    /// The same, a b-tree only: what `db_index=True` makes.
    BTreeIndex,
}

/// The names that were found, and why there may be others.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub found: Vec<Arc<str>>,
    pub unsure: Option<Why>,
}

/// The table that a `db_table` of Django means.
pub(super) fn written_table(table: &str) -> WrittenName {
    let (namespace, name) = split_identifier(table);
    let name = Identifier::quoted(name);
    if namespace.is_empty() {
        WrittenName::bare(name)
    } else {
        WrittenName::in_schema(Identifier::quoted(namespace), name)
    }
}

/// `_constraint_names`: constraints and indexes over exactly these columns (`None`: any), some names left out.
pub(super) fn constraint_names(
    catalog: &Schema,
    table: &str,
    columns: Option<&[&str]>,
    wanted: Wanted,
) -> Names {
    // The server cut these; Django asks for the whole name, and finds nothing.
    let is_cut = |name: &&str| split_identifier(name).1.len() > LONGEST_IDENTIFIER;
    if is_cut(&table) || columns.is_some_and(|columns| columns.iter().any(is_cut)) {
        return Names::default();
    }
    let name = match catalog.table(&written_table(table)) {
        Lookup::Found((name, _)) => name,
        Lookup::Absent => return Names::default(),
        Lookup::Unsure(why) => {
            return Names {
                found: Vec::new(),
                unsure: Some(why),
            };
        }
    };
    let columns = columns.map(|columns| {
        columns
            .iter()
            .map(|column| Identifier::quoted(column))
            .collect::<Vec<_>>()
    });
    let mut found = constraints(catalog, &name, columns.as_deref(), wanted);
    found.extend(indexes(catalog, &name, columns.as_deref(), wanted));
    let unsure = (!catalog.is_whole(&name)).then(|| {
        Why::new(format!(
            "the table {name} may have others that are not known"
        ))
    });
    Names { found, unsure }
}

fn constraints(
    catalog: &Schema,
    table: &RelationName,
    columns: Option<&[Identifier]>,
    wanted: Wanted,
) -> Vec<Arc<str>> {
    catalog
        .constraints_of(table)
        .filter(|(_, constraint)| {
            matches!(
                (wanted, &constraint.kind),
                (Wanted::ForeignKey, ConstraintKind::ForeignKey(_))
                    | (Wanted::Unique, ConstraintKind::Unique(_))
                    | (Wanted::Check, ConstraintKind::Check(_))
                    | (Wanted::PrimaryKey, ConstraintKind::PrimaryKey(_))
            )
        })
        .filter(|(_, constraint)| {
            columns.is_none_or(|columns| same_columns(&constraint.kind.columns(), columns))
        })
        .map(|(name, _)| name.as_str().into())
        .collect()
}

fn indexes(
    catalog: &Schema,
    table: &RelationName,
    columns: Option<&[Identifier]>,
    wanted: Wanted,
) -> Vec<Arc<str>> {
    let fits = |index: &Index| match wanted {
        Wanted::ForeignKey | Wanted::Check | Wanted::PrimaryKey => false,
        Wanted::Unique => index.definition.is_unique(),
        Wanted::Index => !index.definition.is_unique(),
        // A unique index is an index as well, unless it backs a constraint.
        Wanted::BTreeIndex => index.definition.method.as_str() == "btree",
    };
    catalog
        .indexes_of(table)
        .filter(|(_, index)| index.backs.is_none() && fits(index))
        .filter(|(_, index)| {
            let keys = index.definition.key_columns();
            columns.is_none_or(|columns| keys.is_some_and(|keys| same_columns(&keys, columns)))
        })
        .map(|(name, _)| name.name.as_str().into())
        .collect()
}

fn same_columns(own: &[&Identifier], wanted: &[Identifier]) -> bool {
    own.len() == wanted.len() && own.iter().zip(wanted).all(|(own, wanted)| *own == wanted)
}

/// The sequence that a serial or identity column owns.
pub(super) fn owned_sequence(catalog: &Schema, table: &str, column: &str) -> Option<Arc<str>> {
    let table = catalog.resolve(&written_table(table));
    let column = Identifier::quoted(column);
    catalog
        .relations()
        .find_map(|(name, relation)| match relation {
            Relation::Sequence(sequence) => {
                let owner = sequence.owner.as_ref()?;
                let owns = owner.table == table && owner.column == column;
                owns.then(|| name.name.as_str().into())
            }
            Relation::Table(_) | Relation::Index(_) | Relation::View(_) => None,
        })
}
