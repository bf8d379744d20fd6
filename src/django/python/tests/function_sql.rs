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
    let tables = |app: &str, model: &str| Some(format!("{app}_{model}").to_lowercase().into());
    match project.python.sql_of(&function, &tables) {
        FunctionSql::OrmOnly => "orm".to_owned(),
        FunctionSql::Unknown(why) => format!("unknown: {why}"),
        FunctionSql::Sends(texts) => texts
            .into_iter()
            .map(|sent| {
                let text = sent
                    .text
                    .map_or_else(|why| format!("<{why}>"), |text| text.text.to_string());
                sent.condition
                    .map_or(text.clone(), |_| format!("perhaps {text}"))
            })
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
def quoted(apps, schema_editor):
    table = schema_editor.quote_name(apps.get_model("a.B")._meta.db_table)
    schema_editor.execute(f"DROP TABLE {table}")
def unknown(apps, schema_editor):
    schema_editor.execute("DROP TABLE " + apps.get_model("a", "B").objects.first().name)
def recursive(apps, schema_editor):
    recursive(apps, schema_editor)
def sends_in_recursion(apps, schema_editor):
    schema_editor.execute("SELECT 1")
    sends_in_recursion(apps, schema_editor)
def introspects(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        schema_editor.connection.introspection.get_constraints(cursor, "a_b")
def flushes(apps, schema_editor):
    if schema_editor is not None and schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
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
    assert_eq!(sql("maybe"), "perhaps DROP TABLE x");
    assert_eq!(sql("dynamic"), "DROP TABLE a_b");
    assert_eq!(sql("quoted"), "DROP TABLE \"a_b\"");
    assert!(sql("unknown").starts_with('<'), "{}", sql("unknown"));
    assert_eq!(sql("recursive"), "orm");
    assert!(sql("sends_in_recursion").starts_with("unknown"));
    assert_eq!(sql("introspects"), "orm");
    assert_eq!(sql("flushes"), "SET CONSTRAINTS ALL IMMEDIATE");
    assert_eq!(sql("noop"), "orm");
    assert_eq!(sql("sender"), "SELECT 3");
}
