//! The field classes of Django by their dotted names, and what each takes when nothing is said.

use crate::django::project_state::FieldKind;

/// A field class of Django.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::django) struct DjangoFieldClass {
    pub(in crate::django) kind: FieldKind,
    /// Parameters in the order of the signature, before those that only keywords reach.
    pub(in crate::django) parameters: &'static [&'static str],
    /// Of the class itself, where it is not that of its kind: 254 for an EmailField.
    pub(in crate::django) max_length: Option<u32>,
    /// `models.Field` itself: classes over it say their own type; `kind` then stands for its defaults alone.
    pub(in crate::django) is_bare: bool,
}

/// `Field.__init__`, for the classes that hand their arguments on.
const FIELD: &[&str] = &[
    "verbose_name",
    "name",
    "primary_key",
    "max_length",
    "unique",
    "blank",
    "null",
    "db_index",
    "rel",
    "default",
    "editable",
    "serialize",
    "unique_for_date",
    "unique_for_month",
    "unique_for_year",
    "choices",
    "help_text",
    "db_column",
    "db_tablespace",
    "auto_created",
    "validators",
    "error_messages",
    "db_comment",
    "db_default",
];
const FOREIGN_OBJECT: &[&str] = &["to", "on_delete", "from_fields", "to_fields", "rel"];
const FOREIGN_KEY: &[&str] = &[
    "to",
    "on_delete",
    "related_name",
    "related_query_name",
    "limit_choices_to",
    "parent_link",
    "to_field",
    "db_constraint",
];
const ONE_TO_ONE: &[&str] = &["to", "on_delete", "to_field"];
const MANY_TO_MANY: &[&str] = &[
    "to",
    "related_name",
    "related_query_name",
    "limit_choices_to",
    "symmetrical",
    "through",
    "through_fields",
    "db_constraint",
    "db_table",
    "swappable",
];
const DATE: &[&str] = &["verbose_name", "name", "auto_now", "auto_now_add"];
const DECIMAL: &[&str] = &["verbose_name", "name", "max_digits", "decimal_places"];
const FILE: &[&str] = &["verbose_name", "name", "upload_to", "storage"];
const IMAGE: &[&str] = &["verbose_name", "name", "width_field", "height_field"];
const FILE_PATH: &[&str] = &[
    "verbose_name",
    "name",
    "path",
    "match",
    "recursive",
    "allow_files",
    "allow_folders",
];
const IP_ADDRESS: &[&str] = &["verbose_name", "name", "protocol", "unpack_ipv4"];
const JSON: &[&str] = &["verbose_name", "name", "encoder", "decoder"];
const ARRAY: &[&str] = &["base_field", "size"];
const VERBOSE_NAME: &[&str] = &["verbose_name"];
const NONE: &[&str] = &[];

