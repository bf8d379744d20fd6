//! Which apps and models a project has, seen from outside: what cannot be told is named in the summary and makes no
//! finding, and the rest is linted.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

struct Project(tempfile::TempDir);

/// A report, and how the run ended.
struct Run {
    report: Value,
    code: i32,
}

/// A table whose column `lost` is in no model.
const INITIAL: &str = r#"
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("lost", models.IntegerField()),
            ],
        ),
    ]
"#;

const MODELS: &str = r"
from django.db import models


class Order(models.Model):
    id = models.BigAutoField(primary_key=True)
";

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// An app whose migrations have a column that its models lack.
    fn with_app(self, folder: &str, config: &str) -> Self {
        self.write(&format!("{folder}/__init__.py"), "");
        self.write(&format!("{folder}/migrations/__init__.py"), "");
        self.write(&format!("{folder}/migrations/0001_initial.py"), INITIAL);
        self.write(&format!("{folder}/models.py"), MODELS);
        if !config.is_empty() {
            let text = format!("from django.apps import AppConfig\n\n\n{config}");
            self.write(&format!("{folder}/apps.py"), &text);
        }
        self
    }

    fn lint(&self, arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
            .args(["lint", "--all", "--format", "json"])
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("VIRTUAL_ENV")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let report = serde_json::from_slice(&output.stdout);
        Run {
            report: report.unwrap_or_else(|error| panic!("{error}: {output:?}")),
            code: output.status.code().unwrap(),
        }
    }
}

impl Run {
    /// `insert-fails shop_order.lost`, sorted.
    fn findings(&self) -> Vec<String> {
        let findings = self.report["findings"].as_array().unwrap().iter();
        let word = |finding: &Value, key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        let mut found: Vec<String> = findings
            .map(|finding| format!("{} {}", word(finding, "rule"), word(finding, "object")))
            .collect();
        found.sort();
        found
    }

    /// The folders of the apps that are not linted, each with the reason.
    fn unlinted(&self) -> Vec<(String, String)> {
        self.listed("unlinted_apps", "path")
    }

    fn open_models(&self) -> Vec<(String, String)> {
        self.listed("open_models", "name")
    }

    fn listed(&self, list: &str, key: &str) -> Vec<(String, String)> {
        let items = self.report["summary"][list].as_array().unwrap().iter();
        let word = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
        items
            .map(|item| (word(item, key), word(item, "why")))
            .collect()
    }

    fn unlinted_folders(&self) -> Vec<String> {
        self.unlinted().into_iter().map(|(path, _)| path).collect()
    }
}

/// An app that builds on the models of `shop`, by the label that the code cannot tell.
const DESK: [(&str, &str); 4] = [
    ("desk/__init__.py", ""),
    ("desk/migrations/__init__.py", ""),
    (
        "desk/models.py",
        "from django.db import models\nfrom shop.models import Order\n\n\nclass Rush(Order):\n    pass\n\n\n\
         class Line(models.Model):\n    id = models.BigAutoField(primary_key=True)\n    \
         order = models.ForeignKey(Order, models.CASCADE)\n",
    ),
    (
        "desk/migrations/0001_initial.py",
        r#"
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Rush",
            fields=[
                ("order_ptr", models.OneToOneField(parent_link=True, primary_key=True, to="store.order", on_delete=models.CASCADE)),
            ],
            bases=("store.order",),
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("order", models.ForeignKey(to="store.order", on_delete=models.CASCADE)),
            ],
        ),
        migrations.RunSQL("UPDATE store_order SET lost = 1", migrations.RunSQL.noop),
    ]
"#,
    ),
];

#[test]
fn an_app_whose_label_cannot_be_read_makes_no_finding_and_is_named() {
    let config = "class ShopConfig(AppConfig):\n    name = 'shop'\n    label = label_of('shop')\n";
    let project = Project::new(&[("manage.py", "")]).with_app("shop", config);
    // Others depend on it, point at its models and extend them.
    for (path, text) in DESK {
        project.write(path, text);
    }
    let run = project.lint(&["."]);
    assert!(run.findings().is_empty(), "{:?}", run.findings());
    assert_eq!(run.code, 0);
    let unlinted = run.unlinted();
    assert_eq!(unlinted.len(), 1, "{unlinted:?}");
    assert_eq!(unlinted[0].0, "shop");
    assert!(
        unlinted[0]
            .1
            .contains("`label` of its AppConfig cannot be read"),
        "{unlinted:?}"
    );

    // Where it is all that was asked for, the work could not be done.
    let run = project.lint(&["shop/migrations"]);
    assert_eq!(run.code, 2);
    let problems = run.report["problems"].as_array().unwrap();
    assert!(
        problems[0]["message"].as_str().unwrap().contains("`label`"),
        "{problems:?}"
    );
}

