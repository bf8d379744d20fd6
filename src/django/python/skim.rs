//! A text without the bodies of its functions: what the names of a module mean seldom depends on them, and they are
//! most of it.
//!
//! Everything else keeps its place, the end of each function included, so that spans in one text are spans in the other.

/// What stands for a body.
const ELLIPSIS: &[u8] = b"...";

/// The text with an ellipsis for the body of each function, as long as before; `None` where there is nothing to leave
/// out, or where the blocks of the text are not certain.
pub(super) fn skim(text: &str) -> Option<String> {
    // A lone one ends a line, too.
    if text.contains('\r') {
        return None;
    }
    let mut lines = Lines {
        bytes: text.as_bytes(),
        at: 0,
    };
    let mut skimmed = Vec::with_capacity(text.len());
    let mut copied = 0;
    let mut next = lines.code()?;
    while let Some(line) = next {
        next = lines.code()?;
        if !line.begins_function {
            continue;
        }
        let mut body: Option<Line> = None;
        while let Some(inner) = next.filter(|inner| inner.indent > line.indent) {
            let start = body.map_or(inner.start, |body| body.start);
            body = Some(Line { start, ..inner });
            next = lines.code()?;
        }
        if let Some(body) = body
            && lines.put_for(&body, copied, &mut skimmed).is_some()
        {
            copied = body.end;
        }
    }
    if copied == 0 {
        return None;
    }
    skimmed.extend_from_slice(lines.bytes.get(copied..)?);
    String::from_utf8(skimmed).ok()
}

/// A logical line with code.
#[derive(Clone, Copy)]
struct Line {
    /// In columns, a tab being eight at most (Python's reference, section 2.1.8).
    indent: usize,
    /// The first byte of its code, and the end of the last, comments left out.
    start: usize,
    end: usize,
    /// Whether it is `def ...:`, its body on the lines that follow.
    begins_function: bool,
}

