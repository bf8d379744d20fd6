//! What a real `pg_dump --schema-only` prints is read as the schema that it was made from.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failure here is a failure of the test"
)]

mod catalogs;
mod environment;

use environment::{Database, PostgresVersion, Server};
use hhschema::history::Dump;
use hhschema::postgres::Version;
use hhschema::schema::{Identifier, Lookup, RelationName};
use hhschema::source::SourceFile;

/// Of every kind that a schema models, and of kinds that it does not.
fn shop(version: PostgresVersion) -> String {
    let nulls = if version < PostgresVersion::V15 {
        ""
    } else {
        "NULLS NOT DISTINCT"
    };
    let newest = if version < PostgresVersion::V18 {
        ""
    } else {
        "ALTER TABLE item ADD doubled int GENERATED ALWAYS AS (price * 2) VIRTUAL;
         ALTER TABLE item ADD CONSTRAINT never CHECK (price > 0) NOT ENFORCED;
         ALTER TABLE item ADD CONSTRAINT has_tags NOT NULL tags;"
    };
    format!(
        "CREATE EXTENSION hstore; CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm;
         CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
         CREATE SEQUENCE numbers INCREMENT BY -2 MAXVALUE 100 CACHE 5 CYCLE;
         CREATE TABLE shop (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(20) COLLATE \"C\" NOT NULL);
         CREATE TABLE item (id serial PRIMARY KEY, shop_id bigint REFERENCES shop ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
           price int NOT NULL DEFAULT 7, note text, mood mood DEFAULT 'sad', tags hstore, times timestamptz(3)[],
           amount numeric(10, 2), total int GENERATED ALWAYS AS (price + 1) STORED, number int DEFAULT nextval('numbers'),
           at tstzrange, \"Odd name\" json DEFAULT '{{}}', since timestamptz DEFAULT now());
         ALTER TABLE item ADD CONSTRAINT dear CHECK (price < 1000 AND note IS NOT NULL) NOT VALID;
         ALTER TABLE item ADD CONSTRAINT moody CHECK (mood IN ('sad', 'happy'));
         ALTER TABLE item ADD CONSTRAINT alone EXCLUDE USING gist (shop_id WITH =, at WITH &&) WHERE (price > 5);
         ALTER TABLE item ADD CONSTRAINT one_price UNIQUE {nulls} (price, note) INCLUDE (amount) DEFERRABLE;
         {newest}
         CREATE INDEX item_words ON item USING gin (note gin_trgm_ops) WITH (fastupdate = off);
         CREATE INDEX item_lower ON item (lower(note) text_pattern_ops DESC, price DESC NULLS LAST) WHERE price > 5;
         CREATE UNIQUE INDEX item_note ON item (note COLLATE \"C\" varchar_pattern_ops, price NULLS FIRST) INCLUDE (amount) WITH (fillfactor = 70);
         CREATE UNIQUE INDEX item_identity ON item (price, total); ALTER TABLE item ALTER total SET NOT NULL;
         ALTER TABLE item REPLICA IDENTITY USING INDEX item_identity; ALTER TABLE shop CLUSTER ON shop_pkey;
         ALTER TABLE item ALTER note SET STORAGE EXTERNAL; ALTER TABLE item ALTER price SET STATISTICS 500;
         CREATE STATISTICS prices ON price, amount FROM item;
         CREATE VIEW cheap AS SELECT id, price FROM item WHERE price < 3;
         CREATE MATERIALIZED VIEW sums AS SELECT shop_id, sum(price) AS sum FROM item GROUP BY 1;
         CREATE UNIQUE INDEX sums_key ON sums (shop_id);
         CREATE VIEW pair AS SELECT cheap.id, sums.sum FROM cheap, sums;
         CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'a;b'; RETURN NEW; END $$;
         CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM item';
         CREATE TRIGGER fill BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION fill();
         CREATE POLICY mine ON shop USING (true); ALTER TABLE shop ENABLE ROW LEVEL SECURITY;
         CREATE RULE quiet AS ON DELETE TO shop DO INSTEAD NOTHING;
         COMMENT ON TABLE item IS 'what is; sold'; GRANT SELECT ON item TO PUBLIC; REVOKE ALL ON FUNCTION fill() FROM PUBLIC;
         ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;"
    )
}

/// What a schema does not model, each with what it leaves alone.
const NOT_MODELLED: &str = "
    CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
    CREATE TYPE pair_of AS (one int, other text);
    CREATE TABLE known (id int PRIMARY KEY, code short);
    CREATE TABLE log (at date NOT NULL, line text, PRIMARY KEY (at)) PARTITION BY RANGE (at);
    CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');";

fn read(database: &Database, version: PostgresVersion) -> Dump {
    let version = Version::ALL
        .into_iter()
        .find(|known| u32::from(known.major()) == version.major())
        .unwrap();
    Dump::read(&SourceFile::new("schema.sql", database.dump()), version)
}

fn missed(dump: &Dump) -> Vec<String> {
    let missed = dump.not_analysed.iter();
    missed.map(|missed| missed.why.to_string()).collect()
}

#[test]
fn a_dump_of_every_version_is_the_schema_of_its_server() {
    if environment::left_out("a dump of every version") {
        return;
    }
    for version in PostgresVersion::ALL {
        let mut database = Server::shared(version).database();
        database.run(&shop(version));
        let dump = read(&database, version);
        assert_eq!(missed(&dump), [""; 0], "{version:?}");
        let live = catalogs::read(&database).schema;
        let different = catalogs::differences(&live, &dump.schema);
        let different = different.join("\n");
        assert!(different.is_empty(), "{version:?}:\n{different}");
    }
}

#[test]
fn what_a_dump_has_and_a_schema_does_not_model_is_named_and_leaves_the_rest_certain() {
    if environment::left_out("a dump with what is not modelled") {
        return;
    }
    let mut database = Server::shared(PostgresVersion::NEWEST).database();
    database.run(NOT_MODELLED);
    let dump = read(&database, PostgresVersion::NEWEST);
    let missed = missed(&dump).join("\n");
    for kind in ["DOMAIN", "type", "ATTACH PARTITION"] {
        assert!(missed.contains(kind), "{kind} in:\n{missed}");
    }
    let table =
        |name: &str| RelationName::new(Identifier::quoted("public"), Identifier::quoted(name));
    assert!(dump.schema.is_whole(&table("known")));
    assert!(!dump.schema.is_whole(&table("log")));
    let absent = dump.schema.table_named(&table("no_such_table"));
    assert!(matches!(absent, Lookup::Absent), "{absent:?}");
}
