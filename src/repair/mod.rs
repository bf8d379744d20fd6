//! Repairs as data: what would end a finding, step by step.

use crate::schema::Change;
use crate::source::Origin;

/// One way to end a finding. Several repairs of a finding are alternatives, each with its own title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// An imperative: "Build the index concurrently".
    pub title: String,
    pub safety: Safety,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Safety {
    /// To be read by a person: it shows what to do, and cannot be done by a machine.
    DisplayOnly,
    Unsafe,
    Safe,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Run(Change),
    /// Replace the text at a place of a file.
    Edit {
        place: Origin,
        text: String,
    },
}
