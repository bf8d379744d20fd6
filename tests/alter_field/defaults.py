"""Values of every Python type as defaults, each as the text that a migration has."""

import random
import string

WORDS = [
    "", "plain", "it's", 'say "x"', "back\\slash", "100 %", "%s", "%(a)s", "%%", "line\nfeed", "tab\t", "ümläut", "日本",
    "\U0001f600", "a\\'b", "'", "\\", "NULL", "null", " ", "{}", "a,b", "\r\n", "\x7f", "\u2028", "$1", "--", "{a}", "é́", "\x01",
]
INTEGERS = [0, 1, -1, 7, -2147483648, 2147483647, 32767, -32768]
BIG = [*INTEGERS, 9223372036854775807, -9223372036854775808, 10**12]
FLOATS = [
    "0.0", "-0.0", "1.5", "-2.25", "1e10", "1e16", "1e22", "1.5e-07", "float('inf')", "float('-inf')", "float('nan')", "3", "True", "'2.5'",
    "123456789.123456789", "5e-324", "1e100", "0.1", "100000.0", "0.0001", "0.00001",
]
DECIMALS = [
    "decimal.Decimal('0')", "decimal.Decimal('0.00')", "decimal.Decimal('-1.50')", "decimal.Decimal('1E+2')", "decimal.Decimal('1E-7')", "decimal.Decimal(3)", "1", "0.1",
    "1.25", "'2.5'", "0", "decimal.Decimal('NaN')", "2.675", "decimal.Decimal(1.5)", "decimal.Decimal('123.4560')", "-0.5", "decimal.Decimal('.5')", "decimal.Decimal('5.')",
    "decimal.Decimal((1, (1, 2), -1))", "1e3", "True", "decimal.Decimal('-0')",
]
DATES = [
    "datetime.date(2024, 2, 29)", "datetime.date(1, 1, 1)", "datetime.date(9999, 12, 31)", "'2024-01-31'", "datetime.datetime(2024, 1, 31, 23, 59)", "datetime.date.today",
    "datetime.date.min", "datetime.date.max", "datetime.date(year=1999, month=12, day=1)",
]
MOMENTS = [
    "datetime.datetime(2024, 1, 31, 12, 30, tzinfo=datetime.timezone.utc)", "datetime.datetime(2024, 1, 31, 12, 30, 5, 7, tzinfo=datetime.timezone.utc)",
    "datetime.datetime(2024, 1, 31)", "datetime.date(2024, 1, 31)", "'2024-01-31'", "'2024-01-31 12:30'", "'2024-01-31T12:30:15Z'", "'2024-01-31 12:30:15.5+02:00'",
    "datetime.datetime(2024, 1, 31, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))", "django.utils.timezone.now",
    "datetime.datetime(2024, 1, 31, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=-5, minutes=-30)))", "datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.utc)",
    "datetime.datetime(2024, 1, 1, 12, tzinfo=zoneinfo.ZoneInfo('UTC'))",
    "datetime.datetime.min", "datetime.datetime.now",
]
TIMES = ["datetime.time(12, 30)", "datetime.time(0, 0)", "datetime.time(23, 59, 59, 999999)", "'12:30'", "'12:30:15.25'", "datetime.time.min", "datetime.time.max", "datetime.datetime(2024, 1, 1, 5, 6)"]
DURATIONS = [
    "datetime.timedelta(0)", "datetime.timedelta(days=1)", "datetime.timedelta(days=-1)", "datetime.timedelta(days=3, seconds=5, microseconds=7)", "datetime.timedelta(weeks=2, hours=-1)",
    "datetime.timedelta(seconds=-1)", "datetime.timedelta(hours=100)", "datetime.timedelta(microseconds=1)", "datetime.timedelta(days=400, minutes=3)", "datetime.timedelta(hours=1.5)",
    "datetime.timedelta(1, 2, 3)", "'1 00:00:05'", "'P1DT2H'", "'00:05:00'", "datetime.timedelta()", "datetime.timedelta(minutes=0.5)", "datetime.timedelta(milliseconds=15)",
]
UUIDS = ["uuid.UUID('12345678-1234-5678-1234-567812345678')", "uuid.UUID(int=0)", "uuid.UUID(int=2**100)", "'12345678123456781234567812345678'", "'{12345678-1234-5678-1234-567812345678}'",
    "uuid.UUID(hex='ABCDEF78123456781234567812345678')", "uuid.UUID('urn:uuid:12345678-1234-5678-1234-567812345678')", "uuid.uuid4", "5", "uuid.UUID(bytes=b'0123456789abcdef')", "uuid.NAMESPACE_DNS"]
