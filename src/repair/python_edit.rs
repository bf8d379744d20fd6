//! Edits of Python source that a person would make: a name in its quotes, an argument more, an operation put into
//! another. Each is given only where the text is what it was taken for.

use crate::django::python::{Value, ValueKind};
use crate::source::{Origin, Span};

use super::python_text::literal;
use super::{PythonSource, Step};

/// A string literal with another text in the same quotes; `None` where the value was not written as one plain literal.
pub fn replaced_literal(value: &Value, to: &str) -> Option<Step> {
    let text = value.as_str()?;
    let (quote, inner) = plain_literal(value.origin.file.slice(value.origin.span))?;
    (inner == text).then(|| Step::Edit {
        place: value.origin.clone(),
        text: quoted_as(quote, to),
    })
}

/// The only plain literal of a text inside of a place, with another text.
pub fn replaced_inside(place: &Origin, from: &str, to: &str) -> Option<Step> {
    let source = place.file.slice(place.span);
    let mut found = ['"', '\''].into_iter().flat_map(|quote| {
        let wanted = format!("{quote}{from}{quote}");
        let places: Vec<(usize, usize)> = source
            .match_indices(&wanted)
            .map(|(start, found)| (start, found.len()))
            .collect();
        places.into_iter().map(move |place| (quote, place))
    });
    let (quote, (start, length)) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    Some(Step::Edit {
        place: part_of(place, start, start + length)?,
        text: quoted_as(quote, to),
    })
}

/// A call with one more keyword argument: right behind the one that it belongs to where that stands as it is, else the
/// last.
pub fn with_argument(
    call: &Origin,
    behind: Option<(&str, &Value)>,
    argument: &str,
) -> Option<Step> {
    let source = call.file.slice(call.span);
    let inside = source.strip_suffix(')')?;
    let behind = behind.and_then(|(name, value)| end_of(call, inside, name, value));
    if let Some(end) = behind {
        return Some(Step::Edit {
            place: part_of(call, end, end)?,
            text: format!(", {argument}"),
        });
    }
    let end = inside.trim_end().len();
    let kept = inside.get(..end)?;
    let last_line = kept.rsplit('\n').next().unwrap_or(kept);
    // What comes behind a comment would be part of it.
    if last_line.contains('#') {
        return None;
    }
    let indent: String = last_line
        .chars()
        .take_while(|letter| *letter == ' ')
        .collect();
    let text = match kept.chars().last()? {
        '(' => argument.to_owned(),
        ',' if kept.contains('\n') => format!("\n{indent}{argument},"),
        ',' => format!(" {argument}"),
        _ => format!(", {argument}"),
    };
    Some(Step::Edit {
        place: part_of(call, end, end)?,
        text,
    })
}

/// Where the argument `name=value` of a call ends, if it stands there in so many words.
fn end_of(call: &Origin, inside: &str, name: &str, value: &Value) -> Option<usize> {
    let own = &value.origin;
    let is_inside = own.file.path() == call.file.path()
        && call.span.start < own.span.start
        && own.span.end < call.span.end;
    let start = usize::try_from(own.span.start.checked_sub(call.span.start)?).ok()?;
    let end = usize::try_from(own.span.end.checked_sub(call.span.start)?).ok()?;
    let before = inside.get(..start)?.trim_end();
    let after = inside.get(end..)?.trim_start();
    let named = before
        .strip_suffix('=')
        .is_some_and(|before| before.trim_end().ends_with(name));
    (is_inside && named && (after.is_empty() || after.starts_with(','))).then_some(end)
}

/// An operation whose half in Django's state is kept, and whose half in the database is not. Where the state has it
/// already nothing is kept.
pub fn state_only(operation: &Origin, keeps_state: bool) -> Option<Step> {
    let source = operation.file.slice(operation.span);
    let is_a_call = source.starts_with("migrations.") && source.ends_with(')');
    if !is_a_call {
        return None;
    }
    let text = if keeps_state {
        around(operation, source)
    } else {
        "migrations.SeparateDatabaseAndState()".to_owned()
    };
    Some(Step::Edit {
        place: operation.clone(),
        text,
    })
}

/// `SeparateDatabaseAndState` with the operation in its state, laid out as Django's own writer would.
fn around(operation: &Origin, source: &str) -> String {
    let line = operation.file.line_span(operation.line_column().line);
    let before = line.map_or("", |line| {
        let begin = Span::new(line.start, operation.span.start);
        operation.file.slice(begin)
    });
    if !before.trim().is_empty() {
        return format!("migrations.SeparateDatabaseAndState(state_operations=[{source}])");
    }
    let has_long_strings = source.contains("\"\"\"") || source.contains("'''");
    let source = if has_long_strings {
        source.to_owned()
    } else {
        source.replace('\n', "\n        ")
    };
    format!(
        "migrations.SeparateDatabaseAndState(\n{before}    state_operations=[\n{before}        {source},\n{before}    ],\n{before})"
    )
}

