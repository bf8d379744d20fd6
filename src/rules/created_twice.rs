use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Change, Outcome};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("created-twice"),
    page: page!("created-twice"),
    checks: &[Check::Refused(check)],
};

fn check(moment: &Moment, context: &Context<'_>) -> Vec<Finding> {
    let Outcome::Rejected(rejection) = &moment.outcome else {
        return Vec::new();
    };
    if !rejection.state.is_duplicate() || !moment.statement.cuts.is_empty() {
        return Vec::new();
    }
    let Some(what) = created(&moment.change) else {
        return Vec::new();
    };
    let object = &rejection.object;
    let message = format!(
        "{what} `{object}` exists already at this point: a fresh database cannot be migrated ({})",
        rejection.state
    );
    let mut finding = Finding::at(moment.origin(), message)
        .about(object.clone())
        .help(
            "where this migration is applied, keep it and make the duplicate a state-only operation \
             (`SeparateDatabaseAndState`); where it is not, remove it",
        );
    if let Some(first) = context.history.provenance.of(object) {
        finding = finding.labelled(first.clone(), "first created here");
    }
    vec![finding]
}

fn created(change: &Change) -> Option<&'static str> {
    match change {
        Change::CreateTable(_) => Some("table"),
        Change::AddColumn { .. } => Some("column"),
        Change::AddConstraint { .. } | Change::AddConstraintUsingIndex { .. } => Some("constraint"),
        Change::CreateIndex(_) => Some("index"),
        Change::CreateSequence { .. } => Some("sequence"),
        Change::CreateView { .. } => Some("view"),
        Change::CreateSchema { .. } => Some("schema"),
        Change::CreateEnum { .. } => Some("type"),
        Change::CreateExtension { .. } => Some("extension"),
        _ => None,
    }
}
