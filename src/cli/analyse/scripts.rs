//! SQL files that were named, those of folders of SQL migrations, and standard input.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Request, STDIN, sql_folder};
use crate::history::{Judged, Replay};
use crate::lint::{Newness, Problem};
use crate::source::{self, Comment, Origin, SourceFile};
use crate::sql;

pub(super) struct Scripts {
    pub(super) files: Vec<Arc<SourceFile>>,
    pub(super) problems: Vec<Problem>,
}

/// The scripts that a path names: a file itself, the migrations of a folder in their order. `None` for what is Python's.
pub(super) fn named(path: &Path) -> Option<Vec<PathBuf>> {
    if path.extension().is_some_and(|kind| kind == "sql") {
        return Some(vec![path.to_owned()]);
    }
    sql_folder::scripts(path)
}

impl Scripts {
    pub(super) fn read(request: &Request<'_>) -> Self {
        let mut scripts = Self {
            files: Vec::new(),
            problems: Vec::new(),
        };
        let named = request.paths.iter().filter_map(|path| named(path));
        for path in named.flatten().filter(|path| !sql_folder::takes_back(path)) {
            match source::read(&path) {
                Ok(file) => scripts.files.push(file),
                Err(error) => scripts
                    .problems
                    .push(super::migration_files::unreadable(&error)),
            }
        }
        if let Some(text) = &request.stdin {
            scripts.files.push(SourceFile::new(STDIN, text.as_str()));
        }
        scripts
    }

    /// In the order in which they were named, after the migrations.
    pub(super) fn replay(&self, replay: &mut Replay<'_>, newness: &Newness) {
        for file in &self.files {
            let judged = if newness.is_new(file.path(), None) {
                Judged::New
            } else {
                Judged::Old
            };
            replay.forward(&sql_folder::forward(file), judged);
        }
    }

    pub(super) fn comments(&self) -> Vec<Comment> {
        self.files
            .iter()
            .flat_map(|file| {
                let forward = sql_folder::forward(file).forward;
                sql::comments(file.text())
                    .into_iter()
                    .filter(move |comment| forward.holds(comment.span))
                    .map(|comment| Comment {
                        text: comment.text.to_string(),
                        origin: Origin::new(file, comment.span),
                    })
            })
            .collect()
    }
}
