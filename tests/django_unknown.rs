//! What cannot be known of fields, states and models is said, and never taken for absence.

#![allow(
    clippy::expect_used,
    reason = "a failure here is a failure of the test"
)]

use std::sync::Arc;

use hhschema::django::field::{
    FieldReader, FieldSide, NoModelClasses, RelationReader, should_be_altered,
};
use hhschema::django::models::{ProjectModels, app_models, read_models};
use hhschema::django::operation::Operation;
use hhschema::django::project_state::{
    Field, FieldKey, FieldsKnown, ModelKey, ProjectState, StateSettings,
};
use hhschema::django::python::{Python, SearchPath};
use hhschema::django::read::OperationReader;
use hhschema::django::state_forwards::{StateError, state_forwards};
use hhschema::django::version::DjangoVersion;
use hhschema::schema::Lookup;

/// A folder with files, read as a project.
struct Files {
    folder: tempfile::TempDir,
    python: Python,
}

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        let python = Python::new(SearchPath::new(vec![folder.path().to_owned()], Vec::new()));
        Self { folder, python }
    }

    fn field(&self, name: &str) -> Field {
        let settings = StateSettings::default();
        let reader = FieldReader {
            relations: RelationReader {
                app_label: "shop",
                model: Some("order"),
                settings: &settings,
                classes: &NoModelClasses,
            },
            python: Some(&self.python),
        };
        let module = self
            .python
            .module(&self.folder.path().join("fields.py"))
            .expect("fields.py");
        reader.read(
            &self
                .python
                .binding(&module, name)
                .expect("the name is bound"),
        )
    }

    fn models(&self) -> ProjectState {
        self.models_after(None)
    }

    fn models_after(&self, migrated: Option<&ProjectState>) -> ProjectState {
        let apps = [app_models(&self.python, "shop", "shop", &[])];
        let project = ProjectModels {
            apps: &apps,
            unlinted: &[],
            settings: &Arc::new(StateSettings::default()),
            python: Some(&self.python),
            migrated,
        };
        read_models(project).0
    }

    /// Carries the operations of `operations.py` out; what each of them said.
    fn carried_out(&self, state: &mut ProjectState) -> Vec<Result<(), StateError>> {
        let module = self
            .python
            .module(&self.folder.path().join("operations.py"))
            .expect("operations.py");
        let value = self
            .python
            .binding(&module, "operations")
            .expect("operations");
        let reader = OperationReader {
            app_label: "shop",
            settings: &StateSettings::default(),
            classes: &NoModelClasses,
            python: Some(&self.python),
        };
        let operations = reader.read_all(&value);
        operations
            .iter()
            .map(|operation| state_forwards(state, "shop", operation))
            .collect()
    }
}

fn fields(text: &str) -> Files {
    Files::new(&[(
        "fields.py",
        &format!("from django.db import models\n{text}"),
    )])
}

fn operations(text: &str) -> Files {
    let head = "from django.db import migrations, models\n";
    Files::new(&[("operations.py", &format!("{head}{text}"))])
}

fn shop(models: &str) -> Files {
    let text = format!("from django.db import models\n{models}");
    Files::new(&[("shop/__init__.py", ""), ("shop/models.py", &text)])
}

fn altered(files: &Files, old: &str, new: &str, version: DjangoVersion) -> Option<bool> {
    let state = ProjectState::new(Arc::new(StateSettings::default()));
    let (old, new) = (files.field(old), files.field(new));
    let side = |field| FieldSide {
        state: &state,
        name: "it",
        field,
    };
    should_be_altered(side(&old), side(&new), version).ok()
}

#[test]
fn an_unknown_argument_is_unknown_and_the_others_are_known() {
    let files =
        fields("import elsewhere\na = models.CharField(max_length=elsewhere.LENGTH, null=True)\n");
    let field = files.field("a");
    assert!(field.max_length.is_err());
    assert_eq!((field.null, field.unique), (Ok(true), Ok(false)));
}

#[test]
fn unknown_keywords_leave_no_attribute_certain_but_those_that_are_written() {
    let field =
        fields("import elsewhere\na = models.CharField(null=True, **elsewhere.MORE)\n").field("a");
    assert_eq!(field.null, Ok(true));
    assert!(field.max_length.is_err() && field.unique.is_err() && field.db_column.is_err());
    assert!(
        field
            .default
            .is_some_and(|default| default.why_unknown().is_some())
    );
}

#[test]
fn a_class_that_is_not_found_has_no_kind_and_no_column() {
    let field = fields("from away.fields import Money\na = Money()\n").field("a");
    assert!(field.kind.is_err() && field.column("a").is_err());
}

/// `Short` shortens what is asked for by the condition.
fn shortened(condition: &str, arguments: &str) -> Field {
    let text = format!(
        "import elsewhere\nclass Short(models.CharField):\n    def __init__(self, *args, **kwargs):\n        if {condition}:\n            \
         kwargs['max_length'] = 3\n        super().__init__(*args, **kwargs)\na = Short({arguments})\n"
    );
    fields(&text).field("a")
}

