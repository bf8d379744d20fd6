//! The arguments of a field's construction by the names of the signature.

use super::class::FieldClass;
use super::init::Said;
use crate::django::python::{Call, Static, Value, ValueKind};
use crate::schema::Why;

/// An argument of a call.
#[derive(Debug, Clone)]
pub(in crate::django) enum Argument<'a> {
    Given(&'a Value),
    /// Not given, for certain.
    Default,
    Unknown(Why),
}

/// A call seen through the signature of its class.
#[derive(Debug, Clone, Copy)]
pub(in crate::django) struct Arguments<'a> {
    pub(in crate::django) call: &'a Call,
    pub(in crate::django) class: &'a FieldClass,
}

impl<'a> Arguments<'a> {
    pub(in crate::django) fn get(&self, name: &str) -> Argument<'a> {
        let said = self.class.init.say(name);
        if let Said::Always(value) = said {
            return known(value);
        }
        if let Some(value) = self.call.keyword(name).or_else(|| self.positional(name)) {
            return known(value);
        }
        if let Some(why) = &self.call.unknown_arguments {
            return Argument::Unknown(why.clone());
        }
        match said {
            Said::Always(value) | Said::ByDefault(value) => known(value),
            Said::Nothing => Argument::Default,
            Said::Unknown(why) => Argument::Unknown(why),
        }
    }

    /// The argument that stands where the signature puts `name`; a custom `__init__` may have its own order.
    pub(super) fn positional(&self, name: &str) -> Option<&'a Value> {
        let own = self.class.init.parameters();
        let parameters = self.class.django.as_ref().ok()?.parameters;
        let is_relation = parameters.first() == Some(&"to");
        if own.is_empty() && self.class.init.unread.is_some() && !is_relation {
            return None;
        }
        let position = if own.is_empty() {
            parameters.iter().position(|parameter| *parameter == name)?
        } else {
            own.iter().position(|parameter| &**parameter == name)?
        };
        self.call.arguments.get(position)
    }

    pub(in crate::django) fn truth(&self, name: &str, default: bool) -> Static<bool> {
        match self.get(name) {
            Argument::Given(value) => truth(value, name),
            Argument::Default => Ok(default),
            Argument::Unknown(why) => Err(why),
        }
    }

    /// A text that may be `None`.
    pub(in crate::django) fn text(&self, name: &str) -> Static<Option<std::sync::Arc<str>>> {
        match self.get(name) {
            Argument::Given(value) => optional_text(value, name),
            Argument::Default => Ok(None),
            Argument::Unknown(why) => Err(why),
        }
    }

    pub(in crate::django) fn number(
        &self,
        name: &str,
        default: Option<u32>,
    ) -> Static<Option<u32>> {
        match self.get(name) {
            Argument::Given(value) => match &value.kind {
                ValueKind::None => Ok(None),
                ValueKind::Int(number) => u32::try_from(*number)
                    .map(Some)
                    .map_err(|_| Why::new(format!("`{name}` is not a length: {number}"))),
                // Old migrations say `max_length="30"`: Django writes it into the type as it stands.
                ValueKind::Str(text) if text.text.parse::<u32>().is_ok() => {
                    Ok(text.text.parse().ok())
                }
                _ => Err(Why::new(format!(
                    "`{name}` is not a number that can be read"
                ))),
            },
            Argument::Default => Ok(default),
            Argument::Unknown(why) => Err(why),
        }
    }
}

fn known(value: &Value) -> Argument<'_> {
    match &value.kind {
        ValueKind::Unknown(why) => Argument::Unknown(why.clone()),
        _ => Argument::Given(value),
    }
}

/// Python's truth of a value that is used as a flag.
pub(in crate::django) fn truth(value: &Value, name: &str) -> Static<bool> {
    match &value.kind {
        ValueKind::Bool(flag) => Ok(*flag),
        ValueKind::None => Ok(false),
        ValueKind::Int(number) => Ok(*number != 0),
        ValueKind::Str(text) => Ok(!text.text.is_empty()),
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Err(Why::new(format!("`{name}` is not a flag that can be read"))),
    }
}

/// A string, or `None`.
pub(in crate::django) fn optional_text(
    value: &Value,
    name: &str,
) -> Static<Option<std::sync::Arc<str>>> {
    match &value.kind {
        ValueKind::None => Ok(None),
        ValueKind::Str(text) => Ok(Some(std::sync::Arc::clone(&text.text))),
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Err(Why::new(format!("`{name}` is not a text that can be read"))),
    }
}
