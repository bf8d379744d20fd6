"""Random expressions of the ORM as Python source, each of a type that is asked for.

Nothing here looks at Django: what does not fit together there is left out by whoever tries it.
"""

import random

# What stands at the head of a migration, for the names that the expressions use.
HEADER = '''\
import datetime
import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.postgres import search
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateRangeField,
    DateTimeRangeField,
    DecimalRangeField,
    HStoreField,
    IntegerRangeField,
    RangeBoundary,
)
from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.lookups import Unaccent
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange, NumericRange
from django.db.models import Case, ExpressionWrapper, F, Func, OrderBy, Q, Value, When
from django.db.models import functions as fn
from django.db.models import lookups
from django.db.models.expressions import CombinedExpression, RawSQL
from django.contrib.postgres.fields.hstore import KeyTransform as HstoreKey
from django.db.models.fields.json import KT, KeyTextTransform, KeyTransform
'''

# The columns of `probe.Sample` by type; each first one has no NULL.
COLUMNS = {
    "int": ["i", "i_null", "small", "big", "pos", "pos_small", "pos_big", "odd", "id", "pk"],
    "float": ["fl", "fl_null"],
    "decimal": ["dec", "dec_null"],
    "char": ["name", "name_null", "email", "slug"],
    "text": ["body"],
    "bool": ["flag", "flag_null"],
    "date": ["day", "day_null"],
    "datetime": ["at", "at_null"],
    "time": ["clock"],
    "duration": ["lasts", "lasts_null"],
    "uuid": ["uid"],
    "json": ["data", "data_null"],
    "binary": ["raw"],
    "ip": ["ip"],
    "texts": ["tags", "tags_null"],
    "ints": ["nums"],
    "matrix": ["matrix"],
    "hstore": ["labels"],
    "int_range": ["ints", "bigs"],
    "dec_range": ["decs"],
    "date_range": ["period"],
    "datetime_range": ["span"],
    "vector": ["vector"],
    "relation": ["owner", "owner_id", "parent", "parent_id", "keeper"],
}

FIELD = {
    "int": ["models.IntegerField()", "models.BigIntegerField()", "models.SmallIntegerField()"],
    "float": ["models.FloatField()"],
    "decimal": ["models.DecimalField(max_digits=9, decimal_places=3)"],
    "char": ["models.CharField(max_length=30)", "models.CharField(max_length=200)"],
    "text": ["models.TextField()"],
    "bool": ["models.BooleanField()"],
    "date": ["models.DateField()"],
    "datetime": ["models.DateTimeField()"],
    "time": ["models.TimeField()"],
    "duration": ["models.DurationField()"],
    "uuid": ["models.UUIDField()"],
    "json": ["models.JSONField()"],
    "binary": ["models.BinaryField()"],
    "ip": ["models.GenericIPAddressField()"],
    "texts": ["ArrayField(models.CharField(max_length=10))", "ArrayField(models.TextField())"],
    "ints": ["ArrayField(models.IntegerField())", "ArrayField(models.BigIntegerField(), size=3)"],
    "matrix": ["ArrayField(ArrayField(models.IntegerField()))"],
    "hstore": ["HStoreField()"],
    "int_range": ["IntegerRangeField()"],
    "dec_range": ["DecimalRangeField()"],
    "date_range": ["DateRangeField()"],
    "datetime_range": ["DateTimeRangeField()"],
    "vector": ["SearchVectorField()"],
}

TEXTS = ["", "a", "O'Brien", "back\\slash", "100%", "50%_x", "%s", "two  words", "Grüße", "日本", '"quoted"', "a\nb", "{x}", "null", "5", "%(x)s"]
DATES = ["datetime.date(2020, 2, 29)", "datetime.date(1999, 12, 31)"]
MOMENTS = [
    "datetime.datetime(2021, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)",
    "datetime.datetime(2021, 5, 6, 7, 8, 9, 123000, tzinfo=datetime.timezone.utc)",
]
DURATIONS = [
    "datetime.timedelta(days=3)",
    "datetime.timedelta(hours=2, minutes=5)",
    "datetime.timedelta(days=-1, seconds=5)",
    "datetime.timedelta(microseconds=1500)",
    "datetime.timedelta(0)",
]
ZONES = ["ZoneInfo('Europe/Berlin')", "datetime.timezone.utc", "None"]
PARTS = ["year", "iso_year", "month", "day", "week", "week_day", "iso_week_day", "quarter"]
CLOCK = ["hour", "minute", "second"]
TRUNCATIONS = ["year", "quarter", "month", "week", "day"]
ONE_NUMBER = ["Abs", "ACos", "ASin", "ATan", "Ceil", "Cos", "Cot", "Degrees", "Exp", "Floor", "Ln", "Radians", "Sign", "Sin", "Sqrt", "Tan"]
ONE_TEXT = ["Lower", "Upper", "Trim", "LTrim", "RTrim", "Reverse", "MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"]
# The types of which a column may be looked up.
FILTERED = [name for name in COLUMNS if name != "vector"]


