//! Edits of files: the new text, and the difference as people review it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::source::{Origin, Span};

use super::quote::in_comment;

/// A file with the text that it is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEdit {
    pub path: PathBuf,
    /// The text that was read; none where there is no such file yet.
    pub before: Option<String>,
    pub after: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error(
        "{}: two repairs change the same text, at line {one} and at line {other}; choose one of them",
        path.display()
    )]
    Overlap { path: PathBuf, one: u32, other: u32 },
    #[error("{}: a repair changes a place that is not in the file", path.display())]
    NoSuchPlace { path: PathBuf },
    #[error("{}: the file was read twice and differs; run the command again", path.display())]
    ReadTwice { path: PathBuf },
}

/// The files with all of these edits made, in order of path. Equal edits count once; several insertions at one place
/// stand in the order in which they were given.
///
/// # Errors
/// When two edits change the same text, or one a place that is not there.
pub fn edited(edits: &[(Origin, String)]) -> Result<Vec<FileEdit>, EditError> {
    let mut files: BTreeMap<&Path, Vec<&(Origin, String)>> = BTreeMap::new();
    for edit in edits {
        let of_file = files.entry(edit.0.file.path()).or_default();
        let known = of_file
            .iter()
            .any(|other| other.0.span == edit.0.span && other.1 == edit.1);
        if !known {
            of_file.push(edit);
        }
    }
    files
        .into_iter()
        .map(|(path, edits)| one_file(path, edits))
        .collect()
}

fn one_file(path: &Path, mut edits: Vec<&(Origin, String)>) -> Result<FileEdit, EditError> {
    edits.sort_by_key(|(origin, _)| origin.span);
    let text = edits.first().map_or("", |(origin, _)| origin.file.text());
    if edits.iter().any(|(origin, _)| origin.file.text() != text) {
        return Err(EditError::ReadTwice {
            path: path.to_owned(),
        });
    }
    let mut after = String::with_capacity(text.len());
    let mut last: Option<&Origin> = None;
    for (origin, new) in &edits {
        let start = last.map_or(0, |last| last.span.end);
        if let Some(last) = last
            && origin.span.start < last.span.end
        {
            return Err(EditError::Overlap {
                path: path.to_owned(),
                one: last.line_column().line,
                other: origin.line_column().line,
            });
        }
        let kept = text.get(Span::new(start, origin.span.start).range());
        match (kept, text.get(origin.span.range())) {
            (Some(kept), Some(_)) => after.push_str(kept),
            _ => {
                return Err(EditError::NoSuchPlace {
                    path: path.to_owned(),
                });
            }
        }
        after.push_str(&with_line_ends_of(text, new));
        last = Some(origin);
    }
    let end = last.map_or(0, |last| last.span.end as usize);
    after.push_str(text.get(end..).unwrap_or_default());
    Ok(FileEdit {
        path: path.to_owned(),
        before: Some(text.to_owned()),
        after,
    })
}

/// A file of Windows' line ends keeps them.
fn with_line_ends_of(file: &str, new: &str) -> String {
    if file.contains("\r\n") {
        new.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        new.to_owned()
    }
}

impl FileEdit {
    /// A file that is not there yet.
    pub fn new_file(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            before: None,
            after: text.into(),
        }
    }

    /// A unified diff, as `git apply` and `patch -p1` take it.
    pub fn diff(&self) -> String {
        let path = in_comment(&self.path.to_string_lossy().replace('\\', "/"));
        let path = path.trim_start_matches('/');
        let old = match &self.before {
            Some(_) => format!("a/{path}"),
            None => "/dev/null".to_owned(),
        };
        let before = self.before.as_deref().unwrap_or_default();
        TextDiff::from_lines(before, &self.after)
            .unified_diff()
            .header(&old, &format!("b/{path}"))
            .to_string()
    }
}
