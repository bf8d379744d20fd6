//! Code of a project's own in migrations and models: what can be read of it leaves the rest certain, so that a
//! field without a column is still found; what cannot is counted.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Operations of several custom classes, each under the name of the case.
const OPERATIONS: &str = r#"
from django.db import migrations, models


class Checked(migrations.operations.base.Operation):
    def __init__(self, version):
        self.version = version

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        try:
            Worker = from_state.apps.get_model("shop", "Order")
        except LookupError:
            return
        if Worker.objects.filter(version=self.version).exists():
            raise RuntimeError("workers of an older version run")


class Populate(migrations.RunPython):
    def __init__(self, model_name):
        def forwards(apps, schema_editor):
            apps.get_model("shop", model_name).objects.update(note="")

        super().__init__(forwards, migrations.RunPython.noop)


class AddNote(migrations.AddField):
    def __init__(self, model_string):
        super().__init__(
            model_name=model_string.split(".")[-1].lower(),
            name="note",
            field=models.TextField(null=True),
        )


class DropIfUsed(migrations.DeleteModel):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if from_state.apps.get_model("shop", self.name).objects.exists():
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class AddEitherWay(migrations.AddField):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with schema_editor.connection.cursor() as cursor:
            found = schema_editor.connection.introspection.get_constraints(cursor, "shop_order")
        if found:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            pass


class NewKey(migrations.AlterField):
    def __init__(self, model_name):
        super().__init__(model_name, "code", models.CharField(max_length=20, unique=True))

    def state_forwards(self, app_label, state):
        state.models[app_label, self.model_name_lower].fields["id"] = models.BigAutoField(primary_key=True)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self.rebuild(schema_editor)


class Trigger(migrations.operations.base.Operation):
    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self.install(schema_editor)
"#;

const INITIAL: &str = r#"
from django.db import migrations, models

