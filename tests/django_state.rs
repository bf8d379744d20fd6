//! States and models as we read them against what real Django makes of the same files:
//! `tests/django_state/generate.py`.

#![allow(
    clippy::expect_used,
    reason = "a failure here is a failure of the test"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hhschema::django::field::Columns;
use hhschema::django::migration::{MigrationKey, Ownership};
use hhschema::django::models::{ProjectModels, app_models, read_models};
use hhschema::django::project_state::{
    Base, Field, FieldKind, FieldsKnown, ModelState, ProjectState, StateSettings,
};
use hhschema::django::python::{Python, SearchPath, Static, ValueKind};
use hhschema::django::read::{MigrationContext, MigrationFile, read_migration};
use hhschema::django::state_forwards::state_forwards;
use hhschema::django::version::DjangoVersion;
use serde_json::{Map, Value, json};

const ORDER: [(&str, &str); 4] = [
    ("people", "0001_initial"),
    ("garden", "0001_initial"),
    ("garden", "0002_rename"),
    ("people", "0002_mail"),
];

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/django_state/project")
}

fn facts() -> Value {
    serde_json::from_str(include_str!("django_state/facts.json")).expect("the generated file")
}

fn settings() -> StateSettings {
    StateSettings {
        default_auto_field: Ok(FieldKind::BigAuto),
        app_auto_fields: [("people".into(), Ok(FieldKind::Auto))].into(),
        ..StateSettings::of(DjangoVersion::V5_2)
    }
}

fn known<T: Into<Value>>(value: Static<T>) -> Value {
    match value {
        Ok(value) => value.into(),
        Err(why) => json!({ "unknown": why.as_str() }),
    }
}

fn optional(value: Static<Option<Arc<str>>>) -> Value {
    known(value.map(|value| value.map_or(Value::Null, |text| Value::from(&*text))))
}

fn sorted<T: Ord + Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    let mut items = items.into_iter().collect::<Vec<_>>();
    items.sort();
    items.into_iter().map(Into::into).collect()
}

fn field(state: &ProjectState, name: &str, field: &Field) -> Value {
    let columns = Columns {
        state,
        version: DjangoVersion::V5_2,
    };
    let column = field.column(name).ok().flatten();
    json!({
        "column": optional(field.column(name)),
        "db_type": match field.kind {
            Ok(FieldKind::ManyToMany) => Value::Null,
            _ => optional(columns.db_type(field)),
        },
        "check": optional(columns.db_check(field, column.as_deref().unwrap_or(name))),
        "null": known(field.null.clone()),
        "unique": known(field.unique.clone()),
        "db_index": known(field.db_index.clone()),
        "primary_key": known(field.primary_key.clone()),
        "default": field.default.is_some(),
        "to": field.relation.as_ref().map(|relation| known(relation.to.clone().map(|to| to.to_string()))),
        "through": field.relation.as_ref().and_then(|relation| relation.through.clone().expect("it is known")).map(|key| key.to_string()),
    })
}

fn together(groups: &Static<Vec<Vec<Arc<str>>>>) -> Value {
    let groups = groups.clone().map(|groups| {
        let mut groups = groups
            .iter()
            .map(|group| group.iter().map(ToString::to_string).collect::<Vec<_>>())
            .collect::<Vec<_>>();
        groups.sort();
        json!(groups)
    });
    known(groups)
}

