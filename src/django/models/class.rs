//! Which classes are models, of which app, and what each becomes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fields::FieldCollector;
use super::{AppModels, ProjectModels, meta, open};
use crate::django::ancestry::{ancestry, base_of, name_of};
use crate::django::discover::UnlintedApp;
use crate::django::field::{ModelClasses, field_class};
use crate::django::project_state::{
    Base, FieldsKnown, ModelKey, ModelState, ProjectState, StateSettings,
};
use crate::django::python::Ancestor;
use crate::django::python::{ClassDefinition, Python, Static, Value, ValueKind};
use crate::schema::Why;

/// What a class is to Django.
#[derive(Debug, Clone)]
pub(super) enum ModelClass {
    Concrete(ModelKey),
    Abstract,
    NoModel,
    /// It may be a model.
    Unclear(Why),
}

/// The apps of a project, to tell which model a class is.
#[derive(Clone, Copy)]
pub(super) struct Registry<'a> {
    apps: &'a [AppModels],
    unlinted: &'a [UnlintedApp],
    /// What the project sets that models depend on.
    pub(super) settings: &'a StateSettings,
    /// To look into functions by; without it none is looked into.
    pub(super) python: Option<&'a Python>,
    /// What the migrations make, where they were read: it tells models from other classes, and fields from other names.
    pub(super) migrated: Option<&'a ProjectState>,
}

/// The bases that are found so far, and the names of the classes that were looked at.
#[derive(Default)]
struct FlatBases {
    seen: BTreeSet<String>,
    bases: Vec<Base>,
}

impl ModelClasses for Registry<'_> {
    fn model_key(&self, class: &Arc<ClassDefinition>) -> Option<ModelKey> {
        match self.classify(class) {
            ModelClass::Concrete(key) => Some(key),
            ModelClass::Abstract | ModelClass::NoModel | ModelClass::Unclear(_) => None,
        }
    }
}

impl<'a> Registry<'a> {
    /// The apps that `project` lists.
    pub(super) fn new(project: &'a ProjectModels<'a>) -> Self {
        Self {
            apps: project.apps,
            unlinted: project.unlinted,
            settings: project.settings,
            python: project.python,
            migrated: project.migrated,
        }
    }

