//! The faults, each with what drift is to say of it.

use hhschema::drift::Hurt;

use crate::environment::PostgresVersion;

pub struct Fault {
    pub name: &'static str,
    /// What somebody ran by hand.
    pub sql: &'static str,
    pub rule: &'static str,
    pub object: &'static str,
    pub hurt: Hurt,
    /// The names of all that is offered.
    pub repairs: &'static [&'static str],
    /// The one that is carried out; else the first.
    pub choose: Option<&'static str>,
    pub whole: Whole,
    pub since: PostgresVersion,
}

/// In which sense the database is what it was, once it is repaired.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// `pg_dump --schema-only` prints the same.
    Dump,
    /// The catalog is the same but for the order of the columns, which no statement can change.
    Catalog,
}

const fn fault(
    (name, sql): (&'static str, &'static str),
    (rule, object, hurt): (&'static str, &'static str, Hurt),
    repairs: &'static [&'static str],
) -> Fault {
    Fault {
        name,
        sql,
        rule,
        object,
        hurt,
        repairs,
        choose: None,
        whole: Whole::Dump,
        since: PostgresVersion::OLDEST,
    }
}

impl Fault {
    const fn choosing(self, name: &'static str) -> Self {
        Self {
            choose: Some(name),
            ..self
        }
    }

    const fn whole(self, whole: Whole) -> Self {
        Self { whole, ..self }
    }
}

