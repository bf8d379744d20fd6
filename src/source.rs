//! Files, places in them, and the way back from generated text to the file it came from.
//!
//! The only module that touches the file system: everything above it receives text.

use std::fmt;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

mod each;
mod map;
mod write;

pub use each::each_file;
pub use map::{Piece, SourceMap};
pub use write::{WriteError, create, remove, replace};

/// A half-open range of bytes in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: u32, end: u32) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// The span as a range that slices text; a file over 4 GiB is refused when it is read.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether another span lies in this one.
    pub fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// One file that was read: its path as it is printed, and its text.
#[derive(Debug)]
pub struct SourceFile {
    path: PathBuf,
    text: Arc<str>,
    /// Where its lines start, found when a line is first asked for: of most files none is.
    line_starts: OnceLock<Vec<u32>>,
}

/// A line and a column as people and editors count them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// Counted from 1.
    pub line: u32,
    /// Characters, not bytes, counted from 1.
    pub column: u32,
}

impl SourceFile {
    pub fn new(path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> Arc<Self> {
        Arc::new(Self {
            path: path.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
        })
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.match_indices('\n');
            std::iter::once(0)
                .chain(breaks.filter_map(|(at, _)| u32::try_from(at + 1).ok()))
                .collect()
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text in `span`; empty where the span does not fall on this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The line and column of a byte offset.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let line_starts = self.line_starts();
        let line = line_starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|index| line_starts.get(index))
            .copied()
            .unwrap_or(0);
        let before = self.slice(Span::new(start, offset));
        LineColumn {
            line: u32::try_from(line.max(1)).unwrap_or(u32::MAX),
            column: u32::try_from(before.chars().count())
                .unwrap_or(u32::MAX)
                .saturating_add(1),
        }
    }

    /// The span of a line counted from 1, without its line break.
    pub fn line_span(&self, line: u32) -> Option<Span> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let line_starts = self.line_starts();
        let start = *line_starts.get(index)?;
        let end = line_starts
            .get(index + 1)
            .map_or(self.text.len(), |next| *next as usize - 1);
        let line = self.text.get(start as usize..end)?;
        let kept = line.strip_suffix('\r').unwrap_or(line).len();
        Some(Span::new(start, start + u32::try_from(kept).ok()?))
    }
}

/// A span in a file, cheap to clone: where a value, a statement or an operation was written.
#[derive(Clone)]
pub struct Origin {
    pub file: Arc<SourceFile>,
    pub span: Span,
}

impl Origin {
    pub fn new(file: &Arc<SourceFile>, span: Span) -> Self {
        Self {
            file: Arc::clone(file),
            span,
        }
    }

    pub fn line_column(&self) -> LineColumn {
        self.file.line_column(self.span.start)
    }

    fn key(&self) -> (&Path, Span) {
        (self.file.path(), self.span)
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.span == other.span
            && (Arc::ptr_eq(&self.file, &other.file) || self.file.path() == other.file.path())
    }
}

impl Eq for Origin {}

impl PartialOrd for Origin {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Origin {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Of one file, as nearly all that are compared: to compare paths takes much longer.
        if Arc::ptr_eq(&self.file, &other.file) {
            self.span.cmp(&other.span)
        } else {
            self.key().cmp(&other.key())
        }
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.line_column();
        write!(
            formatter,
            "{}:{}:{}",
            self.file.path().display(),
            start.line,
            start.column
        )
    }
}

/// A comment of a Python or SQL file, for suppressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// With or without its marks (`#`, `--`, `/*`).
    pub text: String,
    /// With its marks.
    pub origin: Origin,
}

/// Why a file could not be read as text.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("cannot read `{}`: it is a binary file, not text", path.display())]
    Binary { path: PathBuf },
    #[error(
        "cannot read `{}`: line {line} is not valid UTF-8; save the file as UTF-8",
        path.display()
    )]
    NotUtf8 { path: PathBuf, line: usize },
    #[error(
        "cannot read `{}`: it has {bytes} bytes, more than the {limit} that one source file may have",
        path.display()
    )]
    TooLarge {
        path: PathBuf,
        bytes: u64,
        limit: u64,
    },
}

