//! The changes that make one schema of another.

mod create;
mod remove;

use super::{
    Change, Column, Constraint, Identifier, Index, NameOrigin, Outcome, Relation, RelationName,
    Schema, Sequence, Stamped, Supply, Table, View,
};

/// The changes that turn `from` into `to`, in an order that the server accepts.
///
/// Objects are matched by their names. What no statement can change is left: the order of columns, and
/// whether a name was given ([`Schema::as_catalog`] leaves both out). Facts that are not certain are taken
/// as they are known.
pub fn diff(from: &Schema, to: &Schema) -> Vec<Change> {
    let mut differ = Differ {
        now: from.clone(),
        to,
        changes: Vec::new(),
    };
    differ.create_namespaces();
    differ.remove();
    differ.create();
    differ.drop_namespaces();
    differ.changes
}

/// Works on a copy, so that each step sees what the steps before it brought along.
struct Differ<'a> {
    now: Schema,
    to: &'a Schema,
    changes: Vec<Change>,
}

impl Differ<'_> {
    /// A change that cannot be carried out is no help, and is left out.
    fn emit(&mut self, change: Change) {
        self.emits(change);
    }

    fn emits(&mut self, change: Change) -> bool {
        match self.now.apply(&change) {
            Outcome::Applied { .. } | Outcome::Unsure(_) => {
                self.changes.push(change);
                true
            }
            Outcome::Skipped | Outcome::Rejected(_) => false,
        }
    }
}

/// Relations of one kind in a schema, certain or not, in order of name.
impl Schema {
    fn known_relations(&self) -> impl Iterator<Item = (&RelationName, &Relation)> {
        self.relations
            .iter()
            .map(|(name, relation)| (name, &relation.value))
    }

    pub(super) fn known_tables(&self) -> Vec<(RelationName, std::sync::Arc<Table>)> {
        self.known_relations()
            .filter_map(|(name, relation)| match relation {
                Relation::Table(table) => Some((name.clone(), table.clone())),
                Relation::Index(_) | Relation::Sequence(_) | Relation::View(_) => None,
            })
            .collect()
    }

    fn known_indexes(&self) -> Vec<(RelationName, std::sync::Arc<Index>)> {
        self.known_relations()
            .filter_map(|(name, relation)| match relation {
                Relation::Index(index) => Some((name.clone(), index.clone())),
                Relation::Table(_) | Relation::Sequence(_) | Relation::View(_) => None,
            })
            .collect()
    }

    fn known_sequences(&self) -> Vec<(RelationName, std::sync::Arc<Sequence>)> {
        self.known_relations()
            .filter_map(|(name, relation)| match relation {
                Relation::Sequence(sequence) => Some((name.clone(), sequence.clone())),
                Relation::Table(_) | Relation::Index(_) | Relation::View(_) => None,
            })
            .collect()
    }

    fn known_views(&self) -> Vec<(RelationName, std::sync::Arc<View>)> {
        self.known_relations()
            .filter_map(|(name, relation)| match relation {
                Relation::View(view) => Some((name.clone(), view.clone())),
                Relation::Table(_) | Relation::Index(_) | Relation::Sequence(_) => None,
            })
            .collect()
    }

    fn known_sequence(&self, name: &RelationName) -> Option<&std::sync::Arc<Sequence>> {
        match self.relations.get(name).map(|relation| &relation.value) {
            Some(Relation::Sequence(sequence)) => Some(sequence),
            Some(Relation::Table(_) | Relation::Index(_) | Relation::View(_)) | None => None,
        }
    }

    fn known_view(&self, name: &RelationName) -> Option<&std::sync::Arc<View>> {
        match self.relations.get(name).map(|relation| &relation.value) {
            Some(Relation::View(view)) => Some(view),
            Some(Relation::Table(_) | Relation::Index(_) | Relation::Sequence(_)) | None => None,
        }
    }

    fn known_column(&self, table: &RelationName, column: &Identifier) -> Option<&Column> {
        Some(&self.known_table(table)?.column(column)?.value)
    }

    fn known_constraint(&self, table: &RelationName, name: &Identifier) -> Option<&Constraint> {
        Some(&self.known_table(table)?.constraints.get(name)?.value)
    }

    /// The schema as its catalog shows it to a reader that only looks things up by name: without the order of
    /// columns, which no statement can change, and without the origin of names.
    pub fn as_catalog(&self) -> Self {
        let mut catalog = self.clone();
        for (name, table) in self.known_tables() {
            let mut table = (*table).clone();
            table
                .columns
                .sort_by(|one, other| one.value.name.cmp(&other.value.name));
            let constraints: Vec<(Identifier, Stamped<Constraint>)> = table
                .constraints
                .iter()
                .map(|(name, constraint)| (name.clone(), constraint.clone()))
                .collect();
            for (own, mut constraint) in constraints {
                constraint.value.name_origin = NameOrigin::Given;
                table.constraints.insert_mut(own, constraint);
            }
            catalog.alter_table(&name, |known| *known = table);
        }
        for (name, _) in self.known_indexes() {
            catalog.alter_index(&name, |index| index.name_origin = NameOrigin::Given);
        }
        catalog
    }
}

/// Whether two constraints are one, apart from who gave the name and whether old rows were looked at.
fn same_constraint(one: &Constraint, other: &Constraint) -> bool {
    one.kind == other.kind && one.deferral == other.deferral
}

fn same_index(one: &Index, other: &Index) -> bool {
    one.table == other.table
        && one.definition == other.definition
        && one.state == other.state
        && one.backs == other.backs
}

/// Whether ALTER COLUMN can make one of the other: a column becomes generated only by being made anew.
fn can_alter(one: &Column, other: &Column) -> bool {
    match (&one.supply, &other.supply) {
        (Supply::Generated(one), Supply::Generated(other)) => one == other,
        (_, Supply::Generated(_)) => false,
        (_, Supply::Nothing | Supply::Default(_) | Supply::Identity(_) | Supply::Serial) => true,
    }
}
