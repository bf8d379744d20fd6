//! `# hhschema: ignore[rule] reason`: which findings a comment silences, and which comments silence nothing.

use super::Place;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Finding, RuleBook, RuleName};
use crate::source::{Comment, Origin, Span};

/// The rule for a comment that names no rule, or one that does not exist.
pub const UNKNOWN_SUPPRESSION: RuleName = RuleName::new("unknown-suppression");
/// The rule for a comment that silences nothing.
pub const UNUSED_SUPPRESSION: RuleName = RuleName::new("unused-suppression");

const MARK: &str = "hhschema:";

/// A comment that asks for silence.
#[derive(Debug, Clone)]
struct Suppression {
    scope: Scope,
    rules: BTreeSet<RuleName>,
    used: BTreeSet<RuleName>,
    origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// `ignore-file[rule]`.
    File,
    /// Behind code: the statement of that line.
    Line(u32),
    /// On a line of its own: what begins on the next line that is no comment.
    Above { next: u32 },
}

/// All suppressions of a project.
#[derive(Debug, Default)]
pub(super) struct Suppressions {
    by_file: Vec<Suppression>,
    /// Findings about the comments themselves.
    pub hygiene: Vec<Finding>,
}

impl Suppressions {
    pub(super) fn read(comments: &[Comment], book: &RuleBook) -> Self {
        let directives = comments
            .iter()
            .filter_map(|comment| Some((comment, directive(&comment.text)?)))
            .collect::<Vec<_>>();
        let files = directives
            .iter()
            .map(|(comment, _)| comment.origin.file.path())
            .collect::<BTreeSet<_>>();
        let own_lines = own_lines(comments, &files);
        let mut read = Self::default();
        for (comment, directive) in directives {
            read.add(comment, directive, (&own_lines, book));
        }
        read
    }

    fn add(
        &mut self,
        comment: &Comment,
        directive: Directive<'_>,
        (own_lines, book): (&BTreeSet<(PathBuf, u32)>, &RuleBook),
    ) {
        let mut rules = BTreeSet::new();
        if directive.names.is_empty() {
            self.complain(
                &comment.origin,
                "this comment suppresses nothing: it names no rule".to_owned(),
            );
        }
        for name in directive.names {
            match book.find(name) {
                Ok(found) => {
                    rules.insert(found.rule.name);
                }
                Err(unknown) => self.complain(
                    &comment.origin,
                    format!("this comment suppresses nothing: {unknown}"),
                ),
            }
        }
        self.by_file.push(Suppression {
            scope: if directive.whole_file {
                Scope::File
            } else {
                scope(comment, own_lines)
            },
            rules,
            used: BTreeSet::new(),
            origin: comment.origin.clone(),
        });
    }

    fn complain(&mut self, origin: &Origin, message: String) {
        let mut finding = Finding::at(origin.clone(), message)
            .help("Write `hhschema: ignore[rule] reason`; `hhschema rules` lists the rules");
        finding.rule = UNKNOWN_SUPPRESSION;
        self.hygiene.push(finding);
    }

    /// Whether any comment asks for silence; in most projects none does.
    pub(super) fn are_some(&self) -> bool {
        !self.by_file.is_empty()
    }

    /// Whether a comment silences the finding. `blocks` are the operations and statements around it.
    pub(super) fn silence(&mut self, finding: &Finding, blocks: &Blocks) -> bool {
        let Place::Source(origin) = &finding.place else {
            return false;
        };
        let lines = blocks.around(origin);
        let mut silenced = false;
        for suppression in &mut self.by_file {
            if suppression.origin.file.path() == origin.file.path()
                && suppression.rules.contains(&finding.rule)
                && lines.are_meant_by(suppression.scope)
            {
                suppression.used.insert(finding.rule);
                silenced = true;
            }
        }
        silenced
    }

    /// A finding for every rule that a comment names and that had nothing to silence there, where `could_fire`
    /// says that the rule was on and the file judged by it.
    pub(super) fn unused(
        &self,
        could_fire: impl Fn(RuleName, &Path) -> bool,
    ) -> impl Iterator<Item = Finding> {
        self.by_file.iter().flat_map(move |suppression| {
            let unused = suppression.rules.difference(&suppression.used);
            unused
                .filter(|rule| could_fire(**rule, suppression.origin.file.path()))
                .map(|rule| {
                    let message =
                        format!("`{rule}` finds nothing here, so this comment suppresses nothing");
                    let mut finding = Finding::at(suppression.origin.clone(), message)
                        .help("Remove the comment, or move it to the statement that it is about");
                    finding.rule = UNUSED_SUPPRESSION;
                    finding
                })
                .collect::<Vec<_>>()
        })
    }
}

