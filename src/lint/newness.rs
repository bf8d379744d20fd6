//! Which migrations are judged by event rules: those that have not been deployed yet.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::compared_with::ComparedWith;
use super::git::{ChangeKind, Git, GitError, Status};
use crate::django::migration::MigrationKey;
use crate::source;

/// What the user asked for.
#[derive(Debug, Clone, Default)]
pub struct NewnessRequest {
    /// `--all`.
    pub all: bool,
    /// `--since REV`, or `since` of the configuration.
    pub since: Option<String>,
    /// `after = { shop = "0042" }`: the app label, and the last migration that is deployed.
    pub after: BTreeMap<String, String>,
    /// Single files named on the command line, and standard input: new, whatever the basis.
    pub files: Vec<PathBuf>,
    /// Whether folders were named beside them: then git is asked for what is in those.
    pub folders_too: bool,
    /// The folder whose repository is asked.
    pub folder: PathBuf,
}

/// The basis of what is new, for the summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    pub kind: BasisKind,
    /// Completes "2 of 1,000 migrations are new": `since origin/main`.
    pub words: String,
    /// What is missing for a better answer, and how to mend it.
    pub advice: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BasisKind {
    /// All are new, because the user said so, or because nothing tells what is deployed.
    All,
    /// All are new, as no repository tells otherwise.
    NoGit,
    /// The files named on the command line.
    Files,
    /// A revision, given or found, or the migrations of `after`.
    Revision,
    /// What a live database has not applied.
    Database,
}

/// The migrations that are created by one deployment: what one creates, the others may touch freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Deployment {
    EachMigration,
    AllNewTogether,
}

/// Tells new migrations from old ones.
#[derive(Debug, Clone)]
pub struct Newness {
    pub basis: Basis,
    after: BTreeMap<String, String>,
    named: BTreeSet<PathBuf>,
    judge: Judge,
}

/// A file as it stands at the revision that new is counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Where the file stands now.
    pub path: PathBuf,
    pub text: String,
}

#[derive(Debug, Clone)]
enum Judge {
    Everything,
    /// What is named, and nothing else.
    Named,
    Repository(Box<Comparison>),
}

#[derive(Debug, Clone)]
struct Comparison {
    git: Git,
    new: BTreeSet<PathBuf>,
    /// The blobs, at the merge base, of files that differ now.
    edited: BTreeMap<PathBuf, String>,
}

impl BasisKind {
    pub fn deployment(self) -> Deployment {
        match self {
            Self::All | Self::NoGit | Self::Files => Deployment::EachMigration,
            Self::Revision | Self::Database => Deployment::AllNewTogether,
        }
    }
}

