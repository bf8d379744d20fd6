//! The catalog of a live server, read as a schema, on every supported version: objects of every kind, whatever their
//! names, as a person wrote them down here, and as the server itself writes them out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a failure here is a failure of the test, and its facts are lists"
)]

mod catalogs;
mod environment;

use std::collections::BTreeMap;

use environment::{Database, PostgresVersion, Server};
use hhschema::database::{Catalog, Migrations, RowEstimate};
use hhschema::schema::{
    ConstraintKind, Deferral, GeneratedKind, Identifier, IndexState, KeyOrder, KeyPart, Lookup,
    NullsDistinct, Partitioning, RelationName, Schema, SequencePurpose, Supply, Uniqueness,
    Validity, ViewReads, WrittenName,
};
use hhschema::sql;

fn id(name: &str) -> Identifier {
    Identifier::quoted(name)
}

fn public(name: &str) -> RelationName {
    RelationName::new(id("public"), id(name))
}

#[test]
fn an_empty_database_is_the_empty_schema() {
    if environment::left_out("an empty database") {
        return;
    }
    for version in PostgresVersion::ALL {
        let database = Server::shared(version).database();
        let catalog = catalogs::read(&database);
        assert_eq!(catalog.schema, Schema::empty(), "{version:?}");
        assert_eq!(catalog.not_read, [], "{version:?}");
        assert_eq!(catalog.migrations, Migrations::NoTable);
        assert_eq!(
            u32::from(catalog.server.version.treated_as.major()),
            version.major()
        );
    }
}

