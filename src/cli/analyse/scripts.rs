//! SQL files that were named, and standard input.

use std::path::Path;
use std::sync::Arc;

use super::{Request, STDIN};
use crate::history::{Judged, Replay};
use crate::lint::{Newness, Problem};
use crate::source::{self, Comment, Origin, SourceFile};
use crate::sql;

pub(super) struct Scripts {
    pub(super) files: Vec<Arc<SourceFile>>,
    pub(super) problems: Vec<Problem>,
}

pub(super) fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "sql")
}

impl Scripts {
    pub(super) fn read(request: &Request<'_>) -> Self {
        let mut scripts = Self {
            files: Vec::new(),
            problems: Vec::new(),
        };
        for path in request.paths.iter().filter(|path| is_script(path)) {
            match source::read(path) {
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
            replay.script(file, judged);
        }
    }

    pub(super) fn comments(&self) -> Vec<Comment> {
        self.files
            .iter()
            .flat_map(|file| {
                sql::comments(file.text())
                    .into_iter()
                    .map(|comment| Comment {
                        text: comment.text.to_string(),
                        origin: Origin::new(file, comment.span),
                    })
            })
            .collect()
    }
}
