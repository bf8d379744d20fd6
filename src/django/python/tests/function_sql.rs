//! What a look into a function of a migration finds.

use super::Project;
use crate::django::python::{FunctionSql, Surroundings, ValueKind};

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
    let exists = |table: &str| (table != "shop_unsure").then_some(table == "shop_order");
    let counters = |app: &str, model: &str| {
        let table = format!("{app}_{model}").to_lowercase();
        Some((model != "Plain").then(|| (table.into(), "id".into())))
    };
    let surroundings = Surroundings {
        counters: &counters,
        tables: &tables,
        exists: &exists,
    };
    match project.python.sql_of(&function, surroundings) {
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
fn a_function_that_reads_and_writes_rows_is_of_the_orm_alone() {
    let source = r#"
def orm(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.using(schema_editor.connection.alias).all():
        order.total = sum(line.price for line in order.lines.all())
        order.save()
def introspects(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        schema_editor.connection.introspection.get_constraints(cursor, "a_b")
noop = lambda apps, schema_editor: None
"#;
    let sql = |name: &str| sql_of(source, name);
    assert_eq!(sql("orm"), "orm");
    assert_eq!(sql("introspects"), "orm");
    assert_eq!(sql("noop"), "orm");
}

#[test]
fn a_text_of_constants_is_sent_however_it_is_put_together() {
    let source = r#"
from django.db import connection
TABLE = "shop_order"
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
sender = lambda apps, schema_editor: schema_editor.execute("SELECT 3")
"#;
    let sql = |name: &str| sql_of(source, name);
    assert_eq!(sql("editor"), "DROP TABLE shop_order");
    assert_eq!(sql("cursor"), "DROP INDEX a|DROP INDEX b");
    assert_eq!(sql("local"), "SELECT 1");
    assert_eq!(sql("sender"), "SELECT 3");
}

#[test]
fn the_table_of_a_model_is_known_by_its_name() {
    let source = r#"
def dynamic(apps, schema_editor):
    schema_editor.execute("DROP TABLE " + apps.get_model("a", "B")._meta.db_table)
def quoted(apps, schema_editor):
    table = schema_editor.quote_name(apps.get_model("a.B")._meta.db_table)
    schema_editor.execute(f"DROP TABLE {table}")
"#;
    let sql = |name: &str| sql_of(source, name);
    assert_eq!(sql("dynamic"), "DROP TABLE a_b");
    assert_eq!(sql("quoted"), "DROP TABLE \"a_b\"");
}

#[test]
fn what_is_sent_by_a_function_of_another_module_is_sent() {
    let source = r#"
from other import send
def through(apps, schema_editor):
    send(schema_editor, text="SELECT 2")
"#;
    let sql = |name: &str| sql_of(source, name);
    assert_eq!(sql("through"), "SELECT 2");
}

#[test]
fn what_is_sent_under_a_condition_is_perhaps_sent() {
    let source = r#"
def maybe(apps, schema_editor):
    if apps.get_model("a", "B").objects.exists():
        schema_editor.execute("DROP TABLE x")
def flushes(apps, schema_editor):
    if schema_editor is not None and schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
"#;
    let sql = |name: &str| sql_of(source, name);
    assert_eq!(sql("maybe"), "perhaps DROP TABLE x");
    assert_eq!(sql("flushes"), "SET CONSTRAINTS ALL IMMEDIATE");
}

#[test]
fn what_may_do_anything_is_unknown() {
    let source = r#"
from django.db import migrations
from django.core.management import call_command
def ddl(apps, schema_editor):
    schema_editor.add_field(apps.get_model("a", "B"), None)
def command(apps, schema_editor):
    call_command("loaddata", "x")
def handed(apps, schema_editor):
    migrations.RunSQL("x").database_forwards("a", schema_editor, None, None)
"#;
    let sql = |name: &str| sql_of(source, name);
    assert!(sql("ddl").contains("schema_editor.add_field"));
    assert!(sql("command").contains("management command"));
    assert!(sql("handed").contains("hands"));
}

#[test]
fn a_text_that_is_read_from_rows_is_unknown() {
    let source = r#"
def unknown(apps, schema_editor):
    schema_editor.execute("DROP TABLE " + apps.get_model("a", "B").objects.first().name)
"#;
    let sql = |name: &str| sql_of(source, name);
    assert!(sql("unknown").starts_with('<'), "{}", sql("unknown"));
}

#[test]
fn a_function_that_calls_itself_is_followed_once() {
    let source = r#"
def recursive(apps, schema_editor):
    recursive(apps, schema_editor)
def sends_in_recursion(apps, schema_editor):
    schema_editor.execute("SELECT 1")
    sends_in_recursion(apps, schema_editor)
"#;
    let sql = |name: &str| sql_of(source, name);
    assert_eq!(sql("recursive"), "orm");
    assert!(sql("sends_in_recursion").starts_with("unknown"));
}

#[test]
fn whether_a_table_is_there_is_asked_of_the_catalog() {
    let source = r#"
from django.db import connection

def there(apps, schema_editor):
    if "shop_order" in schema_editor.connection.introspection.table_names():
        schema_editor.execute("DROP TABLE shop_order")

def absent(apps, schema_editor):
    with connection.cursor() as cursor:
        if "shop_old" not in connection.introspection.table_names(cursor):
            return
        cursor.execute("DROP TABLE shop_old")

def unsure(apps, schema_editor):
    tables = connection.introspection.table_names()
    if "shop_unsure" in tables:
        schema_editor.execute("DROP TABLE shop_unsure")
"#;
    let sql = |name: &str| sql_of(source, name);
    assert_eq!(sql("there"), "DROP TABLE shop_order");
    assert_eq!(sql("absent"), "orm");
    assert_eq!(sql("unsure"), "perhaps DROP TABLE shop_unsure");
}

#[test]
fn what_follows_a_return_is_not_sent() {
    let source = r#"
def leaves(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            return
        cursor.execute("PRAGMA x")
    schema_editor.execute("DROP TABLE y")

def tries(apps, schema_editor):
    try:
        return apps.get_model("a", "B").objects.count()
    except LookupError:
        schema_editor.execute("DROP TABLE x")
    finally:
        schema_editor.execute("DROP TABLE y")
"#;
    let sql = |name: &str| sql_of(source, name);
    assert_eq!(sql("leaves"), "orm");
    assert_eq!(sql("tries"), "perhaps DROP TABLE x|DROP TABLE y");
}

#[test]
fn sequences_are_reset_for_the_models_that_have_one() {
    let source = r#"
from django.core.management.color import no_style

def resets(apps, schema_editor):
    models = [apps.get_model("shop", "Order"), apps.get_model("shop.Plain")]
    for text in schema_editor.connection.ops.sequence_reset_sql(no_style(), models):
        schema_editor.execute(text)
"#;
    assert_eq!(
        sql_of(source, "resets"),
        "SELECT setval(pg_get_serial_sequence('\"shop_order\"','id'), coalesce(max(\"id\"), 1), \
         max(\"id\") IS NOT null) FROM \"shop_order\";"
    );
}
