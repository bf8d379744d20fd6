//! Looking things up in a schema: every answer is one of found, absent, or unsure.

use std::sync::Arc;

use super::{
    Column, Constraint, Contents, Identifier, Index, Lookup, ObjectName, Openness, OrderedMap,
    OrderedSet, Relation, RelationName, Schema, Sequence, Stamp, Stamped, Table, View, Why,
    WrittenName,
};

/// Schemas of the server's own, which are not modelled.
const SYSTEM_SCHEMAS: [&str; 3] = ["pg_catalog", "information_schema", "pg_toast"];

impl Schema {
    /// A database that was just created: only the schema `public`, and nothing else exists.
    pub fn empty() -> Self {
        Self::with_openness(Openness::Closed, 0)
    }

    /// A database that was met half way: what is not known may exist all the same.
    pub fn open(why: Why) -> Self {
        Self::with_openness(Openness::Open(why), 1)
    }

    fn with_openness(openness: Openness, doubts: u32) -> Self {
        let public = Identifier::quoted("public");
        let mut namespaces = OrderedSet::default();
        namespaces.insert_mut(public.clone());
        Self::of(Contents {
            relations: OrderedMap::default(),
            enums: OrderedMap::default(),
            namespaces,
            unread_namespaces: OrderedMap::default(),
            extensions: OrderedSet::default(),
            search_path: vec![public].into(),
            openness,
            doubts,
            doubted: OrderedMap::default(),
            touched: None,
            unread: None,
            readers: OrderedMap::default(),
            unread_views: OrderedSet::default(),
            constraint_names: OrderedMap::default(),
        })
    }

    /// The same with another search path, every schema of which is there.
    #[must_use]
    pub fn searching(mut self, path: &[Identifier]) -> Self {
        for name in path {
            self.namespaces.insert_mut(name.clone());
        }
        self.search_path = path.into();
        self
    }

    pub fn openness(&self) -> &Openness {
        &self.openness
    }

    /// Whether something unreadable happened that may have changed anything: then what was not seen may be there.
    pub fn has_been_in_doubt(&self) -> bool {
        self.unread.is_some()
    }

    pub fn search_path(&self) -> &[Identifier] {
        &self.search_path
    }

    /// The relation that a written name means: the first of the search path that has it, else the place
    /// where it would be created.
    pub fn resolve(&self, written: &WrittenName) -> RelationName {
        if let Some(schema) = &written.schema {
            return RelationName::new(schema.clone(), written.name.clone());
        }
        self.search_path
            .iter()
            .map(|schema| RelationName::new(schema.clone(), written.name.clone()))
            .find(|name| self.relations.contains_key(name) || self.doubted.contains_key(name))
            .unwrap_or_else(|| {
                // The system catalog is searched first, without standing in the search path.
                if written.name.as_str().starts_with("pg_") {
                    RelationName::new(Identifier::quoted("pg_catalog"), written.name.clone())
                } else {
                    self.resolve_new(written)
                }
            })
    }

    /// Where a statement that creates a relation of this name puts it.
    pub fn resolve_new(&self, written: &WrittenName) -> RelationName {
        let schema = written.schema.clone().unwrap_or_else(|| {
            self.search_path
                .iter()
                .find(|schema| self.namespaces.contains(*schema))
                .cloned()
                .unwrap_or_else(|| Identifier::quoted("public"))
        });
        RelationName::new(schema, written.name.clone())
    }

    pub fn relation(&self, written: &WrittenName) -> Lookup<(RelationName, &Relation)> {
        let name = self.resolve(written);
        self.relation_named(&name).map(|relation| (name, relation))
    }

    pub fn relation_named(&self, name: &RelationName) -> Lookup<&Relation> {
        if name.name.is_unknown() {
            return Lookup::Unsure(Why::new("its name is not known"));
        }
        if SYSTEM_SCHEMAS.contains(&name.schema.as_str()) {
            return Lookup::Unsure(Why::new(format!(
                "the schema {} is the server's own",
                name.schema
            )));
        }
        let unread = self.unread_namespaces.get(&name.schema);
        if let Some(why) = self.doubted.get(name).or(unread) {
            return Lookup::Unsure(why.clone());
        }
        match self.relations.get(name) {
            Some(relation) => self.certain(relation, self.table_of(&relation.value)),
            None => self.absence(),
        }
    }

    pub fn table(&self, written: &WrittenName) -> Lookup<(RelationName, Arc<Table>)> {
        let name = self.resolve(written);
        self.table_named(&name)
            .map(|table| (name, Arc::clone(table)))
    }

    /// A relation of another kind is no table: `Absent`.
    pub fn table_named(&self, name: &RelationName) -> Lookup<&Arc<Table>> {
        self.relation_named(name).and_then(|relation| {
            answer(match relation {
                Relation::Table(table) => Some(table),
                Relation::Index(_) | Relation::Sequence(_) | Relation::View(_) => None,
            })
        })
    }

