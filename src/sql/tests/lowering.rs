//! Statements to their exact changes.

use super::*;

fn id(name: &str) -> Identifier {
    Identifier::quoted(name)
}

fn bare(name: &str) -> WrittenName {
    WrittenName::bare(id(name))
}

fn data(text: &str) -> (DataVerb, Vec<String>, Vec<String>) {
    match changes(text).as_slice() {
        [
            Change::Data {
                verb,
                relations,
                columns,
            },
        ] => (
            *verb,
            relations.iter().map(WrittenName::to_string).collect(),
            columns.iter().map(Identifier::to_string).collect(),
        ),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn add_column_with_a_reference_is_a_column_and_a_constraint() {
    let found = changes(
        r#"ALTER TABLE "t" ADD COLUMN "x" integer NOT NULL CONSTRAINT "fk" REFERENCES "o"("id") DEFERRABLE INITIALLY DEFERRED"#,
    );
    let column = Column {
        name: id("x"),
        data_type: SqlType::Known(TypeName::builtin("integer")),
        nullability: Nullability::NotNull,
        supply: Supply::Nothing,
        collation: None,
    };
    let constraint = ConstraintDefinition {
        name: Some(id("fk")),
        kind: ConstraintKind::ForeignKey(ForeignKey {
            columns: vec![id("x")],
            references: bare("o"),
            referenced_columns: vec![id("id")],
            on_delete: ReferentialAction::NoAction,
            on_update: ReferentialAction::NoAction,
        }),
        validity: Validity::Valid,
        deferral: Deferral::InitiallyDeferred,
    };
    assert_eq!(
        found,
        [
            Change::AddColumn {
                table: bare("t"),
                column,
                if_not_exists: IfNotExists::No
            },
            Change::AddConstraint {
                table: bare("t"),
                constraint
            },
        ]
    );
}

#[test]
fn a_default_ends_where_the_column_goes_on() {
    let found = changes("ALTER TABLE t ADD COLUMN x varchar(5) DEFAULT 'a' || 'b' NOT NULL");
    let [Change::AddColumn { column, .. }] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(column.default().and_then(Expr::text), Some("'a' || 'b'"));
    assert!(column.is_not_null());
}

#[test]
fn a_primary_key_makes_its_columns_not_null() {
    let found = changes("CREATE TABLE t (a int, b int, PRIMARY KEY (b))");
    let [Change::CreateTable(table)] = found.as_slice() else {
        panic!("{found:?}");
    };
    let not_null: Vec<bool> = table.columns.iter().map(Column::is_not_null).collect();
    assert_eq!(not_null, [false, true]);
}

#[test]
fn types_are_spelled_as_the_server_spells_them() {
    // `format_type(oid, typmod)` of PostgreSQL 15.18.
    for (written, canonical) in [
        ("int", "integer"),
        ("INT4", "integer"),
        ("varchar(100)", "character varying(100)"),
        ("character varying", "character varying"),
        ("char", "character(1)"),
        ("\"char\"", "\"char\""),
        ("timestamptz(3)", "timestamp(3) with time zone"),
        ("timestamp", "timestamp without time zone"),
        ("time with time zone", "time with time zone"),
        ("double precision", "double precision"),
        ("float(10)", "real"),
        ("decimal(10, 2)", "numeric(10,2)"),
        ("numeric(10)", "numeric(10,0)"),
        ("int[][]", "integer[][]"),
        ("bool", "boolean"),
        ("bit varying(5)", "bit varying(5)"),
        ("pg_catalog.int8", "bigint"),
        ("interval day to second(3)", "interval day to second(3)"),
        ("citext", "citext"),
        ("public.\"Mood\"", "public.Mood"),
    ] {
        assert_eq!(data_type(written).to_string(), canonical, "{written}");
    }
}

#[test]
fn holes_stand_for_types_and_expressions() {
    let text = "ALTER TABLE t ADD COLUMN x \"\u{FFFC}1\" DEFAULT \"\u{FFFC}2\" NOT NULL CHECK (x > \"\u{FFFC}3\")";
    let holes = |number: usize| Why::new(format!("hole {number}"));
    let reading = Reading {
        holes: &holes,
        parameters: Parameters::None,
    };
    let statements = read_with(text, &map(), reading);
    let [
        Change::AddColumn { column, .. },
        Change::AddConstraint { constraint, .. },
    ] = statements[0].changes.as_slice()
    else {
        panic!("{statements:?}");
    };
    assert_eq!(column.data_type, SqlType::Unknown(Why::new("hole 1")));
    assert_eq!(
        column.supply,
        Supply::Default(Expr::Unknown(Why::new("hole 2")))
    );
    assert!(column.is_not_null());
    let ConstraintKind::Check(check) = &constraint.kind else {
        panic!("{constraint:?}");
    };
    assert_eq!(check.condition, Expr::Unknown(Why::new("hole 3")));
}

/// A statement, its relations, the columns it writes.
const ROWS: &[(&str, &str, &str)] = &[
    (
        "UPDATE \"t\" SET \"x\" = '', y = (SELECT max(z) FROM o) WHERE \"x\" IS NULL",
        "t o",
        "x y",
    ),
    (
        "UPDATE t SET (a, b) = (1, 2), c = f(d, e) FROM u, v WHERE t.i = u.i",
        "t u v",
        "a b c",
    ),
    (
        "INSERT INTO t (a, b) SELECT a, b FROM s JOIN r ON s.i = r.i",
        "t s r",
        "a b",
    ),
    (
        "INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 2",
        "t",
        "",
    ),
    (
        "DELETE FROM only t USING u WHERE EXISTS (SELECT FROM w)",
        "t u w",
        "",
    ),
    (
        "WITH c AS (SELECT 1 FROM a), d (x) AS (SELECT * FROM c) SELECT * FROM d, b",
        "a b",
        "",
    ),
    (
        "SELECT extract(year FROM at), trim(both FROM n) FROM t WHERE a IS DISTINCT FROM b",
        "t",
        "",
    ),
    (
        "SELECT * FROM generate_series(1, 2) g, LATERAL (SELECT 1 FROM x) y",
        "x",
        "",
    ),
    (
        "SELECT * FROM (a JOIN b ON true), s.c FOR UPDATE",
        "a b s.c",
        "",
    ),
    ("TRUNCATE TABLE a, ONLY b CASCADE", "a b", ""),
    ("LOCK TABLE a IN SHARE MODE", "a", ""),
    ("COPY a (x, y) FROM stdin", "a", ""),
    (
        "SELECT setval(pg_get_serial_sequence('\"t\"','id'), coalesce(max(\"id\"), 1), max(\"id\") IS NOT null) FROM \"t\"",
        "t",
        "",
    ),
];

#[test]
fn statements_of_rows_name_their_relations_and_columns() {
    for (text, relations, columns) in ROWS {
        let found = data(text);
        assert_eq!(found.1.join(" "), *relations, "{text}");
        assert_eq!(found.2.join(" "), *columns, "{text}");
    }
}

#[test]
fn parameters_of_the_driver_are_values() {
    let unused = |_| Why::new("unused");
    let reading = Reading {
        holes: &unused,
        parameters: Parameters::Percent,
    };
    let text = "UPDATE t SET a = %s WHERE b = %(name)s AND c LIKE 'x%%'";
    let statements = read_with(text, &map(), reading);
    assert_eq!(&*statements[0].text, text);
    assert!(matches!(
        &statements[0].changes[0],
        Change::Data {
            verb: DataVerb::Update,
            ..
        }
    ));
    let statements = read_with("ALTER TABLE t ALTER a SET DEFAULT %s", &map(), reading);
    let [
        Change::AlterColumn {
            action: ColumnAction::SetDefault(Expr::Unknown(_)),
            ..
        },
    ] = statements[0].changes.as_slice()
    else {
        panic!("{statements:?}");
    };
}

#[test]
fn a_name_that_will_be_cut_is_told_with_its_place() {
    let long = "é".repeat(40);
    let text = format!("CREATE INDEX \"{long}\" ON t (a)");
    let statements = read(&text, &map());
    let cut = &statements[0].cuts[0];
    assert_eq!(&*cut.written, long);
    assert_eq!(cut.stored.as_str(), "é".repeat(31));
    assert_eq!(&text[cut.span.range()], format!("\"{long}\""));
}

#[test]
fn index_keys_keep_order_operator_class_and_collation() {
    let found = changes(
        "CREATE UNIQUE INDEX i ON s.t USING gist (a DESC, lower(b) COLLATE \"C\" text_ops ASC NULLS FIRST, (c), (d + 1)) INCLUDE (e) NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE fast WHERE f > 0",
    );
    let [Change::CreateIndex(index)] = found.as_slice() else {
        panic!("{found:?}");
    };
    let [a, b, c, d] = index.definition.keys.as_slice() else {
        panic!("{index:?}");
    };
    assert_eq!(a.order, KeyOrder::DescendingNullsFirst);
    assert_eq!(b.order, KeyOrder::AscendingNullsFirst);
    assert_eq!(b.collation, Some(bare("C")));
    assert_eq!(b.operator_class, Some(bare("text_ops")));
    assert_eq!(c.part, KeyPart::Column(id("c")));
    assert!(matches!(d.part, KeyPart::Expression(_)));
    assert_eq!(
        index.definition.uniqueness,
        Uniqueness::Unique(NullsDistinct::NotDistinct)
    );
    assert_eq!(
        index.definition.predicate.as_ref().and_then(Expr::text),
        Some("f > 0")
    );
    assert_eq!(index.table.to_string(), "s.t");
}
