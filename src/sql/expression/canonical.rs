//! Writes a normalised tree as the parts that are compared: every operation in parentheses.

use std::sync::Arc;

use super::tree::{Connective, Node};
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

    fn spaced(&mut self, text: &str) {
        self.write(text);
        self.write(" ");
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
                self.list(items, ["(", word, ")"]);
            }
            Node::Array(items) => self.list(items, ["ARRAY[", ", ", "]"]),
            Node::Row(items) => self.list(items, ["ROW(", ", ", ")"]),
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

    /// An operation, whose parentheses are always written.
    fn operation(&mut self, node: &Node) {
        self.write("(");
        match node {
            Node::Prefix(operator, operand) => {
                self.spaced(operator);
                self.node(operand);
            }
            Node::Postfix(operand, operator) => self.around(operand, &[" ", operator]),
            Node::Infix(left, operator, right) => {
                self.around(left, &[" ", operator, " "]);
                self.node(right);
            }
            Node::Quantified(left, operator, right) => {
                self.around(left, &[" ", operator, " "]);
                self.list(std::slice::from_ref(right), ["(", "", ")"]);
            }
            Node::Cast(value, to) => self.around(value, &["::", to]),
            Node::Subscript(value, bounds) => {
                self.node(value);
                self.list(bounds, ["[", "", "]"]);
            }
            Node::Field(value, name) => self.around(value, &[".", name.as_str()]),
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

    /// An operand and what follows it.
    fn around(&mut self, operand: &Node, after: &[&str]) {
        self.node(operand);
        for text in after {
            self.write(text);
        }
    }

    /// Items in brackets: the opening, what stands between two, the closing.
    fn list(&mut self, items: &[Node], [open, between, close]: [&str; 3]) {
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
