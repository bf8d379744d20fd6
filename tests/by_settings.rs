//! What a setting or the server decides, against real Django: moments follow `USE_TZ` and `TIME_ZONE`, and what only a tz
//! database tells stays unknown; JSON functions follow the version of PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a failure here is a failure of the test"
)]

mod editor;
mod environment;

use std::fs;
use std::path::Path;

use editor::Compared;
use environment::DjangoVersion;

const IMPORTS: &str = "import datetime
import uuid
import zoneinfo

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models import functions as fn
from django.utils import timezone
";

/// Values whose text needs no tz database, where the zone of the settings does not.
const MOMENTS: [&str; 12] = [
    "models.DateTimeField(default=datetime.datetime(2024, 1, 31, 12, 30))",
    "models.DateTimeField(default=datetime.datetime(2024, 7, 31, 12, 30, 1, 250000, tzinfo=None))",
    "models.DateTimeField(default=datetime.date(2024, 7, 31))",
    "models.DateTimeField(default='2024-07-31T12:30')",
    "models.DateTimeField(default='2024-07-31 12:30:00+02:00')",
    "models.DateTimeField(default=datetime.datetime(2024, 1, 31, tzinfo=datetime.timezone.utc))",
    "models.DateTimeField(default=datetime.datetime(2024, 1, 31, tzinfo=datetime.timezone(datetime.timedelta(hours=2))))",
    "models.DateTimeField(default=datetime.datetime(2024, 1, 31, tzinfo=datetime.timezone(datetime.timedelta(hours=-5, minutes=-30))))",
    "models.DateTimeField(default=datetime.datetime(2024, 1, 31, tzinfo=timezone.get_fixed_timezone(90)))",
    "models.DateTimeField(default=datetime.datetime(2024, 1, 31, tzinfo=zoneinfo.ZoneInfo('Etc/GMT+5')))",
    "ArrayField(models.DateTimeField(), default=[datetime.datetime(2024, 1, 31), datetime.datetime(2024, 2, 1)])",
    "models.TimeField(default=datetime.datetime(2024, 1, 31, 8))",
];

/// Those in which no field takes a part.
const OTHERS: [&str; 4] = [
    "models.DateTimeField(default=timezone.now)",
    "DateTimeRangeField(default=(datetime.datetime(2024, 1, 31), datetime.datetime(2024, 2, 1)))",
    "models.JSONField(encoder=DjangoJSONEncoder, default=[datetime.datetime(2024, 1, 31, 12, 30, 0, 250000)])",
    "models.DateField(default=datetime.datetime(2024, 1, 31))",
];

const CONDITIONS: [&str; 5] = [
    "Q(made__gte=datetime.datetime(2024, 1, 31))",
    "Q(made__in=[datetime.datetime(2024, 1, 31), datetime.datetime(2024, 2, 1)])",
    "Q(made__lt=Value(datetime.datetime(2024, 1, 31)))",
    "Q(made__range=('2024-01-31', datetime.datetime(2024, 2, 1, tzinfo=datetime.timezone.utc)))",
    "Q(made=F('seen')) | Q(seen__gt=datetime.datetime(2024, 1, 31))",
];

/// What only a tz database tells.
const NAMED: &str = "models.DateTimeField(default=datetime.datetime(2024, 7, 31, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin')))";

/// A project of one app; `settings` tells of time zones.
fn project(
    folder: &Path,
    settings: &str,
    (fields, conditions): (&[&str], &[&str]),
    django: DjangoVersion,
) {
    let migrations = folder.join("watch/migrations");
    fs::create_dir_all(&migrations).unwrap();
    for package in ["watch", "watch/migrations"] {
        fs::write(folder.join(package).join("__init__.py"), "").unwrap();
    }
    let settings = format!(
        "SECRET_KEY = 'not a secret'\n{settings}\nDEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n\
         INSTALLED_APPS = ['watch']\nDATABASES = {{'default': {{'ENGINE': 'django.db.backends.postgresql'}}}}\n"
    );
    fs::write(folder.join("settings.py"), settings).unwrap();
    let mut operations = vec![
        "migrations.CreateModel('Watch', [('id', models.BigAutoField(primary_key=True)), ('made', models.DateTimeField()), ('seen', models.DateTimeField(null=True))])".to_owned(),
    ];
    operations.extend(
        fields
            .iter()
            .enumerate()
            .map(|(n, field)| format!("migrations.AddField('watch', 'field_{n}', {field})")),
    );
    // The name before Django 5.1.
    let keyword = if django == DjangoVersion::V4_2 {
        "check"
    } else {
        "condition"
    };
    operations.extend(conditions.iter().enumerate().map(|(n, condition)| {
        format!("migrations.AddConstraint('watch', models.CheckConstraint({keyword}={condition}, name='watch_{n}'))")
    }));
    let text = format!(
        "{IMPORTS}\n\nclass Migration(migrations.Migration):\n    operations = [\n        {},\n    ]\n",
        operations.join(",\n        ")
    );
    fs::write(migrations.join("0001_initial.py"), text).unwrap();
}

