//! What a server does not keep as it was said is no difference: how many dimensions an array was declared with (a dump does
//! not keep them), and that an index lies in the default tablespace.

use std::fs;
use std::path::Path;

use hhschema::schema::{Identifier, RelationName};

use crate::environment::django::Project;
use crate::environment::{self, Database, DjangoVersion, PostgresVersion, Server};
use crate::shown;
use crate::world::{catalog_of, findings};

const SETTINGS: &str = r#"SECRET_KEY = "not a secret"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["tide"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
"#;

/// The fields, in a model (`name = field`) and in a migration (`("name", field)`).
const FIELDS: [(&str, &str); 4] = [
    ("hours", "ArrayField(ArrayField(models.IntegerField()))"),
    (
        "words",
        "ArrayField(ArrayField(models.CharField(max_length=5)), default=list)",
    ),
    (
        "heights",
        "ArrayField(ArrayField(models.IntegerField()), db_default=models.Value([], output_field=ArrayField(ArrayField(models.IntegerField()))))",
    ),
    (
        "mark",
        "models.IntegerField(db_index=True, db_tablespace=\"pg_default\")",
    ),
];

const IMPORTS: &str = "from django.contrib.postgres.fields import ArrayField\nfrom django.db import migrations, models\n";

fn project(folder: &Path) {
    let app = folder.join("tide/migrations");
    fs::create_dir_all(&app).unwrap();
    fs::write(folder.join("settings.py"), SETTINGS).unwrap();
    fs::write(folder.join("tide/__init__.py"), "").unwrap();
    fs::write(app.join("__init__.py"), "").unwrap();
    let listed: Vec<String> = FIELDS
        .iter()
        .map(|(name, field)| format!("({name:?}, {field})"))
        .collect();
    let bound: Vec<String> = FIELDS
        .iter()
        .map(|(name, field)| format!("    {name} = {field}"))
        .collect();
    let id = "(\"id\", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name=\"ID\"))";
    let migration = format!(
        "{IMPORTS}\n\nclass Migration(migrations.Migration):\n    operations = [migrations.CreateModel(\"Tide\", [{id}, {}])]\n",
        listed.join(", ")
    );
    fs::write(app.join("0001_initial.py"), migration).unwrap();
    let models = format!(
        "{IMPORTS}\n\nclass Tide(models.Model):\n{}\n",
        bound.join("\n")
    );
    fs::write(folder.join("tide/models.py"), models).unwrap();
}

/// The types of the columns of `tide_tide`, as they are written.
fn types(database: &Database) -> Vec<String> {
    let table = RelationName::new(
        Identifier::quoted("public"),
        Identifier::quoted("tide_tide"),
    );
    let catalog = catalog_of(database, &[]);
    let columns = catalog.schema.columns_of(&table);
    columns.map(|column| column.data_type.to_string()).collect()
}

#[test]
fn what_a_server_does_not_keep_is_no_difference() {
    if environment::left_out("arrays of a dump") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    let django = Project::at(folder.path(), DjangoVersion::V5_2);
    let server = Server::shared(PostgresVersion::NEWEST);
    let migrate = |database: &Database, more: &[&str]| {
        let command = ["migrate", "--verbosity", "0", "--skip-checks"];
        let ran = django.manage(database, &[&command, more].concat());
        ran.unwrap_or_else(|printed| panic!("{printed}"));
    };
    let migrated = server.database();
    migrate(&migrated, &[]);
    let restored = server.database();
    restored
        .psql(&migrated.dump())
        .unwrap_or_else(|printed| panic!("{printed}"));
    migrate(&restored, &["--fake"]);

    let wide = [
        "integer[][]",
        "character varying(5)[][]",
        "integer[][]",
        "integer",
    ];
    let dumped = [
        "integer[]",
        "character varying(5)[]",
        "integer[]",
        "integer",
    ];
    assert_eq!(types(&migrated)[1..], wide);
    assert_eq!(types(&restored)[1..], dumped);
    let catalogs = [&migrated, &restored].map(|database| catalog_of(database, &[]));
    assert_eq!(catalogs[0].schema, catalogs[1].schema);
    for catalog in &catalogs {
        let found = findings(catalog, folder.path());
        assert!(found.is_empty(), "{:#?}", shown(&found));
    }
}
