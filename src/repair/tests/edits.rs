use std::process::Command;

use crate::repair::{EditError, FileEdit, edited};
use crate::source::{Origin, SourceFile, Span};

fn at(file: &std::sync::Arc<SourceFile>, start: u32, end: u32, text: &str) -> (Origin, String) {
    (Origin::new(file, Span::new(start, end)), text.to_owned())
}

#[test]
fn several_edits_of_a_file_are_made_together() {
    let file = SourceFile::new("shop/models.py", "one\ntwo\nthree\n");
    let edits = [
        at(&file, 8, 13, "3"),
        at(&file, 0, 3, "1"),
        at(&file, 4, 4, "a "),
        at(&file, 4, 4, "b "),
        at(&file, 0, 3, "1"),
    ];
    let files = edited(&edits).unwrap();
    assert_eq!(files[0].after, "1\na b two\n3\n");
    assert_eq!(
        files[0].diff(),
        "--- a/shop/models.py\n+++ b/shop/models.py\n@@ -1,3 +1,3 @@\n-one\n-two\n-three\n+1\n+a b two\n+3\n"
    );
}

#[test]
fn edits_of_the_same_text_are_refused() {
    let file = SourceFile::new("models.py", "one\ntwo\n");
    let told = edited(&[at(&file, 0, 5, "x"), at(&file, 4, 6, "y")]).unwrap_err();
    assert_eq!(
        told,
        EditError::Overlap {
            path: "models.py".into(),
            one: 1,
            other: 2
        }
    );
    let beyond = edited(&[at(&file, 3, 50, "x")]).unwrap_err();
    assert!(matches!(beyond, EditError::NoSuchPlace { .. }));
}

#[test]
fn line_ends_stay_as_they_are() {
    let file = SourceFile::new("models.py", "one\r\ntwo\r\n");
    let files = edited(&[at(&file, 0, 3, "1\n2")]).unwrap();
    assert_eq!(files[0].after, "1\r\n2\r\ntwo\r\n");
}

#[test]
fn git_applies_the_diffs() {
    let folder = tempfile::tempdir().unwrap();
    let before = "a\nb\nc\nd\ne\nf\ng\nh\nno end";
    std::fs::write(folder.path().join("models.py"), before).unwrap();
    let file = SourceFile::new("models.py", before);
    let changed = edited(&[at(&file, 0, 1, "ä"), at(&file, 16, 22, "end")]).unwrap();
    let new = FileEdit::new_file("app/new.py", "x = 1\n");
    let diff = format!("{}{}", changed[0].diff(), new.diff());
    assert!(diff.contains("--- /dev/null\n+++ b/app/new.py\n"), "{diff}");
    std::fs::write(folder.path().join("it.diff"), &diff).unwrap();
    let applied = Command::new("git")
        .args(["apply", "it.diff"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        applied.status.success(),
        "{}\n{diff}",
        String::from_utf8_lossy(&applied.stderr)
    );
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    assert_eq!(read("models.py"), changed[0].after);
    assert_eq!(read("app/new.py"), "x = 1\n");
}
