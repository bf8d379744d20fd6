//! `hhschema fix --verify`: what is tried on the database.

use super::bench::{Bench, Seen};
use crate::cli::analyse::Live;
use crate::cli::args::FixArguments;
use crate::cli::{Outcome, Stop, because};
use crate::database::Limits;
use crate::django::project_state::Field;
use crate::django::python::ValueKind;
use crate::drift::Hurt;
use crate::fix::{Decided, Decision, Given, Insert, Trial, Verdict, brought, taken, verify};
use crate::lint::{Finding, Subject};
use crate::repair::Plan;
use crate::schema::{Identifier, ObjectName, RelationName, Schema};

/// Holds the trial.
pub(super) fn verdict(
    bench: &Bench<'_>,
    (seen, decided): (&Seen, &[Decided<'_>]),
    plan: &Plan,
    arguments: &FixArguments,
) -> Result<Verdict, Stop> {
    let Some(connected) = &bench.connected else {
        return Err(because("a trial needs a database: give `--database-url`"));
    };
    let schemas: Vec<Identifier> = arguments
        .database
        .schema
        .iter()
        .map(|name| Identifier::quoted(name))
        .collect();
    let judge = |schema: &Schema| -> Result<Vec<Finding>, String> {
        let live = Live {
            schema: schema.clone(),
            ..connected.live.after(plan)
        };
        let looked = bench.look(Some(&live), &brought(&taken(decided)));
        looked
            .map(|seen| seen.findings)
            .map_err(|stop| stop.to_string())
    };
    verify(&Trial {
        address: &connected.address,
        schemas: &schemas,
        plan,
        before: &seen.before,
        decided,
        inserts: &inserts(seen, decided),
        judge: &judge,
        limits: Limits::default(),
        scratch: arguments.scratch,
    })
    .map_err(because)
}

/// The INSERTs that fail now: one for each model of a table with a column that is to be filled.
fn inserts(seen: &Seen, decided: &[Decided<'_>]) -> Vec<Insert> {
    let watched: Vec<(&RelationName, &Identifier)> = decided
        .iter()
        .filter(|one| matches!(one.decision, Decision::Taken(_)))
        .filter(|one| one.finding.hurt == Some(Hurt::InsertFails))
        .filter_map(|one| match &one.finding.object {
            Some(Subject::Object(ObjectName::Column(table, column))) => Some((table, column)),
            _ => None,
        })
        .collect();
    let tables = seen.analysed.history.model_tables.iter();
    tables
        .filter_map(|model| {
            let own: Vec<Identifier> = watched
                .iter()
                .filter(|(table, _)| **table == model.table)
                .map(|(_, column)| (*column).clone())
                .collect();
            (!own.is_empty()).then(|| Insert {
                model: model.model.name.to_string(),
                table: model.table.clone(),
                columns: model
                    .columns
                    .iter()
                    .map(|column| Given {
                        column: column.column.clone(),
                        value: first_choice(&column.field),
                    })
                    .collect(),
                watched: own,
            })
        })
        .collect()
}

/// The value that a form would offer first, as a literal of SQL.
fn first_choice(field: &Field) -> Option<String> {
    let choices = field.choices.as_ref()?.as_ref().ok()?;
    choices.iter().find_map(|value| match &value.kind {
        ValueKind::Str(text) if !text.text.is_empty() => {
            Some(format!("'{}'", text.text.replace('\'', "''")))
        }
        ValueKind::Int(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A trial that failed is a finding; one that could not be held leaves the question open.
pub(super) fn outcome(verdict: &Verdict, decided: Outcome) -> Outcome {
    if verdict.has_failed() {
        Outcome::Findings
    } else if verdict.is_verified() {
        decided
    } else {
        Outcome::Failed
    }
}
