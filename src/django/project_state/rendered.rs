//! What a state becomes when Django makes models of it: keys that nobody wrote out, `_order`, tables and
//! columns with their names, fields that come down from parents.
//!
//! `django/db/models/options.py` (`_prepare`, `contribute_to_class`) and `base.py` (`ModelBase.__new__`), 4.2 to 6.0.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Base, Field, FieldKey, FieldKind, FieldsKnown, ModelKey, ModelState, ProjectState};
use crate::django::names;
use crate::django::python::Static;
use crate::schema::{Lookup, Why};

/// A field by its name.
pub type NamedField = (Arc<str>, Arc<Field>);

/// A field that a model has of its own or from a parent.
#[derive(Debug, Clone)]
pub struct FoundField {
    /// The model whose table has the column, and the field's name there.
    pub key: FieldKey,
    pub field: Arc<Field>,
}

impl Field {
    /// The column of a field called `name`; `Ok(None)`: it has none (`get_attname_column`).
    pub fn column(&self, name: &str) -> Static<Option<Arc<str>>> {
        if let Ok(kind) = self.kind
            && !kind.has_column()
        {
            return Ok(None);
        }
        if let Some(given) = self.db_column.clone()? {
            return Ok(Some(given));
        }
        // A class of its own kind that says its type is no relation.
        if self.relation.is_none() && matches!(self.db_type, Some(Ok(Some(_)))) {
            return Ok(Some(name.into()));
        }
        match self.kind.clone()? {
            FieldKind::ForeignKey | FieldKind::OneToOne => Ok(Some(format!("{name}_id").into())),
            _ => Ok(Some(name.into())),
        }
    }

    pub fn is_many_to_many(&self) -> bool {
        self.kind == Ok(FieldKind::ManyToMany)
    }

    /// Whether Django makes an index of its own for it (`_field_should_be_indexed`).
    pub fn should_be_indexed(&self) -> Static<bool> {
        Ok(self.db_index.clone()? && !self.unique.clone()?)
    }
}

impl FieldKind {
    /// Whether a field of the kind stands in a column of its model's own table.
    pub fn has_column(self) -> bool {
        !matches!(
            self,
            Self::ManyToMany | Self::ForeignObject | Self::CompositePrimaryKey
        )
    }

    /// AutoField and its siblings.
    pub fn is_auto(self) -> bool {
        matches!(self, Self::Auto | Self::BigAuto | Self::SmallAuto)
    }

    pub fn is_foreign_key(self) -> bool {
        matches!(self, Self::ForeignKey | Self::OneToOne)
    }
}

impl ModelState {
    /// The table, when the model has one of its own: `db_table`, or what Django makes of app and model.
    pub fn own_table_name(&self) -> Static<Arc<str>> {
        let given = self.options.db_table.clone()?;
        Ok(match given.filter(|table| !table.is_empty()) {
            // Only the name that Django makes is cut by Django; this one the server cuts.
            Some(table) => table,
            None => names::default_table_name(&self.key.app_label, &self.key.model_name).into(),
        })
    }

    fn parents(&self) -> impl Iterator<Item = &ModelKey> {
        self.bases.iter().filter_map(|base| match base {
            Base::Model(parent) => Some(parent),
            Base::Class(_) => None,
        })
    }
}

impl ProjectState {
    /// The model whose table a model uses: itself, or for a proxy what it stands for.
    pub fn concrete_model(&self, key: &ModelKey) -> Static<&Arc<ModelState>> {
        let mut seen = BTreeSet::new();
        let mut current = key;
        loop {
            let model = self.model(current).ok_or_else(|| self.no_model(current))?;
            if !model.options.proxy.clone()? {
                return Ok(model);
            }
            if !seen.insert(current.clone()) {
                return Err(Why::new(format!("`{key}` is a proxy of itself")));
            }
            current = model
                .parents()
                .next()
                .ok_or_else(|| Why::new(format!("the proxy `{current}` has no parent model")))?;
        }
    }

    /// The model and the proxies that stand for it: a key to any of them is a key to its table.
    pub fn with_proxies(&self, key: &ModelKey) -> Vec<ModelKey> {
        let mut found = vec![key.clone()];
        let mut next = 0;
        while let Some(current) = found.get(next).cloned() {
            for child in self.extended_by(&current) {
                let is_proxy = self
                    .model(child)
                    .is_some_and(|model| model.options.proxy == Ok(true));
                if is_proxy && !found.contains(child) {
                    found.push(child.clone());
                }
            }
            next += 1;
        }
        found
    }

