//! What must go, dependents first.

use super::{Differ, can_alter, same_constraint, same_index};
use crate::schema::{
    Build, Change, ColumnAction, ConstraintKind, Drop, DropBehavior, Identifier, IfExists,
    Relation, RelationName, SequencePurpose, Supply, Validity, View, ViewReads, WrittenName,
};

impl Differ<'_> {
    pub(super) fn remove(&mut self) {
        self.drop_views();
        self.drop_triggers();
        self.drop_constraints(true);
        self.drop_constraints(false);
        self.drop_indexes();
        self.drop_supplies();
        self.drop_columns();
        self.drop_tables();
        self.drop_sequences();
    }

    fn drop_triggers(&mut self) {
        for (name, table) in self.now.known_tables() {
            for (trigger, stands) in &table.triggers {
                let wanted = self
                    .to
                    .known_table(&name)
                    .and_then(|table| table.triggers.get(trigger));
                if wanted.map(|wanted| &wanted.value) != Some(&stands.value) {
                    self.emit(Change::DropTrigger {
                        trigger: trigger.clone(),
                        table: WrittenName::from(&name),
                        if_exists: IfExists::No,
                        behavior: DropBehavior::Restrict,
                    });
                }
            }
        }
    }

    pub(super) fn drop_namespaces(&mut self) {
        let types: Vec<RelationName> = self.now.enums.keys().cloned().collect();
        for name in types {
            if !self.to.enums.contains_key(&name) {
                self.emit(Change::DropType(cascade(&name)));
            }
        }
        let extensions: Vec<Identifier> = self.now.extensions.iter().cloned().collect();
        for extension in extensions {
            if !self.to.extensions.contains(&extension) {
                self.emit(Change::DropExtension {
                    extension,
                    if_exists: IfExists::No,
                    behavior: DropBehavior::Restrict,
                });
            }
        }
        let namespaces: Vec<Identifier> = self.now.namespaces.iter().cloned().collect();
        for schema in namespaces {
            if !self.to.namespaces.contains(&schema) {
                self.emit(Change::DropSchema {
                    schema,
                    if_exists: IfExists::No,
                    behavior: DropBehavior::Restrict,
                });
            }
        }
    }

    /// Views that differ, and those on a relation that does: they are made again at the end.
    fn drop_views(&mut self) {
        for (name, view) in self.now.known_views() {
            let stays = self.to.known_view(&name).is_some_and(|wanted| {
                wanted.kind == view.kind
                    && wanted.query == view.query
                    && wanted.reads == view.reads
                    && self.reads_what_stays(&view)
            });
            if !stays && self.now.known_view(&name).is_some() {
                self.emit(Change::DropView {
                    drop: cascade(&name),
                    kind: view.kind,
                });
            }
        }
    }

    fn reads_what_stays(&self, view: &View) -> bool {
        let ViewReads::Relations(relations) = &view.reads else {
            return false;
        };
        relations.iter().all(|name| {
            let columns = |schema: &crate::schema::Schema| {
                schema.known_table(name).map(|table| table.columns.clone())
            };
            match self.now.relations.get(name).map(|known| &known.value) {
                Some(Relation::Table(_)) => columns(&self.now) == columns(self.to),
                Some(Relation::View(view)) => self
                    .to
                    .known_view(name)
                    .is_some_and(|to| to.query == view.query && self.reads_what_stays(view)),
                Some(Relation::Index(_) | Relation::Sequence(_)) | None => false,
            }
        })
    }

    fn drop_constraints(&mut self, foreign_keys: bool) {
        for (table, known) in self.now.known_tables() {
            for (name, constraint) in &known.constraints {
                let is_foreign_key = matches!(constraint.value.kind, ConstraintKind::ForeignKey(_));
                let stays = self
                    .to
                    .known_constraint(&table, name)
                    .is_some_and(|wanted| {
                        same_constraint(wanted, &constraint.value)
                            && (wanted.validity == constraint.value.validity
                                || wanted.validity == Validity::Valid)
                    });
                if is_foreign_key == foreign_keys && !stays {
                    self.emit(Change::DropConstraint {
                        table: WrittenName::from(&table),
                        constraint: name.clone(),
                        if_exists: IfExists::No,
                        behavior: DropBehavior::Cascade,
                    });
                }
            }
        }
    }

    fn drop_indexes(&mut self) {
        for (name, index) in self.now.known_indexes() {
            let stays = self
                .to
                .known_index(&name)
                .is_some_and(|wanted| same_index(wanted, &index));
            if !stays && index.backs.is_none() {
                self.emit(Change::DropIndex {
                    drop: cascade(&name),
                    build: Build::Blocking,
                });
            }
        }
    }

    /// Defaults, identities and expressions that differ: a sequence may depend on them.
    fn drop_supplies(&mut self) {
        for (table, known) in self.now.known_tables() {
            for column in &known.columns {
                let column = &column.value;
                let Some(wanted) = self.to.known_column(&table, &column.name) else {
                    continue;
                };
                if wanted.supply == column.supply || !can_alter(column, wanted) {
                    continue;
                }
                let action = match (&column.supply, &wanted.supply) {
                    (Supply::Identity(_), Supply::Identity(kind)) => {
                        ColumnAction::SetIdentity(*kind)
                    }
                    (Supply::Identity(_), _) => ColumnAction::DropIdentity {
                        if_exists: IfExists::No,
                    },
                    (Supply::Generated(_), _) => ColumnAction::DropExpression {
                        if_exists: IfExists::No,
                    },
                    (Supply::Default(_) | Supply::Serial, _) => ColumnAction::DropDefault,
                    (Supply::Nothing, _) => continue,
                };
                self.alter(&table, &column.name, action);
            }
        }
    }

    fn drop_columns(&mut self) {
        for (table, known) in self.now.known_tables() {
            if self.to.known_table(&table).is_none() {
                continue;
            }
            for column in &known.columns {
                let column = &column.value;
                let stays = self
                    .to
                    .known_column(&table, &column.name)
                    .is_some_and(|wanted| can_alter(column, wanted));
                if !stays {
                    self.emit(Change::DropColumn {
                        table: WrittenName::from(&table),
                        column: column.name.clone(),
                        if_exists: IfExists::No,
                        behavior: DropBehavior::Cascade,
                    });
                }
            }
        }
    }

    fn drop_tables(&mut self) {
        for (name, known) in self.now.known_tables() {
            let stays = self
                .to
                .known_table(&name)
                .is_some_and(|wanted| wanted.partitioning == known.partitioning);
            if !stays {
                self.emit(Change::DropTable(cascade(&name)));
            }
        }
    }

    fn drop_sequences(&mut self) {
        for (name, sequence) in self.now.known_sequences() {
            let stays = self
                .to
                .known_sequence(&name)
                .is_some_and(|wanted| wanted.purpose == sequence.purpose);
            if !stays && sequence.purpose == SequencePurpose::Plain {
                self.emit(Change::DropSequence(cascade(&name)));
            }
        }
    }

    pub(super) fn alter(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        action: ColumnAction,
    ) {
        self.emit(Change::AlterColumn {
            table: WrittenName::from(table),
            column: column.clone(),
            action,
        });
    }
}

fn cascade(name: &RelationName) -> Drop {
    Drop {
        name: WrittenName::from(name),
        if_exists: IfExists::No,
        behavior: DropBehavior::Cascade,
    }
}