    /// An index of an unreadable statement may bear any name.
    pub fn index_named(&self, name: &RelationName) -> Lookup<&Arc<Index>> {
        let found = self.relation_named(name).and_then(|relation| {
            answer(match relation {
                Relation::Index(index) => Some(index),
                Relation::Table(_) | Relation::Sequence(_) | Relation::View(_) => None,
            })
        });
        match (found, &self.touched) {
            (Lookup::Absent, Some(why)) => Lookup::Unsure(why.clone()),
            (found, _) => found,
        }
    }

    pub fn index(&self, written: &WrittenName) -> Lookup<(RelationName, Arc<Index>)> {
        let name = self.resolve(written);
        self.index_named(&name)
            .map(|index| (name, Arc::clone(index)))
    }

    pub fn sequence(&self, written: &WrittenName) -> Lookup<(RelationName, Arc<Sequence>)> {
        self.relation(written).and_then(|(name, relation)| {
            answer(match relation {
                Relation::Sequence(sequence) => Some((name, Arc::clone(sequence))),
                Relation::Table(_) | Relation::Index(_) | Relation::View(_) => None,
            })
        })
    }

    pub fn view(&self, written: &WrittenName) -> Lookup<(RelationName, Arc<View>)> {
        self.relation(written).and_then(|(name, relation)| {
            answer(match relation {
                Relation::View(view) => Some((name, Arc::clone(view))),
                Relation::Table(_) | Relation::Index(_) | Relation::Sequence(_) => None,
            })
        })
    }

    /// A view has columns, too, which are not modelled: `Unsure`.
    pub fn column(&self, table: &RelationName, column: &Identifier) -> Lookup<&Column> {
        if let Some(Relation::View(_)) = self.relations.get(table).map(|known| &known.value) {
            return Lookup::Unsure(Why::new("the columns of a view are not known"));
        }
        self.part(table, |known| known.column(column))
            .map(Arc::as_ref)
    }

    pub fn constraint(&self, table: &RelationName, name: &Identifier) -> Lookup<&Constraint> {
        self.part(table, |known| known.constraints.get(name))
    }

    /// Whether a table has a part that could not be read: what is added to it may be there already.
    pub fn has_unread_part(&self, table: &RelationName) -> bool {
        self.known_table(table)
            .is_some_and(|known| known.grown.is_some())
    }

    /// The columns that are there for certain, in order of creation.
    pub fn columns_of(&self, table: &RelationName) -> impl Iterator<Item = &Column> {
        self.known_table(table).into_iter().flat_map(move |known| {
            let now = self.now(Some(known));
            known
                .columns
                .iter()
                .filter(move |column| column.stamp == now)
                .map(|column| &*column.value)
        })
    }

    /// The constraints that are there for certain, in order of name.
    pub fn constraints_of(
        &self,
        table: &RelationName,
    ) -> impl Iterator<Item = (&Identifier, &Constraint)> {
        self.known_table(table).into_iter().flat_map(move |known| {
            let now = self.now(Some(known));
            known
                .constraints
                .iter()
                .filter(move |(_, constraint)| constraint.stamp == now)
                .map(|(name, constraint)| (name, &constraint.value))
        })
    }

    /// The indexes that are there for certain, in order of name.
    pub fn indexes_of(
        &self,
        table: &RelationName,
    ) -> impl Iterator<Item = (RelationName, &Arc<Index>)> {
        self.index_names(table).into_iter().filter_map(|name| {
            let index = self.index_named(&name).found()?;
            Some((name, index))
        })
    }

    /// The tables that are there for certain, in order of name. Their parts may be doubtful.
    pub fn tables(&self) -> impl Iterator<Item = (&RelationName, &Arc<Table>)> {
        self.relations()
            .filter_map(|(name, relation)| match relation {
                Relation::Table(table) => Some((name, table)),
                Relation::Index(_) | Relation::Sequence(_) | Relation::View(_) => None,
            })
    }

    /// The relations that are there for certain, in order of name.
    pub fn relations(&self) -> impl Iterator<Item = (&RelationName, &Relation)> {
        self.relations
            .keys()
            .filter_map(|name| Some((name, self.relation_named(name).found()?)))
    }

    /// The views that are known to read a relation, certain or not.
    pub fn views_on(&self, relation: &RelationName) -> impl Iterator<Item = &RelationName> {
        self.readers
            .get(relation)
            .into_iter()
            .flat_map(OrderedSet::iter)
    }

    /// Whether what is known of a table is all of it: then a part that is not found is absent.
    pub fn is_whole(&self, table: &RelationName) -> bool {
        self.table_named(table)
            .found()
            .is_some_and(|known| known.whole == Some(self.now(Some(known))))
    }

    /// Whether an object was there when it was last known: what could not be read may have dropped it since.
    pub fn was_there(&self, object: &ObjectName) -> bool {
        match object {
            ObjectName::Schema(name) => self.namespaces.contains(name),
            ObjectName::Relation(name) | ObjectName::Index(name) => {
                self.relations.contains_key(name)
            }
            ObjectName::Column(name, column) => self
                .known_table(name)
                .is_some_and(|table| table.column(column).is_some()),
            ObjectName::Constraint(name, constraint) => self
                .known_table(name)
                .is_some_and(|table| table.constraints.contains_key(constraint)),
            ObjectName::Type(name) => self.enums.contains_key(name),
        }
    }