#[test]
fn a_constructor_under_a_condition_that_is_not_known_leaves_its_argument_unknown() {
    let field = shortened("elsewhere.SHORT", "unique=True");
    assert!(field.max_length.is_err());
    assert_eq!((field.unique, field.null), (Ok(true), Ok(false)));
}

#[test]
fn a_condition_on_the_arguments_is_decided() {
    let condition = "kwargs.get('null')";
    assert_eq!(shortened(condition, "null=True").max_length, Ok(Some(3)));
    assert_eq!(shortened(condition, "max_length=9").max_length, Ok(Some(9)));
}

#[test]
fn a_default_that_a_constructor_falls_back_to_is_known() {
    let text = "class Url(models.CharField):\n    longest = 200\n    def __init__(self, *args, **kwargs):\n        kwargs['max_length'] = kwargs.get('max_length', 200)\n        models.CharField.__init__(self, *args, **kwargs)\nclass Zone(models.CharField):\n    longest = 63\n    def __init__(self, *args, **kwargs):\n        kwargs.setdefault('max_length', self.longest)\n        super().__init__(*args, **kwargs)\nclass Longer(Zone):\n    longest = 64\na = Url()\nb = Url(max_length=9)\nc = Zone()\nd = Longer()\n";
    let files = fields(text);
    let lengths = ["a", "b", "c", "d"].map(|name| files.field(name).max_length);
    assert_eq!(lengths, [200, 9, 63, 64].map(|length| Ok(Some(length))));
}

#[test]
fn attributes_without_columns_alter_nothing_and_defaults_do() {
    let files = fields(
        "a = models.IntegerField(default=1)\nb = models.IntegerField('B', default=1, help_text='x', choices=[(1, 'x')], db_column='it')\nc = models.IntegerField(default=2)\nd = models.IntegerField(null=False, default=1)\ne = models.BigIntegerField(default=1)\n",
    );
    assert_eq!(altered(&files, "a", "b", DjangoVersion::V5_2), Some(false));
    assert_eq!(altered(&files, "a", "c", DjangoVersion::V5_2), Some(true));
    assert_eq!(altered(&files, "a", "d", DjangoVersion::V4_2), Some(false));
    assert_eq!(altered(&files, "a", "e", DjangoVersion::V4_2), Some(true));
}

#[test]
fn a_value_that_is_not_known_leaves_the_alteration_open() {
    let files = fields(
        "import elsewhere\na = models.IntegerField(default=elsewhere.ONE + 1)\nb = models.IntegerField(default=2)\n",
    );
    assert_eq!(altered(&files, "a", "b", DjangoVersion::V5_2), None);
    assert_eq!(altered(&files, "b", "b", DjangoVersion::V5_2), Some(false));
}

#[test]
fn what_django_refuses_is_named() {
    let files = operations(
        "operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True))]), migrations.RemoveField('order', 'code'), migrations.AddField('Line', 'n', models.IntegerField()), migrations.RemoveIndex('order', 'by_code')]\n",
    );
    let mut state = ProjectState::new(Arc::new(StateSettings::default()));
    let order = ModelKey::new("shop", "Order");
    let field = FieldKey {
        model: order.clone(),
        field: "code".into(),
    };
    let expected = [
        Ok(()),
        Err(StateError::MissingField(field)),
        Err(StateError::MissingModel(ModelKey::new("shop", "Line"))),
        Err(StateError::MissingIndex {
            model: order,
            index: "by_code".into(),
        }),
    ];
    assert_eq!(files.carried_out(&mut state), expected);
}

#[test]
fn after_an_operation_that_is_not_understood_absence_is_unsure() {
    let files = operations(
        "from away import MakeModels\noperations = [MakeModels(), migrations.DeleteModel('Order')]\n",
    );
    let mut state = ProjectState::new(Arc::new(StateSettings::default()));
    let said = files.carried_out(&mut state);
    assert_eq!(said.first(), Some(&Ok(())));
    assert!(
        matches!(said.get(1), Some(Err(StateError::Unsure(_)))),
        "{said:?}"
    );
}

#[test]
fn an_operation_that_cannot_be_read_is_not_analysed_and_never_lost() {
    let files = operations(
        "import away\noperations = [away.THING, migrations.RunSQL(away.SQL), migrations.AddField('a'), 7]\n",
    );
    let module = files
        .python
        .module(&files.folder.path().join("operations.py"))
        .expect("operations.py");
    let value = files
        .python
        .binding(&module, "operations")
        .expect("operations");
    let reader = OperationReader {
        app_label: "shop",
        settings: &StateSettings::default(),
        classes: &NoModelClasses,
        python: None,
    };
    let read = reader.read_all(&value);
    assert_eq!(read.len(), 4);
    assert!(matches!(
        &read[1].operation,
        Operation::RunSql { sql: Err(_), .. }
    ));
    for at in [0, 2, 3] {
        assert!(
            matches!(read[at].operation, Operation::NotAnalysed { .. }),
            "{:?}",
            read[at]
        );
    }
}

