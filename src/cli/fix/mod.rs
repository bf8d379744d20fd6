//! `hhschema fix`: findings, the repairs that are taken, their plan and its replay; and what is written for it.

mod bench;
mod trial;

use std::io::{self, Write};

use self::bench::Bench;
use super::args::FixArguments;
use super::output::to_stdout;
use super::{Outcome, Stop, because};
use crate::fix::{Files, decide, rollback_script, script, taken};
use crate::lint::RuleBook;
use crate::repair::{Plan, Repair, plan};
use crate::report::repairs;

pub(super) fn run(arguments: &FixArguments, book: &RuleBook) -> Result<Outcome, Stop> {
    let bench = Bench::of(arguments, book)?;
    let seen = bench.look(
        bench.connected.as_ref().map(|connected| &connected.live),
        &[],
    )?;
    let decided = decide(&seen.findings, &arguments.choose).map_err(because)?;
    let beside = &mut io::stderr().lock();
    bench.introduce(&seen, beside)?;
    let outcome = bench.outcome(&seen, &decided);
    if !arguments.emit_sql && !arguments.emit_migration && !arguments.verify {
        to_stdout(|out| repairs::list(&decided, out))?;
        return Ok(outcome);
    }
    repairs::decisions(&decided, beside)?;
    let repairs = taken(&decided);
    let options = bench.options();
    let planned = plan(&repairs, &seen.before, &options).map_err(because)?;
    bench.replay(&planned, &decided, beside)?;
    if arguments.emit_sql {
        let text = if arguments.rollback {
            rollback_script(&planned)
        } else {
            script(&planned, &decided)
        };
        to_stdout(|out| out.write_all(text.as_bytes()))?;
    } else if arguments.emit_migration {
        let wanted = (&planned, repairs.as_slice());
        let files =
            Files::of(wanted, &seen.before, &seen.analysed.leaves, &options).map_err(because)?;
        deliver(&files, arguments.write, beside)?;
    } else {
        let verdict = trial::verdict(&bench, (&seen, &decided), &planned, arguments)?;
        to_stdout(|out| repairs::verdict(&verdict, out))?;
        return Ok(trial::outcome(&verdict, outcome));
    }
    tell_of_edits(&planned, arguments, beside)?;
    Ok(outcome)
}

fn deliver(files: &Files<'_>, write: bool, beside: &mut dyn Write) -> Result<(), Stop> {
    for repair in &files.not_carried {
        let Repair { name, title, .. } = repair;
        writeln!(
            beside,
            "not in these migrations: {name}: {title}; run its SQL (--emit-sql), and `makemigrations` where a model asks for it"
        )?;
    }
    if !write {
        return to_stdout(|out| out.write_all(files.diff().as_bytes()));
    }
    files.write().map_err(because)?;
    for file in &files.files {
        writeln!(beside, "written: {}", file.path.display())?;
    }
    Ok(())
}

/// A script alone leaves files behind that have to be edited, too.
fn tell_of_edits(
    planned: &Plan,
    arguments: &FixArguments,
    beside: &mut dyn Write,
) -> io::Result<()> {
    if arguments.emit_migration || planned.edits.is_empty() {
        return Ok(());
    }
    writeln!(beside, "files are to be edited, too: see --emit-migration")
}
