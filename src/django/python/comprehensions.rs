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
        let result = self.generate(frame, generators, &mut |evaluator, frame| {
            made.push(evaluator.eval(frame, element));
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
        let result = self.generate(frame, &dict.generators, &mut |evaluator, frame| {
            let key = evaluator.eval(frame, key);
            made.push((key, evaluator.eval(frame, &dict.value)));
        });
        frame.scopes.pop();
        result.map(|()| ValueKind::Dict(compare::last_wins(made).into()))
    }

    fn generate(
        &mut self,
        frame: &mut Frame<'_>,
        generators: &[Comprehension],
        emit: &mut dyn FnMut(&mut Self, &mut Frame<'_>),
    ) -> Result<(), Why> {
        let Some((first, rest)) = generators.split_first() else {
            emit(self, frame);
            return Ok(());
        };
        let iterated = self.eval(frame, &first.iter);
        for item in self.iterate(&iterated)? {
            self.spend(1)?;
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
