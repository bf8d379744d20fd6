//! The script as it is, on an empty copy of the database: what cannot stand in a transaction is seen to run there.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use crate::database::{Address, Catalog, DatabaseError, Session, StatementError};
use crate::postgres::render;
use crate::repair::Unit;
use crate::schema::{Change, Identifier, Schema, diff};

use super::forward::lost;
use super::{Judgement, Trial, Verdict, catalog};

const WHAT: &str = "the script on an empty copy";

/// Makes the copy, runs the script twice and its rollback, and drops the copy whatever happened. Whether the script ran.
pub(super) fn tried(trial: &Trial<'_>, verdict: &mut Verdict) -> Result<bool, DatabaseError> {
    let copy = match Copy::made(trial) {
        Ok(copy) => copy,
        Err(StatementError::Refused(refusal)) => {
            let why = format!("no copy can be made: {refusal}");
            verdict.add(WHAT, Judgement::NotVerified(why));
            return Ok(false);
        }
        Err(error) => return Err(lost(error)),
    };
    let tried = on_the_copy(trial, &copy.address, verdict);
    let dropped = copy.drop();
    tried.and_then(|ran| dropped.map(|()| ran))
}

fn on_the_copy(
    trial: &Trial<'_>,
    address: &Address,
    verdict: &mut Verdict,
) -> Result<bool, DatabaseError> {
    let mut session = Session::applying(address, trial.limits)?;
    if let Err(why) = built(&mut session, trial.before) {
        verdict.add(WHAT, Judgement::NotVerified(why));
        return Ok(false);
    }
    let before = read(address, trial)?;
    for (round, words) in [
        (&trial.plan.units, "runs"),
        (&trial.plan.units, "runs again"),
    ] {
        if let Err(refused) = run(&mut session, round, trial)? {
            verdict.add(WHAT, Judgement::Failed(refused));
            return Ok(false);
        }
        verdict.add(WHAT, Judgement::Verified(words.to_owned()));
    }
    catalog::as_planned(trial.plan, &read(address, trial)?, verdict);
    if let Err(refused) = run(&mut session, &trial.plan.rollback, trial)? {
        verdict.add(format!("{WHAT}: rollback"), Judgement::Failed(refused));
        return Ok(true);
    }
    catalog::as_before(trial.plan, (&before, &read(address, trial)?), verdict);
    session.close();
    Ok(true)
}

fn read(address: &Address, trial: &Trial<'_>) -> Result<Schema, DatabaseError> {
    let mut session = Session::read_only(address, trial.limits)?;
    let catalog = Catalog::read(&mut session, trial.schemas)?;
    session.close();
    Ok(catalog.schema)
}

/// Builds the structure of the database.
fn built(session: &mut Session, schema: &Schema) -> Result<(), String> {
    for change in diff(&Schema::empty(), schema) {
        let failed =
            |error: &dyn std::fmt::Display| format!("the structure cannot be built anew: {error}");
        let sql = render(&change).map_err(|error| failed(&error))?;
        if let (Change::CreateTrigger { .. }, Some(function)) = (&change, trigger_function(&sql)) {
            session.execute(&function).map_err(|error| failed(&error))?;
        }
        session.execute(&sql).map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Functions are not read; on a copy without rows one that does nothing stands for that of a trigger.
fn trigger_function(create_trigger: &str) -> Option<String> {
    let (_, call) = create_trigger
        .split_once("EXECUTE FUNCTION ")
        .or_else(|| create_trigger.split_once("EXECUTE PROCEDURE "))?;
    let (name, _) = call.split_once('(')?;
    Some(format!(
        "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    ))
}

/// Sends a script, text by text; what the server refused of it.
fn run(
    session: &mut Session,
    units: &[Unit],
    trial: &Trial<'_>,
) -> Result<Result<(), String>, DatabaseError> {
    for sql in units
        .iter()
        .flat_map(|unit| unit.script(trial.plan.timeouts))
    {
        match session.execute(&sql) {
            Ok(_) => {}
            Err(StatementError::Refused(refusal)) => return Ok(Err(refusal.to_string())),
            Err(error) => return Err(lost(error)),
        }
    }
    Ok(Ok(()))
}

/// A database that is dropped at the latest when this goes.
struct Copy<'a> {
    trial: &'a Trial<'a>,
    address: Address,
    name: Identifier,
}

impl<'a> Copy<'a> {
    fn made(trial: &'a Trial<'a>) -> Result<Self, StatementError> {
        // The hasher's keys come from the system's source of random numbers.
        let random = RandomState::new().build_hasher().finish();
        let name = Identifier::quoted(&format!("hhschema_verify_{random:016x}"));
        let mut session = Session::applying(trial.address, trial.limits)?;
        let made = session.execute(&format!(
            "CREATE DATABASE {} TEMPLATE template0",
            name.to_sql()
        ));
        session.close();
        made.map(|_| Self {
            trial,
            address: trial.address.with_database(name.as_str()),
            name,
        })
    }

    fn drop(self) -> Result<(), DatabaseError> {
        let dropped = self.dropped();
        std::mem::forget(self);
        dropped
    }

    fn dropped(&self) -> Result<(), DatabaseError> {
        let mut session = Session::applying(self.trial.address, self.trial.limits)?;
        let sql = format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name.to_sql()
        );
        let dropped = session.execute(&sql);
        session.close();
        dropped.map(drop).map_err(lost)
    }
}

impl Drop for Copy<'_> {
    fn drop(&mut self) {
        // The reason for which it goes early is told already.
        drop(self.dropped());
    }
}
