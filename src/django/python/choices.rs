//! Choices classes and enums: their members, and what Django derives from them.

use std::sync::Arc;

use super::ancestry::{Ancestor, ancestry};
use super::calls::Arguments;
use super::evaluate::Evaluator;
use super::text::generated;
use super::value::{Call, ClassDefinition, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// What the members of an enum are besides members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mixin {
    Text,
    Integer,
    Other,
    Plain,
}

struct EnumClass {
    mixin: Mixin,
    /// Whether it is one of Django's, with labels.
    is_choices: bool,
}

fn enum_class(class: &Arc<ClassDefinition>) -> Option<EnumClass> {
    let mut found = EnumClass {
        mixin: Mixin::Plain,
        is_choices: false,
    };
    let mut is_enum = false;
    for ancestor in ancestry(class) {
        let Ancestor::Name(name) = ancestor else {
            continue;
        };
        match name.as_str() {
            "django.db.models.TextChoices" => {
                (is_enum, found.is_choices, found.mixin) = (true, true, Mixin::Text);
            }
            "django.db.models.IntegerChoices" => {
                (is_enum, found.is_choices, found.mixin) = (true, true, Mixin::Integer);
            }
            "django.db.models.Choices" => (is_enum, found.is_choices) = (true, true),
            "enum.Enum" | "enum.Flag" => is_enum = true,
            "enum.IntEnum" | "enum.IntFlag" => (is_enum, found.mixin) = (true, Mixin::Integer),
            "enum.StrEnum" => (is_enum, found.mixin) = (true, Mixin::Text),
            "builtins.str" if found.mixin == Mixin::Plain => found.mixin = Mixin::Text,
            "builtins.int" if found.mixin == Mixin::Plain => found.mixin = Mixin::Integer,
            name if found.mixin == Mixin::Plain
                && matches!(
                    name,
                    "datetime.date" | "datetime.datetime" | "builtins.float"
                ) =>
            {
                found.mixin = Mixin::Other;
            }
            _ => {}
        }
    }
    is_enum.then_some(found)
}

/// The members of an enum, as `Class(value)` with its name and label; `None` when it is no enum.
pub(super) fn members(class: &Arc<ClassDefinition>) -> Option<Vec<Value>> {
    let kind = enum_class(class)?;
    let mut members = Vec::new();
    let mut automatic = 0;
    for (name, value) in &class.body {
        if !is_member(name, value) {
            continue;
        }
        members.push(member(class, (name, value), (&kind, &mut automatic)));
    }
    Some(members)
}

fn is_member(name: &str, value: &Value) -> bool {
    !name.starts_with('_')
        && !matches!(value.kind, ValueKind::Function(_) | ValueKind::Class(_))
        && !value.as_call().is_some_and(|call| {
            matches!(&call.callee.kind, ValueKind::Name(name) if matches!(name.as_str(), "enum.nonmember" | "builtins.property" | "builtins.classmethod"))
        })
}

fn member(
    class: &Arc<ClassDefinition>,
    (name, written): (&Arc<str>, &Value),
    (kind, automatic): (&EnumClass, &mut i128),
) -> Value {
    let origin = written.origin.clone();
    let (mut value, label) = value_and_label(written, kind);
    if is_auto(&value) {
        *automatic += 1;
        value.kind = match kind.mixin {
            Mixin::Text if kind.is_choices => ValueKind::Str(generated(name, &origin)),
            Mixin::Text => ValueKind::Str(generated(&name.to_lowercase(), &origin)),
            _ => ValueKind::Int(*automatic),
        };
    } else if let ValueKind::Int(number) = value.kind {
        *automatic = number;
    }
    let at = |kind| Value {
        kind,
        origin: origin.clone(),
    };
    let text = |text: &str| at(ValueKind::Str(generated(text, &origin)));
    let label = label.unwrap_or_else(|| text(&title(&name.replace('_', " "))));
    let shown = text(name);
    at(ValueKind::Call(Arc::new(Call {
        callee: at(ValueKind::Class(Arc::clone(class))),
        arguments: vec![value],
        keywords: vec![("name".into(), shown), ("label".into(), label)],
        unknown_arguments: None,
    })))
}

/// (value, label), where the last item is text: as `ChoicesType.__new__` takes it.
fn value_and_label(written: &Value, kind: &EnumClass) -> (Value, Option<Value>) {
    if let ValueKind::Tuple(items) = &written.kind
        && kind.is_choices
        && let [value, label] = &**items
        && matches!(
            label.kind,
            ValueKind::Str(_) | ValueKind::Call(_) | ValueKind::Unknown(_)
        )
    {
        return (value.clone(), Some(label.clone()));
    }
    (written.clone(), None)
}

fn is_auto(value: &Value) -> bool {
    value.as_call().is_some_and(
        |call| matches!(&call.callee.kind, ValueKind::Name(name) if name.as_str() == "enum.auto"),
    )
}

/// As `str.title` makes it, for names.
pub(super) fn title(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        if inside {
            made.extend(character.to_lowercase());
        } else {
            made.extend(character.to_uppercase());
        }
        inside = character.is_alphabetic();
    }
    made
}

fn as_member(value: &Value) -> Option<(&Arc<ClassDefinition>, &Call)> {
    let ValueKind::Call(call) = &value.kind else {
        return None;
    };
    let ValueKind::Class(class) = &call.callee.kind else {
        return None;
    };
    let [(name, _), (label, _)] = call.keywords.as_slice() else {
        return None;
    };
    (&**name == "name" && &**label == "label").then_some((class, call))
}

