//! Asks git, by running its binary: explicit arguments, no shell, output that is made for programs.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why git could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("git is not installed or not on the PATH")]
    NotInstalled,
    #[error("there is no git repository")]
    NoRepository,
    #[error("`git {command}` failed: {message}")]
    Failed { command: String, message: String },
    #[error("`git {command}` cannot be run: {source}")]
    Io {
        command: String,
        source: std::io::Error,
    },
    #[error(
        "`{revision}` is no revision of this repository; fetch it (`git fetch --tags`, or `--unshallow` in a shallow clone) or name another with `--since`"
    )]
    UnknownRevision { revision: String },
}

/// A repository with a working tree.
#[derive(Debug, Clone)]
pub(super) struct Git {
    /// The root of the working tree, links resolved.
    pub top: PathBuf,
    pub is_shallow: bool,
    /// The index of a commit in progress, which git hands to its hooks.
    index: Option<PathBuf>,
}

/// What is checked out, and what differs from it.
#[derive(Debug, Default)]
pub(super) struct Status {
    /// `None` before the first commit.
    pub head: Option<String>,
    /// `None` when HEAD is detached.
    pub branch: Option<String>,
    /// Untracked, modified or staged; absolute.
    pub changed: BTreeSet<PathBuf>,
}

/// A reference that exists.
#[derive(Debug)]
pub(super) struct Reference {
    /// Full, a symbolic one (`origin/HEAD`) resolved.
    pub name: String,
    pub commit: String,
}

/// A file of a revision beside the file of the working tree.
#[derive(Debug)]
pub(super) struct FileChange {
    pub path: PathBuf,
    pub kind: ChangeKind,
}

#[derive(Debug)]
pub(super) enum ChangeKind {
    Added,
    /// Also moved: then with its old path. The blob is that of the revision.
    Edited {
        old_path: PathBuf,
        old_blob: String,
    },
}

/// Variables by which git tells its hooks of a repository: they would win over the folder that is asked about.
const REPOSITORY_VARIABLES: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
];

/// Files that may hold migrations.
const PATTERNS: [&str; 2] = ["*.py", "*.sql"];

impl Git {
    /// The repository that a folder belongs to.
    pub(super) fn open(folder: &Path) -> Result<Self, GitError> {
        Self::open_in_hook(folder, std::env::var_os("GIT_INDEX_FILE"))
    }

    /// The same, where `index` is what git names to its hooks.
    pub(super) fn open_in_hook(folder: &Path, index: Option<OsString>) -> Result<Self, GitError> {
        let arguments = [
            "rev-parse",
            "--show-toplevel",
            "--is-shallow-repository",
            "--absolute-git-dir",
        ];
        let output = run(command(folder, None), &arguments, &[]).map_err(|error| match error {
            GitError::Failed { message, .. }
                if message.contains("not a git repository")
                    || message.contains("must be run in a work tree") =>
            {
                GitError::NoRepository
            }
            other => other,
        })?;
        let text = String::from_utf8_lossy(&output).into_owned();
        let mut lines = text.lines();
        let top = PathBuf::from(lines.next().unwrap_or_default());
        let is_shallow = lines.next() == Some("true");
        let folder = PathBuf::from(lines.next().unwrap_or_default());
        Ok(Self {
            top,
            is_shallow,
            index: index.and_then(|index| index_of_hook(index, &folder)),
        })
    }

    pub(super) fn status(&self) -> Result<Status, GitError> {
        let arguments = [
            "status",
            "--porcelain=v2",
            "--branch",
            "-z",
            "--untracked-files=all",
            "--ignore-submodules=all",
            "--no-renames",
            "--",
        ];
        let output = self.ask(&[&arguments[..], &PATTERNS[..]].concat(), &[])?;
        let mut status = Status::default();
        for record in records(&output) {
            if let Some(oid) = record.strip_prefix("# branch.oid ") {
                status.head = (oid != "(initial)").then(|| oid.to_owned());
            } else if let Some(name) = record.strip_prefix("# branch.head ") {
                status.branch = (name != "(detached)").then(|| name.to_owned());
            } else if let Some(path) = changed_path(&record) {
                status.changed.insert(self.top.join(path));
            }
        }
        Ok(status)
    }

    /// The first of the references that exists.
    pub(super) fn first_reference(&self, names: &[String]) -> Result<Option<Reference>, GitError> {
        let mut arguments = vec![
            "for-each-ref",
            "--format=%(refname) %(objectname) %(symref)",
        ];
        arguments.extend(names.iter().map(String::as_str));
        let output = self.ask(&arguments, &[])?;
        let text = String::from_utf8_lossy(&output);
        let found = names.iter().find_map(|name| {
            text.lines().find_map(|line| {
                let mut parts = line.split(' ');
                if parts.next() != Some(name) {
                    return None;
                }
                let commit = parts.next()?.to_owned();
                let symbolic = parts.next().filter(|target| !target.is_empty());
                Some(Reference {
                    name: symbolic.unwrap_or(name).to_owned(),
                    commit,
                })
            })
        });
        Ok(found)
    }

    /// The commit that a revision names; `None` where there is none.
    pub(super) fn commit(&self, revision: &str) -> Result<Option<String>, GitError> {
        let revision = format!("{revision}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            revision.as_str(),
        ];
        self.line_or_nothing(&arguments)
    }

    /// The best common ancestor; `None` where the histories do not meet (in a shallow clone: not yet).
    pub(super) fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, GitError> {
        self.line_or_nothing(&["merge-base", one, other])
    }