from shop import operations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("lost", models.TextField(null=True))],
        ),
        migrations.CreateModel(name="Old", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
"#;

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The report on a project whose second migration has these operations and whose models are these.
fn lint(operations: &str, models: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for package in ["shop/__init__.py", "shop/migrations/__init__.py"] {
        write(root, package, "");
    }
    write(root, "shop/operations.py", OPERATIONS);
    write(root, "shop/models.py", models);
    write(root, "shop/migrations/0001_initial.py", INITIAL);
    let second = format!(
        "from django.db import migrations, models\nfrom shop import operations\n\n\nclass Migration(migrations.Migration):\n    \
         dependencies = [(\"shop\", \"0001_initial\")]\n    operations = [{operations}]\n"
    );
    write(root, "shop/migrations/0002_more.py", &second);
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--all", "--format", "json", "."])
        .current_dir(root)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn models(fields: &str) -> String {
    format!(
        "from django.db import models\n\n\nclass Order(models.Model):\n    id = models.BigAutoField(primary_key=True)\n{fields}"
    )
}

fn found(report: &Value, rule: &str) -> Vec<String> {
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == rule)
        .map(|finding| finding["object"].as_str().unwrap().to_owned())
        .collect()
}

fn not_analysed(report: &Value) -> Vec<String> {
    report["not_analysed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|missed| missed["operation"].as_str().unwrap().to_owned())
        .collect()
}

/// The field `lost` is gone from the model, `extra` has no column: both are certain only where the table is.
#[track_caller]
fn leaves_the_table_certain(operations: &str, fields: &str) {
    let report = lint(
        operations,
        &models(&format!("{fields}    extra = models.TextField()\n")),
    );
    assert_eq!(not_analysed(&report), Vec::<String>::new(), "{report:#}");
    assert_eq!(
        found(&report, "column-without-field"),
        ["shop_order.lost"],
        "{report:#}"
    );
    assert_eq!(
        found(&report, "field-without-column"),
        ["shop_order.extra"],
        "{report:#}"
    );
}

#[test]
fn an_operation_that_only_queries_touches_nothing() {
    leaves_the_table_certain("operations.Checked(\"1.2\")", "");
}

#[test]
fn a_run_python_that_makes_its_function_is_followed() {
    leaves_the_table_certain(
        "migrations.AddField(\"order\", \"note\", models.TextField(null=True)), operations.Populate(\"Order\")",
        "    note = models.TextField(null=True)\n",
    );
}

#[test]
fn what_a_constructor_hands_on_to_djangos_class_is_read() {
    leaves_the_table_certain(
        "operations.AddNote(\"shop.Order\")",
        "    note = models.TextField(null=True)\n",
    );
}

#[test]
fn a_base_that_is_called_on_every_way_is_called() {
    leaves_the_table_certain(
        "operations.AddEitherWay(\"order\", \"note\", models.TextField(null=True))",
        "    note = models.TextField(null=True)\n",
    );
}

#[test]
fn a_base_that_is_called_under_a_condition_makes_its_own_table_doubtful_and_no_other() {
    let report = lint(
        "operations.DropIfUsed(\"Old\")",
        &models("    extra = models.TextField()\n"),
    );
    assert_eq!(not_analysed(&report), ["DropIfUsed"], "{report:#}");
    assert_eq!(found(&report, "column-without-field"), ["shop_order.lost"]);
    assert_eq!(found(&report, "field-without-column"), ["shop_order.extra"]);
}

#[test]
fn an_operation_that_hands_the_schema_editor_on_makes_everything_doubtful() {
    let report = lint(
        "operations.Trigger()",
        &models("    extra = models.TextField()\n"),
    );
    assert_eq!(not_analysed(&report), ["Trigger"], "{report:#}");
    assert_eq!(found(&report, "column-without-field"), Vec::<String>::new());
    assert_eq!(found(&report, "field-without-column"), Vec::<String>::new());
}

#[test]
fn a_key_that_an_operation_may_have_changed_gives_no_type_to_what_refers_to_it() {
    let models = "from django.db import models\n\n\nclass Tag(models.Model):\n    id = models.BigAutoField(primary_key=True)\n    \
         code = models.CharField(max_length=20, unique=True)\n\n\nclass Label(models.Model):\n    \
         id = models.BigAutoField(primary_key=True)\n    tag = models.ForeignKey(Tag, models.CASCADE)\n";
    let tag = "migrations.CreateModel(\"Tag\", [(\"code\", models.CharField(max_length=20, primary_key=True))])";
    let label = "migrations.CreateModel(\"Label\", [(\"id\", models.BigAutoField(primary_key=True)), (\"tag\", \
                 models.ForeignKey(\"shop.Tag\", models.CASCADE))])";
    let mismatches = |operations: &str| {
        let report = lint(operations, models);
        (
            found(&report, "column-type-mismatch"),
            not_analysed(&report),
        )
    };
    let (plain, _) = mismatches(&format!("{tag}, {label}"));
    assert_eq!(plain, ["shop_label.tag_id"]);
    let (mended, missed) = mismatches(&format!("{tag}, operations.NewKey(\"tag\"), {label}"));
    assert_eq!(mended, Vec::<String>::new());
    assert!(missed.contains(&"NewKey".to_owned()), "{missed:?}");
}

const METACLASSES: &str = r#"
from django.db import models


class Registered(models.base.ModelBase):
    def __new__(cls, name, bases, attrs, **kwargs):
        attrs["registry"] = {}
        new_class = super().__new__(cls, name, bases, attrs, **kwargs)
        setattr(new_class, name.lower(), property(lambda self: 1))
        return new_class


class Linked(models.base.ModelBase):
    def __new__(cls, name, bases, attrs):
        super_new = super().__new__
        if not attrs.pop("plain", False):
            attrs["lost"] = models.TextField(null=True)
        return super_new(cls, name, bases, attrs)


class Adding(models.base.ModelBase):
    def __new__(cls, name, bases, attrs):
        for field in ("a", "b"):
            attrs[field] = models.TextField(null=True)
        return super().__new__(cls, name, bases, attrs)


class Merging(models.base.ModelBase):
    def __new__(cls, name, bases, attrs):
        return super().__new__(cls, name, bases, {**attrs, "lost": models.TextField()})


class Calling(models.base.ModelBase):
    def __new__(cls, name, bases, attrs):
        made = super().__new__(cls, name, bases, attrs)
        adder(made)("lost", models.TextField())
        return made
"#;

fn with_metaclass(name: &str) -> Value {
    let models = format!(
        "{METACLASSES}\n\nclass Order(models.Model, metaclass={name}):\n    id = models.BigAutoField(primary_key=True)\n    extra = models.TextField()\n"
    );
    lint("migrations.DeleteModel(\"Old\")", &models)
}

fn open_models(report: &Value) -> usize {
    report["summary"]["open_models"].as_array().unwrap().len()
}

#[test]
fn a_metaclass_that_adds_no_field_leaves_the_model_closed() {
    let report = with_metaclass("Registered");
    assert_eq!(open_models(&report), 0, "{report:#}");
    assert_eq!(found(&report, "column-without-field"), ["shop_order.lost"]);
    assert_eq!(found(&report, "field-without-column"), ["shop_order.extra"]);
}

#[test]
fn a_field_that_a_metaclass_may_add_by_name_is_left_to_the_migrations() {
    let report = with_metaclass("Linked");
    assert_eq!(open_models(&report), 0, "{report:#}");
    assert_eq!(found(&report, "column-without-field"), Vec::<String>::new());
    assert_eq!(found(&report, "field-without-column"), ["shop_order.extra"]);
}

#[test]
fn a_metaclass_that_may_add_any_field_opens_the_model() {
    for name in ["Adding", "Merging", "Calling"] {
        let report = with_metaclass(name);
        assert_eq!(open_models(&report), 1, "{name}: {report:#}");
        assert_eq!(found(&report, "column-without-field"), Vec::<String>::new());
    }
}

fn with_imported_class(path: &str) -> Value {
    let models = format!(
        "from django.db import models\nfrom django.utils.module_loading import import_string\nfrom elsewhere import SETTING\n\n\
         field_class = import_string({path})\n\n\nclass Order(models.Model):\n    id = models.BigAutoField(primary_key=True)\n    \
         lost = field_class(null=True)\n    extra = models.TextField()\n"
    );
    lint("migrations.DeleteModel(\"Old\")", &models)
}

#[test]
fn a_field_whose_class_is_imported_by_its_path_is_a_field() {
    let report = with_imported_class("'django.db.models.TextField'");
    assert_eq!(open_models(&report), 0, "{report:#}");
    assert_eq!(found(&report, "column-without-field"), Vec::<String>::new());
    assert_eq!(found(&report, "field-without-column"), ["shop_order.extra"]);
    let report = with_imported_class("SETTING");
    assert_eq!(open_models(&report), 1, "{report:#}");
    assert_eq!(found(&report, "column-without-field"), Vec::<String>::new());
}
