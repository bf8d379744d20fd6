//! Transforms that Django registers on its fields: `on__year`, `tags__len`, `data__key`.
//!
//! `django/db/models/functions/datetime.py`, `fields/json.py`, and `django/contrib/postgres/fields/`.

use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::literal::Constant;
use super::lookup::base_of_array;
use super::outcome::Outcome;
use super::output::{is_range, is_text};
use crate::django::project_state::FieldKind;

impl Compiler<'_> {
    /// `get_transform`; `None`: the name is no transform that Django registers. A project can register more.
    pub(super) fn transform(&self, left: &Expr, name: &str) -> Outcome<Option<Expr>> {
        let kind = left.output.kind()?;
        Ok(match kind {
            FieldKind::Date | FieldKind::DateTime | FieldKind::Time => {
                self.date_transform(left, name, kind)?
            }
            FieldKind::Json => Some(Self::next_json_key(left, name)?),
            FieldKind::HStore => Some(Self::hstore_transform(left, name)?),
            FieldKind::Array => self.array_transform(left, name)?,
            kind if is_range(kind) => range_transform(left, name, kind)?,
            kind if is_text(kind) && name == "unaccent" => {
                let output = left.output.clone();
                let form = Form::Bilateral {
                    function: "UNACCENT",
                };
                let unaccented = left.clone().rewritten(|sql| format!("UNACCENT({sql})"));
                Some(unaccented.with_output(output).with_form(form))
            }
            _ => None,
        })
    }

    fn date_transform(&self, left: &Expr, name: &str, kind: FieldKind) -> Outcome<Option<Expr>> {
        let is_registered = match name {
            "year" | "month" | "day" | "week_day" | "iso_week_day" | "week" | "iso_year"
            | "quarter" => kind != FieldKind::Time,
            "hour" | "minute" | "second" => kind != FieldKind::Date,
            "date" | "time" => kind == FieldKind::DateTime,
            _ => false,
        };
        if !is_registered {
            return Ok(None);
        }
        let left = left.clone();
        Ok(Some(match name {
            "date" | "time" => self.cast_moment(left, name, None)?,
            _ => self.extract(left, name, None)?,
        }))
    }

    fn hstore_transform(left: &Expr, name: &str) -> Outcome<Expr> {
        let function = match name {
            "keys" => "akeys",
            "values" => "avals",
            key => return Ok(hstore_key(left.clone(), key)),
        };
        let origin = &left.output.field()?.origin;
        let mut field = crate::django::project_state::Field::plain(FieldKind::Array, origin);
        let text = crate::django::project_state::Field::plain(FieldKind::Text, origin);
        field.detail = crate::django::project_state::FieldDetail::Array {
            base: Ok(text.into()),
            size: Ok(None),
        };
        Ok(left
            .clone()
            .rewritten(|sql| format!("{function}({sql})"))
            .with_output(Output::Known(field.into())))
    }

    /// The length, an item, a slice (`django/contrib/postgres/fields/array.py`).
    fn array_transform(&self, left: &Expr, name: &str) -> Outcome<Option<Expr>> {
        let origin = left.output.field()?.origin.clone();
        if name == "len" {
            let mut whole = Expr::text("", Output::of(FieldKind::Integer, &origin));
            let text = whole.take_ref(left);
            whole.params.extend(left.params.iter().cloned());
            whole.sql = format!(
                "CASE WHEN {text} IS NULL THEN NULL ELSE coalesce(array_length({text}, 1), 0) END"
            );
            return Ok(Some(whole));
        }
        let number = |text: &str| text.parse::<i64>().ok();
        let numeral = |number: i64| Constant::Number(number.to_string());
        if let Some(index) = number(name) {
            let base = base_of_array(left)?;
            let mut item = left.clone().rewritten(|sql| {
                if sql.ends_with(']') {
                    format!("{sql}[%s]")
                } else {
                    format!("({sql})[%s]")
                }
            });
            item.params.push(numeral(index + 1));
            return Ok(Some(item.with_output(Output::Known(base))));
        }
        let Some((start, end)) = name
            .split_once('_')
            .and_then(|(start, end)| Some((number(start)?, number(end)?)))
        else {
            return Ok(None);
        };
        Ok(Some(self.array_slice(left, start + 1, Some(end))))
    }

    /// `SliceTransform`.
    pub(super) fn array_slice(&self, left: &Expr, start: i64, end: Option<i64>) -> Expr {
        let output = left.output.clone();
        let wraps = self.scope.version.wraps_sliced_arrays();
        let mut slice = left.clone().rewritten(|sql| {
            let sql = if wraps || !sql.ends_with(']') {
                format!("({sql})")
            } else {
                sql.to_owned()
            };
            if end.is_some() {
                format!("{sql}[%s:%s]")
            } else {
                format!("{sql}[%s:]")
            }
        });
        slice.params.push(Constant::Number(start.to_string()));
        if let Some(end) = end {
            slice.params.push(Constant::Number(end.to_string()));
        }
        slice.with_output(output)
    }
}

/// `KeyTransform` of hstore.
pub(super) fn hstore_key(left: Expr, key: &str) -> Expr {
    let output = match &left.output {
        Output::Known(field) => Output::of(FieldKind::Text, &field.origin),
        Output::None | Output::Mixed => Output::None,
    };
    let mut item = left.rewritten(|sql| format!("({sql} -> %s)"));
    item.params.push(Constant::text(key));
    item.with_output(output)
}

fn range_transform(left: &Expr, name: &str, kind: FieldKind) -> Outcome<Option<Expr>> {
    let origin = &left.output.field()?.origin;
    let function = match name {
        "startswith" => "lower",
        "endswith" => "upper",
        "isempty" => "isempty",
        "lower_inc" => "LOWER_INC",
        "lower_inf" => "LOWER_INF",
        "upper_inc" => "UPPER_INC",
        "upper_inf" => "UPPER_INF",
        _ => return Ok(None),
    };
    let output = match (name, super::range::bound_kind(kind)) {
        ("startswith" | "endswith", Some(bound)) => Output::of(bound, origin),
        _ => Output::of(FieldKind::Boolean, origin),
    };
    Ok(Some(
        left.clone()
            .rewritten(|sql| format!("{function}({sql})"))
            .with_output(output),
    ))
}
