//! The oracles of the other tests work: servers of every version, real Django, and nothing left behind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use environment::{PostgresVersion, Server};

#[test]
fn every_supported_version_of_postgresql_runs() {
    if environment::left_out("every supported version of PostgreSQL runs") {
        return;
    }
    for version in PostgresVersion::ALL {
        let server = Server::start(version);
        let told = server.database().query_column("SHOW server_version_num");
        let major = told[0].parse::<u32>().unwrap() / 10_000;
        assert_eq!(major, version.major());
    }
}

#[test]
fn a_refusal_carries_sqlstate_table_and_column() {
    if environment::left_out("a refusal carries SQLSTATE, table and column") {
        return;
    }
    let mut database = Server::shared(PostgresVersion::NEWEST).database();
    database.run("CREATE TABLE shop_order (id int, note text NOT NULL); INSERT INTO shop_order VALUES (1, '')");
    let refused = database.execute("INSERT INTO shop_order (id) VALUES (2)").unwrap_err();
    assert_eq!(refused.state, "23502");
    assert_eq!(refused.table.as_deref(), Some("shop_order"));
    assert_eq!(refused.column.as_deref(), Some("note"));
    assert_eq!(database.execute("CREATE TABLE shop_order ()").unwrap_err().state, "42P07");
    database.run("BEGIN; CREATE TABLE gone (); ROLLBACK");
    // CONCURRENTLY is refused inside a transaction block: statements sent alone are not in one.
    database.run("CREATE INDEX CONCURRENTLY i ON shop_order (note)");
    let rows = database.query_rows("SELECT id, note, NULL FROM shop_order");
    assert_eq!(rows, [[Some("1".to_owned()), Some(String::new()), None]]);
}

#[test]
fn each_database_is_its_own_and_can_be_a_copy_of_another() {
    if environment::left_out("each database is its own") {
        return;
    }
    let server = Server::shared(PostgresVersion::NEWEST);
    let mut first = server.database();
    first.run("CREATE TABLE here (); CREATE EXTENSION citext");
    let tables = "SELECT relname FROM pg_class WHERE relname = 'here'";
    assert!(server.database().query_column(tables).is_empty());
    let name = first.name().to_owned();
    drop(first);
    assert_eq!(server.copy_of(&name).query_column(tables), ["here"]);
}

#[test]
fn a_server_ends_when_it_is_dropped() {
    if environment::left_out("a server ends when it is dropped") {
        return;
    }
    let server = Server::start(PostgresVersion::NEWEST);
    let socket = server.socket().to_owned();
    let process = server_process(&socket);
    assert!(is_running(&process));
    drop(server);
    assert!(!is_running(&process));
    assert!(!socket.exists());
}

/// The test below runs this one in a process of its own, and kills it.
#[test]
#[ignore = "no test of its own: it waits to be killed"]
fn holds_a_server_until_it_is_killed() {
    let server = Server::shared(PostgresVersion::NEWEST);
    println!("socket {}", server.socket().display());
    std::thread::sleep(Duration::from_mins(1));
}

#[test]
fn a_server_ends_when_the_process_that_started_it_is_killed() {
    use std::io::{BufRead, BufReader};
    if environment::left_out("a server ends when the process that started it is killed") {
        return;
    }
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "holds_a_server_until_it_is_killed", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let printed = BufReader::new(holder.stdout.take().unwrap());
    let mut lines = printed.lines().map_while(Result::ok);
    let socket = lines.find_map(|line| line.split_once("socket ").map(|(_, path)| path.to_owned())).unwrap();
    let process = server_process(Path::new(&socket));
    assert!(is_running(&process));

    holder.kill().unwrap(); // SIGKILL: no destructor of that process runs.
    holder.wait().unwrap();

    let deadline = Instant::now() + Duration::from_secs(20);
    while is_running(&process) || Path::new(&socket).exists() {
        assert!(Instant::now() < deadline, "the server {process} outlived its owner");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn server_process(socket: &Path) -> String {
    let lines = std::fs::read_to_string(socket.join("data/postmaster.pid")).unwrap();
    lines.lines().next().unwrap().to_owned()
}

fn is_running(process: &str) -> bool {
    // A zombie whose keeper has not yet collected it serves nobody.
    std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
