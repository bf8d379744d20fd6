//! Statements that a transaction block refuses: watched from a second connection while a third one makes them wait.

use std::thread;
use std::time::{Duration, Instant};

use super::effects::{Done, Effects, Mode};
use super::notices;
use super::observed::{Relations, Spoilt, gone, relations, rewritten, without_implied};
use crate::environment::Database;

/// Lets the statement run into a lock that is held, reads what it has and wants, and lets it go on.
///
/// ROW EXCLUSIVE holds up what waits for writers; what passes that is held up by SHARE UPDATE EXCLUSIVE.
pub fn observe(database: &mut Database, before: &Relations, statement: &str) -> (Done, Spoilt) {
    let mut effects = Effects {
        only_outside_block: true,
        ..Effects::default()
    };
    for held in ["ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE"] {
        let watched = watched(database, before, (statement, held));
        match watched {
            Err(state) => return (Done::Refused(state), Spoilt::Yes),
            Ok((locks, built)) => {
                let after = relations(database);
                effects.rewrites = rewritten(before, &after);
                effects.gone = gone(before, &after);
                let of_rewritten = |index: &String| {
                    let part = before.values().find(|known| known.name == *index);
                    let table = part.and_then(|part| before.get(&part.part_of));
                    table.is_some_and(|table| effects.rewrites.contains(&table.name))
                };
                let built: Vec<String> = built
                    .into_iter()
                    .filter(|index| !of_rewritten(index))
                    .collect();
                effects.builds.extend(built);
                for (name, mode) in locks {
                    effects.lock(&name, mode);
                }
            }
        }
        if !effects.locks.is_empty() {
            break;
        }
    }
    (Done::Effects(without_implied(effects, before)), Spoilt::Yes)
}

type Watched = (Vec<(String, Mode)>, Vec<String>);

fn watched(
    database: &mut Database,
    before: &Relations,
    (statement, held): (&str, &str),
) -> Result<Watched, String> {
    let mut holder = Database::connect(database.socket(), database.name());
    let tables = database.query_column(
        "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
    );
    holder.run(&format!(
        "BEGIN; LOCK TABLE {} IN {held} MODE",
        tables.join(", ")
    ));
    let mut runner = Database::connect(database.socket(), database.name());
    runner.run("SET client_min_messages = debug1");
    let pid = runner.query_column("SELECT pg_backend_pid()").remove(0);
    let text = statement.to_owned();
    let running = thread::spawn(move || {
        notices::listen();
        let ended = runner.execute(&text);
        (ended, notices::heard())
    });
    let deadline = Instant::now() + Duration::from_secs(20);
    let waits =
        format!("SELECT 1 FROM pg_stat_activity WHERE pid = {pid} AND wait_event_type = 'Lock'");
    while !running.is_finished() && database.query_rows(&waits).is_empty() {
        assert!(
            Instant::now() < deadline,
            "{statement} neither waits nor ends"
        );
        thread::sleep(Duration::from_millis(2));
    }
    let locks = database.query_rows(&format!(
        "SELECT relation::text, mode FROM pg_locks WHERE pid = {pid} AND locktype = 'relation'"
    ));
    holder.run("COMMIT");
    let (ended, heard) = running.join().expect("the statement runs");
    ended.map_err(|refused| refused.state)?;
    let locks = locks.iter().filter_map(|row| {
        let relation = before.get(row[0].as_deref()?)?;
        Some((relation.name.clone(), Mode::named(row[1].as_deref()?)))
    });
    let built = heard.iter().filter_map(|message| {
        let rest = message.strip_prefix("building index \"")?;
        let (index, _) = rest.split_once('"')?;
        let index = index.trim_end_matches("_ccnew").to_owned();
        Some(index).filter(|_| !message.contains("on table \"pg_toast"))
    });
    Ok((locks.collect(), built.collect()))
}
