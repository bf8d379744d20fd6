//! What an `__init__` hands to that of its base.

use std::sync::Arc;

use ruff_python_ast::{Expr, ExprCall};

use super::{Certainty, Reading};
use crate::django::python::evaluate::Evaluator;
use crate::django::python::frame::Frame;
use crate::django::python::value::ValueKind;
use crate::schema::Why;

impl Reading<'_> {
    /// `super().__init__(*args, **kwargs, max_length=50)`.
    pub(super) fn base_call(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        frame: &mut Frame<'_>,
        call: &ExprCall,
        certainty: Certainty,
    ) -> Result<(), Why> {
        if certainty == Certainty::Maybe || self.handed_on {
            return Err(Why::new("it calls its base under a condition"));
        }
        self.handed_on = true;
        for argument in &call.arguments.args {
            match argument {
                Expr::Starred(_) => {}
                Expr::Name(name) => self.seen_by_base.push(name.id.as_str().into()),
                _ => return Err(Why::new("it hands arguments of its own to its base")),
            }
        }
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else {
                self.keywords(&keyword.value)?;
                continue;
            };
            let name: Arc<str> = name.id.as_str().into();
            let same_name =
                matches!(&keyword.value, Expr::Name(value) if *value.id.as_str() == *name);
            let is_own = self.own(&name);
            if same_name && is_own {
                self.seen_by_base.push(name);
            } else {
                let value = evaluator.eval(frame, &keyword.value);
                self.made.sets.push((name, value));
            }
        }
        Ok(())
    }

    /// `**kwargs`, or `**defaults` of a dict that the keywords were written over.
    fn keywords(&mut self, expression: &Expr) -> Result<(), Why> {
        if self.is_kwargs(expression) {
            return Ok(());
        }
        match (expression, self.overlaid.take()) {
            (Expr::Name(name), Some((overlaid, entries))) if *name.id.as_str() == *overlaid => {
                self.made.defaults.extend(entries);
                Ok(())
            }
            _ => Err(Why::new("it hands other keywords to its base")),
        }
    }

    pub(super) fn overlay(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        frame: &mut Frame<'_>,
        dict: &Expr,
    ) -> Result<(), Why> {
        let Expr::Name(name) = dict else {
            return Err(Why::new("it hands its keywords elsewhere"));
        };
        let ValueKind::Dict(entries) = evaluator.eval(frame, dict).kind else {
            return Err(Why::new("it hands its keywords elsewhere"));
        };
        let entries = entries
            .iter()
            .map(|(key, value)| Some((Arc::<str>::from(key.as_str()?), value.clone())))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| Why::new("it sets a keyword that is not known"))?;
        self.overlaid = Some((name.id.as_str().into(), entries));
        Ok(())
    }
}
