//! What a migration executes, text by text, under the operations that send it: the recording behind `hhschema sql`.

use std::sync::Arc;

use crate::django::migration::Migration;
use crate::schema::{HOLE, Why};
use crate::source::Origin;

/// The texts of one migration in the order in which Django's schema editor hands them to the server.
#[derive(Debug, Clone)]
pub struct Transcript {
    pub migration: Arc<Migration>,
    /// In the order in which they run: rolled back, the last comes first.
    pub operations: Vec<OperationTranscript>,
    /// What the schema editor runs when it leaves (`deferred_sql`).
    pub deferred: Vec<SentText>,
}

/// One entry of `operations`, with all that it sends before it returns.
#[derive(Debug, Clone)]
pub struct OperationTranscript {
    /// Its place in `operations`, from 0.
    pub index: usize,
    pub statements: Vec<SentText>,
    /// Why some of what it executes is not known.
    pub not_analysed: Option<Why>,
}

/// One text as the server receives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentText {
    pub text: Arc<str>,
    /// Why part of it is not known: it holds a hole.
    pub unknown: Option<Why>,
}

/// Takes the texts down while a migration runs.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    operations: Vec<(Origin, OperationTranscript)>,
    deferred: Vec<SentText>,
    is_at_the_end: bool,
}

impl Recorder {
    pub(super) fn begin_operation(&mut self, index: usize, origin: &Origin) {
        let transcript = OperationTranscript {
            index,
            statements: Vec::new(),
            not_analysed: None,
        };
        self.operations.push((origin.clone(), transcript));
    }

    pub(super) fn begin_end(&mut self) {
        self.is_at_the_end = true;
    }

    /// Takes down a text that was written for the operation at `owner`; `why` tells of each hole.
    pub(super) fn sent(&mut self, text: &str, owner: &Origin, why: &dyn Fn(usize) -> Why) {
        let unknown = hole_in(text).map(why);
        if let Some(why) = &unknown {
            self.not_analysed(owner, why);
        }
        let sent = SentText {
            text: text.into(),
            unknown,
        };
        match self.operations.last_mut() {
            Some((_, operation)) if !self.is_at_the_end => operation.statements.push(sent),
            _ => self.deferred.push(sent),
        }
    }

    /// Notes that what an operation executes is in doubt; `text` is none of its statements.
    pub(super) fn doubted(&mut self, text: &str, owner: &Origin, why: &dyn Fn(usize) -> Why) {
        let number = hole_in(text).unwrap_or(usize::MAX);
        self.not_analysed(owner, &why(number));
    }

    /// Notes that some of what an operation executes is not known; the first reason stays.
    pub(super) fn not_analysed(&mut self, owner: &Origin, why: &Why) {
        let queued_by = |(origin, _): &(Origin, OperationTranscript)| {
            self.is_at_the_end
                && origin.file.path() == owner.file.path()
                && origin.span.holds(owner.span)
        };
        let running = self.operations.len().saturating_sub(1);
        let position = self
            .operations
            .iter()
            .position(queued_by)
            .unwrap_or(running);
        if let Some((_, operation)) = self.operations.get_mut(position) {
            operation.not_analysed.get_or_insert_with(|| why.clone());
        }
    }

    pub(super) fn finish(self, migration: &Arc<Migration>) -> Transcript {
        Transcript {
            migration: Arc::clone(migration),
            operations: self.operations.into_iter().map(|(_, kept)| kept).collect(),
            deferred: self.deferred,
        }
    }
}

/// The number of the first hole in a text.
fn hole_in(text: &str) -> Option<usize> {
    let (_, after) = text.split_once(HOLE)?;
    let digits = after.find(|letter: char| !letter.is_ascii_digit());
    let number = after.get(..digits.unwrap_or(after.len()))?;
    Some(number.parse().unwrap_or(usize::MAX))
}
