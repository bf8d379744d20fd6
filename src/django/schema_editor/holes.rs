//! What could not be known, as text that can stand in a statement.

use std::cell::RefCell;
use std::sync::Arc;

use crate::django::expressions::quote_name;
use crate::django::python::Static;
use crate::schema::Why;
use crate::sql::HOLE;

/// The reasons of the holes that were written so far; the number in a hole is its place here.
#[derive(Debug, Default)]
pub struct Holes {
    reasons: RefCell<Vec<Why>>,
}

impl Holes {
    /// A name that stands for something unknown. In quotes it is the hole that the SQL reader knows.
    pub fn name(&self, why: &Why) -> Arc<str> {
        let mut reasons = self.reasons.borrow_mut();
        let number = reasons
            .iter()
            .position(|known| known == why)
            .unwrap_or_else(|| {
                reasons.push(why.clone());
                reasons.len() - 1
            });
        format!("{HOLE}{number}").into()
    }

    /// A hole where an expression, a type or a clause may stand.
    pub fn text(&self, why: &Why) -> String {
        quote_name(&self.name(why))
    }

    /// The name, or a hole in its place.
    pub fn name_or_hole(&self, name: &Static<Arc<str>>) -> Arc<str> {
        match name {
            Ok(name) => Arc::clone(name),
            Err(why) => self.name(why),
        }
    }

    /// The text, or a hole in its place.
    pub fn text_or_hole(&self, text: Static<String>) -> String {
        text.unwrap_or_else(|why| self.text(&why))
    }

    /// Why the hole of this number could not be known.
    pub fn why(&self, number: usize) -> Why {
        self.reasons
            .borrow()
            .get(number)
            .cloned()
            .unwrap_or_else(|| Why::new("part of the statement could not be known"))
    }
}

/// Whether a name, or any text made from one, has a hole in it.
pub(super) fn is_hole(text: &str) -> bool {
    text.contains(HOLE)
}
