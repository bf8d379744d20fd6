//! The page of a rule: its front matter, and its text.

use super::{FrontMatter, Rule, RuleName};

/// A rule's page, read.
#[derive(Debug, Clone)]
pub struct Page {
    pub front: FrontMatter,
    /// The Markdown after the front matter.
    pub body: &'static str,
}

/// Why a page could not be read: a mistake in the rule book, which its test finds.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error("rules/{rule}.md: the page must begin with front matter between two lines `+++`")]
    NoFrontMatter { rule: RuleName },
    #[error("rules/{rule}.md: the front matter cannot be read: {source}")]
    Toml {
        rule: RuleName,
        source: Box<toml::de::Error>,
    },
    #[error("rules/{rule}.md: two rules have this name")]
    Twice { rule: RuleName },
}

impl Page {
    /// Reads the page of a rule.
    ///
    /// # Errors
    /// When it has no front matter, or one with unknown keys or values.
    pub fn read(rule: &Rule) -> Result<Self, PageError> {
        let (front, body) = rule
            .page
            .strip_prefix("+++\n")
            .and_then(|rest| rest.split_once("\n+++\n"))
            .ok_or(PageError::NoFrontMatter { rule: rule.name })?;
        let front = toml::from_str(front).map_err(|source| PageError::Toml {
            rule: rule.name,
            source: Box::new(source),
        })?;
        Ok(Self {
            front,
            body: body.trim_start(),
        })
    }

    /// The first sentence of the text: what the rule finds, in a line.
    pub fn summary(&self) -> String {
        let paragraph = self
            .body
            .lines()
            .map(str::trim)
            .skip_while(|line| line.is_empty() || line.starts_with('#'))
            .take_while(|line| !line.is_empty() && !line.starts_with('#'))
            .collect::<Vec<_>>()
            .join(" ");
        // An ellipsis ends no sentence.
        let end = paragraph
            .match_indices(". ")
            .map(|(at, _)| at)
            .find(|at| {
                !paragraph
                    .get(..*at)
                    .is_some_and(|before| before.ends_with('.'))
            })
            .unwrap_or(paragraph.len());
        let sentence = paragraph.get(..end).unwrap_or_default();
        sentence.trim_end_matches('.').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Category, Check, Level};

    fn page(text: &'static str) -> Result<Page, PageError> {
        Page::read(&Rule {
            name: RuleName::new("sample"),
            page: text,
            checks: &[Check::Suppression],
        })
    }

    #[test]
    fn front_matter_and_text_are_told_apart() {
        let page = page(
            "+++\ncategory = \"locks\"\nlevel = \"warning\"\n+++\n\n# Sample\n\n## What\n\nOne thing\nhappens. Another does.\n",
        )
        .unwrap();
        assert_eq!(page.front.category, Category::Locks);
        assert_eq!(page.front.level, Level::Warning);
        assert!(page.front.default);
        assert_eq!(page.summary(), "One thing happens");
    }

    #[test]
    fn an_ellipsis_does_not_end_the_summary() {
        let page = page(
            "+++\ncategory = \"locks\"\nlevel = \"warning\"\n+++\n# S\n\n`ALTER ... TYPE` runs. More.\n",
        );
        assert_eq!(page.unwrap().summary(), "`ALTER ... TYPE` runs");
    }

    #[test]
    fn a_page_without_front_matter_or_with_an_unknown_key_is_refused() {
        assert!(matches!(
            page("# Sample\n"),
            Err(PageError::NoFrontMatter { .. })
        ));
        let error =
            page("+++\ncategory = \"locks\"\nlevel = \"note\"\nlevle = 1\n+++\n").unwrap_err();
        assert!(error.to_string().contains("levle"), "{error}");
    }
}