fn model(state: &ProjectState, model: &ModelState) -> Value {
    assert_eq!(model.fields_known, FieldsKnown::All, "{}", model.key);
    let fields = state
        .local_fields(&model.key)
        .expect("its fields are known");
    let names = |list: Vec<String>| sorted(list);
    let indexes = model.options.indexes.clone().expect("known indexes");
    let constraints = model
        .options
        .constraints
        .clone()
        .expect("known constraints");
    json!({
        "name": &*model.name,
        "table": known(state.table_name(&model.key).map(|table| table.to_string())),
        "managed": known(model.options.managed.clone()),
        "proxy": known(model.options.proxy.clone()),
        "state_fields": sorted(model.fields.iter().map(|(name, _)| name.to_string())),
        "fields": fields
            .iter()
            .map(|(name, each)| (name.to_string(), field(state, name, each)))
            .collect::<Map<_, _>>(),
        "unique_together": together(&model.options.unique_together),
        "index_together": together(&model.options.index_together),
        "indexes": names(indexes.iter().map(|index| format!("{}", index.name.clone().expect("a name").expect("a name"))).collect()),
        "constraints": names(constraints.iter().map(|constraint| constraint.name.clone().expect("a name").to_string()).collect()),
        "order_with_respect_to": optional(model.options.order_with_respect_to.clone()),
        "parents": model
            .bases
            .iter()
            .filter_map(|base| match base {
                Base::Model(key) => Some(Value::from(key.to_string())),
                Base::Class(_) => None,
            })
            .collect::<Vec<_>>(),
    })
}

/// Every difference, by path, so that a failure names what is wrong.
fn differences(path: &str, django: &Value, ours: &Value, found: &mut Vec<String>) {
    match (django, ours) {
        (Value::Object(django), Value::Object(ours)) => {
            for key in django
                .keys()
                .chain(ours.keys().filter(|key| !django.contains_key(*key)))
            {
                let null = Value::Null;
                let (django, ours) = (django.get(key), ours.get(key));
                if django.is_none() || ours.is_none() {
                    found.push(format!(
                        "{path}/{key}: Django {} / we {}",
                        django.is_some(),
                        ours.is_some()
                    ));
                    continue;
                }
                differences(
                    &format!("{path}/{key}"),
                    django.unwrap_or(&null),
                    ours.unwrap_or(&null),
                    found,
                );
            }
        }
        _ if django != ours => found.push(format!("{path}: Django {django} / we {ours}")),
        _ => {}
    }
}

fn dump(state: &ProjectState) -> Value {
    let models = state
        .models()
        .map(|each| (each.key.to_string(), model(state, each)))
        .collect::<Map<_, _>>();
    Value::Object(models)
}

#[test]
fn migrations_lead_to_the_states_of_django() {
    let root = project();
    let python = Python::new(SearchPath::new(vec![root.clone()], Vec::new()));
    let settings = settings();
    let context = MigrationContext {
        settings: &settings,
        python: Some(&python),
    };
    let mut state = ProjectState::new(Arc::new(settings.clone()));
    let facts = facts();
    let mut found = Vec::new();
    for (app, name) in ORDER {
        let module = python
            .module(&root.join(app).join("migrations").join(format!("{name}.py")))
            .expect("a migration");
        let class = match python.binding(&module, "Migration").map(|value| value.kind) {
            Some(ValueKind::Class(class)) => class,
            other => panic!("{app}.{name} has no class: {other:?}"),
        };
        let file = MigrationFile {
            key: MigrationKey::new(app, name),
            file: Arc::clone(&module.file),
            ownership: Ownership::Project,
        };
        for operation in &read_migration(&file, &class, context).operations {
            state_forwards(&mut state, app, operation).expect("Django carries it out");
        }
        let key = format!("{app}.{name}");
        differences(&key, &facts["migrations"][&key], &dump(&state), &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn models_are_the_state_that_django_makes_of_them() {
    let python = Python::new(SearchPath::new(vec![project()], Vec::new()));
    let settings = Arc::new(settings());
    let apps = [
        app_models(&python, "people", "people", &[]),
        app_models(&python, "garden", "garden", &[]),
    ];
    let (state, problems) = read_models(ProjectModels {
        apps: &apps,
        unlinted: &[],
        settings: &settings,
        python: Some(&python),
        migrated: None,
    });
    assert!(problems.is_empty(), "{problems:?}");
    let mut found = Vec::new();
    differences("models", &facts()["models"], &dump(&state), &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