#[test]
fn the_label_is_known_where_the_name_is_not_and_the_reverse() {
    let lost = ["insert-fails store_order.lost".to_owned()];
    for config in [
        "class ShopConfig(AppConfig):\n    name = name_of('shop')\n    label = 'store'\n",
        "class ShopConfig(AppConfig):\n    name = __name__.rsplit('.', 1)[0]\n    label = 'store'\n",
        // Several configs of one label.
        "class Base(AppConfig):\n    name = 'shop'\n    label = 'store'\n\n\nclass More(Base):\n    pass\n",
        // Another app's config does not count where one names this package.
        "from desk import DeskConfig\n\n\nclass ShopConfig(DeskConfig):\n    name = 'shop'\n    label = 'store'\n",
    ] {
        let project = Project::new(&[(
            "desk/__init__.py",
            "from django.apps import AppConfig\n\n\nclass DeskConfig(AppConfig):\n    label = 'desk'\n",
        )]);
        let run = project.with_app("shop", config).lint(&["."]);
        assert_eq!(run.findings(), lost, "{config}");
    }
    let config = "class ShopConfig(AppConfig):\n    name = name_of('shop')\n";
    let run = Project::new(&[]).with_app("shop", config).lint(&["."]);
    assert_eq!(
        (run.findings(), run.unlinted_folders()),
        (vec![], vec!["shop".to_owned()])
    );
}

#[test]
fn configs_between_which_nobody_chose_leave_the_label_unknown() {
    for config in [
        "class A(AppConfig):\n    name = 'shop'\n    label = 'a'\n\n\nclass B(AppConfig):\n    name = 'shop'\n    label = 'b'\n",
        "class A(AppConfig):\n    name = 'shop'\n    label = 'a'\n    default = chosen()\n",
        "ShopConfig = config_of('shop')\n",
        "class Base(AppConfig):\n    pass\n\n\nShopConfig = config_of('shop')\n",
        "class ShopConfig(AppConfig:\n",
    ] {
        let run = Project::new(&[]).with_app("shop", config).lint(&["."]);
        assert!(run.findings().is_empty(), "{config}: {:?}", run.findings());
        assert_eq!(run.unlinted_folders(), ["shop"], "{config}");
    }
}

#[test]
fn a_config_in_the_package_itself_tells_the_label() {
    let project = Project::new(&[])
        .with_app("plugin/app", "")
        .with_app("other/app", "");
    for (plugin, label) in [("plugin", "plug"), ("other", "second")] {
        let text = format!(
            "from django.apps import AppConfig\n\n\nclass Config(AppConfig):\n    name = '{plugin}.app'\n    label = '{label}'\n"
        );
        project.write(&format!("{plugin}/__init__.py"), "");
        project.write(&format!("{plugin}/app/__init__.py"), &text);
    }
    let run = project.lint(&["."]);
    assert_eq!(
        run.findings(),
        [
            "insert-fails plug_order.lost",
            "insert-fails second_order.lost"
        ]
    );
    assert!(run.unlinted().is_empty());
}

#[test]
fn of_apps_that_share_a_label_none_is_linted_until_it_is_said_which() {
    let project = Project::new(&[("setup.py", "")])
        .with_app("plain", "")
        .with_app("north/shop", "")
        .with_app("south/shop", "");
    let run = project.lint(&["."]);
    assert_eq!(run.findings(), ["insert-fails plain_order.lost"]);
    assert_eq!(run.code, 1, "the others are linted");
    let unlinted = run.unlinted();
    assert_eq!(run.unlinted_folders(), ["north/shop", "south/shop"]);
    for part in [
        "`north/shop`",
        "`south/shop`",
        "`shop`",
        "--settings path/to/settings.py",
    ] {
        assert!(unlinted[0].1.contains(part), "{part}: {unlinted:?}");
    }

    // What the user names is linted.
    let run = project.lint(&["south/shop/migrations"]);
    assert_eq!(run.findings(), ["insert-fails shop_order.lost"]);
    assert_eq!(
        (run.code, run.unlinted_folders()),
        (1, vec!["north/shop".to_owned()])
    );

    // So is what the settings install.
    for folder in ["north", "south"] {
        project.write(&format!("{folder}/__init__.py"), "");
    }
    project.write("conf.py", "INSTALLED_APPS = ['north.shop']\n");
    let run = project.lint(&[".", "--settings", "conf.py"]);
    assert_eq!(run.findings(), ["insert-fails shop_order.lost"]);
    assert!(run.unlinted().is_empty());

    // Both at once cannot be.
    let run = project.lint(&["north/shop", "south/shop"]);
    assert_eq!((run.code, run.findings()), (2, vec![]));
}