pub const FAULTS: &[Fault] = &[
    fault(
        ("a column dropped", "ALTER TABLE harbour_port DROP COLUMN opened"),
        ("field-without-column", "harbour_port.opened", Hurt::QueryFails),
        &["add-column"],
    )
    .whole(Whole::Catalog),
    fault(
        ("a NOT NULL column dropped", "ALTER TABLE harbour_port DROP COLUMN notes"),
        ("field-without-column", "harbour_port.notes", Hurt::QueryFails),
        &["add-column"],
    )
    .whole(Whole::Catalog),
    fault(
        (
            "a column dropped with its index",
            "ALTER TABLE harbour_ship DROP COLUMN built",
        ),
        ("field-without-column", "harbour_ship.built", Hurt::QueryFails),
        &["add-column"],
    )
    .whole(Whole::Catalog),
    fault(
        (
            "a column dropped with its foreign key",
            "ALTER TABLE \"crew's sailors -- ünïcödé and as many bytes as one may have\" DROP COLUMN ship_id",
        ),
        (
            "field-without-column",
            "crew's sailors -- ünïcödé and as many bytes as one may have.ship_id",
            Hurt::QueryFails,
        ),
        &["add-column"],
    )
    .whole(Whole::Catalog),
    fault(
        ("a column added", "ALTER TABLE harbour_port ADD COLUMN \"a \"\"b\"\"\n'c'\" integer"),
        ("column-without-field", "harbour_port.a \"b\"\n'c'", Hurt::Silent),
        &["drop-column"],
    ),
    fault(
        (
            "a NOT NULL column added",
            "ALTER TABLE harbour_ship ADD COLUMN region text NOT NULL",
        ),
        ("insert-fails", "harbour_ship.region", Hurt::InsertFails),
        &["drop-not-null", "drop-column"],
    )
    .choosing("drop-column"),
    fault(
        (
            "a NOT NULL column added to a join table",
            "ALTER TABLE harbour_ship_ports ADD COLUMN region text NOT NULL",
        ),
        ("insert-fails", "harbour_ship_ports.region", Hurt::InsertFails),
        &["drop-not-null", "drop-column"],
    )
    .choosing("drop-column"),
    fault(
        (
            "a column renamed",
            "ALTER TABLE harbour_port RENAME COLUMN opened TO \"Opened \"\"on\"\"\"",
        ),
        ("field-without-column", "harbour_port.Opened \"on\"", Hurt::QueryFails),
        &["rename-column"],
    ),
    fault(
        (
            "a column with an index and a constraint renamed",
            "ALTER TABLE harbour_ship RENAME COLUMN kind TO sort",
        ),
        ("field-without-column", "harbour_ship.sort", Hurt::QueryFails),
        &["rename-column"],
    ),
    fault(
        (
            "a hostile column renamed",
            "ALTER TABLE \"crew's sailors -- ünïcödé and as many bytes as one may have\" RENAME COLUMN \"Rank's\nnumber\" TO \"user\"",
        ),
        (
            "field-without-column",
            "crew's sailors -- ünïcödé and as many bytes as one may have.user",
            Hurt::QueryFails,
        ),
        &["rename-column"],
    ),
    fault(
        ("a type changed", "ALTER TABLE harbour_ship ALTER COLUMN built TYPE bigint"),
        ("column-type-mismatch", "harbour_ship.built", Hurt::Silent),
        &["set-type"],
    ),
    fault(
        ("a type that holds less", "ALTER TABLE harbour_ship ALTER COLUMN tonnage TYPE smallint"),
        ("column-type-mismatch", "harbour_ship.tonnage", Hurt::WriteFails),
        &["set-type"],
    ),
    fault(
        (
            "a length cut",
            "ALTER TABLE harbour_ship ALTER COLUMN captain TYPE varchar(30)",
        ),
        ("column-type-mismatch", "harbour_ship.captain", Hurt::WriteFails),
        &["set-type"],
    ),
    fault(
        (
            "a length widened",
            "ALTER TABLE harbour_ship ALTER COLUMN captain TYPE varchar(200)",
        ),
        ("column-type-mismatch", "harbour_ship.captain", Hurt::Silent),
        &["set-type"],
    ),
    fault(
        (
            "a precision changed",
            "ALTER TABLE harbour_port ALTER COLUMN depth TYPE numeric(6,3)",
        ),
        ("column-type-mismatch", "harbour_port.depth", Hurt::WriteFails),
        &["set-type"],
    ),
    fault(
        (
            "a collation changed",
            "ALTER TABLE harbour_port ALTER COLUMN code TYPE varchar(5) COLLATE \"POSIX\"",
        ),
        ("column-type-mismatch", "harbour_port.code", Hurt::Silent),
        &["set-type"],
    ),
    fault(
        ("NOT NULL lost", "ALTER TABLE harbour_port ALTER COLUMN depth DROP NOT NULL"),
        ("nullability-mismatch", "harbour_port.depth", Hurt::Silent),
        &["set-not-null"],
    ),
    fault(
        (
            "NOT NULL lost on a hostile column",
            "ALTER TABLE \"crew's sailors -- ünïcödé and as many bytes as one may have\" ALTER COLUMN \"Rank's\nnumber\" DROP NOT NULL",
        ),
        (
            "nullability-mismatch",
            "crew's sailors -- ünïcödé and as many bytes as one may have.Rank's\nnumber",
            Hurt::Silent,
        ),
        &["set-not-null"],
    ),
    fault(
        ("NOT NULL added", "ALTER TABLE harbour_port ALTER COLUMN opened SET NOT NULL"),
        ("nullability-mismatch", "harbour_port.opened", Hurt::WriteFails),
        &["drop-not-null"],
    ),
    fault(
        ("a default lost", "ALTER TABLE harbour_ship ALTER COLUMN flag DROP DEFAULT"),
        ("insert-fails", "harbour_ship.flag", Hurt::InsertFails),
        &["restore-default"],
    ),
    fault(
        (
            "a default changed",
            "ALTER TABLE harbour_ship ALTER COLUMN flag SET DEFAULT 'SE'",
        ),
        ("default-mismatch", "harbour_ship.flag", Hurt::Silent),
        &["restore-default"],
    ),
    fault(
        (
            "a default added",
            "ALTER TABLE harbour_port ALTER COLUMN notes SET DEFAULT 'none'",
        ),
        ("default-mismatch", "harbour_port.notes", Hurt::Silent),
        &["restore-default"],
    ),
    fault(
        ("an identity lost", "ALTER TABLE harbour_port ALTER COLUMN id DROP IDENTITY"),
        ("insert-fails", "harbour_port.id", Hurt::InsertFails),
        &["restore-default"],
    ),
    fault(
        (
            "an identity that takes no value",
            "ALTER TABLE harbour_port ALTER COLUMN id SET GENERATED ALWAYS",
        ),
        ("default-mismatch", "harbour_port.id", Hurt::WriteFails),
        &["restore-default"],
    ),
    fault(
        (
            "the numbers of a serial column lost",
            "ALTER TABLE harbour_buoy ALTER COLUMN id DROP DEFAULT",
        ),
        ("insert-fails", "harbour_buoy.id", Hurt::InsertFails),
        &["restore-default"],
    ),
    fault(
        ("an index dropped", "DROP INDEX ship_kind_name"),
        ("index-mismatch", "ship_kind_name", Hurt::Silent),
        &["create-index"],
    ),
    fault(
        ("a hostile index dropped", "DROP INDEX \"select\""),
        ("index-mismatch", "select", Hurt::Silent),
        &["create-index"],
    ),
    fault(
        ("an index on an expression dropped", "DROP INDEX ship_upper_name"),
        ("index-mismatch", "ship_upper_name", Hurt::Silent),
        &["create-index"],
    ),
    fault(
        ("a partial index dropped", "DROP INDEX ship_tugs_by_year"),
        ("index-mismatch", "ship_tugs_by_year", Hurt::Silent),
        &["create-index"],
    ),
    fault(
        (
            "an index INVALID",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ship_kind_name'::regclass",
        ),
        ("invalid-index", "ship_kind_name", Hurt::Silent),
        &["rebuild-index"],
    ),
    fault(
        (
            "an index twice",
            "CREATE INDEX \"twice \"\"upon\"\"\na time\" ON harbour_ship (kind, name)",
        ),
        ("index-mismatch", "twice \"upon\"\na time", Hurt::Silent),
        &["drop-index"],
    ),
    fault(
        ("an index of its own", "CREATE INDEX by_hand ON harbour_ship (captain)"),
        ("index-mismatch", "by_hand", Hurt::Silent),
        &["drop-index"],
    ),
    fault(
        (
            "a unique index of its own",
            "CREATE UNIQUE INDEX only_one ON harbour_ship (captain)",
        ),
        ("index-mismatch", "only_one", Hurt::WriteFails),
        &["drop-index"],
    ),
    fault(
        (
            "an index renamed",
            "ALTER INDEX ship_kind_name RENAME TO \"name\n'kind'\"",
        ),
        ("name-mismatch", "name\n'kind'", Hurt::Cosmetic),
        &["rename-index"],
    ),
    fault(
        (
            "an index on another column",
            "DROP INDEX ship_kind_name; CREATE INDEX ship_kind_name ON harbour_ship (kind)",
        ),
        ("index-mismatch", "ship_kind_name", Hurt::Silent),
        &["rebuild-index"],
    ),
    fault(
        (
            "a conditional unique index dropped",
            "DROP INDEX port_code_while_open",
        ),
        ("index-mismatch", "port_code_while_open", Hurt::Silent),
        &["create-index"],
    ),
    fault(
        (
            "a unique constraint dropped",
            "ALTER TABLE harbour_ship DROP CONSTRAINT ship_once_at_home",
        ),
        ("constraint-mismatch", "harbour_ship.ship_once_at_home", Hurt::Silent),
        &["add-constraint"],
    ),
    fault(
        (
            "a CHECK dropped",
            "ALTER TABLE harbour_port DROP CONSTRAINT port_has_water",
        ),
        ("constraint-mismatch", "harbour_port.port_has_water", Hurt::Silent),
        &["add-constraint"],
    ),
    fault(
        (
            "a hostile CHECK dropped",
            "ALTER TABLE \"crew's sailors -- ünïcödé and as many bytes as one may have\" DROP CONSTRAINT \"ränk isn't\nnegative\"",
        ),
        (
            "constraint-mismatch",
            "crew's sailors -- ünïcödé and as many bytes as one may have.ränk isn't\nnegative",
            Hurt::Silent,
        ),
        &["add-constraint"],
    ),
    fault(
        (
            "a foreign key dropped",
            "DO $$ DECLARE n text; BEGIN SELECT conname INTO n FROM pg_constraint \
             WHERE conrelid = 'harbour_ship'::regclass AND contype = 'f'; \
             EXECUTE format('ALTER TABLE harbour_ship DROP CONSTRAINT %I', n); END $$",
        ),
        (
            "constraint-mismatch",
            "harbour_ship.harbour_ship_home_id_3986fb1d_fk_harbour_port_id",
            Hurt::Silent,
        ),
        &["add-constraint"],
    ),
    fault(
        (
            "a CHECK never validated",
            "ALTER TABLE harbour_port DROP CONSTRAINT port_has_water; \
             ALTER TABLE harbour_port ADD CONSTRAINT port_has_water CHECK (depth > 0) NOT VALID",
        ),
        ("unvalidated-constraint", "harbour_port.port_has_water", Hurt::Silent),
        &["validate-constraint"],
    ),
    fault(
        (
            "a foreign key never validated",
            "UPDATE pg_constraint SET convalidated = false WHERE conrelid = 'harbour_ship'::regclass AND contype = 'f'",
        ),
        (
            "unvalidated-constraint",
            "harbour_ship.harbour_ship_home_id_3986fb1d_fk_harbour_port_id",
            Hurt::Silent,
        ),
        &["validate-constraint"],
    ),
    fault(
        (
            "a CHECK changed",
            "ALTER TABLE harbour_port DROP CONSTRAINT port_has_water; \
             ALTER TABLE harbour_port ADD CONSTRAINT port_has_water CHECK (depth > 5)",
        ),
        ("constraint-mismatch", "harbour_port.port_has_water", Hurt::WriteFails),
        &["replace-constraint"],
    ),
    fault(
        (
            "a CHECK against the choices",
            "ALTER TABLE harbour_ship DROP CONSTRAINT ship_kind_known; \
             ALTER TABLE harbour_ship ADD CONSTRAINT ship_kind_known CHECK (kind IN ('ferry', 'barge'))",
        ),
        ("choices-mismatch", "harbour_ship.ship_kind_known", Hurt::WriteFails),
        &["replace-constraint"],
    ),
    fault(
        (
            "a CHECK of its own",
            "ALTER TABLE harbour_port ADD CONSTRAINT \"by 'hand'\n\"\"x\"\"\" CHECK (length(name) > 2)",
        ),
        (
            "constraint-mismatch",
            "harbour_port.by 'hand'\n\"x\"",
            Hurt::WriteFails,
        ),
        &["drop-constraint"],
    ),
    fault(
        (
            "a constraint renamed",
            "ALTER TABLE harbour_port RENAME CONSTRAINT port_has_water TO \"has \"\"water\"\"\"",
        ),
        ("name-mismatch", "harbour_port.has \"water\"", Hurt::Cosmetic),
        &["rename-constraint"],
    ),
    fault(
        (
            "a foreign key that is checked at once",
            "ALTER TABLE harbour_ship ALTER CONSTRAINT harbour_ship_home_id_3986fb1d_fk_harbour_port_id NOT DEFERRABLE",
        ),
        (
            "constraint-mismatch",
            "harbour_ship.harbour_ship_home_id_3986fb1d_fk_harbour_port_id",
            Hurt::Silent,
        ),
        &["alter-constraint"],
    ),
    fault(
        (
            "a trigger dropped",
            "DROP TRIGGER harbour_port_shouts ON harbour_port",
        ),
        ("trigger-mismatch", "harbour_port.harbour_port_shouts", Hurt::Silent),
        &["create-trigger"],
    ),
    fault(
        (
            "a trigger added",
            "CREATE TRIGGER \"trig \"\"by\"\"\nhand\" BEFORE UPDATE ON harbour_port FOR EACH ROW EXECUTE FUNCTION harbour_shout()",
        ),
        (
            "trigger-mismatch",
            "harbour_port.trig \"by\"\nhand",
            Hurt::Silent,
        ),
        &["drop-trigger"],
    ),
    fault(
        ("a view dropped", "DROP VIEW harbour_open_ports"),
        ("field-without-column", "harbour_open_ports", Hurt::QueryFails),
        &["create-relation"],
    ),
    fault(
        ("a join table dropped", "DROP TABLE harbour_ship_ports"),
        ("field-without-column", "harbour_ship_ports", Hurt::QueryFails),
        &["create-relation"],
    ),
    fault(
        (
            "a row of the record gone",
            "DELETE FROM django_migrations WHERE app = 'harbour' AND name = '0005_ship_captain'",
        ),
        (
            "unrecorded-migration",
            "harbour.0005_ship_captain",
            Hurt::MigrateFails,
        ),
        &["record-migration"],
    ),
    fault(
        (
            "the row of a migration of many objects gone",
            "DELETE FROM django_migrations WHERE app = 'crew' AND name = '0002_group'",
        ),
        ("unrecorded-migration", "crew.0002_group", Hurt::MigrateFails),
        &["record-migration"],
    ),
    fault(
        (
            "the row of a dependency gone",
            "DELETE FROM django_migrations WHERE app = 'harbour' AND name = '0004_ship_flag'",
        ),
        (
            "applied-out-of-order",
            "harbour.0004_ship_flag",
            Hurt::MigrateFails,
        ),
        &["record-migration"],
    ),
    fault(
        (
            "the row of a dependency of two gone",
            "DELETE FROM django_migrations WHERE app = 'harbour' AND name = '0002_indexes'",
        ),
        (
            "applied-out-of-order",
            "harbour.0002_indexes",
            Hurt::MigrateFails,
        ),
        &["record-migration"],
    ),
    fault(
        (
            "a row whose file is gone",
            "INSERT INTO django_migrations (app, name, applied) VALUES ('harbour', '0006_it''s \"gone\"', now())",
        ),
        ("migration-gone", "harbour.0006_it's \"gone\"", Hurt::Silent),
        &["forget-migration"],
    ),
    fault(
        ("a table dropped", "DROP TABLE harbour_buoy"),
        ("field-without-column", "harbour_buoy", Hurt::QueryFails),
        &["create-relation"],
    ),
    fault(
        (
            "the constraint of a unique field dropped",
            "ALTER TABLE harbour_port DROP CONSTRAINT harbour_port_name_key",
        ),
        (
            "constraint-mismatch",
            "harbour_port.harbour_port_name_key",
            Hurt::Silent,
        ),
        &["add-constraint"],
    ),
    fault(
        (
            "the index of a unique field for LIKE dropped",
            "DO $$ DECLARE n text; BEGIN SELECT indexrelid::regclass INTO n FROM pg_index \
             WHERE indrelid = 'harbour_port'::regclass AND indexrelid::regclass::text LIKE '%like'; \
             EXECUTE format('DROP INDEX %s', n); END $$",
        ),
        (
            "index-mismatch",
            "harbour_port_name_067017dc_like",
            Hurt::Silent,
        ),
        &["create-index"],
    ),
    fault(
        (
            "an index without its operator class",
            "DO $$ DECLARE n text; BEGIN SELECT indexrelid::regclass INTO n FROM pg_index \
             WHERE indrelid = 'harbour_port'::regclass AND indexrelid::regclass::text LIKE '%like'; \
             EXECUTE format('DROP INDEX %s', n); \
             EXECUTE format('CREATE INDEX %s ON harbour_port (name)', n); END $$",
        ),
        (
            "index-mismatch",
            "harbour_port_name_067017dc_like",
            Hurt::Silent,
        ),
        &["rebuild-index"],
    ),
    fault(
        (
            "a primary key dropped",
            "ALTER TABLE harbour_ship_ports DROP CONSTRAINT harbour_ship_ports_pkey",
        ),
        ("constraint-mismatch", "harbour_ship_ports.harbour_ship_ports_pkey", Hurt::Silent),
        &["add-constraint"],
    ),
    fault(
        (
            "an index that hides behind INCLUDE",
            "DROP INDEX ship_kind_name; CREATE INDEX ship_kind_name ON harbour_ship (kind) INCLUDE (name)",
        ),
        ("index-mismatch", "ship_kind_name", Hurt::Silent),
        &["rebuild-index"],
    ),
    fault(
        (
            "another condition of a partial index",
            "DROP INDEX ship_tugs_by_year; CREATE INDEX ship_tugs_by_year ON harbour_ship (built) WHERE kind = 'barge'",
        ),
        ("index-mismatch", "ship_tugs_by_year", Hurt::Silent),
        &["rebuild-index"],
    ),
    fault(
        (
            "a foreign key that deletes",
            "DO $$ DECLARE n text; BEGIN SELECT conname INTO n FROM pg_constraint \
             WHERE conrelid = 'harbour_ship'::regclass AND contype = 'f'; \
             EXECUTE format('ALTER TABLE harbour_ship DROP CONSTRAINT %I', n); \
             EXECUTE format('ALTER TABLE harbour_ship ADD CONSTRAINT %I FOREIGN KEY (home_id) REFERENCES harbour_port \
             ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED', n); END $$",
        ),
        (
            "constraint-mismatch",
            "harbour_ship.harbour_ship_home_id_3986fb1d_fk_harbour_port_id",
            Hurt::WriteFails,
        ),
        &["replace-constraint"],
    ),
];
