import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import Case, ExpressionWrapper, F, Func, Q, Value, When
from django.db.models import functions as fn
from django.db.models.fields.json import KT, KeyTextTransform
from django.db.models.lookups import GreaterThan, IsNull


def index(name, *keys):
    return migrations.AddIndex("reading", models.Index(*keys, name=name))


class Trimmed(Func):
    function = "BTRIM"
    output_field = models.TextField()


class Padded(Trimmed):
    function = "LPAD"
    template = "%(function)s(%(expressions)s, %(width)s)"


class Migration(migrations.Migration):
    dependencies = [("gauge", "0001_lookups")]

    operations = [
        index("gauge_text", fn.Left("name", 3), fn.Substr("name", 2, length=4), fn.LPad("name", 5), fn.Replace("name", Value("%"))),
        index("gauge_more_text", fn.StrIndex("name", Value("o'x")), fn.Repeat("name", 2), fn.Reverse("note"), fn.MD5("note")),
        index("gauge_math", fn.Round("price", 1), fn.Mod("ratio", "level"), fn.Log(2, "ratio"), -F("level"), F("level") % 7),
        index("gauge_bits", F("level").bitand(3), F("level").bitleftshift(1), F("level").bitxor(F("small"))),
        index("gauge_dates", fn.TruncMonth("at", tzinfo=ZoneInfo("Europe/Berlin")), fn.TruncDate("at"), fn.ExtractIsoWeekDay("on")),
        index("gauge_time", F("on") - F("on"), F("clock") + datetime.timedelta(minutes=5), F("lasts") * 2),
        index("gauge_case", Case(When(good=True, then="level"), When(Q(level=1) ^ Q(small=2), then=Value(5)), default=F("level")).desc(nulls_last=True)),
        index("gauge_coalesce", fn.Coalesce("note", "name", Value("100%")).asc(), fn.NullIf("level", Value(0)), fn.Greatest("level", "small")),
        index("gauge_cast", fn.Cast("level", models.CharField(max_length=5)), fn.Cast("price", models.FloatField())),
        index("gauge_json", KT("data__a__b"), KeyTextTransform("c", "data"), F("data__0")),
        index("gauge_search", SearchVector("name", "note", config="english"), SearchVector("level", config="simple", weight="A")),
        index("gauge_logic", GreaterThan(F("level"), F("small")), IsNull("note", False), ~IsNull(F("at"), True)),
        index("gauge_wrapped", ExpressionWrapper(Q(level=1), output_field=models.BooleanField()), fn.Collate("name", "C")),
        index("gauge_own", Trimmed("name", Value(" x")), Padded("name", width=7), Func("name", function="strpos", template="%(function)s(%(expressions)s, '%%%%')")),
        index("gauge_transforms", F("on__year"), F("tags__len"), F("tags__0"), F("span__startswith")),
    ]
