//! Which findings are shown, and at which level.

use std::cell::LazyCell;
use std::sync::Arc;

use super::*;
use crate::lint::{Level, PathIgnore};
use crate::source::{Origin, SourceFile, Span};

fn nothing(_: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}

fn no_operation(_: &crate::history::OperationMoment, _: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}

const STATE: RuleName = RuleName::new("state-rule");
const EVENT: RuleName = RuleName::new("event-rule");

static STATE_RULE: Rule = Rule {
    name: STATE,
    page: "+++\ncategory = \"history\"\nlevel = \"error\"\n+++\nWhat.\n",
    checks: &[Check::History(nothing)],
};
static EVENT_RULE: Rule = Rule {
    name: EVENT,
    page: "+++\ncategory = \"locks\"\nlevel = \"warning\"\n+++\nWhat.\n",
    checks: &[Check::Operation(no_operation)],
};

fn book() -> RuleBook {
    let mut rules = crate::rules::RULES.to_vec();
    rules.extend([&STATE_RULE, &EVENT_RULE]);
    RuleBook::read(&rules).unwrap()
}

fn at(file: &Arc<SourceFile>, text: &str) -> Origin {
    let start = u32::try_from(file.text().find(text).unwrap()).unwrap();
    Origin::new(
        file,
        Span::new(start, start + u32::try_from(text.len()).unwrap()),
    )
}

/// A finding of `rule` on the first `text` of the file.
fn finding(rule: RuleName, file: &Arc<SourceFile>, text: &str) -> Finding {
    let mut finding = Finding::at(at(file, text), format!("about {text}"));
    finding.rule = rule;
    finding
}

/// All that begins with `#` or `--`, line by line, as the readers give it.
fn comments(file: &Arc<SourceFile>) -> Vec<Comment> {
    (1..)
        .map_while(|line| file.line_span(line))
        .filter_map(|line| {
            let text = file.slice(line);
            let start = text.find('#').or_else(|| text.find("--"))?;
            let start = line.start + u32::try_from(start).unwrap();
            let span = Span::new(start, line.end);
            Some(Comment {
                text: file.slice(span).to_owned(),
                origin: Origin::new(file, span),
            })
        })
        .collect()
}

struct Case {
    file: Arc<SourceFile>,
    selection: Selection,
    files: JudgedFiles,
    blocks: Vec<&'static str>,
}

impl Case {
    fn of(text: &str) -> Self {
        let file = SourceFile::new("/shop/migrations/0001_a.py", text);
        let files = JudgedFiles {
            judged: [file.path().to_owned()].into(),
            ..JudgedFiles::default()
        };
        Self {
            file,
            selection: Selection::of_defaults(&book()),
            files,
            blocks: Vec::new(),
        }
    }

    /// `rule level line` of what is left of the findings.
    fn settled(self, found: &[(RuleName, &str)]) -> Vec<String> {
        let blocks = || {
            let mut blocks = Blocks::default();
            for block in &self.blocks {
                blocks.add(&at(&self.file, block));
            }
            blocks
        };
        let book = book();
        let settlement = Settlement {
            book: &book,
            selection: &self.selection,
            in_project: &|path| path.starts_with("/shop"),
            files: self.files,
            blocks: LazyCell::new(&blocks),
        };
        let mut suppressions = Suppressions::read(&comments(&self.file), &book);
        let found = found
            .iter()
            .map(|(rule, text)| finding(*rule, &self.file, text))
            .filter(|finding| settlement.shows(finding, &mut suppressions))
            .collect();
        let settled = settlement.settle(found, suppressions);
        let line = |finding: &Finding| match &finding.place {
            Place::Source(origin) => origin.line_column().line,
            Place::Database(_) => 0,
        };
        settled
            .iter()
            .map(|found| format!("{} {} {}", found.rule, found.level.word(), line(found)))
            .collect()
    }
}

const NONE: [&str; 0] = [];

#[test]
fn findings_are_sorted_said_once_and_take_the_level_of_the_page() {
    let settled = Case::of("one\ntwo\n").settled(&[
        (EVENT, "two"),
        (STATE, "one"),
        (EVENT, "two"),
        (EVENT, "one"),
    ]);
    assert_eq!(
        settled,
        [
            "event-rule warning 1",
            "state-rule error 1",
            "event-rule warning 2"
        ]
    );
}