/// A class by its public path, its kind, and its parameters in the order of the signature.
type Row = (&'static str, FieldKind, &'static [&'static str]);

/// The classes of Django's core; of one kind, that first which migrations write.
const CORE: [Row; 40] = [
    ("django.db.models.AutoField", FieldKind::Auto, FIELD),
    ("django.db.models.BigAutoField", FieldKind::BigAuto, FIELD),
    (
        "django.db.models.SmallAutoField",
        FieldKind::SmallAuto,
        FIELD,
    ),
    (
        "django.db.models.BigIntegerField",
        FieldKind::BigInteger,
        FIELD,
    ),
    ("django.db.models.BinaryField", FieldKind::Binary, FIELD),
    ("django.db.models.BooleanField", FieldKind::Boolean, FIELD),
    ("django.db.models.CharField", FieldKind::Char, FIELD),
    (
        "django.db.models.CommaSeparatedIntegerField",
        FieldKind::Char,
        FIELD,
    ),
    ("django.db.models.EmailField", FieldKind::Char, FIELD),
    ("django.db.models.URLField", FieldKind::Char, FIELD),
    ("django.db.models.DateField", FieldKind::Date, DATE),
    ("django.db.models.DateTimeField", FieldKind::DateTime, DATE),
    ("django.db.models.DecimalField", FieldKind::Decimal, DECIMAL),
    ("django.db.models.DurationField", FieldKind::Duration, FIELD),
    ("django.db.models.FileField", FieldKind::File, FILE),
    ("django.db.models.ImageField", FieldKind::File, IMAGE),
    (
        "django.db.models.FilePathField",
        FieldKind::FilePath,
        FILE_PATH,
    ),
    ("django.db.models.FloatField", FieldKind::Float, FIELD),
    (
        "django.db.models.GenericIPAddressField",
        FieldKind::GenericIpAddress,
        IP_ADDRESS,
    ),
    ("django.db.models.IntegerField", FieldKind::Integer, FIELD),
    ("django.db.models.OrderWrt", FieldKind::Integer, NONE),
    (
        "django.db.models.IPAddressField",
        FieldKind::IpAddress,
        FIELD,
    ),
    ("django.db.models.JSONField", FieldKind::Json, JSON),
    (
        "django.db.models.NullBooleanField",
        FieldKind::NullBoolean,
        FIELD,
    ),
    (
        "django.db.models.PositiveBigIntegerField",
        FieldKind::PositiveBigInteger,
        FIELD,
    ),
    (
        "django.db.models.PositiveIntegerField",
        FieldKind::PositiveInteger,
        FIELD,
    ),
    (
        "django.db.models.PositiveSmallIntegerField",
        FieldKind::PositiveSmallInteger,
        FIELD,
    ),
    ("django.db.models.SlugField", FieldKind::Slug, FIELD),
    (
        "django.db.models.SmallIntegerField",
        FieldKind::SmallInteger,
        FIELD,
    ),
    ("django.db.models.TextField", FieldKind::Text, FIELD),
    ("django.db.models.Field", FieldKind::Text, FIELD),
    ("django.db.models.TimeField", FieldKind::Time, DATE),
    ("django.db.models.UUIDField", FieldKind::Uuid, VERBOSE_NAME),
    (
        "django.db.models.ForeignKey",
        FieldKind::ForeignKey,
        FOREIGN_KEY,
    ),
    (
        "django.db.models.ForeignObject",
        FieldKind::ForeignObject,
        FOREIGN_OBJECT,
    ),
    // `RelatedField` itself has no column either (`RelatedField.db_type`).
    (
        "django.db.models.RelatedField",
        FieldKind::ForeignObject,
        FOREIGN_OBJECT,
    ),
    (
        "django.db.models.OneToOneField",
        FieldKind::OneToOne,
        ONE_TO_ONE,
    ),
    (
        "django.db.models.ManyToManyField",
        FieldKind::ManyToMany,
        MANY_TO_MANY,
    ),
    (
        "django.db.models.GeneratedField",
        FieldKind::Generated,
        NONE,
    ),
    (
        "django.db.models.CompositePrimaryKey",
        FieldKind::CompositePrimaryKey,
        NONE,
    ),
];

/// The classes of `django.contrib.postgres`, in the same way.
const POSTGRES: [Row; 13] = [
    (
        "django.contrib.postgres.fields.ArrayField",
        FieldKind::Array,
        ARRAY,
    ),
    (
        "django.contrib.postgres.fields.HStoreField",
        FieldKind::HStore,
        FIELD,
    ),
    (
        "django.contrib.postgres.fields.IntegerRangeField",
        FieldKind::IntegerRange,
        FIELD,
    ),
    (
        "django.contrib.postgres.fields.BigIntegerRangeField",
        FieldKind::BigIntegerRange,
        FIELD,
    ),
    (
        "django.contrib.postgres.fields.DecimalRangeField",
        FieldKind::DecimalRange,
        FIELD,
    ),
    // Its name before Django 2.2.
    (
        "django.contrib.postgres.fields.FloatRangeField",
        FieldKind::DecimalRange,
        FIELD,
    ),
    (
        "django.contrib.postgres.fields.DateTimeRangeField",
        FieldKind::DateTimeRange,
        FIELD,
    ),
    (
        "django.contrib.postgres.fields.DateRangeField",
        FieldKind::DateRange,
        FIELD,
    ),
    (
        "django.contrib.postgres.search.SearchVectorField",
        FieldKind::SearchVector,
        FIELD,
    ),
    (
        "django.contrib.postgres.search.SearchQueryField",
        FieldKind::SearchQuery,
        FIELD,
    ),
    (
        "django.contrib.postgres.fields.CITextField",
        FieldKind::CiText,
        FIELD,
    ),
    (
        "django.contrib.postgres.fields.CICharField",
        FieldKind::CiChar,
        FIELD,
    ),
    (
        "django.contrib.postgres.fields.CIEmailField",
        FieldKind::CiEmail,
        FIELD,
    ),
];

fn row(rows: &[Row], class: &str) -> Option<(FieldKind, &'static [&'static str])> {
    rows.iter()
        .find(|(path, ..)| {
            let module = path.strip_suffix(class);
            module.is_some_and(|module| module.ends_with('.'))
        })
        .map(|(_, kind, parameters)| (*kind, *parameters))
}

/// The class that a public dotted name stands for: `django.db.models.CharField`.
pub(in crate::django) fn django_field_class(path: &str) -> Option<DjangoFieldClass> {
    let (module, class) = path.rsplit_once('.')?;
    match module {
        "django.db.models" => core_class(class),
        "django.contrib.postgres.fields" | "django.contrib.postgres.search" => {
            postgres_class(class)
        }
        // Where they live besides: before 3.1 JSONField was PostgreSQL's, and old migrations name modules inside.
        "django.contrib.postgres.fields.jsonb" => {
            core_class(class).filter(|_| class == "JSONField")
        }
        "django.contrib.postgres.fields.array"
        | "django.contrib.postgres.fields.hstore"
        | "django.contrib.postgres.fields.ranges"
        | "django.contrib.postgres.fields.citext" => postgres_class(class),
        "django.contrib.gis.db.models" => core_class(class),
        _ if module.starts_with("django.db.models.fields") => core_class(class),
        _ => None,
    }
}

fn core_class(class: &str) -> Option<DjangoFieldClass> {
    let (kind, parameters) = row(&CORE, class)?;
    let max_length = match class {
        "EmailField" => Some(254),
        "URLField" => Some(200),
        _ => kind.default_max_length(),
    };
    Some(DjangoFieldClass {
        kind,
        parameters,
        max_length,
        is_bare: class == "Field",
    })
}

fn postgres_class(class: &str) -> Option<DjangoFieldClass> {
    if class == "JSONField" {
        return core_class(class);
    }
    let (kind, parameters) = row(&POSTGRES, class)?;
    let max_length = match class {
        "CIEmailField" => Some(254),
        _ => None,
    };
    Some(DjangoFieldClass {
        kind,
        parameters,
        max_length,
        is_bare: false,
    })
}

impl FieldKind {
    /// The public name of the class, as migrations write it.
    pub fn class_path(self) -> &'static str {
        CORE.iter()
            .chain(&POSTGRES)
            .find(|(_, kind, _)| *kind == self)
            .map_or("django.db.models.Field", |(path, ..)| path)
    }

    /// `max_length` when nothing is said.
    pub(in crate::django) fn default_max_length(self) -> Option<u32> {
        match self {
            Self::File | Self::FilePath => Some(100),
            Self::Slug => Some(50),
            Self::CiEmail => Some(254),
            _ => None,
        }
    }

    /// Classes that have an index unless `db_index=False`.
    pub(in crate::django) fn is_indexed_by_default(self) -> bool {
        matches!(self, Self::ForeignKey | Self::OneToOne | Self::Slug)
    }
}

#[cfg(test)]
mod tests {
    use super::{CORE, POSTGRES, django_field_class};

    #[test]
    fn the_path_of_a_kind_leads_back_to_the_kind() {
        for (path, kind, _) in CORE.iter().chain(&POSTGRES) {
            let found = django_field_class(path).map(|class| class.kind);
            assert_eq!(found, Some(*kind), "{path}");
            let public = django_field_class(kind.class_path()).map(|class| class.kind);
            assert_eq!(public, Some(*kind), "{}", kind.class_path());
        }
    }
}