    /// The label of the app that a module lies in: of the longest package that holds it
    /// (`Apps.get_containing_app_config`).
    fn containing_app(&self, class: &ClassDefinition) -> Static<Option<Arc<str>>> {
        let holds = |package: &Arc<str>| {
            let rest = class.name.as_str().strip_prefix(&**package);
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        let apps = self.apps.iter().filter(|app| holds(&app.package));
        let app = apps.max_by_key(|app| app.package.len());
        let unlinted = self.unlinted.iter().filter(|app| holds(&app.name));
        let unlinted = unlinted.max_by_key(|app| app.name.len());
        let longest = app.map_or(0, |app| app.package.len());
        match unlinted {
            Some(unlinted) if unlinted.name.len() > longest => Err(unlinted.why.clone()),
            _ => Ok(app.map(|app| Arc::clone(&app.label))),
        }
    }

    /// What a class is to Django, by its ancestry, its `Meta` and the app that its module lies in.
    pub(super) fn classify(&self, class: &Arc<ClassDefinition>) -> ModelClass {
        let ancestors = ancestry(class);
        let is_model = ancestors
            .iter()
            .any(|ancestor| name_of(ancestor).is_some_and(|name| is_model_root(name.as_str())));
        let unresolved = unresolved_bases(&ancestors);
        if !is_model && unresolved.is_empty() {
            return ModelClass::NoModel;
        }
        let label = match meta::app_label(class) {
            Some(label) => Ok(Some(label)),
            None => self.containing_app(class),
        };
        let key = match label {
            Ok(label) => label.map(|label| ModelKey::new(&label, class.name.last())),
            // An abstract class needs no label.
            Err(_) if meta::is_abstract(class) == Ok(true) => None,
            Err(why) => return ModelClass::Unclear(why),
        };
        if !is_model {
            let in_migrations = key.as_ref().is_some_and(|key| {
                self.migrated
                    .is_some_and(|state| state.model(key).is_some())
            });
            if !in_migrations && !has_fields(class) {
                return ModelClass::NoModel;
            }
        }
        match (meta::is_abstract(class), key) {
            (Ok(true), _) => ModelClass::Abstract,
            (Ok(false), Some(key)) => ModelClass::Concrete(key),
            (Ok(false), None) => ModelClass::NoModel,
            (Err(why), _) => ModelClass::Unclear(why),
        }
    }

    /// The model that a class becomes, with its own fields and those of its abstract bases.
    pub(super) fn model_state(&self, class: &Arc<ClassDefinition>, key: ModelKey) -> ModelState {
        let ancestors = ancestry(class);
        let options = meta::options(class, &key);
        let mut model = ModelState {
            name: class.name.last().into(),
            fields: Vec::new(),
            options,
            bases: self.bases(class),
            origin: class.origin.clone(),
            fields_known: FieldsKnown::All,
            unresolved_bases: unresolved_bases(&ancestors),
            key,
        };
        if let Some(why) = unread_base(&ancestors) {
            model.fields_known = FieldsKnown::Open(why);
        }
        let ways = open::ways_in(&ancestors, self.python);
        if let Some(why) = &ways.any {
            open::open(&mut model, why);
        }
        FieldCollector {
            registry: self,
            class,
        }
        .collect(&mut model);
        for name in &ways.named {
            self.given(&mut model, class, name);
        }
        model
    }

    /// A name that a metaclass gives the class or not: the migrations tell whether it is a field, so that nothing is
    /// reported of that one.
    fn given(&self, model: &mut ModelState, class: &ClassDefinition, name: &Arc<str>) {
        if class.attribute(name).is_some() || model.fields.iter().any(|(own, _)| own == name) {
            return;
        }
        let migrated = self.migrated.and_then(|state| state.model(&model.key));
        let field = migrated.and_then(|migrated| {
            let mut fields = migrated.fields.iter();
            fields.find(|(migrated, _)| migrated == name)
        });
        match field {
            // Another `Meta` means other options.
            _ if &**name == "Meta" => {
                open::open(model, &Why::new("its metaclass may give it another `Meta`"));
            }
            Some((_, field)) if field.primary_key != Ok(false) => {
                open::open(model, &Why::new("its metaclass may give it another key"));
            }
            Some((name, field)) => model.fields.push((Arc::clone(name), Arc::clone(field))),
            None => {}
        }
    }

    /// Concrete parents by key, abstract ones flattened away, the rest by name (`ModelState.from_model`).
    fn bases(&self, class: &Arc<ClassDefinition>) -> Vec<Base> {
        let mut flat = FlatBases::default();
        self.flatten(class, 32, &mut flat);
        flat.bases
    }

    fn flatten(&self, class: &Arc<ClassDefinition>, left: usize, flat: &mut FlatBases) {
        let Some(left) = left.checked_sub(1) else {
            return;
        };
        for base in class.bases.iter().map(base_of) {
            let Some(name) = name_of(&base).map(ToString::to_string) else {
                continue;
            };
            if !flat.seen.insert(name.clone()) {
                continue;
            }
            match &base {
                Ancestor::Class(parent) => match self.classify(parent) {
                    ModelClass::Concrete(key) => flat.bases.push(Base::Model(key)),
                    ModelClass::Abstract => self.flatten(parent, left, flat),
                    ModelClass::NoModel | ModelClass::Unclear(_) => {
                        flat.bases.push(Base::Class(name.into()));
                    }
                },
                Ancestor::Name(_) | Ancestor::Unknown(_) => {
                    flat.bases.push(Base::Class(name.into()));
                }
            }
        }
    }

    /// Models that a statement at module level hands to a registry or gives a field.
    pub(super) fn registered(&self, apps: &[AppModels]) -> BTreeMap<ModelKey, Why> {
        let mut found = BTreeMap::new();
        for module in apps.iter().flat_map(|app| &app.modules) {
            for (model, call) in registrations(module.file.text()) {
                let class = module.bindings.iter().find(|(name, _)| **name == *model);
                let Some((
                    _,
                    Value {
                        kind: ValueKind::Class(class),
                        ..
                    },
                )) = class
                else {
                    continue;
                };
                if let Some(key) = self.model_key(class) {
                    let why = Why::new(format!("`{call}` may add fields to it"));
                    found.entry(key).or_insert(why);
                }
            }
        }
        found
    }
}

/// `Model.add_to_class(...)` and `anything.register(Model, ...)` at the start of a line: the model and the call.
fn registrations(text: &str) -> Vec<(String, String)> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    text.lines()
        .filter(|line| line.starts_with(is_word))
        .filter_map(|line| {
            let (callee, rest) = line.split_once('(')?;
            if callee.is_empty()
                || !callee
                    .chars()
                    .all(|character| is_word(character) || character == '.')
            {
                return None;
            }
            let shown = format!("{callee}(...)");
            if let Some(model) = callee.strip_suffix(".add_to_class") {
                return Some((model.to_owned(), shown));
            }
            let last = callee.rsplit('.').next()?;
            if !last.starts_with("register") && last != "contribute_to_class" {
                return None;
            }
            let model = rest
                .trim_start()
                .split(|character| !is_word(character))
                .next()?;
            (!model.is_empty()).then(|| (model.to_owned(), shown))
        })
        .collect()
}

