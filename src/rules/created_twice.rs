use super::page;
use crate::django::operation::Operation;
use crate::django::project_state::{ModelKey, ProjectState};
use crate::history::{Cause, Moment, OperationMoment};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::repair::{Repair, Safety, state_only};
use crate::schema::{Change, ConstraintKind, Outcome};

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
    if let Some(repair) = repair(moment) {
        finding = finding.repaired_by(repair);
    }
    vec![finding]
}

/// The operation stays for Django's state and does nothing to the database; where the state has it, too, it does
/// nothing at all.
fn repair(moment: &Moment) -> Option<Repair> {
    let Cause::Django(operation) = &moment.cause else {
        return None;
    };
    if !is_what_it_is_for(&operation.operation.operation, &moment.change) {
        return None;
    }
    let keeps_state = !is_in_state(operation);
    let edit = state_only(&operation.operation.origin, keeps_state)?;
    let class = &operation.operation.class;
    let title = if keeps_state {
        format!("Let the second `{class}` change Django's state alone")
    } else {
        format!("Let the second `{class}` do nothing")
    };
    let repair = Repair::new("state-only", title, vec![edit]);
    Some(if is_the_same(moment) {
        repair
    } else {
        repair
            .of_safety(Safety::Unsafe)
            .warning("What stands there is made otherwise: it stays as it was made first.")
    })
}

/// Whether the change is what the operation does first of all: what it does beside cannot have happened either.
fn is_what_it_is_for(operation: &Operation, change: &Change) -> bool {
    match operation {
        Operation::CreateModel(_) => matches!(change, Change::CreateTable(_)),
        Operation::AddField { .. } => matches!(change, Change::AddColumn { .. }),
        Operation::AddIndex { .. } => matches!(change, Change::CreateIndex(_)),
        Operation::AddConstraint { .. } => {
            matches!(
                change,
                Change::AddConstraint { .. } | Change::CreateIndex(_)
            )
        }
        _ => false,
    }
}

fn is_in_state(operation: &OperationMoment) -> bool {
    let app_label = &operation.migration.app_label;
    let before: &ProjectState = &operation.before;
    let model = |name: &str| before.model(&ModelKey::new(app_label, name));
    match &operation.operation.operation {
        Operation::CreateModel(create) => model(&create.name).is_some(),
        Operation::AddField {
            model_name, name, ..
        } => model(model_name).is_some_and(|model| model.field(name).is_some()),
        Operation::AddIndex {
            model_name, index, ..
        } => match &index.name {
            Ok(Some(name)) => model(model_name).is_some_and(|model| model.has_index(name)),
            Ok(None) | Err(_) => false,
        },
        Operation::AddConstraint {
            model_name,
            constraint,
            ..
        } => model(model_name).is_some_and(|model| {
            let known = model.options.constraints.iter().flatten();
            known
                .into_iter()
                .any(|known| match (&known.name, &constraint.name) {
                    (Ok(one), Ok(other)) => one == other,
                    _ => false,
                })
        }),
        _ => false,
    }
}

/// Whether what stands there is what would be made. A default goes again when Django has added its column.
fn is_the_same(moment: &Moment) -> bool {
    let before = &moment.before;
    match &moment.change {
        Change::AddColumn { table, column, .. } => {
            let known = before.column(&before.resolve(table), &column.name).found();
            known.is_some_and(|known| {
                known.data_type == column.data_type
                    && known.nullability == column.nullability
                    && known.collation == column.collation
            })
        }
        Change::CreateIndex(create) => {
            let table = before.resolve(&create.table);
            let name = create.name.clone().map(|name| table.sibling(name));
            let known = name.and_then(|name| before.index_named(&name).found());
            known.is_some_and(|known| known.table == table && known.definition == create.definition)
        }
        Change::AddConstraint { table, constraint } => {
            let table = before.resolve(table);
            let known = constraint
                .name
                .as_ref()
                .and_then(|name| before.constraint(&table, name).found());
            // A key's target is written in another form: only what has none is compared.
            known.is_some_and(|known| match (&known.kind, &constraint.kind) {
                (ConstraintKind::Check(one), ConstraintKind::Check(other)) => one == other,
                (ConstraintKind::Unique(one), ConstraintKind::Unique(other)) => one == other,
                _ => false,
            })
        }
        _ => false,
    }
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
