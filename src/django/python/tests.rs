//! What the evaluator makes of Python.

mod against_python;
mod function_sql;

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
    for name in ["X", "F", "A", "B", "C", "R", "BIG", "W"] {
        let value = project.get("m.py", name);
        assert!(value.why_unknown().is_some(), "{name}: {value:?}");
    }
    assert_eq!(repr(&project.get("m.py", "K")), "'known'");
    let grown = project.get("m.py", "L");
    let items = grown.items().unwrap();
    assert_eq!((items.len(), repr(&items[0]).as_str()), (2, "1"));
    assert!(grown.why_open().is_some(), "{grown:?}");
}

#[test]
fn a_list_that_grows_perhaps_keeps_what_is_certain_and_tells_nothing_of_the_rest() {
    let source = r#"
from elsewhere import MORE, DEBUG
APPS = ["a", "b"]
if DEBUG:
    APPS.append("c")
    APPS += ["d"]
APPS += ["e"]
APPS = [app for app in APPS] + MORE
HAS = "b" in APPS
MAY = "c" in APPS
LENGTH = len(APPS)
LAST = APPS[-1]
FIRST = APPS[0]
PART = APPS[:1]
EMPTY = []
for each in MORE:
    EMPTY.append(each)
IS = "yes" if EMPTY else "no"
ONE, = EMPTY
SAME = APPS == ["a", "b", "e"]
CUT = ["a", "b"]
if DEBUG:
    CUT.remove("a")
SWAPPED = ["a"]
if DEBUG:
    SWAPPED = ["b"]
FRONT = ["a"]
for each in MORE:
    FRONT.insert(0, each)
"#;
    let project = Project::new(&[("m.py", source)]);
    let known = |name: &str| -> Vec<String> {
        let value = project.get("m.py", name);
        let items = value.items().unwrap_or_default().iter();
        let is_known = |item: &&Value| item.why_unknown().is_none();
        items.filter(is_known).map(repr).collect()
    };
    assert_eq!(known("APPS"), ["'a'", "'b'", "'e'"]);
    assert_eq!(known("FRONT"), ["'a'"]);
    assert_eq!(repr(&project.get("m.py", "HAS")), "True");
    for name in "MAY LENGTH LAST FIRST PART IS ONE SAME CUT SWAPPED".split(' ') {
        let value = project.get("m.py", name);
        assert!(value.why_unknown().is_some(), "{name}: {value:?}");
    }
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
        (0..400).fold(String::new(), |source, at| {
            source + &" ".repeat(at) + "if 1:\n"
        }),
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