#[test]
fn of_apps_that_share_a_label_the_only_one_with_migrations_is_linted() {
    let project = Project::new(&[
        ("panel/shop/__init__.py", ""),
        ("panel/shop/models.py", MODELS),
    ]);
    let run = project.with_app("shop", "").lint(&["."]);
    assert_eq!(run.findings(), ["insert-fails shop_order.lost"]);
    assert_eq!(run.unlinted_folders(), ["panel/shop"]);
}

#[test]
fn a_package_called_migrations_that_holds_none_is_no_apps() {
    let machinery = "from framework.migrations.state import State\n\n\nclass Migration:\n    def apply(self):\n        pass\n";
    let project = Project::new(&[
        ("framework/__init__.py", ""),
        ("framework/models/__init__.py", ""),
        ("framework/migrations/__init__.py", ""),
        ("framework/migrations/migration.py", machinery),
        ("framework/migrations/state.py", "class State:\n    pass\n"),
        (
            "framework/migrations/loader.py",
            "from framework.migrations.migration import Migration\n\n\ndef load():\n    return Migration()\n",
        ),
        ("framework/migrations/operations/__init__.py", ""),
        ("django/__init__.py", ""),
        ("django/db/__init__.py", ""),
        ("django/db/migrations/__init__.py", ""),
        (
            "django/db/migrations/migration.py",
            "class Migration:\n    operations = []\n    dependencies = []\n    replaces = []\n",
        ),
        (
            "django/db/migrations/loader.py",
            "from django.db.migrations.migration import Migration\n",
        ),
    ]);
    let run = project.with_app("shop", "").lint(&["."]);
    assert_eq!(
        (run.code, run.findings()),
        (1, vec!["insert-fails shop_order.lost".to_owned()])
    );
    assert_eq!(run.report["summary"]["migrations"], 1);
}

/// An app with the migrations of [`INITIAL`], whose `models.py` has no `Order`.
fn without_order() -> Project {
    let project = Project::new(&[]).with_app("shop", "");
    project.write(
        "shop/models.py",
        "from django.db import models\n\n\nclass Other(models.Model):\n    class Meta:\n        managed = False\n",
    );
    project
}

#[test]
fn a_model_that_only_the_admin_imports_is_found() {
    let project = without_order();
    project.write("shop/admin.py", "from shop.audit.log import Order\n");
    project.write("shop/audit/__init__.py", "");
    project.write("shop/audit/log.py", MODELS);
    let run = project.lint(&["."]);
    assert_eq!(run.findings(), ["insert-fails shop_order.lost"]);
    assert!(run.open_models().is_empty(), "{:?}", run.open_models());

    // Suppressions in that file hold.
    project.write(
        "shop/audit/log.py",
        "from django.db import models\n\n\nclass Order(models.Model):\n    id = models.BigAutoField(primary_key=True)\n    \
         lost = models.IntegerField()\n    # hhschema: ignore[field-without-column] on its way\n    late = models.IntegerField()\n",
    );
    let run = project.lint(&["."]);
    assert!(run.findings().is_empty(), "{:?}", run.findings());
}

#[test]
fn a_model_that_no_module_defines_is_named_and_makes_no_finding() {
    for (file, text) in [
        ("shop/nothing.py", ""),
        // The name alone makes no model.
        (
            "shop/forms.py",
            "from django import forms\n\n\nclass Order(forms.Form):\n    lost = forms.CharField()\n",
        ),
        (
            "shop/schema.py",
            "from outside import Type\n\n\nclass Order(Type):\n    class Meta:\n        fields = []\n",
        ),
        (
            "shop/abstract.py",
            "from django.db import models\n\n\nclass Order(models.Model):\n    class Meta:\n        abstract = True\n",
        ),
        // What lies in another app's folder is of that app.
        ("shop/inner/models.py", MODELS),
        ("shop/tests/models.py", MODELS),
    ] {
        let project = without_order();
        project.write("shop/inner/__init__.py", "");
        project.write(file, text);
        let run = project.lint(&["."]);
        assert!(run.findings().is_empty(), "{file}: {:?}", run.findings());
        let open = run.open_models();
        assert_eq!(open.len(), 1, "{file}: {open:?}");
        assert_eq!(open[0].0, "shop.Order", "{file}");
        assert!(
            open[0].1.contains("no module of `shop`"),
            "{file}: {open:?}"
        );
    }
    // A name that the models bind is not looked for elsewhere.
    let project = without_order();
    project.write(
        "shop/models.py",
        "from shop.made import make\n\nOrder = make('Order')\n",
    );
    project.write("shop/old.py", MODELS);
    let run = project.lint(&["."]);
    assert!(run.findings().is_empty(), "{:?}", run.findings());
    assert!(
        run.open_models()[0].1.contains("cannot be read"),
        "{:?}",
        run.open_models()
    );
}

