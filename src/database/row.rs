//! Rows as the simple protocol gives them: every value in PostgreSQL's own text form.

use std::str::FromStr;

use sqlx::postgres::PgRow;
use sqlx::{Row as _, ValueRef as _};

use super::Problem;

/// One row of an answer.
#[derive(Debug)]
pub struct Row(PgRow);

type Read<T> = Result<T, Problem>;

impl Row {
    pub(super) fn new(row: PgRow) -> Self {
        Self(row)
    }

    /// Every value in order, `None` for NULL; what is not UTF-8 is replaced.
    pub fn texts(&self) -> Vec<Option<String>> {
        let columns = 0..self.0.len();
        columns
            .map(|at| {
                let value = self.0.try_get_raw(at).ok()?;
                let bytes = value.as_bytes().ok()?;
                Some(String::from_utf8_lossy(bytes).into_owned())
            })
            .collect()
    }

    /// A value that may be NULL.
    pub(super) fn optional(&self, at: usize) -> Read<Option<&str>> {
        let value = self.0.try_get_raw(at).map_err(|_| missing(at))?;
        if value.is_null() {
            return Ok(None);
        }
        let bytes = value.as_bytes().map_err(|_| missing(at))?;
        let text = std::str::from_utf8(bytes);
        text.map(Some).map_err(|_| {
            let shown = String::from_utf8_lossy(bytes);
            Problem::Unexpected(format!("`{shown}` in its catalog is not UTF-8"))
        })
    }

    pub(super) fn text(&self, at: usize) -> Read<&str> {
        self.optional(at)?.ok_or_else(|| missing(at))
    }

    pub(super) fn flag(&self, at: usize) -> Read<bool> {
        Ok(self.optional(at)? == Some("t"))
    }

    /// A type of one letter; a blank one is the character 0.
    pub(super) fn letter(&self, at: usize) -> Read<char> {
        Ok(self
            .optional(at)?
            .and_then(|text| text.chars().next())
            .unwrap_or('\0'))
    }

    pub(super) fn number<T: FromStr>(&self, at: usize) -> Read<T> {
        parse(self.text(at)?)
    }

    pub(super) fn optional_number<T: FromStr>(&self, at: usize) -> Read<Option<T>> {
        self.optional(at)?.map(parse).transpose()
    }

    /// Numbers of an `int2vector`, an `oidvector` or an array of such.
    pub(super) fn numbers<T: FromStr>(&self, at: usize) -> Read<Vec<T>> {
        let text = self.optional(at)?.unwrap_or_default();
        text.trim_matches(['{', '}'])
            .split([',', ' '])
            .filter(|number| !number.is_empty())
            .map(parse)
            .collect()
    }

    /// Texts of a `text[]`.
    pub(super) fn list(&self, at: usize) -> Read<Vec<String>> {
        let values: Option<Vec<String>> = self.0.try_get(at).map_err(|_| missing(at))?;
        Ok(values.unwrap_or_default())
    }
}

fn parse<T: FromStr>(text: &str) -> Read<T> {
    text.parse()
        .map_err(|_| Problem::Unexpected(format!("`{text}` stands where its catalog has a number")))
}

fn missing(at: usize) -> Problem {
    Problem::Unexpected(format!(
        "value {} of a row of its catalog is missing",
        at + 1
    ))
}