/// Of every kind that a schema has; what a version lacks is left out.
fn shop(version: PostgresVersion) -> String {
    let nulls = if version < PostgresVersion::V15 {
        ""
    } else {
        "NULLS NOT DISTINCT"
    };
    let (virtual_column, enforced) = if version < PostgresVersion::V18 {
        ("", "")
    } else {
        (
            ", doubled int GENERATED ALWAYS AS (price * 2) VIRTUAL",
            "ALTER TABLE item ADD CONSTRAINT never CHECK (price > 0) NOT ENFORCED;
             ALTER TABLE item ADD CONSTRAINT late_not_null NOT NULL note NOT VALID;",
        )
    };
    format!(
        "CREATE EXTENSION hstore; CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm;
         CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
         CREATE SEQUENCE numbers INCREMENT BY -2 MAXVALUE 100 CACHE 5 CYCLE;
         CREATE TABLE shop (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(20) COLLATE \"C\" NOT NULL);
         CREATE TABLE item (id serial PRIMARY KEY, shop_id bigint REFERENCES shop DEFERRABLE INITIALLY DEFERRED,
           price int NOT NULL DEFAULT 7, note text, mood mood DEFAULT 'sad', tags hstore, times timestamptz(3)[][],
           amount numeric(10, 2), total int GENERATED ALWAYS AS (price + 1) STORED, number int DEFAULT nextval('numbers'){virtual_column},
           at tstzrange, gone_column int);
         ALTER TABLE item DROP COLUMN gone_column;
         ALTER TABLE item ADD CONSTRAINT dear CHECK (price < 1000 AND note IS NOT NULL) NOT VALID;
         ALTER TABLE item ADD CONSTRAINT alone EXCLUDE USING gist (shop_id WITH =, at WITH &&) WHERE (price > 5);
         ALTER TABLE item ADD CONSTRAINT one_price UNIQUE {nulls} (price, note) INCLUDE (amount) DEFERRABLE;
         {enforced}
         CREATE INDEX item_words ON item USING gin (note gin_trgm_ops) WITH (fastupdate = off);
         CREATE INDEX item_lower ON item (lower(note) text_pattern_ops DESC, price DESC NULLS LAST) WHERE price > 5;
         CREATE UNIQUE INDEX item_note ON item (note COLLATE \"C\" varchar_pattern_ops, price NULLS FIRST) INCLUDE (amount) WITH (fillfactor = 70);
         CREATE VIEW cheap AS SELECT id, price FROM item WHERE price < 3;
         CREATE MATERIALIZED VIEW sums AS SELECT shop_id, sum(price) AS sum FROM item GROUP BY 1;
         CREATE UNIQUE INDEX sums_key ON sums (shop_id);
         CREATE VIEW pair AS SELECT cheap.id, sums.sum FROM cheap, sums;
         CREATE TRIGGER fill BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
         CREATE TRIGGER resting BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
         ALTER TABLE item DISABLE TRIGGER resting;
         CREATE TABLE log (at date NOT NULL, line text) PARTITION BY RANGE (at);
         CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
         CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
         CREATE POLICY mine ON shop USING (true); ALTER TABLE shop ENABLE ROW LEVEL SECURITY;
         CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz);
         INSERT INTO django_migrations VALUES (1, 'shop', '0001_initial', '2026-11-20 12:00:00.5+00');
         INSERT INTO shop (name) SELECT 'shop ' || n FROM generate_series(1, 300) n; ANALYZE shop;"
    )
}

#[test]
fn every_kind_of_object_is_read_on_every_version() {
    if environment::left_out("every kind of object on every version") {
        return;
    }
    for version in PostgresVersion::ALL {
        let mut database = Server::shared(version).database();
        database.run(&shop(version));
        let catalog = catalogs::read(&database);
        columns_are(&catalog);
        constraints_are(&catalog, version);
        indexes_are(&catalog);
        others_are(&catalog, version);
        agrees_with_the_server(&catalog, &mut database);
        is_built_again(&catalog, version);
    }
}

fn columns_are(catalog: &Catalog) {
    let item = public("item");
    let told: Vec<String> = catalog
        .schema
        .columns_of(&item)
        .filter(|column| column.name.as_str() != "doubled")
        .map(|column| {
            let null = if column.is_not_null() {
                " NOT NULL"
            } else {
                ""
            };
            let default = column.default().and_then(|expr| expr.text()).unwrap_or("-");
            format!("{} {}{null} {default}", column.name, column.data_type)
        })
        .collect();
    assert_eq!(
        told.iter()
            .map(|line| line
                .replace(" NOT NULL -", "! -")
                .replace("note text! -", "note text -"))
            .collect::<Vec<_>>(),
        [
            "id integer NOT NULL nextval('item_id_seq'::regclass)",
            "shop_id bigint -",
            "price integer NOT NULL 7",
            "note text -",
            "mood mood 'sad'::mood",
            "tags hstore -",
            "times timestamp(3) with time zone[][] -",
            "amount numeric(10,2) -",
            "total integer -",
            "number integer nextval('numbers'::regclass)",
            "at tstzrange -",
        ]
    );
    let supply = |name: &str| {
        catalog
            .schema
            .column(&item, &id(name))
            .found()
            .unwrap()
            .supply
            .clone()
    };
    let Supply::Generated(total) = supply("total") else {
        panic!("not generated");
    };
    assert_eq!(
        (total.kind, total.expression),
        (GeneratedKind::Stored, sql::expression("price + 1"))
    );
    let name = catalog
        .schema
        .column(&public("shop"), &id("name"))
        .found()
        .unwrap();
    assert_eq!(name.collation, Some(WrittenName::bare(id("C"))));
}

fn constraints_are(catalog: &Catalog, version: PostgresVersion) {
    let constraint = |name: &str| {
        catalog
            .schema
            .constraint(&public("item"), &id(name))
            .found()
            .unwrap()
            .clone()
    };
    let dear = constraint("dear");
    assert_eq!(dear.validity, Validity::NotValid);
    let ConstraintKind::Check(check) = dear.kind else {
        panic!("{dear:?}")
    };
    assert_eq!(
        check.condition,
        sql::expression("price < 1000 AND note IS NOT NULL")
    );
    let key = constraint("item_shop_id_fkey");
    assert_eq!(
        (key.deferral, key.validity),
        (Deferral::InitiallyDeferred, Validity::Valid)
    );
    let ConstraintKind::ForeignKey(key) = key.kind else {
        panic!("{key:?}")
    };
    assert_eq!(
        (key.columns, key.referenced_columns),
        (vec![id("shop_id")], vec![id("id")])
    );
    assert_eq!(key.references, public("shop"));
    let unique = constraint("one_price");
    assert_eq!(unique.deferral, Deferral::InitiallyImmediate);
    let ConstraintKind::Unique(unique) = unique.kind else {
        panic!("{unique:?}")
    };
    assert_eq!(
        (unique.columns, unique.include),
        (vec![id("price"), id("note")], vec![id("amount")])
    );
    let nulls = if version < PostgresVersion::V15 {
        NullsDistinct::Distinct
    } else {
        NullsDistinct::NotDistinct
    };
    assert_eq!(unique.nulls, nulls);
    let ConstraintKind::Exclusion(alone) = constraint("alone").kind else {
        panic!("no exclusion")
    };
    assert_eq!(
        &*alone.definition,
        "USING \"gist\" (\"shop_id\" WITH =, \"at\" WITH &&) WHERE ((\"price\" > 5))"
    );
    if version == PostgresVersion::V18 {
        assert_eq!(constraint("never").validity, Validity::NotEnforced);
    }
}

fn indexes_are(catalog: &Catalog) {
    let index = |name: &str| {
        catalog
            .schema
            .index_named(&public(name))
            .found()
            .unwrap()
            .as_ref()
            .clone()
    };
    let words = index("item_words").definition;
    assert_eq!(
        (words.method, words.keys[0].operator_class.clone()),
        (id("gin"), Some(WrittenName::bare(id("gin_trgm_ops"))))
    );
    assert_eq!(
        words.parameters,
        BTreeMap::from([("fastupdate".into(), "off".into())])
    );
    let lower = index("item_lower").definition;
    assert_eq!(
        lower.keys[0].part,
        KeyPart::Expression(sql::expression("lower(note)"))
    );
    assert_eq!(
        lower.keys[0].operator_class,
        Some(WrittenName::bare(id("text_pattern_ops")))
    );
    assert_eq!(
        (lower.keys[0].order, lower.keys[1].order),
        (
            KeyOrder::DescendingNullsFirst,
            KeyOrder::DescendingNullsLast
        )
    );
    assert_eq!(lower.predicate, Some(sql::expression("price > 5")));
    let note = index("item_note").definition;
    assert_eq!(note.uniqueness, Uniqueness::Unique(NullsDistinct::Distinct));
    assert_eq!(note.keys[0].collation, Some(WrittenName::bare(id("C"))));
    assert_eq!(
        note.keys[0].operator_class,
        Some(WrittenName::bare(id("varchar_pattern_ops")))
    );
    assert_eq!(
        (note.keys[1].operator_class.clone(), note.keys[1].order),
        (None, KeyOrder::AscendingNullsFirst)
    );
    assert_eq!(
        (note.include.clone(), note.parameters.len()),
        (vec![id("amount")], 1)
    );
    assert_eq!(index("sums_key").table, public("sums"));
    assert_eq!(index("shop_pkey").backs, Some(id("shop_pkey")));
}

fn others_are(catalog: &Catalog, version: PostgresVersion) {
    let sequence = |name: &str| {
        catalog
            .schema
            .sequence(&WrittenName::bare(id(name)))
            .found()
            .unwrap()
            .1
    };
    assert_eq!(
        &*sequence("numbers").options,
        "INCREMENT -2 MAXVALUE 100 CACHE 5 CYCLE"
    );
    assert_eq!(sequence("numbers").used_by.size(), 1);
    assert_eq!(
        sequence("item_id_seq").owner.as_ref().unwrap().column,
        id("id")
    );
    assert_eq!(sequence("shop_id_seq").purpose, SequencePurpose::Identity);
    let Lookup::Found((_, labels)) = catalog.schema.enum_labels(&WrittenName::bare(id("mood")))
    else {
        panic!("no enum")
    };
    assert_eq!(
        labels,
        ["sad".into(), "it's ok".into(), "happy".into()] as [std::sync::Arc<str>; 3]
    );
    let view = catalog
        .schema
        .view(&WrittenName::bare(id("pair")))
        .found()
        .unwrap()
        .1;
    let ViewReads::Relations(reads) = &view.reads else {
        panic!("{view:?}")
    };
    assert_eq!(
        reads.iter().collect::<Vec<_>>(),
        [&public("cheap"), &public("sums")]
    );
    let needed: Vec<String> = catalog.view_columns[&public("cheap")]
        .iter()
        .map(|one| one.column.to_string())
        .collect();
    assert_eq!(needed, ["id", "price"]);
    let item = catalog.schema.table_named(&public("item")).found().unwrap();
    assert_eq!(
        item.triggers
            .keys()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["fill"]
    );
    assert!(item.is_filled_by_trigger());
    let log = catalog.schema.table_named(&public("log")).found().unwrap();
    assert_eq!(
        log.partitioning,
        Partitioning::Partitioned("RANGE (at)".into())
    );
    assert!(log.partitions.contains(&public("log_2026")));
    assert_eq!(catalog.tables[&public("shop")].rows, RowEstimate::Rows(300));
    assert_eq!(catalog.tables[&public("item")].rows, RowEstimate::Unknown);
    let extensions = ["hstore", "btree_gist", "pg_trgm"]
        .map(|name| catalog.schema.extension(&id(name)).is_found());
    assert_eq!(extensions, [true; 3]);
    let Migrations::Recorded { rows, .. } = &catalog.migrations else {
        panic!("{:?}", catalog.migrations)
    };
    assert_eq!(
        (rows[0].name.as_str(), rows[0].applied.as_str()),
        ("0001_initial", "2026-11-20 12:00:00.5+00")
    );
    let not_read: Vec<String> = catalog
        .not_read
        .iter()
        .map(|one| format!("{} {}", one.kind, one.name))
        .collect();
    let mut expected = vec![
        "disabled trigger item",
        "domain short",
        "partition bound log_2026",
        "policy shop",
        "row security shop",
    ];
    if version == PostgresVersion::V18 {
        expected.insert(0, "NOT NULL never validated item");
    }
    assert_eq!(not_read, expected, "{version:?}");
}

/// A view of the schema that the server's own functions write out.
fn agrees_with_the_server(catalog: &Catalog, database: &mut Database) {
    use catalogs::written_out;
    database.run(
        "DROP TABLE log CASCADE; DROP MATERIALIZED VIEW sums CASCADE; DROP VIEW cheap CASCADE",
    );
    let read = catalogs::read(database).schema;
    let written = written_out::read_back(&written_out::written_out(database));
    assert_eq!(read.tables().count(), 3);
    for (table, _) in read.tables() {
        let columns: Vec<_> = read.columns_of(table).cloned().collect();
        let told: Vec<_> = written.columns_of(table).cloned().collect();
        assert_eq!(columns, told);
        let constraints: Vec<_> = read
            .constraints_of(table)
            .map(|(name, one)| (name, &one.kind, one.validity, one.deferral))
            .collect();
        let told: Vec<_> = written
            .constraints_of(table)
            .map(|(name, one)| (name, &one.kind, one.validity, one.deferral))
            .collect();
        assert_eq!(constraints, told);
        let indexes: Vec<_> = read
            .indexes_of(table)
            .map(|(name, one)| (name, one.definition.clone()))
            .collect();
        let told: Vec<_> = written
            .indexes_of(table)
            .map(|(name, one)| (name, one.definition.clone()))
            .collect();
        assert_eq!(indexes, told);
    }
    assert!(catalog.schema.tables().count() > 3);
}

/// But for what is not modelled: the bounds of partitions.
fn is_built_again(catalog: &Catalog, version: PostgresVersion) {
    let mut schema = catalog.schema.clone();
    drop_relation(&mut schema, "log");
    let mut copy = Server::shared(version).database();
    catalogs::build(&schema, &mut copy);
    let again = catalogs::read(&copy).schema;
    let found = catalogs::differences(&schema, &again);
    assert!(found.is_empty(), "{version:?}: {}", found.join("\n"));
}

fn drop_relation(schema: &mut Schema, name: &str) {
    use hhschema::schema::{Change, Drop, DropBehavior, IfExists, Outcome};
    let outcome = schema.apply(&Change::DropTable(Drop {
        name: WrittenName::bare(id(name)),
        if_exists: IfExists::No,
        behavior: DropBehavior::Cascade,
    }));
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
}

/// Names that break who builds SQL by hand, or reads it by words.
fn hostile_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "select",
        "user",
        "a b",
        " leading",
        "quo\"te",
        "\"",
        "it's",
        "back\\slash",
        "\\",
        "new\nline",
        "tab\tstop",
        "%s",
        "{0}",
        "semi;colon",
        "--comment",
        "/*",
        "$1",
        "$$",
        "ünïcödé",
        "日本語",
        "🦀",
        "Mixed",
        "a.b",
        "null",
        "a,b",
        "{a}",
        "ON ONLY",
        " USING gin (",
        "(",
        ")",
        "1st",
        "E'x'",
        "ﬁ\u{301}",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("n".repeat(63));
    names.push(format!("{}é", "m".repeat(61)));
    names
}

