//! Python source text: literals that mean exactly a given string, laid out as Django's and black's files are.

use super::PythonSource;

/// Characters that are shown by their number: they break a line, or change how the text around them reads.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A string literal on one line: in double quotes, unless others need fewer backslashes.
pub(super) fn literal(text: &str) -> String {
    let quote = quote_for(text);
    let mut written = String::with_capacity(text.len() + 6);
    written.push_str(quote);
    for letter in text.chars() {
        match letter {
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '"' | '\'' if quote.len() == 1 && quote.contains(letter) => {
                written.push('\\');
                written.push(letter);
            }
            _ if is_hidden(letter) => written.push_str(&numbered(letter)),
            _ => written.push(letter),
        }
    }
    written.push_str(quote);
    written
}

fn quote_for(text: &str) -> &'static str {
    let (single, double) = (text.contains('\''), text.contains('"'));
    let tripled = !text.contains("\"\"\"") && !text.starts_with('"') && !text.ends_with('"');
    match (single, double) {
        (_, false) => "\"",
        (false, true) => "'",
        (true, true) if tripled => "\"\"\"",
        (true, true) => {
            let count = |quote: char| text.matches(quote).count();
            if count('"') > count('\'') { "'" } else { "\"" }
        }
    }
}

fn numbered(letter: char) -> String {
    let number = u32::from(letter);
    if number < 0x100 {
        format!("\\x{number:02x}")
    } else {
        format!("\\u{number:04x}")
    }
}

/// A text that grows line by line, with the depth of its indentation.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub text: String,
    depth: usize,
}

impl Lines {
    pub(super) fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.push_str(&"    ".repeat(self.depth));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// A bracket, what stands in it one step deeper, and its end.
    pub(super) fn nested(&mut self, open: &str, close: &str, inside: impl FnOnce(&mut Self)) {
        self.line(open);
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.line(close);
    }

    /// A string as an element of a list; a long one line by line.
    pub(super) fn string(&mut self, text: &str) {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        if let [line] = lines.as_slice() {
            self.line(&format!("{},", literal(line)));
            return;
        }
        self.nested("(", "),", |inner| {
            for line in lines {
                inner.line(&literal(line));
            }
        });
    }

    /// An expression that was written elsewhere, as an element of a list; its lines are moved to this depth, but for
    /// those inside of a string.
    pub(super) fn expression(&mut self, source: &str) {
        let mut open = None;
        for (number, line) in source.trim().lines().enumerate() {
            if number > 0 {
                self.text.push('\n');
            }
            if open.is_none() && !line.is_empty() {
                self.text.push_str(&"    ".repeat(self.depth));
            }
            self.text.push_str(line);
            open = triple_quote_after(line, open);
        }
        self.text.push_str(if source.trim_end().ends_with(',') {
            "\n"
        } else {
            ",\n"
        });
    }
}

const DOUBLE: &str = "\"\"\"";
const SINGLE: &str = "'''";

/// The triple quote that is open after a line.
fn triple_quote_after(line: &str, mut open: Option<&'static str>) -> Option<&'static str> {
    let mut rest = line;
    loop {
        let quote = match open {
            Some(quote) => quote,
            None => match (rest.find(DOUBLE), rest.find(SINGLE)) {
                (Some(one), Some(two)) if two < one => SINGLE,
                (Some(_), _) => DOUBLE,
                (None, Some(_)) => SINGLE,
                (None, None) => return None,
            },
        };
        let Some((_, after)) = rest.split_once(quote) else {
            return open;
        };
        open = if open.is_some() { None } else { Some(quote) };
        rest = after;
    }
}

/// Import lines as Django's own writer orders them: `import x` before `from x import y`, each by its module
/// (`MigrationWriter.as_string`, django/db/migrations/writer.py, 4.2 to 6.0).
pub(super) fn imports(sources: &[PythonSource]) -> Vec<String> {
    let models = "from django.db import models";
    let mut lines: Vec<&str> = sources
        .iter()
        .flat_map(|source| &source.imports)
        .map(|line| line.trim())
        .filter(|line| !line.is_empty() && *line != "from django.db import migrations")
        .collect();
    let both = "from django.db import migrations, models";
    let uses_models = lines.iter().any(|line| *line == models || *line == both);
    lines.retain(|line| *line != models && *line != both);
    lines.push(if uses_models {
        both
    } else {
        "from django.db import migrations"
    });
    lines.sort_by_key(|line| {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        (
            first == "from",
            words.next().unwrap_or_default().to_owned(),
            (*line).to_owned(),
        )
    });
    lines.dedup();
    lines.into_iter().map(str::to_owned).collect()
}
