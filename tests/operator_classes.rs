//! Which operator class goes without saying: what every supported server answers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use environment::{PostgresVersion, Server};
use hhschema::schema::{TypeName, default_operator_class, is_default_operator_class};

const DEFAULTS: &str = "
SELECT am.amname, format_type(c.opcintype, NULL), c.opcname
FROM pg_opclass c JOIN pg_am am ON am.oid = c.opcmethod
WHERE c.opcdefault AND c.opcnamespace = 'pg_catalog'::regnamespace ORDER BY 1, 2";

/// Types without a class of their own, which take that of another: their indexes, as the server writes them.
const BORROWED: &str = "
CREATE TABLE borrowing (a varchar(5), b cidr, c integer[], d char(3));
CREATE INDEX i1 ON borrowing (a text_ops, b inet_ops, c array_ops, d bpchar_ops);
CREATE INDEX i2 ON borrowing USING hash (a text_ops);
CREATE INDEX i3 ON borrowing USING gin (c array_ops);
CREATE INDEX i4 ON borrowing USING spgist (a text_ops);
CREATE INDEX i5 ON borrowing USING brin (a text_minmax_ops)";

#[test]
fn default_operator_classes_are_those_of_the_server() {
    if environment::left_out("default operator classes") {
        return;
    }
    for version in PostgresVersion::ALL {
        let mut database = Server::shared(version).database();
        let mut known = 0;
        for row in database.query_rows(DEFAULTS) {
            let text = |at: usize| row[at].clone().unwrap_or_default();
            let (method, class) = (text(0), text(2));
            let data_type = match text(1).as_str() {
                "anyarray" => TypeName {
                    dimensions: 1,
                    ..TypeName::builtin("integer")
                },
                name => TypeName::builtin(name),
            };
            if let Some(ours) = default_operator_class(&data_type, &method) {
                assert_eq!(ours, class, "{version:?}: {method} on {data_type}");
                assert!(is_default_operator_class(&class, &method));
                known += 1;
            }
        }
        assert!(known > 60, "{version:?}: {known} are known");
    }
}

#[test]
fn a_class_that_another_type_lends_is_not_shown() {
    if environment::left_out("borrowed operator classes") {
        return;
    }
    let mut database = Server::shared(PostgresVersion::NEWEST).database();
    database.run(BORROWED);
    let shown = database.query_column(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'borrowing'::regclass",
    );
    for definition in shown {
        assert!(!definition.contains("_ops"), "{definition}");
    }
    let lent = [
        ("character varying", "btree", "text_ops"),
        ("cidr", "btree", "inet_ops"),
        ("character varying", "hash", "text_ops"),
        ("character varying", "spgist", "text_ops"),
        ("character varying", "brin", "text_minmax_ops"),
    ];
    for (name, method, class) in lent {
        let ours = default_operator_class(&TypeName::builtin(name), method);
        assert_eq!(ours.as_deref(), Some(class), "{method} on {name}");
    }
}
