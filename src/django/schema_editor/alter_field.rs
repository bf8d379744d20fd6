//! `alter_field` and `_alter_field`: everything that may differ between two columns, in Django's order.

use std::sync::Arc;

use super::constraints::foreign_key_named;
use super::fields::with_default_of;
use super::holes::is_hole;
use super::introspection::Wanted;
use super::model::{Column, ManyToMany, Model, Models};
use super::relations::Incoming;
use super::template::{GeneratedName, GeneratedNameKind, Template};
use super::{SchemaEditor, States};
use crate::django::expressions::quote_name;
use crate::django::field::{FieldSide, same, should_be_altered};
use crate::django::names::NameSuffix;
use crate::django::project_state::{Field, FieldDetail};
use crate::schema::Why;

/// A column before and after.
pub(super) struct Alteration<'a> {
    pub from: &'a Models<'a>,
    pub to: &'a Models<'a>,
    /// The model before: where the table stands.
    pub model: &'a Model,
    pub old: &'a Column,
    pub new: &'a Column,
}

impl Alteration<'_> {
    pub(super) fn table(&self) -> String {
        quote_name(&self.model.table)
    }

    pub(super) fn became_primary_key(&self) -> bool {
        !self.old.primary_key && self.new.primary_key
    }

    fn writes_type(&self) -> bool {
        self.old.data_type != self.new.data_type || self.old.collation != self.new.collation
    }

    /// Whether the type or the collation before or after is not known.
    fn hides_type(&self) -> bool {
        [self.old, self.new].iter().any(|column| {
            is_hole(&column.data_type) || column.collation.as_deref().is_some_and(is_hole)
        })
    }

    /// Whether it certainly does.
    fn type_or_collation_changes(&self) -> bool {
        self.writes_type() && !self.hides_type()
    }

    /// Whether the column may get another type, or keep its own.
    pub(super) fn may_change_type(&self) -> bool {
        self.writes_type() && self.hides_type()
    }

    /// What `_alter_column_type_sql` is for.
    pub(super) fn changes_type_or_comment(&self) -> bool {
        self.writes_type()
            || self.old.suffix != self.new.suffix
            || self.old.comment != self.new.comment
    }

    /// Foreign keys that point here are in the way of a new type.
    pub(super) fn drops_incoming_keys(&self) -> bool {
        self.is_referred_to() && self.type_or_collation_changes()
    }

    pub(super) fn is_referred_to(&self) -> bool {
        (self.old.primary_key && self.new.primary_key) || (self.old.unique && self.new.unique)
    }

    /// Why it is not known what becomes of the column: a part of it is not known, or its class or its name before or
    /// after.
    fn doubt(&self) -> Option<Why> {
        let (old, new) = (self.old, self.new);
        if let Some(why) = old.doubt.as_ref().or(new.doubt.as_ref()) {
            return Some(why.clone());
        }
        if let (Ok(_), Err(why)) | (Err(why), Ok(_)) = (&old.field.kind, &new.field.kind) {
            return Some(why.clone());
        }
        let hides_name = is_hole(&old.column) != is_hole(&new.column);
        hides_name.then(|| Why::new("the name of the column is not known before and after"))
    }

    pub(super) fn constrained(column: &Column) -> bool {
        column
            .target
            .as_ref()
            .is_some_and(|target| target.constrained)
    }
}

