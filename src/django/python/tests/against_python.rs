//! Values held against what real Python gives.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::{Project, eval, repr};
use crate::django::python::ValueKind;

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
                write!(made, "\\x{:02x}", u32::from(other)).unwrap();
            }
            other if u32::from(other) < 0x1_0000 => {
                write!(made, "\\u{:04x}", u32::from(other)).unwrap();
            }
            other => write!(made, "\\U{:08x}", u32::from(other)).unwrap(),
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
        writeln!(source, "{name} = {expression}").unwrap();
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

const SETTINGS_OBJECT: &str = r#"
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

#[test]
fn settings_objects_give_what_python_gives() {
    let source = SETTINGS_OBJECT;
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
