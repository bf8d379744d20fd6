//! The list of statements, as it stands in `testdata/postgres/ddl`.

use std::path::Path;

use crate::environment;

/// The statements of one file.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) name: String,
    /// Without the semicolons that end them.
    pub(crate) statements: Vec<String>,
}

/// Statements that the grammar of some supported version accepts.
pub(crate) fn accepted_families() -> Vec<Family> {
    families("")
}

/// Statements that no supported version takes.
pub(crate) fn rejected_families() -> Vec<Family> {
    families("rejected")
}

fn families(folder: &str) -> Vec<Family> {
    let folder = environment::repository()
        .join("testdata/postgres/ddl")
        .join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    files.sort();
    files.iter().map(|path| family(path)).collect()
}

/// A statement begins at the start of a line and goes on over the lines that are indented.
fn family(path: &Path) -> Family {
    let text = std::fs::read_to_string(path).unwrap();
    let mut statements: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with("--") || line.trim().is_empty() {
            continue;
        }
        match statements.last_mut() {
            Some(last) if line.starts_with(' ') => {
                last.push('\n');
                last.push_str(line);
            }
            _ => statements.push(line.to_owned()),
        }
    }
    for statement in &mut statements {
        let text = statement.strip_suffix(';');
        *statement = text
            .unwrap_or_else(|| panic!("{}: no semicolon ends: {statement}", path.display()))
            .to_owned();
    }
    Family {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        statements,
    }
}