BYTES = ["b''", "b'abc'", r"b'\x00\xff\'\\'", "b'%s'", "bytes"]
JSON = [
    "dict", "list", "{}", "[]", "{'a': 1}", "{'a': [1, 2.5, True, None, 'x']}", "[1, 'it\\'s', '100 %', '\\\\']", "'text'", "1", "True", "1.5", "None", "{'ü': '日本 \U0001f600'}", "{1: 2, None: 3, 1.5: 5}",
    "{'a': {'b': {'c': []}}}", "(1, 2)", "{'z': 1, 'a': 2}", "str", "float('inf')", "{'quote': '\"'}", "[[], {}, '']", "'\\n\\t\\x07\\x7f'", "10**20", "1e22", "dict(a=1)", "list((1, 2))",
]
# A mapped address that stays one is printed by each Python in its own way.
ADDRESSES = ["'127.0.0.1'", "'::1'", "'2001:DB8::0001'", "''", "'10.0.0.1'", "'fe80:0:0:0:0:0:0:1'"]
HSTORE = ["dict", "{}", "{'a': 'b'}", "{'a': None, 'b c': '\"q\"'}", "{'it\\'s': '\\\\'}", "{'a': 1}", "{'ü': '%'}", "{'a': True, 'b': ''}"]


def texts(source):
    letters = string.ascii_letters + string.digits + "'\"\\%{}ü日 \n\t$;-"
    drawn = ["".join(source.choices(letters, k=source.randint(1, 12))) for _ in range(12)]
    return [repr(word) for word in [*WORDS, *drawn]] + ["str", "5", "2.5", "True", "None", "_('lazy')", "'a' 'b'", "f'{1}x'", "'x' * 3", "uuid.uuid4", "matrix.custom.word"]


def numbers(chosen, source):
    drawn = [source.randint(-(2**31), 2**31 - 1) for _ in range(4)]
    return [repr(number) for number in [*chosen, *drawn]] + ["int", "True", "'12'", "2.0", "3.7", "10_000", "0x10", "' 4 '", "60 * 60", "-(-3)", "matrix.custom.five"]


def ranges(one, two, bounds):
    made = [f"({one}, {two})", f"[{one}, {two}]", f"({one}, None)", f"(None, {two})", "(None, None)", f"{bounds}({one}, {two})", f"{bounds}({one}, {two}, '[]')", f"{bounds}({one}, {two}, bounds='()')", f"{bounds}(empty=True)", f"{bounds}(None, {two}, '(]')", f"{bounds}()"]
    return made