fn quoted(name: &str) -> String {
    id(name).to_sql()
}

#[test]
fn hostile_names_are_read_right_in_every_kind_of_object() {
    if environment::left_out("hostile names") {
        return;
    }
    for version in [PostgresVersion::OLDEST, PostgresVersion::NEWEST] {
        let mut database = Server::shared(version).database();
        let mut copy = Server::shared(version).database();
        for name in hostile_names() {
            hostile_objects(&name, &mut database);
            let catalog = catalogs::read_schemas(&database, &[&name, "public"]);
            every_object_has_its_name(&catalog, &name);
            copy.run(&format!("SET search_path = {}, public", quoted(&name)));
            catalogs::build(&catalog.schema, &mut copy);
            let again = catalogs::read_schemas(&copy, &[&name, "public"]).schema;
            let found = catalogs::differences(&catalog.schema, &again);
            assert!(
                found.is_empty(),
                "{version:?} {name:?}: {}",
                found.join("\n")
            );
            for database in [&mut database, &mut copy] {
                database.run(&format!("DROP SCHEMA {} CASCADE", quoted(&name)));
            }
        }
    }
}

/// Index, sequence and the like share one name space: the second letter tells them apart.
fn kin(name: &str, letter: char) -> String {
    let mut kin = name.to_owned();
    while kin.len() + letter.len_utf8() > 63 {
        kin.pop();
    }
    kin.push(letter);
    kin
}

