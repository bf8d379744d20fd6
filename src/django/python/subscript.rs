//! Subscripts and slices of values.

use std::sync::Arc;

use ruff_python_ast::{Expr, ExprSlice};

use super::evaluate::Evaluator;
use super::format;
use super::frame::Frame;
use super::methods::str_value;
use super::text::part;
use super::value::{DottedName, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

impl Evaluator<'_> {
    pub(super) fn subscript(
        &mut self,
        frame: &mut Frame<'_>,
        owner: Value,
        (slice, origin): (&Expr, Origin),
    ) -> Value {
        if let ValueKind::Name(name) = &owner.kind
            && matches!(name.as_str(), "django.db.connections")
        {
            let kind = ValueKind::Name(DottedName::new("django.db.connection"));
            return Value { kind, origin };
        }
        if let Some(sliced) = self.sliced_reference(frame, &owner, (slice, &origin)) {
            return Value {
                kind: sliced,
                origin,
            };
        }
        if let Expr::Slice(slice) = slice {
            let kind = self
                .bounds(frame, slice)
                .and_then(|bounds| sliced(&owner, bounds))
                .unwrap_or_else(ValueKind::Unknown);
            return Value { kind, origin };
        }
        let key = self.eval(frame, slice);
        if let Some(engine) = super::engine::engine(&owner, &key, &origin) {
            return engine;
        }
        Self::item(owner, &key, &origin).unwrap_or_else(|why| Value::unknown(why, origin))
    }

    /// `F("name")[1:3]` stays symbolic: `Sliced(F("name"), 1, 3)`, with None for a bound that is left out
    /// (`Sliced` in `django/db/models/expressions.py`, since 5.1).
    fn sliced_reference(
        &mut self,
        frame: &mut Frame<'_>,
        owner: &Value,
        (slice, origin): (&Expr, &Origin),
    ) -> Option<ValueKind> {
        let ValueKind::Call(call) = &owner.kind else {
            return None;
        };
        let is_reference = matches!(&call.callee.kind, ValueKind::Name(name) if name.as_str() == "django.db.models.F");
        if !is_reference {
            return None;
        }
        let bounds = match slice {
            Expr::Slice(slice) => self.bounds(frame, slice),
            item => match self.eval(frame, item).kind {
                ValueKind::Int(index) => Ok((Some(index), Some(index.saturating_add(1)), None)),
                _ => Err(Why::new("an index that is not known")),
            },
        };
        Some(match bounds {
            Ok((lower, upper, None)) => {
                let at = |kind| Value {
                    kind,
                    origin: origin.clone(),
                };
                let bound = |bound: Option<i128>| at(bound.map_or(ValueKind::None, ValueKind::Int));
                ValueKind::Call(Arc::new(super::value::Call {
                    callee: at(ValueKind::Name(DottedName::new("django.db.models.Sliced"))),
                    arguments: vec![owner.clone(), bound(lower), bound(upper)],
                    keywords: Vec::new(),
                    unknown_arguments: None,
                }))
            }
            Ok(_) => ValueKind::Unknown(Why::new("a slice of a reference with a step")),
            Err(why) => ValueKind::Unknown(why),
        })
    }

    fn bounds(&mut self, frame: &mut Frame<'_>, slice: &ExprSlice) -> Result<Bounds, Why> {
        let mut bound = |bound: &Option<Box<Expr>>| match bound {
            None => Ok(None),
            Some(bound) => match self.eval(frame, bound).kind {
                ValueKind::Int(number) => Ok(Some(number)),
                ValueKind::None => Ok(None),
                _ => Err(Why::new("a bound of the slice is not known")),
            },
        };
        let (lower, upper, step) = (bound(&slice.lower), bound(&slice.upper), bound(&slice.step));
        Ok((lower?, upper?, step?))
    }

    fn item(owner: Value, key: &Value, origin: &Origin) -> Result<Value, Why> {
        let out_of_range = || Why::new("the index is out of range");
        match (&owner.kind, &key.kind) {
            (ValueKind::Unknown(why), _) | (_, ValueKind::Unknown(why)) => Err(why.clone()),
            (ValueKind::List(items) | ValueKind::Tuple(items), ValueKind::Int(index)) => {
                let item = place(items.len(), *index).and_then(|at| items.get(at));
                match owner.why_open() {
                    Some(why) => Err(why.clone()),
                    None => item.cloned().ok_or_else(out_of_range),
                }
            }
            (ValueKind::Dict(entries), _) => format::find(entries, key)?
                .cloned()
                .ok_or_else(|| Why::new("the dict has no such key")),
            (ValueKind::Str(text), ValueKind::Int(index)) => {
                let at = place(text.text.chars().count(), *index)
                    .and_then(|at| text.text.char_indices().nth(at));
                at.and_then(|(at, found)| part(text, at, at + found.len_utf8()))
                    .map(|text| str_value(text, origin))
                    .ok_or_else(out_of_range)
            }
            // `Status["OPEN"]`; `list[int]` and other annotations.
            (ValueKind::Class(class), ValueKind::Str(name)) => {
                let (class, name) = (Arc::clone(class), Arc::clone(&name.text));
                let value = Self::class_attribute(&class, &name, origin.clone());
                Ok(super::choices::as_plain(value))
            }
            (ValueKind::Name(name), _) if name.as_str() == "os.environ" => {
                Err(Why::new("an environment variable is not known"))
            }
            // Migrations write members of enumerations so (`EnumSerializer` in
            // `django/db/migrations/serializer.py`).
            (ValueKind::Name(name), ValueKind::Str(member)) if name.last() == "Deferrable" => {
                let kind = ValueKind::Name(DottedName::new(format!("{name}.{}", member.text)));
                Ok(Value {
                    kind,
                    origin: origin.clone(),
                })
            }
            // `models.ForeignKey["Order"]`, `Generic[T]`: the class itself.
            (ValueKind::Class(_) | ValueKind::Name(_), _) => Ok(owner),
            _ => Err(Why::new("this subscript is not followed")),
        }
    }
}

