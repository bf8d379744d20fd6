//! Trees of conditions as SQL: `WhereNode.as_sql` (`django/db/models/sql/where.py`), 4.2 to 6.0.

use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::outcome::{Outcome, Stop};
use crate::django::project_state::FieldKind;
use crate::django::python::Value;
use crate::source::Origin;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connector {
    And,
    Or,
    Xor,
}

/// A tree of conditions, as `Q` builds it and as `WhereNode` does.
#[derive(Debug, Clone)]
pub(super) struct Node<Leaf> {
    pub connector: Connector,
    pub negated: bool,
    pub children: Vec<Child<Leaf>>,
}

#[derive(Debug, Clone)]
pub(super) enum Child<Leaf> {
    Leaf(Leaf),
    Node(Node<Leaf>),
}

/// A condition that is compiled, or what Django raises in its place.
#[derive(Debug, Clone)]
pub(super) enum Leaf {
    Sql(Expr),
    Empty,
    Full,
}

impl Leaf {
    pub(super) fn of(compiled: Outcome<Expr>) -> Outcome<Self> {
        match compiled {
            Ok(expr) => Ok(Self::Sql(expr)),
            Err(Stop::Empty) => Ok(Self::Empty),
            Err(Stop::Full) => Ok(Self::Full),
            Err(stop) => Err(stop),
        }
    }

    fn into_outcome(self) -> Outcome<Expr> {
        match self {
            Self::Sql(expr) => Ok(expr),
            Self::Empty => Err(Stop::Empty),
            Self::Full => Err(Stop::Full),
        }
    }
}

impl<Leaf> Node<Leaf> {
    /// `Node.add` with the node's own connector: takes the other's children where that means the same.
    pub(super) fn add(&mut self, other: Child<Leaf>) {
        match other {
            Child::Node(node)
                if !node.negated
                    && (node.connector == self.connector || node.children.len() == 1) =>
            {
                self.children.extend(node.children);
            }
            other => self.children.push(other),
        }
    }
}

/// How many more children may turn out to match everything, or nothing, before the whole does.
struct Needed {
    full: usize,
    empty: usize,
}

impl Needed {
    fn of(connector: Connector, count: usize) -> Self {
        match connector {
            Connector::And => Self {
                full: count,
                empty: 1,
            },
            Connector::Or | Connector::Xor => Self {
                full: 1,
                empty: count,
            },
        }
    }
}

impl Compiler<'_> {
    pub(super) fn boolean_text(sql: String, origin: &Origin) -> Expr {
        let mut expr = Expr::text(sql, Output::of(FieldKind::Boolean, origin));
        expr.is_typed_early = true;
        expr
    }

    /// `is_resolved`: the node stands in parentheses even with one part.
    pub(super) fn render(
        &self,
        node: Node<Leaf>,
        (value, is_resolved): (&Value, bool),
    ) -> Outcome<Expr> {
        if node.connector == Connector::Xor {
            return self.exclusive(node, value);
        }
        let compiler = self.deeper()?;
        let mut needed = Needed::of(node.connector, node.children.len());
        let mut whole = Self::boolean_text(String::new(), &value.origin);
        let mut parts = Vec::new();
        for child in node.children {
            match compiler.child(child, value) {
                Ok(part) => parts.push(whole.take(part)),
                Err(Stop::Empty) => needed.empty = needed.empty.saturating_sub(1),
                Err(Stop::Full) => needed.full = needed.full.saturating_sub(1),
                Err(stop) => return Err(stop),
            }
            match (needed.empty, needed.full, node.negated) {
                (0, _, true) | (1.., 0, false) => return Err(Stop::Full),
                (0, _, false) | (1.., 0, true) => return Err(Stop::Empty),
                (1.., 1.., _) => {}
            }
        }
        if parts.is_empty() {
            return Err(Stop::Full);
        }
        let separator = match node.connector {
            Connector::And => " AND ",
            Connector::Or => " OR ",
            Connector::Xor => " XOR ",
        };
        let joined = parts.join(separator);
        whole.sql = if node.negated {
            format!("NOT ({joined})")
        } else if parts.len() > 1 || is_resolved {
            format!("({joined})")
        } else {
            joined
        };
        Ok(whole)
    }

    fn child(&self, child: Child<Leaf>, value: &Value) -> Outcome<Expr> {
        match child {
            Child::Leaf(leaf) => leaf.into_outcome(),
            Child::Node(node) => self.render(node, (value, false)),
        }
    }

    /// `a XOR b` as `(a OR b) AND 1 = (the number of those that are true)`.
    fn exclusive(&self, node: Node<Leaf>, value: &Value) -> Outcome<Expr> {
        let count = node.children.len();
        let mut sum: Option<Expr> = None;
        for child in &node.children {
            let condition = self.child(child.clone(), value);
            let (one, zero) = (Self::number_value(1, value), Self::number_value(0, value));
            let case = self.case_of(vec![(condition, one)], zero, (None, value))?;
            sum = Some(match sum {
                None => case,
                Some(sum) => self.combine("+", (sum, case), value)?,
            });
        }
        let sum = sum.ok_or(Stop::Full)?;
        let sum = if count > 2 && self.scope.version.counts_xor_modulo_two() {
            sum.rewritten(|sql| format!("MOD({sql}, %s)"))
        } else {
            sum
        };
        let mut equal = Self::boolean_text(String::new(), &value.origin);
        equal.take(Self::number_value(1, value));
        let is_counted = sum.sql.starts_with("MOD(");
        let text = equal.take(sum);
        if is_counted {
            equal.take(Self::number_value(2, value));
        }
        equal.sql = if text.starts_with('(') || text == "%s" && !self.scope.version.wraps_values() {
            format!("%s = {text}")
        } else {
            format!("%s = ({text})")
        };
        let any = Node {
            connector: Connector::Or,
            negated: false,
            children: node.children,
        };
        let both = Node {
            connector: Connector::And,
            negated: node.negated,
            children: vec![Child::Node(any), Child::Leaf(Leaf::Sql(equal))],
        };
        self.render(both, (value, false))
            .map(|expr| expr.with_form(Form::Other))
    }
}
