//! Comprehensions: loops that make a list, a set or a dict.

use ruff_python_ast::{Comprehension, Expr, ExprDictComp};

use super::compare;
use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::value::{Value, ValueKind};
use crate::schema::Why;

impl Evaluator<'_> {
    pub(super) fn comprehension(
        &mut self,
        frame: &mut Frame<'_>,
        generators: &[Comprehension],
        element: &Expr,
    ) -> Result<Vec<Value>, Why> {
        let mut made = Vec::new();
        frame.scopes.push(Scope::new(ScopeKind::Comprehension));
        let result = self.generate(frame, generators, &mut |evaluator, frame, rest| {
            made.push(rest.unwrap_or_else(|| evaluator.eval(frame, element)));
        });
        frame.scopes.pop();
        result.map(|()| made)
    }

    pub(super) fn dict_comprehension(
        &mut self,
        frame: &mut Frame<'_>,
        dict: &ExprDictComp,
    ) -> Result<ValueKind, Why> {
        let Some(key) = &dict.key else {
            return Err(Why::new("this comprehension is not followed"));
        };
        let mut made = Vec::new();
        frame.scopes.push(Scope::new(ScopeKind::Comprehension));
        let mut open = None;
        let result = self.generate(frame, &dict.generators, &mut |evaluator, frame, rest| {
            open = open.take().or(rest);
            let key = evaluator.eval(frame, key);
            made.push((key, evaluator.eval(frame, &dict.value)));
        });
        frame.scopes.pop();
        match open.as_ref().and_then(Value::why_unknown) {
            Some(why) => Err(why.clone()),
            None => result.map(|()| ValueKind::Dict(compare::last_wins(made).into())),
        }
    }

    fn generate(
        &mut self,
        frame: &mut Frame<'_>,
        generators: &[Comprehension],
        emit: &mut dyn FnMut(&mut Self, &mut Frame<'_>, Option<Value>),
    ) -> Result<(), Why> {
        let Some((first, rest)) = generators.split_first() else {
            emit(self, frame, None);
            return Ok(());
        };
        let iterated = self.eval(frame, &first.iter);
        for item in self.iterate_open(&iterated)? {
            self.spend(1)?;
            if let ValueKind::Rest(_) = &item.kind {
                emit(self, frame, Some(item));
                continue;
            }
            self.assign(frame, &first.target, item);
            let mut holds = true;
            for test in &first.ifs {
                holds = holds && self.condition(frame, test)?;
            }
            if holds {
                self.generate(frame, rest, emit)?;
            }
        }
        Ok(())
    }
}
