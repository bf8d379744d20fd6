//! `Extract` and `Trunc` (`django/db/models/functions/datetime.py`, `django/db/backends/postgresql/operations.py`).

use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::literal::Constant;
use super::outcome::{Outcome, Stop};
use super::output::is_date;
use super::zone::Zone;
use crate::django::project_state::FieldKind;
use crate::django::python::{Call, Value};

impl Compiler<'_> {
    /// `ExtractYear(...)`, `TruncMonth(...)`; `None`: another class.
    pub(super) fn date_function(&self, name: &str, call: &Call) -> Outcome<Option<Expr>> {
        if let Some(part) = name.strip_prefix("Extract") {
            return self.extract_call(part, call).map(Some);
        }
        match name.strip_prefix("Trunc") {
            Some(part) if name != "TruncBase" => self.trunc_call(part, call).map(Some),
            _ => Ok(None),
        }
    }

    fn extract_call(&self, part: &str, call: &Call) -> Outcome<Expr> {
        let part = if part.is_empty() {
            call.argument(1, "lookup_name")
                .and_then(Value::as_str)
                .ok_or_else(|| Stop::why("an Extract of what cannot be read"))?
                .to_owned()
        } else {
            snake_case(part)
        };
        // A `lookup_name` is taken by the class that has one, too.
        let zone = call.argument(2, "tzinfo");
        let inner = self.first(call)?;
        let mut extracted = self.extract(inner, &part, zone)?;
        extracted.is_typed_early = true;
        Ok(extracted)
    }

    fn first(&self, call: &Call) -> Outcome<Expr> {
        let value = call
            .argument(0, "expression")
            .ok_or_else(|| Stop::why("a function of nothing"))?;
        self.argument(value)
    }

    pub(super) fn extract(&self, inner: Expr, part: &str, zone: Option<&Value>) -> Outcome<Expr> {
        let kind = inner.output.kind()?;
        let origin = inner.output.field()?.origin.clone();
        let date = inner.clone();
        let is_moment = kind == FieldKind::DateTime;
        let is_timed = is_moment || matches!(kind, FieldKind::Time | FieldKind::Duration);
        if !is_timed && kind != FieldKind::Date {
            return Err(Stop::why("an Extract of what is no date"));
        }
        let inner = if is_moment {
            self.in_zone(inner, zone)?
        } else {
            inner
        };
        let mut extracted = if part == "second" && is_timed {
            let mut whole = Expr::text("", Output::None);
            whole.params.push(Constant::text("second"));
            let sql = whole.take(inner);
            whole.sql = format!("EXTRACT(SECOND FROM DATE_TRUNC(%s, {sql}))");
            whole
        } else {
            inner.rewritten(|sql| date_part(part, sql))
        };
        extracted.form = match part {
            "year" | "iso_year" => Form::Year {
                date: Box::new(date),
                is_iso: part == "iso_year",
            },
            _ => Form::Other,
        };
        Ok(extracted.with_output(Output::of(FieldKind::Integer, &origin)))
    }

    /// `_convert_sql_to_tz`.
    fn in_zone(&self, inner: Expr, zone: Option<&Value>) -> Outcome<Expr> {
        let Zone::Named(zone) = self.zone_of(zone)? else {
            return Ok(inner);
        };
        let mut inner = inner.rewritten(|sql| format!("{sql} AT TIME ZONE %s"));
        inner.params.push(Constant::Text(zone));
        Ok(inner)
    }

    /// `TruncDate` and `TruncTime` cast: `(at AT TIME ZONE 'UTC')::date`.
    pub(super) fn cast_moment(
        &self,
        inner: Expr,
        part: &str,
        zone: Option<&Value>,
    ) -> Outcome<Expr> {
        let origin = inner.output.field()?.origin.clone();
        let kind = if part == "date" {
            FieldKind::Date
        } else {
            FieldKind::Time
        };
        let inner = self.in_zone(inner, zone)?;
        Ok(inner
            .rewritten(|sql| format!("({sql})::{part}"))
            .with_output(Output::of(kind, &origin)))
    }

    fn trunc_call(&self, part: &str, call: &Call) -> Outcome<Expr> {
        // `Trunc(expression, kind, output_field=None, tzinfo=None)`; the others have no `kind`.
        let given = usize::from(part.is_empty());
        let part = if part.is_empty() {
            call.argument(1, "kind")
                .and_then(Value::as_str)
                .ok_or_else(|| Stop::why("a Trunc to what cannot be read"))?
                .to_owned()
        } else {
            snake_case(part)
        };
        let zone = call.argument(2 + given, "tzinfo");
        let inner = self.first(call)?;
        if matches!(&*part, "date" | "time") && given == 0 {
            let mut cast = self.cast_moment(inner, &part, zone)?;
            cast.is_typed_early = true;
            return Ok(cast);
        }
        let stated = call
            .argument(1 + given, "output_field")
            .filter(|field| !field.is_none());
        let is_typed_early = stated.is_some() || inner.is_typed_early;
        let output = match stated {
            Some(field) => Output::Known(self.field(field)?),
            None => inner.output.clone(),
        };
        let inner = if inner.output.kind()? == FieldKind::DateTime {
            self.in_zone(inner, zone)?
        } else {
            inner
        };
        let kind = output.kind()?;
        let suffix = match kind {
            FieldKind::Time => "::time",
            kind if is_date(kind) => "",
            _ => return Err(Stop::why("a Trunc to what is no date")),
        };
        let mut whole = Expr::text("", output);
        whole.is_typed_early = is_typed_early;
        whole.params.push(Constant::text(part));
        let sql = whole.take(inner);
        whole.sql = format!("DATE_TRUNC(%s, {sql}){suffix}");
        Ok(whole)
    }
}

/// `date_extract_sql`.
fn date_part(part: &str, sql: &str) -> String {
    match part {
        "week_day" => format!("EXTRACT(DOW FROM {sql}) + 1"),
        "iso_week_day" => format!("EXTRACT(ISODOW FROM {sql})"),
        "iso_year" => format!("EXTRACT(ISOYEAR FROM {sql})"),
        part => format!("EXTRACT({} FROM {sql})", part.to_uppercase()),
    }
}

/// `IsoWeekDay` as `iso_week_day`.
fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(character.to_lowercase());
    }
    text
}
