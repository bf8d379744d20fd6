//! A plan as a script for `psql`.

use crate::postgres::TransactionBlock;

use super::plan::{Plan, Unit, UnitKind};
use super::quote::in_comment;

/// The script that carries the plan out; safe to run again, after a stop anywhere, too.
pub fn to_sql(plan: &Plan) -> String {
    let mut script = Script::default();
    script.comment(0, "Repairs:");
    script.repairs(plan);
    script.blank();
    script.comment(
        0,
        "Run it with `psql -X -f`. Every statement looks before it acts: after a stop, run the whole script again.",
    );
    script.preamble();
    script.units(plan, &plan.units);
    script.text
}

/// The script that takes the plan back, the last unit first.
pub fn to_rollback_sql(plan: &Plan) -> String {
    let mut script = Script::default();
    script.comment(
        0,
        "Takes these repairs back, and brings back what they ended:",
    );
    script.repairs(plan);
    if !plan.not_brought_back.is_empty() {
        script.comment(0, "Not brought back:");
        for sentence in &plan.not_brought_back {
            script.comment(1, sentence);
        }
    }
    script.blank();
    script.comment(
        0,
        "Run it with `psql -X -f`. Every statement looks before it acts: after a stop, run the whole script again.",
    );
    script.preamble();
    script.units(plan, &plan.rollback);
    script.text
}

/// A text of lines.
#[derive(Default)]
struct Script {
    text: String,
}

impl Script {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.line("");
    }

    fn comment(&mut self, depth: usize, words: &str) {
        let shown = format!("-- {}{}", "  ".repeat(depth), in_comment(words));
        self.line(&shown);
    }

    fn statement(&mut self, sql: &str) {
        self.line(&format!("{sql};"));
    }

    fn repairs(&mut self, plan: &Plan) {
        for repair in &plan.repairs {
            self.comment(1, &format!("{}: {}", repair.name, repair.title));
            for warning in &repair.warnings {
                self.comment(2, &format!("Warning: {warning}"));
            }
        }
    }

    /// What a person's own settings of psql must not change.
    fn preamble(&mut self) {
        self.line("\\set ON_ERROR_STOP on");
        self.line("\\set AUTOCOMMIT on");
        self.statement("SET client_encoding = 'UTF8'");
        self.statement("SET standard_conforming_strings = on");
    }

    fn units(&mut self, plan: &Plan, units: &[Unit]) {
        if units.is_empty() {
            self.blank();
            self.comment(0, "There is nothing to do.");
        }
        for (unit, number) in units.iter().zip(1..) {
            self.blank();
            self.comment(0, &format!("{number} of {}: {}", units.len(), how(unit)));
            for title in unit.titles() {
                self.comment(1, title);
            }
            for step in &unit.steps {
                self.comment(2, &step.words);
            }
            self.locks(unit);
            for sql in unit.script(plan.timeouts) {
                self.statement(&sql);
            }
        }
    }

    /// The locks that others may have to wait for.
    fn locks(&mut self, unit: &Unit) {
        let mut shown: Vec<String> = Vec::new();
        for lock in unit.steps.iter().flat_map(|step| &step.cost.locks) {
            let words = format!("{} on {}", lock.mode.sql(), lock.relation);
            if !shown.contains(&words) {
                shown.push(words);
            }
        }
        if !shown.is_empty() {
            self.comment(1, &format!("Locks: {}", shown.join(", ")));
        }
    }
}

fn how(unit: &Unit) -> String {
    let about = unit
        .relation
        .as_ref()
        .map_or_else(String::new, |relation| format!("{relation}, "));
    let way = match (unit.transaction(), unit.kind) {
        (TransactionBlock::Allowed, _) => "in one transaction",
        (TransactionBlock::Refused, UnitKind::Fill) => "in many small transactions",
        (TransactionBlock::Refused, _) => "outside of a transaction",
    };
    format!("{about}{way}")
}
