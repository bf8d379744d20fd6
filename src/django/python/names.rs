//! One name for one class: private module paths of Django are brought to the path that its documentation uses.

use super::value::DottedName;

/// Folders and modules of Django whose names are public one level up.
const FOLDED: &[(&str, &str)] = &[
    ("django.db.models.fields.", "django.db.models."),
    ("django.db.models.functions.", "django.db.models.functions."),
    ("django.db.models.base.", "django.db.models."),
    ("django.db.models.deletion.", "django.db.models."),
    ("django.db.models.indexes.", "django.db.models."),
    ("django.db.models.constraints.", "django.db.models."),
    ("django.db.models.expressions.", "django.db.models."),
    ("django.db.models.aggregates.", "django.db.models."),
    ("django.db.models.query_utils.", "django.db.models."),
    ("django.db.models.enums.", "django.db.models."),
    ("django.db.models.lookups.", "django.db.models."),
    ("django.db.models.manager.", "django.db.models."),
    ("django.db.models.query.", "django.db.models."),
    ("django.db.migrations.operations.", "django.db.migrations."),
    ("django.db.migrations.migration.", "django.db.migrations."),
    (
        "django.contrib.postgres.fields.",
        "django.contrib.postgres.fields.",
    ),
    (
        "django.contrib.gis.db.models.fields.",
        "django.contrib.gis.db.models.",
    ),
];

/// Brings a path to its public form. Two folders deep is as deep as Django goes
/// (`django.db.models.fields.related.ForeignKey`, `django.db.migrations.operations.fields.AddField`).
pub(super) fn public(path: &str) -> DottedName {
    for (private, shown) in FOLDED {
        let Some(rest) = path.strip_prefix(private) else {
            continue;
        };
        let kept = rest
            .split('.')
            .skip_while(|part| part.chars().next().is_some_and(char::is_lowercase))
            .collect::<Vec<_>>();
        // Lower case alone is a module, or the function below.
        if kept.is_empty() {
            break;
        }
        return DottedName::new(format!("{shown}{}", kept.join(".")));
    }
    if path == "django.db.migrations.migration.swappable_dependency" {
        return DottedName::new("django.db.migrations.swappable_dependency");
    }
    DottedName::new(path)
}

/// Whether a path lies in a part of Django that is read like any other package, where Django is installed: the
/// models and migrations of its contrib apps. The rest of Django is known by name.
pub(super) fn is_opened(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("django.") else {
        return path != "django";
    };
    let mut parts = rest.split('.');
    if parts.next() != Some("contrib") {
        return false;
    }
    match (parts.next(), parts.next()) {
        (Some("postgres" | "gis"), _) => false,
        (_, Some(module)) => matches!(
            module,
            "models" | "base_user" | "base_session" | "migrations" | "apps"
        ),
        _ => false,
    }
}

/// Names that Python itself binds everywhere, besides its exceptions.
const BUILTINS: [&str; 65] = [
    "Ellipsis",
    "NotImplemented",
    "StopIteration",
    "__import__",
    "abs",
    "all",
    "any",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

/// Whether Python itself binds a name everywhere.
pub(super) fn is_builtin(name: &str) -> bool {
    let is_exception = name.starts_with(char::is_uppercase)
        && ["Error", "Warning", "Exception", "Interrupt"]
            .iter()
            .any(|end| name.ends_with(end));
    is_exception || BUILTINS.contains(&name)
}