impl ReadError {
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. }
            | Self::Binary { path }
            | Self::NotUtf8 { path, .. }
            | Self::TooLarge { path, .. } => path,
        }
    }
}

/// The largest file that is read, in bytes: far over any migration, far under what `Span` can hold.
pub const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// Reads a file as UTF-8 text; a byte-order mark is dropped.
///
/// # Errors
/// When the file cannot be opened, is larger than [`LARGEST_FILE`], binary, or not UTF-8.
pub fn read(path: &Path) -> Result<Arc<SourceFile>, ReadError> {
    let io = |source| ReadError::Io {
        path: path.to_owned(),
        source,
    };
    let mut file = std::fs::File::open(path).map_err(io)?;
    let bytes = file.metadata().map_err(io)?.len();
    if bytes > LARGEST_FILE {
        return Err(ReadError::TooLarge {
            path: path.to_owned(),
            bytes,
            limit: LARGEST_FILE,
        });
    }
    let mut content = Vec::with_capacity(usize::try_from(bytes).unwrap_or(0) + 1);
    file.read_to_end(&mut content).map_err(io)?;
    let text = String::from_utf8(content).map_err(|error| {
        let bytes = error.as_bytes();
        if bytes.contains(&0) {
            return ReadError::Binary {
                path: path.to_owned(),
            };
        }
        let valid = bytes.get(..error.utf8_error().valid_up_to());
        ReadError::NotUtf8 {
            path: path.to_owned(),
            line: valid.map_or(1, |before| before.split(|byte| *byte == b'\n').count()),
        }
    })?;
    if text.contains('\0') {
        return Err(ReadError::Binary {
            path: path.to_owned(),
        });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(SourceFile::new(path, text))
}

/// Whether a path is a file; what cannot be asked is not.
pub fn is_file(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.is_file())
}

/// Whether a path is a folder; what cannot be asked is not.
pub fn is_folder(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.is_dir())
}

/// The entries of a folder, sorted by name, so that every walk has one order.
///
/// # Errors
/// When the folder cannot be listed.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let io = |source| ReadError::Io {
        path: folder.to_owned(),
        source,
    };
    let mut names = std::fs::read_dir(folder)
        .map_err(io)?
        .map(|entry| entry.map(|found| found.file_name()).map_err(io))
        .collect::<Result<Vec<_>, _>>()?;
    names.sort_unstable();
    Ok(names.into_iter().map(|name| folder.join(name)).collect())
}

/// What stands in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub path: PathBuf,
    pub kind: EntryKind,
}

/// What an entry is, as the folder itself says; where a link leads must be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    File,
    Folder,
    Link,
}

/// As [`list`], with what each entry is: a walk then need not ask for every file.
///
/// # Errors
/// When the folder cannot be listed.
pub fn entries(folder: &Path) -> Result<Vec<Entry>, ReadError> {
    let io = |source| ReadError::Io {
        path: folder.to_owned(),
        source,
    };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        let kind = entry.file_type().map_err(io)?;
        let kind = if kind.is_dir() {
            EntryKind::Folder
        } else if kind.is_symlink() {
            EntryKind::Link
        } else {
            EntryKind::File
        };
        entries.push((entry.file_name(), kind));
    }
    entries.sort_unstable();
    let entries = entries.into_iter();
    Ok(entries
        .map(|(name, kind)| Entry {
            path: folder.join(name),
            kind,
        })
        .collect())
}

/// The absolute path with links resolved, to tell whether two paths are one file.
///
/// # Errors
/// When the path does not exist or cannot be reached.
pub fn canonical(path: &Path) -> Result<PathBuf, ReadError> {
    std::fs::canonicalize(path).map_err(|source| ReadError::Io {
        path: path.to_owned(),
        source,
    })
}