/// A package of models that a project may define itself first, and the loading code that asks for that.
const STORE: [(&str, &str); 7] = [
    ("site/store/__init__.py", ""),
    (
        "site/store/config.py",
        "from django.apps import AppConfig\n\n\nclass Store(AppConfig):\n    name = 'store'\n",
    ),
    (
        "site/store/loading.py",
        "from django.apps import apps\n\n\ndef is_defined(label, name):\n    try:\n        \
         apps.get_registered_model(label, name)\n    except LookupError:\n        return False\n    else:\n        return True\n",
    ),
    ("site/store/goods/__init__.py", ""),
    (
        "site/store/goods/apps.py",
        "from django.apps import AppConfig\n\n\nclass GoodsConfig(AppConfig):\n    name = 'store.goods'\n    label = 'goods'\n",
    ),
    (
        "site/store/goods/bases.py",
        r"
from django.db import models


class BaseShelf(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        abstract = True
        app_label = 'goods'


class BaseItem(models.Model):
    title = models.CharField(max_length=50)
    shelf = models.ForeignKey('goods.Shelf', models.CASCADE)

    class Meta:
        abstract = True
        app_label = 'goods'
",
    ),
    (
        "site/store/goods/models.py",
        r"
from store.goods.bases import *
from store.loading import is_defined

__all__ = []

if not is_defined('goods', 'Shelf'):

    class Shelf(BaseShelf):
        pass

    __all__.append('Shelf')

if not is_defined('goods', 'Item'):

    class Item(BaseItem):
        pass

    __all__.append('Item')
",
    ),
];

/// An app in the place of the package's: one model extended, the other as it is.
const MINE: [(&str, &str); 8] = [
    (
        "conf.py",
        "DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'\nINSTALLED_APPS = ['store.config.Store', 'mine.goods.apps.GoodsConfig']\n",
    ),
    ("site/empty.py", ""),
    ("mine/__init__.py", ""),
    ("mine/goods/__init__.py", ""),
    (
        "mine/goods/apps.py",
        "from store.goods import apps\n\n\nclass GoodsConfig(apps.GoodsConfig):\n    name = 'mine.goods'\n",
    ),
    (
        "mine/goods/models.py",
        "from django.db import models\nfrom store.goods.bases import BaseItem\n\n\nclass Item(BaseItem):\n    \
             colour = models.CharField(max_length=20)\n\n\nfrom store.goods.models import *\n",
    ),
    ("mine/goods/migrations/__init__.py", ""),
    (
        "mine/goods/migrations/0001_initial.py",
        r"
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name='Shelf',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=50)),
                ('slug', models.SlugField()),
            ],
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=50)),
                ('shelf', models.ForeignKey(to='goods.Shelf', on_delete=models.CASCADE)),
                ('weight', models.IntegerField()),
            ],
        ),
    ]
",
    ),
];

/// A project that takes the package's app over.
fn fork(has_store: bool) -> Project {
    let project = Project::new(if has_store { &STORE } else { &[] });
    for (path, text) in MINE {
        project.write(path, text);
    }
    project
}

#[test]
fn a_fork_of_a_packages_app_has_its_own_models_and_those_that_it_leaves_to_the_package() {
    let run = fork(true).lint(&["mine", "--settings", "conf.py", "--python-path", "site"]);
    assert_eq!(
        run.findings(),
        [
            "field-without-column goods_item.colour",
            "insert-fails goods_item.weight",
            "insert-fails goods_shelf.slug",
        ]
    );
    assert!(run.open_models().is_empty(), "{:?}", run.open_models());
}

#[test]
fn a_fork_whose_package_was_not_found_says_which_models_it_misses() {
    let project = fork(false);
    let config = "from django.apps import AppConfig\n\n\nclass GoodsConfig(AppConfig):\n    name = 'mine.goods'\n";
    project.write("mine/goods/apps.py", config);
    let run = project.lint(&["mine", "--settings", "conf.py", "--python-path", "site"]);
    let open = run.open_models();
    assert_eq!(open.len(), 2, "{open:?}");
    assert_eq!((&*open[0].0, &*open[1].0), ("goods.Item", "goods.Shelf"));
    assert!(
        open[1]
            .1
            .contains("`store.goods.models`, which it imports, was not found"),
        "{open:?}"
    );
    let shelf = run
        .findings()
        .into_iter()
        .filter(|found| found.contains("goods_shelf"));
    assert_eq!(shelf.count(), 0);
}
