//! What a page claims of a statement, tried on a real server: the lock that it holds, whether it reads a table from
//! end to end or writes it anew, and what it fails with.

use std::collections::BTreeMap;
use std::fmt::Write;

use hhschema::lint::Claims;

use crate::block::{Case, File};
use crate::environment::{self, Database, LOCK_MODES, PostgresVersion, Server};

/// Tries the marked statements of an SQL block on the oldest and the newest supported server.
///
/// # Errors
/// With what the server did, where that is not what the page claims.
pub(crate) fn hold(case: &Case, claims: &Claims) -> Result<(), String> {
    if environment::left_out("claims of the rule book") {
        return Ok(());
    }
    let claims = Expected::of(claims, &case.block.claims);
    for version in [PostgresVersion::OLDEST, PostgresVersion::NEWEST] {
        let mut database = Server::shared(version).database();
        if let Some(given) = &case.given {
            for file in given.files("0001_given.sql") {
                database.run(&file.text);
            }
        }
        if claims.fails.is_some() {
            fill(&mut database);
        }
        let mut observed = 0;
        for file in case.block.files("0002_change.sql") {
            observed += run(&mut database, &file, &claims)
                .map_err(|why| format!("PostgreSQL {}: {why}", version.major()))?;
        }
        if observed == 0 {
            return Err("no statement is marked, so no claim was tried".to_owned());
        }
    }
    Ok(())
}

/// The claims of the page with those of the block in their place.
#[derive(Debug)]
struct Expected {
    lock: Option<String>,
    scan: Option<bool>,
    rewrite: Option<bool>,
    fails: Option<String>,
}

impl Expected {
    fn of(page: &Claims, block: &BTreeMap<String, String>) -> Self {
        let words = |key: &str, of_page: &Option<String>| {
            block.get(key).cloned().or_else(|| of_page.clone())
        };
        let truth = |key: &str, of_page: Option<bool>| {
            let own = block.get(key).map(|value| value == "true");
            own.or(of_page)
        };
        Self {
            lock: words("lock", &page.lock),
            scan: truth("scan", page.scan),
            rewrite: truth("rewrite", page.rewrite),
            fails: words("fails", &page.fails),
        }
    }
}

/// A statement of a script, and whether a finding is marked on one of its lines.
struct Part {
    text: String,
    is_marked: bool,
}

/// Statements end with a line that ends in a semicolon, as pages are written.
fn parts(file: &File) -> Vec<Part> {
    let marks = file.marks();
    let mut parts = vec![Part {
        text: String::new(),
        is_marked: false,
    }];
    for (index, line) in file.text.lines().enumerate() {
        let code = line.rsplit_once("; -- ").map_or(line, |(code, _)| code);
        let ends = code.len() < line.len() || line.ends_with(';');
        let part = parts.last_mut().unwrap();
        writeln!(part.text, "{}", code.trim_end_matches(';')).unwrap();
        part.is_marked |= marks.iter().any(|mark| mark.line == index + 1);
        if ends {
            parts.push(Part {
                text: String::new(),
                is_marked: false,
            });
        }
    }
    parts.retain(|part| !part.text.trim().is_empty());
    parts
}

/// Runs a script up to the first statement that fails as claimed, and says how many of the marked ones it tried.
fn run(database: &mut Database, file: &File, claims: &Expected) -> Result<usize, String> {
    let mut in_block = false;
    let mut observed = 0;
    for part in parts(file) {
        let word = part.text.trim();
        match word {
            "BEGIN" => in_block = true,
            "COMMIT" | "ROLLBACK" => in_block = false,
            _ => {}
        }
        if !part.is_marked {
            database.run(&part.text);
            continue;
        }
        observed += 1;
        if let Some(state) = &claims.fails {
            match database.execute(&part.text) {
                Err(refused) if refused.state == *state => return Ok(observed),
                Err(refused) => return Err(format!("{refused}, not {state}: {word}")),
                Ok(()) => return Err(format!("it runs, and should fail with {state}: {word}")),
            }
        }
        if !in_block {
            database.run("BEGIN");
        }
        observe(database, &part.text, claims)?;
        if !in_block {
            database.run("COMMIT");
        }
    }
    Ok(observed)
}

