//! What the evaluator makes of Python, held against Python itself.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use super::*;
use crate::source::Span;

/// A throw-away project of files.
struct Project {
    folder: tempfile::TempDir,
    python: Python,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let site = folder.path().join("site-packages");
        let python = Python::new(SearchPath::new(vec![folder.path().to_owned()], vec![site]));
        Self { folder, python }
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    fn get(&self, path: &str, name: &str) -> Value {
        let module = self.python.module(&self.path(path)).unwrap();
        self.python
            .binding(&module, name)
            .unwrap_or_else(|| panic!("{name} is not bound"))
    }
}

fn eval(source: &str, name: &str) -> Value {
    Project::new(&[("m.py", source)]).get("m.py", name)
}

fn repr(value: &Value) -> String {
    format::repr(value).unwrap_or_else(|why| format!("unknown: {why} ({:?})", value.kind))
}

/// What real Python prints for `repr` of each name.
fn python_reprs(source: &str, names: &[String]) -> Vec<String> {
    let script = format!(
        "{source}\nfor _n in {names:?}:\n    print(repr(globals()[_n]).encode('unicode_escape').decode())\n"
    );
    let output = Command::new("python3")
        .arg("-c")
        .arg(&script)
        .output()
        .expect("python3 is needed");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

fn escape(text: &str) -> String {
    let mut made = String::new();
    for character in text.chars() {
        match character {
            '\\' => made.push_str("\\\\"),
            plain if plain.is_ascii() => made.push(plain),
            other if u32::from(other) < 0x100 => {
                made.push_str(&format!("\\x{:02x}", u32::from(other)))
            }
            other if u32::from(other) < 0x1_0000 => {
                made.push_str(&format!("\\u{:04x}", u32::from(other)))
            }
            other => made.push_str(&format!("\\U{:08x}", u32::from(other))),
        }
    }
    made
}

const EXPRESSIONS: &[&str] = &[
    "1",
    "-1",
    "0x_ff",
    "1_000",
    "0b101",
    "0o17",
    "1.0",
    "1e100",
    "1.5e-7",
    "0.0001",
    "0.00001",
    "1e16",
    "1e15",
    "123456789.25",
    "-0.0",
    "2.5",
    "True",
    "None",
    "not 1",
    "~5",
    "-True",
    "'a' 'b' \"c\"",
    "'it\\'s'",
    "r'a\\b'",
    "'\\x41\\u00e9\\N{BULLET}\\101\\q'",
    "'''a\nb'''",
    "'a\\\nb'",
    "'é' + 'ü'",
    "f'{1}-{\"x\"}-{{}}-{\"y\"!r}'",
    "f'{7:03d}|{\"a\":>4}|{\"b\":<3}|{12:x}'",
    "'p' f'{1 + 1}' 'q'",
    "'%s and %d and %%' % ('a', 3)",
    "'%s' % 5",
    "'%(a)s-%(b)r' % {'a': 1, 'b': 'x'}",
    "'%s' % [1, 'b', None]",
    "'%05d' % 42",
    "'{} {}'.format(1, 'b')",
    "'{1} {0}'.format(1, 'b')",
    "'{a!r:>5}|{{}}'.format(a='x')",
    "', '.join(['a', 'b'])",
    "'a,b'.split(',')",
    "' a '.strip()",
    "'abc'[1:]",
    "'abc'[-1]",
    "'abc'.upper()",
    "'hello_wORLD x'.title()",
    "'a-b'.replace('-', '__')",
    "'x' * 3",
    "[1, 2] + [3]",
    "(1,) + (2, 3)",
    "[*[1, 2], 3]",
    "{**{'a': 1}, 'b': 2, 'a': 3}",
    "[x * 2 for x in range(5) if x % 2]",
    "{k: v for k, v in [('a', 1), ('b', 2)]}",
    "[(i, c) for i, c in enumerate('ab')]",
    "list(zip('ab', [1, 2]))",
    "sorted(['b', 'a'])",
    "list({'a': 1, 'b': 2}.items())",
    "dict(a=1, b=2)",
    "dict([('x', 1)])",
    "tuple([1])",
    "len('äb')",
    "1 if 'a' in 'abc' else 2",
    "1 < 2 < 3",
    "[] or 'x'",
    "0 and 1",
    "(1, 2) == (1, 2)",
    "-7 // 2",
    "-7 % 3",
    "2 ** 10",
    "7 & 3 | 8",
    "max(1, 5, 3)",
    "min([3, 2])",
    "sum([1, 2])",
    "int('42')",
    "str(1.5)",
    "str(None)",
    "bool('')",
    "any([0, 1])",
    "all([])",
    "[1, 2, 3, 4][1:3]",
    "[1, 2, 3][::-1]",
    "{'a': [1]}['a'][0]",
    "list(map(str, [1, 2]))",
    "(lambda a, b=2: a + b)(1)",
    "[y for x in [[1], [2, 3]] for y in x]",
    "float('1e3')",
    "'a' < 'b'",
    "None is None",
    "1 == 1.0",
    "'ab' not in ['a']",
    "list(reversed([1, 2]))",
    "'{:>6}'.format('ab')",
    "'x'.join(str(i) for i in range(3))",
    "repr('a\"b\\'c\\n')",
    "f'{\"a\" + \"b\"}'",
    "'%s' % ('a',)",
    "(x := 5) + x",
    "'abc'.startswith('ab')",
    "dict(a=1) | {'b': 2}",
    "'a\\tb'",
    "[None] * 2",
    "1 - 2 - 3",
    "2 ** 3 ** 2",
    "'a.b.c'.rpartition('.')",
    "'a.b.c'.partition('.')",
    "'abc'.rpartition('.')",
    "'a.b.c'.rsplit('.', 1)",
    "not 'a' == 'b'",
    "'A'.lower() in {'a', 'b'}",
    "\"\"\"x\n  y\"\"\"",
    "(1, (2, [3, {'k': ('v',)}]))",
];

#[test]
fn expressions_have_the_value_that_python_gives_them() {
    let mut source = String::new();
    let names = (0..EXPRESSIONS.len())
        .map(|at| format!("v{at}"))
        .collect::<Vec<_>>();
    for (name, expression) in names.iter().zip(EXPRESSIONS) {
        source.push_str(&format!("{name} = {expression}\n"));
    }
    let theirs = python_reprs(&source, &names);
    let project = Project::new(&[("m.py", &source)]);
    for ((name, expression), theirs) in names.iter().zip(EXPRESSIONS).zip(theirs) {
        assert_eq!(
            escape(&repr(&project.get("m.py", name))),
            theirs,
            "{expression}"
        );
    }
}

const PROGRAM: &str = r#"
import datetime
A = "x"
ITEMS = ["a"]
ITEMS.append("b")
ITEMS += ["c"]
ITEMS.extend(("d", "e"))
ITEMS.insert(0, "first")
for n in range(3):
    ITEMS.append(f"n{n}")
if A == "x":
    BRANCH = 1
elif A == "y":
    BRANCH = 2
else:
    BRANCH = 3
D = {"k": 1}
D["l"] = 2
D.update(m=3)
try:
    T = "body"
except ImportError:
    T = "handler"
def helper(a, *rest, b="z", **more):
    made = [a, b]
    for r in rest:
        if r is None:
            continue
        made.append(r)
    return made + sorted(more.items())
H = helper(1, 2, None, 3, b="q", k=9)
def early(x):
    if x:
        return "yes"
    return "no"
E = (early(1), early(0))
(P, (Q, *R)) = (1, (2, 3, 4))
class C:
    x = [1]
    y = x + [2]
    class D:
        z = "deep"
V = C.y
Z = C.D.z
W = 0
while W < 5:
    W += 2
S = "".join([A, *ITEMS[:2]])
"#;

#[test]
fn programs_bind_what_python_binds() {
    let names = [
        "A", "ITEMS", "BRANCH", "D", "T", "H", "E", "P", "Q", "R", "V", "Z", "W", "S",
    ]
    .map(str::to_owned);
    let theirs = python_reprs(PROGRAM, &names);
    let project = Project::new(&[("m.py", PROGRAM)]);
    for (name, theirs) in names.iter().zip(theirs) {
        assert_eq!(escape(&repr(&project.get("m.py", name))), theirs, "{name}");
    }
}

#[test]
fn a_text_leads_back_to_each_of_its_characters() {
    let source = "T = 'ab\\ncd' \"é\\u00e9x\" f'{{{1}q'\n";
    let value = eval(source, "T");
    let ValueKind::Str(text) = &value.kind else {
        panic!("{value:?}")
    };
    assert_eq!(&*text.text, "ab\ncdééx{1q");
    let source_of = |from: usize, to: usize| {
        let span = Span::new(u32::try_from(from).unwrap(), u32::try_from(to).unwrap());
        let origin = text.map.origin(span);
        source[origin.span.range()].to_owned()
    };
    let at = |needle: &str| text.text.find(needle).unwrap();
    assert_eq!(source_of(0, 2), "ab");
    assert_eq!(source_of(2, 3), "\\n");
    assert_eq!(source_of(at("cd"), at("cd") + 2), "cd");
    assert_eq!(source_of(at("x"), at("x") + 1), "x");
    assert_eq!(source_of(at("{"), at("{") + 1), "{{");
    assert_eq!(source_of(at("q"), at("q") + 1), "q");
    assert_eq!(source_of(at("1"), at("1") + 1), "{1}");
}

#[test]
fn choices_classes_give_what_django_gives() {
    let source = r#"
from django.db import models
from django.utils.translation import gettext_lazy as _
import enum
class Status(models.TextChoices):
    OPEN = "open", _("Is open")
    IN_WORK = "work"
    DONE = "done", "Done!"
class Size(models.IntegerChoices):
    SMALL = 1
    BIG = 2, "Large"
    __empty__ = "None of them"
class Plain(enum.Enum):
    A = "a"
    B = "b"
C = Status.choices
V = Status.values
L = Size.labels
X = Size.choices
M = Status.OPEN
N = [Status.IN_WORK.label, Status.DONE.name, Status.DONE.value]
P = [(c.value, c.name) for c in Plain]
Q = [s for s in Status]
"#;
    let project = Project::new(&[("m.py", source)]);
    let get = |name: &str| repr(&project.get("m.py", name));
    assert_eq!(
        get("C"),
        "[('open', 'Is open'), ('work', 'In Work'), ('done', 'Done!')]"
    );
    assert_eq!(get("V"), "['open', 'work', 'done']");
    assert_eq!(get("L"), "['None of them', 'Small', 'Large']");
    assert_eq!(
        get("X"),
        "[(None, 'None of them'), (1, 'Small'), (2, 'Large')]"
    );
    assert_eq!(get("M"), "'open'");
    assert_eq!(get("N"), "['In Work', 'DONE', 'done']");
    assert_eq!(get("P"), "[('a', 'A'), ('b', 'B')]");
    assert_eq!(get("Q"), "['open', 'work', 'done']");
}

fn name_of(value: &Value) -> String {
    match &value.kind {
        ValueKind::Name(name) | ValueKind::Module(name) => name.to_string(),
        ValueKind::Class(class) => class.name.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn imports_are_followed_over_packages_and_stars() {
    let project = Project::new(&[
        (
            "shop/__init__.py",
            "from .models import Order\nfrom . import sub\n",
        ),
        (
            "shop/models.py",
            "from django.db import models\nfrom .base import *\nclass Order(Base):\n    pass\n",
        ),
        (
            "shop/base.py",
            "from django.db.models import Model\nfrom django.db.models.fields import CharField\nclass Base(Model):\n    pass\nLEN = 5\n_HIDDEN = 1\n",
        ),
        ("shop/sub/__init__.py", ""),
        (
            "shop/sub/deep.py",
            "from ..base import LEN as L\nfrom ...shop import base\nM = base.LEN + L\n",
        ),
        (
            "site-packages/third/__init__.py",
            "class Thing:\n    pass\n",
        ),
        (
            "use.py",
            "import shop.models\nimport third\nfrom shop import Order, sub\nfrom shop.models import LEN, CharField\nimport shop.sub.deep as d\nfrom nowhere.pkg import Gone\nA = shop.models.Order\nB = third.Thing\nC = d.M\nfrom shop.models import _HIDDEN\nfrom django.db import models\nD = models.fields.related.ForeignKey\n",
        ),
    ]);
    let get = |name: &str| project.get("use.py", name);
    assert_eq!(name_of(&get("A")), "shop.models.Order");
    assert_eq!(name_of(&get("Order")), "shop.models.Order");
    assert_eq!(name_of(&get("B")), "third.Thing");
    assert_eq!(repr(&get("C")), "10");
    assert_eq!(repr(&get("LEN")), "5");
    assert_eq!(name_of(&get("CharField")), "django.db.models.CharField");
    assert_eq!(name_of(&get("Gone")), "nowhere.pkg.Gone");
    assert_eq!(name_of(&get("sub")), "shop.sub");
    assert_eq!(name_of(&get("D")), "django.db.models.ForeignKey");
    assert!(get("_HIDDEN").why_unknown().is_some());
}

#[test]
fn a_migration_is_read_as_calls() {
    let source = r#"
from django.conf import settings
from django.db import connection, migrations, models
import os
def extra():
    return [migrations.RunSQL("SELECT 1")]
class Migration(migrations.Migration):
    atomic = False
    dependencies = [("a", "0001"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [migrations.AddField("order", "x", models.CharField(max_length=getattr(settings, "N", 7), default=dict))] + extra()
    if connection.vendor == "postgresql":
        operations += [migrations.RunPython(migrations.RunPython.noop)]
    if os.environ.get("NOPE"):
        operations = []
Migration.operations.append(1)
"#;
    let value = eval(source, "Migration");
    let ValueKind::Class(class) = &value.kind else {
        panic!("{value:?}")
    };
    assert!(class.unknown_body.is_none(), "{:?}", class.unknown_body);
    assert_eq!(
        value.origin.file.slice(class.origin.span),
        "class Migration(migrations.Migration)"
    );
    let operations = class.attribute("operations").unwrap().items().unwrap();
    assert_eq!(operations.len(), 4);
    let add = operations[0].as_call().unwrap();
    assert_eq!(name_of(&add.callee), "django.db.migrations.AddField");
    let field = add.arguments[2].as_call().unwrap();
    assert_eq!(name_of(&field.callee), "django.db.models.CharField");
    assert_eq!(repr(field.keyword("max_length").unwrap()), "7");
    assert_eq!(name_of(field.keyword("default").unwrap()), "builtins.dict");
    let swappable = class.attribute("dependencies").unwrap().items().unwrap()[1]
        .as_call()
        .unwrap();
    assert_eq!(
        name_of(&swappable.arguments[0]),
        "django.conf.settings.AUTH_USER_MODEL"
    );
}

#[test]
fn what_is_not_known_is_unknown_and_the_rest_stands() {
    let source = r#"
from django.conf import settings
if settings.DEBUG:
    X = 1
else:
    X = 2
L = [1]
for n in settings.THINGS:
    L.append(n)
def f():
    if settings.DEBUG:
        return 1
    return 2
F = f()
A = A + 1
B = C
C = B
K = "known"
def rec(n):
    return rec(n + 1)
R = rec(0)
BIG = [x for x in range(10 ** 12)]
def forever():
    while True:
        pass
W = forever()
"#;
    let project = Project::new(&[("m.py", source)]);
    for name in ["X", "L", "F", "A", "B", "C", "R", "BIG", "W"] {
        let value = project.get("m.py", name);
        assert!(value.why_unknown().is_some(), "{name}: {value:?}");
    }
    assert_eq!(repr(&project.get("m.py", "K")), "'known'");
}

#[test]
fn syntax_errors_are_data_and_the_rest_is_read() {
    let project = Project::new(&[("m.py", "A = 1\nB = = 2\nC = 3\n")]);
    let module = project.python.module(&project.path("m.py")).unwrap();
    assert_eq!(module.problems().len(), 1);
    assert_eq!(module.problems()[0].origin.line_column().line, 2);
    assert_eq!(repr(&project.get("m.py", "C")), "3");
}

#[test]
fn deep_nesting_is_refused_without_overflow() {
    let deep = 100_000;
    let sources = [
        format!("A = {}1{}\n", "(".repeat(deep), ")".repeat(deep)),
        format!("A = {}\n", "(".repeat(deep)),
        format!("A = {}1\n", "-".repeat(deep)),
        format!("A = {}1\n", "not ".repeat(deep)),
        format!("A = a{}\n", ".b".repeat(deep)),
        format!("A = a{}\n", "()".repeat(deep)),
        format!("A = 1{}\n", "+1".repeat(deep)),
        format!("A = 1{}\n", "**1".repeat(deep)),
        format!("A = {}1\n", "lambda: ".repeat(deep)),
        format!("A = {}1\n", "1 if 1 else ".repeat(deep)),
        format!("A = {}{}\n", "[".repeat(deep), "]".repeat(deep)),
        format!("A = {}{}\n", "{1:".repeat(deep), "}".repeat(deep)),
        (0..400)
            .map(|at| format!("{}if 1:\n", " ".repeat(at)))
            .collect::<String>(),
        format!("A = {}\n", "f'{".repeat(1000)),
    ];
    for source in sources {
        let project = Project::new(&[("m.py", &source)]);
        let module = project.python.module(&project.path("m.py")).unwrap();
        assert!(
            !module.problems().is_empty(),
            "{}",
            &source[..source.len().min(40)]
        );
        let _value = project.python.bindings(&module);
    }
}

#[test]
fn a_chain_of_a_thousand_additions_is_read() {
    let source = format!("A = 'x'{}\n", " + 'y'".repeat(1000));
    assert_eq!(eval(&source, "A").as_str().unwrap().len(), 1001);
}

#[test]
fn threads_agree() {
    let files = (0..30)
        .map(|at| {
            let next = (at + 1) % 30;
            (format!("m{at}.py"), format!("from m{next} import X as Y\nX = [{at}]\nZ = Y + X\nfrom m{next} import Q as P\nQ = P\n"))
        })
        .collect::<Vec<_>>();
    let files = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect::<Vec<_>>();
    let project = Arc::new(Project::new(&files));
    std::thread::scope(|scope| {
        for offset in 0..4 {
            let project = &project;
            scope.spawn(move || {
                for at in 0..30 {
                    let at = (at * 7 + offset) % 30;
                    let file = format!("m{at}.py");
                    assert_eq!(
                        repr(&project.get(&file, "Z")),
                        format!("[{}, {at}]", (at + 1) % 30)
                    );
                    assert!(project.get(&file, "Q").why_unknown().is_some());
                }
            });
        }
    });
}

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

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn no_damage_to_a_file_panics_or_hangs(
        at in 0usize..PROGRAM.len(),
        length in 0usize..40,
        put in "[()\\[\\]{}:=+*.,'\"\\\\a-z0-9 \n@%é]{0,12}",
    ) {
        let start = PROGRAM.floor_char_boundary(at);
        let end = PROGRAM.floor_char_boundary((at + length).min(PROGRAM.len()));
        let damaged = format!("{}{put}{}", &PROGRAM[..start], &PROGRAM[end..]);
        let project = Project::new(&[("m.py", &damaged)]);
        let module = project.python.module(Path::new(&project.path("m.py"))).unwrap();
        let _values = project.python.bindings(&module);
    }
}

#[test]
fn settings_objects_give_what_python_gives() {
    let source = r#"
DEFAULTS = {"MODEL": "shop.Order", "SIZE": 30, "NAMES": ["a", "b"]}

class Base:
    kind = "base"
    limit = 5

    def shown(self):
        return self.kind + "!"

class Settings(Base):
    def __init__(self, prefix, user=None, defaults=None):
        self.prefix = prefix
        self._user = user or {}
        self.defaults = defaults or DEFAULTS
        self.full = self.prefix + "FULL"
        self._cached = set()

    @property
    def user(self):
        if not hasattr(self, "_user"):
            self._user = {}
        return self._user

    @property
    def SIZE_TWICE(self):
        return self.SIZE * 2

    def _get(self, name, default):
        return self.prefix + name + default

    @property
    def NAME(self):
        return self._get("NAME", "x")

    def reload(self):
        self.limit = 6

    def __getattr__(self, attr):
        if attr not in self.defaults:
            raise AttributeError(attr)
        try:
            value = self.user[attr]
        except KeyError:
            value = self.defaults[attr]
        self._cached.add(attr)
        setattr(self, attr, value)
        return value

conf = Settings("SHOP_", {"SIZE": 40})
model = conf.MODEL
size = conf.SIZE
twice = conf.SIZE_TWICE
name = conf.NAME
full = conf.full
prefix = conf.prefix
shown = conf.shown()
first = getattr(conf, "NAMES")[0]
there = hasattr(conf, "prefix")
"#;
    let names = [
        "model", "size", "twice", "name", "full", "prefix", "shown", "first", "there",
    ]
    .map(str::to_owned);
    let expected = python_reprs(source, &names);
    let project = Project::new(&[("m.py", source)]);
    for (name, expected) in names.iter().zip(expected) {
        assert_eq!(repr(&project.get("m.py", name)), expected, "{name}");
    }
    let changed = eval(&format!("{source}\nlimit = conf.limit\n"), "limit");
    assert!(changed.why_unknown().is_some(), "{changed:?}");
    let absent = eval(&format!("{source}\nabsent = conf.ABSENT\n"), "absent");
    assert!(absent.why_unknown().is_some(), "{absent:?}");
}

#[test]
fn an_object_that_cannot_be_followed_gives_nothing() {
    for source in [
        "class A:\n    def __init__(self):\n        self.load()\n    def load(self):\n        self.x = 2\n    x = 1\nv = A().x\n",
        "class B:\n    def __init__(self):\n        self.x = 2\nclass A(B):\n    x = 1\n    def __init__(self):\n        super().__init__()\nv = A().x\n",
        "class A:\n    x = 1\n    def __init__(self):\n        if mystery():\n            self.x = 2\nv = A().x\n",
        "class A:\n    @property\n    def x(self):\n        return self.x\nv = A().x\n",
        "class A:\n    def __init__(self):\n        self.other = A()\n        self.x = self.other.x\nv = A().x\n",
        "class A:\n    def __getattr__(self, name):\n        return self.missing\nv = A().x\n",
    ] {
        let value = eval(source, "v");
        assert!(value.why_unknown().is_some(), "{source}\n{value:?}");
    }
}

#[test]
fn a_module_may_give_names_by_a_function() {
    let project = Project::new(&[
        (
            "conf.py",
            "class C:\n    @property\n    def SIZE(self):\n        return 7\n_c = C()\ndef __getattr__(name):\n    return getattr(_c, name)\n",
        ),
        (
            "m.py",
            "import conf\nfrom conf import SIZE\nsize = conf.SIZE\nother = conf.OTHER\n",
        ),
    ]);
    assert_eq!(repr(&project.get("m.py", "size")), "7");
    assert_eq!(repr(&project.get("m.py", "SIZE")), "7");
    assert!(project.get("m.py", "other").why_unknown().is_some());
}

#[test]
fn a_class_may_be_made_by_a_call() {
    let project = Project::new(&[
        (
            "factory.py",
            "from django.apps import apps\ndef registered(app, model):\n    try:\n        apps.get_registered_model(app, model)\n    except LookupError:\n        return False\n    else:\n        return True\ndef make(base):\n    name = base.__name__.replace('Abstract', '')\n    if not registered(base.Meta.app_label, name):\n        return type(str(name), (base,), {'__module__': __name__, 'size': 3})\n",
        ),
        (
            "m.py",
            "from factory import make, registered\nclass AbstractOrder:\n    class Meta:\n        app_label = 'shop'\nOrder = make(AbstractOrder)\nsize = Order.size\nif not registered('shop', 'Line'):\n    class Line:\n        pass\nname = Line.__name__\n",
        ),
    ]);
    let order = project.get("m.py", "Order");
    let ValueKind::Class(class) = &order.kind else {
        panic!("{order:?}");
    };
    assert_eq!(class.name.as_str(), "factory.Order");
    assert_eq!(
        class.origin.file.slice(class.origin.span),
        "make(AbstractOrder)"
    );
    assert_eq!(repr(&project.get("m.py", "size")), "3");
    assert_eq!(repr(&project.get("m.py", "name")), "'Line'");
}

#[test]
fn what_can_be_called_is_known_of_known_values() {
    let source = "class A:\n    pass\ndef f():\n    pass\nvalues = [callable(A), callable(f), callable(lambda: 1), callable('f'), callable(None)]\n";
    let expected = python_reprs(source, &["values".to_owned()]);
    assert_eq!(repr(&eval(source, "values")), expected[0]);
}
