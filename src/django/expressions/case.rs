//! `Case(When(..., then=...), default=...)` (`django/db/models/expressions.py`).

use std::sync::Arc;

use super::callee::orm_class;
use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::outcome::{Outcome, Stop};
use super::output::of_sources;
use crate::django::project_state::FieldKind;
use crate::django::python::{Call, DottedName, Value, ValueKind};

impl Compiler<'_> {
    pub(super) fn case(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        let has_template = call
            .keywords
            .iter()
            .any(|(name, _)| !matches!(&**name, "default" | "output_field"));
        if has_template {
            return Err(Stop::why("a Case with a template of its own"));
        }
        let mut arms = Vec::new();
        for when in &call.arguments {
            let inner = when
                .as_call()
                .filter(|_| orm_class(when) == Some("When"))
                .ok_or_else(|| Stop::why("a case that is no When"))?;
            let then = inner
                .argument(1, "then")
                .ok_or_else(|| Stop::why("a When without then"))?;
            arms.push((self.when_condition(inner), self.argument(then)?));
        }
        let default = match call.keyword("default") {
            Some(value) => self.argument(value)?,
            None => Expr::text("NULL", Output::None).with_form(Form::Constant { is_null: true }),
        };
        let output = match call.keyword("output_field") {
            Some(field) if !field.is_none() => Some(Output::Known(self.field(field)?)),
            _ => None,
        };
        self.case_of(arms, default, (output, value))
    }

    /// The text of a `Case` whose parts are compiled.
    pub(super) fn case_of(
        &self,
        arms: Vec<(Outcome<Expr>, Expr)>,
        default: Expr,
        (output, value): (Option<Output>, &Value),
    ) -> Outcome<Expr> {
        let mut sources = arms
            .iter()
            .map(|(_, then)| then.clone())
            .collect::<Vec<_>>();
        sources.push(default.clone());
        let is_typed_early = output.is_some() || sources.iter().all(|source| source.is_typed_early);
        let output = match output {
            Some(output) => output,
            None => of_sources(&sources)?,
        };
        if arms.is_empty() {
            return Ok(default);
        }
        let mut whole = Expr::text("", output);
        whole.is_typed_early = is_typed_early;
        let mut parts = Vec::new();
        let mut default = default;
        for (condition, then) in arms {
            match condition {
                Ok(condition) => {
                    let condition = whole.take(condition);
                    let then = whole.take(then);
                    parts.push(format!("WHEN {condition} THEN {then}"));
                }
                Err(Stop::Empty) => {}
                Err(Stop::Full) => {
                    default = then;
                    break;
                }
                Err(stop) => return Err(stop),
            }
        }
        if parts.is_empty() {
            return self.lone_case(default, whole.output, value);
        }
        let otherwise = whole.take(default);
        whole.sql = format!("CASE {} ELSE {otherwise} END", parts.join(" "));
        Ok(self.unified(whole)?.with_form(Form::Case))
    }

    /// What is left when no condition is.
    fn lone_case(&self, default: Expr, output: Output, value: &Value) -> Outcome<Expr> {
        let is_cast = self.scope.version.casts_lone_case_value() && default.is_constant();
        match &default.output {
            Output::Known(field) if is_cast => {
                let field = Arc::clone(field);
                self.cast(default, &field)
                    .map(|cast| cast.with_output(output).with_form(Form::Case))
            }
            Output::Mixed => Err(Stop::why("a Case of mixed types")),
            Output::Known(_) | Output::None => {
                let _ = value;
                Ok(default.with_output(output).with_form(Form::Case))
            }
        }
    }

    /// `unification_cast_sql` (`django/db/backends/postgresql/operations.py`).
    fn unified(&self, whole: Expr) -> Outcome<Expr> {
        let field = match &whole.output {
            Output::Known(field) => Arc::clone(field),
            Output::None => return Ok(whole),
            Output::Mixed => return Err(Stop::why("a Case of mixed types")),
        };
        let is_cast = matches!(
            field.kind.clone()?,
            FieldKind::GenericIpAddress | FieldKind::IpAddress | FieldKind::Time | FieldKind::Uuid
        );
        if !is_cast {
            return Ok(whole);
        }
        let data_type = self
            .columns()
            .db_type(&field)?
            .ok_or_else(|| Stop::why("a type without a column"))?;
        let output = whole.output.clone();
        Ok(whole
            .rewritten(|sql| format!("CAST({sql} AS {data_type})"))
            .with_output(output))
    }

    fn when_condition(&self, when: &Call) -> Outcome<Expr> {
        if let Some(why) = &when.unknown_arguments {
            return Err(why.clone().into());
        }
        let lookups = when
            .keywords
            .iter()
            .filter(|(name, _)| !matches!(&**name, "then" | "condition"))
            .cloned()
            .collect::<Vec<_>>();
        let condition = when.argument(0, "condition");
        if let (Some(condition), true) = (condition, lookups.is_empty()) {
            return self.expression(condition);
        }
        // `When(status="open", then=...)`: the lookups are a Q.
        let mut callee = when.callee.clone();
        callee.kind = ValueKind::Name(DottedName::new("django.db.models.Q"));
        let origin = callee.origin.clone();
        let q = Call {
            callee,
            arguments: condition.into_iter().cloned().collect(),
            keywords: lookups,
            unknown_arguments: None,
        };
        self.condition(&Value {
            kind: ValueKind::Call(Arc::new(q)),
            origin,
        })
    }
}
