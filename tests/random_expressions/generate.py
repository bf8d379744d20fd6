"""Makes a project of random expressions, and prints what Django's schema editor executes for each of them.

    python generate.py --settings settings --path FOLDER --socket /tmp/x --database test_0 FOLDER SEED COUNT

With a COUNT of 0 the operations are those of `grid.py`: every function and lookup on a column of every type.
FOLDER gets an app `probe` with two migrations: `0001_models` (one model with a column of each type) and `0002_random`,
whose operations place COUNT random expressions in constraints, indexes, generated columns and defaults of the
database. What Django refuses is left out. The answer has the form of `record.py`'s; nothing is executed on the server.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "environment"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))

import boot
import grid
import trees

MODELS = '''

class Trimmed(Func):
    function = "BTRIM"


class Joined(Func):
    function = "concat_ws"
    template = "%(function)s('%%', %(expressions)s)"
    arity = 2
    output_field = models.CharField()


class Shout(fn.Upper):
    template = "shout(%(expressions)s)"


class Spread(Func):
    arg_joiner = " | "
    output_field = models.TextField()


class Padded(Spread):
    function = "pad"
    template = "%(function)s(%(expressions)s, %(width)s)"
'''

FIELDS = [
    ("id", "models.BigAutoField(primary_key=True)"),
    ("i", "models.IntegerField()"),
    ("i_null", "models.IntegerField(null=True)"),
    ("small", "models.SmallIntegerField()"),
    ("big", "models.BigIntegerField(null=True)"),
    ("pos", "models.PositiveIntegerField()"),
    ("pos_small", "models.PositiveSmallIntegerField()"),
    ("pos_big", "models.PositiveBigIntegerField()"),
    ("odd", "models.IntegerField(db_column='Odd Name')"),
    ("fl", "models.FloatField()"),
    ("fl_null", "models.FloatField(null=True)"),
    ("dec", "models.DecimalField(max_digits=8, decimal_places=2)"),
    ("dec_null", "models.DecimalField(max_digits=8, decimal_places=2, null=True)"),
    ("name", "models.CharField(max_length=20)"),
    ("name_null", "models.CharField(max_length=20, null=True)"),
    ("email", "models.EmailField()"),
    ("slug", "models.SlugField(null=True)"),
    ("body", "models.TextField()"),
    ("flag", "models.BooleanField()"),
    ("flag_null", "models.BooleanField(null=True)"),
    ("day", "models.DateField()"),
    ("day_null", "models.DateField(null=True)"),
    ("at", "models.DateTimeField()"),
    ("at_null", "models.DateTimeField(null=True)"),
    ("clock", "models.TimeField()"),
    ("lasts", "models.DurationField()"),
    ("lasts_null", "models.DurationField(null=True)"),
    ("uid", "models.UUIDField()"),
    ("data", "models.JSONField()"),
    ("data_null", "models.JSONField(null=True)"),
    ("raw", "models.BinaryField()"),
    ("ip", "models.GenericIPAddressField(null=True)"),
    ("tags", "ArrayField(models.CharField(max_length=10))"),
    ("tags_null", "ArrayField(models.TextField(), null=True)"),
    ("nums", "ArrayField(models.IntegerField())"),
    ("matrix", "ArrayField(ArrayField(models.IntegerField()))"),
    ("labels", "HStoreField()"),
    ("ints", "IntegerRangeField()"),
    ("bigs", "BigIntegerRangeField(null=True)"),
    ("decs", "DecimalRangeField()"),
    ("period", "DateRangeField()"),
    ("span", "DateTimeRangeField()"),
    ("vector", "SearchVectorField(null=True)"),
    ("owner", "models.ForeignKey(to='probe.owner', on_delete=models.CASCADE)"),
    ("parent", "models.ForeignKey(to='self', null=True, on_delete=models.CASCADE)"),
    ("keeper", "models.OneToOneField(to='probe.owner', null=True, on_delete=models.CASCADE, related_name='+')"),
]

SETTINGS = """\
SECRET_KEY = "not a secret"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.postgres", "probe"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
"""


def migration(operations, dependencies, classes):
    lines = [trees.HEADER, classes, "\n\nclass Migration(migrations.Migration):", f"    dependencies = {dependencies}", "", "    operations = ["]
    lines += [f"        {operation}," for operation in operations]
    return "\n".join([*lines, "    ]", ""])


def models():
    fields = ", ".join(f"({name!r}, {field})" for name, field in FIELDS)
    key = "('id', models.BigAutoField(primary_key=True))"
    return [
        f"migrations.CreateModel('Owner', fields=[{key}])",
        f"migrations.CreateModel('Sample', fields=[{fields}])",
    ]


def placed(source, version, index, random):
    """An operation with a random expression in it."""
    name = f"x{index}"
    kinds = list(trees.FIELD)
    condition = "condition" if version >= (5, 1) else "check"
    tree = trees.Trees(source, version)
    kind = random.choice(kinds)
    ordered = lambda: tree.pick("", "", "", ".desc()", ".asc(nulls_first=True)", ".desc(nulls_last=True)")
    key = lambda: f"({tree.expression(random.choice(kinds), 2)}){ordered()}"
    add = lambda constraint: f"migrations.AddConstraint('sample', {constraint})"
    places = {
        "check": lambda: add(f"models.CheckConstraint({condition}={tree.condition(2)}, name={name!r})"),
        "boolean check": lambda: add(f"models.CheckConstraint({condition}={tree.bool(2)}, name={name!r})"),
        "index": lambda: f"migrations.AddIndex('sample', models.Index({key()}, name={name!r}))",
        "two keys": lambda: f"migrations.AddIndex('sample', models.Index({key()}, fn.Lower('name'), name={name!r}))",
        "partial index": lambda: f"migrations.AddIndex('sample', models.Index(fields=['i'], condition={tree.condition(2)}, name={name!r}))",
        "operator class": lambda: f"migrations.AddIndex('sample', GinIndex(OpClass({tree.expression('char', 1)}, name='gin_trgm_ops'), name={name!r}))",
        "unique": lambda: add(f"models.UniqueConstraint({key()}, name={name!r})"),
        "partial unique": lambda: add(f"models.UniqueConstraint(fields=['i'], condition={tree.condition(2)}, name={name!r})"),
        "exclusion": lambda: add(f"ExclusionConstraint(name={name!r}, expressions=[({tree.expression(kind, 1)}, '='), ('period', '&&')], condition={tree.condition(1)})"),
    }
    if version >= (5, 0):
        output = tree.any_of(trees.FIELD[kind])
        default = trees.Trees(source, version, database_default=True)
        plain = default.constant(kind) if kind != "vector" else "''"
        places |= {
            "generated": lambda: f"migrations.AddField('sample', {name!r}, models.GeneratedField(expression={tree.expression(kind, 2)}, output_field={output}, db_persist=True))",
            "default": lambda: f"migrations.AddField('sample', {name!r}, {output[:-1]}{'' if output.endswith('()') else ', '}db_default={default.expression(kind, 2)}))",
            "constant default": lambda: f"migrations.AddField('sample', {name!r}, {output[:-1]}{'' if output.endswith('()') else ', '}db_default={plain}))",
        }
    return random.choice(list(places.items()))


def main():
    parser = boot.arguments(__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("count", type=int)
    options = parser.parse_args()
    give = boot.answering()
    app = options.folder / "probe"
    (app / "migrations").mkdir(parents=True, exist_ok=True)
    for path in (app / "__init__.py", app / "migrations" / "__init__.py"):
        path.write_text("")
    (options.folder / "settings.py").write_text(SETTINGS)
    first = models()
    (app / "migrations" / "0001_models.py").write_text(migration(first, [], ""))
    boot.boot(options)
    give(run(options, app, first))


def run(options, app, first):
    import random
    import warnings

    import django
    from django.db import connection
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

    warnings.simplefilter("ignore")
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS hstore")
    # Only a new connection knows the type.
    connection.close()
    connection.ensure_connection()
    executed = []

    def execute(self, sql, params=()):
        statement = str(sql)
        if params:
            statement = connection.ops.compose_sql(statement, params)
        elif params is not None:
            statement = statement % ()
        executed.append(statement)

    BaseDatabaseSchemaEditor.execute = execute
    compiled = watch_compiler()
    namespace = {}
    exec(trees.HEADER + MODELS, namespace)
    state = ProjectState()
    recorded = []

    def tried(source, state):
        """The state after the operation, its statements at once, and those at the end."""
        operation = eval(source, namespace)
        after = state.clone()
        operation.state_forwards("probe", after)
        executed.clear()
        editor = connection.schema_editor(atomic=False)
        with editor:
            operation.database_forwards("probe", editor, state, after)
            at_once = list(executed)
            executed.clear()
        return after, type(operation).__name__, at_once, list(executed)

    operations, refused, tried_classes = [], {}, set()
    ran = {"app": "probe", "atomic": True, "direction": "forwards", "irreversible": False, "failed": None}
    first_record = {**ran, "name": "0001_models", "operations": [], "deferred": []}
    for index, source in enumerate(first):
        state, name, at_once, deferred = tried(source, state)
        first_record["operations"].append({"index": index, "operation": name, "statements": at_once, "through_cursor": []})
        first_record["deferred"] += [{"operation": index, "statement": statement} for statement in deferred]
    record = {**ran, "name": "0002_random", "operations": [], "deferred": []}
    places = random.Random(f"places {options.seed}")
    for write in chosen(options, django.VERSION, (namespace, state, places)):
        source = "?"
        compiled.clear()
        try:
            source = write()
            state, name, at_once, deferred = tried(source, state)
        except Exception as error:
            refused.setdefault(f"{type(error).__name__}: {str(error)[:90]}", []).append(source)
            continue
        index = len(operations)
        tried_classes |= compiled
        operations.append(source)
        record["operations"].append({"index": index, "operation": name, "statements": at_once, "through_cursor": []})
        record["deferred"] += [{"operation": index, "statement": statement} for statement in deferred]
    text = migration(operations, [("probe", "0001_models")], MODELS)
    (app / "migrations" / "0002_random.py").write_text(text)
    return {
        "migrations": [first_record, record],
        "refused": refused,
        "compiled": sorted(map(grid.path, tried_classes)),
        "registered": grid.registered(),
    }


def chosen(options, version, where):
    """Functions that make the source of one operation each."""
    namespace, state, places = where
    if options.count:
        for number in range(options.count):
            # The number is bound here: the tree is drawn when the source is asked for.
            yield lambda number=number: placed(f"{options.seed} {number}", version, number, places)[1]()
        return
    for source in grid.operations(namespace, state.apps.get_model("probe", "Sample"), version):
        yield lambda source=source: source


def watch_compiler():
    """The classes of what Django compiles from now on."""
    from django.db.models.sql.compiler import SQLCompiler

    compile, compiled = SQLCompiler.compile, set()

    def watched(self, node):
        made = compile(self, node)
        compiled.add(type(node))
        return made

    SQLCompiler.compile = watched
    return compiled


if __name__ == "__main__":
    main()
