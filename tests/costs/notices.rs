//! What the server says while it works: with `client_min_messages = debug1` it names each table that it verifies or
//! rewrites, each index that it builds and each foreign key that it validates.

use std::cell::RefCell;
use std::sync::Once;

use log::{LevelFilter, Log, Metadata, Record};

/// Where sqlx sends what the server says.
const TARGET: &str = "sqlx::postgres::notice";

thread_local! {
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Listener;

impl Log for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            HEARD.with_borrow_mut(|heard| heard.push(record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

/// Begins to keep what is said to connections of this thread; what was kept before is forgotten.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Listener).expect("no other logger");
        log::set_max_level(LevelFilter::Debug);
    });
    HEARD.with_borrow_mut(Vec::clear);
}

/// What was said since [`listen`].
pub fn heard() -> Vec<String> {
    HEARD.with_borrow_mut(std::mem::take)
}
