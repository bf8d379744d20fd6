//! Laws that hold of any text.

use proptest::prelude::*;

use super::*;

/// Tokens that statements are made of, and tokens that break them.
const SOUP: &[&str] = &[
    "ALTER",
    "TABLE",
    "CREATE",
    "INDEX",
    "CONCURRENTLY",
    "DROP",
    "COLUMN",
    "ADD",
    "CONSTRAINT",
    "CHECK",
    "UNIQUE",
    "PRIMARY",
    "KEY",
    "FOREIGN",
    "REFERENCES",
    "NOT",
    "NULL",
    "DEFAULT",
    "SET",
    "TYPE",
    "USING",
    "IF",
    "EXISTS",
    "SEQUENCE",
    "VIEW",
    "AS",
    "SELECT",
    "FROM",
    "JOIN",
    "WHERE",
    "INSERT",
    "INTO",
    "UPDATE",
    "DELETE",
    "WITH",
    "VALUES",
    "BEGIN",
    "ATOMIC",
    "END",
    "DO",
    "CASE",
    "WHEN",
    "IN",
    "ANY",
    "ARRAY",
    "BETWEEN",
    "AND",
    "OR",
    "LIKE",
    "IS",
    "GENERATED",
    "ALWAYS",
    "IDENTITY",
    "EXCLUDE",
    "INCLUDE",
    "COLLATE",
    "ON",
    "ONLY",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ".",
    "::",
    "=",
    "<>",
    "-",
    "+",
    "*",
    "||",
    "'a'",
    "'",
    "\"x\"",
    "\"",
    "\"\u{FFFC}0\"",
    "$1",
    "$$",
    "$a$",
    "E'\\'",
    "--",
    "/*",
    "*/",
    "\n",
    "\r\n",
    "\\set",
    "\\.",
    "1",
    "1.5",
    "x",
    "y",
    "integer",
    "varchar(10)",
    "numeric",
    "timestamp",
    "interval",
    "COPY",
    "stdin",
    "é",
    "\u{FFFC}",
    "%s",
];

fn soup() -> impl Strategy<Value = String> {
    let words = prop::collection::vec((0..SOUP.len(), any::<bool>()), 0..40);
    words.prop_map(|words| {
        words
            .into_iter()
            .flat_map(|(at, spaced)| [SOUP[at], if spaced { " " } else { "\n" }])
            .collect()
    })
}

/// A statement of Django's, with a stretch of it replaced by other tokens.
fn mutated() -> impl Strategy<Value = String> {
    (0..DJANGO.len(), 0..200_usize, 0..20_usize, soup()).prop_map(|(at, start, length, other)| {
        let characters: Vec<char> = DJANGO[at].chars().collect();
        let start = start.min(characters.len());
        let end = (start + length).min(characters.len());
        let head: String = characters[..start].iter().collect();
        let tail: String = characters[end..].iter().collect();
        format!("{head}{other}{tail}")
    })
}

fn lies_within(text: &str, statement: &Statement) {
    let span = statement.origin().span;
    assert!(text.is_char_boundary(span.start as usize), "{text}");
    assert!(text.is_char_boundary(span.end as usize), "{text}");
    assert_eq!(&*statement.text, &text[span.range()]);
    assert!(!statement.changes.is_empty(), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_every_statement_leads_to_its_place(text in prop_oneof![soup(), mutated(), ".{0,80}"]) {
        let file = SourceFile::new("any.sql", text.as_str());
        let map = SourceMap::identity(&file);
        for statement in read(&text, &map) {
            lies_within(&text, &statement);
        }
        let generic = |_| Why::new("a hole");
        let reading = Reading { holes: &generic, parameters: Parameters::Percent };
        for statement in read_with(&text, &map, reading) {
            lies_within(&text, &statement);
        }
        comments(&text);
        check_values(&expression(&text));
        data_type(&text);
    }

    #[test]
    fn statements_together_are_read_as_each_alone(
        chosen in prop::collection::vec(0..DJANGO.len(), 0..8),
        between in prop::sample::select(vec![";", ";\n", "; -- a 'comment'\n", ";;\n/* ; */"]),
    ) {
        let together: String = chosen.iter().flat_map(|at| [DJANGO[*at], between]).collect();
        let alone: Vec<Change> = chosen.iter().flat_map(|at| changes(DJANGO[*at])).collect();
        prop_assert_eq!(changes(&together), alone);
    }

    #[test]
    fn a_canonical_expression_does_not_depend_on_spacing_or_parentheses(
        (written, at) in (0..EXPRESSIONS.len()).prop_map(|at| (EXPRESSIONS[at], at)),
        space in prop::sample::select(vec!["  ", "\n", " /* x */ "]),
    ) {
        let spaced = format!("(({space}{}{space}))", written.replace(' ', space));
        prop_assert_eq!(expression(&spaced), expression(written), "{}", at);
    }
}

const EXPRESSIONS: &[&str] = &[
    "a = 1 AND b = 2 OR NOT c",
    "lower ( a ) = b :: text",
    "a IN ( 1 , 2 ) AND b IS NOT NULL",
    "CASE WHEN a THEN 1 ELSE 2 END",
    "a BETWEEN 1 AND 2",
];