    /// What differs between a commit and the working tree.
    pub(super) fn changes_since(&self, commit: &str) -> Result<Vec<FileChange>, GitError> {
        let arguments = [
            "diff",
            "--raw",
            "-z",
            "--no-abbrev",
            "--find-renames",
            "--no-ext-diff",
            "--ignore-submodules=all",
            commit,
            "--",
        ];
        let output = self.ask(&[&arguments[..], &PATTERNS[..]].concat(), &[])?;
        let records = records(&output).collect::<Vec<_>>();
        Ok(self.changes_of(records))
    }

    /// The texts of blobs, in their order; `None` for one that is not there.
    pub(super) fn texts(&self, blobs: &[&str]) -> Result<Vec<Option<String>>, GitError> {
        let mut wanted = blobs.join("\n");
        wanted.push('\n');
        let output = self.ask(&["cat-file", "--batch"], wanted.as_bytes())?;
        let mut rest = output.as_slice();
        let texts = blobs.iter().map(|_| next_blob(&mut rest));
        Ok(texts.collect())
    }

    /// Reads `:<modes> <old> <new> A`, path, or `... R090`, old path, new path.
    fn changes_of(&self, records: Vec<String>) -> Vec<FileChange> {
        let mut changes = Vec::new();
        let mut records = records.into_iter();
        while let Some(head) = records.next() {
            let mut parts = head.split(' ').skip(2);
            let old_blob = parts.next().unwrap_or_default().to_owned();
            let letter = parts.nth(1).and_then(|kind| kind.chars().next());
            let Some(first) = records.next().map(|path| self.top.join(path)) else {
                break;
            };
            let edited = |old_path| ChangeKind::Edited { old_path, old_blob };
            let (path, kind) = match letter {
                Some('A') => (first, ChangeKind::Added),
                Some('R' | 'C') => match records.next() {
                    Some(path) => (self.top.join(path), edited(first)),
                    None => break,
                },
                Some('M' | 'T') => (first.clone(), edited(first)),
                _ => continue,
            };
            changes.push(FileChange { path, kind });
        }
        changes
    }

    fn ask(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        run(command(&self.top, self.index.as_deref()), arguments, input)
    }

    /// The answer of a command that fails in silence where there is none.
    fn line_or_nothing(&self, arguments: &[&str]) -> Result<Option<String>, GitError> {
        match self.ask(arguments, &[]) {
            Ok(output) => {
                let text = String::from_utf8_lossy(&output);
                Ok(text.lines().next().map(str::to_owned))
            }
            Err(GitError::Failed { message, .. }) if message.is_empty() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// `git` in a folder, deaf to the user's language, pager and settings that change its output.
fn command(folder: &Path, index: Option<&Path>) -> Command {
    let mut command = Command::new("git");
    for variable in REPOSITORY_VARIABLES {
        command.env_remove(variable);
    }
    command
        .env("LC_ALL", "C")
        .env("GIT_LITERAL_PATHSPECS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .arg("-C")
        .arg(folder)
        .args(["--no-pager", "--no-optional-locks"])
        .args(["-c", "core.quotePath=false", "-c", "diff.relative=false"]);
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    command
}

fn run(mut command: Command, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
    let name = || (*arguments.first().unwrap_or(&"")).to_owned();
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => GitError::NotInstalled,
        _ => GitError::Io {
            command: name(),
            source,
        },
    };
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // Written beside the reading: a full pipe on one side would stop the other.
        scope.spawn(move || stdin.map(|mut pipe| pipe.write_all(input)));
        child.wait_with_output()
    })
    .map_err(failed)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(GitError::Failed {
        command: name(),
        message: message.trim().trim_start_matches("fatal: ").to_owned(),
    })
}

/// The index that git named to the hook which runs us, if the hook belongs to this repository.
///
/// A commit of named paths builds its own index (`GIT_INDEX_FILE`), relative to where the hook runs.
fn index_of_hook(index: OsString, git_folder: &Path) -> Option<PathBuf> {
    let index = std::path::absolute(PathBuf::from(index)).ok()?;
    let resolved = |path: &Path| crate::source::canonical(path).ok();
    let own = resolved(git_folder)?;
    let holder = resolved(index.parent()?)?;
    (holder == own).then_some(index)
}

fn records(output: &[u8]) -> impl Iterator<Item = String> {
    output
        .split(|byte| *byte == 0)
        .filter(|record| !record.is_empty())
        .map(|record| String::from_utf8_lossy(record).into_owned())
}

/// The path of a record of `git status --porcelain=v2`: `1 XY sub mH mI mW hH hI path`, `u ... path`, `? path`.
fn changed_path(record: &str) -> Option<&str> {
    match record.split_once(' ')? {
        ("?", path) => Some(path),
        ("1", rest) => rest.splitn(8, ' ').nth(7),
        ("u", rest) => rest.splitn(10, ' ').nth(9),
        _ => None,
    }
}

/// Takes `<oid> blob <size>\n<content>\n` from the front.
fn next_blob(rest: &mut &[u8]) -> Option<String> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let head = String::from_utf8_lossy(rest.get(..end)?).into_owned();
    *rest = rest.get(end + 1..)?;
    let size = head.split(' ').nth(2)?.parse::<usize>().ok()?;
    let content = rest.get(..size)?;
    *rest = rest.get(size + 1..).unwrap_or_default();
    String::from_utf8(content.to_vec()).ok()
}
