//! `[tool.hhschema]` in `pyproject.toml`, or `hhschema.toml`: found upward from what is linted, read, and checked.

mod django_settings;
mod document;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::lint::{
    Deploy, Level, LintSettings, PathIgnore, RuleBook, Selection, UnknownRule, rules_named,
};
use crate::postgres::Version;
use crate::source::{self, LineColumn, ReadError, SourceFile, Span};
use django_settings::assignment;
use document::{Document, GivenSettings, Located};

/// The settings of a project, checked; every path is counted from the folder of the file.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The file that it was read from; `None` where there is none.
    pub file: Option<PathBuf>,
    pub lint: LintSettings,
    pub fail_on: FailOn,
    pub since: Option<String>,
    /// The last migration that is deployed, by app label.
    pub after: BTreeMap<String, String>,
    pub settings: Option<PathBuf>,
    pub python_path: Vec<PathBuf>,
    /// The oldest Django that is supported: `4.2`.
    pub django: Option<String>,
    /// Settings of Django that come before those of the settings module, as assignments of Python.
    pub django_settings: Option<Arc<SourceFile>>,
}

/// The level from which on findings make the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    #[default]
    Error,
    Warning,
    Note,
    Never,
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{}:{}:{}: {message}", file.display(), at.line, at.column)]
    Refused {
        file: PathBuf,
        at: LineColumn,
        message: String,
    },
}

impl FailOn {
    /// Whether findings of this level make the run fail.
    pub fn includes(self, level: Level) -> bool {
        match self {
            Self::Error => level >= Level::Error,
            Self::Warning => level >= Level::Warning,
            Self::Note => level >= Level::Note,
            Self::Never => false,
        }
    }
}

impl Config {
    /// What holds without a file.
    pub fn of_defaults(book: &RuleBook) -> Self {
        Self {
            lint: LintSettings {
                selection: Selection::of_defaults(book),
                ..LintSettings::default()
            },
            ..Self::default()
        }
    }

    /// Looks upward from a folder for the first `hhschema.toml`, or `pyproject.toml` with `[tool.hhschema]`.
    ///
    /// # Errors
    /// When the file that was found cannot be read or is refused.
    pub fn find(folder: &Path, book: &RuleBook) -> Result<Self, ConfigError> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        for folder in folder.ancestors() {
            let own = folder.join("hhschema.toml");
            if source::is_file(&own) {
                return Self::read(&own, book);
            }
            let shared = folder.join("pyproject.toml");
            if source::is_file(&shared)
                && let Some(found) = read_file(&shared, book)?
            {
                return Ok(found);
            }
        }
        Ok(Self::of_defaults(book))
    }

    /// Reads one file: the whole of it, or `[tool.hhschema]` if it is a `pyproject.toml`.
    ///
    /// # Errors
    /// When it cannot be read, or holds a key, rule or value that is not known.
    pub fn read(path: &Path, book: &RuleBook) -> Result<Self, ConfigError> {
        Ok(read_file(path, book)?.unwrap_or_else(|| Self::of_defaults(book)))
    }
}

fn read_file(path: &Path, book: &RuleBook) -> Result<Option<Config>, ConfigError> {
    // As people see it from where they stand: relative where it lies below the current folder.
    let current = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(current).unwrap_or(path);
    let file = source::read(path)?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let is_shared = path
        .file_name()
        .is_some_and(|name| name == "pyproject.toml");
    let document = Document::parse(file.text(), is_shared)
        .map_err(|refused| refused_at(&file, refused.span, refused.message))?;
    document
        .map(|document| Checked { file, folder, book }.config(document))
        .transpose()
}

fn refused_at(file: &Arc<SourceFile>, span: Option<Span>, message: String) -> ConfigError {
    ConfigError::Refused {
        file: file.path().to_owned(),
        at: file.line_column(span.unwrap_or_default().start),
        message,
    }
}

/// What a document is checked against.
struct Checked<'a> {
    file: Arc<SourceFile>,
    folder: PathBuf,
    book: &'a RuleBook,
}