/// Runs a statement inside a transaction, and looks at what it did before that ends.
fn observe(database: &mut Database, statement: &str, claims: &Expected) -> Result<(), String> {
    let files_before = files(database);
    let reads_before = reads(database);
    database.run(statement);
    let locks = locks(database);
    let files = files(database);
    let rewritten = files_before
        .iter()
        .any(|(table, file)| files.get(table).is_some_and(|now| now != file));
    let reads = reads(database);
    let read = reads_before
        .iter()
        .any(|(table, count)| reads.get(table).is_some_and(|now| now > count));
    let mut wrong = Vec::new();
    if let Some(lock) = &claims.lock
        && !locks.values().any(|held| held == lock)
    {
        wrong.push(format!("no table is locked {lock}; held are {locks:?}"));
    }
    if claims.scan.is_some_and(|scan| scan != read) {
        wrong.push(format!("reads a table from end to end: {read}"));
    }
    if claims.rewrite.is_some_and(|rewrite| rewrite != rewritten) {
        wrong.push(format!("rewrites a table: {rewritten}"));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{}\n{}", wrong.join("\n"), statement.trim()))
}

/// The strongest lock on each table that the session holds, seen from a second one. The order of strength serves
/// here alone, to choose among the modes that one transaction holds.
fn locks(database: &mut Database) -> BTreeMap<String, String> {
    let process = database.query_column("SELECT pg_backend_pid()").remove(0);
    let mut second = Database::connect(database.socket(), database.name());
    // A table that is gone or new in the open transaction has no name for the second session.
    let held = second.query_rows(&format!(
        "SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
         WHERE l.pid = {process} AND l.granted AND c.relkind IN ('r', 'p') \
         AND c.relnamespace = 'public'::regnamespace"
    ));
    let mut strongest: BTreeMap<String, usize> = BTreeMap::new();
    for row in held {
        let [Some(table), Some(mode)] = row.as_slice() else {
            panic!("a row of a name and a mode");
        };
        let rank = LOCK_MODES
            .iter()
            .position(|(server, _)| server == mode)
            .unwrap();
        let known = strongest.entry(table.clone()).or_default();
        *known = (*known).max(rank);
    }
    strongest
        .into_iter()
        .map(|(table, rank)| (table, LOCK_MODES[rank].1.to_owned()))
        .collect()
}

/// The file of each table: another one means that the table was written anew.
fn files(database: &mut Database) -> BTreeMap<String, u64> {
    by_table(database, "pg_relation_filenode(c.oid)")
}

/// How often each table was read from end to end in the transaction; building an index counts.
fn reads(database: &mut Database) -> BTreeMap<String, u64> {
    by_table(database, "pg_stat_get_xact_numscans(c.oid)")
}

fn by_table(database: &mut Database, value: &str) -> BTreeMap<String, u64> {
    let rows = database.query_rows(&format!(
        "SELECT c.relname, {value} FROM pg_class c \
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    ));
    rows.into_iter()
        .map(|row| {
            let [Some(table), Some(value)] = row.as_slice() else {
                panic!("a row of a name and a number");
            };
            (table.clone(), value.parse().unwrap())
        })
        .collect()
}

/// Puts a row into every table: a statement may fail only where there is one.
fn fill(database: &mut Database) {
    let tables = database.query_column(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid",
    );
    for table in tables {
        let columns = database.query_rows(&format!(
            "SELECT quote_ident(attname), CASE typcategory WHEN 'N' THEN '1' WHEN 'B' THEN 'true' WHEN 'D' THEN 'now()' \
             ELSE '''1''' END FROM pg_attribute JOIN pg_type t ON t.oid = atttypid \
             WHERE attrelid = '\"{table}\"'::regclass AND attnum > 0 AND attnotnull AND NOT atthasdef AND attidentity = ''"
        ));
        let part = |index: usize| {
            let parts = columns.iter().filter_map(|row| row[index].clone());
            parts.collect::<Vec<_>>().join(", ")
        };
        if columns.is_empty() {
            database.run(&format!("INSERT INTO \"{table}\" DEFAULT VALUES"));
        } else {
            database.run(&format!(
                "INSERT INTO \"{table}\" ({}) VALUES ({})",
                part(0),
                part(1)
            ));
        }
    }
}
