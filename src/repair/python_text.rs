//! Python source text: literals that mean exactly a given string, laid out as Django's and black's files are.

use super::PythonSource;

/// Characters that are shown by their number: they break a line, or change how the text around them reads.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A string literal on one line; in double quotes, unless single ones need fewer backslashes.
pub(super) fn literal(text: &str) -> String {
    let count = |quote: char| text.chars().filter(|letter| *letter == quote).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    let mut written = String::with_capacity(text.len() + 2);
    written.push(quote);
    for letter in text.chars() {
        match letter {
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            _ if letter == quote => {
                written.push('\\');
                written.push(letter);
            }
            _ if is_hidden(letter) => {
                let number = u32::from(letter);
                if number < 0x100 {
                    written.push_str(&format!("\\x{number:02x}"));
                } else {
                    written.push_str(&format!("\\u{number:04x}"));
                }
            }
            _ => written.push(letter),
        }
    }
    written.push(quote);
    written
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
        let mut open: Option<&str> = None;
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

/// The triple quote that is open after a line.
fn triple_quote_after<'a>(line: &str, mut open: Option<&'a str>) -> Option<&'a str> {
    let mut rest = line;
    loop {
        let found = |quote: &str| rest.find(quote);
        match open {
            Some(quote) => match rest.split_once(quote) {
                Some((_, after)) => {
                    open = None;
                    rest = after;
                }
                None => return open,
            },
            None => {
                let quote = match (found("\"\"\""), found("'''")) {
                    (Some(one), Some(two)) if two < one => "'''",
                    (Some(_), _) => "\"\"\"",
                    (None, Some(_)) => "'''",
                    (None, None) => return None,
                };
                open = Some(quote);
                rest = rest.split_once(quote).map_or("", |(_, after)| after);
            }
        }
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
