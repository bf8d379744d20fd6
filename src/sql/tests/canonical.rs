//! The canonical form against what PostgreSQL 15.18 prints of the same expression: recorded with
//! `pg_get_constraintdef` and `pg_get_expr` on a table of these columns:
//!
//! `status varchar(10), n integer, small smallint, price numeric(10,2), body text, at timestamptz, start
//! timestamptz, day date, data jsonb, tags varchar(10)[], ok boolean, span interval, uid uuid`.

use std::sync::Arc;

use crate::schema::{Expr, Identifier};
use crate::sql::{check_values, expression};

/// A CHECK condition as written, and as the server prints it.
const CHECKS: &[(&str, &str)] = &[
    (
        r#""status" IN ('a', 'b')"#,
        "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
    ),
    (r#""status" IN ('a')"#, "((status)::text = 'a'::text)"),
    (
        r#""status" NOT IN ('a', 'b')"#,
        "((status)::text <> ALL ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
    ),
    (
        r#"NOT ("status" IN ('a', 'b'))"#,
        "(NOT ((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))",
    ),
    (
        r#""status" = 'a' OR "status" = 'b'"#,
        "(((status)::text = 'a'::text) OR ((status)::text = 'b'::text))",
    ),
    (
        r#"("status" = 'a' OR "status" IS NULL)"#,
        "(((status)::text = 'a'::text) OR (status IS NULL))",
    ),
    (r#""n" >= 0"#, "(n >= 0)"),
    (r#""n" IN (1, 2, 3)"#, "(n = ANY (ARRAY[1, 2, 3]))"),
    (r#""n" > -1"#, "(n > '-1'::integer)"),
    (r#""small" IN (1, 2)"#, "(small = ANY (ARRAY[1, 2]))"),
    (r#""n" BETWEEN 1 AND 10"#, "((n >= 1) AND (n <= 10))"),
    (r#""n" NOT BETWEEN 1 AND 10"#, "((n < 1) OR (n > 10))"),
    (r#""price" >= 0"#, "(price >= (0)::numeric)"),
    (r#""price" > 0.5"#, "(price > 0.5)"),
    (r#""price" >= "n""#, "(price >= (n)::numeric)"),
    (r#""status" LIKE 'a%'"#, "((status)::text ~~ 'a%'::text)"),
    (r#""status" != ''"#, "((status)::text <> ''::text)"),
    (r#""body" ~ '^[a-z]+$'"#, "(body ~ '^[a-z]+$'::text)"),
    (r#""body" ILIKE '%x%'"#, "(body ~~* '%x%'::text)"),
    (
        r#"("n" > 0 AND "price" > 0 AND "status" <> '')"#,
        "((n > 0) AND (price > (0)::numeric) AND ((status)::text <> ''::text))",
    ),
    (
        r#"("n" IS NULL AND "price" IS NOT NULL) OR ("n" IS NOT NULL AND "price" IS NULL)"#,
        "(((n IS NULL) AND (price IS NOT NULL)) OR ((n IS NOT NULL) AND (price IS NULL)))",
    ),
    (
        r#"NOT ("n" IS NOT NULL AND "price" IS NOT NULL)"#,
        "(NOT ((n IS NOT NULL) AND (price IS NOT NULL)))",
    ),
    (r#"length("status") > 3"#, "(length((status)::text) > 3)"),
    (
        r#"char_length(trim(both from "body")) > 0"#,
        "(char_length(TRIM(BOTH FROM body)) > 0)",
    ),
    (
        r#"lower("status") = "status""#,
        "(lower((status)::text) = (status)::text)",
    ),
    (
        r#"upper("body") IN ('A', 'B')"#,
        "(upper(body) = ANY (ARRAY['A'::text, 'B'::text]))",
    ),
    (
        r#""at" >= '2020-01-01T00:00:00+00:00'::timestamptz"#,
        "(at >= '2020-01-01 00:00:00+00'::timestamp with time zone)",
    ),
    (
        r#""day" > '2020-01-01'::date"#,
        "(day > '2020-01-01'::date)",
    ),
    (r#""start" < "at""#, "(start < at)"),
    (r#""data" ? 'key'"#, "(data ? 'key'::text)"),
    (r#""data" @> '{"a": 1}'"#, r#"(data @> '{"a": 1}'::jsonb)"#),
    (
        r#"("data" ->> 'k') = 'v'"#,
        "((data ->> 'k'::text) = 'v'::text)",
    ),
    (
        r#"("data" -> 'a' ->> 'b')::integer > 3"#,
        "((((data -> 'a'::text) ->> 'b'::text))::integer > 3)",
    ),
    (
        r#""tags" <@ ARRAY['a', 'b']::varchar[]"#,
        "(tags <@ ARRAY['a'::character varying, 'b'::character varying])",
    ),
    (r#"cardinality("tags") > 0"#, "(cardinality(tags) > 0)"),
    (r#""ok""#, "ok"),
    (r#"NOT "ok""#, "(NOT ok)"),
    (r#""ok" = true"#, "(ok = true)"),
    (r#""ok" IS TRUE"#, "(ok IS TRUE)"),
    (
        r#""ok" IS DISTINCT FROM true"#,
        "(ok IS DISTINCT FROM true)",
    ),
    (
        r#""n" IS NOT DISTINCT FROM 3"#,
        "(NOT (n IS DISTINCT FROM 3))",
    ),
    (
        r#"CASE WHEN "n" > 0 THEN "ok" ELSE false END"#,
        " CASE WHEN (n > 0) THEN ok ELSE false END",
    ),
    (
        r#"CASE "n" WHEN 1 THEN true WHEN 2 THEN false END"#,
        " CASE n WHEN 1 THEN true WHEN 2 THEN false ELSE NULL::boolean END",
    ),
    (r#"COALESCE("n", 0) > 0"#, "(COALESCE(n, 0) > 0)"),
    (r#"("n" + 1) * 2 > "small""#, "(((n + 1) * 2) > small)"),
    (
        r#""n" + 1 * 2 > "small" - 3"#,
        "((n + (1 * 2)) > (small - 3))",
    ),
    (r#"-"n" < 0"#, "((- n) < 0)"),
    (r#""n" % 2 = 0"#, "((n % 2) = 0)"),
    (
        r#"("status" || 'x') = 'ax'"#,
        "(((status)::text || 'x'::text) = 'ax'::text)",
    ),
    (
        r#"EXTRACT(year FROM "at") > 2000"#,
        "(EXTRACT(year FROM at) > (2000)::numeric)",
    ),
    (
        r#"EXTRACT('ISOYEAR' FROM "at") > 2000"#,
        "(EXTRACT(ISOYEAR FROM at) > (2000)::numeric)",
    ),
    (
        r#"date_trunc('day', "at") = "at""#,
        "(date_trunc('day'::text, at) = at)",
    ),
    (
        r#"substring("body" from 1 for 2) = 'ab'"#,
        "(SUBSTRING(body FROM 1 FOR 2) = 'ab'::text)",
    ),
    (
        r#"position('a' in "body") > 0"#,
        "(POSITION(('a'::text) IN (body)) > 0)",
    ),
    (r#""status"::text = 'a'"#, "((status)::text = 'a'::text)"),
    (r#"CAST("n" AS text) = '1'"#, "((n)::text = '1'::text)"),
    (r#""n"::bigint > 5"#, "((n)::bigint > 5)"),
    (
        r#""status" COLLATE "C" > 'a'"#,
        r#"(((status)::text COLLATE "C") > 'a'::text)"#,
    ),
    (r#""span" > interval '1 day'"#, "(span > '1 day'::interval)"),
    (
        r#""status" SIMILAR TO 'a|b'"#,
        "((status)::text ~ similar_to_escape('a|b'::text))",
    ),
    (
        r#"ROW("n", "small") = ROW(1, 2)"#,
        "((n = 1) AND (small = 2))",
    ),
    (r#""n" = ANY (ARRAY[1, 2])"#, "(n = ANY (ARRAY[1, 2]))"),
    (
        r#""status" = ANY ('{a,b}'::text[])"#,
        "((status)::text = ANY ('{a,b}'::text[]))",
    ),
    (
        r#"CAST("tags" AS text[][]) <@ ARRAY['a']"#,
        "((tags)::text[] <@ ARRAY['a'::text])",
    ),
    (r#""tags"[1] = 'a'"#, "((tags[1])::text = 'a'::text)"),
    (
        r#"num_nonnulls("n", "small") = 1"#,
        "(num_nonnulls(n, small) = 1)",
    ),
    (
        r#""uid" <> '00000000-0000-0000-0000-000000000000'"#,
        "(uid <> '00000000-0000-0000-0000-000000000000'::uuid)",
    ),
    (
        r#"("n" = 1)::integer + ("small" = 1)::integer = 1"#,
        "((((n = 1))::integer + ((small = 1))::integer) = 1)",
    ),
    (r#""n" IN (1, "small")"#, "((n = 1) OR (n = small))"),
    (
        r#""body" LIKE 'a\_%' ESCAPE '\'"#,
        r"(body ~~ like_escape('a\_%'::text, '\'::text))",
    ),
    (
        r#""price" IN (1.5, 2)"#,
        "(price = ANY (ARRAY[1.5, (2)::numeric]))",
    ),
    (
        r#""n" NOT IN (1, "small", 3)"#,
        "((n <> ALL (ARRAY[1, 3])) AND (n <> small))",
    ),
    (
        r#""status" NOT LIKE 'x%' AND "body" NOT ILIKE 'y'"#,
        "(((status)::text !~~ 'x%'::text) AND (body !~~* 'y'::text))",
    ),
    (
        r#""n" IS NULL OR "n" > 0 AND "small" > 0"#,
        "((n IS NULL) OR ((n > 0) AND (small > 0)))",
    ),
    (
        r#"("n" IS NULL OR "n" > 0) AND "small" > 0"#,
        "(((n IS NULL) OR (n > 0)) AND (small > 0))",
    ),
    (
        r#""price" * "n" > 10.50"#,
        "((price * (n)::numeric) > 10.50)",
    ),
    (
        r#"("data" #>> '{a,b}') IS NOT NULL"#,
        "((data #>> '{a,b}'::text[]) IS NOT NULL)",
    ),
    (r#""body" <> $$it's$$"#, "(body <> 'it''s'::text)"),
    (r#""n" & 1 = 1"#, "((n & 1) = 1)"),
    (
        r#"jsonb_typeof("data") = 'object'"#,
        "(jsonb_typeof(data) = 'object'::text)",
    ),
    (
        r#""status" IN ('a', NULL)"#,
        "((status)::text = ANY ((ARRAY['a'::character varying, NULL::character varying])::text[]))",
    ),
    (
        r#""at"::date > '2020-01-01'"#,
        "((at)::date > '2020-01-01'::date)",
    ),
    (
        r#"("at" + interval '1 day') > "start""#,
        "((at + '1 day'::interval) > start)",
    ),
    (r#"now() > "at""#, "(now() > at)"),
    (r#"CURRENT_TIMESTAMP > "at""#, "(CURRENT_TIMESTAMP > at)"),
    (r#""n" > ALL (ARRAY[1, 2])"#, "(n > ALL (ARRAY[1, 2]))"),
    (
        r#"regexp_replace("body", '[0-9]', '', 'g') = ''"#,
        "(regexp_replace(body, '[0-9]'::text, ''::text, 'g'::text) = ''::text)",
    ),
    (r#""tags" = '{}'"#, "(tags = '{}'::character varying[])"),
    (
        r#""tags" && ARRAY['x']::varchar(10)[]"#,
        "(tags && ARRAY['x'::character varying(10)])",
    ),
];

/// A default as written, and as the server prints it.
const DEFAULTS: &[(&str, &str)] = &[
    ("'abc'", "'abc'::character varying"),
    ("''", "''::character varying"),
    ("'it''s'", "'it''s'::text"),
    ("0", "0"),
    ("-1", "'-1'::integer"),
    ("5", "5"),
    ("true", "true"),
    ("false", "false"),
    ("0.00", "0.00"),
    ("'1.5'::numeric", "1.5"),
    ("'{}'", "'{}'::jsonb"),
    ("'{}'::jsonb", "'{}'::jsonb"),
    ("now()", "now()"),
    ("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
    ("statement_timestamp()", "statement_timestamp()"),
    ("CURRENT_DATE", "CURRENT_DATE"),
    ("gen_random_uuid()", "gen_random_uuid()"),
    ("'{}'", "'{}'::character varying[]"),
    ("ARRAY[]::varchar[]", "ARRAY[]::character varying[]"),
    ("'1 day'", "'1 day'::interval"),
    ("1.5", "1.5"),
    ("(1 + 2)", "(1 + 2)"),
    ("lower('ABC')", "lower('ABC'::text)"),
    (
        "(NOW() AT TIME ZONE 'UTC')",
        "(now() AT TIME ZONE 'UTC'::text)",
    ),
    ("length('abc'::text)", "length('abc'::text)"),
    ("'a' || 'b'", "('a'::text || 'b'::text)"),
    ("CURRENT_USER", "CURRENT_USER"),
];

#[test]
fn an_expression_equals_what_the_server_prints_of_it() {
    for (written, printed) in CHECKS.iter().chain(DEFAULTS) {
        let (one, two) = (expression(written), expression(printed));
        assert!(matches!(one, Expr::Known(_)), "{written}: {one:?}");
        assert_eq!(one, two, "{written} is printed as {printed}");
    }
}

#[test]
fn different_conditions_stay_different() {
    let distinct: std::collections::HashSet<Expr> = CHECKS
        .iter()
        .map(|(_, printed)| expression(printed))
        .collect();
    let printed: std::collections::HashSet<&str> =
        CHECKS.iter().map(|(_, printed)| *printed).collect();
    assert_eq!(distinct.len(), printed.len());
}

#[test]
fn columns_stand_apart_in_the_canonical_form() {
    let columns = |text: &str| -> Vec<String> {
        let expr = expression(text);
        expr.columns().map(Identifier::to_string).collect()
    };
    assert_eq!(
        columns(r#"lower("Name") = other AND t.x > 1"#),
        ["Name", "other", "x"]
    );
    assert_eq!(columns("now()"), Vec::<String>::new());
    assert_eq!(columns(r#"EXTRACT(YEAR FROM "at")"#), ["at"]);
    assert_eq!(columns("extract('isodow' from at)"), ["at"]);
    assert_eq!(columns("extract(epoch FROM b - a)"), ["b", "a"]);
}

fn values(text: &str) -> Option<(String, Vec<Arc<str>>)> {
    check_values(&expression(text)).map(|(column, values)| (column.to_string(), values))
}

#[test]
fn the_values_of_a_check_are_read_in_every_spelling() {
    let expected = Some(("status".to_owned(), vec!["a".into(), "b".into()]));
    for text in [
        r#""status" IN ('a', 'b')"#,
        "(status = 'a' OR status = 'b')",
        "status IS NULL OR status IN ('a', 'b')",
        "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        "((status)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
    ] {
        assert_eq!(values(text), expected, "{text}");
    }
}

#[test]
fn a_check_that_is_more_than_a_list_has_no_values() {
    for text in [
        "status IN ('a') AND n > 0",
        "status = 'a' OR n = 1",
        "status NOT IN ('a', 'b')",
        "status <> 'a'",
        "lower(status) IN ('a')",
        "status IS NULL",
        "status IN ('a', other)",
    ] {
        assert_eq!(values(text), None, "{text}");
    }
}

#[test]
fn a_hostile_expression_is_unknown_and_costs_little() {
    let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    let long = format!("1{}", " + 1".repeat(100_000));
    let mixed = format!("x{}", " BETWEEN 1 AND 2 = y".repeat(10_000));
    let texts = [
        &deep, &long, &mixed, "", "(", "a..b", "1 +", "CASE", "x IN", "'",
    ];
    for text in texts {
        assert!(matches!(expression(text), Expr::Unknown(_)), "{text:.20}");
    }
}

#[test]
fn an_expression_as_high_and_as_wide_as_allowed_is_known() {
    let run = " + 1".repeat(30);
    let high = (0..38).fold("1".to_owned(), |inner, _| format!("({inner}{run})"));
    let wide = format!("x = 1{}", " OR x = 1".repeat(10_000));
    let doubled = format!("x{}", " BETWEEN 1 AND y".repeat(30));
    let named = format!("x{}", " IN (a, b)".repeat(30));
    for text in [high, wide, doubled, named] {
        assert!(matches!(expression(&text), Expr::Known(_)), "{text:.20}");
    }
}