class Trees:
    """Source text, drawn from one seed. `database_default`: columns may not be named."""

    def __init__(self, seed, version, database_default=False):
        self.random = random.Random(f"{seed}")
        self.version = version
        self.database_default = database_default

    def pick(self, *choices):
        return self.random.choice(choices)

    def any_of(self, choices):
        return self.random.choice(list(choices))

    def chance(self, probability):
        return self.random.random() < probability

    # Constants

    def constant(self, kind):
        """A Python value of the type, as source."""
        number = self.random.randint
        made = {
            "int": lambda: str(self.pick(0, 1, -1, number(-50, 500), 40000, 3000000000, -7)),
            "float": lambda: self.pick("0.5", "-2.25", "1e10", "3.0", "1e-07"),
            "decimal": lambda: f"Decimal('{self.pick('0', '1.50', '-3.25', '1E+2', '0.001', '100')}')",
            "char": lambda: repr(self.any_of(TEXTS)),
            "text": lambda: repr(self.any_of(TEXTS)),
            "bool": lambda: self.pick("True", "False"),
            "date": lambda: self.any_of(DATES),
            "datetime": lambda: self.any_of(MOMENTS),
            "time": lambda: self.pick("datetime.time(8, 30)", "datetime.time(23, 59, 59, 999)"),
            "duration": lambda: self.any_of(DURATIONS),
            "uuid": lambda: self.pick("uuid.UUID('12345678123456781234567812345678')", "uuid.UUID('abcdefab-1234-5678-1234-567812345678')"),
            "json": self.json,
            "binary": lambda: self.pick("b''", "b'\\x00\\xff'", "b\"it's\""),
            "ip": lambda: self.pick("'10.0.0.1'", "'2001:db8::1'"),
            "texts": lambda: repr([self.any_of(TEXTS) for _ in range(number(0, 3))]),
            "ints": lambda: repr([number(-5, 70000) for _ in range(number(0, 3))]),
            "matrix": lambda: repr([[number(0, 9)], [number(0, 9)]]),
            "hstore": lambda: repr({self.any_of(TEXTS): self.pick("1", None, "x'y") for _ in range(number(0, 2))}),
            "int_range": lambda: self.pick("(1, 5)", "[0, None]", "NumericRange(1, 9)", "NumericRange(1, 9, '[]')", "NumericRange(None, 3)"),
            "dec_range": lambda: self.pick("(Decimal('0.5'), Decimal('9'))", "NumericRange(Decimal('1'), Decimal('2.5'), '(]')"),
            "date_range": lambda: self.pick(f"({DATES[1]}, {DATES[0]})", f"DateRange({DATES[1]}, None)", f"DateRange(None, {DATES[0]}, '[]')"),
            "datetime_range": lambda: self.pick(f"({MOMENTS[0]}, None)", f"DateTimeTZRange({MOMENTS[0]}, {MOMENTS[1]})"),
        }
        return made[kind]()

    def json(self):
        return self.pick("1", "'a'", "None", "True", "[1, 'b', None]", "{'a': 1, 'b': [1.5]}", "{'ü': \"it's\"}", "{}", "'50%'", "'back\\\\slash'")

    def value(self, kind):
        """A `Value` of the type."""
        if kind in ("json", "hstore", "matrix", "int_range", "dec_range", "date_range", "datetime_range", "ip"):
            return f"Value({self.constant(kind)}, output_field={self.any_of(FIELD[kind])})"
        if self.chance(0.25):
            return f"Value({self.constant(kind)}, output_field={self.any_of(FIELD[kind])})"
        if self.chance(0.05):
            return f"Value(None, output_field={self.any_of(FIELD[kind])})"
        return f"Value({self.constant(kind)})"

    # Expressions

    def leaf(self, kind):
        if self.database_default or self.chance(0.25):
            return self.value(kind)
        return f"F({self.any_of(COLUMNS[kind])!r})"

    def expression(self, kind, depth=2):
        """An expression object of the type."""
        if depth <= 0 or self.chance(0.2):
            return self.leaf(kind)
        makers = {
            "int": self.int,
            "float": self.float,
            "decimal": self.decimal,
            "char": self.char,
            "text": self.text,
            "bool": self.bool,
            "date": self.date,
            "datetime": self.datetime,
            "time": self.time,
            "duration": self.duration,
            "uuid": self.uuid,
            "json": self.json_expression,
            "texts": self.texts,
            "vector": self.search_vector,
            "int_range": lambda depth: self.range("int", "int4range", "IntegerRangeField", depth),
            "date_range": lambda depth: self.range("date", "daterange", "DateRangeField", depth),
            "datetime_range": lambda depth: self.range("datetime", "tstzrange", "DateTimeRangeField", depth),
        }
        maker = makers.get(kind)
        if maker is None or self.chance(0.2):
            return self.general(kind, depth - 1)
        return maker(depth - 1)

    def argument(self, kind, depth):
        """An argument of a function: a text names a column."""
        if not self.database_default and self.chance(0.3):
            return repr(self.any_of(COLUMNS[kind]))
        return self.expression(kind, depth)

    def general(self, kind, depth):
        inner = lambda: self.argument(kind, depth)
        return self.any_of([
            lambda: f"fn.Coalesce({inner()}, {self.expression(kind, depth)})",
            lambda: f"fn.{self.pick('Greatest', 'Least')}({inner()}, {inner()}, {inner()})",
            lambda: f"fn.NullIf({inner()}, {inner()})",
            lambda: f"fn.Cast({self.argument(self.pick(kind, 'char', 'text'), depth)}, {self.any_of(FIELD[kind])})",
            lambda: f"ExpressionWrapper({self.expression(kind, depth)}, output_field={self.any_of(FIELD[kind])})",
            lambda: self.case(kind, depth),
            lambda: f"Func({inner()}, function='custom', output_field={self.any_of(FIELD[kind])})",
            lambda: f"Func({inner()}, {inner()}, function='f', template='%(function)s(%(expressions)s, 50%%)', arg_joiner=' ; ', output_field={self.any_of(FIELD[kind])})",
            lambda: f"Func({inner()}, function='f', template='%(function)s<%(expressions)s|%(extra)s>', extra='x', output_field={self.any_of(FIELD[kind])})",
        ])()

    def case(self, kind, depth):
        whens = []
        for _ in range(self.random.randint(1, 3)):
            then = self.argument(kind, depth)
            if self.database_default or self.chance(0.3):
                whens.append(f"When({self.bool(depth)}, then={then})")
            elif self.chance(0.5):
                whens.append(f"When({self.condition(depth)}, then={then})")
            else:
                whens.append(f"When({self.lookup()}, then={then})")
        default = f", default={self.argument(kind, depth)}" if self.chance(0.7) else ""
        output = f", output_field={self.any_of(FIELD[kind])}" if self.chance(0.3) else ""
        return f"Case({', '.join(whens)}{default}{output})"

    def arithmetic(self, kind, depth):
        one, two = self.expression(kind, depth), self.expression(kind, depth)
        if self.chance(0.3):
            two = self.constant(kind)
        if self.chance(0.1):
            one, two = two, self.expression(kind, depth)
        operator = self.pick("+", "-", "*", "/", "%", "**")
        return f"({one} {operator} {two})"

    def int(self, depth):
        deeper = lambda kind: self.argument(kind, depth)
        return self.any_of([
            lambda: self.arithmetic("int", depth),
            lambda: f"-{self.expression('int', 0)}",
            lambda: f"({self.expression('int', depth)}).{self.pick('bitand', 'bitor', 'bitxor', 'bitleftshift', 'bitrightshift')}({self.pick('3', self.expression('int', depth))})",
            lambda: f"fn.Length({deeper('char')})",
            lambda: f"fn.Ord({deeper('char')})",
            lambda: f"fn.StrIndex({deeper('char')}, {self.expression('char', 0)})",
            lambda: f"fn.Mod({deeper('int')}, {deeper('int')})",
            lambda: f"fn.Extract{self.any_of(PARTS).title().replace('_', '')}({deeper(self.pick('date', 'datetime'))})",
            lambda: f"fn.Extract{self.any_of(CLOCK).title()}({deeper(self.pick('time', 'datetime', 'duration'))})",
            lambda: f"fn.Extract({deeper('datetime')}, {self.any_of(PARTS + CLOCK + ['century', 'epoch'])!r}, tzinfo={self.any_of(ZONES)})",
            lambda: f"fn.Sign({deeper('int')})",
            lambda: f"CombinedExpression({self.expression('int', depth)}, {self.pick('+', '*', '%%')!r}, {self.expression('int', depth)})",
            lambda: f"F('{self.pick('tags__len', 'day__year', 'at__month', 'nums__0', 'matrix__0__1', 'ints__startswith', 'clock__hour', 'tags__0_1__len')}')" if not self.database_default else self.value("int"),
        ])()

    def float(self, depth):
        number = lambda: self.argument(self.pick("float", "int", "decimal"), depth)
        return self.any_of([
            lambda: self.arithmetic("float", depth),
            lambda: f"fn.{self.any_of(ONE_NUMBER)}({number()})",
            lambda: f"fn.{self.pick('ATan2', 'Power', 'Log', 'Mod')}({number()}, {number()})",
            lambda: self.pick("fn.Pi()", "fn.Random()"),
            lambda: f"fn.Round({number()}{self.pick('', ', 2', ', precision=1', ', -1')})",
            lambda: f"search.{self.pick('TrigramSimilarity', 'TrigramDistance')}({self.argument('char', depth)}, {self.pick(repr('a'), self.expression('char', 0))})",
            lambda: f"search.{self.pick('TrigramWordSimilarity', 'TrigramStrictWordSimilarity', 'TrigramWordDistance', 'TrigramStrictWordDistance')}({self.pick(repr('a%'), self.expression('char', 0))}, {self.argument('char', depth)})",
            lambda: f"SearchRank({self.search_vector(depth)}, {self.search_query()}{self.pick('', ', cover_density=True', ', normalization=2', ', weights=[0.1, 0.2, 0.4, 1.0]')})",
        ])()

    def decimal(self, depth):
        return self.any_of([
            lambda: self.arithmetic("decimal", depth),
            lambda: f"({self.expression('decimal', depth)} {self.pick('*', '+')} {self.expression('int', depth)})",
            lambda: f"fn.{self.pick('Abs', 'Ceil', 'Floor')}({self.argument('decimal', depth)})",
            lambda: f"fn.Round({self.argument('decimal', depth)}, {self.pick('1', 'precision=2')})",
        ])()

    def char(self, depth):
        text = lambda: self.argument(self.pick("char", "char", "text"), depth)
        return self.any_of([
            lambda: f"fn.{self.any_of(ONE_TEXT)}({text()})",
            lambda: f"fn.Concat({', '.join(self.argument(self.pick('char', 'char', 'int', 'text'), depth) for _ in range(self.random.randint(2, 4)))}{self.pick('', ', output_field=models.TextField()', ', output_field=models.CharField()')})",
            lambda: f"fn.{self.pick('Left', 'Right')}({text()}, {self.pick('3', self.expression('int', 0))})",
            lambda: f"fn.{self.pick('LPad', 'RPad')}({text()}, {self.pick('5', 'length=7')})",
            lambda: f"fn.{self.pick('LPad', 'RPad')}({text()}, 5, {self.expression('char', 0)})",
            lambda: f"fn.Substr({text()}, {self.pick('1', '2, 3', 'pos=2, length=4', self.expression('int', 0))})",
            lambda: f"fn.Repeat({text()}, {self.pick('2', 'number=3')})",
            lambda: f"fn.Replace({text()}, {self.expression('char', 0)}{self.pick('', ', ' + self.expression('char', 0))})",
            lambda: f"fn.Chr({self.argument('int', depth)})",
            lambda: f"fn.Collate({text()}, {self.pick('C', 'de-x-icu')!r})",
            lambda: f"Unaccent({text()})",
            lambda: f"search.SearchHeadline({text()}, {self.pick(repr('fish'), self.search_query())}{self.pick('', ', start_sel=' + repr('<b>') + ', max_words=5', ', highlight_all=True', ', config=' + repr('english'))})",
            lambda: f"F('{self.pick('name', 'body', 'slug')}')[{self.pick('0', '3', ':2', '1:', '2:5', ':')}]" if not self.database_default else self.value("char"),
            lambda: f"HstoreKey({self.pick('a', 'x%')!r}, {self.argument('hstore', 0)})",
            lambda: f"RawSQL({self.pick('upper(%s)', 'now()::text')!r}, {self.pick('[]', '(5,)', '[' + repr('x') + ']')}, output_field=models.TextField())",
            lambda: f"Shout({text()})",
            lambda: f"Padded({text()}, {text()}, width=5)",
            lambda: f"Trimmed({text()})",
            lambda: f"Joined({text()}, {text()})",
            lambda: f"KT('data__{self.pick('a', 'a__b', '0', 'a__0')}')" if not self.database_default else self.value("char"),
            lambda: f"KeyTextTransform({self.pick('a', 0, 'x%')!r}, {self.argument('json', depth)})",
            lambda: f"F('{self.pick('labels__a', 'tags__0')}')" if not self.database_default else self.value("char"),
        ])()

    def text(self, depth):
        return self.char(depth)

    def bool(self, depth):
        kind = self.pick("int", "char", "date", "decimal", "datetime", "float", "bool", "text")
        one = self.expression(kind, depth)
        comparison = lambda: self.pick("Exact", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual")
        return self.any_of([
            lambda: f"lookups.{comparison()}({one}, {self.pick(self.constant(kind), self.expression(kind, depth))})",
            lambda: f"lookups.IsNull({one}, {self.pick('True', 'False')})",
            lambda: f"lookups.{self.pick('In')}({one}, [{self.constant(kind)}, {self.constant(kind)}])",
            lambda: f"lookups.Range({one}, ({self.constant(kind)}, {self.constant(kind)}))",
            lambda: f"lookups.{self.pick('Contains', 'IContains', 'StartsWith', 'IEndsWith', 'Regex', 'IExact')}({self.expression('char', depth)}, {self.pick(repr(self.any_of(TEXTS)), self.expression('char', 0))})",
            lambda: f"ExpressionWrapper({self.condition(depth)}, output_field=models.BooleanField())",
            lambda: f"~{self.bool(depth - 1) if depth > 0 else 'lookups.IsNull(' + one + ', True)'}",
            lambda: f"Func({one}, function='is_odd', output_field=models.BooleanField())",
        ])()

    def date(self, depth):
        return self.any_of([
            lambda: f"fn.TruncDate({self.argument('datetime', depth)}{self.pick('', ', tzinfo=' + self.any_of(ZONES))})",
            lambda: f"fn.Trunc{self.any_of(TRUNCATIONS).title()}({self.argument('date', depth)})",
            lambda: f"fn.Trunc({self.argument('date', depth)}, {self.any_of(TRUNCATIONS)!r})",
            lambda: f"fn.Trunc{self.any_of(TRUNCATIONS).title()}({self.argument('datetime', depth)}, output_field=models.DateField())",
            lambda: "F('at__date')" if not self.database_default else self.value("date"),
            lambda: self.value("date"),
        ])()

    def datetime(self, depth):
        return self.any_of([
            lambda: f"({self.expression(self.pick('datetime', 'date'), depth)} {self.pick('+', '-')} {self.pick(self.any_of(DURATIONS), self.expression('duration', depth))})",
            lambda: f"fn.Trunc{self.any_of(TRUNCATIONS + CLOCK).title()}({self.argument('datetime', depth)}{self.pick('', ', tzinfo=' + self.any_of(ZONES))})",
            lambda: f"fn.Trunc({self.argument('datetime', depth)}, {self.any_of(TRUNCATIONS + CLOCK)!r}, output_field=models.DateTimeField(), tzinfo={self.any_of(ZONES)})",
            lambda: self.pick("fn.Now()", "TransactionNow()"),
        ])()

    def time(self, depth):
        return self.any_of([
            lambda: f"fn.TruncTime({self.argument('datetime', depth)})",
            lambda: f"fn.Trunc{self.any_of(CLOCK).title()}({self.argument('time', depth)})",
            lambda: f"({self.expression('time', depth)} + {self.any_of(DURATIONS)})",
        ])()

    def duration(self, depth):
        kind = self.pick("date", "datetime", "time")
        return self.any_of([
            lambda: f"({self.expression(kind, depth)} - {self.expression(kind, depth)})",
            lambda: f"({self.expression('duration', depth)} {self.pick('+', '-')} {self.any_of(DURATIONS)})",
            lambda: f"({self.expression('duration', depth)} * {self.expression('int', 0)})",
        ])()

    def uuid(self, depth):
        return self.pick("RandomUUID()", self.general("uuid", depth))

    def json_expression(self, depth):
        return self.any_of([
            lambda: f"KeyTransform({self.pick('a', 0, 'b c')!r}, {self.argument('json', depth)})",
            lambda: "F('data__a__b')" if not self.database_default else self.value("json"),
            lambda: f"fn.JSONObject(a={self.argument('int', depth)}, b={self.argument('char', depth)})",
            lambda: f"fn.JSONArray({self.argument('int', depth)}, {self.argument('char', depth)})",
        ])()

    def texts(self, depth):
        if self.database_default:
            return self.value("texts")
        return self.pick("F('labels__keys')", "F('labels__values')", "F('tags__0_2')", "F('tags__1_2')", "F('tags')[1:]", "F('tags_null')[:2]", "F('tags')[0]")

    def range(self, item, function, field, depth):
        bounds = self.pick("", f", RangeBoundary()", f", RangeBoundary(inclusive_upper=True)", f", RangeBoundary(False, True)")
        return f"Func({self.argument(item, depth)}, {self.argument(item, depth)}{bounds}, function={function!r}, output_field={field}())"

    def search_query(self):
        if self.version >= (6, 0) and self.chance(0.3):
            return self.lexemes()
        return self.plain_search_query()

    def lexemes(self):
        one = lambda: f"search.Lexeme({self.pick('fish', 'two  words', chr(39) + 'x:y', 'Grüße')!r}{self.pick('', ', prefix=True', ', weight=' + repr('B'), ', invert=True', ', prefix=True, weight=' + repr('a'))})"
        both = self.any_of([one, lambda: f"({one()} {self.pick('&', '|')} {one()})", lambda: f"~({one()} {self.pick('&', '|')} {one()})", lambda: f"~{one()}"])
        return f"SearchQuery({both()}{self.pick('', ', config=' + repr('english'))})"

    def plain_search_query(self):
        one = lambda: f"SearchQuery({self.pick(repr('fish'), repr('o' + chr(39) + 'x'), self.expression('char', 0))}{self.pick('', ', config=' + repr('english'), ', search_type=' + repr('websearch'), ', invert=True')})"
        return self.any_of([one, one, lambda: f"({one()} {self.pick('&', '|')} {one()})", lambda: f"~SearchQuery('x')"])()

    def search_vector(self, depth):
        one = lambda: f"SearchVector({self.argument(self.pick('char', 'text', 'int'), depth)}{self.pick('', ', ' + self.argument('char', depth))}{self.pick('', ', config=' + repr('english'))}{self.pick('', ', weight=' + repr('A'))})"
        return self.any_of([one, one, lambda: f"({one()} + {one()})"])()

    # Conditions

    def condition(self, depth=2):
        """A `Q`, or what `&`, `|`, `^` and `~` make of several."""
        if depth <= 0 or self.chance(0.3):
            lookups = [self.lookup() for _ in range(self.pick(1, 1, 1, 2, 3))]
            names = [lookup.split("=", 1)[0] for lookup in lookups]
            if len(set(names)) < len(names):
                lookups = lookups[:1]
            options = "".join([
                ", _connector='OR'" if self.chance(0.06) else "",
                ", _negated=True" if self.chance(0.06) else "",
            ])
            return f"Q({', '.join(lookups)}{options})"
        return self.any_of([
            lambda: f"({self.condition(depth - 1)} & {self.condition(depth - 1)})",
            lambda: f"({self.condition(depth - 1)} | {self.condition(depth - 1)})",
            lambda: f"({self.condition(depth - 1)} ^ {self.condition(depth - 1)})",
            lambda: f"({self.condition(depth - 1)} ^ {self.condition(depth - 1)} ^ {self.condition(0)})",
            lambda: f"~{self.condition(depth - 1)}",
            lambda: f"~({self.condition(depth - 1)})",
            lambda: f"Q({self.condition(depth - 1)}, {self.condition(depth - 1)})",
            lambda: f"Q({self.bool(1)})",
            lambda: f"(Q({self.bool(1)}) | {self.condition(depth - 1)})",
            lambda: f"({self.bool(1)} & {self.bool(0)})",
            lambda: f"(Q() | {self.condition(depth - 1)})",
            lambda: f"(Q(id__in=[]) | {self.condition(depth - 1)})",
            lambda: f"Q({self.condition(depth - 1)}, {self.lookup()})",
        ])()

    def right(self, kind, constant=None):
        """What a lookup is compared with."""
        if self.chance(0.3):
            return self.expression(kind, 1)
        return constant if constant is not None else self.constant(kind)

    def lookup(self):
        """`name__lookup=value`."""
        kind = self.any_of(FILTERED)
        column = self.any_of(COLUMNS[kind])
        if self.chance(0.05):
            return f"{column}__isnull={self.pick('True', 'False')}"
        if self.chance(0.03):
            return f"{column}=None"
        special = getattr(self, f"{kind}_lookup", None)
        if special:
            return f"{column}{special()}"
        return f"{column}{self.comparison(kind)}"

    def comparison(self, kind):
        return self.any_of([
            lambda: f"={self.right(kind)}",
            lambda: f"__exact={self.right(kind)}",
            lambda: f"__{self.pick('gt', 'gte', 'lt', 'lte')}={self.right(kind)}",
            lambda: f"__in=[{', '.join(self.right(kind) for _ in range(self.random.randint(1, 3)))}]",
            lambda: f"__in={self.pick('(', '[')}{self.constant(kind)}, {self.constant(kind)}".replace("__in=(", "__in=[") + "]",
            lambda: f"__range=({self.right(kind)}, {self.right(kind)})",
        ])()

    def pattern(self):
        name = self.pick("iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "regex", "iregex")
        return f"__{name}={self.right('char')}"

    def int_lookup(self):
        return self.any_of([
            lambda: self.comparison("int"),
            lambda: f"__{self.pick('gte', 'lt', 'gt')}={self.constant('float')}",
            lambda: f"__{self.pick('contains', 'startswith', 'iexact')}={self.pick('4', repr('7'))}",
            lambda: "__contained_by=NumericRange(1, 5)",
        ])()

    def relation_lookup(self):
        return self.pick("=5", "__in=[1, 2, 2]", "__gt=3", "__isnull=True", "__lte=7", "=F('id')", "=Value(4)", "__isnull=False")

    def char_lookup(self):
        return self.any_of([
            lambda: self.comparison("char"),
            self.pattern,
            self.pattern,
            lambda: f"__unaccent{self.pick('', '__icontains', '__startswith')}={self.constant('char')}",
            lambda: f"__unaccent__in=['a', 'b']",
            lambda: f"__search={self.pick(repr('fish'), self.search_query())}",
            lambda: f"__trigram_{self.pick('similar', 'word_similar', 'strict_word_similar')}={self.right('char')}",
        ])()

    text_lookup = char_lookup

    def bool_lookup(self):
        return self.pick("=True", "=False", "=1", "__in=[True, False]", "=F('flag')", "=Value(True)", "__exact=0")

    def date_lookup(self, timed=False):
        parts = PARTS + (CLOCK if timed else [])
        kind = "datetime" if timed else "date"
        year = lambda: self.pick("2020", "F('i')", "1999", "Value(2000)")
        return self.any_of([
            lambda: self.comparison(kind),
            lambda: f"__{self.any_of(parts)}{self.pick('', '__gt', '__lte', '__exact')}={self.pick('3', '12', self.expression('int', 0))}",
            lambda: f"__{self.pick('year', 'iso_year')}{self.pick('', '__gt', '__gte', '__lt', '__lte')}={year()}",
            lambda: f"__{self.pick('year', 'iso_year')}__in=[2019, 2020]",
            lambda: f"__{self.any_of(parts)}__in=[1, 2]",
            lambda: f"__date{self.pick('', '__gt', '__year')}={self.pick(self.any_of(DATES), '2021')}" if timed else f"__contained_by=DateRange({DATES[0]}, None)",
            lambda: f"__time__gte={self.constant('time')}" if timed else "__day=1",
        ])()

    def datetime_lookup(self):
        return self.date_lookup(timed=True)

    def time_lookup(self):
        return self.any_of([lambda: self.comparison("time"), lambda: f"__{self.any_of(CLOCK)}{self.pick('', '__lt')}={self.pick('5', '30')}"])()

    def uuid_lookup(self):
        return self.any_of([lambda: self.comparison("uuid"), lambda: f"__{self.pick('startswith', 'icontains', 'iexact')}='12ab'"])()

    def ip_lookup(self):
        return self.any_of([lambda: self.comparison("ip"), self.pattern])()

    def json_lookup(self):
        path = self.pick("", "__a", "__a__b", "__0", "__a__1", "__a b")
        if path == "__a b":
            path = "__ab"
        keyed = lambda: self.any_of([
            lambda: f"{path}={self.right('json')}",
            lambda: f"{path}__{self.pick('gt', 'lte')}={self.json()}",
            lambda: f"{path}__in=[1, 'a', {self.json()}]",
            lambda: f"{path}__{self.pick('iexact', 'icontains', 'startswith', 'iendswith', 'regex', 'iregex')}={self.constant('char')}",
            lambda: f"{path}__isnull={self.pick('True', 'False')}",
        ])()
        return self.any_of([
            keyed,
            keyed,
            lambda: f"{path}__{self.pick('contains', 'contained_by')}={self.json()}",
            lambda: f"{path}__has_key={self.pick(repr('a'), repr('x%'))}",
            lambda: f"{path}__{self.pick('has_keys', 'has_any_keys')}=['a', 'b c']",
        ])()

    def texts_lookup(self, kind="texts", item="char"):
        items = lambda: self.pick(self.constant(kind), f"[{self.right(item)}, {self.right(item)}]", "[None]")
        return self.any_of([
            lambda: f"={items()}",
            lambda: f"__{self.pick('contains', 'contained_by', 'overlap')}={items()}",
            lambda: f"__len{self.pick('', '__gt', '__lte')}=2",
            lambda: f"__{self.pick('0', '1')}={self.right(item)}",
            lambda: f"__{self.pick('0_1', '1_3')}={self.constant(kind)}",
            lambda: f"__in=[{self.constant(kind)}, {self.constant(kind)}]",
            lambda: f"__{self.pick('contains', 'overlap')}=F('{self.any_of(COLUMNS[kind])}')",
        ])()

    def ints_lookup(self):
        return self.texts_lookup("ints", "int")

    def matrix_lookup(self):
        return self.pick("__0__contains=[1, 2]", "__len=2", "__0__1=5", "__contains=[[1, 2]]", "=[[1], [2]]", "__0_1__len=3")

    def hstore_lookup(self):
        return self.any_of([
            lambda: f"__{self.pick('contains', 'contained_by')}={self.constant('hstore')}",
            lambda: f"__has_key={self.pick(repr('a'), repr('ä%'))}",
            lambda: f"__{self.pick('has_keys', 'has_any_keys')}=['a', 'b']",
            lambda: f"__{self.pick('keys', 'values')}__{self.pick('contains', 'overlap')}=['a']",
            lambda: f"__a{self.pick('', '__startswith', '__in', '__isnull')}=".replace("__in=", "__in=['x', 'y']").replace("__isnull=", "__isnull=True") + "",
            lambda: f"__b={self.constant('char')}",
            lambda: f"={self.constant('hstore')}",
        ])()

    def int_range_lookup(self, kind="int_range", item="int"):
        return self.any_of([
            lambda: f"={self.constant(kind)}",
            lambda: f"__contains={self.pick(self.constant(kind), self.right(item))}",
            lambda: f"__{self.pick('contained_by', 'overlap', 'fully_lt', 'fully_gt', 'not_lt', 'not_gt', 'adjacent_to')}={self.pick(self.constant(kind), 'F(' + repr(COLUMNS[kind][0]) + ')')}",
            lambda: f"__{self.pick('startswith', 'endswith')}{self.pick('', '__gt', '__lte')}={self.right(item)}",
            lambda: f"__{self.pick('isempty', 'lower_inc', 'lower_inf', 'upper_inc', 'upper_inf')}={self.pick('True', 'False')}",
        ])()

    def dec_range_lookup(self):
        return self.int_range_lookup("dec_range", "decimal")

    def date_range_lookup(self):
        return self.int_range_lookup("date_range", "date")

    def datetime_range_lookup(self):
        return self.int_range_lookup("datetime_range", "datetime")