    pub fn namespaces(&self) -> impl Iterator<Item = &Identifier> {
        self.namespaces.iter()
    }

    pub fn namespace(&self, name: &Identifier) -> Lookup<()> {
        let stands = self.namespaces.contains(name) || self.unread_namespaces.contains_key(name);
        if stands || SYSTEM_SCHEMAS.contains(&name.as_str()) {
            Lookup::Found(())
        } else {
            self.absence()
        }
    }

    pub fn extension(&self, name: &Identifier) -> Lookup<()> {
        if self.extensions.contains(name) {
            Lookup::Found(())
        } else {
            self.absence()
        }
    }

    /// The labels of an enum type.
    pub fn enum_labels(&self, written: &WrittenName) -> Lookup<(RelationName, &[Arc<str>])> {
        let name = self.resolve_type(written);
        match self.enums.get(&name) {
            Some(labels) => Lookup::Found((name, labels.as_slice())),
            None => match self.doubted.get(&name) {
                Some(why) => Lookup::Unsure(why.clone()),
                None => self.absence(),
            },
        }
    }

    pub(super) fn resolve_type(&self, written: &WrittenName) -> RelationName {
        if let Some(schema) = &written.schema {
            return RelationName::new(schema.clone(), written.name.clone());
        }
        self.search_path
            .iter()
            .map(|schema| RelationName::new(schema.clone(), written.name.clone()))
            .find(|name| self.enums.contains_key(name))
            .unwrap_or_else(|| self.resolve_new(written))
    }

    /// The table of this name, certain or not.
    pub(super) fn known_table(&self, name: &RelationName) -> Option<&Arc<Table>> {
        match self.relations.get(name).map(|relation| &relation.value) {
            Some(Relation::Table(table)) => Some(table),
            Some(Relation::Index(_) | Relation::Sequence(_) | Relation::View(_)) | None => None,
        }
    }

    /// The index of this name, certain or not.
    pub(super) fn known_index(&self, name: &RelationName) -> Option<&Arc<Index>> {
        match self.relations.get(name).map(|relation| &relation.value) {
            Some(Relation::Index(index)) => Some(index),
            Some(Relation::Table(_) | Relation::Sequence(_) | Relation::View(_)) | None => None,
        }
    }

    /// The names of the indexes of a table or materialized view, certain or not.
    pub(super) fn index_names(&self, owner: &RelationName) -> Vec<RelationName> {
        let names = match self.relations.get(owner).map(|relation| &relation.value) {
            Some(Relation::Table(table)) => &table.indexes,
            Some(Relation::View(view)) => &view.indexes,
            Some(Relation::Index(_) | Relation::Sequence(_)) | None => return Vec::new(),
        };
        names
            .iter()
            .map(|name| owner.sibling(name.clone()))
            .collect()
    }

    /// The stamp of a fact that is learned now.
    pub(super) fn now(&self, table: Option<&Table>) -> Stamp {
        Stamp {
            database: self.doubts,
            relation: table.map_or(0, |table| table.doubts),
        }
    }

    fn part<'a, T>(
        &'a self,
        name: &RelationName,
        find: impl FnOnce(&'a Table) -> Option<&'a Stamped<T>>,
    ) -> Lookup<&'a T> {
        let Some(table) = self.known_table(name) else {
            return self.table_named(name).and_then(|_| Lookup::Absent);
        };
        if let Some(part) = find(table) {
            return self.certain(part, Some(table)).map(|part| part);
        }
        if table.whole == Some(self.now(Some(table))) {
            Lookup::Absent
        } else {
            Lookup::Unsure(self.doubt(Some(table)))
        }
    }

    fn certain<'a, T>(&self, fact: &'a Stamped<T>, table: Option<&Table>) -> Lookup<&'a T> {
        if fact.stamp == self.now(table) {
            Lookup::Found(&fact.value)
        } else {
            Lookup::Unsure(self.doubt(table))
        }
    }

    fn absence<T>(&self) -> Lookup<T> {
        match &self.openness {
            Openness::Closed => Lookup::Absent,
            Openness::Open(why) => Lookup::Unsure(why.clone()),
        }
    }

    /// Why facts about this table are not certain.
    fn doubt(&self, table: Option<&Table>) -> Why {
        match (table.and_then(|table| table.doubt.as_ref()), &self.openness) {
            (Some(why), _) | (None, Openness::Open(why)) => why.clone(),
            (None, Openness::Closed) => Why::new("the table was not seen being created"),
        }
    }

    /// The table whose doubts a relation shares.
    fn table_of<'a>(&'a self, relation: &'a Relation) -> Option<&'a Table> {
        match relation {
            Relation::Table(table) => Some(table),
            Relation::Index(index) => self.known_table(&index.table).map(Arc::as_ref),
            Relation::Sequence(_) | Relation::View(_) => None,
        }
    }
}

fn answer<T>(found: Option<T>) -> Lookup<T> {
    found.map_or(Lookup::Absent, Lookup::Found)
}