def defaults():
    """Pairs of a field without its closing parenthesis and a default."""
    source = random.Random(20)
    whole = numbers(INTEGERS, source)
    rows = {
        "models.CharField(max_length=90, ": texts(source),
        "models.TextField(": texts(source),
        "models.SlugField(": [repr(word) for word in WORDS[:6]],
        "models.EmailField(": ["'a@b.c'", "''"],
        "models.FileField(": ["'a/b'", "''"],
        "models.BooleanField(": ["True", "False", "1", "0", "'t'", "'False'", "bool", "'1'"],
        "models.SmallIntegerField(": ["1", "-32768", "'5'", "int"],
        "models.IntegerField(": whole,
        "models.PositiveIntegerField(": ["0", "5", "'6'", "True"],
        "models.BigIntegerField(": numbers(BIG, source),
        "models.FloatField(": FLOATS + ["float", "int", "-3", "'inf'", "'nan'", "decimal.Decimal('1.10')"],
        "models.DecimalField(decimal_places=3, max_digits=8, ": DECIMALS + ["decimal.Decimal", "int"],
        "models.DecimalField(decimal_places=10, max_digits=30, ": DECIMALS,
        "models.DateField(": DATES,
        "models.DateTimeField(": MOMENTS,
        "models.TimeField(": TIMES,
        "models.DurationField(": DURATIONS,
        "models.UUIDField(": UUIDS,
        "models.BinaryField(": BYTES,
        "models.JSONField(": JSON,
        "models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, ": JSON + ["{'at': datetime.date(2024, 1, 1)}", "decimal.Decimal('1.5')", "[uuid.UUID(int=1)]"],
        "models.GenericIPAddressField(": ADDRESSES,
        "models.GenericIPAddressField(unpack_ipv4=True, ": [*ADDRESSES, "'::ffff:10.0.0.1'"],
        "ArrayField(base_field=models.IntegerField(), ": ["list", "[]", "[1, 2]", "(3, 4)", "[None]", "[-1]", "['5']"],
        "ArrayField(base_field=models.SmallIntegerField(), ": ["[1, 300]"],
        "ArrayField(base_field=models.BigIntegerField(), ": ["[1, 3000000000]", "[5000000000]"],
        "ArrayField(base_field=models.CharField(max_length=20), ": ["list", "[]", "['a', 'b c']", "['it\\'s', 'NULL', '', '\"', '\\\\', '{}', ',']", "['100 %', 'ü', ' x ', 'a\\nb']", "('a',)", "[None, 'a']", "['null', 'Null']"],
        "ArrayField(base_field=models.TextField(), size=3, ": ["['a']", "tuple", "[]"],
        "ArrayField(base_field=models.BooleanField(), ": ["[True, False]"],
        "ArrayField(base_field=models.FloatField(), ": ["[1.5, 2]", "[float('inf')]"],
        "ArrayField(base_field=models.DecimalField(decimal_places=2, max_digits=5), ": ["[decimal.Decimal('1.50')]", "[1, 2]"],
        "ArrayField(base_field=models.UUIDField(), ": ["[uuid.UUID(int=1)]"],
        "ArrayField(base_field=models.DateField(), ": ["[datetime.date(2024, 1, 1)]"],
        "ArrayField(base_field=models.DateTimeField(), ": ["[datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)]"],
        "ArrayField(base_field=models.TimeField(), ": ["[datetime.time(1, 2)]"],
        "ArrayField(base_field=models.DurationField(), ": ["[datetime.timedelta(days=1)]"],
        "ArrayField(base_field=models.JSONField(), ": ["[{'a': 1}, 'b']"],
        "ArrayField(base_field=models.GenericIPAddressField(), ": ["['10.0.0.1']"],
        "ArrayField(base_field=models.BinaryField(), ": ["[b'ab']"],
        "ArrayField(base_field=ArrayField(base_field=models.IntegerField()), ": ["[[1, 2], [3, 4]]", "[]", "[[]]"],
        "ArrayField(base_field=ArrayField(base_field=models.CharField(max_length=5)), ": ["[['a', 'b'], ['c d', '']]"],
        "HStoreField(": HSTORE,
        "IntegerRangeField(": ranges("1", "5", "django.db.backends.postgresql.psycopg_any.NumericRange"),
        "BigIntegerRangeField(": ranges("-1", "5000000000", "django.db.backends.postgresql.psycopg_any.NumericRange"),
        "DecimalRangeField(": ranges("decimal.Decimal('1.5')", "2", "django.db.backends.postgresql.psycopg_any.NumericRange"),
        "DateRangeField(": ranges("datetime.date(2024, 1, 1)", "datetime.date(2024, 2, 1)", "django.db.backends.postgresql.psycopg_any.DateRange"),
        "DateTimeRangeField(": ranges("datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)", "datetime.datetime(2024, 2, 1, tzinfo=datetime.timezone.utc)", "django.db.backends.postgresql.psycopg_any.DateTimeTZRange"),
        f"models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matrix.Goal', ": ["1", "'2'", "None", "matrix.custom.five"],
        f"models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matrix.Word', ": ["'it\\'s'", "5"],
        f"models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matrix.Token', ": ["uuid.UUID(int=5)", "'12345678123456781234567812345678'"],
    }
    return [(field, default) for field, values in rows.items() for default in values]