/// `.value`, `.label`, `.name` of a member.
pub(super) fn member_part(call: &Call, name: &str) -> Option<Value> {
    let [(first, shown), (second, label)] = call.keywords.as_slice() else {
        return None;
    };
    if &**first != "name" || &**second != "label" {
        return None;
    }
    match name {
        "value" | "_value_" => call.arguments.first().cloned(),
        "name" | "_name_" => Some(shown.clone()),
        "label" => Some(label.clone()),
        _ => None,
    }
}

/// A member of a text or integer enum is its value wherever it is used as one.
pub(super) fn as_plain(value: Value) -> Value {
    let plain = as_member(&value).and_then(|(class, call)| {
        let kind = enum_class(class)?;
        (kind.mixin != Mixin::Plain || kind.is_choices)
            .then(|| call.arguments.first().cloned())
            .flatten()
    });
    plain.unwrap_or(value)
}

impl Evaluator<'_> {
    /// `Class.name`: through its ancestors; the derived attributes of choices; the members of an enum.
    pub(super) fn class_attribute(
        class: &Arc<ClassDefinition>,
        name: &str,
        origin: Origin,
    ) -> Value {
        if let Some(value) = enum_attribute(class, name, &origin) {
            return value;
        }
        if name == "__name__" || name == "__qualname__" {
            let kind = ValueKind::Str(generated(class.name.last(), &origin));
            return Value { kind, origin };
        }
        let (mut unread, mut outside) = (None, false);
        for ancestor in ancestry(class) {
            match ancestor {
                Ancestor::Class(class) => {
                    if let Some(value) = class.attribute(name) {
                        return value.clone();
                    }
                    unread = unread.or_else(|| class.unknown_body.clone());
                }
                Ancestor::Name(_) => outside = true,
                Ancestor::Unknown(why) => unread = unread.or(Some(why)),
            }
        }
        // What Django's own classes have stays symbolic: `OrderQuerySet.as_manager`.
        if outside && unread.is_none() {
            let owner = Value {
                kind: ValueKind::Class(Arc::clone(class)),
                origin: origin.clone(),
            };
            let kind = super::imports::symbolic_attribute(owner, name, &origin);
            return Value { kind, origin };
        }
        let absent = || {
            format!(
                "`{}` has no attribute `{name}` that can be read",
                class.name
            )
        };
        Value::unknown(unread.unwrap_or_else(|| Why::new(absent())), origin)
    }

    /// `Status("open")` is the member's value; `None` when the class is no enum.
    pub(super) fn enum_call(class: &Arc<ClassDefinition>, arguments: &Arguments) -> Option<Value> {
        let given = arguments.positional.first()?;
        let members = members(class)?;
        members.into_iter().find(|member| {
            as_member(member)
                .and_then(|(_, call)| call.arguments.first())
                .is_some_and(|value| super::compare::equal(value, given) == Some(true))
        })
    }
}

/// A member of an enum, or what its class derives from them; `None` for another attribute, or where it is no enum.
fn enum_attribute(class: &Arc<ClassDefinition>, name: &str, origin: &Origin) -> Option<Value> {
    let members = members(class)?;
    derived(class, &members, (name, origin)).or_else(|| {
        members
            .iter()
            .find(|member| part(member, "name").is_some_and(|shown| shown.as_str() == Some(name)))
            .cloned()
    })
}

fn part(member: &Value, name: &str) -> Option<Value> {
    as_member(member).and_then(|(_, call)| member_part(call, name))
}

/// `.choices`, `.values`, `.labels`, `.names` of choices, and the `__members__` of any enum.
fn derived(
    class: &Arc<ClassDefinition>,
    members: &[Value],
    (name, origin): (&str, &Origin),
) -> Option<Value> {
    let is_choices = enum_class(class)?.is_choices;
    let empty = class.attribute("__empty__");
    let at = |kind| Value {
        kind,
        origin: origin.clone(),
    };
    let items: Vec<Value> = match name {
        "choices" if is_choices => {
            let labelled = members.iter().filter_map(|member| {
                let (value, label) = (part(member, "value")?, part(member, "label")?);
                Some(pair(value, label, &member.origin))
            });
            empty
                .map(|label| pair(at(ValueKind::None), label.clone(), origin))
                .into_iter()
                .chain(labelled)
                .collect()
        }
        "values" | "labels" | "names" if is_choices => {
            let singular = name.strip_suffix('s')?;
            let extra = empty.map(|label| match singular {
                "value" => at(ValueKind::None),
                "label" => label.clone(),
                _ => at(ValueKind::Str(generated("__empty__", origin))),
            });
            extra
                .into_iter()
                .chain(members.iter().filter_map(|member| part(member, singular)))
                .collect()
        }
        "__members__" => {
            let entries = members
                .iter()
                .filter_map(|member| Some((part(member, "name")?, member.clone())));
            return Some(at(ValueKind::Dict(entries.collect())));
        }
        _ => return None,
    };
    Some(at(ValueKind::List(items.into())))
}

fn pair(value: Value, label: Value, origin: &Origin) -> Value {
    Value {
        kind: ValueKind::Tuple(vec![value, label].into()),
        origin: origin.clone(),
    }
}