    /// The links of children to this model that nobody wrote out: Django makes them.
    pub fn unwritten_links(&self, key: &ModelKey) -> Vec<FieldKey> {
        self.extended_by(key)
            .filter_map(|child| {
                let model = self.model(child)?;
                let (field, _) = self.automatic_key(model).ok()??;
                let is_written = model.field(&field).is_some();
                let is_proxy = model.options.proxy != Ok(false);
                (!is_written && !is_proxy).then(|| FieldKey {
                    model: child.clone(),
                    field,
                })
            })
            .collect()
    }

    pub fn table_name(&self, key: &ModelKey) -> Static<Arc<str>> {
        self.concrete_model(key)?.own_table_name()
    }

    /// Whether a model has a table that migrations create: managed, no proxy, not swapped out.
    pub fn has_table(&self, key: &ModelKey) -> Static<bool> {
        let model = self.model(key).ok_or_else(|| self.no_model(key))?;
        Ok(model.options.managed.clone()?
            && !model.options.proxy.clone()?
            && !self.is_swapped_out(model)?)
    }

    /// Whether a setting puts another model in this one's place.
    pub fn is_swapped_out(&self, model: &ModelState) -> Static<bool> {
        let Some(setting) = model.options.swappable.clone()? else {
            return Ok(false);
        };
        // A setting that no settings file gives leaves the model in its place (`Options.swapped`).
        Ok(self
            .settings
            .swapped
            .get(&setting)
            .is_some_and(|target| *target != model.key))
    }

    /// The fields of a model's own table and its many-to-many fields, as Django makes them: an automatic
    /// key first, `_order` last.
    pub fn local_fields(&self, key: &ModelKey) -> Static<Vec<NamedField>> {
        let model = self.model(key).ok_or_else(|| self.no_model(key))?;
        let mut fields = model.fields.clone();
        if model.options.proxy.clone()? {
            return Ok(fields);
        }
        if let Some(key_field) = self.automatic_key(model)? {
            fields.retain(|(name, _)| *name != key_field.0);
            fields.insert(0, key_field);
        }
        if model.options.order_with_respect_to.clone()?.is_some() && model.field("_order").is_none()
        {
            fields.push(("_order".into(), Arc::new(Field::order(&model.origin))));
        }
        Ok(fields)
    }

    pub fn primary_key(&self, key: &ModelKey) -> Static<NamedField> {
        let model = self.concrete_model(key)?;
        if let Some(written) = written_key(model)? {
            return Ok(written);
        }
        self.automatic_key(model)?
            .ok_or_else(|| Why::new(format!("no primary key of `{key}` is known")))
    }

    /// The key that Django adds where no field is one: the link to the first parent, else `id`.
    fn automatic_key(&self, model: &ModelState) -> Static<Option<NamedField>> {
        if written_key(model)?.is_some() {
            return Ok(None);
        }
        if let FieldsKnown::Open(why) = &model.fields_known {
            return Err(Why::new(format!(
                "the primary key of `{}` may come from what could not be read: {why}",
                model.key
            )));
        }
        if let Some(parent) = model.parents().next() {
            return Ok(Some(self.parent_link(model, parent)));
        }
        if let Some(why) = self.doubt(&model.key.app_label) {
            return Err(Why::new(format!(
                "the primary key of `{}` may come from what could not be read: {why}",
                model.key
            )));
        }
        let field = Field::automatic_key_of(&self.settings.default_auto_field, &model.origin);
        Ok(Some(("id".into(), Arc::new(field))))
    }

    fn parent_link(&self, model: &ModelState, parent: &ModelKey) -> NamedField {
        let target = self
            .concrete_model(parent)
            .map_or_else(|_| parent.clone(), |concrete| concrete.key.clone());
        let written = model.fields.iter().find(|(_, field)| {
            field.kind == Ok(FieldKind::OneToOne)
                && field.relation.as_ref().is_some_and(|relation| {
                    relation.parent_link && relation.to.as_ref() == Ok(&target)
                })
        });
        let (name, mut field) = match written {
            Some((name, field)) => (Arc::clone(name), (**field).clone()),
            None => (
                format!("{}_ptr", target.model_name).into(),
                Field::parent_link(&target, &model.origin),
            ),
        };
        field.primary_key = Ok(true);
        field.unique = Ok(true);
        (name, Arc::new(field))
    }

