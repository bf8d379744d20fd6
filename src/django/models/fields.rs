//! The fields of a model class: its own, those of abstract ancestors, and those that Django adds.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::class::{ModelClass, Registry};
use super::open;
use crate::django::ancestry::{ancestry, base_of, inherited, name_of};
use crate::django::field::{FieldReader, RelationReader, field_class};
use crate::django::project_state::{
    Base, Field, FieldKind, FieldsKnown, ModelKey, ModelState, NamedField,
};
use crate::django::python::Ancestor;
use crate::django::python::{ClassDefinition, Value, ValueKind};
use crate::schema::Why;

/// What a name in a class body is to Django.
enum Attribute {
    Field(Box<Field>),
    /// It stands in the way of an inherited field.
    Other,
    /// It may be or bring a field.
    Unclear(Why),
}

pub(super) struct FieldCollector<'a> {
    pub(super) registry: &'a Registry<'a>,
    pub(super) class: &'a Arc<ClassDefinition>,
}

impl FieldCollector<'_> {
    pub(super) fn collect(&self, model: &mut ModelState) {
        let is_proxy = model.options.proxy == Ok(true);
        if let Some(why) = self.unclear_base() {
            open::open(model, &why);
        }
        let local = self.local_classes();
        let mut taken = BTreeSet::new();
        let mut levels = Vec::new();
        for class in &local {
            let mut level = Vec::new();
            for (name, value) in &class.body {
                if !taken.insert(Arc::clone(name)) {
                    continue;
                }
                match self.attribute(&model.key, value) {
                    Attribute::Field(field) => level.push((Arc::clone(name), Arc::new(*field))),
                    Attribute::Other => {}
                    Attribute::Unclear(why) => open::open(model, &why),
                }
                contributed(model, value);
            }
            levels.push(level);
        }
        // Ancestors are defined before those that inherit from them.
        let fields: Vec<NamedField> = levels.into_iter().rev().flatten().collect();
        model.fields = fields;
        if !is_proxy {
            add_links(model);
            self.add_key(model);
        }
    }

    /// The class and the ancestors whose fields become its own: abstract models, and plain classes, which only stand
    /// in the way of names. What is reached through a concrete parent alone stays in the parent's table.
    fn local_classes(&self) -> Vec<Arc<ClassDefinition>> {
        let mut reachable = BTreeSet::new();
        self.reach(self.class, 64, &mut reachable);
        ancestry(self.class)
            .into_iter()
            .filter_map(|ancestor| match ancestor {
                Ancestor::Class(class) if reachable.contains(class.name.as_str()) => Some(class),
                _ => None,
            })
            .filter(|class| self.is_local_model(class))
            .collect()
    }

    /// Why it is not known whose the fields of a base are: it may be abstract, or a model with a table of its own.
    fn unclear_base(&self) -> Option<Why> {
        ancestry(self.class).into_iter().find_map(|ancestor| {
            let Ancestor::Class(class) = ancestor else {
                return None;
            };
            match self.registry.classify(&class) {
                ModelClass::Unclear(why) if class.name != self.class.name => Some(why),
                _ => None,
            }
        })
    }

    fn reach(&self, class: &Arc<ClassDefinition>, left: usize, reachable: &mut BTreeSet<String>) {
        let Some(left) = left.checked_sub(1) else {
            return;
        };
        if !reachable.insert(class.name.to_string()) {
            return;
        }
        for base in class.bases.iter().map(base_of) {
            if let Ancestor::Class(parent) = base
                && !matches!(self.registry.classify(&parent), ModelClass::Concrete(_))
            {
                self.reach(&parent, left, reachable);
            }
        }
    }

    /// Fields of classes that are no models stay plain attributes.
    fn is_local_model(&self, class: &Arc<ClassDefinition>) -> bool {
        class.name == self.class.name
            || matches!(self.registry.classify(class), ModelClass::Abstract)
    }

    fn attribute(&self, key: &ModelKey, value: &Value) -> Attribute {
        let call = match &value.kind {
            ValueKind::Call(call) => call,
            ValueKind::Unknown(_) if makes_manager(value) || names_a_class(value) => {
                return Attribute::Other;
            }
            ValueKind::Unknown(why) => return Attribute::Unclear(why.clone()),
            _ => return Attribute::Other,
        };
        let class = field_class(&call.callee, None);
        if class.django.is_ok() {
            return Attribute::Field(Box::new(self.reader(key).read(value)));
        }
        match &call.callee.kind {
            ValueKind::Name(name) => self.named(key, name.as_str(), value),
            ValueKind::Class(defined) => {
                let ancestors = ancestry(defined);
                let is_no_column = ancestors.iter().any(|ancestor| {
                    matches!(ancestor, Ancestor::Name(name) if brings_no_column(name.as_str()))
                });
                let is_field = !is_no_column
                    && ancestors.iter().any(|ancestor| {
                        name_of(ancestor).is_some_and(|name| looks_like_field(name.as_str()))
                    });
                if is_field {
                    return Attribute::Field(Box::new(self.reader(key).read(value)));
                }
                match inherited(&ancestors, "contribute_to_class") {
                    Some((owner, hook)) if open::may_add(hook) => Attribute::Unclear(Why::new(
                        format!("`{}` may add fields to it", owner.name),
                    )),
                    _ => Attribute::Other,
                }
            }
            ValueKind::Unknown(why) => Attribute::Unclear(why.clone()),
            ValueKind::Call(found) if found.is_import_string() => Attribute::Unclear(Why::new(
                "the class that it constructs is imported by a path that is not known",
            )),
            _ => Attribute::Other,
        }
    }

    /// A class known by its path alone.
    fn named(&self, key: &ModelKey, path: &str, value: &Value) -> Attribute {
        if brings_no_column(path) {
            return Attribute::Other;
        }
        if looks_like_field(path) {
            return Attribute::Field(Box::new(self.reader(key).read(value)));
        }
        if path.starts_with("django.") || is_of_python(path) {
            return Attribute::Other;
        }
        Attribute::Unclear(Why::new(format!(
            "`{path}` was not found and may add fields to it"
        )))
    }

    fn reader<'b>(&'b self, key: &'b ModelKey) -> FieldReader<'b> {
        FieldReader {
            relations: RelationReader {
                app_label: &key.app_label,
                model: Some(&key.model_name),
                settings: self.registry.settings,
                classes: self.registry,
            },
            python: self.registry.python,
        }
    }

    /// The key of an open model may come by the way that is open, and migrations know it: they were made from the
    /// model with all its fields.
    fn add_key_of_migrations(&self, model: &mut ModelState) {
        let Some(migrated) = self.registry.migrated else {
            return;
        };
        if let Ok((name, field)) = migrated.primary_key(&model.key)
            && !model.fields.iter().any(|(taken, _)| *taken == name)
        {
            let field = Field {
                origin: model.origin.clone(),
                ..(*field).clone()
            };
            model.fields.insert(0, (name, Arc::new(field)));
        }
    }

    /// `id`, of the class that the app or the settings name.
    fn add_key(&self, model: &mut ModelState) {
        let has_key = model
            .fields
            .iter()
            .any(|(_, field)| field.primary_key != Ok(false));
        let has_parent = model
            .bases
            .iter()
            .any(|base| matches!(base, Base::Model(_)));
        if has_key || has_parent {
            return;
        }
        if model.fields_known != FieldsKnown::All {
            self.add_key_of_migrations(model);
            return;
        }
        let settings = self.registry.settings;
        let kind = settings
            .app_auto_fields
            .get(&model.key.app_label)
            .unwrap_or(&settings.default_auto_field);
        let field = match kind {
            Ok(kind) => Field::automatic_key(*kind, &model.origin),
            Err(why) => Field {
                kind: Err(why.clone()),
                ..Field::automatic_key(FieldKind::BigAuto, &model.origin)
            },
        };
        model.fields.insert(0, ("id".into(), Arc::new(field)));
    }
}

