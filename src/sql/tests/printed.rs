//! Indexes and constraints against what PostgreSQL 15.18 prints of them: `pg_get_indexdef`,
//! `pg_get_constraintdef`.

use super::*;

/// What follows the table's name in CREATE INDEX, and the whole statement as the server prints it.
const INDEXES: &[(&str, &str)] = &[
    (
        r#"("status")"#,
        "CREATE INDEX i0 ON public.t USING btree (status)",
    ),
    (
        r#"("status" varchar_pattern_ops)"#,
        "CREATE INDEX i1 ON public.t USING btree (status varchar_pattern_ops)",
    ),
    (
        r#"("n" DESC)"#,
        "CREATE INDEX i2 ON public.t USING btree (n DESC)",
    ),
    (
        r#"("n" ASC NULLS FIRST, "small" DESC NULLS LAST)"#,
        "CREATE INDEX i3 ON public.t USING btree (n NULLS FIRST, small DESC NULLS LAST)",
    ),
    (
        r#"(lower("status"))"#,
        "CREATE INDEX i4 ON public.t USING btree (lower((status)::text))",
    ),
    (
        r#"(UPPER("status") DESC, "n")"#,
        "CREATE INDEX i5 ON public.t USING btree (upper((status)::text) DESC, n)",
    ),
    (
        r#"(("n" + 1))"#,
        "CREATE INDEX i6 ON public.t USING btree (((n + 1)))",
    ),
    (
        r#"((lower("body")) COLLATE "C" text_pattern_ops)"#,
        r#"CREATE INDEX i7 ON public.t USING btree (lower(body) COLLATE "C" text_pattern_ops)"#,
    ),
    (
        r#"("body" COLLATE "C")"#,
        r#"CREATE INDEX i8 ON public.t USING btree (body COLLATE "C")"#,
    ),
    (
        r#"("n") INCLUDE ("small", "day")"#,
        "CREATE INDEX i9 ON public.t USING btree (n) INCLUDE (small, day)",
    ),
    (
        r#"("n") WHERE "status" = 'a'"#,
        "CREATE INDEX i10 ON public.t USING btree (n) WHERE ((status)::text = 'a'::text)",
    ),
    (
        r#"("n") WHERE ("status" IN ('a', 'b') AND "n" IS NOT NULL)"#,
        "CREATE INDEX i11 ON public.t USING btree (n) WHERE (((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])) AND (n IS NOT NULL))",
    ),
    (
        r#"("n") WITH (fillfactor = 70)"#,
        "CREATE INDEX i12 ON public.t USING btree (n) WITH (fillfactor='70')",
    ),
    (
        r#"((("data" -> 'a')))"#,
        "CREATE INDEX i13 ON public.t USING btree (((data -> 'a'::text)))",
    ),
    (
        r#"(("data" ->> 'a'), "n")"#,
        "CREATE INDEX i14 ON public.t USING btree (((data ->> 'a'::text)), n)",
    ),
    (
        r#"(COALESCE("status", 'x'))"#,
        "CREATE INDEX i15 ON public.t USING btree (COALESCE(status, 'x'::character varying))",
    ),
    (
        r#"((CASE WHEN "n" = 1 THEN "small" ELSE NULL END))"#,
        "CREATE INDEX i16 ON public.t USING btree (( CASE WHEN (n = 1) THEN small ELSE NULL::smallint END))",
    ),
    (
        r#"("day", (EXTRACT(year FROM "day")))"#,
        "CREATE INDEX i17 ON public.t USING btree (day, EXTRACT(year FROM day))",
    ),
    (
        r#"USING gin ("data" jsonb_path_ops)"#,
        "CREATE INDEX i18 ON public.t USING gin (data jsonb_path_ops)",
    ),
    (
        r#"USING gin ("tags") WITH (fastupdate = off)"#,
        "CREATE INDEX i19 ON public.t USING gin (tags) WITH (fastupdate=off)",
    ),
    (
        r#"USING gin (to_tsvector('english', "body"))"#,
        "CREATE INDEX i20 ON public.t USING gin (to_tsvector('english'::regconfig, body))",
    ),
    (
        r#"USING hash ("n")"#,
        "CREATE INDEX i21 ON public.t USING hash (n)",
    ),
    (
        r#"USING brin ("at") WITH (pages_per_range = 32)"#,
        "CREATE INDEX i22 ON public.t USING brin (at) WITH (pages_per_range='32')",
    ),
    (
        r#"USING gist ("p")"#,
        "CREATE INDEX i23 ON public.t USING gist (p)",
    ),
    (
        r#"USING spgist ("p") WHERE "n" > 1"#,
        "CREATE INDEX i24 ON public.t USING spgist (p) WHERE (n > 1)",
    ),
];

/// What follows the name of a constraint, as written and as printed.
const CONSTRAINTS: &[(&str, &str)] = &[
    (r#"UNIQUE ("n", "small")"#, "UNIQUE (n, small)"),
    (
        r#"UNIQUE NULLS NOT DISTINCT ("n") DEFERRABLE INITIALLY DEFERRED"#,
        "UNIQUE NULLS NOT DISTINCT (n) DEFERRABLE INITIALLY DEFERRED",
    ),
    (
        r#"UNIQUE ("day") INCLUDE ("ok") DEFERRABLE INITIALLY IMMEDIATE"#,
        "UNIQUE (day) INCLUDE (ok) DEFERRABLE",
    ),
    (r#"PRIMARY KEY ("id")"#, "PRIMARY KEY (id)"),
    (
        r#"FOREIGN KEY ("n") REFERENCES "o" ("id") DEFERRABLE INITIALLY DEFERRED"#,
        "FOREIGN KEY (n) REFERENCES o(id) DEFERRABLE INITIALLY DEFERRED",
    ),
    (
        r#"FOREIGN KEY ("n") REFERENCES "o" ("id") ON DELETE CASCADE ON UPDATE SET NULL NOT VALID"#,
        "FOREIGN KEY (n) REFERENCES o(id) ON UPDATE SET NULL ON DELETE CASCADE NOT VALID",
    ),
    (r#"CHECK ("n" > 0) NOT VALID"#, "CHECK ((n > 0)) NOT VALID"),
    (
        r#"EXCLUDE USING gist ("p" WITH &&)"#,
        "EXCLUDE USING gist (p WITH &&)",
    ),
    (
        r#"EXCLUDE USING btree ("n" WITH =) WHERE ("small" > 0) DEFERRABLE"#,
        "EXCLUDE USING btree (n WITH =) WHERE ((small > 0)) DEFERRABLE",
    ),
];

fn index(text: &str) -> IndexDefinition {
    match changes(text).as_slice() {
        [Change::CreateIndex(created)] => created.definition.clone(),
        other => panic!("{text}: {other:?}"),
    }
}

fn constraint(text: &str) -> ConstraintDefinition {
    match changes(&format!("ALTER TABLE t ADD CONSTRAINT c {text}")).as_slice() {
        [Change::AddConstraint { constraint, .. }] => constraint.clone(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn an_index_equals_what_the_server_prints_of_it() {
    for (written, printed) in INDEXES {
        let written = format!("CREATE INDEX i ON t {written}");
        assert_eq!(index(&written), index(printed), "{printed}");
    }
}

#[test]
fn a_constraint_equals_what_the_server_prints_of_it() {
    for (written, printed) in CONSTRAINTS {
        assert_eq!(constraint(written), constraint(printed), "{printed}");
    }
}
