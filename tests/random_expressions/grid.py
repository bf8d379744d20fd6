"""Every function and every registered lookup of the Django that runs, on a column of every type.

Found by asking Django, not by a list: classes by their modules, lookups by `get_lookups` of the fields. What Django
compiles goes into one constraint per column and into indexes of a few keys; what it refuses is left out.
"""

import inspect
import itertools

import trees

# Of each lookup so many right sides are kept, and of each function so many calls.
KEPT, KEPT_CALLS = 2, 5


def kind_of():
    return {column: kind for kind, columns in trees.COLUMNS.items() for column in columns}


def columns():
    """One column of each field class."""
    firsts = [names[0] for kind, names in trees.COLUMNS.items() if kind != "relation"]
    return [*firsts, "small", "big", "pos", "email", "bigs", "tags_null", "owner", "keeper"]


def rights(tree, kind):
    """Constants and expressions that may stand on the right of some lookup, as source."""
    if kind == "relation":
        kind = "int"
    own = tree.constant(kind) if kind != "vector" else "'fish'"
    other = tree.constant(kind) if kind != "vector" else "'chips'"
    return [
        own,
        f"[{own}, {other}]",
        f"({own}, {other})",
        f"F({trees.COLUMNS[kind][0]!r})",
        "'a%'",
        "5",
        "True",
        "['a', 'b']",
        "NumericRange(1, 5)",
        "DateRange(datetime.date(2020, 1, 1), None)",
        f"DateTimeTZRange({trees.MOMENTS[0]}, None)",
        "datetime.date(2020, 2, 29)",
        trees.MOMENTS[0],
        "datetime.time(8, 30)",
        "Value('a')",
    ]


CONTAINERS = {"texts", "ints", "matrix", "hstore", "json", "int_range", "dec_range", "date_range", "datetime_range"}
TEXTUAL = ("iexact", "regex", "iregex", "icontains", "istartswith", "iendswith", "startswith", "endswith", "contains")


def fitting(name, choices, kind):
    """What people write: lists for a lookup over several values, ranges for one in a range, texts for one over texts."""
    parts = name.split("__")
    if "year" in name and len(parts) == 2 and parts[1] != "in":
        return ["2020", "F('i')"]
    if parts[-1] in ("has_keys", "has_any_keys"):
        return ["['a', 'b']"]
    if parts[-1] == "has_key":
        return ["'a'"]
    if parts[-1] == "contained_by" and kind not in CONTAINERS:
        return [choice for choice in choices if "Range(" in choice]
    is_slice = parts[0] == "0_1" and len(parts) > 1
    is_inner = len(parts) > 1 or parts[0] in ("len", "0", "a")
    if is_slice and parts[-1] not in ("in", "isnull", "len"):
        return choices[:1]
    if parts[-1] in ("in", "range"):
        if len(parts) > 1 and kind == "texts" and not is_slice:
            return ["['a', 'b']"]
        if kind in ("texts", "ints", "matrix", "datetime") and not is_inner:
            return choices[1:2]
        lists = [choice for choice in choices if choice[0] in "[("]
        return ["[5, 6]", *lists] if is_inner else lists
    if "time" in parts[0] and len(parts) <= 2 and parts[0] == "time":
        return ["datetime.time(8, 30)"]
    if parts[-1] in TEXTUAL and kind not in CONTAINERS:
        return ["'a%'"]
    if kind in ("texts", "ints", "matrix") and parts[-1] in ("startswith", "endswith"):
        return ["'a%'"]
    if parts[-1] in ("iexact", "regex", "iregex", "icontains", "istartswith", "iendswith"):
        return ["'a%'"]
    if is_inner:
        scalars = [choice for choice in choices if choice[0] not in "[({" and "Range(" not in choice]
        first = ("True",) if parts[-1] == "isnull" else ("5",)
        return sorted(scalars, key=lambda choice: choice not in first and not choice.startswith("datetime"))
    if kind in CONTAINERS:
        return [choices[0], choices[3], *choices[4:]]
    return [choice for choice in choices if choice[0] not in "[("]


def lookups_of(field):
    """Names of lookups and transforms, and of lookups behind the transforms."""
    names = []
    for name, lookup in sorted(field.get_lookups().items()):
        names.append(name)
        if not hasattr(lookup, "bilateral"):
            continue
        names += [f"{name}__{inner}" for inner in inner_lookups(name)]
    extra = {
        "JSONField": ["a", "a__0"],
        "HStoreField": ["a"],
        "ArrayField": ["0", "0_1"],
    }.get(field.get_internal_type(), [])
    for key in extra:
        names.append(key)
        names += [f"{key}__{inner}" for inner in sorted(trees_of_keys(field))]
    return names


def inner_lookups(transform):
    """Lookups behind a transform: years have some of their own."""
    if "year" in transform:
        return ("exact", "gt", "gte", "lt", "lte", "in")
    return ("gt", "in")


