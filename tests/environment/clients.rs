//! The client programs of PostgreSQL: `psql` runs scripts as people do, `pg_dump` tells what a database is.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::postgres::Database;

/// The folder of `psql` and `pg_dump`, fetched once.
fn programs() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let printed = super::run("python3", [super::script("clients.py")]);
        PathBuf::from(printed.trim_end())
    })
}

fn client(program: &str, database: &Database) -> Command {
    let mut command = Command::new(programs().join(program));
    command
        .arg("--host")
        .arg(database.socket())
        .args(["--username", "postgres", "--no-password", "--dbname"])
        .arg(database.name())
        .env("LC_ALL", "C")
        .env_remove("PGOPTIONS");
    command
}

impl Database {
    /// Runs a script by the real `psql`.
    ///
    /// # Errors
    /// When psql ends with another code than 0: what it printed.
    pub fn psql(&self, script: &str) -> Result<String, String> {
        let mut child = client("psql", self)
            .args(["--no-psqlrc", "--quiet", "--file", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("psql can be started");
        let mut input = child.stdin.take().expect("standard input is piped");
        let text = script.to_owned();
        let writer = std::thread::spawn(move || drop(input.write_all(text.as_bytes())));
        let output = child.wait_with_output().expect("psql ends");
        writer.join().expect("the script is written");
        let printed = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        if output.status.success() {
            Ok(printed)
        } else {
            Err(printed)
        }
    }

    /// What `pg_dump --schema-only` prints, without what differs from run to run.
    ///
    /// # Panics
    /// When pg_dump fails.
    pub fn dump(&self) -> String {
        let output = client("pg_dump", self)
            .args(["--schema-only", "--no-comments"])
            .output()
            .expect("pg_dump can be started");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).expect("the dump is UTF-8");
        let kept = text
            .lines()
            .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
        kept.collect::<Vec<_>>().join("\n")
    }
}