/// Fields whose `contribute_to_class` brings others along.
fn contributed(model: &mut ModelState, value: &Value) {
    let ValueKind::Call(call) = &value.kind else {
        return;
    };
    let ValueKind::Class(class) = &call.callee.kind else {
        return;
    };
    if field_class(&call.callee, None).django.is_err() {
        return;
    }
    if let Some((owner, hook)) = inherited(&ancestry(class), "contribute_to_class")
        && open::may_add(hook)
    {
        let why = Why::new(format!(
            "the field class `{}` may bring other fields",
            owner.name
        ));
        open::open(model, &why);
    }
}

/// Why it is not known whether a field that points at a parent is its link.
fn unread_link(model: &ModelState, parent: &ModelKey) -> Option<Why> {
    let links = model.fields.iter().filter(|(_, field)| {
        field.kind == Ok(FieldKind::OneToOne)
            && field
                .relation
                .as_ref()
                .is_some_and(|relation| relation.to.as_ref() == Ok(parent))
    });
    links
        .flat_map(|(_, field)| &field.call.keywords)
        .filter(|(name, _)| &**name == "parent_link")
        .find_map(|(_, value)| value.why_unknown().cloned())
}

/// `parent_ptr` for every concrete parent that no OneToOneField of the model with `parent_link` points at
/// (`ModelBase.__new__` in `django/db/models/base.py`).
fn add_links(model: &mut ModelState) {
    let parents = model
        .bases
        .iter()
        .filter_map(|base| match base {
            Base::Model(key) => Some(key.clone()),
            Base::Class(_) => None,
        })
        .collect::<Vec<_>>();
    for parent in parents {
        let has_key = model
            .fields
            .iter()
            .any(|(_, field)| field.primary_key == Ok(true));
        let unread = unread_link(model, &parent);
        let link = model.fields.iter_mut().find(|(_, field)| {
            field.kind == Ok(FieldKind::OneToOne)
                && field.relation.as_ref().is_some_and(|relation| {
                    relation.parent_link && relation.to.as_ref() == Ok(&parent)
                })
        });
        match (link, unread) {
            // A link that is written out becomes the key when nothing else is (`Options._prepare`).
            (Some((_, field)), _) if !has_key => Arc::make_mut(field).primary_key = Ok(true),
            (Some(_), _) => {}
            (None, Some(why)) => open::open(model, &why),
            (None, None) => {
                let mut field = Field::parent_link(&parent, &model.origin);
                field.primary_key = Ok(!has_key);
                let name = format!("{}_ptr", parent.model_name);
                model.fields.insert(0, (name.into(), Arc::new(field)));
            }
        }
    }
}

