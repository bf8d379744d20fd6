//! What a trial came to, step by step.

/// How one part of a trial ended; the words say what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    Verified(String),
    /// It could not be tried, or not enough was seen to say.
    NotVerified(String),
    Failed(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// A step in words, a finding, an INSERT.
    pub what: String,
    pub judgement: Judgement,
}

/// All that was tried, in the order in which it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    pub rows: Vec<Row>,
}

impl Verdict {
    pub(super) fn add(&mut self, what: impl Into<String>, judgement: Judgement) {
        self.rows.push(Row {
            what: what.into(),
            judgement,
        });
    }

    pub fn has_failed(&self) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| matches!(row.judgement, Judgement::Failed(_)))
    }

    /// Whether all of it was tried, and nothing failed.
    pub fn is_verified(&self) -> bool {
        let mut rows = self.rows.iter();
        rows.all(|row| matches!(row.judgement, Judgement::Verified(_)))
    }
}
