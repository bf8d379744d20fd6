//! What calls of functions of Django and of Python's library are known to give.

use std::sync::Arc;

use super::calls::Arguments;
use super::evaluate::Evaluator;
use super::text::{TextBuilder, generated, part};
use super::value::{Call, DottedName, Text, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// Functions whose result is, for a database, what they are given: a text in the source language.
const GIVES_ITS_ARGUMENT: [&str; 9] = [
    "django.utils.translation.gettext",
    "django.utils.translation.gettext_lazy",
    "django.utils.translation.gettext_noop",
    "django.utils.translation.ugettext",
    "django.utils.translation.ugettext_lazy",
    "django.utils.translation.ugettext_noop",
    "django.utils.safestring.mark_safe",
    "copy.copy",
    "copy.deepcopy",
];

/// `quote_name` of the schema editor: a name in quotes stays as it is.
fn quoted(name: &str) -> String {
    if name.starts_with('"') && name.ends_with('"') {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

impl Evaluator<'_> {
    /// The result of calling a name; `None` where the call stays symbolic.
    pub(super) fn known_call(
        &mut self,
        name: &str,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Option<ValueKind> {
        if let Some(builtin) = name.strip_prefix("builtins.") {
            if arguments.unknown.is_some() {
                return None;
            }
            return self.builtin(builtin, arguments, origin);
        }
        let first = arguments.positional.first();
        if GIVES_ITS_ARGUMENT.contains(&name) {
            return match &first?.kind {
                ValueKind::Call(_) | ValueKind::Name(_) => None,
                known => Some(known.clone()),
            };
        }
        match name {
            "collections.OrderedDict" => self.builtin("dict", arguments, origin),
            "django.apps.apps.is_installed" => {
                let app = first?.as_str()?.to_owned();
                Some(self.is_installed(&app))
            }
            "django.utils.module_loading.import_string" => {
                let (module, name) = first?.as_str()?.rsplit_once('.')?;
                Some(self.imported_from(module, name, origin.clone()).kind)
            }
            "swapper.get_model_name" | "swapper.dependency" | "swapper.swappable_setting" => {
                self.swapper(name, arguments, origin)
            }
            _ => known_text(name, arguments, origin),
        }
    }

    /// The functions of the swapper package: a model that a setting may replace.
    fn swapper(&mut self, name: &str, arguments: &Arguments, origin: &Origin) -> Option<ValueKind> {
        let mut given = arguments.positional.iter();
        let (app, model) = (given.next()?.as_str()?, given.next()?.as_str()?);
        let setting = format!("{app}_{model}_MODEL").to_uppercase();
        if name == "swapper.swappable_setting" {
            return Some(ValueKind::Str(generated(&setting, origin)));
        }
        let swapped = self.setting(&setting).map(|value| value.kind);
        let model =
            swapped.unwrap_or_else(|| ValueKind::Str(generated(&format!("{app}.{model}"), origin)));
        if name == "swapper.get_model_name" {
            return Some(model);
        }
        let dependency = DottedName::new("django.db.migrations.swappable_dependency");
        let at = |kind| Value {
            kind,
            origin: origin.clone(),
        };
        Some(ValueKind::Call(Arc::new(Call {
            callee: at(ValueKind::Name(dependency)),
            arguments: vec![at(model)],
            keywords: Vec::new(),
            unknown_arguments: None,
        })))
    }

    fn is_installed(&mut self, app: &str) -> ValueKind {
        let unknown = || ValueKind::Unknown(Why::new("INSTALLED_APPS is not known"));
        let Some(installed) = self.setting("INSTALLED_APPS") else {
            return unknown();
        };
        let Some(items) = installed.items() else {
            return unknown();
        };
        // `shop.apps.ShopConfig` installs `shop`.
        let names = |item: &Value| {
            item.as_str().is_some_and(|item| {
                item == app
                    || item
                        .strip_prefix(app)
                        .is_some_and(|rest| rest.starts_with(".apps."))
            })
        };
        if items.iter().any(names) {
            return ValueKind::Bool(true);
        }
        if items.iter().any(|item| item.as_str().is_none()) {
            return unknown();
        }
        ValueKind::Bool(false)
    }
}

/// Functions whose result stands in their arguments, whatever the project has set.
fn known_text(name: &str, arguments: &Arguments, origin: &Origin) -> Option<ValueKind> {
    let first = arguments.positional.first();
    match name {
        "django.utils.translation.pgettext" | "django.utils.translation.pgettext_lazy" => {
            arguments.positional.get(1).map(|text| text.kind.clone())
        }
        "os.environ.get" | "os.getenv" => Some(
            arguments
                .get(1, "default")
                .map_or(ValueKind::None, |value| value.kind.clone()),
        ),
        "django.db.backends.base.schema.BaseDatabaseSchemaEditor.quote_name"
        | "django.db.connection.ops.quote_name" => {
            let quoted = quoted(first?.as_str()?);
            Some(ValueKind::Str(generated(&quoted, origin)))
        }
        "textwrap.dedent" => match &first?.kind {
            ValueKind::Str(text) => Some(ValueKind::Str(dedent(text, origin))),
            _ => None,
        },
        _ => None,
    }
}

/// `textwrap.dedent`, line by line, so that each line still leads to its place in the file.
fn dedent(text: &Text, origin: &Origin) -> Text {
    let source = &*text.text;
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let margin = source
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(indent)
        .min()
        .unwrap_or(0);
    let mut builder = TextBuilder::default();
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let end = start + line.len();
        let blank = line.trim().is_empty();
        let break_length = line.len() - line.trim_end_matches('\n').len();
        let from = if blank {
            end - break_length
        } else {
            (start + margin).min(end)
        };
        if let Some(part) = part(text, from, end) {
            builder.push_text(&part);
        }
        start = end;
    }
    builder.finish(origin.clone())
}

/// The argument of an operation that says nothing of the schema, and for which whole modules of models would be read.
pub(super) fn passed_over(callee: &Value) -> Option<&'static str> {
    let ValueKind::Name(name) = &callee.kind else {
        return None;
    };
    matches!(
        name.as_str(),
        "django.db.migrations.CreateModel" | "django.db.migrations.AlterModelManagers"
    )
    .then_some("managers")
}