fn hostile_objects(name: &str, database: &mut Database) {
    let own = quoted(name);
    let [index, backing, foreign, sequence, view, key, kind] =
        ['i', 'b', 'f', 's', 'v', 'k', 'e'].map(|letter| quoted(&kin(name, letter)));
    let literal = name.replace('\'', "''");
    database.run(&format!("CREATE SCHEMA {own}"));
    database.run(&format!("SET search_path = {own}"));
    database.run(&format!("CREATE TYPE {kind} AS ENUM ('{literal}')"));
    database.run(&format!("CREATE SEQUENCE {sequence}"));
    database.run(&format!(
        "CREATE TABLE {own} ({own} serial, {key} {kind} DEFAULT '{literal}', n int DEFAULT nextval('{}'), CONSTRAINT {backing} PRIMARY KEY ({own}),
           CONSTRAINT {own} CHECK ({own} > 0 AND {key} <> '{literal}'), CONSTRAINT {foreign} FOREIGN KEY ({own}) REFERENCES {own} ({own}))",
        sequence.replace('\'', "''")
    ));
    database.run(&format!("CREATE INDEX {index} ON {own} ((({own} + 1)), {own} DESC) WHERE {own} > 0 AND {key} = '{literal}'"));
    database.run(&format!(
        "CREATE VIEW {view} AS SELECT {own}.{own} AS {own} FROM {own}"
    ));
    database.run(&format!(
        "CREATE TRIGGER {own} BEFORE INSERT ON {own} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger('{literal}')"
    ));
}