    /// One of [`Self::local_fields`] by its name.
    fn local_field(&self, model: &ModelState, name: &str) -> Static<Option<NamedField>> {
        let own = || {
            let own = model.fields.iter().find(|(bound, _)| **bound == *name);
            own.cloned()
        };
        if model.options.proxy.clone()? {
            return Ok(own());
        }
        if let Some(key) = self.automatic_key(model)?
            && *key.0 == *name
        {
            return Ok(Some(key));
        }
        let has_order = model.options.order_with_respect_to.clone()?.is_some();
        let order = || ("_order".into(), Arc::new(Field::order(&model.origin)));
        Ok(own().or_else(|| (has_order && name == "_order").then(order)))
    }

    /// A field by its name in Python, own or inherited from a parent model.
    pub fn find_field(&self, key: &ModelKey, name: &str) -> Lookup<FoundField> {
        self.find_field_below(key, name, &mut Vec::new())
    }

    fn find_field_below<'a>(
        &'a self,
        key: &'a ModelKey,
        name: &str,
        seen: &mut Vec<&'a ModelKey>,
    ) -> Lookup<FoundField> {
        let Some(model) = self.model(key) else {
            return Lookup::Unsure(self.no_model(key));
        };
        if seen.contains(&key) {
            return Lookup::Absent;
        }
        let found = match self.local_field(model, name) {
            Ok(found) => found,
            Err(why) => match model.field(name) {
                Some(field) => Some((name.into(), Arc::clone(field))),
                None => return Lookup::Unsure(why),
            },
        };
        if let Some((name, field)) = found {
            let key = FieldKey {
                model: key.clone(),
                field: name,
            };
            return Lookup::Found(FoundField { key, field });
        }
        let mut unsure = match &model.fields_known {
            FieldsKnown::All => self.doubt(&key.app_label).cloned(),
            FieldsKnown::Open(why) => Some(why.clone()),
        };
        seen.push(key);
        for parent in model.parents() {
            match self.find_field_below(parent, name, seen) {
                Lookup::Found(found) => return Lookup::Found(found),
                Lookup::Absent => {}
                Lookup::Unsure(why) => unsure = unsure.or(Some(why)),
            }
        }
        unsure.map_or(Lookup::Absent, Lookup::Unsure)
    }

    /// The field that a foreign key points at: `to_field`, else the target's primary key.
    pub fn target_field(&self, field: &Field) -> Static<FoundField> {
        let relation = field
            .relation
            .as_ref()
            .ok_or_else(|| Why::new(format!("`{}` has no target", field.class)))?;
        let target = relation.to.clone()?;
        if let Some(name) = relation.to_field.clone()? {
            return match self.find_field(&target, &name) {
                Lookup::Found(found) => Ok(found),
                Lookup::Absent => Err(Why::new(format!("`{target}` has no field `{name}`"))),
                Lookup::Unsure(why) => Err(why),
            };
        }
        let (name, key_field) = self.primary_key(&target)?;
        let model = self.concrete_model(&target)?.key.clone();
        Ok(FoundField {
            key: FieldKey { model, field: name },
            field: key_field,
        })
    }

    /// Why a model that is not in the state cannot be asked about.
    pub(in crate::django) fn no_model(&self, key: &ModelKey) -> Why {
        match self.doubt(&key.app_label) {
            Some(doubt) => Why::new(format!("the model `{key}` is not known: {doubt}")),
            None if self
                .models()
                .any(|model| model.key.app_label == key.app_label) =>
            {
                Why::new(format!(
                    "the model `{key}` is not among those that were read"
                ))
            }
            // The same for all of its models: it is said once.
            None => Why::new(format!(
                "no model of the app `{}` was read before this",
                key.app_label
            )),
        }
    }
}

fn written_key(model: &ModelState) -> Static<Option<NamedField>> {
    for (name, field) in &model.fields {
        if field.primary_key.clone()? {
            return Ok(Some((Arc::clone(name), Arc::clone(field))));
        }
    }
    Ok(None)
}
