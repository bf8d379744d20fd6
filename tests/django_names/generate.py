"""Writes names as real Django makes them, one case per line of JSON: run with Django on the path.

    python tests/django_names/generate.py > tests/django_names/names.jsonl

Needs no database: only functions of `django.db.backends.utils`, `BaseDatabaseSchemaEditor._create_index_name` and
`Index.set_name_with_model` run.
"""

import json
import random
from types import SimpleNamespace

from django.conf import settings

settings.configure()

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import names_digest, truncate_name

WORDS = ["hedgehog", "station", "patient", "weight_on_admission", "größe", "x", "_private", "9lives", "enclosure_history"]
SUFFIXES = ["", "_idx", "_like", "_uniq", "_check", "_pk", "_fk"]


class Names(BaseDatabaseSchemaEditor):
    def __init__(self):
        self.connection = SimpleNamespace(ops=SimpleNamespace(max_name_length=lambda: 63))


def name(random, most):
    return "_".join(random.choice(WORDS) for _ in range(random.randint(1, most)))


def index_name(table, columns, suffix):
    fields = {column.removeprefix("-"): SimpleNamespace(column=column.removeprefix("-")) for column in columns}
    meta = SimpleNamespace(db_table=table, get_field=lambda field: fields[field])
    index = models.Index(fields=columns)
    index.suffix = suffix
    index.set_name_with_model(SimpleNamespace(_meta=meta))
    return index.name


def cases():
    chance = random.Random(20)
    editor = Names()
    for _ in range(120):
        table = name(chance, 5)
        if chance.random() < 0.2:
            table = f'{name(chance, 1)}"."{table}'
        columns = [name(chance, 3) for _ in range(chance.randint(1, 4))]
        suffix = chance.choice(SUFFIXES)
        yield {"kind": "create_index_name", "table": table, "columns": columns, "suffix": suffix,
               "name": editor._create_index_name(table, columns, suffix=suffix)}
        to_table, to_column = name(chance, 4), name(chance, 2)
        yield {"kind": "foreign_key", "table": table, "columns": columns[:1], "to_table": to_table, "to_column": to_column,
               "name": editor._create_index_name(table, columns[:1], suffix=f"_fk_{to_table}_{to_column}")}
        ordered = [chance.choice(["", "-"]) + column for column in dict.fromkeys(columns)]
        kind = chance.choice(["idx", "gin", "btree", "spgist"][:2])
        yield {"kind": "model_index_name", "table": table, "columns": ordered, "suffix": kind,
               "name": index_name(table, ordered, kind)}
        yield {"kind": "truncate_name", "table": table * 2, "name": truncate_name(table * 2, 63)}
        yield {"kind": "names_digest", "columns": columns, "name": names_digest(*columns, length=8)}


for case in cases():
    print(json.dumps(case, ensure_ascii=False))