fn every_object_has_its_name(catalog: &Catalog, name: &str) {
    let schema = &catalog.schema;
    let named = |letter: char| RelationName::new(id(name), id(&kin(name, letter)));
    let table = RelationName::new(id(name), id(name));
    let columns: Vec<&Identifier> = schema
        .columns_of(&table)
        .map(|column| &column.name)
        .collect();
    assert_eq!(
        columns,
        [&id(name), &id(&kin(name, 'k')), &id("n")],
        "{name:?}"
    );
    let constraints: Vec<&Identifier> = schema
        .constraints_of(&table)
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        constraints
            .iter()
            .filter(|one| one.as_str() == name)
            .count(),
        1,
        "{name:?}"
    );
    assert_eq!(constraints.len(), 3);
    let check = schema.constraint(&table, &id(name)).found().unwrap();
    assert!(
        check.kind.columns().contains(&&id(name)),
        "{name:?}: {check:?}"
    );
    let index = schema.index_named(&named('i')).found().unwrap();
    assert!(index.definition.is_known(), "{name:?}: {index:?}");
    assert_eq!(
        (index.definition.keys.len(), index.state),
        (2, IndexState::Valid)
    );
    assert!(schema.index_named(&named('b')).is_found());
    let key = WrittenName::bare(id(&kin(name, 's')));
    let (_, sequence) = schema.sequence(&key).found().unwrap();
    assert_eq!(sequence.used_by.size(), 1, "{name:?}");
    assert!(
        schema
            .view(&WrittenName::bare(id(&kin(name, 'v'))))
            .is_found()
    );
    assert!(
        schema
            .enum_labels(&WrittenName::bare(id(&kin(name, 'e'))))
            .is_found()
    );
    let stands = schema.table_named(&table).found().unwrap();
    assert!(stands.triggers.contains_key(&id(name)), "{name:?}");
    assert_eq!(stands.owned_sequences.size(), 1);
    assert_eq!(stands.whole, Some(hhschema::schema::Stamp::default()));
}

