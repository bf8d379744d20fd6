//! What calls of Python's own functions, and of a few of Django's, are known to give.

use std::sync::Arc;

use super::calls::Arguments;
use super::choices::as_plain;
use super::compare::{self, distinct, last_wins};
use super::evaluate::Evaluator;
use super::format;
use super::instances::Attribute;
use super::methods::keyword_entries;
use super::text::generated;
use super::value::{Call, DottedName, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

impl Evaluator<'_> {
    /// The result of calling a name; `None` where the call stays symbolic.
    #[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
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
        match name {
            // The text itself: what the database would be given in the source language.
            "django.utils.translation.gettext"
            | "django.utils.translation.gettext_lazy"
            | "django.utils.translation.gettext_noop"
            | "django.utils.translation.ugettext"
            | "django.utils.translation.ugettext_lazy"
            | "django.utils.translation.ugettext_noop"
            | "django.utils.safestring.mark_safe"
            | "copy.copy"
            | "copy.deepcopy" => match &first?.kind {
                ValueKind::Call(_) | ValueKind::Name(_) => None,
                known => Some(known.clone()),
            },
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
                let name = first?.as_str()?;
                let quoted = if name.starts_with('"') && name.ends_with('"') {
                    name.to_owned()
                } else {
                    format!("\"{name}\"")
                };
                Some(ValueKind::Str(super::text::generated(&quoted, origin)))
            }
            "collections.OrderedDict" => self.builtin("dict", arguments, origin),
            "django.apps.apps.is_installed" => {
                let app = first?.as_str()?.to_owned();
                Some(self.is_installed(&app))
            }
            "swapper.get_model_name" | "swapper.dependency" | "swapper.swappable_setting" => {
                let (app, model) = (first?.as_str()?, arguments.positional.get(1)?.as_str()?);
                let setting = format!("{app}_{model}_MODEL").to_uppercase();
                if name == "swapper.swappable_setting" {
                    return Some(ValueKind::Str(generated(&setting, origin)));
                }
                let swapped = self.setting(&setting).map(|value| value.kind);
                let model = swapped.unwrap_or_else(|| {
                    ValueKind::Str(generated(&format!("{app}.{model}"), origin))
                });
                if name == "swapper.get_model_name" {
                    return Some(model);
                }
                Some(ValueKind::Call(Arc::new(Call {
                    callee: at(
                        ValueKind::Name(DottedName::new(
                            "django.db.migrations.swappable_dependency",
                        )),
                        origin,
                    ),
                    arguments: vec![at(model, origin)],
                    keywords: Vec::new(),
                    unknown_arguments: None,
                })))
            }
            "textwrap.dedent" => match &first?.kind {
                ValueKind::Str(text) => Some(ValueKind::Str(dedent(text, origin))),
                _ => None,
            },
            _ => None,
        }
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

    #[expect(clippy::too_many_lines, reason = "one arm for each builtin")]
    fn builtin(&mut self, name: &str, arguments: &Arguments, origin: &Origin) -> Option<ValueKind> {
        let first = arguments.positional.first();
        let result = match (name, first) {
            ("str", None) => Ok(ValueKind::Str(generated("", origin))),
            ("str", Some(value)) => format::shown(value, origin).map(ValueKind::Str),
            ("repr", Some(value)) => {
                format::repr(value).map(|text| ValueKind::Str(generated(&text, origin)))
            }
            ("int", Some(value)) => match &value.kind {
                ValueKind::Int(value) => Ok(ValueKind::Int(*value)),
                ValueKind::Bool(value) => Ok(ValueKind::Int(i128::from(*value))),
                ValueKind::Str(text) if arguments.positional.len() == 1 => {
                    let digits = text.text.trim().replace('_', "");
                    digits
                        .parse()
                        .map(ValueKind::Int)
                        .map_err(|_| Why::new("`int` of what is not a number"))
                }
                _ => Err(unknown(value)),
            },
            ("float", Some(value)) => match &value.kind {
                ValueKind::Float(_) => Ok(value.kind.clone()),
                ValueKind::Int(_) | ValueKind::Str(_) => {
                    format::shown(value, origin).and_then(|text| {
                        let number = text.text.trim().parse::<f64>();
                        number
                            .map(|number| ValueKind::Float(format::float_repr(number).into()))
                            .map_err(|_| Why::new("`float` of what is not a number"))
                    })
                }
                _ => Err(unknown(value)),
            },
            ("bool", None) => Ok(ValueKind::Bool(false)),
            ("bool", Some(value)) => compare::truth(value).map(ValueKind::Bool),
            ("len", Some(value)) => match &value.kind {
                ValueKind::Str(text) => Ok(text.text.chars().count()),
                ValueKind::Dict(entries) => Ok(entries.len()),
                _ => self.iterate(value).map(|items| items.len()),
            }
            .map(|length| ValueKind::Int(i128::try_from(length).unwrap_or(i128::MAX))),
            ("range", Some(_)) => self.range(arguments, origin),
            ("list", None) => Ok(ValueKind::List(Arc::from([]))),
            ("tuple", None) => Ok(ValueKind::Tuple(Arc::from([]))),
            ("set" | "frozenset", None) => Ok(ValueKind::Set(Arc::from([]))),
            ("list" | "iter", Some(value)) => {
                self.plain(value).map(|items| ValueKind::List(items.into()))
            }
            ("tuple", Some(value)) => self
                .plain(value)
                .map(|items| ValueKind::Tuple(items.into())),
            ("set" | "frozenset", Some(value)) => self
                .plain(value)
                .map(|items| ValueKind::Set(distinct(items).into())),
            ("sorted", Some(value)) if arguments.keywords.is_empty() => self
                .plain(value)
                .and_then(sorted)
                .map(|items| ValueKind::List(items.into())),
            ("reversed", Some(value)) => self
                .plain(value)
                .map(|items| ValueKind::List(items.into_iter().rev().collect())),
            ("dict", None) => Ok(ValueKind::Dict(
                keyword_entries(&arguments.keywords).collect(),
            )),
            ("dict", Some(value)) => self.dict_of(value).map(|mut entries| {
                entries.extend(keyword_entries(&arguments.keywords));
                ValueKind::Dict(last_wins(entries).into())
            }),
            ("enumerate", Some(value)) => {
                let start = match arguments.get(1, "start").map(|value| &value.kind) {
                    None => Some(0),
                    Some(ValueKind::Int(start)) => Some(*start),
                    Some(_) => None,
                };
                match start {
                    None => Err(Why::new("the start of `enumerate` is not known")),
                    Some(start) => self.iterate(value).map(|items| {
                        let pairs = items.into_iter().zip(start..).map(|(item, index)| {
                            let index = at(ValueKind::Int(index), origin);
                            at(ValueKind::Tuple(vec![index, item].into()), origin)
                        });
                        ValueKind::List(pairs.collect())
                    }),
                }
            }
            ("zip", Some(_)) => self.zip(arguments, origin),
            ("max" | "min" | "sum", Some(value)) if arguments.keywords.is_empty() => {
                let items = match arguments.positional.as_slice() {
                    [_] => self.plain(value),
                    many if name != "sum" => Ok(many.to_vec()),
                    _ => Err(Why::new("this `sum` is not followed")),
                };
                items.and_then(|items| extreme(name, items))
            }
            ("any" | "all", Some(value)) => self.iterate(value).and_then(|items| {
                let stops_at = name == "any";
                for item in &items {
                    if compare::truth(item)? == stops_at {
                        return Ok(ValueKind::Bool(stops_at));
                    }
                }
                Ok(ValueKind::Bool(!stops_at))
            }),
            ("map", Some(function)) => self.map(function, arguments, origin),
            ("getattr", Some(value)) => return self.getattr(value, arguments, origin),
            ("hasattr", Some(value)) => self.hasattr(value, arguments, origin),
            ("abs", Some(value)) => match value.kind {
                ValueKind::Int(value) => value
                    .checked_abs()
                    .map(ValueKind::Int)
                    .ok_or_else(|| Why::new("too large")),
                _ => Err(unknown(value)),
            },
            ("chr", Some(value)) => match value.kind {
                ValueKind::Int(code) => u32::try_from(code)
                    .ok()
                    .and_then(char::from_u32)
                    .map(|character| ValueKind::Str(generated(&character.to_string(), origin)))
                    .ok_or_else(|| Why::new("no such character")),
                _ => Err(unknown(value)),
            },
            // Python calls that make nothing that is known here: `object()`, `type(...)`, `property(f)`.
            ("property" | "classmethod" | "staticmethod" | "object" | "type" | "super", _) => {
                return None;
            }
            _ => Err(Why::new(format!("`{name}(...)` is not followed"))),
        };
        Some(result.unwrap_or_else(ValueKind::Unknown))
    }

    /// The items of a value, members of choices as their values.
    fn plain(&mut self, value: &Value) -> Result<Vec<Value>, Why> {
        Ok(self.iterate(value)?.into_iter().map(as_plain).collect())
    }

    fn range(&mut self, arguments: &Arguments, origin: &Origin) -> Result<ValueKind, Why> {
        let numbers = arguments
            .positional
            .iter()
            .map(|value| match value.kind {
                ValueKind::Int(number) => Ok(number),
                _ => Err(unknown(value)),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let (from, to, step) = match numbers.as_slice() {
            [to] => (0, *to, 1),
            [from, to] => (*from, *to, 1),
            [from, to, step] if *step != 0 => (*from, *to, *step),
            _ => return Err(Why::new("this `range` is not followed")),
        };
        let mut made = Vec::new();
        let mut next = from;
        while (step > 0 && next < to) || (step < 0 && next > to) {
            self.spend(1)?;
            made.push(at(ValueKind::Int(next), origin));
            next = next
                .checked_add(step)
                .ok_or_else(|| Why::new("too large"))?;
        }
        Ok(ValueKind::List(made.into()))
    }

    fn zip(&mut self, arguments: &Arguments, origin: &Origin) -> Result<ValueKind, Why> {
        let mut columns = Vec::new();
        for column in &arguments.positional {
            columns.push(self.iterate(column)?.into_iter());
        }
        let mut rows = Vec::new();
        loop {
            self.spend(1)?;
            let row = columns
                .iter_mut()
                .map(Iterator::next)
                .collect::<Option<Vec<_>>>();
            match row {
                Some(row) if !row.is_empty() => rows.push(at(ValueKind::Tuple(row.into()), origin)),
                _ => return Ok(ValueKind::List(rows.into())),
            }
        }
    }

    fn map(
        &mut self,
        function: &Value,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        let [_, items] = arguments.positional.as_slice() else {
            return Err(Why::new("this `map` is not followed"));
        };
        let mut made = Vec::new();
        for item in self.plain(items)? {
            self.spend(1)?;
            let arguments = Arguments {
                positional: vec![item],
                ..Arguments::default()
            };
            made.push(self.apply(function.clone(), arguments, origin.clone()));
        }
        Ok(ValueKind::List(made.into()))
    }

    fn dict_of(&mut self, value: &Value) -> Result<Vec<(Value, Value)>, Why> {
        if let ValueKind::Dict(entries) = &value.kind {
            return Ok(entries.to_vec());
        }
        let mut entries = Vec::new();
        for pair in self.iterate(value)? {
            match pair.items() {
                Some([key, value]) => entries.push((key.clone(), value.clone())),
                _ => return Err(Why::new("`dict` of what is not pairs")),
            }
        }
        Ok(entries)
    }

    /// `getattr(settings, "NAME", default)`: the setting where it is known, else the default.
    /// Whether an object has an attribute; what its `__getattr__` says is not asked.
    fn hasattr(
        &mut self,
        owner: &Value,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        let name = arguments.positional.get(1).and_then(Value::as_str);
        let name = name.ok_or_else(|| unknown(owner))?.to_owned();
        match self.object_attribute(owner, &name, origin) {
            Some(Attribute::Found(value)) if value.why_unknown().is_none() => {
                Ok(ValueKind::Bool(true))
            }
            Some(Attribute::Absent) => Ok(ValueKind::Bool(false)),
            Some(Attribute::Found(_) | Attribute::Unknown(_)) | None => Err(unknown(owner)),
        }
    }

    fn getattr(
        &mut self,
        owner: &Value,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Option<ValueKind> {
        let name = arguments.positional.get(1)?.as_str()?.to_owned();
        let default = arguments.positional.get(2);
        if let ValueKind::Name(path) = &owner.kind
            && path.as_str() == "django.conf.settings"
        {
            return match (self.setting(&name), default) {
                (Some(value), _) => Some(value.kind),
                (None, Some(default)) => Some(default.kind.clone()),
                (None, None) => Some(ValueKind::Name(DottedName::new(format!("{path}.{name}")))),
            };
        }
        if let Some(found) = self.object_attribute(owner, &name, origin) {
            return Some(match (found, default) {
                (Attribute::Absent, Some(default)) => default.kind.clone(),
                (found, _) => self.of_object(found, &name, origin.clone()).kind,
            });
        }
        let found = self.attribute(owner.clone(), &name, origin.clone());
        match (&found.kind, default) {
            (ValueKind::Unknown(_), Some(_)) => Some(ValueKind::Unknown(Why::new(format!(
                "whether it has `{name}` is not known"
            )))),
            _ => Some(found.kind),
        }
    }
}

fn at(kind: ValueKind, origin: &Origin) -> Value {
    Value {
        kind,
        origin: origin.clone(),
    }
}

fn unknown(value: &Value) -> Why {
    value
        .why_unknown()
        .cloned()
        .unwrap_or_else(|| Why::new("the result of a call is not known"))
}

fn extreme(name: &str, items: Vec<Value>) -> Result<ValueKind, Why> {
    if name == "sum" {
        return items
            .iter()
            .try_fold(0i128, |sum, item| match item.kind {
                ValueKind::Int(number) => sum.checked_add(number),
                _ => None,
            })
            .map(ValueKind::Int)
            .ok_or_else(|| Why::new("this `sum` is not followed"));
    }
    let mut items = sorted(items)?.into_iter();
    let found = if name == "min" {
        items.next()
    } else {
        items.next_back()
    };
    found
        .map(|value| value.kind)
        .ok_or_else(|| Why::new("of nothing"))
}

/// Sorted as Python sorts, when every pair can be compared.
pub(super) fn sorted(mut items: Vec<Value>) -> Result<Vec<Value>, Why> {
    let comparable = items
        .iter()
        .zip(items.iter().skip(1))
        .all(|(left, right)| compare::order(left, right).is_some());
    if !comparable {
        return Err(Why::new("it sorts what cannot be compared"));
    }
    items.sort_by(|left, right| compare::order(left, right).unwrap_or(std::cmp::Ordering::Equal));
    Ok(items)
}

/// `textwrap.dedent`, line by line, so that each line still leads to its place in the file.
fn dedent(text: &super::value::Text, origin: &Origin) -> super::value::Text {
    let source = &*text.text;
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let margin = source
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(indent)
        .min()
        .unwrap_or(0);
    let mut builder = super::text::TextBuilder::default();
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
        if let Some(part) = super::text::part(text, from, end) {
            builder.push_text(&part);
        }
        start = end;
    }
    builder.finish(origin.clone())
}
