//! Writes a normalised tree as the parts that are compared: every operation in parentheses.

use std::sync::Arc;

use super::parse::{Connective, Node};
use crate::schema::{ExprPart, Identifier};

pub(super) fn parts(node: &Node) -> Arc<[ExprPart]> {
    let mut writer = Writer::default();
    writer.node(node);
    writer.flush();
    writer.parts.into()
}

#[derive(Default)]
struct Writer {
    parts: Vec<ExprPart>,
    text: String,
}

impl Writer {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.parts.push(ExprPart::Text(text.into()));
        }
    }

    fn column(&mut self, name: &Identifier) {
        self.flush();
        self.parts.push(ExprPart::Column(name.clone()));
    }

    fn write(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Column(name) => self.column(name),
            Node::Text(value) => {
                self.write("'");
                self.write(&value.replace('\'', "''"));
                self.write("'");
            }
            Node::Word(word) => self.write(word),
            Node::Chain(connective, items) => {
                let word = match connective {
                    Connective::And => " AND ",
                    Connective::Or => " OR ",
                };
                self.list("(", items, word, ")");
            }
            Node::Array(items) => self.list("ARRAY[", items, ", ", "]"),
            Node::Row(items) => self.list("ROW(", items, ", ", ")"),
            Node::Call(name, arguments) => {
                self.write(name);
                self.write("(");
                self.worded(arguments);
                self.write(")");
            }
            Node::Case(branches) => {
                self.write("CASE ");
                self.worded(branches);
                self.write(" END");
            }
            operation => self.operation(operation),
        }
    }

    fn operation(&mut self, node: &Node) {
        self.write("(");
        match node {
            Node::Prefix(operator, operand) => {
                self.write(operator);
                self.write(" ");
                self.node(operand);
            }
            Node::Postfix(operand, operator) => {
                self.node(operand);
                self.write(" ");
                self.write(operator);
            }
            Node::Infix(left, operator, right) => {
                self.node(left);
                self.write(" ");
                self.write(operator);
                self.write(" ");
                self.node(right);
            }
            Node::Quantified(left, operator, right) => {
                self.node(left);
                self.write(" ");
                self.write(operator);
                self.write(" (");
                self.node(right);
                self.write(")");
            }
            Node::Cast(value, to) => {
                self.node(value);
                self.write("::");
                self.write(to);
            }
            Node::Subscript(value, bounds) => {
                self.node(value);
                self.list("[", bounds, "", "]");
            }
            Node::Field(value, name) => {
                self.node(value);
                self.write(".");
                self.write(name.as_str());
            }
            // Written by `node`.
            Node::Column(_)
            | Node::Text(_)
            | Node::Word(_)
            | Node::Chain(..)
            | Node::Call(..)
            | Node::Array(_)
            | Node::Row(_)
            | Node::Case(_) => {}
        }
        self.write(")");
    }

    fn list(&mut self, open: &str, items: &[Node], between: &str, close: &str) {
        self.write(open);
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.write(between);
            }
            self.node(item);
        }
        self.write(close);
    }

    fn worded(&mut self, items: &[(&'static str, Node)]) {
        for (at, (word, item)) in items.iter().enumerate() {
            if at > 0 && *word != "," {
                self.write(" ");
            }
            if !word.is_empty() {
                self.write(word);
                self.write(" ");
            }
            self.node(item);
        }
    }
}