/// Django's `Model`, and the models of Django that are known by name alone.
pub(super) fn is_model_root(path: &str) -> bool {
    matches!(
        path,
        "django.db.models.Model"
            | "django.db.models.base.Model"
            | "django.contrib.gis.db.models.Model"
    )
}

/// Ancestors outside of all that could be read and that may bring fields.
fn unresolved_bases(ancestors: &[Ancestor]) -> Vec<Arc<str>> {
    ancestors
        .iter()
        .filter_map(|ancestor| match ancestor {
            Ancestor::Name(name) if brings_no_fields(name.as_str()) => None,
            Ancestor::Name(name) => Some(name.as_str().into()),
            Ancestor::Unknown(why) => Some(why.as_str().into()),
            Ancestor::Class(_) => None,
        })
        .collect()
}

/// Why not all is known that a class inherits.
fn unread_base(ancestors: &[Ancestor]) -> Option<Why> {
    ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Name(name) if brings_no_fields(name.as_str()) => None,
        Ancestor::Name(name) => Some(Why::new(format!("its base `{name}` could not be read"))),
        Ancestor::Unknown(why) => Some(Why::new(format!("one of its bases is not known: {why}"))),
        Ancestor::Class(_) => None,
    })
}

/// Classes of Python and of Django that are no models.
fn brings_no_fields(path: &str) -> bool {
    let outside = path.split('.').next().unwrap_or(path);
    is_model_root(path)
        || !path.contains('.')
        || matches!(
            outside,
            "builtins"
                | "abc"
                | "typing"
                | "typing_extensions"
                | "collections"
                | "enum"
                | "functools"
                | "dataclasses"
                | "object"
        )
        // Of what Django itself has outside of its apps, `Model` alone is a model.
        || (path.starts_with("django.") && !path.starts_with("django.contrib."))
}

/// Whether the body constructs a field of Django.
fn has_fields(class: &ClassDefinition) -> bool {
    class.body.iter().any(|(_, value)| match &value.kind {
        ValueKind::Call(call) => field_class(&call.callee, None).django.is_ok(),
        _ => false,
    })
}