struct Lines<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Lines<'_> {
    /// Adds what lies between `from` and the end of a body, with an ellipsis at the end of the body and a comment for the
    /// rest of it, as a lexer goes past a comment in one step; `None` where it has no room.
    fn put_for(&self, body: &Line, from: usize, skimmed: &mut Vec<u8>) -> Option<()> {
        let before = self.bytes.get(from..body.start)?;
        let indent = before.rsplit(|byte| *byte == b'\n').next()?;
        let room = body.end.checked_sub(body.start)?;
        let comment = room.checked_sub(ELLIPSIS.len() + indent.len() + 1)?;
        if comment == 0 || self.bytes.get(body.end.checked_sub(1)?) == Some(&b';') {
            return None;
        }
        skimmed.extend_from_slice(before);
        skimmed.resize(skimmed.len() + comment, b'#');
        skimmed.push(b'\n');
        skimmed.extend_from_slice(indent);
        skimmed.extend_from_slice(ELLIPSIS);
        Some(())
    }

    /// The next logical line with code; `Some(None)` at the end, `None` where a line has no certain end.
    #[expect(
        clippy::option_option,
        reason = "`?` at each call: what is not certain ends the whole"
    )]
    fn code(&mut self) -> Option<Option<Line>> {
        loop {
            let indent = self.indent();
            match self.bytes.get(self.at) {
                None => return Some(None),
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.comment(),
                Some(_) => return self.line(indent).map(Some),
            }
        }
    }

    fn indent(&mut self) -> usize {
        let mut columns: usize = 0;
        loop {
            columns = match self.bytes.get(self.at) {
                Some(b' ') => columns + 1,
                Some(b'\t') => (columns / 8 + 1) * 8,
                Some(b'\x0c') => 0,
                _ => return columns,
            };
            self.at += 1;
        }
    }

    /// Goes on to the next byte that is wanted, or to the end.
    fn go_to(&mut self, is_wanted: impl Fn(u8) -> bool) {
        let plain = self.rest().iter().position(|byte| is_wanted(*byte));
        self.at = plain.map_or(self.bytes.len(), |plain| self.at + plain);
    }

    fn comment(&mut self) {
        self.go_to(|byte| byte == b'\n');
    }

    fn line(&mut self, indent: usize) -> Option<Line> {
        let start = self.at;
        // Where the comment began that ends with the line.
        let mut comment = None;
        let mut open: usize = 0;
        loop {
            self.go_to(|byte| {
                let opens = matches!(byte, b'(' | b'[' | b'{' | b')' | b']' | b'}');
                opens || matches!(byte, b'\n' | b'#' | b'\\' | b'"' | b'\'')
            });
            match self.bytes.get(self.at) {
                None => break,
                Some(b'\n') if open == 0 => break,
                Some(b'#') => {
                    comment = Some(self.at);
                    self.comment();
                    continue;
                }
                Some(b'\\') => self.at += 2,
                Some(quote @ (b'"' | b'\'')) => self.string(*quote)?,
                Some(b'(' | b'[' | b'{') => {
                    open += 1;
                    self.at += 1;
                }
                Some(b')' | b']' | b'}') => {
                    open = open.checked_sub(1)?;
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
            comment = None;
        }
        let written = self.bytes.get(start..comment.unwrap_or(self.at))?;
        let code = written.trim_ascii_end();
        let is_function = code.starts_with(b"def ") || code.starts_with(b"async def ");
        (open == 0).then_some(Line {
            indent,
            start,
            end: start + code.len(),
            begins_function: is_function && code.ends_with(b":"),
        })
    }

    /// Goes past a string literal, its prefix being behind.
    fn string(&mut self, quote: u8) -> Option<()> {
        let triple = [quote; 3];
        let is_triple = self.rest().starts_with(&triple);
        self.at += if is_triple { 3 } else { 1 };
        loop {
            self.go_to(|byte| byte == quote || byte == b'\\' || (byte == b'\n' && !is_triple));
            match self.bytes.get(self.at)? {
                b'\\' => self.at += 2,
                b'\n' => return None,
                _ if !is_triple => {
                    self.at += 1;
                    return Some(());
                }
                _ if self.rest().starts_with(&triple) => {
                    self.at += 3;
                    return Some(());
                }
                _ => self.at += 1,
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_ast::visitor::{Visitor, walk_stmt};
    use ruff_python_ast::{PySourceType, Stmt};
    use ruff_python_parser::parse_unchecked_source;
    use ruff_text_size::{Ranged, TextRange};

    use super::*;

    /// Where every statement outside of functions stands.
    #[derive(Default)]
    struct Places(Vec<TextRange>);

    impl<'a> Visitor<'a> for Places {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            self.0.push(statement.range());
            if !statement.is_function_def_stmt() {
                walk_stmt(self, statement);
            }
        }
    }

    fn places(text: &str) -> Vec<TextRange> {
        let parsed = parse_unchecked_source(text, PySourceType::Python);
        assert!(
            parsed.errors().is_empty(),
            "{:?} in {text}",
            parsed.errors()
        );
        let mut places = Places::default();
        for statement in &parsed.syntax().body {
            places.visit_stmt(statement);
        }
        places.0
    }

    #[test]
    fn all_but_the_bodies_of_functions_keeps_its_place() {
        let text = include_str!("skim/samples.py.txt");
        let skimmed = skim(text).expect("it has functions");
        assert_eq!(skimmed.len(), text.len());
        assert_eq!(places(&skimmed), places(text));
        assert!(!skimmed.contains("body"), "{skimmed}");
        assert_eq!(
            skimmed.matches("kept").count(),
            text.matches("kept").count()
        );
    }

    #[test]
    fn blocks_that_are_not_certain_are_left_alone() {
        for text in [
            "x = 1\n",
            "def f(): return 1\n",
            "def f():\n    x = (1\n",
            "def f():\n    x = 'a\n    y = 1\n",
            "def f():\n    return '''\n",
            "def f():\n    x = 1)\n",
            "def f():\r    return 12\r",
            "def f():\n    return 123;\n",
            "def f():\n    1\n",
            "def f():\n    return\n",
        ] {
            assert_eq!(skim(text), None, "{text:?}");
        }
    }
}
