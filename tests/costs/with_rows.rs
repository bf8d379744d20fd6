//! What statements fail with where rows stand that break what they ask for.

use super::effects::Done;
use super::told::Told;
use super::verdict::Verdict;
use crate::environment::Database;

/// The SQLSTATE that it fails with in a transaction that first puts the rows in.
pub fn failure(database: &mut Database, rows: &str, statement: &str) -> Option<String> {
    let failed = database.execute(&format!("BEGIN; {rows}; SELECT 1"));
    failed.unwrap_or_else(|refused| panic!("{refused}\nin: {rows}"));
    let failed = database.execute(statement);
    database.run("ROLLBACK");
    failed.err().map(|refused| refused.state)
}

/// Whether it runs where there are no rows, in a transaction block.
pub fn is_asked(rows: &str, done: &Done) -> bool {
    let runs = matches!(done, Done::Effects(effects) if !effects.only_outside_block);
    runs && !rows.is_empty()
}

/// A violation that is told may not come about; one that comes about is told.
pub fn verdict(told: &Told, failure: Option<&str>) -> Verdict {
    match failure {
        Some(state)
            if told
                .violations
                .iter()
                .any(|one| state.starts_with(one.state)) =>
        {
            Verdict::Equal
        }
        Some(state) => match &told.unsure {
            Some(why) => Verdict::Unsure(why.clone()),
            None => Verdict::Wrong(format!("with rows {state}, told {:?}", told.violations)),
        },
        None if told.violations.iter().any(|one| one.by_every_row) => {
            Verdict::Wrong(format!("runs with rows, told {:?}", told.violations))
        }
        None if told.violations.is_empty() => Verdict::Equal,
        None => Verdict::Unsure(format!("did not fail with any of {:?}", told.violations)),
    }
}