def trees_of_keys(field):
    from django.db.models.fields.json import KeyTransform

    keys = dict(KeyTransform.get_lookups()) if field.get_internal_type() == "JSONField" else {}
    return {*keys, "exact", "gt", "in", "isnull", "contains", "startswith", "has_key", "len"}


def functions():
    """The classes of functions, as the header of a migration names them."""
    from django.contrib.postgres import functions, lookups, search
    from django.db.models import functions as core
    from django.db.models.expressions import Func

    found = {}
    for module, written in ((core, "fn"), (functions, None), (search, "search"), (lookups, None)):
        for name, member in inspect.getmembers(module, inspect.isclass):
            is_own = member.__module__.startswith(module.__name__) or written == "fn"
            # Window functions stand in no constraint, index or column; the others are bases alone.
            is_called = not getattr(member, "window_compatible", False) and not name.endswith("Base")
            if issubclass(member, Func) and member is not Func and is_own and is_called:
                found[name] = f"{written}.{name}" if written else name
    return found


def calls(name, written):
    """Calls with one to four arguments of each type, as source."""
    firsts = [names[0] for kind, names in trees.COLUMNS.items() if kind != "relation"]
    if name == "ConcatPair":
        firsts = []
        yield f"{written}('name', 'i')"
    if name == "Trunc":
        firsts = []
        yield "fn.Trunc('day', 'month')"
        yield "fn.Trunc('at', 'hour')"
        yield "fn.Trunc('clock', 'minute')"
    if name not in ("ConcatPair", "Trunc"):
        yield f"{written}()"
    for column in firsts:
        for rest in ("", ", 'i'", ", 'name'", f", {column!r}", ", 3", ", 2, 3", ", Value('x')", ", 'x', Value('y')", ", Value('x'), Value('y')", ", 'year'", ", models.TextField()", ", 'C'"):
            yield f"{written}({column!r}{rest})"
    yield f"{written}(a='i', b='name')"
    yield f"{written}(SearchVector('name'), SearchQuery('x'))"
    yield f"{written}('name', SearchQuery('x'))"


def compiles(source, namespace, model):
    """Whether Django makes SQL of a condition or an expression."""
    from django.db import connection
    from django.db.models.sql import Query

    try:
        value = eval(source, namespace)
        query = Query(model, alias_cols=False)
        if source.startswith("Q("):
            sql, params = query.build_where(value).as_sql(query.get_compiler(connection=connection), connection)
        else:
            value = value.resolve_expression(query, allow_joins=False)
            sql, params = query.get_compiler(connection=connection).compile(value)
        connection.ops.compose_sql(sql, params)
    except Exception:
        return False
    return True


def operations(namespace, model, version):
    """Operations for all of it, as source."""
    kinds = kind_of()
    condition = "condition" if version >= (5, 1) else "check"
    made = []
    for column in columns():
        tree = trees.Trees(f"grid {column}", version)
        choices = rights(tree, kinds[column])
        kept = []
        for name in lookups_of(model._meta.get_field(column)):
            good = (source for right in fitting(name, choices, kinds[column]) if compiles(source := f"Q({column}__{name}={right})", namespace, model))
            kept += itertools.islice(good, KEPT)
        for start in range(0, len(kept), 12):
            both = " | ".join(kept[start : start + 12])
            made.append(f"migrations.AddConstraint('sample', models.CheckConstraint({condition}=~({both}), name='n_{column}_{start}'))")
    for name, written in sorted(functions().items()):
        good = (source for source in calls(name, written) if compiles(source, namespace, model))
        if keys := ", ".join(itertools.islice(good, KEPT_CALLS)):
            made.append(f"migrations.AddIndex('sample', models.Index({keys}, name='f_{name.lower()}'))")
    return made


def registered():
    """The paths of all classes of functions and lookups that Django has."""
    from django.contrib.postgres import functions as postgres_functions
    from django.contrib.postgres import search
    from django.contrib.postgres.fields import ranges
    from django.db import models
    from django.db.models import functions as core
    from django.db.models.expressions import Func
    from django.db.models.fields.json import KeyTransform

    found = set()
    for module in (core, postgres_functions, search):
        found |= {member for _, member in inspect.getmembers(module, inspect.isclass) if issubclass(member, Func)}
    pending, seen = [models.Field, KeyTransform, core.ExtractYear, core.ExtractIsoYear], set()
    while pending:
        holder = pending.pop()
        if holder in seen:
            continue
        seen.add(holder)
        pending += holder.__subclasses__()
        found |= set(holder.get_lookups().values())
    return sorted({path(cls) for cls in found if cls.__module__.startswith("django.")})


def path(cls):
    return f"{cls.__module__}.{cls.__qualname__}"
