//! What must be made, in the order in which things need each other.

use super::{Differ, same_constraint};
use crate::schema::{
    Build, Change, Column, ColumnAction, Constraint, ConstraintDefinition, ConstraintKind,
    CreateIndex, CreateTable, Expr, ExprPart, Identifier, IfExists, IfNotExists, Partitioning,
    Reads, RelationName, SequenceOwner, SequencePurpose, Supply, Table, Validity, ViewReads,
    WrittenName,
};

impl Differ<'_> {
    pub(super) fn create_namespaces(&mut self) {
        for schema in &self.to.namespaces {
            self.emit(Change::CreateSchema {
                schema: schema.clone(),
                if_not_exists: IfNotExists::Yes,
            });
        }
        for extension in &self.to.extensions {
            self.emit(Change::CreateExtension {
                extension: extension.clone(),
                if_not_exists: IfNotExists::Yes,
            });
        }
        for (name, labels) in &self.to.enums {
            self.emit(Change::CreateEnum {
                name: WrittenName::from(name),
                labels: labels.clone(),
            });
            for label in labels {
                self.emit(Change::AddEnumValue {
                    name: WrittenName::from(name),
                    label: label.clone(),
                    if_not_exists: IfNotExists::Yes,
                });
            }
        }
    }

    pub(super) fn create(&mut self) {
        self.create_sequences();
        for (name, table) in self.to.known_tables() {
            self.create_table(&name, &table);
            self.alter_columns(&name, &table);
        }
        self.name_identity_sequences();
        self.add_constraints(false);
        self.create_indexes();
        self.add_constraints(true);
        self.drop_not_nulls();
        self.alter_sequences();
        self.create_views();
        // Those of materialized views.
        self.create_indexes();
        self.create_triggers();
    }

    fn create_triggers(&mut self) {
        for (name, table) in self.to.known_tables() {
            for (trigger, wanted) in &table.triggers {
                let stands = self
                    .now
                    .known_table(&name)
                    .is_some_and(|known| known.triggers.contains_key(trigger));
                if !stands {
                    self.emit(Change::CreateTrigger {
                        trigger: trigger.clone(),
                        table: WrittenName::from(&name),
                        definition: wanted.value.clone(),
                        or_replace: false,
                    });
                }
            }
        }
    }

    fn create_sequences(&mut self) {
        for (name, sequence) in self.to.known_sequences() {
            if sequence.purpose == SequencePurpose::Plain
                && self.now.known_sequence(&name).is_none()
            {
                self.emit(Change::CreateSequence {
                    sequence: WrittenName::from(&name),
                    data_type: Some(sequence.data_type.clone()),
                    options: sequence.options.clone(),
                    owner: None,
                    if_not_exists: IfNotExists::No,
                });
            }
        }
    }

    fn create_table(&mut self, name: &RelationName, table: &Table) {
        if self.now.known_table(name).is_some() {
            return;
        }
        let (partition_by, partition_of) = match &table.partitioning {
            Partitioning::Plain => (None, None),
            Partitioning::Partitioned(key) => (Some(key.clone()), None),
            Partitioning::PartitionOf(parent) => (None, Some(WrittenName::from(parent))),
        };
        let columns = if partition_of.is_some() {
            Vec::new()
        } else {
            let columns = table.columns.iter();
            columns.map(|column| (*column.value).clone()).collect()
        };
        self.emit(Change::CreateTable(CreateTable {
            table: WrittenName::from(name),
            columns,
            constraints: Vec::new(),
            if_not_exists: IfNotExists::No,
            partition_by,
            partition_of,
        }));
    }

    fn alter_columns(&mut self, name: &RelationName, table: &Table) {
        // A generated column may name any of the others.
        let (generated, plain): (Vec<&Column>, Vec<&Column>) = table
            .columns
            .iter()
            .map(|column| &*column.value)
            .partition(|column| matches!(column.supply, Supply::Generated(_)));
        for column in plain.into_iter().chain(generated) {
            match self.now.known_column(name, &column.name).cloned() {
                Some(known) => self.alter_column(name, &known, column),
                None => self.emit(Change::AddColumn {
                    table: WrittenName::from(name),
                    column: column.clone(),
                    if_not_exists: IfNotExists::No,
                }),
            }
        }
    }

    fn alter_column(&mut self, table: &RelationName, known: &Column, wanted: &Column) {
        if known.data_type != wanted.data_type || known.collation != wanted.collation {
            // The default is cast like the values, and need not be castable; it is set again below.
            if known.default().is_some() {
                self.alter(table, &known.name, ColumnAction::DropDefault);
            }
            self.set_type(table, wanted);
        }
        if wanted.is_not_null() {
            self.set_not_null(table, &known.name);
        }
        let now = self
            .now
            .known_column(table, &known.name)
            .map(|column| column.supply.clone());
        if now.as_ref() != Some(&wanted.supply) {
            match &wanted.supply {
                Supply::Default(expr) => {
                    self.alter(table, &known.name, ColumnAction::SetDefault(expr.clone()));
                }
                Supply::Identity(kind) => {
                    self.alter(table, &known.name, ColumnAction::AddIdentity(*kind));
                }
                Supply::Nothing | Supply::Generated(_) | Supply::Serial => {}
            }
        }
    }

    /// Where the server knows no cast of its own, the values go by way of text.
    fn set_type(&mut self, table: &RelationName, wanted: &Column) {
        let by_text = Expr::from_parts(vec![
            ExprPart::Column(wanted.name.clone()),
            ExprPart::Text(format!("::text::{}", wanted.data_type).into()),
        ]);
        for using in [None, Some(by_text)] {
            let change = Change::AlterColumn {
                table: WrittenName::from(table),
                column: wanted.name.clone(),
                action: ColumnAction::SetType {
                    data_type: wanted.data_type.clone(),
                    using,
                    collation: wanted.collation.clone(),
                },
            };
            if self.emits(change) {
                return;
            }
        }
    }

    fn set_not_null(&mut self, table: &RelationName, column: &Identifier) {
        let done = self
            .now
            .known_column(table, column)
            .is_none_or(Column::is_not_null);
        if !done {
            self.alter(table, column, ColumnAction::SetNotNull);
        }
    }

    /// After primary keys and identities that forbade it are gone.
    fn drop_not_nulls(&mut self) {
        for (table, known) in self.now.known_tables() {
            for column in &known.columns {
                let column = &column.value;
                let nullable = self
                    .to
                    .known_column(&table, &column.name)
                    .is_some_and(|wanted| !wanted.is_not_null());
                if nullable && column.is_not_null() {
                    self.alter(&table, &column.name, ColumnAction::DropNotNull);
                }
            }
        }
    }

    /// The server names the sequence of an identity column by its table, which may have been renamed since.
    fn name_identity_sequences(&mut self) {
        for (wanted, sequence) in self.to.known_sequences() {
            if sequence.purpose != SequencePurpose::Identity {
                continue;
            }
            let found = self.now.known_sequences().into_iter().find(|(_, known)| {
                known.purpose == SequencePurpose::Identity && known.owner == sequence.owner
            });
            if let Some((name, _)) = found
                && name != wanted
            {
                self.make_way(&wanted);
                self.rename_sequence(&name, wanted.name.clone());
            }
        }
    }

    /// Another identity may bear the name until its own turn comes.
    fn make_way(&mut self, wanted: &RelationName) {
        let sequences = self.now.known_sequences();
        if sequences.iter().any(|(name, _)| name == wanted) {
            let aside = Identifier::quoted(&format!("{} aside", wanted.name));
            self.rename_sequence(wanted, aside);
        }
    }

    fn rename_sequence(&mut self, name: &RelationName, to: Identifier) {
        self.emit(Change::RenameSequence {
            sequence: WrittenName::from(name),
            to,
            if_exists: IfExists::No,
        });
    }

    fn add_constraints(&mut self, foreign_keys: bool) {
        for (table, wanted) in self.to.known_tables() {
            for (name, constraint) in &wanted.constraints {
                let constraint = &constraint.value;
                let is_foreign_key = matches!(constraint.kind, ConstraintKind::ForeignKey(_));
                if is_foreign_key != foreign_keys {
                    continue;
                }
                match self.now.known_constraint(&table, name) {
                    None => self.emit(Change::AddConstraint {
                        table: WrittenName::from(&table),
                        constraint: definition(name, constraint),
                    }),
                    Some(known)
                        if same_constraint(known, constraint)
                            && constraint.validity == Validity::Valid
                            && known.validity == Validity::NotValid =>
                    {
                        self.emit(Change::ValidateConstraint {
                            table: WrittenName::from(&table),
                            constraint: name.clone(),
                        });
                    }
                    Some(_) => {}
                }
            }
        }
    }

    fn create_indexes(&mut self) {
        for (name, index) in self.to.known_indexes() {
            if index.backs.is_none() && self.now.known_index(&name).is_none() {
                self.emit(Change::CreateIndex(CreateIndex {
                    name: Some(name.name.clone()),
                    table: WrittenName::from(&index.table),
                    definition: index.definition.clone(),
                    build: Build::Blocking,
                    if_not_exists: IfNotExists::No,
                }));
            }
        }
    }

    fn alter_sequences(&mut self) {
        for (name, wanted) in self.to.known_sequences() {
            let Some(known) = self.now.known_sequence(&name) else {
                continue;
            };
            let owner = (known.owner != wanted.owner && wanted.purpose == SequencePurpose::Plain)
                .then(|| SequenceOwner::of(wanted.owner.as_ref()));
            let data_type = (known.data_type != wanted.data_type).then(|| wanted.data_type.clone());
            if owner.is_some() || data_type.is_some() {
                self.emit(Change::AlterSequence {
                    sequence: WrittenName::from(&name),
                    data_type,
                    options: "".into(),
                    owner,
                    if_exists: IfExists::No,
                });
            }
        }
    }

    /// A view may read another one: those whose relations are there are made first.
    fn create_views(&mut self) {
        let mut waiting = self.to.known_views();
        waiting.retain(|(name, _)| self.now.known_view(name).is_none());
        loop {
            let before = waiting.len();
            let mut later = Vec::new();
            for (name, view) in waiting {
                let ready = match &view.reads {
                    ViewReads::Relations(relations) => relations
                        .iter()
                        .all(|read| self.now.relations.contains_key(read)),
                    ViewReads::Unknown(_) => true,
                };
                if !ready {
                    later.push((name, view));
                    continue;
                }
                self.emit(Change::CreateView {
                    view: WrittenName::from(&name),
                    kind: view.kind,
                    query: view.query.clone(),
                    reads: reads(&view.reads),
                    or_replace: false,
                    if_not_exists: IfNotExists::No,
                });
            }
            if later.is_empty() || later.len() == before {
                return;
            }
            waiting = later;
        }
    }
}

fn reads(reads: &ViewReads) -> Reads {
    match reads {
        ViewReads::Relations(relations) => {
            Reads::Relations(relations.iter().map(WrittenName::from).collect())
        }
        ViewReads::Unknown(why) => Reads::Unknown(why.clone()),
    }
}

/// A constraint of the catalog as a statement writes it.
fn definition(name: &Identifier, constraint: &Constraint) -> ConstraintDefinition {
    ConstraintDefinition {
        name: Some(name.clone()),
        kind: constraint.kind.written(|name| WrittenName::from(name)),
        validity: constraint.validity,
        deferral: constraint.deferral,
    }
}
