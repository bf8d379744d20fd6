//! What one deployment created: nobody can be using it yet.

use crate::django::project_state::ProjectState;
use crate::schema::{
    Change, ColumnRef, Identifier, Lookup, Openness, OrderedMap, OrderedSet, Outcome, RelationName,
    Schema, Touches, Why, WrittenName,
};

/// What the same deployment created before a moment of it. As every moment keeps one, a clone takes constant time.
#[derive(Debug, Clone)]
pub struct CreatedHere {
    relations: OrderedSet<RelationName>,
    columns: OrderedSet<ColumnRef>,
    /// What a relation that stood before was called when the deployment began, by its name now.
    renamed: OrderedMap<RelationName, RelationName>,
    /// Columns that stood before under another name.
    renamed_columns: OrderedSet<ColumnRef>,
    /// The catalog when the deployment began.
    start: Schema,
    /// Django's models when the deployment began: those of the code that runs meanwhile.
    models: ProjectState,
    /// A statement of this deployment that could not be read: it may have created anything.
    unreadable: Option<Why>,
}

impl CreatedHere {
    pub fn begin(start: &Schema, models: &ProjectState) -> Self {
        Self {
            relations: OrderedSet::default(),
            columns: OrderedSet::default(),
            renamed: OrderedMap::default(),
            renamed_columns: OrderedSet::default(),
            start: start.clone(),
            models: models.clone(),
            unreadable: None,
        }
    }

    /// Takes note of a change that was carried out; `before` is the catalog that it found.
    pub fn record(&mut self, change: &Change, before: &Schema, outcome: &Outcome) {
        if matches!(outcome, Outcome::Skipped | Outcome::Rejected(_)) {
            return;
        }
        match change {
            Change::CreateTable(create) => self.relation(before, &create.table),
            Change::CreateView { view, .. } => self.relation(before, view),
            Change::CreateIndex(index) => {
                if let Some(name) = &index.name {
                    let table = before.resolve(&index.table);
                    self.relations.insert_mut(table.sibling(name.clone()));
                }
            }
            Change::AddColumn { table, column, .. } => self.column(before, table, &column.name),
            Change::RenameTable { table, to, .. } => self.rename_table(before, table, to),
            Change::RenameColumn { table, column, to } => {
                let table = before.resolve(table);
                self.rename_column(table, column, to);
            }
            Change::Opaque {
                why,
                touches: Touches::Relations(_) | Touches::Anything,
                ..
            } => {
                self.unreadable.get_or_insert_with(|| why.clone());
            }
            _ => {}
        }
    }

    /// Django's models when the deployment began.
    pub fn models(&self) -> &ProjectState {
        &self.models
    }

    /// Whether a relation stood before this deployment began; of a database met half way, as far as this
    /// deployment did not create it.
    pub fn stood_before(&self, relation: &RelationName) -> bool {
        !self.has_relation(relation)
            && match self.start.relation_named(self.first_name(relation)) {
                Lookup::Found(_) => true,
                Lookup::Unsure(_) => self.unreadable.is_none(),
                Lookup::Absent => false,
            }
    }

    pub fn has_relation(&self, relation: &RelationName) -> bool {
        self.relations.contains(relation)
    }

    pub fn has_column(&self, table: &RelationName, column: &Identifier) -> bool {
        self.relations.contains(table)
            || self.columns.contains(&ColumnRef {
                table: table.clone(),
                column: column.clone(),
            })
    }

    /// The table, if it stood before this deployment began.
    ///
    /// A table of a database that was met half way (a lone file, standard input) stood there if this
    /// deployment did not create it; after an unreadable statement of the deployment itself that is no
    /// longer certain.
    pub fn table_in_use(&self, before: &Schema, table: &WrittenName) -> Option<RelationName> {
        let name = before.resolve(table);
        if name.name.is_unknown() {
            return None;
        }
        if self.has_relation(&name) {
            return None;
        }
        match self.start.table_named(self.first_name(&name)) {
            Lookup::Found(_) => Some(name),
            Lookup::Unsure(_) if self.unreadable.is_none() => Some(name),
            Lookup::Unsure(_) | Lookup::Absent => None,
        }
    }

    fn first_name<'a>(&'a self, relation: &'a RelationName) -> &'a RelationName {
        self.renamed.get(relation).unwrap_or(relation)
    }

    /// Whether the deployment gave the table, or the column of it, its name: code from before does not know that.
    pub fn has_renamed(&self, table: &RelationName, column: Option<&Identifier>) -> bool {
        let is_renamed = |column: &Identifier| {
            self.renamed_columns.contains(&ColumnRef {
                table: table.clone(),
                column: column.clone(),
            })
        };
        self.renamed.contains_key(table) || column.is_some_and(is_renamed)
    }

    /// Whether the deployment began on a database that was not seen from its creation.
    pub fn began_half_way(&self) -> bool {
        matches!(self.start.openness(), Openness::Open(_))
    }

    fn rename_table(&mut self, before: &Schema, table: &WrittenName, to: &Identifier) {
        let table = before.resolve(table);
        let now = table.sibling(to.clone());
        if self.relations.contains(&table) {
            self.relations.insert_mut(now);
        } else {
            let first = self.renamed.get(&table).cloned();
            self.renamed.remove_mut(&table);
            let first = first.unwrap_or(table);
            self.renamed.insert_mut(now, first);
        }
    }

    fn rename_column(&mut self, table: RelationName, column: &Identifier, to: &Identifier) {
        let is_new = self.has_column(&table, column);
        let now = ColumnRef {
            table,
            column: to.clone(),
        };
        if is_new {
            self.columns.insert_mut(now);
        } else {
            self.renamed_columns.insert_mut(now);
        }
    }

    fn relation(&mut self, before: &Schema, name: &WrittenName) {
        self.relations.insert_mut(before.resolve(name));
    }

    fn column(&mut self, before: &Schema, table: &WrittenName, column: &Identifier) {
        self.columns.insert_mut(ColumnRef {
            table: before.resolve(table),
            column: column.clone(),
        });
    }
}
