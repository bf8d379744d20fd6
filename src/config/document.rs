//! The configuration as it is written: keys, types, and where each value stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::FailOn;
use crate::lint::{Deploy, Level, did_you_mean};
use crate::source::Span;

/// A word of the file, with where it stands.
pub(super) type Located = Spanned<String>;

/// `django-settings`: values of Django's settings by their names.
pub(super) type GivenSettings = BTreeMap<Located, toml::Value>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Document {
    pub select: Option<Vec<Located>>,
    pub ignore: Option<Vec<Located>>,
    pub levels: Option<BTreeMap<Located, Level>>,
    pub per_path: Option<BTreeMap<Located, Vec<Located>>>,
    pub fail_on: Option<FailOn>,
    pub deploy: Option<Deploy>,
    pub since: Option<String>,
    pub after: Option<BTreeMap<String, String>>,
    pub settings: Option<String>,
    pub python_path: Option<Vec<String>>,
    pub django: Option<Located>,
    pub postgres: Option<Located>,
    pub django_settings: Option<GivenSettings>,
}

/// A `pyproject.toml`, all of whose other tables belong to others.
#[derive(Debug, Deserialize)]
struct Shared {
    tool: Option<Tool>,
}

#[derive(Debug, Deserialize)]
struct Tool {
    hhschema: Option<Document>,
}

/// Why a document is refused, and where.
#[derive(Debug)]
pub(super) struct Refused {
    pub span: Option<Span>,
    pub message: String,
}

impl Document {
    /// Reads a file's text; `None` for a `pyproject.toml` without `[tool.hhschema]`.
    pub(super) fn parse(text: &str, is_shared: bool) -> Result<Option<Self>, Refused> {
        if is_shared {
            let shared = toml::from_str::<Shared>(text).map_err(|error| refused(&error))?;
            return Ok(shared.tool.and_then(|tool| tool.hhschema));
        }
        toml::from_str(text)
            .map(Some)
            .map_err(|error| refused(&error))
    }
}

pub(super) fn span(value: &Located) -> Span {
    as_span(value.span())
}

fn as_span(range: std::ops::Range<usize>) -> Span {
    let offset = |byte| u32::try_from(byte).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}

/// Puts serde's list of what it knows into "did you mean".
fn refused(error: &toml::de::Error) -> Refused {
    let said = error.message().trim();
    let quoted = said.split('`').skip(1).step_by(2).collect::<Vec<_>>();
    let message = match quoted.split_first() {
        Some((written, known)) if said.starts_with("unknown field") => format!(
            "there is no key `{written}`{}",
            suggestion(written, known, "the keys are")
        ),
        Some((written, known)) if said.starts_with("unknown variant") => format!(
            "`{written}` is no value of this key{}",
            suggestion(written, known, "write one of")
        ),
        _ => said.replace('\n', "; "),
    };
    Refused {
        span: error.span().map(as_span),
        message,
    }
}

fn suggestion(written: &str, known: &[&str], all: &str) -> String {
    let meant = did_you_mean(written, known.iter().copied());
    if meant.is_empty() {
        format!("; {all} {}", known.join(", "))
    } else {
        meant
    }
}
