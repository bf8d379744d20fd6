//! `Q` objects as trees: `Q` in `django/db/models/query_utils.py`, `Node` in `django/utils/tree.py`, and how
//! `_add_q` of `django/db/models/sql/query.py` makes a WHERE of them, 4.2 to 6.0.

use super::Scope;
use super::callee::orm_class;
use super::compiler::Compiler;
use super::expr::Expr;
use super::expression::plain_reference;
use super::outcome::{Outcome, Stop};
use super::where_node::{Child, Connector, Leaf, Node};
use crate::django::python::{Call, Operator, Static, Value, ValueKind};
use crate::schema::Why;

/// How deep conditions may nest.
const DEEPEST: usize = 64;

/// What stands in a `Q`: `name=value`, or an expression that is true or false.
#[derive(Debug, Clone)]
enum Filter<'a> {
    Lookup(&'a str, &'a Value),
    Expression(&'a Value),
}

/// The SQL of a condition of a CHECK or an index.
///
/// # Errors
/// Why it is not known what Django writes, or that Django refuses the condition.
pub fn condition_sql(value: &Value, scope: &Scope<'_>) -> Static<String> {
    let compiler = Compiler::new(*scope);
    let doubled = scope.version.doubles_percent_of_text();
    let made = compiler.where_of(value, false).and_then(|expr| {
        super::template::merged(&expr, |constant| constant.sql_in_condition(doubled))
    });
    made.map_err(Stop::into_why)
}

/// Whether a value is a `Q`, or what Python makes of conditions: `Exact(...) & Q(...)`.
pub(super) fn is_condition(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Call(_) => orm_class(value) == Some("Q"),
        ValueKind::Operation(operation) => match operation.operator {
            Operator::And | Operator::Or | Operator::Xor => true,
            // `~` of a lookup is no `Q`, but an expression.
            Operator::Not => operation.operands.iter().all(is_condition),
            _ => false,
        },
        _ => false,
    }
}

/// The tree that Python builds from `Q(...)`, `&`, `|`, `^` and `~`.
fn q_node(value: &Value, left: usize) -> Static<Child<Filter<'_>>> {
    let left = left
        .checked_sub(1)
        .ok_or_else(|| Why::new("the condition is nested too deeply"))?;
    match &value.kind {
        ValueKind::Call(call) if orm_class(value) == Some("Q") => {
            q_call(call, left).map(Child::Node)
        }
        ValueKind::Operation(operation) if is_condition(value) => {
            let operands = operation
                .operands
                .iter()
                .map(|operand| q_node(operand, left))
                .collect::<Static<Vec<_>>>()?;
            let connector = match operation.operator {
                Operator::And => Connector::And,
                Operator::Or => Connector::Or,
                Operator::Xor => Connector::Xor,
                Operator::Not => return negate(operands),
                _ => return Ok(Child::Leaf(Filter::Expression(value))),
            };
            Ok(Child::Node(combine(connector, operands)))
        }
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Ok(Child::Leaf(Filter::Expression(value))),
    }
}

/// `Q(*args, _connector=None, _negated=False, **kwargs)`: keywords in the order of their names.
fn q_call(call: &Call, left: usize) -> Static<Node<Filter<'_>>> {
    if let Some(why) = &call.unknown_arguments {
        return Err(why.clone());
    }
    let mut node = Node {
        connector: Connector::And,
        negated: false,
        children: Vec::new(),
    };
    for argument in &call.arguments {
        // `Q(("name", value))`.
        if let ValueKind::Tuple(pair) = &argument.kind
            && let [name, value] = &**pair
            && let Some(name) = name.as_str()
        {
            node.children.push(Child::Leaf(Filter::Lookup(name, value)));
        } else {
            node.children.push(q_node(argument, left)?);
        }
    }
    let mut keywords = Vec::new();
    for (name, value) in &call.keywords {
        match &**name {
            "_connector" => node.connector = connector(value)?,
            "_negated" => node.negated = matches!(value.kind, ValueKind::Bool(true)),
            name => keywords.push((name, value)),
        }
    }
    keywords.sort_by_key(|(name, _)| *name);
    node.children.extend(
        keywords
            .into_iter()
            .map(|(name, value)| Child::Leaf(Filter::Lookup(name, value))),
    );
    Ok(node)
}