#[test]
fn a_model_with_a_base_that_is_not_found_is_open_and_names_it() {
    let files = shop(
        "from away.models import Base\nclass Order(Base):\n    code = models.CharField(max_length=3)\n",
    );
    let state = files.models();
    let key = ModelKey::new("shop", "Order");
    let order = state
        .model(&key)
        .expect("it has a field of Django, so it is a model");
    assert!(matches!(order.fields_known, FieldsKnown::Open(_)));
    assert_eq!(order.unresolved_bases, [Arc::from("away.models.Base")]);
    assert!(matches!(state.find_field(&key, "code"), Lookup::Found(_)));
    assert!(matches!(state.find_field(&key, "other"), Lookup::Unsure(_)));
    assert!(state.primary_key(&key).is_err());
}

#[test]
fn metaclasses_decorators_and_registries_open_a_model_and_harmless_ones_do_not() {
    let files = shop(
        "import registry\nfrom functools import total_ordering\nclass Meta2(type(models.Model)):\n    def __new__(cls, *args):\n        return super().__new__(cls, *args)\n@registry.track\nclass A(models.Model):\n    pass\nclass B(models.Model, metaclass=Meta2):\n    pass\nclass C(models.Model):\n    pass\nregistry.register(C)\nclass D(models.Model):\n    pass\nD.add_to_class('x', models.IntegerField())\n@total_ordering\nclass E(models.Model):\n    objects = models.Manager()\n",
    );
    let state = files.models();
    for (name, open) in [
        ("A", true),
        ("B", true),
        ("C", true),
        ("D", true),
        ("E", false),
    ] {
        let model = state.model(&ModelKey::new("shop", name)).expect("a model");
        assert_eq!(
            model.fields_known != FieldsKnown::All,
            open,
            "{name}: {:?}",
            model.fields_known
        );
    }
}

#[test]
fn models_that_inherit_from_each_other_end() {
    let files =
        shop("class A(B, models.Model):\n    pass\nclass B(A):\n    x = models.IntegerField()\n");
    let state = files.models();
    assert!(state.models().count() <= 2);
}

#[test]
fn a_field_that_puts_a_descriptor_on_the_class_brings_no_other_field() {
    let files = shop(
        "class Upper(models.CharField):\n    def contribute_to_class(self, cls, name, **kwargs):\n        super().contribute_to_class(cls, name, **kwargs)\n        setattr(cls, self.name, object())\nclass Rendered(models.TextField):\n    def contribute_to_class(self, cls, name):\n        cls.add_to_class(name + '_rendered', models.TextField())\n        super().contribute_to_class(cls, name)\nclass Order(models.Model):\n    code = Upper(max_length=9)\nclass Note(models.Model):\n    text = Rendered()\n",
    );
    let state = files.models();
    let known = |name: &str| {
        state
            .model(&ModelKey::new("shop", name))
            .map(|model| model.fields_known == FieldsKnown::All)
    };
    assert_eq!((known("order"), known("note")), (Some(true), Some(false)));
}

#[test]
fn an_open_model_has_the_key_that_its_migrations_give_it() {
    let models = "from away import TreeBase\nclass Order(models.Model, metaclass=TreeBase):\n    code = models.CharField(max_length=9)\n";
    let files = shop(models);
    let key = ModelKey::new("shop", "Order");
    assert!(files.models().primary_key(&key).is_err());
    let migrations = operations(
        "operations = [migrations.CreateModel('Order', [('number', models.UUIDField(primary_key=True)), ('code', models.CharField(max_length=9))])]\n",
    );
    let mut migrated = ProjectState::new(Arc::new(StateSettings::default()));
    migrations.carried_out(&mut migrated);
    let state = files.models_after(Some(&migrated));
    let (name, _) = state.primary_key(&key).expect("the key of the migrations");
    assert_eq!(&*name, "number");
}

#[test]
fn models_are_found_that_a_factory_makes_or_that_a_project_may_define_first() {
    let files = shop(
        "from django.apps import apps\ndef registered(app, model):\n    try:\n        apps.get_registered_model(app, model)\n    except LookupError:\n        return False\n    return True\ndef factory(base):\n    return type(base.__name__.replace('Abstract', ''), (base,), {'__module__': __name__})\nclass AbstractOrder(models.Model):\n    code = models.CharField(max_length=9)\n    class Meta:\n        abstract = True\nOrder = factory(AbstractOrder)\nif not registered('shop', 'Line'):\n    class Line(models.Model):\n        text = models.TextField()\n",
    );
    let state = files.models();
    let field = |model: &str, name: &str| {
        state
            .model(&ModelKey::new("shop", model))
            .is_some_and(|model| model.field(name).is_some())
    };
    assert!(field("order", "code") && field("line", "text"));
}