impl SchemaEditor<'_> {
    /// `AlterField.database_forwards` and `RenameField.database_forwards`.
    pub(super) fn alter_field(
        &mut self,
        model_name: &str,
        (old_name, new_name, given): (&Arc<str>, &Arc<str>, Option<&Arc<Field>>),
        states: &States<'_>,
    ) {
        let key = self.key(model_name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let from = states.from.model_with(&key, &[old_name]);
        let mut to = states.to.model_with(&key, &[new_name]);
        if let Some(given) = given {
            for column in to
                .columns
                .iter_mut()
                .filter(|column| column.name == *new_name)
            {
                column.field = with_default_of(&column.field, given);
            }
        }
        self.alter_one((&from, &to), (old_name, new_name), states);
    }

    /// `alter_field` for a field of a model before and after.
    pub(super) fn alter_one(
        &mut self,
        (from, to): (&Model, &Model),
        (old_name, new_name): (&str, &str),
        states: &States<'_>,
    ) {
        match (from.column(old_name), to.column(new_name)) {
            (Some(old), Some(new)) => {
                let alteration = Alteration {
                    from: &states.from,
                    to: &states.to,
                    model: if from.key == to.key { from } else { to },
                    old,
                    new,
                };
                self.alter_column(&alteration);
            }
            (None, None) => {
                let fields = (from.many_to_many(old_name), to.many_to_many(new_name));
                if let (Some(old), Some(new)) = fields {
                    self.alter_many_to_many_field(old, new, states);
                } else if let Some(why) = from.doubt.as_ref().or(to.doubt.as_ref()) {
                    self.doubt(&from.table, why);
                }
            }
            // Django refuses to turn a column into a many-to-many field.
            (Some(_), None) | (None, Some(_)) => {}
        }
    }

    fn alter_many_to_many_field(
        &mut self,
        old: &ManyToMany,
        new: &ManyToMany,
        states: &States<'_>,
    ) {
        let altered = should_be_altered(
            side(&states.from, &old.name, &old.field),
            side(&states.to, &new.name, &new.field),
            self.dialect.0,
        );
        if let (Some(old), Some(new)) = (&old.through, &new.through)
            && altered != Ok(false)
        {
            self.alter_many_to_many(old, new, states);
        }
    }

    /// `_alter_many_to_many`: the table and its two sides.
    pub(super) fn alter_many_to_many(&mut self, old: &Model, new: &Model, states: &States<'_>) {
        self.rename_table(&old.table, &new.table);
        // The side of the target first, then the own one.
        for place in [2, 1] {
            if let (Some(old), Some(new_column)) = (old.columns.get(place), new.columns.get(place))
            {
                self.alter_column(&Alteration {
                    from: &states.from,
                    to: &states.to,
                    model: new,
                    old,
                    new: new_column,
                });
            }
        }
    }

    fn alter_column(&mut self, alteration: &Alteration<'_>) {
        let (old, new) = (alteration.old, alteration.new);
        let (state, key) = (alteration.from.state, &alteration.model.key);
        if let Some(why) = state.doubt_of_field(key, &old.name).cloned() {
            self.doubt(&alteration.model.table, &why);
            return self.doubt_dependent(alteration, &why);
        }
        let altered = should_be_altered(
            side(alteration.from, &old.name, &old.field),
            side(alteration.to, &new.name, &new.field),
            self.dialect.0,
        );
        if altered == Ok(false) {
            return;
        }
        if let Some(why) = alteration.doubt() {
            self.doubt(&alteration.model.table, &why);
            return self.doubt_dependent(alteration, &why);
        }
        // A foreign key that may or may not be made again is the same afterwards.
        if altered.is_err() && !Self::differs_visibly(alteration) {
            return self.perhaps_alter_type(alteration);
        }
        match Self::modifies_generated(alteration) {
            Some(false) => {}
            Some(true) => return,
            None => {
                let why = Why::new("the expression of the generated column is not known");
                return self.doubt(&alteration.model.table, &why);
            }
        }
        self.alter_physically(alteration);
    }

    /// Django refuses to give a generated column another definition, and to make one of another column or back.
    ///
    /// `None`: it is not known whether the definition is another.
    fn modifies_generated(alteration: &Alteration<'_>) -> Option<bool> {
        let (old, new) = (alteration.old, alteration.new);
        if !old.is_generated() && !new.is_generated() {
            return Some(false);
        }
        let key = &alteration.model.key;
        let sql = |models: &Models<'_>, column: &Column| models.generation(key, &column.field);
        match (sql(alteration.from, old), sql(alteration.to, new)) {
            (Some(old), Some(new)) => Some(old != new),
            (_, None) | (None, Some(_)) => {
                Self::have_the_same_expression(&old.field, &new.field).map(|same| !same)
            }
        }
    }

    fn have_the_same_expression(old: &Field, new: &Field) -> Option<bool> {
        let parts = |field: &Field| match &field.detail {
            FieldDetail::Generated {
                expression,
                persisted,
                ..
            } => Some((expression.clone(), persisted.clone().ok()?)),
            FieldDetail::Plain
            | FieldDetail::Array { .. }
            | FieldDetail::CompositePrimaryKey { .. } => None,
        };
        if let (Some((old, old_persisted)), Some((new, new_persisted))) = (parts(old), parts(new)) {
            return Some(same(&old, &new)? && old_persisted == new_persisted);
        }
        let is_generated = |field: &Field| matches!(field.detail, FieldDetail::Generated { .. });
        (!is_generated(old) || !is_generated(new)).then_some(false)
    }

    /// The type alone, where that is not known to stay.
    fn perhaps_alter_type(&mut self, alteration: &Alteration<'_>) {
        if alteration.may_change_type() {
            self.drop_incoming_keys(alteration);
            let change = self.type_change(alteration);
            let table = alteration.table();
            self.execute(&format!("ALTER TABLE {table} {}", change.fragment));
        }
    }

    /// Whether any part that leads to SQL of its own differs.
    fn differs_visibly(alteration: &Alteration<'_>) -> bool {
        let (old, new) = (alteration.old, alteration.new);
        old.column != new.column
            || alteration.type_or_collation_changes()
            || old.null != new.null
            || old.unique != new.unique
            || old.primary_key != new.primary_key
            || old.db_index != new.db_index
            || old.comment != new.comment
            || old.check.is_some() != new.check.is_some()
            || Alteration::constrained(old) != Alteration::constrained(new)
            || old.field.db_default.is_some() != new.field.db_default.is_some()
    }

    /// `_alter_field`.
    fn alter_physically(&mut self, alteration: &Alteration<'_>) {
        let dropped_keys = self.drop_own_foreign_keys(alteration);
        self.drop_own_unique(alteration);
        let incoming = self.drop_incoming_keys(alteration);
        self.drop_own_index(alteration);
        self.drop_own_check(alteration);
        self.rename_column(alteration);
        let default_to_drop = self.alter_type_and_default(alteration);
        if alteration.old.primary_key && !alteration.new.primary_key {
            for name in self.names_over(&alteration.model.table, None, Wanted::PrimaryKey) {
                self.drop_constraint(&alteration.model.table, &name);
            }
        }
        self.add_unique_and_index(alteration);
        let incoming = self.follow_key(alteration, incoming);
        self.add_own_foreign_key(alteration, dropped_keys);
        for key in incoming.iter().filter(|_| alteration.drops_incoming_keys()) {
            let suffix = GeneratedNameKind::Suffix(NameSuffix::RecreatedForeignKey);
            if Alteration::constrained(&key.column)
                && let Some(template) = foreign_key_named(&key.owner, &key.column, suffix)
            {
                self.execute_template(&template);
            }
        }
        self.add_own_check(alteration);
        if default_to_drop {
            let (table, column) = (alteration.table(), alteration.new.quoted());
            self.execute(&format!(
                "ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT"
            ));
        }
        self.alter_like_index(alteration);
    }

    fn rename_column(&mut self, alteration: &Alteration<'_>) {
        let (old, new) = (&alteration.old.column, &alteration.new.column);
        if old == new {
            return;
        }
        let (from, to) = (quote_name(old), quote_name(new));
        let table = alteration.table();
        self.execute(&format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}"));
        for deferred in &mut self.deferred {
            deferred
                .template
                .rename_column(&alteration.model.table, old, new);
        }
    }

    /// The new primary key, and the columns that point at a key whose type changed.
    fn follow_key(
        &mut self,
        alteration: &Alteration<'_>,
        mut incoming: Vec<Incoming>,
    ) -> Vec<Incoming> {
        let (new, model) = (alteration.new, alteration.model);
        if alteration.became_primary_key() {
            let columns = [Arc::clone(&new.column)];
            let name = GeneratedName {
                table: Arc::clone(&model.table),
                columns: columns.to_vec(),
                kind: GeneratedNameKind::Suffix(NameSuffix::PrimaryKey),
            }
            .render();
            let template = Template::default()
                .text("ALTER TABLE ")
                .table(&model.table)
                .text(format!(" ADD CONSTRAINT {name} PRIMARY KEY ("))
                .columns(&model.table, &columns)
                .text(")");
            self.execute_template(&template);
            incoming.extend(alteration.to.dependent_keys(&model.key, new));
        }
        for key in &incoming {
            let old = alteration.from.dependent_column(key);
            let rel = Alteration {
                from: alteration.from,
                to: alteration.to,
                model: &key.owner,
                old: old.as_ref().unwrap_or(&key.column),
                new: &key.column,
            };
            let change = self.type_change(&rel);
            let table = rel.table();
            self.execute(&format!("ALTER TABLE {table} {}", change.fragment));
            for statement in change.afterwards {
                self.execute(&statement);
            }
        }
        incoming
    }
}

pub(super) fn side<'a>(models: &'a Models<'_>, name: &'a str, field: &'a Field) -> FieldSide<'a> {
    FieldSide {
        state: models.state,
        name,
        field,
    }
}