/// What Python itself brings makes no fields: its own modules, as far as they stand in model bodies.
fn is_of_python(path: &str) -> bool {
    let module = path.split('.').next().unwrap_or(path);
    !path.contains('.')
        || matches!(
            module,
            "builtins"
                | "abc"
                | "ast"
                | "asyncio"
                | "base64"
                | "collections"
                | "contextlib"
                | "contextvars"
                | "copy"
                | "dataclasses"
                | "datetime"
                | "decimal"
                | "enum"
                | "fractions"
                | "functools"
                | "hashlib"
                | "ipaddress"
                | "itertools"
                | "json"
                | "logging"
                | "math"
                | "operator"
                | "os"
                | "pathlib"
                | "random"
                | "re"
                | "secrets"
                | "string"
                | "sys"
                | "threading"
                | "time"
                | "types"
                | "typing"
                | "urllib"
                | "uuid"
                | "warnings"
                | "weakref"
                | "zoneinfo"
        )
}

/// Managers are often made by calls that are not followed; they bring no columns.
fn makes_manager(value: &Value) -> bool {
    let text = value.origin.file.slice(value.origin.span);
    text.contains("from_queryset") || text.contains("as_manager") || text.contains("Manager(")
}

/// `stripe_class = APIResource`: a class by its name (in capitals as PEP 8 writes it) is no field, wherever it comes
/// from; Django asks instances alone to contribute to a model (`_has_contribute_to_class` in
/// `django/db/models/base.py`).
fn names_a_class(value: &Value) -> bool {
    let text = value.origin.file.slice(value.origin.span);
    let is_path = text
        .chars()
        .all(|character| character.is_alphanumeric() || character == '_' || character == '.');
    let last = text.rsplit('.').next().unwrap_or(text);
    is_path
        && last.starts_with(char::is_uppercase)
        && last.contains(char::is_lowercase)
        && !last.contains('_')
}

/// Classes that stand in model bodies and have no column in the model's table.
fn brings_no_column(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    last.ends_with("Manager")
        || last.ends_with("QuerySet")
        || matches!(
            last,
            "GenericForeignKey"
                | "GenericRelation"
                | "FieldTracker"
                | "HistoricalRecords"
                | "cached_property"
                | "property"
                | "as_manager"
                | "from_queryset"
        )
}

fn looks_like_field(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    last.ends_with("Field") || last.ends_with("Key")
}
