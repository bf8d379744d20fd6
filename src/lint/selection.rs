//! Which rules are on, where, and at which level: select, ignore, levels, per-path.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::{Finding, Level, RuleBook, RuleName, UnknownRule, did_you_mean};

/// The words that name several rules at once, beside the categories.
const GROUPS: [&str; 2] = ["all", "default"];

/// What is on, and what the configuration says of levels and paths.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    on: BTreeSet<RuleName>,
    levels: BTreeMap<RuleName, Level>,
    per_path: Vec<PathIgnore>,
}

/// Rules that are off for the files of a glob.
#[derive(Debug, Clone)]
pub struct PathIgnore {
    /// The folder that the glob is counted from: the one of the configuration file.
    base: PathBuf,
    glob: GlobMatcher,
    /// A pattern without a slash matches file names, in whatever folder.
    names_only: bool,
    rules: BTreeSet<RuleName>,
}

impl Selection {
    /// The rules that are on by default.
    pub fn of_defaults(book: &RuleBook) -> Self {
        Self {
            on: group(book, "default").unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Only these rules and groups, in place of the defaults.
    ///
    /// # Errors
    /// When a word is no rule, no category, and neither `all` nor `default`.
    pub fn select(&mut self, book: &RuleBook, words: &[String]) -> Result<(), UnknownRule> {
        self.on = rules_named(book, words)?;
        Ok(())
    }

    /// All that is on but these rules and groups.
    ///
    /// # Errors
    /// As [`Selection::select`].
    pub fn ignore(&mut self, book: &RuleBook, words: &[String]) -> Result<(), UnknownRule> {
        for rule in rules_named(book, words)? {
            self.on.remove(&rule);
        }
        Ok(())
    }

    pub fn set_level(&mut self, rule: RuleName, level: Level) {
        self.levels.insert(rule, level);
    }

    pub fn ignore_in(&mut self, ignore: PathIgnore) {
        self.per_path.push(ignore);
    }

    pub fn is_on(&self, rule: RuleName) -> bool {
        self.on.contains(&rule)
    }

    /// Whether a rule is on for a file.
    pub fn is_on_in(&self, rule: RuleName, path: &Path) -> bool {
        self.is_on(rule)
            && !self
                .per_path
                .iter()
                .any(|ignore| ignore.rules.contains(&rule) && ignore.matches(path))
    }

    /// The level of a finding: the rule's page's unless the rule or the configuration says otherwise. Where a
    /// rule has its own view of one case, the configuration can lower it, never raise it.
    pub fn level(&self, page: Level, finding: &Finding) -> Level {
        let configured = self.levels.get(&finding.rule).copied();
        match finding.own_level {
            None => configured.unwrap_or(page),
            Some(own) => configured.map_or(own, |configured| own.min(configured)),
        }
    }
}

impl PathIgnore {
    /// Rules that are off in the files that `pattern` matches, counted from `base`.
    ///
    /// # Errors
    /// When the pattern is no glob.
    pub fn new(
        base: &Path,
        pattern: &str,
        rules: BTreeSet<RuleName>,
    ) -> Result<Self, globset::Error> {
        let glob = GlobBuilder::new(pattern.trim_start_matches("./"))
            .literal_separator(true)
            .build()?
            .compile_matcher();
        Ok(Self {
            base: base.to_owned(),
            glob,
            names_only: !pattern.contains('/'),
            rules,
        })
    }

    fn matches(&self, path: &Path) -> bool {
        if self.names_only
            && path
                .file_name()
                .is_some_and(|name| self.glob.is_match(Path::new(name)))
        {
            return true;
        }
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let base = std::path::absolute(&self.base).unwrap_or_else(|_| self.base.clone());
        absolute
            .strip_prefix(base)
            .is_ok_and(|relative| self.glob.is_match(relative))
    }
}

/// The rules that words name: rules, categories, `all`, `default`.
///
/// # Errors
/// At the first word that names nothing.
pub fn rules_named(book: &RuleBook, words: &[String]) -> Result<BTreeSet<RuleName>, UnknownRule> {
    let mut rules = BTreeSet::new();
    for word in words {
        if let Some(group) = group(book, word) {
            rules.extend(group);
        } else {
            let found = book.find(word).map_err(|unknown| UnknownRule {
                suggestion: did_you_mean(word, known_words(book)),
                ..unknown
            })?;
            rules.insert(found.rule.name);
        }
    }
    Ok(rules)
}

fn known_words(book: &RuleBook) -> impl Iterator<Item = &'static str> {
    let categories = book.rules().map(|booked| booked.page.front.category.word());
    GROUPS.into_iter().chain(categories).chain(book.names())
}

fn group(book: &RuleBook, word: &str) -> Option<BTreeSet<RuleName>> {
    let is_category = book
        .rules()
        .any(|booked| booked.page.front.category.word() == word);
    if !is_category && !GROUPS.contains(&word) {
        return None;
    }
    let members = book.rules().filter(|booked| {
        word == "all"
            || (word == "default" && booked.page.front.default)
            || booked.page.front.category.word() == word
    });
    Some(members.map(|booked| booked.rule.name).collect())
}
