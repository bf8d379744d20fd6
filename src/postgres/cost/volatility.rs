//! Whether the server can compute a default once for all rows, or must for each.

use crate::schema::Expr;

/// What of an expression matters to `ADD COLUMN ... DEFAULT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Volatility {
    /// The same for every row of the statement: immutable or stable (PostgreSQL 11 stores it once).
    OnceForAll,
    ForEachRow,
    /// It calls a function that is not known here.
    NotKnown,
}

/// Volatile functions (`provolatile = 'v'` in `pg_proc.dat` of PostgreSQL 15 to 18, and of uuid-ossp and pgcrypto).
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "gen_salt",
    "lastval",
    "nextval",
    "random",
    "random_normal",
    "setval",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

/// Immutable or stable functions that defaults call, and key words that a parenthesis follows.
const STEADY: &[&str] = &[
    "abs",
    "age",
    "all",
    "and",
    "any",
    "array",
    "array_append",
    "array_fill",
    "as",
    "bit",
    "bool",
    "box",
    "cast",
    "ceil",
    "ceiling",
    "char",
    "character",
    "chr",
    "circle",
    "coalesce",
    "concat",
    "concat_ws",
    "current_date",
    "current_database",
    "current_schema",
    "current_setting",
    "current_time",
    "current_timestamp",
    "date",
    "date_part",
    "date_trunc",
    "daterange",
    "decimal",
    "decode",
    "digest",
    "else",
    "encode",
    "extract",
    "float",
    "floor",
    "format",
    "greatest",
    "in",
    "initcap",
    "int4range",
    "int8range",
    "interval",
    "json",
    "json_build_array",
    "json_build_object",
    "jsonb",
    "jsonb_build_array",
    "jsonb_build_object",
    "least",
    "left",
    "length",
    "line",
    "localtime",
    "localtimestamp",
    "lower",
    "lpad",
    "lseg",
    "ltrim",
    "make_date",
    "make_interval",
    "make_time",
    "make_timestamp",
    "make_timestamptz",
    "md5",
    "mod",
    "not",
    "now",
    "nullif",
    "numeric",
    "numrange",
    "or",
    "path",
    "point",
    "polygon",
    "position",
    "power",
    "precision",
    "repeat",
    "replace",
    "right",
    "round",
    "row",
    "rpad",
    "rtrim",
    "sha256",
    "some",
    "split_part",
    "sqrt",
    "statement_timestamp",
    "string_to_array",
    "strpos",
    "substr",
    "substring",
    "text",
    "then",
    "time",
    "timestamp",
    "timestamptz",
    "timezone",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "to_number",
    "to_timestamp",
    "to_tsvector",
    "transaction_timestamp",
    "translate",
    "trim",
    "trunc",
    "tsrange",
    "tstzrange",
    "txid_current",
    "upper",
    "varbit",
    "varchar",
    "varying",
    "when",
];

pub(super) fn volatility(expr: &Expr) -> Volatility {
    let Some(text) = expr.text() else {
        return Volatility::NotKnown;
    };
    let mut answer = Volatility::OnceForAll;
    for function in called(text) {
        if VOLATILE.contains(&function.as_str()) {
            return Volatility::ForEachRow;
        }
        if !STEADY.contains(&function.as_str()) {
            answer = Volatility::NotKnown;
        }
    }
    answer
}

/// Each word that an opening parenthesis follows, outside text, in lower case and without its schema.
fn called(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut word, mut complete, mut in_text) = (String::new(), false, false);
    for letter in text.chars() {
        if letter == '\'' {
            // A doubled quote ends the text and begins it again.
            in_text = !in_text;
            word.clear();
        } else if in_text || letter == '"' {
            // A quoted name is read like a bare one.
        } else if letter.is_alphanumeric() || letter == '_' {
            if complete {
                word.clear();
            }
            complete = false;
            word.extend(letter.to_lowercase());
        } else if letter.is_whitespace() {
            complete = true;
        } else {
            if letter == '(' && !word.is_empty() {
                found.push(std::mem::take(&mut word));
            }
            word.clear();
            complete = false;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ExprPart;

    fn of(text: &str) -> Volatility {
        volatility(&Expr::from_parts(vec![ExprPart::Text(text.into())]))
    }

    #[test]
    fn functions_decide_and_text_does_not() {
        assert_eq!(of("'random()'::text"), Volatility::OnceForAll);
        assert_eq!(of("now()"), Volatility::OnceForAll);
        assert_eq!(
            of("pg_catalog.now () + '1 day'::interval"),
            Volatility::OnceForAll
        );
        assert_eq!(of("gen_random_uuid()"), Volatility::ForEachRow);
        assert_eq!(of("public.\"uuid_generate_v4\"()"), Volatility::ForEachRow);
        assert_eq!(of("my_function(1)"), Volatility::NotKnown);
        assert_eq!(of("10::numeric(10,2)"), Volatility::OnceForAll);
    }
}