impl Checked<'_> {
    fn config(&self, document: Document) -> Result<Config, ConfigError> {
        let mut lint = LintSettings {
            selection: self.selection(&document)?,
            ..LintSettings::default()
        };
        lint.deploy = document.deploy.unwrap_or_default();
        if let Some(version) = &document.postgres {
            lint.postgres = self.parsed(version, str::parse::<Version>)?;
        }
        let django = document.django.as_ref();
        let django = django.map(|version| self.parsed(version, django_version));
        let python_path = document.python_path.into_iter().flatten();
        Ok(Config {
            file: Some(self.file.path().to_owned()),
            lint,
            fail_on: document.fail_on.unwrap_or_default(),
            since: document.since,
            after: document.after.unwrap_or_default(),
            settings: document.settings.map(|path| self.folder.join(path)),
            python_path: python_path.map(|path| self.folder.join(path)).collect(),
            django: django.transpose()?,
            django_settings: self.django_settings(document.django_settings.as_ref())?,
        })
    }

    fn django_settings(
        &self,
        given: Option<&GivenSettings>,
    ) -> Result<Option<Arc<SourceFile>>, ConfigError> {
        let Some(given) = given else {
            return Ok(None);
        };
        let mut text = String::new();
        for (name, value) in given {
            let assignment =
                assignment(name.get_ref(), value).map_err(|why| self.refused(name, why))?;
            text.push_str(&assignment);
        }
        Ok(Some(SourceFile::new(self.file.path(), text)))
    }

    fn selection(&self, document: &Document) -> Result<Selection, ConfigError> {
        let mut selection = Selection::of_defaults(self.book);
        if let Some(words) = &document.select {
            self.known(words)?;
            let words = words.iter().map(|word| word.get_ref().clone());
            self.unlocated(selection.select(self.book, &words.collect::<Vec<_>>()))?;
        }
        if let Some(words) = &document.ignore {
            self.known(words)?;
            let words = words.iter().map(|word| word.get_ref().clone());
            self.unlocated(selection.ignore(self.book, &words.collect::<Vec<_>>()))?;
        }
        for (name, level) in document.levels.iter().flatten() {
            let rule = self
                .book
                .find(name.get_ref())
                .map_err(|unknown| self.refused(name, unknown.to_string()))?;
            selection.set_level(rule.rule.name, *level);
        }
        for (pattern, words) in document.per_path.iter().flatten() {
            self.known(words)?;
            let words = words.iter().map(|word| word.get_ref().clone());
            let rules = rules_named(self.book, &words.collect::<Vec<_>>());
            let rules = self.unlocated(rules)?;
            let ignore = PathIgnore::new(&self.folder, pattern.get_ref(), rules)
                .map_err(|error| self.refused(pattern, error.to_string()))?;
            selection.ignore_in(ignore);
        }
        Ok(selection)
    }

    fn known(&self, words: &[Located]) -> Result<(), ConfigError> {
        for word in words {
            rules_named(self.book, std::slice::from_ref(word.get_ref()))
                .map_err(|unknown| self.refused(word, unknown.to_string()))?;
        }
        Ok(())
    }

    fn parsed<T, E: std::fmt::Display>(
        &self,
        value: &Located,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<T, ConfigError> {
        parse(value.get_ref()).map_err(|error| self.refused(value, error.to_string()))
    }

    fn unlocated<T>(&self, result: Result<T, UnknownRule>) -> Result<T, ConfigError> {
        result.map_err(|unknown| refused_at(&self.file, None, unknown.to_string()))
    }

    fn refused(&self, value: &Located, message: String) -> ConfigError {
        refused_at(&self.file, Some(document::span(value)), message)
    }
}

/// Checks that a version of Django is one: `4.2`.
///
/// # Errors
/// When it is not two numbers with a point between.
pub fn django_version(text: &str) -> Result<String, String> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((major, minor)) if is_number(major) && is_number(minor) => Ok(text.to_owned()),
        _ => Err(format!(
            "`{text}` is not a version of Django; write it as `4.2`"
        )),
    }
}

/// How the project deploys, as the command line and the configuration write it.
pub const DEPLOYS: [(&str, Deploy); 2] =
    [("rolling", Deploy::Rolling), ("downtime", Deploy::Downtime)];

#[cfg(test)]
mod tests;