#[test]
fn an_index_that_was_not_finished_is_invalid() {
    if environment::left_out("an invalid index") {
        return;
    }
    let mut database = Server::shared(PostgresVersion::NEWEST).database();
    database.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)");
    database
        .execute("CREATE UNIQUE INDEX CONCURRENTLY broken ON t (a)")
        .unwrap_err();
    let catalog = catalogs::read(&database);
    let broken = catalog
        .schema
        .index_named(&public("broken"))
        .found()
        .unwrap();
    assert_eq!(broken.state, IndexState::Invalid);
}

#[test]
fn what_cannot_be_modelled_is_named() {
    if environment::left_out("what cannot be modelled") {
        return;
    }
    let mut database = Server::shared(PostgresVersion::NEWEST).database();
    database.run(
        "CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist;
         CREATE TYPE pair AS (a int, b int); CREATE TYPE span AS RANGE (subtype = float8); CREATE DOMAIN d AS int;
         CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
         CREATE AGGREGATE agg (int) (sfunc = int4pl, stype = int);
         CREATE UNLOGGED TABLE fast (a int); CREATE TABLE u (a int PRIMARY KEY, b int, c int, UNIQUE (a, b), CONSTRAINT own CHECK (a > 0) NO INHERIT);
         CREATE TABLE child () INHERITS (u);
         CREATE TABLE r (a int, b int, w tstzrange, note text, CONSTRAINT full_key FOREIGN KEY (a, b) REFERENCES u (a, b) MATCH FULL,
           CONSTRAINT part FOREIGN KEY (a, b) REFERENCES u (a, b) ON DELETE SET NULL (b), CONSTRAINT over UNIQUE (a, w WITHOUT OVERLAPS));
         CREATE INDEX trgm ON r USING gist (note gist_trgm_ops (siglen = 32));
         CREATE RULE quiet AS ON DELETE TO r DO INSTEAD NOTHING;
         CREATE STATISTICS stat ON a, b FROM r; CREATE TEXT SEARCH CONFIGURATION conf (COPY = english);
         CREATE COLLATION coll (locale = 'C'); CREATE VIEW v AS SELECT 1 AS one;
         CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
         CREATE TRIGGER vt INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    );
    let catalog = catalogs::read(&database);
    let told: Vec<String> = catalog
        .not_read
        .iter()
        .map(|one| {
            format!(
                "{} {} {}",
                one.kind,
                one.name,
                one.part.as_deref().unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "MATCH FULL r full_key",
            "NO INHERIT u own",
            "ON DELETE of single columns r part",
            "WITHOUT OVERLAPS or PERIOD r over",
            "aggregate agg integer",
            "collation coll -",
            "composite type pair -",
            "domain d -",
            "function f a integer",
            "inheritance child -",
            "operator === -",
            "operator class parameters trgm -",
            "procedure p ",
            "range type span -",
            "rule r quiet",
            "statistics object stat -",
            "text search configuration conf -",
            "trigger of a view v vt",
            "unlogged table fast -",
        ]
    );
    // What is known of them stands.
    assert!(
        catalog
            .schema
            .constraint(&public("r"), &id("full_key"))
            .is_found()
    );
    assert!(catalog.schema.index_named(&public("trgm")).is_found());
}

#[test]
fn several_schemas_are_read_with_keys_between_them() {
    if environment::left_out("several schemas") {
        return;
    }
    let mut database = Server::shared(PostgresVersion::NEWEST).database();
    database.run(
        "CREATE SCHEMA one; CREATE SCHEMA two; CREATE TYPE two.mood AS ENUM ('x');
         CREATE TABLE one.a (id int PRIMARY KEY, mood two.mood);
         CREATE TABLE two.b (id int PRIMARY KEY, a_id int REFERENCES one.a, CHECK (id > 0));
         CREATE TABLE c (id serial PRIMARY KEY)",
    );
    let named = |schema: &str, name: &str| RelationName::new(id(schema), id(name));
    let both = catalogs::read_schemas(&database, &["two", "one"]);
    assert_eq!(both.schemas, [id("two"), id("one")]);
    assert_eq!(both.search_path, [id("two"), id("one"), id("public")]);
    let mood = both
        .schema
        .column(&named("one", "a"), &id("mood"))
        .found()
        .unwrap();
    assert_eq!(mood.data_type, sql::data_type("mood"));
    assert!(matches!(
        both.schema.table_named(&public("c")),
        Lookup::Unsure(_)
    ));
    // The parent lies where it was not looked.
    let two = catalogs::read_schemas(&database, &["two"]);
    let key = two
        .schema
        .constraint(&named("two", "b"), &id("b_a_id_fkey"))
        .found()
        .unwrap();
    let ConstraintKind::ForeignKey(key) = &key.kind else {
        panic!("{key:?}")
    };
    assert_eq!(
        (&key.references, &key.referenced_columns),
        (&named("one", "a"), &vec![id("id")])
    );
    let one = catalogs::read_schemas(&database, &["one"]);
    let mood = one
        .schema
        .column(&named("one", "a"), &id("mood"))
        .found()
        .unwrap();
    assert_eq!(mood.data_type, sql::data_type("two.mood"));
    assert_eq!(catalogs::read(&database).schemas, [id("public")]);
}