/// Python's index, negative from the end, as an offset.
pub(super) fn place(length: usize, index: i128) -> Option<usize> {
    let length = i128::try_from(length).ok()?;
    let at = if index < 0 {
        index.checked_add(length)?
    } else {
        index
    };
    (0..length)
        .contains(&at)
        .then(|| usize::try_from(at).ok())
        .flatten()
}

type Bounds = (Option<i128>, Option<i128>, Option<i128>);

fn sliced(owner: &Value, (lower, upper, step): Bounds) -> Result<ValueKind, Why> {
    let range = |length: usize| {
        let from = clamped(lower, 0, length);
        (from, clamped(upper, length, length).max(from))
    };
    let taken = |items: &[Value]| {
        let (from, to) = range(items.len());
        items.get(from..to).unwrap_or_default().into()
    };
    if let Some(why) = owner.why_open() {
        return Err(why.clone());
    }
    match (&owner.kind, step) {
        (ValueKind::Unknown(why), _) => Err(why.clone()),
        (ValueKind::List(items), None | Some(1)) => Ok(ValueKind::List(taken(items))),
        (ValueKind::Tuple(items), None | Some(1)) => Ok(ValueKind::Tuple(taken(items))),
        (ValueKind::List(items), Some(-1)) if lower.is_none() && upper.is_none() => {
            Ok(ValueKind::List(items.iter().rev().cloned().collect()))
        }
        (ValueKind::Str(text), None | Some(1)) => {
            let (from, to) = range(text.text.chars().count());
            let byte = |at: usize| {
                let mut places = text.text.char_indices().map(|(byte, _)| byte);
                places.nth(at).unwrap_or(text.text.len())
            };
            part(text, byte(from), byte(to))
                .map(ValueKind::Str)
                .ok_or_else(|| Why::new("the text cannot be cut there"))
        }
        _ => Err(Why::new("this slice is not followed")),
    }
}

/// A bound of a slice as an offset within a length, as Python clamps it.
fn clamped(bound: Option<i128>, default: usize, length: usize) -> usize {
    let size = i128::try_from(length).unwrap_or(i128::MAX);
    let Some(bound) = bound else { return default };
    let at = if bound < 0 {
        bound.saturating_add(size).max(0)
    } else {
        bound.min(size)
    };
    usize::try_from(at).unwrap_or(0)
}