#[test]
fn the_configuration_sets_levels_and_lowers_those_that_a_rule_chose() {
    let mut selection = Selection::of_defaults(&book());
    let page = Level::Error;
    let plain = {
        let file = SourceFile::new("a", "one");
        finding(STATE, &file, "one")
    };
    let own = plain.clone().at_level(Level::Note);
    assert_eq!(selection.level(page, &plain), Level::Error);
    assert_eq!(selection.level(page, &own), Level::Note);
    selection.set_level(STATE, Level::Warning);
    assert_eq!(selection.level(page, &plain), Level::Warning);
    assert_eq!(selection.level(page, &own), Level::Note);
    selection.set_level(STATE, Level::Note);
    let worse = plain.at_level(Level::Error);
    assert_eq!(selection.level(page, &worse), Level::Note);
}

#[test]
fn what_is_off_off_in_a_path_or_outside_the_project_is_dropped() {
    let found = [(STATE, "one"), (EVENT, "one")];
    let mut off = Case::of("one\n");
    off.selection
        .ignore(&book(), &["locks".to_owned()])
        .unwrap();
    assert_eq!(off.settled(&found), ["state-rule error 1"]);
    let mut in_path = Case::of("one\n");
    let rules = [STATE].into();
    in_path
        .selection
        .ignore_in(PathIgnore::new(Path::new("/shop"), "migrations/*.py", rules).unwrap());
    assert_eq!(in_path.settled(&found), ["event-rule warning 1"]);
    let mut outside = Case::of("one\n");
    outside.file = SourceFile::new("/venv/site-packages/a.py", "one\n");
    assert_eq!(outside.settled(&found), NONE);
}

#[test]
fn a_comment_on_the_line_or_above_it_silences() {
    for text in [
        "one # hhschema: ignore[state-rule] a reason",
        "one  # noqa # hhschema:ignore[ event-rule , state-rule ]",
        "# hhschema: ignore[state-rule] a reason\none",
        "# hhschema: ignore[state-rule]\n# more to say\none",
        "-- hhschema: ignore[state-rule] in SQL\none",
        "# hhschema: ignore-file[state-rule] of old\n\n\none",
    ] {
        let mut case = Case::of(text);
        case.selection
            .ignore(&book(), &["event-rule".to_owned()])
            .unwrap();
        assert_eq!(case.settled(&[(STATE, "one")]), NONE, "{text}");
    }
}

#[test]
fn a_comment_elsewhere_does_not() {
    for text in [
        "# hhschema: ignore[state-rule]\n\none",
        "# hhschema: ignore[state-rule]\nzero\none",
        "zero # hhschema: ignore[state-rule]\none",
        "one\n# hhschema: ignore[state-rule]",
    ] {
        let settled = Case::of(text).settled(&[(STATE, "one")]);
        let shown = settled.iter().any(|found| found.starts_with("state-rule"));
        assert!(shown, "{text}: {settled:?}");
        let unused = settled
            .iter()
            .any(|found| found.starts_with("unused-suppression note"));
        assert!(unused, "{text}: {settled:?}");
    }
}

#[test]
fn a_comment_speaks_of_the_operation_around_the_finding() {
    let inner = "Add(\n  one,  # hhschema: ignore[state-rule] here\n  two,\n)";
    let text = format!("# hhschema: ignore[event-rule] all\nBoth(\n{inner},\nAdd(three),\n)");
    let mut case = Case::of(&text);
    case.blocks = vec![
        "Add(\n  one,  # hhschema: ignore[state-rule] here\n  two,\n)",
        "Add(three)",
    ];
    let both = text.get(text.find("Both").unwrap()..).unwrap().to_owned();
    case.blocks.push(both.leak());
    // `two` stands in the operation of the inner comment, `three` in its neighbour; the comment above both covers both.
    let settled = case.settled(&[(STATE, "two"), (STATE, "three"), (EVENT, "three")]);
    assert_eq!(settled, ["state-rule error 7"]);
}

#[test]
fn unknown_and_unused_suppressions_are_findings() {
    let text = "a # hhschema: ignore[state-rul]\nb # hhschema: ignore\nc # hhschema: ignore[state-rule]\nd # see hhschema: it is good\n";
    assert_eq!(
        Case::of(text).settled(&[]),
        [
            "unknown-suppression warning 1",
            "unknown-suppression warning 2",
            "unused-suppression note 3"
        ]
    );
}

#[test]
fn unused_is_said_only_where_the_rule_had_its_say() {
    let text = "c # hhschema: ignore[event-rule]\n";
    assert_eq!(Case::of(text).settled(&[]), ["unused-suppression note 1"]);
    let mut old = Case::of(text);
    old.files.judged.clear();
    assert_eq!(old.settled(&[]), NONE);
    let mut doubtful = Case::of(text);
    doubtful.files.doubtful = doubtful.files.judged.clone();
    assert_eq!(doubtful.settled(&[]), NONE);
    let mut off = Case::of(text);
    off.selection
        .ignore(&book(), &["event-rule".to_owned()])
        .unwrap();
    assert_eq!(off.settled(&[]), NONE);
}