/// Something to stand in the place of an expression.
pub fn replaced(place: &Origin, text: &str) -> Step {
    Step::Edit {
        place: place.clone(),
        text: text.to_owned(),
    }
}

/// A value as Python writes it, where it is a plain constant.
pub fn constant(value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::Bool(true) => Some("True".to_owned()),
        ValueKind::Bool(false) => Some("False".to_owned()),
        ValueKind::Int(number) => Some(number.to_string()),
        ValueKind::Float(written) => Some(written.to_string()),
        ValueKind::Str(text) => Some(literal(&text.text)),
        _ => None,
    }
}

/// `migrations.RenameIndex(...)` (Django 4.1).
pub fn rename_index(model_name: &str, old: &str, new: &str) -> PythonSource {
    PythonSource {
        text: format!(
            "migrations.RenameIndex(\n    model_name={},\n    new_name={},\n    old_name={},\n)",
            literal(model_name),
            literal(new),
            literal(old)
        ),
        imports: Vec::new(),
    }
}

/// `RemoveIndex` and `AddIndex` in the place of `RenameIndex`, which Django has since 4.1; `index` is the source of the
/// index under its new name, and has to be one of `models`.
pub fn index_anew(model_name: &str, old: &str, index: &str) -> Option<Vec<PythonSource>> {
    index.starts_with("models.").then(|| {
        let model_name = literal(model_name);
        vec![
            PythonSource {
                text: format!(
                    "migrations.RemoveIndex(model_name={model_name}, name={})",
                    literal(old)
                ),
                imports: Vec::new(),
            },
            PythonSource {
                text: format!("migrations.AddIndex(model_name={model_name}, index={index})"),
                imports: vec!["from django.db import models".to_owned()],
            },
        ]
    })
}

/// The quote and the text of a literal without prefix, escapes and line breaks.
fn plain_literal(source: &str) -> Option<(char, &str)> {
    let quote = source
        .chars()
        .next()
        .filter(|first| "\"'".contains(*first))?;
    let inner = source.strip_prefix(quote)?.strip_suffix(quote)?;
    let is_plain = !inner.contains([quote, '\\', '\n']);
    is_plain.then_some((quote, inner))
}

fn quoted_as(quote: char, text: &str) -> String {
    if text.contains([quote, '\\']) || text.chars().any(char::is_control) {
        literal(text)
    } else {
        format!("{quote}{text}{quote}")
    }
}

fn part_of(place: &Origin, start: usize, end: usize) -> Option<Origin> {
    let at = |offset: usize| Some(place.span.start + u32::try_from(offset).ok()?);
    Some(Origin::new(&place.file, Span::new(at(start)?, at(end)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::edited;
    use crate::source::SourceFile;

    /// The file after an edit of all of it.
    fn after(source: &str, edit: impl FnOnce(&Origin) -> Option<Step>) -> Option<String> {
        let file = SourceFile::new("models.py", source);
        let end = u32::try_from(source.trim_end().len()).unwrap();
        let start = u32::try_from(source.len() - source.trim_start().len()).unwrap();
        let Step::Edit { place, text } = edit(&Origin::new(&file, Span::new(start, end)))? else {
            panic!("an edit")
        };
        Some(edited(&[(place, text)]).unwrap().remove(0).after)
    }

    #[test]
    fn an_argument_is_added_as_a_person_would_add_it() {
        for (before, wanted) in [
            ("f()", Some("f(x=1)")),
            ("f(1)", Some("f(1, x=1)")),
            ("f(1,)", Some("f(1, x=1)")),
            ("f(\n    1,\n)", Some("f(\n    1,\n    x=1,\n)")),
            ("f(\n    1\n)", Some("f(\n    1, x=1\n)")),
            ("f(\n    1,  # one\n)", None),
        ] {
            let found = after(before, |call| with_argument(call, None, "x=1"));
            assert_eq!(found.as_deref(), wanted, "{before}");
        }
    }

    #[test]
    fn an_operation_is_kept_in_the_state_alone() {
        assert_eq!(
            after("    migrations.A(\n        1,\n    )", |place| state_only(
                place, true
            ))
            .unwrap(),
            "    migrations.SeparateDatabaseAndState(\n        state_operations=[\n            migrations.A(\n                1,\n            ),\n        ],\n    )"
        );
        assert_eq!(
            after("migrations.A()", |place| state_only(place, false)).unwrap(),
            "migrations.SeparateDatabaseAndState()"
        );
        assert_eq!(after("added()", |place| state_only(place, true)), None);
    }

    #[test]
    fn a_name_is_replaced_where_it_stands_once_in_its_quotes() {
        let renamed = |source: &str| after(source, |place| replaced_inside(place, "a", "b"));
        assert_eq!(renamed("('app', 'a')").unwrap(), "('app', 'b')");
        assert_eq!(renamed("(\"a\", 'a')"), None);
        assert_eq!(renamed("(app, a)"), None);
    }
}
