//! Where a Python text can be made unknown, and what it says then.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

/// What stands in place of a value: valid Python, and known to nobody.
const UNKNOWN: &str = "mystery()";

/// A part of a file, and the text that makes it unknown.
#[derive(Debug, Clone)]
pub struct Hole {
    pub file: PathBuf,
    pub range: Range<usize>,
    pub text: String,
}

static LITERAL: LazyLock<Regex> = LazyLock::new(|| {
    let long = r#"(?P<long>"""(?s:.*?)""")"#;
    let text = r#"(?P<text>'[^'\n]*'|"[^"\n]*")"#;
    let plain = r"(?P<plain>\b\d+\b|\b(?:True|False|None)\b)";
    Regex::new(&format!("{long}|(?P<comment>#[^\n]*)|{text}|{plain}")).unwrap()
});

/// A dotted name that is used, not bound: as a value, a class that is called, a base.
static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*").unwrap());

const KEYWORDS: [&str; 34] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "self",
    "print",
];

impl Hole {
    fn new(file: &Path, range: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            range,
            text: text.into(),
        }
    }

    /// The text with the hole in it. What follows stays on its line.
    pub fn punched(&self, text: &str) -> String {
        let lines = |text: &str| text.matches('\n').count();
        let lost = lines(&text[self.range.clone()]).saturating_sub(lines(&self.text));
        let filled = format!("mystery({})", "\n".repeat(lost));
        let mut punched = text.to_owned();
        punched.replace_range(self.range.clone(), &self.text.replace(UNKNOWN, &filled));
        punched
    }
}

/// Every hole of a text, in order.
pub fn holes(file: &Path, text: &str) -> Vec<Hole> {
    let masked = masked(text);
    let mut holes = literals(file, text);
    holes.extend(names(file, &masked));
    holes.extend(items(file, text, &masked));
    holes.extend(classes(file, &masked));
    holes.sort_by_key(|hole| (hole.range.start, hole.range.end));
    holes.dedup_by_key(|hole| (hole.range.clone(), hole.text.clone()));
    holes
}

/// Strings, numbers, `True`; and a word in the middle of a longer string.
fn literals(file: &Path, text: &str) -> Vec<Hole> {
    let mut holes = Vec::new();
    for found in LITERAL.captures_iter(text) {
        if let Some(plain) = found.name("plain") {
            holes.push(Hole::new(file, plain.range(), UNKNOWN));
        }
        let string = found.name("text").or_else(|| {
            // A documentation string is nobody's value.
            let long = found.name("long")?;
            let line = text[..long.start()].rsplit('\n').next()?;
            (!line.trim().is_empty()).then_some(long)
        });
        let Some(string) = string else { continue };
        let before = text[..string.start()].chars().next_back();
        if before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        holes.push(Hole::new(file, string.range(), UNKNOWN));
        let words: Vec<_> = string.as_str().match_indices(' ').collect();
        if let [_, .., _] = words.as_slice() {
            let middle = words.len() / 2;
            let from = words[middle - 1].0 + 1;
            let to = words[middle].0;
            let inside = string.as_str().replace(['{', '}'], " ");
            if from < to {
                let punched = format!("f{}{{{UNKNOWN}}}{}", &inside[..from], &inside[to..]);
                holes.push(Hole::new(file, string.range(), punched));
            }
        }
    }
    holes
}

/// The text with strings and comments blanked out, of the same length.
fn masked(text: &str) -> String {
    let mut masked = text.as_bytes().to_vec();
    for found in LITERAL.captures_iter(text) {
        let hidden = found
            .name("long")
            .or(found.name("comment"))
            .or(found.name("text"));
        if let Some(hidden) = hidden {
            masked[hidden.range()].fill(b'0');
        }
    }
    String::from_utf8(masked).unwrap()
}

fn names(file: &Path, masked: &str) -> Vec<Hole> {
    let mut holes = Vec::new();
    for found in NAME.find_iter(masked) {
        let line = masked[..found.start()].rsplit('\n').next().unwrap();
        let after = masked[found.end()..].trim_start_matches(' ');
        let first = line.split_whitespace().next().unwrap_or(found.as_str());
        let binds = ["import", "from", "def", "for", "with", "global", "except"].contains(&first)
            || line.contains(" for ")
            || line.contains("lambda")
            || line.trim_start().starts_with("class ") && !line.contains('(')
            || after.starts_with('=') && !after.starts_with("==")
            || after.starts_with(':')
            || after.starts_with(" for ");
        let literal = line.ends_with(|letter: char| letter.is_alphanumeric() || letter == '.');
        let keyword = KEYWORDS.contains(&found.as_str())
            || ["True", "False", "None"].contains(&found.as_str());
        if !binds && !literal && !keyword {
            holes.push(Hole::new(file, found.range(), UNKNOWN));
        }
    }
    holes
}

/// Whole items of brackets: the value of `name=value`, else all of it; and the value of an assignment.
fn items(file: &Path, text: &str, masked: &str) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let bytes = masked.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => open.push(at + 1),
            b',' | b')' | b']' | b'}' => {
                let Some(start) = open.pop() else { continue };
                holes.extend(item(file, text, masked, start..at));
                if *byte == b',' {
                    open.push(at + 1);
                } else if open.is_empty() {
                    // The value of a statement `name = [...]`.
                    let line = masked[..start].rfind('\n').map_or(0, |line| line + 1);
                    if let Some(equals) = masked[line..start].find(" = ") {
                        let from = line + equals + 3;
                        if masked[at + 1..].starts_with('\n') {
                            holes.push(Hole::new(file, from..at + 1, UNKNOWN));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    holes
}

fn item(file: &Path, text: &str, masked: &str, range: Range<usize>) -> Option<Hole> {
    let written = &masked[range.clone()];
    let trimmed = written.trim();
    if trimmed.is_empty() || trimmed.starts_with('*') || text[range.clone()].contains('#') {
        return None;
    }
    let mut start = range.start + written.find(trimmed)?;
    let end = start + trimmed.len();
    let name = trimmed.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    if let Some(equals) = name
        && trimmed[equals..].starts_with('=')
        && !trimmed[equals..].starts_with("==")
    {
        start += equals + 1;
    }
    if trimmed.contains(" for ") || masked[start..end].contains(": ") {
        return None;
    }
    Some(Hole::new(file, start..end, UNKNOWN))
}

/// A whole class: `X = mystery()`.
fn classes(file: &Path, masked: &str) -> Vec<Hole> {
    let class = Regex::new(r"(?m)^class (\w+)[^\n]*\n(?:(?:[ \t][^\n]*)?\n)*").unwrap();
    class
        .captures_iter(masked)
        .map(|found| {
            let whole = found.get(0).unwrap().range();
            Hole::new(file, whole, format!("{} = {UNKNOWN}\n", &found[1]))
        })
        .collect()
}
