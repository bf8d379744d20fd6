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

#[expect(clippy::too_many_lines, reason = "one table, a line for each class")]
fn core_class(class: &str) -> Option<DjangoFieldClass> {
    use FieldKind as Kind;
    let (kind, parameters) = match class {
        "AutoField" => (Kind::Auto, FIELD),
        "BigAutoField" => (Kind::BigAuto, FIELD),
        "SmallAutoField" => (Kind::SmallAuto, FIELD),
        "BigIntegerField" => (Kind::BigInteger, FIELD),
        "BinaryField" => (Kind::Binary, FIELD),
        "BooleanField" => (Kind::Boolean, FIELD),
        "CharField" | "CommaSeparatedIntegerField" | "EmailField" | "URLField" => {
            (Kind::Char, FIELD)
        }
        "DateField" => (Kind::Date, DATE),
        "DateTimeField" => (Kind::DateTime, DATE),
        "DecimalField" => (Kind::Decimal, DECIMAL),
        "DurationField" => (Kind::Duration, FIELD),
        "FileField" => (Kind::File, FILE),
        "ImageField" => (Kind::File, IMAGE),
        "FilePathField" => (Kind::FilePath, FILE_PATH),
        "FloatField" => (Kind::Float, FIELD),
        "GenericIPAddressField" => (Kind::GenericIpAddress, IP_ADDRESS),
        "IntegerField" => (Kind::Integer, FIELD),
        "OrderWrt" => (Kind::Integer, NONE),
        "IPAddressField" => (Kind::IpAddress, FIELD),
        "JSONField" => (Kind::Json, JSON),
        "NullBooleanField" => (Kind::NullBoolean, FIELD),
        "PositiveBigIntegerField" => (Kind::PositiveBigInteger, FIELD),
        "PositiveIntegerField" => (Kind::PositiveInteger, FIELD),
        "PositiveSmallIntegerField" => (Kind::PositiveSmallInteger, FIELD),
        "SlugField" => (Kind::Slug, FIELD),
        "SmallIntegerField" => (Kind::SmallInteger, FIELD),
        "TextField" | "Field" => (Kind::Text, FIELD),
        "TimeField" => (Kind::Time, DATE),
        "UUIDField" => (Kind::Uuid, VERBOSE_NAME),
        "ForeignKey" => (Kind::ForeignKey, FOREIGN_KEY),
        // `RelatedField` itself has no column either (`RelatedField.db_type`).
        "ForeignObject" | "RelatedField" => (Kind::ForeignObject, FOREIGN_OBJECT),
        "OneToOneField" => (Kind::OneToOne, ONE_TO_ONE),
        "ManyToManyField" => (Kind::ManyToMany, MANY_TO_MANY),
        "GeneratedField" => (Kind::Generated, NONE),
        "CompositePrimaryKey" => (Kind::CompositePrimaryKey, NONE),
        _ => return None,
    };
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
    use FieldKind as Kind;
    let (kind, parameters) = match class {
        "ArrayField" => (Kind::Array, ARRAY),
        "HStoreField" => (Kind::HStore, FIELD),
        "JSONField" => (Kind::Json, JSON),
        "IntegerRangeField" => (Kind::IntegerRange, FIELD),
        "BigIntegerRangeField" => (Kind::BigIntegerRange, FIELD),
        // `FloatRangeField` was its name before Django 2.2.
        "DecimalRangeField" | "FloatRangeField" => (Kind::DecimalRange, FIELD),
        "DateTimeRangeField" => (Kind::DateTimeRange, FIELD),
        "DateRangeField" => (Kind::DateRange, FIELD),
        "SearchVectorField" => (Kind::SearchVector, FIELD),
        "SearchQueryField" => (Kind::SearchQuery, FIELD),
        "CITextField" => (Kind::CiText, FIELD),
        "CICharField" => (Kind::CiChar, FIELD),
        "CIEmailField" => (Kind::CiEmail, FIELD),
        _ => return None,
    };
    let max_length = match class {
        "CIEmailField" => Some(254),
        _ => None,
    };
    Some(DjangoFieldClass {
        kind,
        parameters,
        max_length,
        is_bare: class == "Field",
    })
}

impl FieldKind {
    /// The public name of the class, as migrations write it.
    #[expect(clippy::too_many_lines, reason = "one table, a line for each class")]
    pub fn class_path(self) -> &'static str {
        match self {
            Self::Auto => "django.db.models.AutoField",
            Self::BigAuto => "django.db.models.BigAutoField",
            Self::SmallAuto => "django.db.models.SmallAutoField",
            Self::BigInteger => "django.db.models.BigIntegerField",
            Self::Binary => "django.db.models.BinaryField",
            Self::Boolean => "django.db.models.BooleanField",
            Self::Char => "django.db.models.CharField",
            Self::Date => "django.db.models.DateField",
            Self::DateTime => "django.db.models.DateTimeField",
            Self::Decimal => "django.db.models.DecimalField",
            Self::Duration => "django.db.models.DurationField",
            Self::File => "django.db.models.FileField",
            Self::FilePath => "django.db.models.FilePathField",
            Self::Float => "django.db.models.FloatField",
            Self::GenericIpAddress => "django.db.models.GenericIPAddressField",
            Self::Integer => "django.db.models.IntegerField",
            Self::IpAddress => "django.db.models.IPAddressField",
            Self::Json => "django.db.models.JSONField",
            Self::NullBoolean => "django.db.models.NullBooleanField",
            Self::PositiveBigInteger => "django.db.models.PositiveBigIntegerField",
            Self::PositiveInteger => "django.db.models.PositiveIntegerField",
            Self::PositiveSmallInteger => "django.db.models.PositiveSmallIntegerField",
            Self::Slug => "django.db.models.SlugField",
            Self::SmallInteger => "django.db.models.SmallIntegerField",
            Self::Text => "django.db.models.TextField",
            Self::Time => "django.db.models.TimeField",
            Self::Uuid => "django.db.models.UUIDField",
            Self::ForeignKey => "django.db.models.ForeignKey",
            Self::ForeignObject => "django.db.models.ForeignObject",
            Self::OneToOne => "django.db.models.OneToOneField",
            Self::ManyToMany => "django.db.models.ManyToManyField",
            Self::Generated => "django.db.models.GeneratedField",
            Self::CompositePrimaryKey => "django.db.models.CompositePrimaryKey",
            Self::Array => "django.contrib.postgres.fields.ArrayField",
            Self::HStore => "django.contrib.postgres.fields.HStoreField",
            Self::IntegerRange => "django.contrib.postgres.fields.IntegerRangeField",
            Self::BigIntegerRange => "django.contrib.postgres.fields.BigIntegerRangeField",
            Self::DecimalRange => "django.contrib.postgres.fields.DecimalRangeField",
            Self::DateTimeRange => "django.contrib.postgres.fields.DateTimeRangeField",
            Self::DateRange => "django.contrib.postgres.fields.DateRangeField",
            Self::SearchVector => "django.contrib.postgres.search.SearchVectorField",
            Self::SearchQuery => "django.contrib.postgres.search.SearchQueryField",
            Self::CiText => "django.contrib.postgres.fields.CITextField",
            Self::CiChar => "django.contrib.postgres.fields.CICharField",
            Self::CiEmail => "django.contrib.postgres.fields.CIEmailField",
        }
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