fn connector(value: &Value) -> Static<Connector> {
    match (value.as_str(), &value.kind) {
        (Some("AND"), _) | (None, ValueKind::None) => Ok(Connector::And),
        (Some("OR"), _) => Ok(Connector::Or),
        (Some("XOR"), _) => Ok(Connector::Xor),
        _ => match &value.kind {
            ValueKind::Name(name) => match name.last() {
                "AND" => Ok(Connector::And),
                "OR" => Ok(Connector::Or),
                "XOR" => Ok(Connector::Xor),
                _ => Err(Why::new("the connector of a condition cannot be read")),
            },
            _ => Err(Why::new("the connector of a condition cannot be read")),
        },
    }
}

/// `Q._combine`: an empty `Q` is left out.
fn combine<Leaf: Clone>(connector: Connector, operands: Vec<Child<Leaf>>) -> Node<Leaf> {
    let mut filled = operands
        .into_iter()
        .filter(|operand| !matches!(operand, Child::Node(node) if node.children.is_empty()))
        .collect::<Vec<_>>();
    if filled.len() == 1
        && let Some(Child::Node(_)) = filled.first()
        && let Some(Child::Node(only)) = filled.pop()
    {
        return only;
    }
    let mut node = Node {
        connector,
        negated: false,
        children: Vec::new(),
    };
    for operand in filled {
        node.add(operand);
    }
    node
}

fn negate(operands: Vec<Child<Filter<'_>>>) -> Static<Child<Filter<'_>>> {
    match operands.into_iter().next() {
        Some(Child::Node(mut node)) => {
            node.negated = !node.negated;
            Ok(Child::Node(node))
        }
        Some(leaf @ Child::Leaf(_)) => Ok(Child::Node(Node {
            connector: Connector::And,
            negated: true,
            children: vec![leaf],
        })),
        None => Err(Why::new("`~` of nothing")),
    }
}

impl Compiler<'_> {
    /// `build_where`: a condition, or an expression that is one.
    fn where_of(&self, value: &Value, is_resolved: bool) -> Outcome<Expr> {
        let child = q_node(value, DEEPEST)?;
        let node = match child {
            Child::Node(node) => self.where_node(&node, false)?,
            Child::Leaf(leaf) => self.filter(&leaf, false)?,
        };
        self.render(node, (value, is_resolved))
    }

    /// A `Q` as an expression.
    pub(super) fn condition(&self, value: &Value) -> Outcome<Expr> {
        if !self.resolves {
            return Err(Stop::why("a Q in a default of the database"));
        }
        // A `WhereNode` that is resolved once more stands in parentheses.
        self.where_of(value, self.again)
    }

    /// `_add_q`: lookups become conditions; below a negation a nullable column gets a guard.
    fn where_node(&self, node: &Node<Filter<'_>>, negated_above: bool) -> Outcome<Node<Leaf>> {
        let negated = negated_above ^ node.negated;
        let mut clause = Node {
            connector: node.connector,
            negated: node.negated,
            children: Vec::new(),
        };
        for child in &node.children {
            let built = match child {
                Child::Node(inner) => self.where_node(inner, negated)?,
                Child::Leaf(filter) => self.filter(filter, negated)?,
            };
            // An empty clause is left out (`if child_clause`).
            if !built.children.is_empty() {
                clause.add(Child::Node(built));
            }
        }
        Ok(clause)
    }

    /// `build_filter`.
    fn filter(&self, filter: &Filter<'_>, negated: bool) -> Outcome<Node<Leaf>> {
        let mut node = Node {
            connector: Connector::And,
            negated: false,
            children: Vec::new(),
        };
        match filter {
            Filter::Expression(value) => {
                node.children
                    .push(Child::Leaf(Leaf::of(self.boolean(value))?));
            }
            Filter::Lookup(path, value) => {
                let lookup = self.filter_lookup(path, value)?;
                node.children.push(Child::Leaf(Leaf::of(lookup.compiled)?));
                if negated && lookup.takes_guard {
                    let mut guards = vec![self.guard(&lookup.column)?];
                    if let Some(name) = plain_reference(value) {
                        guards.push(self.guard(name)?);
                    }
                    node.children
                        .extend(guards.into_iter().flatten().map(Child::Leaf));
                }
            }
        }
        Ok(node)
    }

    /// `column IS NOT NULL` for a nullable column.
    fn guard(&self, name: &str) -> Outcome<Option<Leaf>> {
        let resolved = self.scope.resolve(name)?;
        if !resolved.rest.is_empty() || !resolved.null? {
            return Ok(None);
        }
        let mut expr = Self::boolean_text(
            format!("{} IS NOT NULL", super::quote_name(&resolved.column)),
            &resolved.field.origin,
        );
        expr.columns.push(resolved.column);
        Ok(Some(Leaf::Sql(expr)))
    }
}
