//! One report in every format.

use crate::lint::Place;
use std::sync::Arc;

use super::*;
use crate::lint::{
    Basis, BasisKind, Finding, LeftOut, Level, MissedOperation, OpenModel, Problem, Report,
    RuleName, Summary, UnlintedApp,
};
use crate::repair::{Repair, Step};
use crate::schema::{Identifier, ObjectName, RelationName, Why};
use crate::source::{Origin, SourceFile, Span};

const MIGRATION: &str =
    "class Migration:\n    operations = [\n        é.AddField('order', 'status'),\n    ]\n";
const MODELS: &str = "class Order:\n    total = Integer()\n";

fn at(file: &Arc<SourceFile>, text: &str) -> Origin {
    let start = u32::try_from(file.text().find(text).unwrap()).unwrap();
    let end = start + u32::try_from(text.len()).unwrap();
    Origin::new(file, Span::new(start, end))
}

fn findings(migration: &Arc<SourceFile>) -> Vec<Finding> {
    let models = SourceFile::new("/work/shop/models.py", MODELS);
    let table = RelationName::new(
        Identifier::quoted("public"),
        Identifier::quoted("shop_order"),
    );
    let column = ObjectName::Column(table.clone(), Identifier::quoted("status"));
    let origin = at(migration, "'status'");
    let mut first = Finding::at(
        origin.clone(),
        "every INSERT into `shop_order` fails: 100%,\nno default",
    )
    .about(column.clone())
    .labelled(at(&models, "Order"), "the model is here")
    .labelled(at(migration, "operations"), "among these")
    .help("Give `status` a `db_default`")
    .repaired_by(Repair::new(
        "add-default",
        "Add a default",
        vec![Step::Edit {
            place: origin.clone(),
            text: "'state'".to_owned(),
        }],
    ));
    first.rule = RuleName::new("not-null");
    let mut second = Finding::at(origin, "`status` is in no model").at_level(Level::Note);
    second.rule = RuleName::new("orphan");
    second.place = Place::Database(column);
    vec![first, second]
}

fn report() -> Report {
    let migration = SourceFile::new("/work/shop/migrations/0002_status.py", MIGRATION);
    Report {
        findings: findings(&migration),
        not_analysed: vec![
            MissedOperation {
                place: at(&migration, "operations"),
                operation: "RunPython".into(),
                whys: vec![Why::new("it reads a file")],
            },
            MissedOperation {
                place: at(&migration, "é.AddField"),
                operation: "AddField".into(),
                whys: vec![
                    Why::new("the model is not known"),
                    Why::new("it reads a file"),
                ],
            },
        ],
        problems: vec![
            Problem::new("syntax error: expected `)`")
                .in_file("/work/shop/broken.py")
                .at_line(3),
        ],
        summary: summary(),
        compared: None,
    }
}

fn summary() -> Summary {
    Summary {
        files: 12,
        migrations: 1000,
        new_migrations: 2,
        operations: 4321,
        basis: Basis {
            kind: BasisKind::Revision,
            words: "since origin/main".to_owned(),
            advice: Some("this clone is shallow".to_owned()),
        },
        open_models: vec![OpenModel {
            name: "shop.Tree".to_owned(),
            why: "its base was not found".to_owned(),
        }],
        left_out: vec![LeftOut {
            app: "fixtures".to_owned(),
            path: "/work/tests/fixtures".into(),
        }],
        unlinted_apps: vec![UnlintedApp {
            path: "/work/tests/twin".into(),
            why: "`tests/twin` and `twin` share the label `twin`".to_owned(),
        }],
        absent_apps: vec!["auth".to_owned(), "taggit".to_owned()],
        unknown_apps: vec!["it depends on the day".to_owned()],
    }
}

fn rendered(format: Format, colour: bool) -> (String, String) {
    let (mut out, mut beside) = (Vec::new(), Vec::new());
    let style = Style {
        colour,
        current_folder: "/work".into(),
    };
    let mut streams = Streams {
        out: &mut out,
        beside: &mut beside,
    };
    render(&report(), format, &style, &mut streams).unwrap();
    (
        String::from_utf8(out).unwrap(),
        String::from_utf8(beside).unwrap(),
    )
}

#[test]
fn concise_is_a_line_per_finding_and_the_rest_goes_beside() {
    let (out, beside) = rendered(Format::Concise, false);
    assert_eq!(
        out,
        "shop/migrations/0002_status.py:3:29: error[not-null] every INSERT into `shop_order` fails: 100%, no default\n\
         db:public.shop_order.status: note[orphan] `status` is in no model\n"
    );
    insta::assert_snapshot!(beside);
}

#[test]
fn github_annotations_are_escaped() {
    let (out, _) = rendered(Format::Github, false);
    assert_eq!(
        out,
        "::error file=shop/broken.py,line=3,title=not linted::syntax error: expected `)`\n\
         ::warning title=which migrations are new::this clone is shallow\n\
         ::error file=shop/migrations/0002_status.py,line=3,col=29,title=not-null::every INSERT into `shop_order` fails: 100%25,%0Ano default%0AGive `status` a `db_default`\n\
         ::notice title=orphan::db:public.shop_order.status: `status` is in no model\n"
    );
}

#[test]
fn json_follows_its_documentation() {
    let (out, beside) = rendered(Format::Json, false);
    assert_eq!(beside, "");
    insta::assert_snapshot!(out);
}

#[test]
fn people_see_the_lines_and_the_summary() {
    insta::assert_snapshot!(rendered(Format::Human, false).0);
}

#[test]
fn colour_is_there_only_where_it_is_wanted() {
    assert!(rendered(Format::Human, true).0.contains('\u{1b}'));
    assert!(!rendered(Format::Human, false).0.contains('\u{1b}'));
}

#[test]
fn a_line_too_long_to_show_is_named() {
    let file = SourceFile::new("long.sql", "x".repeat(10_000));
    let mut report = report();
    report.findings = vec![Finding::at(Origin::new(&file, Span::new(5, 9)), "too long")];
    let mut out = Vec::new();
    human::write(&report, &Style::default(), &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("long.sql:1:6: too long"), "{out}");
    assert!(!out.contains("xxxx"));
}