fn written(
    (settings, time_zone): (&str, Option<&str>),
    parts: (&[&str], &[&str]),
    django: DjangoVersion,
) -> Compared {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path(), settings, parts, django);
    let compared = editor::compared_in(folder.path(), django, time_zone);
    assert!(compared.refused.is_empty(), "{:?}", compared.refused);
    compared
}

const ALL: [DjangoVersion; 3] = [
    DjangoVersion::V4_2,
    DjangoVersion::V5_2,
    DjangoVersion::V6_0,
];

/// Of projects whose zone has one offset for all time.
const FIXED: [(&str, Option<&str>); 3] = [
    ("USE_TZ = False", None),
    ("USE_TZ = True\nTIME_ZONE = 'UTC'", Some("UTC")),
    ("USE_TZ = True\nTIME_ZONE = 'Etc/GMT-2'", Some("Etc/GMT-2")),
];

#[test]
fn a_moment_is_written_with_the_zone_that_the_settings_give_it() {
    if environment::left_out("moments in zones") {
        return;
    }
    let fields = [&MOMENTS[..], &OTHERS].concat();
    let mut failed = Vec::new();
    for zone in FIXED {
        for django in ALL {
            let compared = written(zone, (&fields, &CONDITIONS), django);
            assert!(compared.statements >= fields.len() + CONDITIONS.len());
            failed.extend(
                compared
                    .differences
                    .iter()
                    .map(|one| format!("Django {}, {}: {one}", django.name(), zone.0)),
            );
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn what_only_a_tz_database_tells_is_unknown() {
    if environment::left_out("moments in named zones") {
        return;
    }
    for django in ALL {
        let of_value = written(("USE_TZ = False", None), (&[NAMED], &[]), django);
        assert_eq!(of_value.differences.len(), 1, "{:?}", of_value.differences);
        assert_eq!(of_value.unknown.values().sum::<usize>(), 1);
        let berlin = (
            "USE_TZ = True\nTIME_ZONE = 'Europe/Berlin'",
            Some("Europe/Berlin"),
        );
        let naive = &MOMENTS[..4];
        let of_settings = written(berlin, (naive, &CONDITIONS[..1]), django);
        assert_eq!(
            of_settings.differences.len(),
            5,
            "{:?}",
            of_settings.differences
        );
        assert_eq!(of_settings.unknown.values().sum::<usize>(), 5);
        let aware = written(berlin, (&MOMENTS[4..10], &[]), django);
        assert!(
            aware.differences.is_empty(),
            "{}",
            aware.differences.join("\n")
        );
    }
}

const OF_JSON: [&str; 2] = [
    "Q(field_0=fn.JSONObject(at=F('made'), word=Value('x')))",
    "Q(field_0=fn.JSONObject())",
];

/// Since Django 5.2.
const OF_JSON_ARRAYS: [&str; 2] = [
    "Q(field_0=fn.JSONArray(F('made'), Value(1)))",
    "Q(field_0=fn.JSONArray())",
];

#[test]
fn json_functions_are_written_for_the_version_of_the_server() {
    if environment::left_out("JSON functions on PostgreSQL 15") {
        return;
    }
    for django in ALL {
        let folder = tempfile::tempdir().unwrap();
        let mut conditions = OF_JSON.to_vec();
        if django != DjangoVersion::V4_2 {
            conditions.extend(OF_JSON_ARRAYS);
        }
        let fields = ["models.JSONField(db_column='noted', null=True)"];
        project(folder.path(), FIXED[1].0, (&fields, &conditions), django);
        for compared in [
            editor::compared(folder.path(), django),
            editor::compared_on_15(folder.path(), django),
        ] {
            assert!(compared.refused.is_empty(), "{:?}", compared.refused);
            assert!(compared.statements > conditions.len());
            let differences = compared.differences.join("\n");
            assert!(
                differences.is_empty(),
                "Django {}: {differences}",
                django.name()
            );
        }
    }
}