impl Newness {
    /// Finds the basis by the first of: `--all`, `since`, `after` (for the apps that it names), files, git,
    /// everything.
    ///
    /// # Errors
    /// When `since` cannot be answered. Anything else that git fails at is told in the basis.
    pub fn find(
        request: &NewnessRequest,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GitError> {
        if request.all {
            return Ok(Self::everything(BasisKind::All, "with `--all`", None));
        }
        if let Some(revision) = &request.since {
            let git = Git::open(&request.folder)?;
            let base = ComparedWith::revision(&git, revision)?;
            let status = git.status()?;
            return Ok(Self::compared(git, status, base)?.with_named(request));
        }
        let mut newness = Self::without_revision(request, environment).with_named(request);
        if !request.after.is_empty() {
            newness.after.clone_from(&request.after);
            newness.basis = after_basis(&request.after, newness.basis);
        }
        Ok(newness)
    }

    /// What a live database has not applied is new.
    pub fn unapplied(database: &str) -> Self {
        let words = format!("as not applied in {database}");
        Self::everything(BasisKind::Database, &words, None)
    }

    fn without_revision(
        request: &NewnessRequest,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        if !request.files.is_empty() && !request.folders_too {
            let words = "as named on the command line";
            return Self {
                judge: Judge::Named,
                ..Self::everything(BasisKind::Files, words, None)
            };
        }
        match Self::from_repository(&request.folder, environment) {
            Ok(newness) => newness,
            Err(GitError::NoRepository) => Self::everything(
                BasisKind::NoGit,
                "as there is no git repository to tell (each is judged as its own deployment)",
                None,
            ),
            Err(error) => Self::everything(
                BasisKind::NoGit,
                "as git could not tell (each is judged as its own deployment)",
                Some(error.to_string()),
            ),
        }
    }

    /// Whether event rules judge a migration (with its key) or a script (without).
    pub fn is_new(&self, path: &Path, key: Option<&MigrationKey>) -> bool {
        if let Some(last) = key.and_then(|key| self.after.get(&*key.app_label)) {
            return key.is_some_and(|key| comes_after(&key.name, last));
        }
        match &self.judge {
            Judge::Everything => true,
            Judge::Named => self.named.contains(&resolved(path)),
            Judge::Repository(comparison) => {
                let path = resolved(path);
                !path.starts_with(&comparison.git.top)
                    || comparison.new.contains(&path)
                    || self.named.contains(&path)
            }
        }
    }

    /// Of these files those that differ from what the merge base holds, with the text that it holds.
    ///
    /// # Errors
    /// When git fails.
    pub fn released(&self, paths: &[PathBuf]) -> Result<Vec<Released>, GitError> {
        let Judge::Repository(comparison) = &self.judge else {
            return Ok(Vec::new());
        };
        let edited = paths
            .iter()
            .filter_map(|path| Some((path, comparison.edited.get(&resolved(path))?)))
            .collect::<Vec<_>>();
        if edited.is_empty() {
            return Ok(Vec::new());
        }
        let blobs = edited.iter().map(|(_, blob)| blob.as_str());
        let texts = comparison.git.texts(&blobs.collect::<Vec<_>>())?;
        let released = edited
            .into_iter()
            .zip(texts)
            .filter_map(|((path, _), text)| {
                Some(Released {
                    path: path.clone(),
                    text: text?,
                })
            });
        Ok(released.collect())
    }

    fn with_named(mut self, request: &NewnessRequest) -> Self {
        self.named = request.files.iter().map(|file| resolved(file)).collect();
        self
    }

    fn everything(kind: BasisKind, words: &str, advice: Option<String>) -> Self {
        Self {
            basis: Basis {
                kind,
                words: words.to_owned(),
                advice,
            },
            after: BTreeMap::new(),
            named: BTreeSet::new(),
            judge: Judge::Everything,
        }
    }

    fn from_repository(
        folder: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GitError> {
        let git = Git::open(folder)?;
        let status = git.status()?;
        let Some(head) = status.head.as_deref() else {
            let words = "as nothing is committed yet (each is judged as its own deployment)";
            return Ok(Self::everything(BasisKind::All, words, None));
        };
        let base = ComparedWith::base_branch(&git, &status, head, environment)?;
        Self::compared(git, status, base)
    }

    fn compared(git: Git, status: Status, base: ComparedWith) -> Result<Self, GitError> {
        let mut new = status.changed;
        let mut edited = BTreeMap::new();
        let changes = match &base.commit {
            Some(commit) => git.changes_since(commit)?,
            None => Vec::new(),
        };
        for change in changes {
            match change.kind {
                ChangeKind::Added => {
                    new.insert(change.path);
                }
                ChangeKind::Edited { old_path, old_blob } => {
                    // Django knows a migration by its app and file name: under another one it will run again.
                    if old_path.file_name() != change.path.file_name() {
                        new.insert(change.path);
                    } else if base.is_ancestor {
                        edited.insert(change.path, old_blob);
                    }
                }
            }
        }
        let basis = Basis {
            kind: BasisKind::Revision,
            words: base.words,
            advice: base.advice,
        };
        Ok(Self {
            basis,
            after: BTreeMap::new(),
            named: BTreeSet::new(),
            judge: Judge::Repository(Box::new(Comparison { git, new, edited })),
        })
    }
}

fn after_basis(after: &BTreeMap<String, String>, other: Basis) -> Basis {
    let named = after
        .iter()
        .map(|(app, name)| format!("{app}.{name}"))
        .collect::<Vec<_>>()
        .join(", ");
    Basis {
        kind: BasisKind::Revision,
        words: format!("after {named}, and in other apps {}", other.words),
        advice: other.advice,
    }
}

/// Whether a migration's name comes after `last` (`0042`, or a whole name): by number, then by name.
fn comes_after(name: &str, last: &str) -> bool {
    let number = |text: &str| {
        let digits = text.find(|letter: char| !letter.is_ascii_digit());
        let digits = text.get(..digits.unwrap_or(text.len())).unwrap_or_default();
        digits.parse::<u64>().ok()
    };
    match (number(name), number(last)) {
        (Some(one), Some(other)) if one != other => one > other,
        (Some(_), Some(_)) if last.bytes().all(|byte| byte.is_ascii_digit()) => false,
        _ => name > last,
    }
}

/// The absolute path with the links of its folder resolved, as git names it; a link itself stays one.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (Some(folder), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return absolute;
    };
    source::canonical(folder).map_or_else(|_| absolute.clone(), |folder| folder.join(name))
}

#[cfg(test)]
mod tests;