/// Whether a comment of a file may ask for silence: its text has the mark of one.
pub fn may_suppress(text: &str) -> bool {
    text.contains(MARK)
}

/// The text of a comment that asks for silence.
#[derive(Debug, PartialEq, Eq)]
struct Directive<'a> {
    whole_file: bool,
    names: Vec<&'a str>,
}

/// Reads `hhschema: ignore[a, b] reason`; `None` for any other comment.
fn directive(text: &str) -> Option<Directive<'_>> {
    let marks = |letter: char| letter.is_whitespace() || "#-/*".contains(letter);
    let at = text.match_indices(MARK).find_map(|(at, _)| {
        let before = text.get(..at)?;
        let begins =
            before.trim_matches(marks).is_empty() || before.trim_end().ends_with(['#', '-']);
        begins.then_some(at)
    })?;
    let rest = text.get(at + MARK.len()..)?.trim_start();
    let rest = rest.strip_prefix("ignore")?;
    let (whole_file, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let list = rest
        .trim_start()
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or("", |(list, _)| list);
    let names = list.split(',').map(str::trim);
    Some(Directive {
        whole_file,
        names: names.filter(|name| !name.is_empty()).collect(),
    })
}

fn line_of(origin: &Origin) -> u32 {
    origin.line_column().line
}

/// The lines of these files on which nothing but a comment stands.
fn own_lines(comments: &[Comment], files: &BTreeSet<&Path>) -> BTreeSet<(PathBuf, u32)> {
    comments
        .iter()
        .filter(|comment| files.contains(comment.origin.file.path()))
        .filter(|comment| stands_alone(&comment.origin))
        .map(|comment| {
            (
                comment.origin.file.path().to_owned(),
                line_of(&comment.origin),
            )
        })
        .collect()
}

fn stands_alone(origin: &Origin) -> bool {
    let line = origin.file.line_span(line_of(origin));
    line.is_some_and(|line| {
        let before = origin.file.slice(Span::new(line.start, origin.span.start));
        before.trim().is_empty()
    })
}

fn scope(comment: &Comment, own_lines: &BTreeSet<(PathBuf, u32)>) -> Scope {
    let line = line_of(&comment.origin);
    if !stands_alone(&comment.origin) {
        return Scope::Line(line);
    }
    let path = comment.origin.file.path();
    let mut next = line.saturating_add(1);
    while own_lines.contains(&(path.to_owned(), next)) {
        next += 1;
    }
    Scope::Above { next }
}

/// The operations and statements of a history, by file: a comment speaks of what it stands at.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    origins: std::collections::BTreeMap<PathBuf, Vec<Span>>,
}

/// The lines that a comment may stand on, or above, to be about a finding.
struct CoveredLines {
    /// Of the finding itself and of the smallest block around it.
    own: Vec<(u32, u32)>,
    /// The first lines of all blocks around it.
    first: Vec<u32>,
}

impl Blocks {
    pub(super) fn add(&mut self, origin: &Origin) {
        let spans = self.origins.entry(origin.file.path().to_owned());
        spans.or_default().push(origin.span);
    }

    fn around(&self, origin: &Origin) -> CoveredLines {
        let file = &origin.file;
        let line = |offset| file.line_column(offset).line;
        let lines = |span: Span| (line(span.start), line(span.end.max(span.start + 1) - 1));
        let mut around = self
            .origins
            .get(file.path())
            .into_iter()
            .flatten()
            .copied()
            .filter(|span| span.start <= origin.span.start && origin.span.end <= span.end)
            .collect::<Vec<_>>();
        around.sort_by_key(|span| span.end - span.start);
        let own = around.first().copied().into_iter().chain([origin.span]);
        let first = around.iter().copied().chain([origin.span]);
        CoveredLines {
            own: own.map(lines).collect(),
            first: first.map(|span| line(span.start)).collect(),
        }
    }
}

impl CoveredLines {
    fn are_meant_by(&self, scope: Scope) -> bool {
        let holds = |line: u32| {
            self.own
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&line))
        };
        match scope {
            Scope::File => true,
            Scope::Line(line) => holds(line) || self.first.contains(&line),
            Scope::Above { next } => holds(next) || self.first.contains(&next),
        }
    }
}
