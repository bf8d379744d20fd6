//! What a look into a function of a migration finds.

use super::Project;
use crate::django::python::{FunctionSql, ValueKind};

fn sql_of(source: &str, name: &str) -> String {
    let project = Project::new(&[
        ("m.py", source),
        (
            "other.py",
            "def send(editor, text):\n    editor.execute(text)\n",
        ),
    ]);
    let ValueKind::Function(function) = project.get("m.py", name).kind else {
        panic!("no function")
    };
    match project.python.sql_of(&function) {
        FunctionSql::OrmOnly => "orm".to_owned(),
        FunctionSql::Unknown(why) => format!("unknown: {why}"),
        FunctionSql::Sends(texts) => texts
            .into_iter()
            .map(|text| text.map_or_else(|why| format!("<{why}>"), |text| text.text.to_string()))
            .collect::<Vec<_>>()
            .join("|"),
    }
}

#[test]
fn a_look_into_a_function_finds_the_sql_that_it_sends() {
    let source = r#"
from django.db import connection, connections, migrations
from django.core.management import call_command
from other import send
TABLE = "shop_order"
def orm(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.using(schema_editor.connection.alias).all():
        order.total = sum(line.price for line in order.lines.all())
        order.save()
def editor(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(f"DROP TABLE {TABLE}")
def cursor(apps, schema_editor):
    with schema_editor.connection.cursor() as c:
        for name in ("a", "b"):
            c.execute("DROP INDEX %s" % name)
def local(apps, schema_editor):
    cursor = connection.cursor()
    sql = "SELECT 1"
    cursor.execute(sql)
    cursor.fetchall()
def through(apps, schema_editor):
    send(schema_editor, text="SELECT 2")
def ddl(apps, schema_editor):
    schema_editor.add_field(apps.get_model("a", "B"), None)
def command(apps, schema_editor):
    call_command("loaddata", "x")
def handed(apps, schema_editor):
    migrations.RunSQL("x").database_forwards("a", schema_editor, None, None)
def maybe(apps, schema_editor):
    if apps.get_model("a", "B").objects.exists():
        schema_editor.execute("DROP TABLE x")
def dynamic(apps, schema_editor):
    schema_editor.execute("DROP TABLE " + apps.get_model("a", "B")._meta.db_table)
def recursive(apps, schema_editor):
    recursive(apps, schema_editor)
noop = lambda apps, schema_editor: None
sender = lambda apps, schema_editor: schema_editor.execute("SELECT 3")
"#;
    let sql = |name: &str| sql_of(source, name);
    assert_eq!(sql("orm"), "orm");
    assert_eq!(sql("editor"), "DROP TABLE shop_order");
    assert_eq!(sql("cursor"), "DROP INDEX a|DROP INDEX b");
    assert_eq!(sql("local"), "SELECT 1");
    assert_eq!(sql("through"), "SELECT 2");
    assert!(sql("ddl").contains("schema_editor.add_field"));
    assert!(sql("command").contains("management command"));
    assert!(sql("handed").contains("hands"));
    assert!(sql("maybe").contains("condition"));
    assert!(sql("dynamic").starts_with('<'), "{}", sql("dynamic"));
    assert!(sql("recursive").contains("more functions"));
    assert_eq!(sql("noop"), "orm");
    assert_eq!(sql("sender"), "SELECT 3");
}
