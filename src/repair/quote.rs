//! Text that is safe where it is put: literals, dollar quotes and comments of SQL, whatever a name holds.

use crate::schema::{Identifier, WrittenName};
use crate::sql::DECLARES;

/// A string literal of SQL. With a backslash it is an escape string, which means the same whatever
/// `standard_conforming_strings` says (documentation section 4.1.2.2; so does `quote_literal`).
pub(super) fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}

/// A name as a string literal: what a column of the catalog holds.
pub(super) fn name_literal(name: &Identifier) -> String {
    literal(name.as_str())
}

/// `ARRAY['a', 'b']::text[]`.
pub(super) fn text_array(texts: &[&str]) -> String {
    let literals: Vec<String> = texts.iter().map(|text| literal(text)).collect();
    format!("ARRAY[{}]::text[]", literals.join(", "))
}

/// A written name in double quotes, its schema before it where it has one.
pub(super) fn quoted(written: &WrittenName) -> String {
    match &written.schema {
        Some(schema) => format!("{}.{}", schema.to_sql(), written.name.to_sql()),
        None => written.name.to_sql(),
    }
}

/// The relation as an expression of type `regclass`: NULL where there is none.
pub(super) fn regclass(written: &WrittenName) -> String {
    format!("to_regclass({})", literal(&quoted(written)))
}

/// An anonymous block of PL/pgSQL, between dollar quotes whose tag stands nowhere in it.
pub(super) fn block(declarations: &str, body: &str) -> String {
    let declare = if declarations.is_empty() {
        String::new()
    } else {
        format!("DECLARE\n{}\n", indented(declarations))
    };
    let text = format!(
        "\n#variable_conflict use_column\n{declare}BEGIN\n{}\nEND\n",
        indented(body)
    );
    let mut tag = "$hhschema$".to_owned();
    let mut number = 0u32;
    while text.contains(&tag) {
        number = number.saturating_add(1);
        tag = format!("$hhschema{number}$");
    }
    format!("DO {tag}{text}{tag}")
}

/// A block that says in its first line what it does, as one statement of SQL, or as none. Left as it is where the
/// statement does not fit on a line of a comment.
pub(super) fn declaring(block: &str, does: &str) -> String {
    let Some((tag, rest)) = block
        .strip_prefix("DO ")
        .and_then(|block| block.split_once('\n'))
    else {
        return block.to_owned();
    };
    if does.contains(tag) || does.chars().any(char::is_control) {
        return block.to_owned();
    }
    format!("DO {tag}\n{DECLARES} {does}\n{rest}")
}

/// Indents lines of SQL, but never inside a literal or a quoted name that holds a line break. A text in which these
/// may end in other ways than by their own quote (escapes, comments, dollar quotes) stays as it is.
pub(super) fn indented(text: &str) -> String {
    if ["\\", "$", "--", "/*"].iter().any(|odd| text.contains(odd)) {
        return text.to_owned();
    }
    let mut quote = None;
    let mut indented = String::with_capacity(text.len() + 16);
    indented.push_str("  ");
    for letter in text.chars() {
        indented.push(letter);
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '\n') => indented.push_str("  "),
            _ => {}
        }
    }
    indented
}

/// Words for a comment of one line: what would end the line is shown, not written.
pub fn in_comment(text: &str) -> String {
    text.chars()
        .flat_map(|letter| {
            let breaks = letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
            let shown: Vec<char> = if breaks {
                letter.escape_default().collect()
            } else {
                vec![letter]
            };
            shown
        })
        .collect()
}
